"""Workbooks, as a spreadsheet saves them: a sheet for each table, told by cell.

A sheet becomes a table of texts, those that the same table has as CSV, so that one
reader says what may stand in a cell. What a text cannot tell apart, an error, a date
where a name should be, is refused here.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import compress, count
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.tables.cells import Cell, Day, Identifier, Month
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.formats import USUAL
from openfisca_isv.population.tables.sources import InMemoryTable, Source
from openfisca_isv.population.workbooks.structure import (
    DAMAGED,
    PROTECTED,
    Structure,
    cell_name,
    letters,
    structures,
)
from openfisca_isv.situations.problems import UnfitError

SUFFIXES = (".xlsx", ".ods")
#: Other formats of spreadsheets.
_OTHERS = (".xls", ".xlsm", ".xlsb", ".numbers", ".fods")
#: The identifier of the row that the template has as an example.
EXAMPLE = "example"
#: What a table may be called beside its name.
_ALIASES = {
    "volontaires": "volunteers",
    "organismes": "organisations",
    "associations": "organisations",
    "mois": "monthly",
    "mensuel": "monthly",
}
#: Sheets of the template that are not tables.
BESIDE = ("dictionary", "codes")
#: A spreadsheet keeps so many digits of a number.
_MOST_DIGITS = 15


@dataclass(frozen=True)
class _Place:
    """A sheet of a file, or the file."""

    path: Path
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.path}, {self.sheet}" if self.sheet else str(self.path)

    def problem(self, reason: str, remedy: str, cell: str = "") -> TableProblem:
        return TableProblem(f"{self}!{cell}" if cell else str(self), reason, remedy)

    def refused(self, *told: str, others: Sequence[TableProblem] = ()) -> InMemoryTable:
        """Return a table that cannot be read."""
        problems = [*others, self.problem(*told)]
        return InMemoryTable(str(self), pa.table({}), self.path, problems=problems)


def is_workbook(source: Source | None) -> bool:
    """Return whether a table comes from a workbook, by the name of the file."""
    if not isinstance(source, Path) or source.is_fifo():
        return False
    return source.suffix.lower() in (*SUFFIXES, *_OTHERS)


def with_sheets(
    sources: Mapping[str, Source], kinds: Mapping[str, TableKind]
) -> dict[str, Source]:
    """Replace workbooks by the tables that stand in their sheets.

    The workbook of the missions may have the other tables too. Nothing is raised: what
    is wrong with a workbook stands with its table.

    Args:
        sources: Where each table comes from.
        kinds: What each table may hold.
    """
    found: dict[str, Source] = {}
    for name, source in sources.items():
        if not is_workbook(source):
            found.setdefault(name, source)
            continue
        place, read = _Place(source), {}
        reason, remedy = f"has no sheet {name}", f'Call the sheet "{name}"'
        if kinds[name].others.written != USUAL:
            reason, remedy = "has days and numbers, not texts", "Declare no format"
        else:
            try:
                read = _read(source, kinds, None if name == "missions" else name)
            except UnfitError as error:
                reason, remedy = error.reason, error.remedy
        for other in {*read} & {*sources} - {name}:
            told = f"Leave out --{other}, or delete the sheet"
            read[other] = place.refused(f"has {other} too", told)
        found |= read
        if name not in read:
            found[name] = place.refused(reason, remedy)
    return found


def needed(library: str) -> ModuleType:
    """Return a library of the extra ``workbooks``.

    Raises:
        UnfitError: It is not installed.
    """
    try:
        return import_module(library)
    except ImportError as error:
        reason, remedy = f"needs {library}", 'pip install "openfisca-isv[workbooks]"'
        raise UnfitError(reason, remedy) from error


@contextmanager
def opened(path: Path) -> Iterator[tuple[ModuleType, object, dict[str, Structure]]]:
    """Open a workbook.

    Yields:
        The library that reads it, the workbook, and what stands in each sheet beside
        its values.

    Raises:
        UnfitError: It cannot be read.
    """
    if path.suffix.lower() in _OTHERS:
        reason = "is a workbook of a format that is not read"
        raise UnfitError(reason, "Save it as .xlsx or .ods")
    calamine = needed("python_calamine")
    with path.open("rb") as content:
        is_protected = content.read(4) == b"\xd0\xcf\x11\xe0"
    if is_protected:
        reason = "is protected by a password, or of an older format"
        raise UnfitError(reason, "Save it as .xlsx without a password")
    found = structures(path)
    try:
        yield calamine, calamine.CalamineWorkbook.from_path(str(path)), found
    except calamine.PasswordError as error:
        raise UnfitError(*PROTECTED) from error
    except (calamine.CalamineError, OSError) as error:
        raise UnfitError(*DAMAGED) from error


def _read(
    path: Path, kinds: Mapping[str, TableKind], only: str | None
) -> dict[str, InMemoryTable]:
    with opened(path) as (calamine, book, found):
        visible = calamine.SheetVisibleEnum.Visible
        hidden = [one.name for one in book.sheets_metadata if one.visible != visible]
        tables: dict[str, InMemoryTable] = {}
        for sheet in book.sheet_names:
            place, name = _Place(path, sheet), sheet.strip().casefold()
            name = _ALIASES.get(name, name)
            if only and len(book.sheet_names) == 1:
                name = only
            is_table = name in kinds
            if not is_table and (sheet.startswith("_") or sheet.lower() in BESIDE):
                continue
            if only and name != only:
                continue
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            if not any(map(_is_filled, rows)):
                continue
            if not is_table:
                remedy = f"Call it {', '.join(kinds)}, or start its name with _"
                tables |= {"missions": place.refused("is not a table", remedy)}
                break
            if name in tables:
                reason, remedy = f"is a second sheet of {name}", "Keep one of the two"
                return {name: place.refused(reason, remedy)}
            if sheet in hidden:
                tables[name] = place.refused("is hidden", "Show it, or delete it")
                continue
            table = _sheet(place, kinds[name], rows, found.get(sheet, Structure()))
            # A sheet of the template that was left empty is a table left out.
            if name == "missions" or only or table.problems or len(table.table):
                tables[name] = table
        return tables


def _is_filled(row: Sequence[object]) -> bool:
    return any(one not in {"", None} for one in row)


def _sheet(
    place: _Place, kind: TableKind, rows: list[list], structure: Structure
) -> InMemoryTable:
    """Make a table of the rows of a sheet; blank rows count, and are left out."""
    problems = [place.problem(*one) for one in structure.doubts(len(rows[0]))]
    # A fault reads as an empty cell.
    faulty = {row for row, _ in structure.faults}
    rows += [[""] * len(rows[0]) for _ in range(max(faulty, default=0) + 1 - len(rows))]
    is_read = (_is_filled(row) or number in faulty for number, row in enumerate(rows))
    first, *others = compress(count(), is_read)
    names = [cell_text(one) or "" for one in rows[first]]
    most = max((sum(map(bool, map(cell_text, rows[one]))) for one in others), default=0)
    if sum(map(bool, names)) == 1 < most:
        cell = cell_name(first, [*map(bool, names)].index(True))
        reason = "stands alone in its row, as a title does"
        remedy = "Delete the rows above the names of the columns"
        return place.refused(reason, remedy, cell, others=problems)
    columns = []
    for number, name in enumerate(names):
        if not name:
            is_at_fault = any(column == number for _, column in structure.faults)
            if is_at_fault or _is_filled([rows[one][number] for one in others]):
                where, remedy = cell_name(first, number), "Name the column, or clear it"
                problems.append(place.problem("names no column", remedy, where))
            continue
        faults = {} if kind.leaves_out(name) else structure.faults
        cell, texts = kind.cells.get(name), []
        for row in others:
            value = rows[row][number]
            text = cell_text(value, cell)
            if said := faults.get((row, number)) or _doubt(cell, value):
                problems.append(place.problem(*said, cell_name(row, number)))
                # What is told here is not told as a cell of the table too, save where
                # no cell may be empty.
                text = (text or "?") if name in kind.filled else None
            texts.append(text)
        columns.append(pa.array(texts, pa.string()))
    return InMemoryTable(
        str(place),
        pa.Table.from_arrays(columns, [*filter(None, names)]),
        place.path,
        [one + 1 for one in others],
        {name: letters(number) for number, name in enumerate(names) if name},
        problems,
    )


def _doubt(cell: Cell | None, value: object) -> tuple[str, str] | None:
    """Return why a value cannot be told from another one, and the remedy."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    shown = f'"{cell_text(value)}"'
    if isinstance(cell, Day) and is_number:
        return f"{shown} is a number, not a date", "Give the cell the format of a date"
    if not isinstance(cell, Identifier):
        return None
    if value == EXAMPLE:
        return "is the example of the template", "Delete the row, or write over it"
    remedy = "Give the cell the format of a text, and write the name again"
    if isinstance(value, bool | date | time | timedelta):
        reason = f"{shown} is not a text: the spreadsheet took it for something else"
        return reason, remedy
    if is_number and (value != int(value) or abs(value) >= 10**_MOST_DIGITS):
        reason = f"{shown} is a number of which the spreadsheet may have lost digits"
        return reason, remedy
    return None


def cell_text(value: object, cell: Cell | None = None) -> str | None:
    """Return what stands in a CSV for a value of a spreadsheet."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        # The digits that the spreadsheet shows, never with an exponent.
        return f"{Decimal(f'{value:.{_MOST_DIGITS}g}'):f}"
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date) and not isinstance(value, datetime):
        is_month = isinstance(cell, Month) and value.day == 1
        return str(value)[:7] if is_month else str(value)
    return None if value is None else str(value).strip() or None
