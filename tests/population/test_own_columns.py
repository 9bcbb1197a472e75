"""Columns that the model does not know: left out, renamed, or told in one line."""

import json

import openpyxl
import pytest

from openfisca_isv.population import check, simulate
from openfisca_isv.population.bad_input import RequestError
from tests.population.reading import TableError, read_tables
from tests.population.test_commands import rows
from tests.population.test_commands import run as isv
from tests.population.test_tables import HEADER, ROW, problems


def test_hundreds_of_own_columns_are_told_in_one_line(system, tmp_path):
    names = ",".join(f"question {n}" for n in range(300))
    text = f"{HEADER},{names}\n{ROW}{',' * 300}\n"
    (told,) = problems(system, tmp_path, missions=text)
    assert told == (
        "missions.csv: has 300 columns that are none of the missions: question 0,"
        " question 1, question 2, question 3, question 4 and 295 more. Remove them,"
        " name them with --by or --weight, or leave them out with --ignore or"
        " --ignore-unknown"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("Start Date", 'column start_date: is missing. Rename "Start Date"'),
        ("START-DATE", 'column start_date: is missing. Rename "START-DATE"'),
        ("stärt_date", 'column start_date: is missing. Rename "stärt_date"'),
        (
            "\u200bstart_date",
            'column start_date: is missing. Rename "\\u200bstart_date"',
        ),
        ("strat_date", 'column start_date: is missing. Rename "strat_date", if that'),
    ],
)
def test_a_needed_column_of_another_writing_is_named(system, tmp_path, given, told):
    text = f"{HEADER.replace('start_date', given)}\n{ROW}\n"
    (found,) = problems(system, tmp_path, missions=text)
    assert found.startswith(f"missions.csv, {told}")


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ("Host Country", 'Rename it "host_country"'),
        ("Birth Date", 'It belongs in the table of volunteers, as "birth_date"'),
        ("legal_form", "It belongs in the table of organisations"),
        (
            "year",
            (
                "Rename it, or leave it out with --ignore year: --by year is that of"
                " the departure"
            ),
        ),
    ],
)
def test_an_optional_column_of_another_writing_or_table_is_named(
    system, tmp_path, given, remedy
):
    text = f"{HEADER},{given}\n{ROW},\n"
    (found,) = problems(system, tmp_path, missions=text)
    assert (
        found
        == f"missions.csv, column {given}: is not a column of the missions. {remedy}"
    )


def test_a_table_in_the_place_of_another_is_told_in_one_sentence(system, tmp_path):
    volunteers = "volunteer,birth_date,nationality\nv1,1990-01-01,FR\n"
    assert problems(system, tmp_path, missions=volunteers) == [
        (
            "missions.csv: has the columns of the volunteers, not of the missions. Give"
            " it as --volunteers"
        )
    ]
    missions = f"{HEADER}\n{ROW}\n"
    assert problems(system, tmp_path, missions=missions, volunteers=missions) == [
        (
            "volunteers.csv: has the columns of the missions, not of the volunteers."
            " Give it as MISSIONS"
        )
    ]


@pytest.fixture
def own(folder):
    """Add a phone, a remark and a region to the missions, and a phone to the others."""
    for name in ("missions", "volunteers"):
        path = folder / f"{name}.csv"
        header, *lines = path.read_text().splitlines()
        lines = [f"{header},Phone", *(f"{line},06" for line in lines)]
        path.write_text("\n".join(lines) + "\n")
    path = folder / "missions.csv"
    header, *lines = path.read_text().splitlines()
    lines = [f"{header},remark,region", *(f"{line},x,North" for line in lines)]
    path.write_text("\n".join(lines) + "\n")
    return folder


def words(own, out, *more):
    tables = ("volunteers", "organisations", "monthly")
    options = [part for one in tables for part in (f"--{one}", own / f"{one}.csv")]
    return "simulate", own / "missions.csv", *options, "--out", out, *more


def test_columns_are_ignored_by_name(own, tmp_path):
    out = tmp_path / "out"
    refused = isv(*words(own, out, "--ignore", "Phone"))
    assert refused.exit_code == 2
    assert "has 2 columns that are none of the missions: remark, region" in (
        refused.stderr
    )
    done = isv(*words(own, out, "--ignore", "Phone,remark", "--ignore", "region"))
    assert done.exit_code == 0, done.stderr
    assert "not read" not in done.stderr
    assert rows(out / "by_year.csv")[1]["resettlement_allowance"] == "3700"
    command = json.loads((out / "run.json").read_text())["command"]
    assert command["ignore"] == ["Phone", "remark", "region"]


def test_unknown_columns_are_ignored_and_told(own, tmp_path):
    out = tmp_path / "out"
    done = isv(*words(own, out, "--ignore-unknown", "--by", "region"))
    assert done.exit_code == 0, done.stderr
    account = json.loads((out / "run.json").read_text())
    assert account["command"]["ignore_unknown"] is True
    told = [one for one in account["warnings"] if "not read" in one]
    assert told == [
        f"{own / 'missions.csv'}: not read are Phone, remark.",
        f"{own / 'volunteers.csv'}: not read are Phone.",
    ]
    assert {row["region"] for row in rows(out / "summary_by_region.csv")} == {"North"}
    checked = isv("check", own / "missions.csv", "--ignore-unknown")
    assert checked.exit_code == 0, checked.stderr
    assert "not read are Phone, remark, region" in checked.stderr


def test_what_is_written_otherwise_is_not_ignored_as_unknown(system, tmp_path):
    text = f"{HEADER},Host Country,birth_date,remark\n{ROW},MG,,x\n"
    path = tmp_path / "missions.csv"
    path.write_text(text)
    with pytest.raises(TableError) as error:
        read_tables(path, asked={"ignore_unknown": True})
    told = [(one.column, one.remedy) for one in error.value.problems]
    assert told == [
        ("Host Country", 'Rename it "host_country"'),
        ("birth_date", "It belongs in the table of volunteers"),
    ]


def test_an_input_that_is_ignored_is_as_left_out(system, tmp_path):
    path = tmp_path / "missions.csv"
    path.write_text(f"{HEADER},host_country,birth_date\n{ROW},Mars,yesterday\n")
    names = frozenset({"host_country", "birth_date"})
    tables = read_tables(path, asked={"ignore": names})
    assert tables.missions.column_names == HEADER.split(",")
    with pytest.raises(TableError, match="column end_date: is missing"):
        read_tables(path, asked={"ignore": names | {"end_date"}})


def test_to_ignore_what_is_not_there_or_grouped_by_is_refused(folder):
    with pytest.raises(RequestError, match='"telephone" to ignore'):
        check(folder / "missions.csv", ignore="telephone")
    with pytest.raises(RequestError, match='Did you mean "host_country"'):
        check(folder / "missions.csv", ignore="Host Country")
    with pytest.raises(RequestError, match='"region" is in --ignore, and in --by'):
        simulate(folder / "missions.csv", ignore=["region"], by="region")


def test_faults_of_a_workbook_in_ignored_columns_are_none(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "missions"
    book.active.append([*HEADER.split(","), "remark"])
    book.active.append([*ROW.split(","), "#REF!"])
    book.active["F2"].data_type = "e"
    path = tmp_path / "missions.xlsx"
    book.save(path)
    (found,) = check(path, by="remark").to_pylist()
    assert found["file"].endswith("missions!F2")
    assert check(path, ignore_unknown=True).num_rows == 0
    assert check(path, ignore="remark").num_rows == 0
