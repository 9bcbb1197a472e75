"""The parameters of the law that can have values, and what is known of them."""

import re
from collections.abc import Mapping

from openfisca_core.parameters import (
    Parameter,
    ParameterNode,
    ParameterScale,
    ParameterScaleBracket,
)
from openfisca_core.periods import instant

from openfisca_isv.population.language import say, words
from openfisca_isv.population.tables.cells import nearest
from openfisca_isv.situations.problems import UnfitError

_STEP = re.compile(r"[^[]+\[\d{1,3}\](\.\w+)?")
_MOST_SHOWN = 4


def find_parameter(parameters: ParameterNode, name: str) -> Parameter:
    """Find a parameter by its dotted name; steps of a scale are ``scale[0].amount``.

    Raises:
        UnfitError: There is none that can have values.
    """
    named, leaves = _by_name(parameters), [*leaf_parameters(parameters)]
    found = named.get(name)
    if isinstance(found, Parameter):
        return found
    scale = name.partition("[")[0]
    steps = some_of([one for one in leaves if one.startswith(f"{scale}[")])
    if isinstance(found, ParameterScale | ParameterScaleBracket):
        reason = "is a scale, whose steps have values of their own"
        raise UnfitError(reason, f"Write one of {steps}")
    if isinstance(found, ParameterNode):
        inside = [one for one in leaves if one.startswith(f"{name}.")]
        reason = "is a group of parameters"
        raise UnfitError(reason, f"Write one of them, as {some_of(inside)}")
    if _STEP.fullmatch(name) and isinstance(named.get(scale), ParameterScale):
        reason = "is not part of the scale"
        raise UnfitError(reason, f"Its parts are {steps}")
    close = nearest(name, leaves)
    last = name.rpartition(".")[2]
    same = [one for one in leaves if one.rpartition(".")[2] == last]
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
                step = f"{one.name}[{rank}]"
                named[step] = bracket
                for part, child in bracket.children.items():
                    named[f"{step}.{part}"] = child
    return named


def leaf_parameters(parameters: ParameterNode) -> dict[str, Parameter]:
    """Return every parameter that has values, parts of scales included, by name."""
    found = _by_name(parameters).items()
    return {name: one for name, one in found if isinstance(one, Parameter)}


def scales_of(parameters: ParameterNode) -> dict[str, ParameterScale]:
    """Return every scale, by name."""
    found = _by_name(parameters).items()
    return {name: one for name, one in found if isinstance(one, ParameterScale)}


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
    named = _by_name(parameters)
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
