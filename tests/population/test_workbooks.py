"""Workbooks: the same results as from CSV, and what is ambiguous told by its cell."""

import csv
import re
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from openfisca_isv.population import check
from openfisca_isv.population.workbooks import structure as workbook_structure
from openfisca_isv.subcommands import commands

NAMES = ("missions", "volunteers", "organisations", "monthly")


def run(*words):
    return CliRunner().invoke(commands, [str(one) for one in words])


def typed(column, text):
    """Return a cell as a person fills it in."""
    if text in {"true", "false"}:
        return text == "true"
    if column == "month":
        return date.fromisoformat(f"{text}-01")
    if column.endswith("_date") and text and text != "9999-12-31":
        return date.fromisoformat(text)
    if text.replace(".", "", 1).isdigit():
        return float(text)
    return text or None


def book_of(folder):
    """Return a workbook with the tables of a folder."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in NAMES:
        sheet = book.create_sheet(name.capitalize())
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            columns, *rows = csv.reader(file)
        sheet.append(columns)
        for row in rows:
            sheet.append([typed(*one) for one in zip(columns, row, strict=True)])
    return book


@pytest.fixture
def book(folder):
    return book_of(folder)


def told(book, folder, name="book.xlsx"):
    """Save a workbook, and return the places of its problems and what is said."""
    book.save(folder / name)
    return told_of(folder / name)


def told_of(path):
    rows = check(path).to_pylist()
    return {
        one["file"].removeprefix(f"{path}, "): f"{one['reason']}. {one['remedy']}"
        for one in rows
    }


ASKED = ["--periods", "2023,2024-02", "--by", "host_country", "--quiet", "--out"]


@pytest.fixture(scope="module")
def from_csv(part_of_examples, tmp_path_factory):
    """Give the results from CSV."""
    out = tmp_path_factory.mktemp("from_csv") / "out"
    csvs = [f"--{name}={part_of_examples / name}.csv" for name in NAMES[1:]]
    done = run("simulate", part_of_examples / "missions.csv", *csvs, *ASKED, out)
    assert done.exit_code == 0, done.output
    found = {path.name: path.read_bytes() for path in out.glob("*.csv")}
    assert len(found) > 4
    return found


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_the_results_are_those_of_csv_to_the_byte(
    tmp_path, part_of_examples, from_csv, epoch
):
    book = book_of(part_of_examples)
    if epoch == "1904":
        book.epoch = CALENDAR_MAC_1904
    book.save(tmp_path / "book.xlsx")
    done = run("simulate", tmp_path / "book.xlsx", *ASKED, tmp_path / "xlsx")
    assert done.exit_code == 0, done.output
    for name, content in from_csv.items():
        assert (tmp_path / "xlsx" / name).read_bytes() == content, name


def test_a_sound_workbook_has_no_problem(book, folder):
    assert told(book, folder) == {}


def test_a_file_for_each_table(folder):
    for name in NAMES:
        book = book_of(folder)
        for other in set(NAMES) - {name}:
            del book[other.capitalize()]
        book.active.title = "Feuil1" if name != "missions" else "Missions"
        book.save(folder / f"{name}.xlsx")
    found = check(*(folder / f"{name}.xlsx" for name in NAMES))
    assert found.num_rows == 0


def test_a_wrong_value_is_told_by_its_cell(book, folder):
    sheet = book["Missions"]
    sheet.insert_rows(2, 2)  # blank rows count
    sheet["F5"] = "Sénégal"
    assert told(book, folder) == {
        "Missions!F5": 'is not a country code. Write "SN"',
    }


def test_rows_set_aside_are_told_by_their_cell(book, folder):
    book["Missions"]["F3"] = "ZZ"
    book.save(folder / "book.xlsx")
    out = ["--rejects", folder / "rejects.csv", "--quiet", "--out", folder / "out"]
    assert run("simulate", folder / "book.xlsx", *out).exit_code == 0
    assert f'"{folder / "book.xlsx"}, Missions!A3"' in (
        folder / "rejects.csv"
    ).read_text("utf-8")


@pytest.mark.parametrize(
    ("cell", "value", "said"),
    [
        ("D2", 44562, '"44562" is a number, not a date'),
        ("D2", "=A1", "is a formula whose value is not in the file"),
        ("A2", date(2024, 2, 1), '"2024-02-01" is not a text'),
        ("A2", True, '"true" is not a text'),
        ("A2", 7.5, '"7.5" is a number of which'),
        ("A2", 1234567890123456, '"1234567890123460" is a number of which'),
        ("A2", "example", "is the example of the template"),
        ("D2", "01/09/2022", "is not a day"),
        ("D2", datetime(2022, 9, 1, 12), "is not a day"),  # noqa: DTZ001
        ("D2", "#REF!", '"#REF!" is an error of the spreadsheet'),
        ("Z2", "remark", "names no column"),
    ],
)
def test_what_is_ambiguous_is_refused(book, folder, cell, value, said):
    book["Missions"][cell] = value
    book["Missions"][cell].number_format = (
        "yyyy-mm-dd" if isinstance(value, date) else "General"
    )
    if value == "#REF!":
        book["Missions"][cell].data_type = "e"
    place = f"Missions!{cell}" if cell != "Z2" else "Missions!Z1"
    assert said in told(book, folder)[place]


def test_identifiers_keep_their_zeros_and_need_no_format(book, folder):
    book["Volunteers"]["A3"] = "007"
    book["Missions"]["B3"] = 7
    assert "is not in" in told(book, folder)["Missions!B3"]
    book["Volunteers"]["A3"] = "7"
    assert told(book, folder) == {}


def test_what_is_hidden_or_merged_is_refused(book, folder):
    sheet = book["Missions"]
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["G"].hidden = True
    book.save(folder / "book.xlsx")
    [*_, said] = [str(one["reason"]) for one in check(folder / "book.xlsx").to_pylist()]
    assert said == "has a hidden row 3"
    sheet.row_dimensions[3].hidden = False
    sheet.merge_cells("G2:G3")
    found = check_reasons(book, folder)
    assert found == ["are merged cells", "has a hidden column G"]
    book["Volunteers"].sheet_state = "hidden"
    assert "is hidden" in check_reasons(book, folder)


def check_reasons(book, folder):
    book.save(folder / "book.xlsx")
    return check(folder / "book.xlsx")["reason"].to_pylist()


def test_a_title_above_the_header_is_told(book, folder):
    book["Missions"].insert_rows(1)
    book["Missions"]["A1"] = "Our missions"
    assert "as a title does" in told(book, folder)["Missions!A1"]


def test_sheets_that_are_no_tables(book, folder):
    book.create_sheet("Empty")
    book.create_sheet("_remarks")["A1"] = "ask the office"
    assert told(book, folder) == {}
    book.create_sheet("Remarks")["A1"] = "ask the office"
    assert told(book, folder)["Remarks"].startswith("is not a table. Call it missions")
    del book["Remarks"]
    book["Monthly"].title = "Volontaires"
    assert "is a second sheet of volunteers" in told(book, folder)["Volontaires"]


def test_a_table_given_twice(book, folder):
    book.save(folder / "book.xlsx")
    found = check(folder / "book.xlsx", folder / "volunteers.csv")
    assert found["reason"].to_pylist() == ["has volunteers too"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0", "is a workbook of a format that is not read"),
        ("a.xlsm", b"PK", "is a workbook of a format that is not read"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0", "is protected by a password"),
        ("a.xlsx", b"PK\x03\x04 cut short", "is damaged"),
        ("a.ods", b"", "is damaged"),
    ],
)
def test_what_is_no_workbook_is_one_sentence(folder, name, content, said):
    (folder / name).write_bytes(content)
    [problem] = check(folder / name).to_pylist()
    assert said in problem["reason"]


def test_a_workbook_that_would_not_fit_is_refused(book, folder, monkeypatch):
    with zipfile.ZipFile(folder / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b" " * (workbook_structure.MOST_BYTES + 1))
    [problem] = check(folder / "bomb.xlsx").to_pylist()
    assert "unpacks to 400 MB" in problem["reason"]
    book["Missions"]["XFD1048576"] = 1
    said = check_reasons(book, folder)
    assert said == ["has more than 2,000,000 cells up to XFD1048576"]


def test_the_extra_that_is_not_installed_is_named(book, folder, monkeypatch):
    book.save(folder / "book.xlsx")
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    [problem] = check(folder / "book.xlsx").to_pylist()
    assert problem["remedy"] == 'pip install "openfisca-isv[workbooks]"'


def fill(path):
    """Fill in a template as an officer does, over the examples."""
    book = openpyxl.load_workbook(path)
    rows = {
        "Missions": {
            "mission": "one",
            "volunteer": "camille",
            "organisation": "us",
            "start_date": date(2022, 1, 1),
            "end_date": date(2023, 12, 31),
            "host_country": "MG",
            "residence_country": "FR",
        },
        "Volunteers": {"volunteer": "camille", "birth_date": date(1990, 5, 1)},
        "Organisations": {"organisation": "us"},
        "Monthly": {"volunteer": "camille", "month": date(2024, 1, 1)},
    }
    for name, cells in rows.items():
        columns = [one.value for one in book[name][1]]
        for column, value in cells.items():
            book[name].cell(2, columns.index(column) + 1).value = value
    return book


def test_the_template_is_refused_with_its_example_and_read_once_filled(tmp_path):
    made = run("template", "--format", "xlsx", "--out", tmp_path)
    assert made.exit_code == 0, made.output
    path = tmp_path / "template.xlsx"
    assert told_of(path)["Missions!A2"].startswith("is the example of the template")
    fill(path).save(path)
    assert told_of(path) == {}
    out = ["--quiet", "--outputs", "contract_months", "--out", tmp_path / "out"]
    done = run("simulate", path, *out)
    assert done.exit_code == 0, done.output
    [row] = csv.DictReader((tmp_path / "out/missions.csv").open(encoding="utf-8"))
    # From 1 January 2022 to 31 December 2023.
    assert (row["mission"], row["contract_months"]) == ("one", "24")


def test_the_template_has_lists_formats_and_a_frozen_header(tmp_path):
    run("template", "--format", "xlsx", "--out", tmp_path)
    book = openpyxl.load_workbook(tmp_path / "template.xlsx")
    sheet = book["Missions"]
    assert sheet.freeze_panes == "A2"
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    lists = {
        str(one.sqref).partition("2")[0]: one.formula1
        for one in sheet.data_validations.dataValidation
    }
    assert lists[letters["contract_is_written"]] == '"true,false"'
    codes = book["codes"]
    first, last = lists[letters["host_country"]].removeprefix("codes!").split(":")
    among = [
        row[0].value for row in codes[first.replace("$", "") : last.replace("$", "")]
    ]
    assert {"MG", "FR", "SN"} < set(among)
    rows = range(int(first.split("$")[2]), int(last.split("$")[2]) + 1)
    assert {codes.cell(row, 1).value for row in rows} == {"host_country"}
    assert sheet[f"{letters['start_date']}2"].number_format == "yyyy-mm-dd"
    assert book["dictionary"]["A1"].value == "table"


def test_the_workbook_comes_back_with_its_problems(book, folder):
    book["Missions"]["F3"] = "ZZ"
    book["Missions"]["H3"] = "=1+1"
    book["Missions"]["F3"].number_format = "0.0"
    book.save(folder / "book.xlsx")
    out = folder / "problems.xlsx"
    done = run("check", folder / "book.xlsx", "--quiet", "--out", out)
    assert done.exit_code == 2
    back = openpyxl.load_workbook(out)
    cell = back["Missions"]["F3"]
    assert (cell.value, cell.number_format) == ("ZZ", "0.0")
    assert cell.comment.text.startswith("is not a country code. Write")
    assert back["Missions"]["H3"].value == "=1+1"
    assert "whose value is not in the file" in back["Missions"]["H3"].comment.text
    assert back["Missions"]["F2"].comment is None
    places = [row[0].value for row in back["_problems"].iter_rows(min_row=2)]
    assert sorted(one.rpartition("!")[2] for one in places) == ["F3", "H3"]
    refused = run("check", folder / "missions.csv", "--out", folder / "other.xlsx")
    assert (refused.exit_code, "write --out problems.csv" in refused.output) == (
        2,
        True,
    )


def test_the_summaries_are_written_as_a_workbook(folder):
    words = ["simulate", folder / "missions.csv", "--by", "host_country", "--quiet"]
    words += ["--workbook", folder / "sums.xlsx", "--out", folder / "out"]
    done = run(*words)
    assert done.exit_code == 0, done.output
    back = openpyxl.load_workbook(folder / "sums.xlsx")
    assert back.sheetnames == [
        "by_year",
        "summary_by_host_country",
        "unmet_conditions",
        "about",
    ]
    with (folder / "out/by_year.csv").open(encoding="utf-8") as file:
        columns, *rows = csv.reader(file)
    written = list(back["by_year"].iter_rows(values_only=True))
    assert written[0] == tuple(columns)
    for got, row in zip(written[1:], rows, strict=True):
        expected = [float(one) if one else None for one in row]
        assert list(got) == pytest.approx(expected)
    again = run(*words)
    assert (again.exit_code, "change --workbook" in again.output) == (2, True)


def test_an_ods_with_a_password_is_one_sentence(folder):
    with zipfile.ZipFile(folder / "a.ods", "w") as archive:
        said = "<m:manifest xmlns:m='x'><m:encryption-data/></m:manifest>"
        archive.writestr("META-INF/manifest.xml", said)
        archive.writestr("content.xml", b"\x01\x02")
    [problem] = check(folder / "a.ods").to_pylist()
    assert problem["reason"] == "is protected by a password"


def test_cells_without_references_are_counted(book, folder):
    """Some programs leave out the references of cells and rows."""
    book["Missions"]["D3"] = "=A1"
    book.save(folder / "book.xlsx")
    with (
        zipfile.ZipFile(folder / "book.xlsx") as given,
        zipfile.ZipFile(folder / "bare.xlsx", "w") as bare,
    ):
        for name in given.namelist():
            content = given.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(rb'(<(?:c|row)) r="[A-Z0-9]+"', rb"\1", content)
                assert b' r="' not in content
            bare.writestr(name, content)
    assert (
        "whose value is not in the file" in told_of(folder / "bare.xlsx")["Missions!D3"]
    )
