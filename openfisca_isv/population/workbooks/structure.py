"""What a workbook shows beside its values: hidden, merged, at fault, too large.

The library that reads the values gives an empty cell for an error or a formula that
was never calculated, and shows no difference between rows that are hidden and others.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, iterparse

from openfisca_isv.situations.problems import UnfitError

#: What is unpacked of a workbook, and the cells of a sheet, that memory has room for.
MOST_BYTES, MOST_CELLS = 400_000_000, 2_000_000
DAMAGED = "is damaged, or no workbook", "Open it in a spreadsheet and save it again"
_CELL = re.compile("([A-Za-z]+)([0-9]+)")
#: What the ODS of LibreOffice says of a value that is an error.
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_KIND += "value-type"
PROTECTED = "is protected by a password", "Save it without a password"


@dataclass
class Structure:
    """What stands in a sheet beside its values.

    Attributes:
        faults: By cell (row and column, from 0), the reason and the remedy.
        hidden: Hidden rows and columns, by the name that a spreadsheet shows: the
            number of the column, from 0.
        merged: Merged cells, by the first of them.
    """

    faults: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)
    hidden: dict[str, int] = field(default_factory=dict)
    merged: list[str] = field(default_factory=list)
    _end: tuple[int, int] = (0, 0)

    def note(self, name: str, row: int, column: int) -> None:
        """Note that a cell is filled.

        Raises:
            UnfitError: So many cells would not fit in memory.
        """
        self._end = max(self._end[0], row + 1), max(self._end[1], column + 1)
        if self._end[0] * self._end[1] > MOST_CELLS:
            reason = f"has more than {MOST_CELLS:,} cells up to {name}"
            raise UnfitError(reason, "Save the sheet as CSV, or clear that cell")

    def note_fault(self, place: tuple[int, int], error: str = "") -> None:
        """Note an error of the spreadsheet, e.g. ``#REF!``, or that a value lacks."""
        said = "is a formula whose value is not in the file"
        remedy = "Open the workbook in a spreadsheet and save it, or write the value"
        if error:
            said = f'"{error}" is an error of the spreadsheet'
            remedy = "Correct the formula, or write the value"
        self.faults[place] = said, remedy

    def doubts(self, columns: float = inf) -> Iterator[tuple[str, str, str]]:
        """Yield why it is not known what counts: reason, remedy, and the cell if any.

        Columns that are hidden are told among the first ``columns`` alone: the unused
        rest of a sheet may be hidden.
        """
        remedy = "Unmerge them, and write the value in each"
        for one in self.merged:
            yield "are merged cells", remedy, one
        remedy = "Show it, or delete it: it is not known whether it counts"
        for one, column in self.hidden.items():
            if column < columns:
                yield f"has a hidden {one}", remedy, ""


def letters(column: int) -> str:
    """Return the name of a column, from 0, in a spreadsheet."""
    rest, last = divmod(column, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell, from 0, in a spreadsheet."""
    return f"{letters(column)}{row + 1}"


def structures(path: Path) -> dict[str, Structure]:
    """Return what stands in each sheet beside its values, by the name of the sheet.

    Raises:
        UnfitError: It is damaged, or too large to be held.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(one.file_size for one in archive.infolist())
            if size > MOST_BYTES:
                reason = f"unpacks to {size // 10**6:,} MB"
                raise UnfitError(reason, "Save each table as CSV")
            if archive.testzip() is not None:
                raise UnfitError(*DAMAGED)
            if path.suffix.lower() == ".ods":
                if b"encryption-data" in archive.read("META-INF/manifest.xml"):
                    raise UnfitError(*PROTECTED)
                return _of_ods(archive)
            return dict(_of_xlsx(archive))
    except (zipfile.BadZipFile, ParseError, KeyError, ValueError, EOFError) as error:
        raise UnfitError(*DAMAGED) from error


def _elements(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[str, Element]]:
    """Yield the elements of a part, each at its end; rows are emptied then."""
    with archive.open(part) as content:
        # No entity of another file is read, and expat refuses those that multiply.
        for _, element in iterparse(content):  # noqa: S314
            name = _local(element.tag)
            yield name, element
            if name in {"row", "table-row"}:
                element.clear()


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attributes(element: Element) -> dict[str, str]:
    return {_local(name): value for name, value in element.attrib.items()}


def _of_xlsx(archive: zipfile.ZipFile) -> Iterator[tuple[str, Structure]]:
    relations = {
        one.attrib["Id"]: one.attrib["Target"]
        for name, one in _elements(archive, "xl/_rels/workbook.xml.rels")
        if name == "Relationship"
    }
    for name, element in _elements(archive, "xl/workbook.xml"):
        if name == "sheet":
            # The identifier of the relation stands last of two called "id".
            target = relations[_attributes(element)["id"]]
            part = target.lstrip("/") if target[0] == "/" else f"xl/{target}"
            yield element.attrib["name"], _sheet_of_xlsx(archive, part)


def _sheet_of_xlsx(archive: zipfile.ZipFile, part: str) -> Structure:
    sheet = Structure()
    row, column, is_filled = 0, -1, False
    for name, element in _elements(archive, part):
        is_hidden = element.get("hidden") in {"1", "true"}
        if name == "c":
            column += 1
            if place := _CELL.fullmatch(element.get("r", "")):
                row, column = int(place[2]) - 1, _column(place[1])
            is_filled |= _cell_of_xlsx(sheet, (row, column), element)
        elif name == "row":
            # The number of a row, from 1, may be left out.
            row = int(element.get("r") or row + 1)
            if is_hidden and is_filled:
                sheet.hidden[f"row {row}"] = 0
            column, is_filled = -1, False
        elif name == "col" and is_hidden:
            column = int(element.attrib["min"]) - 1
            sheet.hidden[f"column {letters(column)}"] = column
        elif name == "mergeCell":
            sheet.merged.append(element.attrib["ref"])
    return sheet


def _cell_of_xlsx(sheet: Structure, place: tuple[int, int], cell: Element) -> bool:
    """Note a cell; return whether it is filled."""
    children = {_local(one.tag): one.text or "" for one in cell}
    shown = children.get("v", "")
    if cell.get("t") == "e":
        sheet.note_fault(place, shown)
    elif "f" in children and not shown and cell.get("t") not in {"str", "inlineStr"}:
        sheet.note_fault(place)
    if is_filled := bool(shown) or "is" in children:
        sheet.note(cell.get("r", "its end"), *place)
    return is_filled


def _column(text: str) -> int:
    number = 0
    for one in text.upper():
        number = number * 26 + ord(one) - ord("A") + 1
    return number - 1


def _of_ods(archive: zipfile.ZipFile) -> dict[str, Structure]:
    found: dict[str, Structure] = {}
    sheet, row, column = Structure(), 0, 0
    for name, element in _elements(archive, "content.xml"):
        said = _attributes(element)
        is_hidden = said.get("visibility") in {"collapse", "filter"}
        if name == "table":
            found[said["name"]] = sheet
            sheet, row, column = Structure(), 0, 0
        elif name == "table-column":
            if is_hidden:
                sheet.hidden[f"column {letters(column)}"] = column
            column += int(said.get("number-columns-repeated", 1))
        elif name == "table-row":
            repeated = int(said.get("number-rows-repeated", 1))
            if _row_of_ods(sheet, row, repeated, element) and is_hidden:
                sheet.hidden[f"row {row + 1}"] = 0
            row += repeated
    return found


def _row_of_ods(sheet: Structure, row: int, repeated: int, element: Element) -> bool:
    """Note the cells of a row; return whether one is filled."""
    column, is_filled = 0, False
    for cell in element:
        said = _attributes(cell)
        wide = int(said.get("number-columns-repeated", 1))
        shown = "".join(cell.itertext()).strip()
        spans = (f"number-{one}-spanned" for one in ("columns", "rows"))
        if any(int(said.get(one, 1)) > 1 for one in spans):
            sheet.merged.append(cell_name(row, column))
        is_error = cell.get(_KIND) == "error" or shown.startswith("Err:")
        if "formula" in said and is_error:
            sheet.note_fault((row, column), shown)
        elif "formula" in said and "value-type" not in said:
            sheet.note_fault((row, column))
        if "value-type" in said or shown:
            is_filled = True
            last = row + repeated - 1, column + wide - 1
            sheet.note(cell_name(*last), *last)
        column += wide
    return is_filled
