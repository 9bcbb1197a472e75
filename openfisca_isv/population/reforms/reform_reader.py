"""How reforms are read: the days and values of parameters, and what is wrong."""

import re
from copy import deepcopy
from functools import cache
from itertools import pairwise

import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.countries import Country
from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.reforms.changes import (
    changed_parameters,
    find_parameter,
    metadata_of,
    scales_of,
    some_of,
)
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.tables.cells import NEVER_TEXT, Day, day_of, nearest
from openfisca_isv.situations.problems import UnfitError

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_WHOLE_UNITS = ("month", "year", "day")
#: As in the cells of tables: more would not fit the sums.
_HIGHEST = 1_000_000


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
        scales = scales_of(changed_parameters(parameters, self.values))
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
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        reason = "is empty"
        raise UnfitError(reason, remedy)
    if isinstance(known[0], list):
        if isinstance(node, yaml.SequenceNode):
            return _read_codes(system, known, node)
        reason = "is a single value where a list is expected"
        raise UnfitError(reason, remedy, node.value)
    if not isinstance(node, yaml.ScalarNode):
        reason = "is a list" if isinstance(node, yaml.SequenceNode) else "is a mapping"
        raise UnfitError(reason, remedy)
    if isinstance(known[0], bool):
        if node.style is None and node.value in ("true", "false"):
            return node.value == "true"
        reason = "is neither true nor false"
        raise UnfitError(reason, remedy, node.value)
    unit = metadata_of(system.parameters, name)["unit"]
    return _read_number(unit, remedy, node)


def _read_number(unit: str, remedy: str, node: yaml.ScalarNode) -> float:
    text, reason = node.value, ""
    if node.style is not None:
        reason = "is a text"
    elif not _NUMBER.fullmatch(text):
        reason = "is not a number"
    elif text.startswith("-"):
        reason, remedy = "is negative", "Write 0 or more"
    elif float(text) > _HIGHEST:
        reason, remedy = f"exceeds {_HIGHEST:,}", f"Write {_HIGHEST} or less"
    elif unit == "/1" and float(text) > 1:
        reason, remedy = "is not a share", "Write 0 to 1, e.g. 0.15 for 15 %"
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
            close = nearest(shown, codes)
            remedy = f'Did you mean "{close}"?' if close else f"Codes: {some_of(codes)}"
            reason = "is not one of the codes"
            raise UnfitError(reason, remedy, shown)
    return items


@cache
def _codes(system: TaxBenefitSystem, used: frozenset[str]) -> list[str]:
    """Return the codes of the list of the model to which the used ones belong."""
    lists = [
        variable.possible_values
        for variable in system.variables.values()
        if variable.value_type is Enum and variable.possible_values is not Country
    ]
    names = [{member.name for member in one} - {"none"} for one in [*lists, Country]]
    fitting = [some for some in names if used <= some]
    return sorted(min(fitting, key=len) if fitting else used)
