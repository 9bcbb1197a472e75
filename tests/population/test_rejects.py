"""Rows at fault stop a run or are set aside; none is ever lost."""

import csv
import errno
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfisca_isv.population.checks.cell_faults import Wording
from openfisca_isv.population.model.simulate import Simulate
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.runs.run import run
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.runs.workers import Workers
from tests.population.test_commands import run as isv

HEADER = (
    "mission,volunteer,organisation,start_date,end_date,early_termination_date,"
    "contract_monthly_allowance"
)
GOOD = "a1,ann,o,2022-01-01,2022-12-31,,500"


def check(folder: Path, **texts: str | bytes):
    """Check tables written from texts; give the status and the lines."""
    paths = {}
    for name, text in texts.items():
        paths[name] = folder / f"{name}.csv"
        paths[name].write_bytes(text if isinstance(text, bytes) else text.encode())
    words = [paths.pop("missions")]
    words += [one for name, path in paths.items() for one in (f"--{name}", path)]
    result = isv("check", *words)
    return result.exit_code, result.stdout.replace(f"{folder}/", "").splitlines()


def test_good_tables_are_said_to_be(tmp_path):
    status, lines = check(tmp_path, missions=f"{HEADER}\n{GOOD}\n")
    assert (status, lines) == (0, ["No problem found: 1 mission."])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            "b,bob,o,2022-01-01,2022-12-31,2023-01-01,500",
            (
                'column early_termination_date: "2023-01-01" cannot be right: the early'
                " termination is outside the contract (start_date 2022-01-01, end_date"
                " 2022-12-31). Write the last day served"
            ),
        ),
        (
            "b,bob,o,2022-01-01,2022-12-31,2021-12-31,500",
            '"2021-12-31" cannot be right: the early termination is outside',
        ),
        (
            "b,bob,o,2022-01-01,2021-12-31,,500",
            (
                'column end_date: "2021-12-31" cannot be right: the contract ends'
                " before it starts (start_date 2022-01-01). Correct one of the two"
            ),
        ),
        (
            "b,bob,o,2022-01-01,2022-12-31,2022-06-30,500",
            (
                '"2022-06-30" cannot be right: there is a day of early termination'
                ", but no reason"
            ),
        ),
        (
            "b,ann,o,2022-12-31,2023-12-31,,500",
            (
                'column start_date: "2022-12-31" cannot be right: the mission starts'
                " before an earlier one of the volunteer ended"
            ),
        ),
        ("b,bob,o,2022-01-01,2022-12-31,,2000000", "exceeds 1,000,000"),
        ("b,bob,o,2022-01-01,2022-12-31,,NaN", '"NaN" is what programs write where'),
        ("a1,bob,o,2022-01-01,2022-12-31,,500", '"a1" is already in row 2'),
        ("b,bob,o,2022-01-01", "row 3: has 4 cells where the header has 7"),
    ],
)
def test_each_fault_is_told_with_its_place(tmp_path, row, said):
    status, lines = check(tmp_path, missions=f"{HEADER}\n{GOOD}\n{row}\n")
    assert status == 2
    assert len(lines) == 1
    assert lines[0].startswith("missions.csv, row 3")
    assert said in lines[0]


@pytest.mark.parametrize(
    ("lines", "row"),
    [
        ([HEADER, GOOD, "{bad}"], 3),
        ([HEADER, "", "", GOOD, "", "{bad}"], 6),
        (["", "  ", HEADER, GOOD, "", "{bad}"], 6),
        ([HEADER, GOOD, ",,,,,,", "{bad}", ",,,,,,", ""], 4),
    ],
)
@pytest.mark.parametrize(
    "bad", ["b,bob,o,2022-02-30,2022-12-31,,500", "b,bob,o,2022-01-01"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_are_numbered_as_a_spreadsheet_does(tmp_path, lines, row, bad, end):
    text = end.join(lines).replace("{bad}", bad) + end
    status, told = check(tmp_path, missions=text)
    assert status == 2
    assert [line.partition(": ")[0].partition(", column")[0] for line in told] == [
        f"missions.csv, row {row}"
    ]


def test_blank_lines_of_a_single_column_are_no_rows(tmp_path):
    status, lines = check(
        tmp_path, missions=f"{HEADER}\n{GOOD}\n", volunteers="volunteer\n\nann\n\n"
    )
    assert (status, lines) == (0, ["No problem found: 1 mission, 1 volunteer."])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a1,ann,o,01/09/2022,31/08/2023,,500", '"01/09/2022" is not a day'),
        ("a1,ann,o,2022-09-01,2022-08-31,,500", '"2022-08-31" cannot be right'),
    ],
)
def test_what_is_wrong_with_cells_is_told_before_what_follows(tmp_path, row, said):
    missions = tmp_path / "missions.csv"
    missions.write_text(f"{HEADER}\n{row}\n")
    result = isv("simulate", missions, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert said in result.stderr
    assert "--years" not in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "row",
    [
        "b,bob,o,2022-01-01,2022-12-31,9999-12-31,500",
        "b,bob,o,2022-01-01,2022-12-31,2022-12-31,1000000",
        "b,ann,o,2023-01-01,2023-12-31,,500",
        "b,bob,o,,,,",
    ],
)
def test_what_lies_at_a_limit_is_no_fault(tmp_path, row):
    status, _ = check(tmp_path, missions=f"{HEADER}\n{GOOD}\n{row}\n")
    assert status == 0


def test_every_problem_of_every_table_is_told_at_once(tmp_path):
    status, lines = check(
        tmp_path,
        missions=f"{HEADER}\n{GOOD}\nb,bob,o,2022-02-30,2022-12-31,,-1\n",
        volunteers="volunteer,birth_date\nann,1990-13-01\nann,\n",
        organisations="organisation,legal_form\no,company\n",
    )
    assert status == 2
    assert len(lines) == 6
    assert [line.split(",")[0] for line in lines] == [
        "organisations.csv",
        *["missions.csv"] * 2,
        *["volunteers.csv"] * 2,
        "missions.csv",
    ]


@pytest.mark.parametrize("length", [0, 4, 400])
def test_a_parquet_file_cut_short_is_told(tmp_path, length):
    path = tmp_path / "missions.parquet"
    columns = dict(zip(HEADER.split(","), GOOD.split(","), strict=True))
    pq.write_table(pa.Table.from_pylist([columns]), path)
    assert isv("check", path).exit_code == 0
    path.write_bytes(path.read_bytes()[:length])
    result = isv("check", path)
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 1
    assert str(path) in result.stdout


def test_parquet_types_are_checked_as_texts_are(tmp_path):
    days = pa.array([18993, 19000, None], pa.date32())
    table = pa.table(
        {
            "mission": ["a", "b", "c"],
            "volunteer": pa.array(["x", "y", "z"]).dictionary_encode(),
            "organisation": pa.array(["o"] * 3, pa.large_string()),
            "start_date": days,
            "end_date": days.cast(pa.timestamp("us")),
            "contract_monthly_allowance": [float("nan"), -1.0, 500.0],
            "contract_is_written": [True, False, None],
        }
    )
    path = tmp_path / "missions.parquet"
    pq.write_table(table, path)
    lines = isv("check", path).stdout.splitlines()
    assert [line.split(": ")[1].split(".")[0] for line in lines] == [
        '"nan" is what programs write where a value is missing',
        '"-1" is negative',
    ]


CELLS = {
    "mission": st.sampled_from([*"abcdefgh", ""]),
    "volunteer": st.sampled_from(["ann", "bob", "cleo", "dan", ""]),
    "organisation": st.sampled_from(["o", "o", "p", "unknown", ""]),
    "start_date": st.sampled_from(["2020-01-01", "2021-01-01", "2022-02-30", ""]),
    "end_date": st.sampled_from(["2020-12-31", "2021-12-31", "2019-01-01", ""]),
    "contract_monthly_allowance": st.sampled_from(["500", "600", "-1", "x", ""]),
}
KEPT = dict(
    zip(CELLS, ["z", "zoe", "o", "2020-01-01", "2020-12-31", "500"], strict=True)
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    rows=st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=8).filter(
        lambda rows: any(any(row.values()) for row in rows)
    )
)
def test_rows_in_are_rows_out_and_rows_set_aside(tmp_path, rows):
    # Where no mission is left the run stops.
    rows = [*rows, KEPT]
    missions, signers = tmp_path / "missions.csv", tmp_path / "organisations.csv"
    with missions.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(CELLS))
        writer.writeheader()
        writer.writerows(rows)
    signers.write_text("organisation,private_resources_share\no,0.5\np,5\n")
    sources = {"missions": missions, "organisations": signers}
    rejects, out = tmp_path / "rejects.csv", tmp_path / "out"
    asked = RunRequest(sources, Simulate(years=range(2020, 2021)), rejects=rejects)
    with ProgressReporter(quiet=True) as steps:
        run(asked, out, Workers(), steps, replace=True)
    account = json.loads((out / "run.json").read_text())["rows"]["missions"]
    with (out / "missions.csv").open(newline="") as file:
        kept = list(csv.DictReader(file))
    with rejects.open(newline="") as file:
        aside = [one for one in csv.DictReader(file) if one["table"] == "missions"]
    # A row without a cell filled in is a blank line.
    filled = [row for row in rows if any(row.values())]
    assert account == {"in": len(filled), "out": len(kept), "rejected": len(aside)}
    assert len(kept) + len(aside) == len(filled)
    assert all(one["reasons"] for one in aside)
    # A life is kept whole or not at all.
    lost = {rows[int(one["row"]) - 2]["volunteer"] for one in aside} - {""}
    assert not lost & {one["volunteer"] for one in kept}


def test_the_rejects_say_why_and_what_goes_with_them(tmp_path):
    missions = tmp_path / "missions.csv"
    missions.write_text(
        f"{HEADER}\n{GOOD}\na2,ann,o,2023-01-01,2023-12-31,,-5\n"
        "b1,bob,o,2022-01-01,2022-12-31,,500\n"
    )
    rejects = tmp_path / "rejects.csv"
    options = ("--out", tmp_path / "out", "--rejects", rejects)
    result = isv("simulate", missions, *options)
    assert result.exit_code == 0
    assert "2 rows set aside" in result.stdout
    with rejects.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["reasons"]) for row in rows] == [
        ("2", 'volunteer: "ann" another row of the same volunteer is rejected'),
        ("3", 'contract_monthly_allowance: "-5" is negative'),
    ]


def test_rejects_that_cannot_be_written_to_the_end_leave_no_draft(
    tmp_path, monkeypatch
):
    missions, folder = tmp_path / "missions.csv", tmp_path / "rejects"
    missions.write_text(f"{HEADER}\n{GOOD}\nb1,bob,o,2022-01-01,2022-12-31,,-5\n")
    folder.mkdir()

    def fail(_wording):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Wording, "rejects", fail)
    options = ("--out", tmp_path / "out", "--rejects", folder / "rejects.csv")
    result = isv("simulate", missions, *options)
    assert result.exit_code == 2
    assert "No space left" in result.stderr
    assert not list(folder.iterdir())


def test_an_organisation_without_a_name_takes_no_other_along(tmp_path):
    (tmp_path / "missions.csv").write_text(f"{HEADER}\n{GOOD}\n")
    (tmp_path / "organisations.csv").write_text(
        "organisation,accreditation_start_date\no,2000-01-01\n,2000-01-01\n"
    )
    rejects = tmp_path / "rejects.csv"
    options = ("--organisations", tmp_path / "organisations.csv")
    options += ("--out", tmp_path / "out", "--rejects", rejects)
    result = isv("simulate", tmp_path / "missions.csv", *options)
    assert result.exit_code == 0
    with rejects.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["table"], row["row"], row["reasons"]) for row in rows] == [
        ("organisations", "3", "organisation: is empty"),
    ]
    with (tmp_path / "out" / "missions.csv").open(newline="") as file:
        assert [row["mission"] for row in csv.DictReader(file)] == ["a1"]


@pytest.mark.parametrize("row", ["mx,v0", 'mx,"v0,o,2022-01-01,2022-12-31'])
def test_a_row_that_is_not_divided_into_cells_stops_the_run(tmp_path, row):
    # Nobody can tell whose row it is, nor set aside the rest of that life.
    missions, out = tmp_path / "missions.csv", tmp_path / "out"
    header = "mission,volunteer,organisation,start_date,end_date"
    whole = "m1,v1,o,2022-01-01,2022-12-31"
    missions.write_text(f"{header}\n{whole}\n{row}\n{whole}\n", "utf-8")
    words = ["--rejects", tmp_path / "rejects.csv", "--out", out]
    result = isv("simulate", missions, *words)
    assert result.exit_code == 2
    assert "row 3" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    "place", ["missing/rejects.csv", "out/rejects.csv", "/dev/null"]
)
def test_rejects_have_a_place_of_their_own(tmp_path, place):

    missions = tmp_path / "missions.csv"
    missions.write_text("mission,volunteer,organisation,start_date,end_date\n")
    words = ["--rejects", tmp_path / place, "--out", tmp_path / "out"]
    result = isv("simulate", missions, *words)
    assert result.exit_code == 2
    assert "the rejects cannot be written in" in result.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PAR1\x00\x00", "is Parquet. Name it .parquet"),
        (b"\x1f\x8b\x08\x00abc", "is compressed, or of another format"),
        (b"a,b\x00\x01", "is compressed, or of another format"),
    ],
)
def test_a_file_that_is_no_text_is_told_in_one_line(tmp_path, content, said):
    missions = tmp_path / "missions.csv"
    missions.write_bytes(content)
    result = isv("check", missions)
    assert result.exit_code == 2
    assert said in result.stdout
    assert len((result.stdout + result.stderr).splitlines()) == 2


@pytest.mark.parametrize(
    "values", [pa.array([[1]]), pa.array([{"a": 1}]), pa.array([b"\xff\xfe"])]
)
def test_parquet_of_odd_types_is_told_in_one_line(tmp_path, values):
    names = ("mission", "volunteer", "organisation", "start_date", "end_date")
    table = pa.table(dict.fromkeys(names, pa.array(["2022-01-01"])))
    path = tmp_path / "missions.parquet"
    pq.write_table(table.append_column("contract_monthly_allowance", values), path)
    result = isv("check", path)
    assert result.exit_code == 2
    assert "column contract_monthly_allowance: holds values of a type" in result.stdout
