"""Other values that a place might have had, to try them.

Days and numbers are counted in ticks, the smallest difference that makes sense: a
day, a cent, one. They are tried on both sides of where the rules may tell them apart.
"""

from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.dates import NEVER, UNKNOWN_DAY

#: The days that say that there is none, or that it is unknown.
NO_DAYS = [numpy.datetime64(day) for day in (UNKNOWN_DAY, NEVER)]
#: How far from a day changes of the law are tried, in days.
_REACH = 2922
#: The smallest difference that makes sense, by unit; 1 elsewhere.
_STEPS = {"currency-EUR": 0.01, "/1": 0.001, "year": 0.25}
_FIRST, _LAST = numpy.datetime64("1900-01-01"), numpy.datetime64("2100-01-01")
#: How far from a number others are tried, in ticks.
_TICKS = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]
_FEW_TICKS = [1, 10, 100, 10_000]


def trial_values(
    variable: Variable, value: object, anchors: Anchors, *, few: bool = False
) -> numpy.ndarray:
    """List other values that a variable might have, in the engine's own form.

    Args:
        variable: The variable.
        value: The value that it has.
        anchors: Where the rules may tell values apart.
        few: Try fewer of them, for each of many variables.
    """
    if variable.value_type is bool:
        return numpy.array([not value])
    if variable.value_type is Enum:
        members = numpy.arange(len(variable.possible_values))
        return members[members != int(value)]
    own = numpy.array([value])
    own = own[numpy.isfinite(own) & ~numpy.isin(own, NO_DAYS)]
    if variable.value_type is date:
        ticks = _days(own, anchors, few=few)
    else:
        numbers = to_ticks(variable, numpy.array(anchors.numbers(variable.unit)))
        ticks = to_ticks(variable, own)
        ticks = _near(ticks, _FEW_TICKS if few else _TICKS)
        ticks = numpy.concatenate([ticks, _near(numbers, [1]), [0]])
        ticks = ticks[ticks >= 0]
    return from_ticks(variable, numpy.setdiff1d(ticks, to_ticks(variable, own)))


def step_of(variable: Variable) -> float:
    """Return the smallest difference of a number that makes sense, in its unit."""
    return _STEPS.get(variable.unit, 1)


def to_ticks(variable: Variable, values: numpy.ndarray) -> numpy.ndarray:
    """Count days from 1970, and numbers in the smallest difference of their unit."""
    if variable.value_type is date:
        return values.astype("datetime64[D]").astype(numpy.int64)
    return numpy.rint(values.astype(float) / step_of(variable)).astype(numpy.int64)


def from_ticks(variable: Variable, ticks: numpy.ndarray) -> numpy.ndarray:
    """Return days and numbers in the engine's own form."""
    if variable.value_type is date:
        return ticks.astype("datetime64[D]")
    return numpy.round(ticks * step_of(variable), 6).astype(variable.dtype)


def is_no_day(variable: Variable, value: object) -> bool:
    """Return whether a value says that there is no day, or that it is unknown."""
    return variable.value_type is date and value in NO_DAYS


def _days(own: numpy.ndarray, anchors: Anchors, *, few: bool) -> numpy.ndarray:
    """List days on both sides of those on which the rules may tell days apart."""
    days = anchors.days if not few else own
    near = own if few or len(own) else anchors.days
    apart = numpy.abs(numpy.subtract.outer(anchors.days_of_the_law, near).astype(int))
    law = anchors.days_of_the_law[apart.min(axis=1, initial=_REACH + 1) <= _REACH]
    borders = numpy.concatenate([anchors.days, law, anchors.around(days)])
    borders = borders[(borders > _FIRST) & (borders < _LAST)]
    # Where few are tried, the first day of each stretch stands for it.
    sides = [0, 1] if few else [-1, 0, 1]
    return numpy.add.outer(borders.astype(int), sides).ravel()


def _near(ticks: numpy.ndarray, offsets: list[int]) -> numpy.ndarray:
    both = [0, *offsets, *(-offset for offset in offsets)]
    return numpy.add.outer(ticks, both).ravel()
