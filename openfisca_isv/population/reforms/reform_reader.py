"""How reforms are read: the days and values of parameters, and what is wrong."""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from itertools import pairwise

import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import ParameterScale
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.names import meant
from openfisca_isv.population.bad_input import WHOLE, ReformError, TableProblem
from openfisca_isv.population.reforms.changes import (
    by_name,
    changed_parameters,
    find_parameter,
    metadata_of,
    some_of,
)
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.tables.cells import (
    NEVER_TEXT,
    Day,
    Number,
    Share,
    day_of,
)
from openfisca_isv.situations.problems import UnfitError

TWICE = "is given twice", "Keep one of the two"
_KEYS = ("title", "description", "parameters")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_WHOLE_UNITS = ("month", "year", "day")


class ReformReader:
    """What a file says, and what is wrong with it.

    Attributes:
        values: The values read, by parameter and day.
        problems: All that was found.
    """

    def __init__(self, system: TaxBenefitSystem, file: str) -> None:
        self.values: dict[str, dict[str, object]] = {}
        self.problems: list[TableProblem] = []
        self._system, self._file = system, file

    def tell(self, reason: str, remedy: str, *place: object, cell: str = "") -> None:
        """Note a problem: of which key, line and value, or in which cell."""
        file = f"{self._file}!{cell}" if cell else self._file
        self.problems.append(TableProblem(file, reason, remedy, *place))

    def source(self, name: str, title: str, description: str) -> ReformSource:
        """Return the reform; raise all problems where there are any."""
        if not self.problems:
            self._check_scales()
        if self.problems:
            raise ReformError(sorted(self.problems, key=lambda one: one.row or 0))
        return ReformSource(name, title, description, self._file, self.values)

    def _check_scales(self) -> None:
        """Find the scales whose thresholds no longer rise."""
        names = sorted({name.partition("[")[0] for name in self.values if "[" in name})
        if not names:
            return
        parameters = deepcopy(self._system.parameters)
        changed = changed_parameters(parameters, self.values)
        scales = by_name(changed, ParameterScale)
        for name in names:
            thresholds = [one.children["threshold"] for one in scales[name].brackets]
            days = {one.instant_str for each in thresholds for one in each.values_list}
            for day in sorted(days):
                steps = [one(day) for one in thresholds if one(day) is not None]
                if any(one >= after for one, after in pairwise(steps)):
                    reason = f"has thresholds that do not rise on {day}: "
                    reason += ", ".join(map(str, steps))
                    self.tell(reason, "Write each above the one before", name)
                    break


class YamlReader(ReformReader):
    """Reads YAML; the rows of its problems are lines."""

    def read(self, text: str, name: str) -> ReformSource:
        """Read what a file says; report every problem at once."""
        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            about = getattr(error, "problem", None) or "it is too deep"
            row = mark.line + 1 if mark else None
            if isinstance(error, yaml.reader.ReaderError):
                about, row = error.reason, text.count("\n", 0, error.position) + 1
            self.tell(f"is not YAML: {about}", "Correct the writing there", None, row)
            return self.source(name, "", "")
        keys = dict(self._pairs(root, WHOLE))
        for key, node in keys.items():
            if key not in _KEYS:
                remedy = meant(key, _KEYS) or "Remove it"
                if "." in key or key in self._system.parameters.children:
                    remedy = 'Put parameters under "parameters:"'
                self.tell("is not part of a reform", remedy, key, _line(node))
        title, description = (_text(keys.get(key)) for key in _KEYS[:2])
        if not title:
            self.tell("is missing", "Name the reform", "title")
        listed = list(self._pairs(keys.get("parameters"), "parameters"))
        if not listed and not self.problems:
            remedy = "Give at least one parameter and its value"
            self.tell("changes nothing", remedy, "parameters")
        for parameter, node in listed:
            self.values[parameter] = dict(self._dated(parameter, node))
        return self.source(name, title, description)

    def _dated(self, name: str, node: yaml.Node) -> Iterator[tuple[str, object]]:
        try:
            find_parameter(self._system.parameters, name)
        except UnfitError as error:
            is_below = isinstance(node, yaml.MappingNode) and not node.flow_style
            row = _line(node) - bool(is_below and node.value)
            self.tell(error.reason, error.remedy, name, row)
            return
        for day, given in self._pairs(node, name):
            if found := day_problem(day):
                self.tell(*found, name, _line(given), day)
                continue
            try:
                yield day, read_value(self._system, name, given)
            except UnfitError as error:
                place = (f"{name}, {day}", _line(given), error.value)
                self.tell(error.reason, error.remedy, *place)

    def _pairs(
        self, node: yaml.Node | None, name: str
    ) -> Iterator[tuple[str, yaml.Node]]:
        """Go through the keys of a mapping, as they are written, each once."""
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            remedy = "Write year-month-day: value below it"
            if name in (WHOLE, "parameters"):
                remedy = "Write key: value, a line each"
            reason = "gives no day to its value" if "." in name else "is not a mapping"
            self.tell(reason, remedy, name, _line(node))
            return
        if not node.value:
            self.tell("is empty", "Fill it or remove it", name, _line(node))
        seen: set[str] = set()
        for key, value in node.value:
            text = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            if text in seen:
                self.tell(*TWICE, name, _line(key), text)
            else:
                seen.add(text)
                yield text, value


def day_problem(text: str) -> tuple[str, str] | None:
    """Return why a text is not a day of the calendar, and the remedy."""
    if day_of(text) is None:
        return Day().explain(text)
    if text == NEVER_TEXT:
        return "never comes", "Write the first day on which the value holds"
    return None


def read_value(system: TaxBenefitSystem, name: str, node: yaml.Node) -> object:
    """Read a value as those that the parameter has: same kind, and possible."""
    parameter = find_parameter(system.parameters, name)
    known = [one.value for one in parameter.values_list if one.value is not None]
    if isinstance(known[0], list):
        remedy = f"Write a list, as [{', '.join(known[0])}]"
    elif isinstance(known[0], bool):
        remedy = "Write true or false"
    else:
        remedy = f"Write a number, as {known[0]}"
    value = None
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        reason = "is empty"
    elif isinstance(known[0], list):
        if isinstance(node, yaml.SequenceNode):
            return _read_codes(system, known, node)
        reason, value = "is a single value where a list is expected", node.value
    elif not isinstance(node, yaml.ScalarNode):
        reason = "is a list" if isinstance(node, yaml.SequenceNode) else "is a mapping"
    elif isinstance(known[0], bool):
        if node.style is None and node.value in ("true", "false"):
            return node.value == "true"
        reason, value = "is neither true nor false", node.value
    else:
        unit = metadata_of(system.parameters, name)["unit"]
        return _read_number(unit, remedy, node)
    raise UnfitError(reason, remedy, value)


def _read_number(unit: str, remedy: str, node: yaml.ScalarNode) -> float:
    text, reason = node.value, ""
    if node.style is not None:
        reason = "is a text"
    elif not _NUMBER.fullmatch(text):
        reason = "is not a number"
    elif text.startswith("-"):
        reason, remedy = "is negative", "Write 0 or more"
    elif float(text) > Number.highest:
        reason, remedy = Number.said
    elif unit == "/1" and float(text) > 1:
        reason, remedy = Share.said
    elif unit in _WHOLE_UNITS and float(text) != int(float(text)):
        reason = f"is not a whole number of {unit}s"
    if reason:
        raise UnfitError(reason, remedy, text)
    return float(text) if "." in text and unit not in _WHOLE_UNITS else int(float(text))


def _read_codes(
    system: TaxBenefitSystem, known: list, node: yaml.SequenceNode
) -> list[str]:
    codes = _codes(system, frozenset(one for listed in known for one in listed))
    items = [one.value for one in node.value]
    for item in items:
        if not isinstance(item, str) or item not in codes:
            shown = item if isinstance(item, str) else "a list in the list"
            remedy = meant(shown, codes) or f"Codes: {some_of(codes)}"
            reason = "is not one of the codes"
            raise UnfitError(reason, remedy, shown)
    return items


@cache
def _codes(system: TaxBenefitSystem, used: frozenset[str]) -> list[str]:
    """Return the codes of the list of the model to which the used ones belong."""
    variables = system.variables.values()
    lists = {one.possible_values: None for one in variables if one.value_type is Enum}
    names = [{member.name for member in one} - {"none"} for one in lists]
    fitting = [some for some in names if used <= some]
    return sorted(min(fitting, key=len) if fitting else used)


def _line(node: yaml.Node) -> int:
    return node.start_mark.line + 1


def _text(node: yaml.Node | None) -> str:
    """Return a text, empty where there is none."""
    is_text = isinstance(node, yaml.ScalarNode) and not node.tag.endswith(":null")
    return node.value.strip() if is_text else ""
