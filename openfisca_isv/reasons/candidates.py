"""Other values that a place might have had, to try them.

Days and numbers are counted in ticks, the smallest difference that makes sense: a
day, a cent, one. They are tried close by one by one, and farther off more widely;
and wherever the law or the situation has a value of the same kind.
"""

from collections.abc import Iterable
from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.dates import NEVER, UNKNOWN_DAY
from openfisca_isv.reasons.outputs import declared, step_of
from openfisca_isv.reasons.parameters import find
from openfisca_isv.reasons.trace import Case, Place

_MONTH = 30.4375
_YEAR = 365.25
#: How far from a day others are tried, in days.
_DAYS = sorted(
    {*range(1, 32)}
    | {round(_MONTH * months) for months in range(1, 25)}
    | {round(_YEAR * 3)}
)
_FEW_DAYS = [1, *(round(_MONTH * months) for months in (1, 6, 12, 24))]
#: And for what is a fact, as a birth; and how far changes of the law are tried.
_FAR_DAYS = [*_DAYS, *(round(_YEAR * years) for years in (5, 8, 10, 15, 20, 30))]
_REACH = round(_YEAR * 8)
#: How far from a number others are tried, in ticks.
_TICKS = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]
_FEW_TICKS = [1, 10, 100, 10_000]


class Anchors:
    """The days and numbers that the situation and the law have, by kind.

    Args:
        case: The situation, traced.
        places: The places whose values count.
    """

    def __init__(self, case: Case, places: Iterable[Place]) -> None:
        self.days: set[int] = set()
        self.days_of_the_law: set[int] = set()
        self._numbers: dict[str | None, set[float]] = {}
        for place in places:
            variable = case.variable(place.variable)
            value = case.values(place.step)[place.row]
            if variable.value_type is date:
                self.days.add(_tick(value))
            elif variable.value_type in (int, float) and numpy.isfinite(value):
                self._numbers.setdefault(variable.unit, set()).add(float(value))
            node = case.nodes.get(place.step)
            for one in node.parameters if node else ():
                self._add_parameter(case, one.name, one.value)
        self.days -= {_tick(numpy.datetime64(day)) for day in (UNKNOWN_DAY, NEVER)}

    def numbers(self, unit: str | None) -> set[float]:
        """Give the numbers of a unit."""
        return self._numbers.get(unit, set())

    def _add_parameter(self, case: Case, name: str, value: object) -> None:
        """Add the value of a parameter, and the days on which it changes."""
        parameter = find(case, name)
        for one in getattr(parameter, "values_list", ()):
            self.days_of_the_law.add(_tick(numpy.datetime64(one.instant_str)))
        unit = parameter.metadata.get("unit")
        if isinstance(value, dict):
            threshold_unit = parameter.metadata.get("threshold_unit")
            self._numbers.setdefault(threshold_unit, set()).update(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self._numbers.setdefault(unit, set()).add(float(value))


def candidates(
    variable: Variable, value: object, anchors: Anchors, *, few: bool = False
) -> numpy.ndarray:
    """List other values that a variable might have, in the engine's own form.

    Args:
        variable: The variable.
        value: The value that it has.
        anchors: Values of the situation and of the law to try.
        few: Try few of them, to find out whether the variable matters at all.
    """
    if variable.value_type is bool:
        return numpy.array([not value])
    if variable.value_type is Enum:
        members = numpy.arange(len(variable.possible_values))
        return members[members != int(value)]
    if variable.value_type is date:
        is_fact = variable.name in declared("facts")
        offsets = _FEW_DAYS if few else _FAR_DAYS if is_fact else _DAYS
        is_day = not is_no_day(variable, value)
        around = {_tick(value)} if is_day else set() if few else anchors.days
        ticks = _days(_tick(value), around, anchors, offsets)
    else:
        ticks = _numbers(variable, float(value), anchors, _FEW_TICKS if few else _TICKS)
    return from_ticks(variable, ticks)


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
    """Tell whether a value says that there is no day, or that it is unknown."""
    return variable.value_type is date and _tick(value) in {
        _tick(numpy.datetime64(day)) for day in (UNKNOWN_DAY, NEVER)
    }


def _days(
    day: int, around: set[int], anchors: Anchors, offsets: list[int]
) -> numpy.ndarray:
    """List days other than one, at some offsets around days, and those of the law."""
    tried = {
        *(one + sign * offset for one in around for offset in offsets for sign in _BOTH)
    }
    of_the_law = {
        one
        for one in anchors.days_of_the_law
        if any(abs(one - other) <= _REACH for other in around)
    }
    for one in anchors.days | of_the_law:
        tried |= {one - 1, one, one + 1}
    low, high = (_tick(numpy.datetime64(one)) for one in ("1900-01-01", "2100-01-01"))
    tried = {one for one in tried if low < one < high} - {day}
    return numpy.array(sorted(tried), dtype=numpy.int64)


def _numbers(
    variable: Variable, number: float, anchors: Anchors, offsets: list[int]
) -> numpy.ndarray:
    """List numbers around one, and those of the same unit; none is negative."""
    values = numpy.array([number, *anchors.numbers(variable.unit)])
    base, *others = to_ticks(variable, values[numpy.isfinite(values)]).tolist() or [0]
    tried = {0, *(base + sign * offset for offset in offsets for sign in _BOTH)}
    for other in (*others, base):
        tried |= {other - 1, other, other + 1}
    tried = {one for one in tried if one >= 0} - {base}
    return numpy.array(sorted(tried), dtype=numpy.int64)


_BOTH = (-1, 1)


def _tick(day: numpy.datetime64) -> int:
    """Count the days from 1970 to a day."""
    return int(day.astype("datetime64[D]").astype(numpy.int64))
