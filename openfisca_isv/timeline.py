"""The missions of each volunteer in order of time, whatever the order they came in.

A ``Timeline`` sorts missions by volunteer and rank, and works along the missions of
one volunteer or of one engagement. Its methods take and return arrays in the order of
the population, one row per mission. Nothing here loops over missions or volunteers.
"""

from functools import cached_property
from weakref import WeakKeyDictionary

import numpy
from openfisca_core.periods import Period
from openfisca_core.populations import Population

#: Wider than any number of days, so that two volunteers never mix in a maximum.
_SPREAD = 1 << 36

#: The timeline that was built last for a population.
_TIMELINES: WeakKeyDictionary[Population, "Timeline"] = WeakKeyDictionary()


def ranks_in_life(volunteers: numpy.ndarray, *days: numpy.ndarray) -> numpy.ndarray:
    """Return the rank of each mission among those of its volunteer, from 1.

    Args:
        volunteers: Index of the volunteer of each mission, shape ``(missions,)``.
        days: Days by which missions are ranked, the first ones first, then what
            ranks missions of one day, in turn; each of shape ``(missions,)``.

    Returns:
        Ranks, shape ``(missions,)``.
    """
    ranks = numpy.ones(len(volunteers), dtype=numpy.int32)
    # Most volunteers have one mission: only the others are sorted.
    rows = numpy.flatnonzero(numpy.bincount(volunteers)[volunteers] > 1)
    volunteers = volunteers[rows]
    order = chronological_order(volunteers, *(day[rows] for day in days))
    volunteers = volunteers[order]
    first = numpy.searchsorted(volunteers, volunteers)
    ranks[rows[order]] = numpy.arange(len(rows)) - first + 1
    return ranks


def chronological_order(
    volunteers: numpy.ndarray, days: numpy.ndarray, *ties: numpy.ndarray
) -> numpy.ndarray:
    """Return the positions of the missions by volunteer, then by day.

    Args:
        volunteers: Index of the volunteer of each mission, shape ``(missions,)``.
        days: Day by which missions are ranked, shape ``(missions,)``.
        ties: What ranks missions of one volunteer and day, in turn.

    Returns:
        Positions in the population, in order, shape ``(missions,)``.
    """
    keys = volunteers.astype(numpy.int64) * _SPREAD + _clipped(days)
    # One key sorts ten times faster than many, and days are seldom the same.
    order = numpy.argsort(keys)
    same = numpy.diff(keys[order]) == 0
    if same.any():
        positions = numpy.flatnonzero(
            numpy.append(same, False) | numpy.append(False, same)
        )
        tied = numpy.sort(order[positions])
        by_rank = [rank[tied] for rank in reversed(ties)]
        order[positions] = tied[numpy.lexsort((*by_rank, keys[tied]))]
    return order


class Timeline:
    """The missions of each volunteer, by their rank in the volunteer's life.

    Args:
        volunteers: Index of the volunteer of each mission, shape ``(missions,)``.
        ranks: Rank of each mission in the life of its volunteer, from 1.
    """

    def __init__(self, volunteers: numpy.ndarray, ranks: numpy.ndarray) -> None:
        counts = numpy.bincount(volunteers)
        before = numpy.cumsum(counts) - counts
        #: The positions of the missions, in order of time.
        self._order = numpy.empty(len(ranks), dtype=numpy.int64)
        self._order[before[volunteers] + ranks - 1] = numpy.arange(len(ranks))
        self._opens_volunteer = ranks[self._order] == 1
        #: The arrays that it was built from.
        self.sources = (volunteers, ranks)
        self._volunteers = volunteers
        self._engagements: numpy.ndarray | None = None

    @classmethod
    def of(cls, mission: Population, period: Period) -> "Timeline":
        """Return the timeline of a population, by the rank of its missions.

        It is built once for as long as the engine keeps the ranks: when an input
        changes they are computed again, and are another array.
        """
        sources = (volunteers_of(mission), mission("mission_rank", period))
        timeline = _TIMELINES.get(mission)
        if timeline is None or any(
            new is not old for new, old in zip(sources, timeline.sources, strict=True)
        ):
            timeline = _TIMELINES[mission] = cls(*sources)
        return timeline

    @classmethod
    def with_engagements(cls, mission: Population, period: Period) -> "Timeline":
        """Return the timeline of a population, with its engagements."""
        timeline = cls.of(mission, period)
        timeline.mark_engagements(mission("engagement_rank", period))
        return timeline

    def mark_engagements(self, engagements: numpy.ndarray) -> None:
        """Keep the rank of each mission's engagement in the volunteer's life."""
        if self._engagements is not engagements:
            self._engagements = engagements
            self.__dict__.pop("_engagement", None)
            self.__dict__.pop("_engagement_starts", None)

    # Along the missions of one volunteer.

    def total_before(self, values: numpy.ndarray) -> numpy.ndarray:
        """Return the sum of the volunteer's missions before each, of integers."""
        return self._restore(self._total_before(self._sort(values)))

    def total_on_earlier_days(
        self, days: numpy.ndarray, values: numpy.ndarray
    ) -> numpy.ndarray:
        """Return the sum of the volunteer's missions on earlier days than each.

        Two missions of one day do not count for each other.

        Args:
            days: The day by which missions are ranked, shape ``(missions,)``.
            values: Integers, shape ``(missions,)``.
        """
        is_new = self._opens_volunteer | _changes(self._sort(days))
        total = self._total_before(self._sort(values))
        return self._restore(total[_last_index_where(is_new)])

    def highest_before(self, values: numpy.ndarray, otherwise: int) -> numpy.ndarray:
        """Return the highest value of the volunteer's missions before each.

        Args:
            values: Days or integers, shape ``(missions,)``.
            otherwise: What a volunteer's first mission reads.

        Returns:
            64-bit integers, shape ``(missions,)``.
        """
        return self._restore(self._highest_before(self._sort(values), otherwise))

    def is_first_where(self, condition: numpy.ndarray) -> numpy.ndarray:
        """Return whether each is the volunteer's first mission with the condition."""
        return condition & (self.total_before(condition.astype(numpy.int64)) == 0)

    def engagement_ranks(
        self, start: numpy.ndarray, end: numpy.ndarray
    ) -> numpy.ndarray:
        """Return the rank of each mission's engagement in the volunteer's life.

        A new engagement opens more than a day after all earlier missions ended.
        """
        start, end = (self._sort(day).astype(numpy.int64) for day in (start, end))
        ended = self._highest_before(end, otherwise=0)
        opens = self._opens_volunteer | (start > ended + 1)
        return self._restore(self._total_before(opens.astype(int)) + opens)

    # Along the missions of one engagement.

    def engagement_first(self, values: numpy.ndarray) -> numpy.ndarray:
        """Return the value of the first mission of each mission's engagement."""
        values = self._sort(values)
        return self._restore(values[self._engagement_starts][self._engagement])

    def engagement_highest(self, values: numpy.ndarray) -> numpy.ndarray:
        """Return the highest value of each mission's engagement."""
        highest = numpy.maximum.reduceat(self._sort(values), self._engagement_starts)
        return self._restore(highest[self._engagement])

    def any_in_engagement(self, condition: numpy.ndarray) -> numpy.ndarray:
        """Return whether a mission of each mission's engagement has the condition."""
        return self.engagement_highest(condition)

    def is_last_in_engagement_where(self, condition: numpy.ndarray) -> numpy.ndarray:
        """Return whether each is its engagement's last mission with the condition."""
        position = self._restore(numpy.arange(len(condition)))
        last = self.engagement_highest(numpy.where(condition, position, -1))
        return last == position

    def any_in_earlier_engagements(self, condition: numpy.ndarray) -> numpy.ndarray:
        """Return whether a mission of an earlier engagement has the condition."""
        before = self.highest_before(condition.astype(numpy.int64), otherwise=0)
        return self.engagement_first(before).astype(bool)

    def of_previous_engagement(
        self, values: numpy.ndarray, otherwise: object
    ) -> numpy.ndarray:
        """Return a value of the volunteer's engagement before each mission's own.

        Args:
            values: One value per engagement, the same for all missions of one.
            otherwise: What the missions of a volunteer's first engagement read.
        """
        start = self._engagement_starts[self._engagement]
        previous = self._sort(values)[start - 1]
        previous[self._volunteer_start == start] = otherwise
        return self._restore(previous)

    # In order of time.

    def _sort(self, values: numpy.ndarray) -> numpy.ndarray:
        return values[self._order]

    def _restore(self, values: numpy.ndarray) -> numpy.ndarray:
        restored = numpy.empty_like(values)
        restored[self._order] = values
        return restored

    def _total_before(self, values: numpy.ndarray) -> numpy.ndarray:
        before = numpy.cumsum(values) - values
        return before - before[self._volunteer_start]

    def _highest_before(self, values: numpy.ndarray, otherwise: int) -> numpy.ndarray:
        raised = _clipped(values) + self._volunteer * _SPREAD
        raised = numpy.maximum.accumulate(raised)
        highest = numpy.empty_like(raised)
        highest[1:] = raised[:-1] - self._volunteer[1:] * _SPREAD
        highest[self._opens_volunteer] = otherwise
        return highest

    @cached_property
    def _volunteer(self) -> numpy.ndarray:
        """Index of the volunteer of each mission."""
        return self._volunteers[self._order].astype(numpy.int64)

    @cached_property
    def _volunteer_start(self) -> numpy.ndarray:
        """Position of the first mission of each mission's volunteer."""
        return _last_index_where(self._opens_volunteer)

    @cached_property
    def _engagement(self) -> numpy.ndarray:
        """Index of the engagement of each mission, over all volunteers."""
        opens = self._opens_volunteer | _changes(self._engagements[self._order])
        return numpy.cumsum(opens) - 1

    @cached_property
    def _engagement_starts(self) -> numpy.ndarray:
        """Position of the first mission of each engagement."""
        return numpy.flatnonzero(_changes(self._engagement))


def volunteers_of(mission: Population) -> numpy.ndarray:
    """Return the index of the volunteer of each mission of a population."""
    return mission.simulation.populations["volunteer"].members_entity_id


def _clipped(values: numpy.ndarray) -> numpy.ndarray:
    """Clip values so that the sort keys of two volunteers cannot overlap."""
    return numpy.clip(values.astype(numpy.int64), -_SPREAD // 2, _SPREAD // 2 - 1)


def _changes(values: numpy.ndarray) -> numpy.ndarray:
    """Return whether each value differs from the one before; the first does."""
    changes = numpy.ones(len(values), dtype=bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _last_index_where(condition: numpy.ndarray) -> numpy.ndarray:
    """Return the last index up to each position at which the condition holds."""
    positions = numpy.where(condition, numpy.arange(len(condition)), 0)
    return numpy.maximum.accumulate(positions)
