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
_BESIDE = ("dictionary", "codes")
#: A spreadsheet keeps so many digits of a number.
_MOST_DIGITS = 15


@dataclass(frozen=True)
class _Place:
    """A sheet of a file.

    Attributes:
        path: The file.
        sheet: The name of the sheet, if there is one to name.
    """

    path: Path
    sheet: str = ""

    def __str__(self) -> str:
        return f"{self.path}, {self.sheet}" if self.sheet else str(self.path)

    def problem(self, reason: str, remedy: str, cell: str = "") -> TableProblem:
        """Return what is wrong in the sheet, or in a cell of it."""
        return TableProblem(f"{self}!{cell}" if cell else str(self), reason, remedy)

    def refused(self, reason: str, remedy: str) -> InMemoryTable:
        """Return a table that cannot be read."""
        return self.table(pa.table({}), problems=[self.problem(reason, remedy)])

    def table(self, table: pa.Table, **of_sheet: object) -> InMemoryTable:
        """Return a table of this sheet."""
        return InMemoryTable(str(self), table, path=self.path, **of_sheet)


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
        if kinds[name].written != USUAL:
            reason, remedy = "has days and numbers, not texts", "Declare no format"
            found[name] = _Place(source).refused(reason, remedy)
            continue
        only = None if name == "missions" else name
        read = _tables_of(source, kinds, only)
        for other, table in read.items():
            if other != name and other in sources:
                remedy = f"Leave out --{other}, or delete the sheet"
                table = _Place(source).refused(f"has {other} too", remedy)  # noqa: PLW2901
            found[other] = table
        if name not in read:
            reason, remedy = f"has no sheet {name}", f'Call the sheet "{name}"'
            found[name] = _Place(source).refused(reason, remedy)
    return found


def _tables_of(
    path: Path, kinds: Mapping[str, TableKind], only: str | None
) -> dict[str, InMemoryTable]:
    """Read the tables of a workbook, or one of them."""
    try:
        return _read(path, kinds, only)
    except UnfitError as error:
        return {only or "missions": _Place(path).refused(error.reason, error.remedy)}


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
        sheets = [(one.name, one.visible == visible) for one in book.sheets_metadata]
        tables: dict[str, InMemoryTable] = {}
        for sheet, is_visible in sheets:
            place, name = _Place(path, sheet), _table_of(sheet, kinds)
            if only and len(sheets) == 1:
                name = only
            if name is None and (sheet.startswith("_") or sheet.lower() in _BESIDE):
                continue
            if only and name != only:
                continue
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            if not any(map(_is_filled, rows)):
                continue
            if name is None:
                remedy = f"Call it {', '.join(kinds)}, or start its name with _"
                tables |= {"missions": place.refused("is not a table", remedy)}
                break
            if name in tables:
                reason, remedy = f"is a second sheet of {name}", "Keep one of the two"
                return {name: place.refused(reason, remedy)}
            if not is_visible:
                tables[name] = place.refused("is hidden", "Show it, or delete it")
                continue
            table = _sheet(place, kinds[name], rows, found.get(sheet, Structure()))
            # A sheet of the template that was left empty is a table left out.
            if name == "missions" or only or table.problems or len(table.table):
                tables[name] = table
        return tables


def _table_of(sheet: str, kinds: Mapping[str, TableKind]) -> str | None:
    """Return the table whose name a sheet bears."""
    name = sheet.strip().casefold()
    name = _ALIASES.get(name, name)
    return name if name in kinds else None


def _is_filled(row: Sequence[object]) -> bool:
    return any(one not in {"", None} for one in row)


def _sheet(
    place: _Place, kind: TableKind, rows: list[list], structure: Structure
) -> InMemoryTable:
    """Make a table of the rows of a sheet; blank rows count, and are left out."""
    merged = "Unmerge them, and write the value in each"
    hidden = "Show it, or delete it: it is not known whether it counts"
    problems = [
        place.problem("are merged cells", merged, one) for one in structure.merged
    ]
    problems += [
        place.problem(f"has a hidden {one}", hidden)
        for one, column in structure.hidden.items()
        # The unused rest of a sheet may be hidden.
        if column < len(rows[0])
    ]
    lowest = max((row for row, _ in structure.faults), default=0)
    rows += [[""] * len(rows[0]) for _ in range(lowest + 1 - len(rows))]
    filled = [number for number, row in enumerate(rows) if _is_filled(row)]
    # A fault reads as an empty cell.
    filled = sorted({*filled, *(row for row, _ in structure.faults)})
    first, *others = filled
    names = [cell_text(one) or "" for one in rows[first]]
    most = max((sum(map(bool, map(cell_text, rows[one]))) for one in others), default=0)
    if sum(map(bool, names)) == 1 < most:
        cell = cell_name(first, next(n for n, one in enumerate(names) if one))
        reason = "stands alone in its row, as a title does"
        remedy = "Delete the rows above the names of the columns"
        return place.table(
            pa.table({}), problems=[*problems, place.problem(reason, remedy, cell)]
        )
    columns, of_letters = [], {}
    for number, name in enumerate(names):
        given = [rows[one][number] for one in others]
        if not name:
            if _is_filled(given) or any(at == number for _, at in structure.faults):
                where, remedy = cell_name(first, number), "Name the column, or clear it"
                problems.append(place.problem("names no column", remedy, where))
            continue
        faults = {
            row: said for (row, at), said in structure.faults.items() if at == number
        }
        if kind.leaves_out(name):
            faults = {}
        cell = kind.cells.get(name)
        texts = []
        for row, value in zip(others, given, strict=True):
            said = faults.get(row) or _doubt(cell, value)
            # What is told here is not told as a cell of the table too, save where no
            # cell may be empty.
            is_kept = said is None or name in kind.filled
            texts.append(
                cell_text(value, cell) or ("?" if said else None) if is_kept else None
            )
            if said:
                problems.append(place.problem(*said, cell_name(row, number)))
        columns.append((name, pa.array(texts, pa.string())))
        of_letters[name] = letters(number)
    arrays, listed = [one for _, one in columns], [name for name, _ in columns]
    return place.table(
        pa.Table.from_arrays(arrays, listed),
        rows=[one + 1 for one in others],
        letters=of_letters,
        problems=problems,
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
    if isinstance(value, bool | date | time | timedelta):
        reason = f"{shown} is not a text: the spreadsheet took it for something else"
        return reason, "Give the cell the format of a text, and write the name again"
    if is_number and (value != int(value) or abs(value) >= 10**_MOST_DIGITS):
        reason = f"{shown} is a number of which the spreadsheet may have lost digits"
        return reason, "Give the cell the format of a text, and write the name again"
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


def told_by_cell(table: pa.Table, sheets: Mapping[str, Mapping[str, str]]) -> pa.Table:
    """Name the cell after the sheet, in a list of what is wrong.

    Args:
        table: The list: ``file``, ``row`` and, if it has it, ``column``.
        sheets: The letters of the columns, by the name of each sheet.
    """
    if not sheets or not len(table):
        return table
    columns = [None] * len(table)
    if "column" in table.column_names:
        columns = table["column"].to_pylist()
    places = zip(
        table["file"].to_pylist(), table["row"].to_pylist(), columns, strict=True
    )
    files = pa.array(
        [place_of(sheets, file, row, column) for file, row, column in places]
    )
    return table.set_column(table.column_names.index("file"), "file", files)


def place_of(
    sheets: Mapping[str, Mapping[str, str]], file: str, row: int, column: str | None
) -> str:
    """Return the place of a cell of a sheet, ``Missions!D7``, or the file."""
    if file not in sheets or row is None:
        return file
    return f"{file}!{sheets[file].get(column or '', 'A')}{row}"


def letters_of(sources: Iterator[Source]) -> dict[str, Mapping[str, str]]:
    """Return the letters of the columns of each sheet, by its name."""
    return {
        str(one): one.letters
        for one in sources
        if isinstance(one, InMemoryTable) and one.path
    }
