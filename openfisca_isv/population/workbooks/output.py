"""Workbooks that are written: the template, the summaries, what is wrong and where."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.labels.labelled_columns import columns_of, holds_cases
from openfisca_isv.population.language import language, say
from openfisca_isv.population.subject import EXAMPLE_CELLS
from openfisca_isv.population.tables.cells import (
    BooleanCell,
    Cell,
    Day,
    Identifier,
    Member,
    Month,
)
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.template import code_list, data_dictionary
from openfisca_isv.population.tables.writing import is_french
from openfisca_isv.population.wording import span_text
from openfisca_isv.population.workbooks.workbook_tables import EXAMPLE, needed

#: Rows of the template with a list of what may stand in them.
_LISTED_ROWS = 5_000
_WIDTH, _WIDEST, _LONGEST_NAME = 12, 60, 31
#: How pyarrow reads results that were written as French CSV.
_FRENCH_CSV = {
    "parse_options": pyarrow.csv.ParseOptions(delimiter=";"),
    "convert_options": pyarrow.csv.ConvertOptions(
        decimal_point=",",
        true_values=["VRAI"],
        false_values=["FAUX"],
        timestamp_parsers=["%d/%m/%Y"],
    ),
}


def write_workbook_template(system: TaxBenefitSystem, path: Path) -> None:
    """Write a workbook to fill: the tables, the dictionary and the codes.

    Raises:
        UnfitError: The library is not installed.
    """
    dictionary, codes = data_dictionary(system), code_list(system)
    of_codes = codes["column"].to_pylist()
    told = "Choose a value of the list, or leave the cell empty."
    refusal = {"error_title": say("Not in the list"), "error_message": say(told)}
    with needed("xlsxwriter").Workbook(str(path)) as book:
        bold = book.add_format({"bold": True})
        formats = {
            Month: book.add_format({"num_format": "yyyy-mm"}),
            Day: book.add_format({"num_format": "yyyy-mm-dd"}),
            Identifier: book.add_format({"num_format": "@"}),
        }
        kinds = table_kinds(system)
        for name, rows in groupby(dictionary.to_pylist(), itemgetter("table")):
            sheet = book.add_worksheet(name.capitalize())
            sheet.freeze_panes(1, 0)
            for at, row in enumerate(rows):
                column, cell = row["column"], kinds[name].cells[row["column"]]
                cell_format = formats.get(type(cell))
                sheet.set_column(at, at, max(_WIDTH, len(column) + 2), cell_format)
                sheet.write_string(0, at, column, bold)
                sheet.write_comment(0, at, f"{row['meaning']} ({row['type']})")
                if choice := _choice(cell, column, of_codes):
                    listed = refusal | {"validate": "list", "source": choice}
                    sheet.data_validation(1, at, _LISTED_ROWS, at, listed)
                shown = EXAMPLE if isinstance(cell, Identifier) else None
                _write_cell(sheet, 1, at, EXAMPLE_CELLS.get(column, shown), cell_format)
        for name, table in {"dictionary": dictionary, "codes": codes}.items():
            _write_sheet(book, name, table)


def _choice(cell: Cell, column: str, of_codes: list[str]) -> list[str] | str | None:
    """Return what may stand in a cell: few words, or where they are listed."""
    if isinstance(cell, BooleanCell):
        return ["true", "false"]
    if not isinstance(cell, Member):
        return None
    first = of_codes.index(column) + 2
    return f"=codes!$B${first}:$B${first + of_codes.count(column) - 1}"


def write_summaries(folder: Path, path: Path, laws: Sequence[TaxBenefitSystem]) -> None:
    """Write the summaries among the results of a run, a folder, as a workbook.

    ``laws`` are those that were applied.

    Raises:
        UnfitError: The library is not installed.
    """
    account = json.loads((folder / "run.json").read_text("utf-8"))
    about = {
        "command": " ".join(account["command_line"]),
        "years": span_text(range(account["years"][0], account["years"][1] + 1)),
    }
    for one, said in account["versions"].items():
        about[say("version of {name}", name=one)] = said
    for number, said in enumerate(account["warnings"], 1):
        about[say("warning {number}", number=number)] = said
    facts = pa.table({"fact": [*map(say, about)], "value": [*about.values()]})
    with needed("xlsxwriter").Workbook(str(path)) as book:
        french = is_french(account["command"].get("format", ""))
        for name in account["results"]:
            file = folder / name
            # Those that have a row per case have no place among the summaries.
            if holds_cases(file.stem) or file.is_dir():
                continue
            if file.suffix == ".csv":
                read = pyarrow.csv.read_csv(file, **(_FRENCH_CSV if french else {}))
            elif file.suffix == ".parquet":
                read = pq.read_table(file)
            else:
                continue
            titles = _titles(laws, file.stem, read.column_names)
            _write_sheet(book, file.stem, read, titles)
        _write_sheet(book, "about", facts, [*map(say, facts.column_names)])


def _titles(
    laws: Sequence[TaxBenefitSystem], table: str, header: Sequence[str]
) -> Sequence[str]:
    """Return what the columns of a summary are called; in English, their names."""
    if language() == "en":
        return header
    return [one.label for one in columns_of(laws, table, header)]


def _write_sheet(
    book: object, name: str, table: pa.Table, titles: Sequence[str] = ()
) -> None:
    """Write a table as a sheet, its header frozen, under its names or others."""
    short = name[:_LONGEST_NAME]
    if book.get_worksheet_by_name(short):
        short = f"{name[: _LONGEST_NAME - 4]} {len(book.worksheets())}"
    sheet = book.add_worksheet(short)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table), max(table.num_columns - 1, 0))
    bold = book.add_format({"bold": True, "text_wrap": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    header = table.column_names
    for at, (column, title) in enumerate(zip(header, titles or header, strict=True)):
        values = table[column].to_pylist()
        if title != column:
            sheet.write_comment(0, at, column)
        longest = max([len(title) + 3, *(len(str(one)) + 1 for one in values)])
        sheet.set_column(at, at, min(max(longest, _WIDTH), _WIDEST))
        sheet.write_string(0, at, title, bold)
        for row, value in enumerate(values, 1):
            _write_cell(sheet, row, at, value, day)


def _write_cell(
    sheet: object, row: int, column: int, value: object, day: object
) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float) and abs(value) < float("inf"):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and value.year < 9999:  # noqa: PLR2004 - never
        sheet.write_datetime(row, column, value, day)
    elif value is not None:
        # A text is not a formula, whatever it starts with.
        sheet.write_string(row, column, str(value))


def write_problems(source: Path, listed: Iterable[pa.Table], path: Path) -> None:
    """Write a workbook again with what is wrong beside its cells.

    The cells at fault are coloured and have a comment; ``_problems`` lists all, those
    of other files too. Values, formulas and formats are kept; pictures, charts and
    macros are not.

    Args:
        source: The workbook, ``.xlsx``.
        listed: The problems, as ``TableError.listed`` gives them.
        path: The workbook that is written.

    Raises:
        UnfitError: The library is not installed.
    """
    openpyxl = needed("openpyxl")
    fill = openpyxl.styles.PatternFill("solid", "FFFFD966")
    book = openpyxl.load_workbook(source)
    problems = pa.concat_tables(listed)
    said = defaultdict(list)
    for one in problems.to_pylist():
        place = one["file"].removeprefix(f"{source}, ")
        if place != one["file"] and "!" in place:
            sheet, _, cell = place.rpartition("!")
            words = f"{one['reason']}. {one['remedy']}"
            said[sheet, cell.partition(":")[0]].append(words)
    for (sheet, name), words in said.items():
        cell = book[sheet][name]
        cell.fill = fill
        cell.comment = openpyxl.comments.Comment("\n".join(words), "openfisca-isv")
    if "_problems" in book.sheetnames:
        del book["_problems"]
    sheet = book.create_sheet("_problems")
    sheet.append(problems.column_names)
    for row, one in enumerate(problems.to_pylist(), 2):
        for at, value in enumerate(one.values(), 1):
            cell = sheet.cell(row, at)
            cell.value = value
            if isinstance(value, str):
                # A text is not a formula, whatever it starts with.
                cell.data_type = "s"
    book.save(path)
