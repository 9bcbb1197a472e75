"""A reform in a workbook, laid out as those of openfisca-excel-reform.

The sheet ``Config`` names in B2 the node of the parameters; each sheet whose name
starts with ``Paramètres`` is a reform, with the columns ``Nom``, ``Date`` and
``Valeur``. A step of a scale is named by its threshold: ``amount.12``.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml
from openfisca_core.parameters import ParameterScale
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import ReformError
from openfisca_isv.population.reforms.changes import by_name, find_parameter
from openfisca_isv.population.reforms.reform_reader import (
    TWICE,
    ReformReader,
    day_problem,
    read_value,
)
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.workbooks.structure import Structure, cell_name
from openfisca_isv.population.workbooks.workbook_tables import (
    cell_text,
    is_workbook,
    opened,
)
from openfisca_isv.situations.problems import UnfitError

_CONFIG, _SHEET, _ROOT = "Config", "Paramètres", "root"
_COLUMNS = ("Nom", "Date", "Valeur")
_STEP = re.compile(r"(.+?)\.(\d+(?:\.\d+)?)")


class _Row(NamedTuple):
    """A row of the sheet: the value as the spreadsheet has it; where its cells are."""

    name: str
    day: str
    value: object
    name_cell: str
    day_cell: str
    value_cell: str


def split_sheet(text: str) -> tuple[Path, str] | None:
    """Split ``book.xlsx:sheet`` into the file and the sheet, if it names a workbook."""
    if is_workbook(Path(text)):
        return Path(text), ""
    file, _, sheet = text.rpartition(":")
    return (Path(file), sheet) if is_workbook(Path(file)) else None


def read_workbook(system: TaxBenefitSystem, path: Path, sheet: str) -> ReformSource:
    """Read the reform of a sheet, or of the only one that has a reform."""
    try:
        with opened(path) as (_, book, structures):
            sheet = _sheet_of(book, path, sheet)
            reader = _Reader(system, f"{path}, {sheet}", _root(book))
            rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except UnfitError as error:
        raise ReformError.of(path, error.reason, error.remedy) from error
    except OSError as error:
        reason, remedy = f"cannot be read: {error.strerror}", "Give a workbook"
        raise ReformError.of(path, reason, remedy) from error
    reader.read(rows, structures.get(sheet, Structure()))
    suffix = re.sub(r"\W+", "_", sheet.removeprefix(_SHEET)).strip("_")
    name = f"{path.stem}_{suffix}" if suffix else path.stem
    title = f"{path.name}, {sheet}" if suffix else path.name
    return reader.source(name, title, "")


def _sheet_of(book: object, path: Path, sheet: str) -> str:
    names = book.sheet_names
    sheets = [one for one in names if one.startswith(_SHEET)]
    wanted = [sheet] if sheet else sheets
    if not wanted or wanted[0] not in names:
        reason = f'has no sheet "{sheet or _SHEET}"'
        raise UnfitError(reason, f"Its sheets are {', '.join(sheets or names)}")
    if len(wanted) > 1:
        reason = f"has {len(wanted)} reforms: {', '.join(sheets)}"
        raise UnfitError(reason, f'Name one, e.g. "{path.name}:{sheets[0]}"')
    return wanted[0]


def _root(book: object) -> str:
    """Return the node that the sheet ``Config`` names; none without such a sheet."""
    if _CONFIG not in book.sheet_names:
        return ""
    rows = book.get_sheet_by_name(_CONFIG).to_python(skip_empty_area=False)
    cells = {row[0]: cell_text(row[1]) for row in rows if len(row) > 1}
    if not cells.get(_ROOT):
        reason = f'names no root in the sheet "{_CONFIG}"'
        remedy = f'Write "{_ROOT}" and a node of the parameters in A2 and B2'
        raise UnfitError(reason, remedy)
    return cells[_ROOT]


class _Reader(ReformReader):
    def __init__(self, system: TaxBenefitSystem, place: str, root: str) -> None:
        super().__init__(system, place)
        self._root = f"{root}." if root else ""

    def tell(self, reason: str, remedy: str, *place: object, cell: str = "") -> None:
        """Note a problem; the sheet names what stands below the root."""
        remedy = remedy.replace(f'"{self._root}', '"') if self._root else remedy
        super().tell(reason, remedy, *place, cell=cell)

    def read(self, rows: Sequence[Sequence], structure: Structure) -> None:
        for reason, remedy, cell in structure.doubts():
            self.tell(reason, remedy, cell=cell)
        # By scale and day the rows by their thresholds; by scale the thresholds so far.
        steps, moved = defaultdict(dict), defaultdict(dict)
        scales = by_name(self._system.parameters, ParameterScale)
        for row in self._rows(rows, structure):
            name = f"{self._root}{row.name}"
            step = _STEP.fullmatch(name)
            if step and step[1] in scales:
                self._put(steps[step[1], row.day], float(step[2]), row, row)
            else:
                self._add(row, name, row.value)
        for (name, day), given in sorted(steps.items()):
            self._add_steps(scales[name], day, given, moved[name])
        if not self.values and not self.problems:
            self.tell("changes nothing", "Give at least one value and its day")

    def _put(self, given: dict, key: object, value: object, row: _Row) -> None:
        """Add what a row gives; tell what another row has given already."""
        if key in given:
            self.tell(*TWICE, row.name, None, row.day, cell=row.name_cell)
        given[key] = value

    def _rows(self, rows: Sequence[Sequence], structure: Structure) -> Iterator[_Row]:
        """Go through the rows that ask for something; tell what cannot be read."""
        header = [cell_text(one) for one in rows[0]] if rows else []
        for one in _COLUMNS:
            if one not in header:
                remedy = f"Name it {one} in the first row"
                self.tell(f'has no column "{one}"', remedy, cell="A1")
        if not {*_COLUMNS} <= {*header}:
            return
        columns = [header.index(one) for one in _COLUMNS]
        for number, row in enumerate(rows[1:], 1):
            places = [(number, column) for column in columns]
            faults = [one for one in places if one in structure.faults]
            for one in faults:
                self.tell(*structure.faults[one], cell=cell_name(*one))
            name, day, value = (row[column] for column in columns)
            if faults or (day == "" and (name == "" or value == "")):
                continue
            texts = cell_text(name) or "", cell_text(day) or ""
            read = _Row(*texts, value, *(cell_name(*one) for one in places))
            found = day_problem(read.day) if read.day else ("is empty", "Write the day")
            if isinstance(day, bool | int | float):
                found = "is a number, not a date", "Give the cell the format of a date"
            if not read.name:
                self.tell("is empty", "Name the parameter", cell=read.name_cell)
            elif found:
                self.tell(*found, read.name, None, read.day or None, cell=read.day_cell)
            else:
                yield read

    def _add(self, row: _Row, name: str, value: object) -> None:
        try:
            parameter = find_parameter(self._system.parameters, name)
            if value == "" and parameter(row.day) in (None, []):
                # The template has a row for what the law does not give on its day.
                return
            is_list = any(isinstance(one.value, list) for one in parameter.values_list)
            read = read_value(self._system, name, _node(value, is_list=is_list))
        except UnfitError as error:
            is_of_name = error.value is None and value != ""
            cell = row.name_cell if is_of_name else row.value_cell
            place = row.name, None, error.value
            self.tell(error.reason, error.remedy, *place, cell=cell)
            return
        self._put(self.values.setdefault(name, {}), row.day, read, row)

    def _add_steps(
        self,
        scale: ParameterScale,
        day: str,
        given: Mapping[float, _Row],
        moved: dict[int, float],
    ) -> None:
        """Add the steps of a scale from a day on.

        All the steps, in order, or some with the thresholds that they have.
        """
        steps = {
            # A threshold that changes is the one that the next day starts from.
            moved.get(rank, bracket.children["threshold"](day)): rank
            for rank, bracket in enumerate(scale.brackets)
        }
        steps.pop(None, None)
        known = sorted(steps)
        if len(given) == len(known):
            places = dict(zip(sorted(given), map(steps.get, known), strict=True))
        elif given.keys() <= steps.keys():
            places = {one: steps[one] for one in given}
        else:
            first = next(iter(given.values()))
            reason = f"is one of {len(given)} steps on {day}, where the law has"
            reason += f" {len(known)}: {', '.join(map(str, known))}"
            remedy = "Write them all, or those that change; a class can add some"
            self.tell(reason, remedy, first.name, cell=first.name_cell)
            return
        for threshold, rank in places.items():
            row, step = given[threshold], f"{scale.name}[{rank}]"
            (part,) = scale.brackets[rank].children.keys() - {"threshold"}
            self._add(row, f"{step}.threshold", threshold)
            self._add(row, f"{step}.{part}", row.value)
            moved[rank] = threshold


def _node(value: object, *, is_list: bool) -> yaml.Node:
    """Return a value as a reform in YAML has it."""
    text = cell_text(value)
    if is_list and isinstance(value, str) and text is not None:
        codes = value.replace(",", " ").split()
        items = [yaml.ScalarNode("tag:yaml.org,2002:str", one) for one in codes]
        return yaml.SequenceNode("tag:yaml.org,2002:seq", items)
    if text is None:
        return yaml.ScalarNode("tag:yaml.org,2002:null", "")
    style = '"' if isinstance(value, str) else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", text, style=style)
