"""What the formulas of the model call, for rows that are known only between bounds.

Each function stands for the one of the same name, and gives bounds of what it would
give: calendar arithmetic keeps order; a dated value lies among those in force between
two days; along a life whose order is known, a sum or a maximum keeps order.
"""

from functools import partial

import numpy
from openfisca_core.periods import period as to_period

from openfisca_isv import countries, dates, legal_dates, timeline
from openfisca_isv.standing.bounded.arithmetic import UndeterminedError
from openfisca_isv.standing.bounded.bounds import Bounds, as_condition, ends


def _keeps_order(function):
    """Return a function on bounds, of one that grows with each argument."""

    def between(*arguments):
        parts = [ends(one) for one in arguments]
        low = function(*(low for low, _ in parts))
        if all(one is other for one, other in parts):
            return Bounds(low)
        return Bounds(low, function(*(high for _, high in parts)))

    return between


def _from_one_day_to_another(function):
    """Count months or days: the fewer, the later the first day."""

    def between(first, last) -> Bounds:
        first, last = ends(first), ends(last)
        low = function(first[1], last[0])
        if first[0] is first[1] and last[0] is last[1]:
            return Bounds(low)
        return Bounds(low, function(first[0], last[1]))

    return between


def falls_in(period, days) -> Bounds:
    """Return whether each day lies in the period."""
    return (days >= dates.first_day(period)) & (days <= dates.last_day(period))


def sovereign(items) -> Bounds:
    """Return the sovereign State; of an unknown country, it may be any."""
    low, high = ends(items)
    of_low = countries.sovereign(low).view(numpy.ndarray)
    if low is high:
        return Bounds(of_low, possible_values=countries.Country)
    is_known = low == high
    last = len(countries.Country) - 1
    return Bounds(
        numpy.where(is_known, of_low, 0),
        numpy.where(is_known, of_low, last),
        countries.Country,
    )


def value_on(population, name, days, otherwise) -> object:
    """Return bounds of the value of a parameter on each row's day."""
    if not isinstance(days, Bounds):
        population.simulation.parameters_read.add(name)
        return legal_dates.value_on(population, name, days, otherwise)
    versions = _versions(population, name, otherwise, legal_dates.each_value)
    return _between(versions, days)


def is_listed_on(population, name, items, days) -> Bounds:
    """Return whether the item of each row is in a dated list, on its day."""
    members = items.possible_values
    versions = _versions(population, name, members, legal_dates.each_list)
    return _between(versions, days, items)


def lists_on(population, name, item, days) -> Bounds:
    """Return whether a dated list names an item, on the day of each row."""
    versions = _versions(population, name, item, legal_dates.whether_listed)
    return _between(versions, days)


def country_value_on(population, name, items, days, otherwise) -> Bounds:
    """Return bounds of the value that a node has for each row's country, on its day."""
    key = (items.possible_values, otherwise)
    versions = _versions(population, name, key, legal_dates.each_country)
    return _between(versions, days, items)


def value_in_month_of(mission, name, days, rows) -> Bounds:
    """Return a boolean of the volunteer in the month of each mission's own day.

    Where the day or whether it is asked for is unknown, it may be either.
    """
    rows = as_condition(rows)
    first, last = (numpy.asarray(day).astype("datetime64[M]") for day in ends(days))
    low = numpy.zeros(mission.count, dtype=bool)
    high = numpy.array(rows.high)
    volunteers = timeline.volunteers_of(mission)
    is_known = rows.high & (first == last)
    for month in numpy.unique(first[is_known]):
        those = is_known & (first == month)
        value = mission.simulation.calculate(name, to_period(str(month)))[volunteers]
        low[those] = (value.low & rows.low)[those]
        high[those] = value.high[those]
    return Bounds(low, high)


def _versions(population, name, key, read) -> legal_dates.Versions:
    population.simulation.parameters_read.add(name)
    return legal_dates.versions_of(population, name, key, read)


def _between(versions, days, items=None) -> Bounds:
    """Return bounds of what is read on each row's day, of each row's member."""
    first_day, last_day = ends(days)
    first = versions.on(first_day).astype(int)
    low, high = _of_members(versions.table, first, items)
    if last_day is first_day:
        return Bounds(low, high)
    last = versions.on(last_day).astype(int)
    # Few versions: each of those between the two days widens the bounds.
    for step in range(1, int((last - first).max(initial=0)) + 1):
        version = numpy.minimum(first + step, last)
        others = _of_members(versions.table, version, items)
        low, high = numpy.minimum(low, others[0]), numpy.maximum(high, others[1])
    return Bounds(low, high)


def _of_members(table: numpy.ndarray, version: numpy.ndarray, items: object) -> tuple:
    """Return bounds of what a version says: of an unknown member, what of any."""
    if items is None:
        return table[version], table[version]
    low, high = ends(items)
    values = table[version, low]
    if low is high:
        return values, values
    is_known = low == high
    return (
        numpy.where(is_known, values, table.min(axis=1)[version]),
        numpy.where(is_known, values, table.max(axis=1)[version]),
    )


class BoundedTimeline:
    """The missions of each volunteer in order of time, their values between bounds."""

    #: What raises a value along a life raises these.
    _KEEP_ORDER = frozenset(
        {
            "total_before",
            "highest_before",
            "engagement_first",
            "engagement_highest",
            "any_in_engagement",
            "any_in_earlier_engagements",
            "of_previous_engagement",
        }
    )

    def __init__(self, exact: timeline.Timeline) -> None:
        self._exact = exact

    @classmethod
    def of(cls, mission, period) -> "BoundedTimeline":
        """Return the timeline of a population, by the rank of its missions."""
        ranks = mission("mission_rank", period).exact()
        return cls(timeline.Timeline(timeline.volunteers_of(mission), ranks))

    @classmethod
    def with_engagements(cls, mission, period) -> "BoundedTimeline":
        """Return the timeline of a population, with its engagements."""
        made = cls.of(mission, period)
        made.mark_engagements(mission("engagement_rank", period))
        return made

    def mark_engagements(self, engagements) -> None:
        """Note which engagement each mission belongs to."""
        self._exact.mark_engagements(numpy.asarray(engagements))

    def is_first_where(self, condition) -> Bounds:
        """Return whether each is the volunteer's first mission with the condition."""
        low, high = ends(condition)
        before = _keeps_order(self._exact.total_before)
        earlier = before(Bounds(low.astype(numpy.int64), high.astype(numpy.int64)))
        return Bounds(low & (earlier.high == 0), high & (earlier.low == 0))

    def is_last_in_engagement_where(self, condition) -> Bounds:
        """Return whether each is its engagement's last mission with the condition."""
        low, high = ends(condition)
        _, ranks = self._exact.sources
        last_sure, last = (
            self._exact.engagement_highest(numpy.where(end, ranks, 0))
            for end in (low, high)
        )
        return Bounds(low & (ranks == last), high & (ranks >= last_sure))

    def engagement_ranks(self, start, end) -> Bounds:
        """Return the rank of each engagement: the higher, the longer the gaps."""
        start, end = ends(start), ends(end)
        return Bounds(
            self._exact.engagement_ranks(start[0], end[1]),
            self._exact.engagement_ranks(start[1], end[0]),
        )

    def total_on_earlier_days(self, days, values) -> Bounds:
        """Sum the values of the volunteer's missions on earlier days than each.

        Where days are unknown, any of the other missions may be earlier.
        """
        if days.is_exact:
            total = partial(self._exact.total_on_earlier_days, days.exact())
            return _keeps_order(total)(values)
        low, high = ends(values)
        volunteers, _ = self._exact.sources
        lowest, highest = numpy.minimum(low, 0), numpy.maximum(high, 0)
        return Bounds(
            *(
                (numpy.bincount(volunteers, end)[volunteers] - end).astype(numpy.int64)
                for end in (lowest, highest)
            )
        )

    def __getattr__(self, name: str) -> object:
        """Return what the timeline itself has; of what keeps order, take both ends."""
        attribute = getattr(self._exact, name)
        if name not in self._KEEP_ORDER:
            return attribute
        return lambda values, **others: _keeps_order(partial(attribute, **others))(
            values
        )


def chronological_order(volunteers, days, *ties) -> numpy.ndarray:
    """Return the positions of missions by volunteer, then by day, where it is known.

    Raises:
        UndeterminedError: Two missions may stand in either order.
    """
    first, last = (numpy.asarray(day) for day in ends(days))
    if first is not last and not numpy.array_equal(first, last):
        order = numpy.lexsort((first, volunteers))
        is_same_life = numpy.diff(volunteers[order]) == 0
        if not (last[order][:-1] < first[order][1:])[is_same_life].all():
            message = "two missions may stand in either order"
            raise UndeterminedError(message)
        return order
    return timeline.chronological_order(
        numpy.asarray(volunteers), first, *(numpy.asarray(tie) for tie in ties)
    )


#: What stands for each function of the model; some are left as they are.
REPLACED = {
    dates.add_months: _keeps_order(dates.add_months),
    dates.month_after: _keeps_order(dates.month_after),
    dates.complete_months: _from_one_day_to_another(dates.complete_months),
    dates.day_count: _from_one_day_to_another(dates.day_count),
    dates.falls_in: falls_in,
    dates.value_in_month_of: value_in_month_of,
    dates.first_day: dates.first_day,
    dates.last_day: dates.last_day,
    countries.sovereign: sovereign,
    legal_dates.value_on: value_on,
    legal_dates.first_effective_day: legal_dates.first_effective_day,
    legal_dates.is_listed_on: is_listed_on,
    legal_dates.lists_on: lists_on,
    legal_dates.country_value_on: country_value_on,
    timeline.Timeline: BoundedTimeline,
    timeline.chronological_order: chronological_order,
    timeline.volunteers_of: timeline.volunteers_of,
}
