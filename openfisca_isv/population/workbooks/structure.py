"""What a workbook shows beside its values: hidden, merged, at fault, too large.

The library that reads the values gives an empty cell for an error or a formula that
was never calculated, and shows no difference between rows that are hidden and others.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, iterparse

from openfisca_isv.situations.problems import UnfitError

#: What is unpacked of a workbook, and the cells of a sheet, that memory has room for.
MOST_BYTES, MOST_CELLS = 400_000_000, 2_000_000
DAMAGED = "is damaged, or no workbook", "Open it in a spreadsheet and save it again"

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

    def note_error(self, place: tuple[int, int], shown: str) -> None:
        """Note an error of the spreadsheet, such as ``#REF!``."""
        said = f'"{shown}" is an error of the spreadsheet'
        self.faults[place] = said, "Correct the formula, or write the value"

    def note_no_value(self, place: tuple[int, int]) -> None:
        """Note a formula without its value."""
        reason = "is a formula whose value is not in the file"
        remedy = "Open the workbook in a spreadsheet and save it, or write the value"
        self.faults[place] = reason, remedy


def letters(column: int) -> str:
    """Return the name of a column, from 0, in a spreadsheet."""
    name = ""
    while column >= 0:
        name = chr(ord("A") + column % 26) + name
        column = column // 26 - 1
    return name


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
    """Read the elements of a part, each at its end; those of rows are let go."""
    with archive.open(part) as content:
        parents: list[Element] = []
        # No entity of another file is read, and expat refuses those that multiply.
        for event, element in iterparse(content, ("start", "end")):  # noqa: S314
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            name = _local(element.tag)
            yield name, element
            if parents and name in {"row", "table-row"}:
                parents[-1].remove(element)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _attributes(element: Element) -> dict[str, str]:
    """Return the attributes, without the version of the format in their names."""
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
            own = next(
                value
                for key, value in element.attrib.items()
                if key.endswith("relationships}id")
            )
            target = relations[own]
            part = target.lstrip("/") if target[0] == "/" else f"xl/{target}"
            yield element.attrib["name"], _sheet_of_xlsx(archive, part)


def _sheet_of_xlsx(  # noqa: C901 - one branch for each element
    archive: zipfile.ZipFile, part: str
) -> Structure:
    sheet = Structure()
    row, column = 0, -1
    filled: list[tuple[int, int]] = []
    for name, element in _elements(archive, part):
        if name == "c":
            place = element.get("r")
            column += 1
            if place:
                text = place.rstrip("0123456789")
                row = int(place[len(text) :]) - 1
                column = _column(text)
            children = {_local(one.tag): one for one in element}
            value = children.get("v")
            shown = "" if value is None else value.text or ""
            is_text = element.get("t") in {"str", "inlineStr"}
            if element.get("t") == "e":
                sheet.note_error((row, column), shown)
            elif "f" in children and not shown and not is_text:
                sheet.note_no_value((row, column))
            if shown or "is" in children:
                sheet.note(place or "its end", row, column)
                filled.append((row, column))
        elif name == "row":
            # The number of a row, from 1, may be left out.
            row = int(element.get("r") or row + 1)
            if _is_set(element) and filled:
                sheet.hidden[f"row {row}"] = 0
            filled, column = [], -1
        elif name == "col" and _is_set(element):
            column = int(element.attrib["min"]) - 1
            sheet.hidden[f"column {letters(column)}"] = column
        elif name == "mergeCell":
            sheet.merged.append(element.attrib["ref"])
    return sheet


def _is_set(element: Element) -> bool:
    return element.get("hidden") in {"1", "true"}


def _column(text: str) -> int:
    number = 0
    for one in text.upper():
        number = number * 26 + ord(one) - ord("A") + 1
    return number - 1


def _of_ods(archive: zipfile.ZipFile) -> dict[str, Structure]:
    found: dict[str, Structure] = {}
    sheet, row, column_at = Structure(), 0, 0
    for name, element in _elements(archive, "content.xml"):
        said = _attributes(element)
        is_hidden = said.get("visibility") in {"collapse", "filter"}
        if name == "table":
            found[said["name"]] = sheet
            sheet, row, column_at = Structure(), 0, 0
        elif name == "table-column":
            if is_hidden:
                sheet.hidden[f"column {letters(column_at)}"] = column_at
            column_at += int(said.get("number-columns-repeated", 1))
        elif name == "table-row":
            repeated = int(said.get("number-rows-repeated", 1))
            is_filled = _row_of_ods(sheet, row, repeated, element)
            if is_hidden and is_filled:
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
        is_error = cell.get(
            "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
            "value-type"
        )
        if "formula" in said and (is_error == "error" or shown.startswith("Err:")):
            sheet.note_error((row, column), shown)
        elif "formula" in said and "value-type" not in said:
            sheet.note_no_value((row, column))
        if "value-type" in said or shown:
            is_filled = True
            last = row + repeated - 1, column + wide - 1
            sheet.note(cell_name(*last), *last)
        column += wide
    return is_filled
