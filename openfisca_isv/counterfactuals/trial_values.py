"""Other values that a place might have had, to try them.

Days and numbers are counted in ticks, the smallest difference that makes sense: a
day, a cent, one. They are tried close by one by one, and farther off more widely;
and wherever the law or the situation has a value of the same kind.
"""

from datetime import date
from enum import Enum as Enumeration
from enum import auto

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.dates import NEVER, UNKNOWN_DAY

_NO_DAYS = [numpy.datetime64(day) for day in (UNKNOWN_DAY, NEVER)]
_MONTH = 30.4375
_YEAR = 365.25


class Reach(Enumeration):
    """How many values are tried, and how far off.

    Attributes:
        FEW: So many as tell whether a variable matters at all.
        USUAL: What the parties may agree on.
        FAR: What a fact may be, e.g. a birth.
    """

    FEW = auto()
    USUAL = auto()
    FAR = auto()


#: How far from a day others are tried, in days; and from those of the law.
_USUAL = [*range(1, 32), *(round(_MONTH * months) for months in range(2, 25)), 1096]
_DAYS = {
    Reach.FEW: [1, *(round(_MONTH * months) for months in (1, 6, 12, 24))],
    Reach.USUAL: _USUAL,
    Reach.FAR: [*_USUAL, *(round(_YEAR * years) for years in (5, 8, 10, 15, 20, 30))],
}
_REACH = round(_YEAR * 8)
#: The smallest difference that makes sense, by unit; 1 elsewhere.
_STEPS = {"currency-EUR": 0.01, "/1": 0.001, "year": 0.25}
_CALENDAR = [numpy.datetime64("1900-01-01"), numpy.datetime64("2100-01-01")]
#: How far from a number others are tried, in ticks.
_TICKS = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]
_FEW_TICKS = [1, 10, 100, 10_000]


def trial_values(
    variable: Variable, value: object, anchors: Anchors, reach: Reach = Reach.USUAL
) -> numpy.ndarray:
    """List other values that a variable might have, in the engine's own form.

    Args:
        variable: The variable.
        value: The value that it has.
        anchors: Values of the situation and of the law to try.
        reach: How many of them, and how far off.
    """
    if variable.value_type is bool:
        return numpy.array([not value])
    if variable.value_type is Enum:
        members = numpy.arange(len(variable.possible_values))
        return members[members != int(value)]
    if variable.value_type is date:
        ticks = _days(variable, value, anchors, reach)
    else:
        offsets = _FEW_TICKS if reach is Reach.FEW else _TICKS
        ticks = _numbers(variable, value, anchors, offsets)
    (own,) = to_ticks(variable, numpy.array([value])) if numpy.isfinite(value) else [-1]
    return from_ticks(variable, numpy.unique(ticks[ticks != own]))


def step_of(variable: Variable) -> float:
    """Return the smallest difference of a number that makes sense, in its unit."""
    return _STEPS.get(variable.unit, 1)


def to_ticks(variable: Variable, values: numpy.ndarray) -> numpy.ndarray:
    """Count days from 1970, and numbers in the smallest difference of their unit."""
    if variable.value_type is date:
        return values.astype("datetime64[D]").astype(numpy.int64)
    return numpy.rint(values.astype(float) / step_of(variable)).astype(numpy.int64)


def from_ticks(variable: Variable, ticks: numpy.ndarray) -> numpy.ndarray:
    """Give days and numbers back, in the engine's own form."""
    if variable.value_type is date:
        return ticks.astype("datetime64[D]")
    return numpy.round(ticks * step_of(variable), 6).astype(variable.dtype)


def is_no_day(variable: Variable, value: object) -> bool:
    """Return whether a value says that there is no day, or that it is unknown."""
    return variable.value_type is date and value in _NO_DAYS


def _days(
    variable: Variable, value: object, anchors: Anchors, reach: Reach
) -> numpy.ndarray:
    """List days at some offsets from one, or those of the situation, and of the law."""
    stated, law = (
        to_ticks(variable, days) for days in (anchors.days, anchors.days_of_the_law)
    )
    if not is_no_day(variable, value):
        around = to_ticks(variable, numpy.array([value]))
    else:
        around = stated[:0] if reach is Reach.FEW else stated
    apart = numpy.abs(numpy.subtract.outer(law, around))
    law = law[apart.min(axis=1, initial=_REACH + 1) <= _REACH]
    tried = numpy.append(
        _beside(around, _DAYS[reach]), _beside(numpy.append(law, stated), [1])
    )
    low, high = to_ticks(variable, numpy.array(_CALENDAR))
    return tried[(low < tried) & (tried < high)]


def _numbers(
    variable: Variable, value: float, anchors: Anchors, offsets: list[int]
) -> numpy.ndarray:
    """List numbers around one, and those of the same unit; none is negative."""
    own = [value] if numpy.isfinite(value) else []
    around = to_ticks(variable, numpy.array(own))
    others = to_ticks(variable, numpy.array([*own, *anchors.numbers(variable.unit)]))
    tried = numpy.append(_beside(around, offsets), _beside(others, [1]))
    return numpy.append(tried[tried >= 0], 0)


def _beside(ticks: numpy.ndarray, offsets: list[int]) -> numpy.ndarray:
    """List some ticks, and those at some offsets before and after each."""
    both = [0, *offsets, *(-offset for offset in offsets)]
    return numpy.add.outer(ticks, both).ravel()
