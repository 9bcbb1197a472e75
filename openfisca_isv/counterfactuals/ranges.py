"""Which values of one input make something as wanted, from those that were tried.

Members of an enumeration are those that do. Days and numbers make a range: the
stretch of values that do nearest to the value given, with its two ends, each known
to lie between the last value tried that does and the next one, which does not.
"""

from typing import NamedTuple

import numpy
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.life import TracedValue
from openfisca_isv.counterfactuals.trial_values import (
    from_ticks,
    is_no_day,
    step_of,
    to_ticks,
)

#: Values tried between two, in a round: each day of a year.
_BETWEEN = 366


class Change(NamedTuple):
    """Other values of one input that make something as wanted.

    Days and numbers from ``low`` to ``high``, both included, of which ``nearest`` is
    the nearest to what was given; None is without an end. Or some members.
    """

    place: TracedValue
    nearest: object
    low: object = None
    high: object = None
    members: tuple[int, ...] = ()
    distance: float = 1


class Range:
    """The stretch of days or numbers nearest to the one given that do.

    Args:
        variable: The input.
        value: The value given, which does not; or no day, around which there is none.
        tried: Values that were tried, in their order.
        good: Which of them do; at least one.
        near: Days of the situation, in ticks: what is near where no day is given.
    """

    def __init__(
        self,
        variable: Variable,
        value: object,
        tried: numpy.ndarray,
        good: numpy.ndarray,
        near: numpy.ndarray,
    ) -> None:
        self._variable = variable
        ticks = to_ticks(variable, tried)
        self._base = int(to_ticks(variable, numpy.array([value]))[0])
        self._is_unknown = is_no_day(variable, value)
        self._near = near.tolist() or [0]
        if self._is_unknown:
            apart = numpy.abs(ticks[:, None] - numpy.array(self._near)).min(axis=1)
        else:
            at = numpy.searchsorted(ticks, self._base)
            ticks = numpy.insert(ticks, at, self._base)
            good = numpy.insert(good, at, False)
            apart = numpy.abs(ticks - self._base)
        apart = numpy.where(good, apart, numpy.iinfo(numpy.int64).max)
        low = high = int(numpy.argmin(apart))
        while low > 0 and good[low - 1]:
            low -= 1
        while high < len(good) - 1 and good[high + 1]:
            high += 1
        #: Of each end, the last tick that does, and the next one tried, which does not.
        self._ends: dict[int, tuple[int, int]] = {}
        if low > 0:
            self._ends[0] = (int(ticks[low]), int(ticks[low - 1]))
        if high < len(good) - 1:
            self._ends[1] = (int(ticks[high]), int(ticks[high + 1]))

    def between(self) -> numpy.ndarray:
        """List values to try, so as to know the ends better; none if they are known."""
        ticks = [
            numpy.linspace(good, bad, _BETWEEN + 2)[1:-1].round()
            for good, bad in self._ends.values()
            if abs(good - bad) > 1
        ]
        if not ticks:
            return numpy.array([], dtype=numpy.int64)
        return from_ticks(self._variable, numpy.unique(ticks).astype(numpy.int64))

    def narrow(self, tried: numpy.ndarray, is_good: numpy.ndarray) -> None:
        """Know the ends better, from the values that ``between`` listed."""
        ticks = to_ticks(self._variable, tried)
        for side, end in self._ends.items():
            inside = (ticks > min(end)) & (ticks < max(end))
            order = numpy.argsort(numpy.abs(ticks - end[0]), kind="stable")
            order = order[inside[order]]
            # From the side that does, as far as all do.
            fails = numpy.flatnonzero(~is_good[order])
            first = int(fails[0]) if len(fails) else len(order)
            good = int(ticks[order[first - 1]]) if first else end[0]
            bad = int(ticks[order[first]]) if len(fails) else end[1]
            self._ends[side] = (good, bad)

    def change(self, place: TracedValue) -> Change:
        """Return the change that the range amounts to."""
        low, high = (self._ends.get(side, (None,))[0] for side in (0, 1))
        if self._is_unknown:
            nearest = high if high is not None else low
            nearest = self._near[-1] if nearest is None else nearest
            distance = 0
        else:
            nearest = low if low is not None and low > self._base else high
            distance = abs(nearest - self._base)
        low, high, nearest = (
            None if tick is None else from_ticks(self._variable, numpy.array([tick]))[0]
            for tick in (low, high, nearest)
        )
        return Change(place, nearest, low, high, (), distance * step_of(self._variable))
