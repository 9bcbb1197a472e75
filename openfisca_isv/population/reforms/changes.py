"""The parameters of the law by name, and what a reform changes of them and of rules."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import groupby, pairwise

import pyarrow as pa
from openfisca_core.parameters import (
    Parameter,
    ParameterNode,
    ParameterScale,
    ParameterScaleBracket,
)
from openfisca_core.periods import instant
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.names import nearest
from openfisca_isv.population.language import say, words
from openfisca_isv.situations.problems import UnfitError

_COLUMNS = ("parameter", "label", "unit", "from", "until", "value_law", "value_reform")
_STEP = re.compile(r"[^[]+\[\d{1,3}\](\.\w+)?")
_MOST_SHOWN = 4


def find_parameter(parameters: ParameterNode, name: str) -> Parameter:
    """Find a parameter by its dotted name; steps of a scale are ``scale[0].amount``."""
    named = by_name(parameters)
    found = named.get(name)
    if isinstance(found, Parameter):
        return found
    raise UnfitError(*_no_parameter(named, name))


def _no_parameter(named: Mapping[str, object], name: str) -> tuple[str, str]:
    """Return why a name is none of a parameter, and the remedy."""
    leaves = [one for one, found in named.items() if isinstance(found, Parameter)]
    found, scale = named.get(name), name.partition("[")[0]
    steps = some_of([one for one in leaves if one.startswith(f"{scale}[")])
    if isinstance(found, ParameterScale | ParameterScaleBracket):
        reason = "is a scale, whose steps have values of their own"
        return reason, f"Write one of {steps}"
    if isinstance(found, ParameterNode):
        inside = some_of([one for one in leaves if one.startswith(f"{name}.")])
        return "is a group of parameters", f"Write one of them, as {inside}"
    if _STEP.fullmatch(name) and isinstance(named.get(scale), ParameterScale):
        return "is not part of the scale", f"Its parts are {steps}"
    close = nearest(name, leaves)
    last = name.rpartition(".")[2]
    same = [one for one in leaves if one.rpartition(".")[2] == last]
    if same and (close is None or not close.endswith(last)):
        close = same[0]
    remedy = f'Did you mean "{close}"?' if close else "See the parameters of the model"
    return "is not a parameter of the law", remedy


def by_name(parameters: ParameterNode, kind: type = object) -> dict[str, object]:
    """Return what is of a kind in the tree of parameters, parts of scales included."""
    named: dict[str, object] = {}
    for one in parameters.get_descendants():
        named[one.name] = one
        if isinstance(one, ParameterScale):
            for rank, bracket in enumerate(one.brackets):
                step = f"{one.name}[{rank}]"
                named[step] = bracket
                for part, child in bracket.children.items():
                    named[f"{step}.{part}"] = child
    return {name: one for name, one in named.items() if isinstance(one, kind)}


def changed_parameters(
    parameters: ParameterNode, values: Mapping[str, Mapping[str, object]]
) -> ParameterNode:
    """Return some parameters their values, each from the first of its days on."""
    for name, dated in values.items():
        parameter = find_parameter(parameters, name)
        for day in sorted(dated):
            parameter.update(start=instant(day), value=dated[day])
    return parameters


def some_of(names: list[str]) -> str:
    """List a few of the names."""
    if len(names) > _MOST_SHOWN:
        return f"{', '.join(names[: _MOST_SHOWN - 1])}, ... or {names[-1]}"
    return ", ".join(names)


def metadata_of(parameters: ParameterNode, name: str) -> dict[str, str]:
    """Return the label and the unit of a parameter, or of the scale it is part of."""
    named = by_name(parameters)
    scale, bracket, part = name.partition("[")
    metadata = dict(named[scale if bracket else name].metadata or {})
    label = words().parameter(metadata, "") or named[name].description or ""
    unit = metadata.get("unit") or ""
    if bracket:
        number, _, kind = part.partition("].")
        label += say(", step {number}, {kind}", number=number, kind=say(kind))
        if kind == "threshold":
            unit = metadata.get("threshold_unit") or ""
    return {"label": label, "unit": "" if unit == "none" else unit}


def parameter_changes(law: TaxBenefitSystem, reform: TaxBenefitSystem) -> pa.Table:
    """List the parameters that differ, and when: one row per span of days.

    Returns:
        ``parameter``, its ``label`` and ``unit``, the first and the last day of the
        span (``until`` is empty where it has no end), and the two values in words;
        "no value" where the law gives none, numbers without separators.
    """
    before, after = (by_name(one.parameters, Parameter) for one in (law, reform))
    rows = []
    for name in sorted(before.keys() | after.keys()):
        about = metadata_of((law if name in before else reform).parameters, name)
        spans = _differences(before.get(name), after.get(name))
        rows += [{"parameter": name} | about | span for span in spans]
    schema = pa.schema([(name, pa.string()) for name in _COLUMNS])
    return pa.Table.from_pylist(rows, schema)


def rule_changes(before: Mapping[str, Variable], reform: TaxBenefitSystem) -> list[str]:
    """Name the variables that a reform computes otherwise, adds or removes.

    ``before`` has those that the reform found.
    """
    told = []
    for name in changed_rules(before, reform):
        variable = reform.variables.get(name) or before[name]
        label = variable.label and words().label(variable)
        told.append(say("{column}: ", column=name) + label if label else name)
    return told


def changed_rules(
    before: Mapping[str, Variable], reform: TaxBenefitSystem
) -> list[str]:
    """Return the names alone of ``rule_changes``."""
    names = sorted(before.keys() | reform.variables.keys())
    return [one for one in names if before.get(one) is not reform.variables.get(one)]


def changed_names(
    law: TaxBenefitSystem, before: Mapping[str, Variable], reform: TaxBenefitSystem
) -> set[str]:
    """Return the names of the parameters and variables that a reform changes."""
    parameters = parameter_changes(law, reform)["parameter"].to_pylist()
    return {*parameters, *changed_rules(before, reform)}


def first_change(
    law: TaxBenefitSystem, before: Mapping[str, Variable], reform: TaxBenefitSystem
) -> str | None:
    """Return the first day on which a reform differs from the law in force.

    Returns:
        The day; "" where a rule changes, which has none; nothing if they are the same.
    """
    if changed_rules(before, reform):
        return ""
    return min(parameter_changes(law, reform)["from"].to_pylist(), default=None)


def values_in_force(
    system: TaxBenefitSystem, first_year: int, last_year: int
) -> dict[str, dict[str, object]]:
    """Return the values of each parameter over some years, by their first day.

    The value in force on the first of January is there under the day it dates from.
    """
    first, last = f"{first_year:04}-01-01", f"{last_year:04}-12-31"
    found = {}
    for name, parameter in by_name(system.parameters, Parameter).items():
        dated = _by_day(parameter)
        since = max((day for day in dated if day <= first), default=first)
        found[name] = {day: dated[day] for day in sorted(dated) if since <= day <= last}
    return found


def last_valid_days(system: TaxBenefitSystem) -> dict[str, str]:
    """Return the day on which each parameter was last known to be in force."""
    return {
        one.name: str(one.metadata["last_value_still_valid_on"])
        for one in system.parameters.get_descendants()
        if one.metadata.get("last_value_still_valid_on")
    }


def _differences(
    before: Parameter | None, after: Parameter | None
) -> Iterator[dict[str, str]]:
    """Yield the spans of days over which two versions of a parameter differ."""
    dated = [_by_day(one) for one in (before, after)]
    if dated[0] == dated[1]:
        return

    def texts_on(day: str) -> tuple[str, str]:
        return tuple(_text(one(day) if one else None) for one in (before, after))

    days = sorted({*dated[0], *dated[1]})
    spans = [(next(some), texts) for texts, some in groupby(days, texts_on)]
    for (day, (law, reform)), (following, _) in pairwise([*spans, ("", ())]):
        if law != reform:
            last = following and date.fromisoformat(following) - timedelta(days=1)
            yield {"from": day, "until": str(last)} | {
                "value_law": law,
                "value_reform": reform,
            }


def _by_day(parameter: Parameter | None) -> dict[str, object]:
    listed = parameter.values_list if parameter else []
    return {one.instant_str: one.value for one in listed}


def _text(value: object) -> str:
    if value is None:
        return say("no value")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(value)
    return f"{value}"
