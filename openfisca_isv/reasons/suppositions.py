"""A change said in words: "if the last day agreed were 14 January 2026 or earlier"."""

from collections.abc import Callable

import numpy
from openfisca_core.indexed_enums import Enum

from openfisca_isv.counterfactuals.life import TracedValue
from openfisca_isv.counterfactuals.ranges import Change
from openfisca_isv.counterfactuals.trace import TracedSituation, as_python
from openfisca_isv.names import fold
from openfisca_isv.reasons.chain import plain
from openfisca_isv.reasons.words import Words

#: Members that are all named of an enumeration, and those named of more.
_MOST_MEMBERS = 4
_FEW_MEMBERS = 3


def say(
    words: Words, case: TracedSituation, answer: TracedValue, change: Change
) -> dict:
    """Return a change to a situation in words.

    Returns:
        The input, its value, the nearest value that would do, the range or members
        that would, and a sentence.
    """
    place = change.place
    variable = case.variable(place.variable)

    def python(value: object) -> object:
        return None if value is None else plain(as_python(variable, value))

    text = _supposition(words, case, change)
    if period := words.period(place.when):
        text = words.phrase("in_period", text=text, period=period)
    asked = case.variable(answer.variable).entity
    if variable.entity.is_person and not asked.is_person:
        if variable.entity.key == "mission":
            text = words.phrase("in_mission", text=text, of=case.name(place))
        else:
            text = f"{text} ({case.name(place)})"
    return {
        "variable": place.variable,
        "entity": variable.entity.key,
        "of": case.name(place),
        "period": place.when,
        "label": words.label(variable),
        "given": case.is_given(place),
        "value": plain(case.value(place)),
        "nearest": python(change.nearest),
        "from": python(change.low),
        "to": python(change.high),
        "members": [python(one) for one in change.members],
        "text": text,
    }


def _supposition(words: Words, case: TracedSituation, change: Change) -> str:
    variable = case.variable(change.place.variable)

    def name(value: object) -> str:
        return words.value(variable, as_python(variable, value))

    if variable.value_type is bool:
        return words.supposition(variable, "", "true" if change.nearest else "false")
    if variable.value_type is Enum:
        names = sorted(map(name, change.members), key=fold)
        if len(names) <= _MOST_MEMBERS:
            return words.supposition(variable, _either(words, names), "value")
        named = ", ".join(names[:_FEW_MEMBERS])
        value = words.phrase("one_of", count=len(names), named=named)
        return words.supposition(variable, value, "value")
    if change.low is None and change.high is None:
        return words.phrase("if_given", label=words.label(variable))
    kind = "days" if numpy.issubdtype(variable.dtype, numpy.datetime64) else "more"
    return words.supposition(variable, _range(words, kind, change, name), "value")


def _range(
    words: Words, kind: str, change: Change, name: Callable[[object], str]
) -> str:
    """Return a range of days or numbers in words, the nearest first."""
    low, high = change.low, change.high
    if low is None:
        return words.phrase(f"{kind}_up_to", high=name(high))
    if high is None:
        return words.phrase(f"{kind}_from", low=name(low))
    if low == high:
        return name(low)
    if change.nearest == high:
        return words.phrase(f"{kind}_up_to_not_below", high=name(high), low=name(low))
    return words.phrase(f"{kind}_from_not_above", low=name(low), high=name(high))


def _either(words: Words, names: list[str]) -> str:
    *others, last = names
    return words.phrase("or").join([", ".join(others), last] if others else [last])
