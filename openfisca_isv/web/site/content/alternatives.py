"""What the other readings of the register would change: values, and rules."""

from datetime import date, timedelta
from typing import NamedTuple

from openfisca_isv.reforms.readings import Alternative, alternatives, replaced
from openfisca_isv.web.site.content.parameter_pages import ParameterPage, Value, Version


class OtherValue(NamedTuple):
    """The value that a parameter has under another reading.

    Attributes:
        alternative: The other reading.
        start: The first day on which the value differs.
        end: The last day of that value, where another follows.
        value: The value on those days.
    """

    alternative: Alternative
    start: date
    end: date | None
    value: Value


def other_values(parameter: ParameterPage, version: Version) -> list[OtherValue]:
    """Return what other readings make of a value, on the days on which it applies."""
    found = []
    for alternative in alternatives().values():
        values = alternative.entry.get("parameters", {})
        if parameter.name in values:
            law = {one.start: one.value for one in parameter.versions}
            history = replaced(law, values[parameter.name])
            found += _differing(alternative, history, version)
    return found


def alternatives_of(variable: str, parameters: list[str]) -> list[Alternative]:
    """Return the other readings that change a variable, or a parameter it reads."""
    read = set(parameters)
    return [
        alternative
        for alternative in alternatives().values()
        if variable in alternative.entry.get("variables", ())
        or not read.isdisjoint(alternative.entry.get("parameters", ()))
    ]


def _differing(
    alternative: Alternative, history: dict[date, Value], version: Version
) -> list[OtherValue]:
    """Return the first value of a history that differs from a version, if any does."""
    end = version.end or date.max
    before = [value for day, value in history.items() if day <= version.start]
    values = [(version.start, before[-1] if before else None)]
    values += [one for one in history.items() if version.start < one[0] <= end]
    ends = [day - timedelta(days=1) for day, _ in values[1:]]
    for (day, value), last in zip(values, [*ends, version.end], strict=True):
        if value != version.value:
            return [OtherValue(alternative, day, last, value)]
    return []
