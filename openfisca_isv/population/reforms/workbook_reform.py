"""A reform in a workbook, laid out as those of openfisca-excel-reform.

The sheet ``Config`` names in B2 the node of the parameters; each sheet whose name
starts with ``Paramètres`` is a reform, with the columns ``Nom``, ``Date`` and
``Valeur``. A step of a scale is named by its threshold: ``amount.12``.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.reforms.parameter_values import (
    day_problem,
    find_parameter,
    read_value,
    scale_problems,
    scales_of,
)
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.workbooks.structure import Structure, cell_name
from openfisca_isv.population.workbooks.workbook_tables import (
    cell_text,
    is_workbook,
    opened,
)
from openfisca_isv.situations.problems import UnfitError

_CONFIG, _SHEET, _ROOT = "Config", "Paramètres", "root"
_NAME, _DAY, _VALUE = _COLUMNS = ("Nom", "Date", "Valeur")
_THRESHOLD = re.compile(r"\d+(\.\d+)?")


@dataclass(frozen=True)
class _Row:
    """A row of the sheet.

    Attributes:
        name: The parameter, below the root.
        day: The first day of the value.
        value: The value, as the spreadsheet has it.
        cells: The name of the cell of each column.
    """

    name: str
    day: str
    value: object
    cells: Mapping[str, str]


def split_sheet(text: str) -> tuple[Path, str] | None:
    """Split ``book.xlsx:sheet`` into the file and the sheet, empty where none is named.

    Returns:
        Nothing where the text does not name a workbook.
    """
    if is_workbook(Path(text)):
        return Path(text), ""
    file, _, sheet = text.rpartition(":")
    return (Path(file), sheet) if is_workbook(Path(file)) else None


def read_workbook(system: TaxBenefitSystem, path: Path, sheet: str) -> ReformSource:
    """Read the reform of a sheet, or of the only one that has a reform.

    Raises:
        ReformError: It cannot be used; the error lists every problem.
    """
    try:
        sheet, root, rows, structure = _open(path, sheet)
    except UnfitError as error:
        raise ReformError(
            [TableProblem(str(path), error.reason, error.remedy)]
        ) from error
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        problem = TableProblem(str(path), reason, "Give a workbook")
        raise ReformError([problem]) from error
    reader = _Reader(system, f"{path}, {sheet}", root)
    values = reader.values_of(rows, structure)
    if not reader.problems:
        if not values:
            reader.tell("", "changes nothing", "Give at least one value and its day")
        for problem in scale_problems(system, values):
            reader.tell("", *problem)
    if reader.problems:
        raise ReformError(reader.problems)
    suffix = re.sub(r"\W+", "_", sheet.removeprefix(_SHEET)).strip("_")
    name = f"{path.stem}_{suffix}" if suffix else path.stem
    title = f"{path.name}, {sheet}" if suffix else path.name
    return ReformSource(name, title, "", f"{path}, {sheet}", values)


def _open(path: Path, sheet: str) -> tuple[str, str, list[list], Structure]:
    """Return the name of the sheet, the root, the rows, what stands beside values.

    Raises:
        UnfitError: There is no such sheet, or no single one, or no root.
    """
    with opened(path) as (_, book, found):
        names = book.sheet_names
        sheets = [one for one in names if one.startswith(_SHEET)]
        wanted = [sheet] if sheet else sheets
        if not wanted or wanted[0] not in names:
            reason = f'has no sheet "{sheet or _SHEET}"'
            listed = ", ".join(sheets or names)
            raise UnfitError(reason, f"Its sheets are {listed}")
        if len(wanted) > 1:
            reason = f"has {len(wanted)} reforms: {', '.join(sheets)}"
            raise UnfitError(reason, f'Name one, e.g. "{path.name}:{sheets[0]}"')
        rows = book.get_sheet_by_name(wanted[0]).to_python(skip_empty_area=False)
        return wanted[0], _root(book), rows, found.get(wanted[0], Structure())


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


class _Reader:
    """Makes values of parameters of the rows of a sheet.

    Attributes:
        problems: What is wrong.
    """

    def __init__(self, system: TaxBenefitSystem, place: str, root: str) -> None:
        self.problems: list[TableProblem] = []
        self._system, self._place = system, place
        self._root = f"{root}." if root else ""

    def tell(
        self,
        cell: str,
        reason: str,
        remedy: str,
        name: str | None = None,
        value: object = None,
    ) -> None:
        """Note what is wrong in the sheet, or in a cell of it."""
        place = f"{self._place}!{cell}" if cell else self._place
        # The sheet names what stands below the root.
        remedy = remedy.replace(f'"{self._root}', '"') if self._root else remedy
        problem = TableProblem(place, reason, remedy, name, value=value)
        self.problems.append(problem)

    def values_of(
        self, rows: Sequence[Sequence], structure: Structure
    ) -> dict[str, dict[str, object]]:
        """Return the values that the rows of a sheet give, by parameter and day."""
        merged = "Unmerge them, and write the value in each"
        for one in structure.merged:
            self.tell(one, "are merged cells", merged)
        for one in structure.hidden:
            remedy = "Show it, or delete it: it is not known whether it counts"
            self.tell("", f"has a hidden {one}", remedy)
        values: dict[str, dict[str, object]] = {}
        steps: dict[tuple[str, str], dict[float, _Row]] = {}
        for row in self._rows(rows, structure):
            if step := self._step_of(row):
                scale, threshold = step
                of_day = steps.setdefault((scale, row.day), {})
                if threshold in of_day:
                    self._tell_twice(row)
                of_day[threshold] = row
            else:
                self._add(values, row, f"{self._root}{row.name}", row.value)
        # A threshold that changes is the one that the next day starts from.
        moved: dict[str, dict[int, float]] = {}
        for (scale, day), given in sorted(steps.items()):
            self._add_steps(values, scale, day, given, moved.setdefault(scale, {}))
        return values

    def _tell_twice(self, row: _Row) -> None:
        remedy = "Keep one of the two"
        self.tell(row.cells[_NAME], "is given twice", remedy, row.name, row.day)

    def _rows(self, rows: Sequence[Sequence], structure: Structure) -> Iterator[_Row]:
        """Go through the rows that ask for something; tell what cannot be read."""
        header = [cell_text(one) for one in rows[0]] if rows else []
        at = {one: header.index(one) for one in _COLUMNS if one in header}
        for one in _COLUMNS:
            if one not in at:
                remedy = f"Name it {one} in the first row"
                self.tell("A1", f'has no column "{one}"', remedy)
        if len(at) < len(_COLUMNS):
            return
        for number, row in enumerate(rows[1:], 1):
            cells = {one: cell_name(number, place) for one, place in at.items()}
            faults = [
                (cells[one], *structure.faults[number, place])
                for one, place in at.items()
                if (number, place) in structure.faults
            ]
            for fault in faults:
                self.tell(*fault)
            name, day, value = (row[at[one]] for one in _COLUMNS)
            if not faults and (day != "" or (name != "" and value != "")):
                read = _Row(cell_text(name) or "", cell_text(day) or "", value, cells)
                if self._is_dated(read, day):
                    yield read

    def _is_dated(self, row: _Row, day: object) -> bool:
        """Return whether a row has a name and a day; tell what it lacks."""
        found = day_problem(row.day) if row.day else ("is empty", "Write the day")
        if isinstance(day, bool | int | float):
            found = "is a number, not a date", "Give the cell the format of a date"
        if not row.name:
            self.tell(row.cells[_NAME], "is empty", "Name the parameter")
        elif found:
            self.tell(row.cells[_DAY], *found, row.name, row.day or None)
        return bool(row.name) and not found

    def _step_of(self, row: _Row) -> tuple[str, float] | None:
        """Return the scale and the threshold that a row names, if it does."""
        name = f"{self._root}{row.name}"
        for scale in scales_of(self._system.parameters):
            threshold = name.removeprefix(f"{scale}.")
            if threshold != name and _THRESHOLD.fullmatch(threshold):
                return scale, float(threshold)
        return None

    def _add(
        self,
        values: dict[str, dict[str, object]],
        row: _Row,
        name: str,
        value: object,
    ) -> None:
        """Add a value; tell what is wrong with it."""
        try:
            parameter = find_parameter(self._system.parameters, name)
            if value == "" and parameter(row.day) in (None, []):
                # The template has a row for what the law does not give on its day.
                return
            is_list = any(isinstance(one.value, list) for one in parameter.values_list)
            read = read_value(self._system, name, _node(value, is_list=is_list))
        except UnfitError as error:
            is_of_name = error.value is None and value != ""
            cell = row.cells[_NAME if is_of_name else _VALUE]
            self.tell(cell, error.reason, error.remedy, row.name, error.value)
            return
        dated = values.setdefault(name, {})
        if row.day in dated:
            self._tell_twice(row)
        dated[row.day] = read

    def _add_steps(
        self,
        values: dict[str, dict[str, object]],
        scale: str,
        day: str,
        given: Mapping[float, _Row],
        moved: dict[int, float],
    ) -> None:
        """Add the steps of a scale from a day on.

        All the steps, in order, or some with the thresholds that they have.
        """
        brackets = scales_of(self._system.parameters)[scale].brackets
        steps = {
            rank: moved.get(rank, bracket.children["threshold"](day))
            for rank, bracket in enumerate(brackets)
        }
        steps = {rank: one for rank, one in steps.items() if one is not None}
        ranks = sorted(steps, key=steps.get)
        by_threshold = {one: rank for rank, one in steps.items()}
        if len(given) == len(ranks):
            places = dict(zip(sorted(given), ranks, strict=True))
        elif given.keys() <= by_threshold.keys():
            places = {one: by_threshold[one] for one in given}
        else:
            first = next(iter(given.values()))
            reason = f"is one of {len(given)} steps on {day}, where the law has"
            reason += f" {len(ranks)}: {', '.join(str(steps[one]) for one in ranks)}"
            remedy = "Write them all, or those that change; a class can add some"
            self.tell(first.cells[_NAME], reason, remedy, first.name)
            return
        for threshold, rank in places.items():
            row, step = given[threshold], f"{scale}[{rank}]"
            (part,) = brackets[rank].children.keys() - {"threshold"}
            self._add(values, row, f"{step}.threshold", threshold)
            self._add(values, row, f"{step}.{part}", row.value)
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
