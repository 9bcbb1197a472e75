"""The missions of each volunteer in order of time, whatever the order they came in.

A ``Timeline`` sorts arrays of missions by volunteer and rank, works along the
missions of one volunteer or of one engagement, and puts results back in the order of
the population. Nothing here loops over missions or volunteers.
"""

from functools import cached_property
from weakref import WeakKeyDictionary

import numpy
from openfisca_core.periods import Period
from openfisca_core.populations import Population

#: Wider than any number of days, so that two volunteers never mix in a maximum.
_SPREAD = 2**36

#: The timeline that was built last for a population.
_TIMELINES: WeakKeyDictionary[Population, "Timeline"] = WeakKeyDictionary()


def chronological_order(
    volunteers: numpy.ndarray, days: numpy.ndarray, *ties: numpy.ndarray
) -> numpy.ndarray:
    """Give the positions of the missions by volunteer, then by day.

    Args:
        volunteers: Index of the volunteer of each mission, shape ``(missions,)``.
        days: Day by which missions are ranked, shape ``(missions,)``.
        ties: What ranks missions of one volunteer and day, in turn.

    Returns:
        Positions in the population, in order, shape ``(missions,)``.
    """
    keys = volunteers.astype(numpy.int64) * _SPREAD + _spreadable(days)
    # One key sorts ten times faster than many, and days are seldom the same.
    order = numpy.argsort(keys)
    same = numpy.diff(keys[order]) == 0
    if same.any():
        places = numpy.flatnonzero(
            numpy.append(same, False) | numpy.append(False, same)
        )
        tied = numpy.sort(order[places])
        by_rank = [rank[tied] for rank in reversed(ties)]
        order[places] = tied[numpy.lexsort((*by_rank, keys[tied]))]
    return order


class Timeline:
    """Missions sorted by volunteer, then by their rank in the volunteer's life.

    Args:
        volunteers: Index of the volunteer of each mission, shape ``(missions,)``.
        ranks: Rank of each mission in the life of its volunteer, from 1.
    """

    def __init__(self, volunteers: numpy.ndarray, ranks: numpy.ndarray) -> None:
        counts = numpy.bincount(volunteers)
        before = numpy.cumsum(counts) - counts
        self._order = numpy.empty(len(ranks), dtype=numpy.int64)
        self._order[before[volunteers] + ranks - 1] = numpy.arange(len(ranks))
        self.opens_volunteer = ranks[self._order] == 1
        #: The arrays that it was built from.
        self.sources = (volunteers, ranks)
        self._volunteers = volunteers
        self._engagements: numpy.ndarray | None = None

    @classmethod
    def of(cls, mission: Population, period: Period) -> "Timeline":
        """Give the timeline of a population, by the rank of its missions.

        It is built once for as long as the engine keeps the ranks: when an input
        changes they are worked out anew, and are another array.
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
        """Give the timeline of a population, with its engagements."""
        timeline = cls.of(mission, period)
        timeline.mark_engagements(mission("engagement_rank", period))
        return timeline

    def mark_engagements(self, engagements: numpy.ndarray) -> None:
        """Say which engagement each mission is of, by rank, in the given order."""
        if self._engagements is not engagements:
            self._engagements = engagements
            self.__dict__.pop("_engagement", None)
            self.__dict__.pop("_engagement_starts", None)

    @cached_property
    def _volunteer(self) -> numpy.ndarray:
        """Index of the volunteer of each mission, in order of time."""
        return self._volunteers[self._order].astype(numpy.int64)

    @cached_property
    def _volunteer_start(self) -> numpy.ndarray:
        """Place of the first mission of each mission's volunteer."""
        return _last_index_where(self.opens_volunteer)

    @cached_property
    def _engagement(self) -> numpy.ndarray:
        """Index of the engagement of each mission, over all volunteers."""
        opens = self.opens_volunteer | _changes(self._engagements[self._order])
        return numpy.cumsum(opens) - 1

    @cached_property
    def _engagement_starts(self) -> numpy.ndarray:
        """Place of the first mission of each engagement."""
        return numpy.flatnonzero(_changes(self._engagement))

    def sort(self, values: numpy.ndarray) -> numpy.ndarray:
        """Put the values of the population in order of time."""
        return values[self._order]

    def restore(self, values: numpy.ndarray) -> numpy.ndarray:
        """Put values in order of time back in the order of the population."""
        restored = numpy.empty_like(values)
        restored[self._order] = values
        return restored

    def total_before(self, values: numpy.ndarray) -> numpy.ndarray:
        """Sum the values of the volunteer's missions before each, in order of time."""
        before = numpy.cumsum(values) - values
        return before - before[self._volunteer_start]

    def total_on_earlier_days(
        self, days: numpy.ndarray, values: numpy.ndarray
    ) -> numpy.ndarray:
        """Sum the values of the volunteer's missions on earlier days than each.

        Two missions of one day do not count for each other.

        Args:
            days: The day by which missions are ranked, in the population's order.
            values: Integers in the population's order, shape ``(missions,)``.

        Returns:
            Integers in the population's order, shape ``(missions,)``.
        """
        is_new = self.opens_volunteer | _changes(self.sort(days))
        total = self.total_before(self.sort(values))
        return self.restore(total[_last_index_where(is_new)])

    def highest_before(self, values: numpy.ndarray, otherwise: int) -> numpy.ndarray:
        """Give the highest value of the volunteer's missions before each.

        Args:
            values: Integers in order of time, shape ``(missions,)``.
            otherwise: What a volunteer's first mission reads.

        Returns:
            Integers in order of time, shape ``(missions,)``.
        """
        raised = _spreadable(values) + self._volunteer * _SPREAD
        raised = numpy.maximum.accumulate(raised)
        highest = numpy.empty_like(raised)
        highest[1:] = raised[:-1] - self._volunteer[1:] * _SPREAD
        highest[self.opens_volunteer] = otherwise
        return highest

    def engagement_first(self, values: numpy.ndarray) -> numpy.ndarray:
        """Give each mission the value of the first one of its engagement."""
        return values[self._engagement_starts][self._engagement]

    def engagement_highest(self, values: numpy.ndarray) -> numpy.ndarray:
        """Give each mission the highest value of its engagement."""
        highest = numpy.maximum.reduceat(values, self._engagement_starts)
        return highest[self._engagement]

    def previous_engagement(
        self, values: numpy.ndarray, otherwise: object
    ) -> numpy.ndarray:
        """Give each mission a value of the volunteer's engagement before its own.

        Args:
            values: One value an engagement, the same for all missions of one.
            otherwise: What the missions of a volunteer's first engagement read.

        Returns:
            Values in order of time, shape ``(missions,)``.
        """
        start = self._engagement_starts[self._engagement]
        previous = values[start - 1]
        previous[self._volunteer_start == start] = otherwise
        return previous


def _spreadable(values: numpy.ndarray) -> numpy.ndarray:
    """Bring days or integers, however absurd, within the room of one volunteer."""
    return numpy.clip(values.astype(numpy.int64), -_SPREAD // 2, _SPREAD // 2 - 1)


def volunteers_of(mission: Population) -> numpy.ndarray:
    """Give the index of the volunteer of each mission of a population."""
    return mission.simulation.populations["volunteer"].members_entity_id


def _changes(values: numpy.ndarray) -> numpy.ndarray:
    """Tell of each value whether it differs from the one before; the first does."""
    changes = numpy.ones(len(values), dtype=bool)
    changes[1:] = values[1:] != values[:-1]
    return changes


def _last_index_where(condition: numpy.ndarray) -> numpy.ndarray:
    """Give each place the index of the last place up to it that meets the condition."""
    places = numpy.where(condition, numpy.arange(len(condition)), 0)
    return numpy.maximum.accumulate(places)
