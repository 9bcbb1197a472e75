"""The first mistakes that people make get one sentence that helps."""

import zipfile

import pandas
import pytest

from openfisca_isv.population import check, compare, simulate
from openfisca_isv.population.bad_input import RequestError
from tests.population.test_commands import run as isv
from tests.population.test_tables import HEADER, ROW, problems, read

FRAME = {
    name: [text] for name, text in zip(HEADER.split(","), ROW.split(","), strict=True)
}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[{"mission": "m1"}]', "is JSON, not CSV. Save the table as CSV UTF-8"),
        ('{"mission": ["m1"]}', "is JSON, not CSV. Save the table as CSV UTF-8"),
        ("<html><table>", "is HTML or XML, not CSV. Save the table as CSV UTF-8"),
        (HEADER, "has no mission. Add a row"),
    ],
)
def test_what_is_no_table_is_told(system, tmp_path, text, told):
    assert problems(system, tmp_path, missions=text) == [f"missions.csv: {told}"]


def test_a_header_alone_is_a_table_of_nobody(system, tmp_path):
    texts = {"missions": f"{HEADER}\n{ROW}", "monthly": "volunteer,month"}
    assert len(read(system, tmp_path, **texts).monthly) == 0


def test_a_zip_archive_is_not_taken_for_a_workbook(tmp_path):
    path = tmp_path / "missions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("missions.csv", f"{HEADER}\n{ROW}\n")
    (found,) = check(path).to_pylist()
    assert found["reason"] == "is a zip archive, or a workbook of another name"


def test_an_open_quote_is_named(system, tmp_path):
    text = f'{HEADER}\nm1,"v1,o1,2022-01-01,2022-12-31\n{ROW}\n'
    (told,) = problems(system, tmp_path, missions=text)
    assert told.startswith(
        "missions.csv, row 2: has 2 cells where the header has 5, and a quote that is"
        " not closed"
    )


@pytest.mark.parametrize("blank", [";;;;", ";;;;;;;;", " ; ; ", ""])
def test_a_row_of_separators_is_blank(system, tmp_path, blank):
    text = f"{HEADER}\n{ROW}\n".replace(",", ";") + f"{blank}\n"
    text += ROW.replace("1,", "2,", 2).replace(",", ";")
    assert len(read(system, tmp_path, missions=text).missions) == 2


@pytest.mark.parametrize("end", ["2124-12-31", "9999-12-31"])
def test_the_row_that_ends_too_late_is_named(tmp_path, end):
    path = tmp_path / "missions.csv"
    path.write_text(f"{HEADER}\n{ROW}\nm2,v2,o1,2022-01-01,{end}\n")
    result = isv("simulate", path, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert f"reach from 2022 to {end[:4]}, more than 100 years" in result.stderr
    assert f"The last end, {end}, is in {path}, row 3" in result.stderr


def test_missions_without_an_end_are_told(tmp_path):
    path = tmp_path / "missions.csv"
    path.write_text(f"{HEADER}\nm1,v1,o1,2022-01-01,\n")
    result = isv("simulate", path, "--out", tmp_path / "out")
    assert result.exit_code == 2
    assert "for lack of days of start or end: give --years" in result.stderr


def test_rejects_that_cannot_be_written_are_named(folder, tmp_path):
    place = "/proc/rejects.csv"
    words = ["simulate", folder / "missions.csv", "--out", tmp_path / "out"]
    result = isv(*words, "--rejects", place)
    assert result.exit_code == 2
    assert f"{place}: " in result.stderr
    assert "draft" not in result.stderr


def test_what_differs_from_an_earlier_run_is_named(folder, tmp_path):
    path = folder / "missions.csv"
    words = ["simulate", path, "--out", tmp_path / "out", "--quiet"]
    assert isv(*words, "--years", "2023").exit_code == 0
    result = isv(*words, "--years", "2024", "--min-cell", "2")
    assert "the results of a run with other min_cell, years: give" in result.stderr
    path.write_text(path.read_text() + "\n")
    result = isv(*words, "--years", "2023")
    assert "the results of a run with other inputs: give" in result.stderr


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"years": ["x"]}, r"the years \['x'\] are not years"),
        ({"min_cell": "10"}, "min_cell is '10': give a whole number, 0 or more"),
        ({"workers": 0}, "workers is 0: give a whole number, 1 or more"),
        ({"quantiles": ["x"]}, "the quantile x is not a share"),
        ({"by": 5}, "by is 5: give names of columns"),
        ({"periods": "2024-13"}, '--periods: "2024-13" is not a range of months'),
        ({"outputs": "STATE_COST"}, 'Did you mean "state_cost"'),
    ],
)
def test_arguments_of_python_are_checked(asked, told):
    with pytest.raises(RequestError, match=told):
        simulate(FRAME, **asked)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"bootstrap": 2.5}, "bootstrap is 2.5: give a whole number, 0 or more"),
        ({"bootstrap": "5"}, "bootstrap is '5': give a whole number, 0 or more"),
        ({"seed": 2**63}, f"seed is {2**63}: give a whole number, {2**63 - 1} or less"),
        ({"seed": None}, "seed is None: give a whole number, 0 or more"),
        ({"bands": 5.001}, 'the bands "5.001" are not rising amounts'),
        ({"reforms": None}, "there is no reform to compare with the law in force"),
        ({"readings": None}, "there is no reform to compare with the law in force"),
    ],
)
def test_arguments_of_a_comparison_in_python_are_checked(asked, told):
    with pytest.raises(RequestError, match=told):
        compare(FRAME, **asked)


@pytest.mark.parametrize("call", [simulate, compare, check])
def test_tables_of_python_are_checked(call):
    with pytest.raises(RequestError, match="the missions are not given"):
        call(None)
    with pytest.raises(RequestError, match="the missions are not a table"):
        call(pandas.Series([1]))
    mixed = pandas.DataFrame({"mission": [1, "a"], "volunteer": ["v", "w"]})
    with pytest.raises(RequestError, match="of several types in the column mission"):
        call(mixed)
