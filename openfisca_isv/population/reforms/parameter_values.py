"""What a parameter of the law may be given: the name, the day, the kind of value."""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from itertools import pairwise

import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import (
    Parameter,
    ParameterNode,
    ParameterScale,
    ParameterScaleBracket,
)
from openfisca_core.periods import instant
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.countries import Country
from openfisca_isv.population.language import say, words
from openfisca_isv.population.tables.cells import NEVER_TEXT, Day, day_of, nearest
from openfisca_isv.situations.problems import UnfitError

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")
_STEP = re.compile(r"(.+)\[(\d{1,3})\](?:\.(\w+))?")
_WHOLE_UNITS = ("month", "year", "day")
_MOST_SHOWN = 4
#: As in the cells of tables: more would not fit the sums.
_HIGHEST = 1_000_000


def find_parameter(parameters: ParameterNode, name: str) -> Parameter:
    """Find a parameter by its dotted name; steps of a scale are ``scale[0].amount``.

    Raises:
        UnfitError: There is none that can have values.
    """
    found = _by_name(parameters).get(name)
    if isinstance(found, Parameter):
        return found
    if isinstance(found, ParameterScale | ParameterScaleBracket):
        scale = name.partition("[")[0]
        reason = "is a scale, whose steps have values of their own"
        steps = _some(_steps_of(parameters, scale))
        raise UnfitError(reason, f"Write one of {steps}")
    if isinstance(found, ParameterNode):
        inside = [one for one in _leaves(parameters) if one.startswith(f"{name}.")]
        reason = "is a group of parameters"
        raise UnfitError(reason, f"Write one of them, as {_some(inside)}")
    if match := _STEP.fullmatch(name):
        scale = match[1]
        if isinstance(_by_name(parameters).get(scale), ParameterScale):
            steps = _steps_of(parameters, scale)
            reason = "is not part of the scale"
            raise UnfitError(reason, f"Its parts are {_some(steps)}")
    close = nearest(name, list(_leaves(parameters)))
    last = name.rpartition(".")[2]
    same = [one for one in _leaves(parameters) if one.rpartition(".")[2] == last]
    if same and (close is None or not close.endswith(last)):
        close = same[0]
    remedy = f'Did you mean "{close}"?' if close else "See the parameters of the model"
    reason = "is not a parameter of the law"
    raise UnfitError(reason, remedy)


def _by_name(parameters: ParameterNode) -> dict[str, object]:
    """Return everything in the tree of parameters by its name."""
    named: dict[str, object] = {}
    for one in parameters.get_descendants():
        named[one.name] = one
        if isinstance(one, ParameterScale):
            for rank, bracket in enumerate(one.brackets):
                named[f"{one.name}[{rank}]"] = bracket
                for part, child in bracket.children.items():
                    named[f"{one.name}[{rank}].{part}"] = child
    return named


def leaf_parameters(parameters: ParameterNode) -> dict[str, Parameter]:
    """Return every parameter that has values, parts of scales included, by name."""
    return {
        name: one
        for name, one in _by_name(parameters).items()
        if isinstance(one, Parameter)
    }


def scales_of(parameters: ParameterNode) -> dict[str, ParameterScale]:
    """Return every scale, by name."""
    found = _by_name(parameters).items()
    return {name: one for name, one in found if isinstance(one, ParameterScale)}


def _leaves(parameters: ParameterNode) -> Iterator[str]:
    """Name every parameter that has values."""
    yield from leaf_parameters(parameters)


def changed_parameters(
    parameters: ParameterNode, values: Mapping[str, Mapping[str, object]]
) -> ParameterNode:
    """Return some parameters their values, each from the first of its days on."""
    for name, dated in values.items():
        parameter = find_parameter(parameters, name)
        for day in sorted(dated):
            parameter.update(start=instant(day), value=dated[day])
    return parameters


def scale_problems(
    system: TaxBenefitSystem, values: Mapping[str, Mapping[str, object]]
) -> Iterator[tuple[str, str, str]]:
    """Find the scales whose thresholds no longer rise: reason, remedy, name."""
    scales = sorted({name.partition("[")[0] for name in values if "[" in name})
    if not scales:
        return
    named = _by_name(changed_parameters(deepcopy(system.parameters), values))
    for name in scales:
        thresholds = [one.children["threshold"] for one in named[name].brackets]
        days = {one.instant_str for each in thresholds for one in each.values_list}
        for day in sorted(days):
            steps = [
                step for step in (one(day) for one in thresholds) if step is not None
            ]
            if any(one >= after for one, after in pairwise(steps)):
                reason = f"has thresholds that do not rise on {day}: "
                reason += ", ".join(map(str, steps))
                yield reason, "Write each above the one before", name
                break


def _steps_of(parameters: ParameterNode, scale: str) -> list[str]:
    """Name the parts of the steps of a scale."""
    return [one for one in _leaves(parameters) if one.startswith(f"{scale}[")]


def _some(names: list[str]) -> str:
    """List a few of the names."""
    if len(names) > _MOST_SHOWN:
        return f"{', '.join(names[: _MOST_SHOWN - 1])}, ... or {names[-1]}"
    return ", ".join(names)


def day_problem(text: str) -> tuple[str, str] | None:
    """Return why a text is not a day of the calendar, and the remedy."""
    if day_of(text) is None:
        return Day().explain(text)
    if text == NEVER_TEXT:
        return "never comes", "Write the first day on which the value holds"
    return None


def metadata_of(parameters: ParameterNode, name: str) -> dict[str, str]:
    """Return the label and the unit of a parameter, or of the scale it is part of."""
    named = _by_name(parameters)
    scale, bracket, part = name.partition("[")
    metadata = dict(named[scale if bracket else name].metadata or {})
    label = words().parameter(metadata, "") or named[name].description or ""
    unit = metadata.get("unit") or ""
    if bracket:
        number, _, kind = part.partition("].")
        label += say(", step {number}, {kind}", number=number, kind=say(kind))
        if name.endswith(".threshold"):
            unit = metadata.get("threshold_unit") or ""
    return {"label": label, "unit": "" if unit == "none" else unit}


def read_value(system: TaxBenefitSystem, name: str, node: yaml.Node) -> object:
    """Read a value as those that the parameter has: same kind, and possible.

    Raises:
        UnfitError: It cannot be read, or is not possible.
    """
    parameter = find_parameter(system.parameters, name)
    known = [one.value for one in parameter.values_list if one.value is not None]
    if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"):
        reason = "is empty"
        raise UnfitError(reason, f"Write {_kind(known)}")
    if isinstance(known[0], list):
        return _read_list(system, known, node)
    if not isinstance(node, yaml.ScalarNode):
        reason = "is a list" if isinstance(node, yaml.SequenceNode) else "is a mapping"
        raise UnfitError(reason, f"Write {_kind(known)}")
    if isinstance(known[0], bool):
        return _read_truth(node)
    unit = metadata_of(system.parameters, name)["unit"]
    return _read_number(unit, known, node)


def _kind(known: list) -> str:
    """Return what kind of value is expected, with one that the law has."""
    if isinstance(known[0], list):
        return f"a list, as [{', '.join(known[0])}]"
    if isinstance(known[0], bool):
        return "true or false"
    return f"a number, as {known[0]}"


def _read_truth(node: yaml.ScalarNode) -> bool:
    """Read true or false."""
    if node.style is None and node.value in ("true", "false"):
        return node.value == "true"
    reason = "is neither true nor false"
    raise UnfitError(reason, "Write true or false", node.value)


def _read_number(unit: str, known: list, node: yaml.ScalarNode) -> float:
    """Read a number that the unit of the parameter allows."""
    text = node.value
    reason, remedy = "", f"Write {_kind(known)}"
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
        reason, remedy = f"is not a whole number of {unit}s", f"Write {_kind(known)}"
    if reason:
        raise UnfitError(reason, remedy, text)
    return float(text) if "." in text and unit not in _WHOLE_UNITS else int(float(text))


def _read_list(system: TaxBenefitSystem, known: list, node: yaml.Node) -> list[str]:
    """Read a list of codes that the model knows."""
    if not isinstance(node, yaml.SequenceNode):
        reason = "is a single value where a list is expected"
        raise UnfitError(reason, f"Write {_kind(known)}", node.value)
    codes = _codes(system, frozenset(one for listed in known for one in listed))
    items = [one.value for one in node.value]
    for item in items:
        if not isinstance(item, str) or item not in codes:
            shown = item if isinstance(item, str) else "a list in the list"
            close = nearest(shown, codes) if len(codes) else None
            remedy = f'Did you mean "{close}"?' if close else f"Codes: {_some(codes)}"
            reason = "is not one of the codes"
            raise UnfitError(reason, remedy, shown)
    return items


@cache
def _codes(system: TaxBenefitSystem, used: frozenset[str]) -> list[str]:
    """Return the codes of the list of the model to which the used ones belong."""
    lists = [
        {member.name for member in variable.possible_values} - {"none"}
        for variable in system.variables.values()
        if variable.value_type is Enum and variable.possible_values is not Country
    ]
    lists.append({member.name for member in Country} - {"none"})
    fitting = [names for names in lists if used <= names]
    return sorted(min(fitting, key=len) if fitting else used)
