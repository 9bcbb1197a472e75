"""Calendar and lives for the hand-written program: missions in order of time."""

from typing import NamedTuple

import numpy

DAY = numpy.timedelta64(1, "D")


class Split(NamedTuple):
    """Days as months since 1970, days of the month from 0, and days of that month."""

    month: numpy.ndarray
    day: numpy.ndarray
    length: numpy.ndarray

    def of(self, rows: numpy.ndarray) -> "Split":
        """Give the split days of some rows."""
        return Split(self.month[rows], self.day[rows], self.length[rows])


def split(days: numpy.ndarray) -> Split:
    """Split days into months and days of the month."""
    month = days.astype("datetime64[M]")
    first = month.astype("datetime64[D]")
    length = (month + 1).astype("datetime64[D]") - first
    return Split(month.astype(int), (days - first).astype(int), length.astype(int))


def add_months(days: Split, months: numpy.ndarray | int) -> numpy.ndarray:
    """Add months; the last day of the month stands for a day that it has not."""
    month = (days.month + months).astype("datetime64[M]")
    last_day = (month + 1).astype("datetime64[D]") - DAY
    return numpy.minimum(month.astype("datetime64[D]") + days.day, last_day)


def complete_months(first: Split, after: Split) -> numpy.ndarray:
    """Count the complete months from a first day to the day after the last."""
    is_short = numpy.minimum(first.day, after.length - 1) > after.day
    return after.month - first.month - is_short


def days_left(first: Split, after: Split, months: numpy.ndarray) -> numpy.ndarray:
    """Count the days from the last complete month to the day after the last."""
    day = after.month.astype("datetime64[M]").astype("datetime64[D]") + after.day
    return (day - add_months(first, months)).astype(int)


class Lives:
    """What depends on the other missions of the same volunteer.

    Missions are sorted by volunteer, first day, last day served and last day agreed;
    those with unknown days come last. Results are put back in the given order.
    """

    def __init__(
        self,
        volunteer: numpy.ndarray,
        is_known: numpy.ndarray,
        start: numpy.ndarray,
        served_end: numpy.ndarray,
        end: numpy.ndarray,
    ) -> None:
        origin = start[is_known].min()
        last = numpy.maximum(served_end, end)[is_known].max()
        # More days than the study has, so that two volunteers never mix in one number.
        span = int((last - origin).astype(int)) + 3
        first, served, agreed = (
            numpy.where(is_known, (days - origin).astype(int), span - 1)
            for days in (start, served_end, end)
        )
        # One number to sort by: good for twenty million volunteers over twenty years.
        key = ((volunteer * span + first) * span + served) * span + agreed
        order = numpy.argsort(key, kind="stable")
        self._origin, self._order = origin, order
        self._volunteer = volunteer[order]
        self._place = numpy.arange(len(order))
        self._opens_life = numpy.ones(len(order), dtype=bool)
        self._opens_life[1:] = self._volunteer[1:] != self._volunteer[:-1]
        self._life_start = self._last_place(self._opens_life)
        self._first = first[order]

        served = served[order] - (1 - is_known[order])
        latest = numpy.maximum.accumulate(served + self._volunteer * span)
        opens = self._opens_life.copy()
        opens[1:] |= self._first[1:] + self._volunteer[1:] * span > latest[:-1] + 1
        self._starts = numpy.flatnonzero(opens)
        self._engagement = numpy.cumsum(opens) - 1
        self._engagement_first = self._first[self._starts]
        self._engagement_last = numpy.maximum.reduceat(served, self._starts)
        agreed_last = numpy.maximum.reduceat(agreed[order], self._starts)
        #: The row of the mission that opens the engagement of each.
        self.engagement_opener = self._restore(order[self._starts][self._engagement])
        agreed_last = self._restore(agreed_last[self._engagement])
        self.engagement_agreed_end = origin + agreed_last
        is_last = served == self._engagement_last[self._engagement]
        last = numpy.where(is_last & is_known[order], self._place, -1)
        last = numpy.maximum.reduceat(last, self._starts)
        self.is_last_of_engagement = self._restore(
            last[self._engagement] == self._place
        )
        self.is_first = self._restore(self._opens_life)

    def total_before(self, values: numpy.ndarray) -> numpy.ndarray:
        """Sum the values of the volunteer's missions before each."""
        return self._restore(self._total_before(values))

    def total_on_earlier_days(self, values: numpy.ndarray) -> numpy.ndarray:
        """Sum the values of the volunteer's missions that start before each."""
        is_new = self._opens_life.copy()
        is_new[1:] |= self._first[1:] != self._first[:-1]
        return self._restore(self._total_before(values)[self._last_place(is_new)])

    def is_too_close_to_a_right(self, meets: numpy.ndarray) -> numpy.ndarray:
        """Tell whether an engagement follows a right by twelve months or less."""
        rights = numpy.logical_or.reduceat(meets[self._order], self._starts)
        before = numpy.cumsum(rights) - rights
        life = self._engagement[self._life_start[self._starts]]
        rows = numpy.flatnonzero(rights & (before > before[life]))
        previous_end = split(self._origin + self._engagement_last[rows - 1])
        start = self._origin + self._engagement_first[rows]
        is_too_close = numpy.zeros(len(self._starts), dtype=bool)
        is_too_close[rows] = start <= add_months(previous_end, 12)
        return self._restore(is_too_close[self._engagement])

    def quarters(
        self, first: numpy.datetime64, last: numpy.datetime64
    ) -> numpy.ndarray:
        """Count the blocks of 90 days of engagement that end in a year, at most 4."""

        def blocks_until(day: numpy.datetime64) -> numpy.ndarray:
            until = numpy.minimum(
                self._engagement_last, (day - self._origin).astype(int)
            )
            return numpy.maximum(until - self._engagement_first + 1, 0) // 90

        blocks = blocks_until(last) - blocks_until(first - DAY)
        volunteer = self._volunteer[self._starts]
        return numpy.minimum(numpy.bincount(volunteer, blocks), 4).astype(int)

    def _total_before(self, values: numpy.ndarray) -> numpy.ndarray:
        values = values[self._order]
        before = numpy.cumsum(values) - values
        return before - before[self._life_start]

    def _last_place(self, condition: numpy.ndarray) -> numpy.ndarray:
        return numpy.maximum.accumulate(numpy.where(condition, self._place, 0))

    def _restore(self, values: numpy.ndarray) -> numpy.ndarray:
        restored = numpy.empty_like(values)
        restored[self._order] = values
        return restored
