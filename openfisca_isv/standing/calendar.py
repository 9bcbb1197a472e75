"""What the formulas of the model call, for rows that are known only between bounds.

Each function stands for the one of the same name, and gives bounds of what it would
give: calendar arithmetic keeps order; a dated value lies among those in force between
two days; along a life whose order is known, a sum or a maximum keeps order.
"""

from collections.abc import Callable
from functools import partial
from weakref import WeakKeyDictionary

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.periods import period as to_period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv import countries, dates, legal_dates, timeline
from openfisca_isv.standing.arithmetic import UndeterminedError
from openfisca_isv.standing.bounds import Bounds, as_condition, ends


def _keeps_order(function):
    """Give a function of which each argument raises the result."""

    def between(*arguments):
        parts = [ends(one) for one in arguments]
        low = function(*(low for low, _ in parts))
        if all(one is other for one, other in parts):
            return Bounds(low)
        return Bounds(low, function(*(high for _, high in parts)))

    return between


def complete_months(first, after) -> Bounds:
    """Count complete months: the fewer, the later the first day."""
    first, after = ends(first), ends(after)
    low = dates.complete_months(first[1], after[0])
    if first[0] is first[1] and after[0] is after[1]:
        return Bounds(low)
    return Bounds(low, dates.complete_months(first[0], after[1]))


def day_count(first, last) -> Bounds:
    """Count days: the fewer, the later the first one."""
    first, last = ends(first), ends(last)
    low = dates.day_count(first[1], last[0])
    if first[0] is first[1] and last[0] is last[1]:
        return Bounds(low)
    return Bounds(low, dates.day_count(first[0], last[1]))


def falls_in(period, days) -> Bounds:
    """Tell of each day whether it lies in the period."""
    return (days >= dates.first_day(period)) & (days <= dates.last_day(period))


def sovereign(items) -> Bounds:
    """Give the sovereign State; of an unknown country, it may be any."""
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
    """Give bounds of the value of a parameter on each row's day."""
    if not isinstance(days, Bounds):
        population.simulation.parameters_read.add(name)
        return legal_dates.value_on(population, name, days, otherwise)
    return _versions(population, name, otherwise, _read_parameter).on(days)


def is_listed_on(population, name, items, days) -> Bounds:
    """Tell of each row whether its item is in a dated list, on its day."""
    members = items.possible_values
    return _versions(population, name, members, _read_list).on(days, items)


def lists_on(population, name, item, days) -> Bounds:
    """Tell of each row whether a dated list names an item, on its day."""
    return _versions(population, name, item, _read_item).on(days)


def country_value_on(population, name, items, days, otherwise) -> Bounds:
    """Give bounds of the value that a node has for each row's country, on its day."""
    key = (items.possible_values, otherwise)
    return _versions(population, name, key, _read_node).on(days, items)


def value_in_month_of(mission, name, days, rows) -> Bounds:
    """Give a boolean of the volunteer in the month of each mission's own day.

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


class Versions:
    """The versions of what is read on a day, the first being before any.

    Args:
        starts: The days from which a version applies, the oldest first.
        table: The value of each version, and of each member; shape ``(versions,)`` or
            ``(versions, members)``.
    """

    def __init__(self, starts: list[str], table: numpy.ndarray) -> None:
        self._starts = numpy.array(starts, dtype="datetime64[D]").astype(numpy.int64)
        self._table = table
        if table.ndim > 1:
            # Of a member that is unknown, all that is known is what any might have.
            self._lowest, self._highest = table.min(axis=1), table.max(axis=1)

    def on(self, days: object, items: object = None) -> Bounds:
        """Give the bounds of what is read on each row's day, of each row's member."""
        first_day, last_day = ends(days)
        first = self._version(first_day)
        low, high = self._at(first, items)
        if last_day is first_day:
            return Bounds(low, high)
        last = self._version(last_day)
        # Few versions: each of those between the two days widens the bounds.
        for step in range(1, int((last - first).max(initial=0)) + 1):
            other_low, other_high = self._at(numpy.minimum(first + step, last), items)
            low, high = numpy.minimum(low, other_low), numpy.maximum(high, other_high)
        return Bounds(low, high)

    def _version(self, days: object) -> numpy.ndarray:
        """Count the versions that have started on each day."""
        days = numpy.asarray(days).astype("datetime64[D]").view(numpy.int64)
        return numpy.searchsorted(self._starts, days, side="right")

    def _at(self, version: numpy.ndarray, items: object) -> tuple:
        """Give the bounds of what one version says of each row."""
        if items is None:
            values = self._table[version]
            return values, values
        low, high = ends(items)
        values = self._table[version, low]
        if low is high:
            return values, values
        is_known = low == high
        return (
            numpy.where(is_known, values, self._lowest[version]),
            numpy.where(is_known, values, self._highest[version]),
        )


#: The versions read so far, by model.
_KNOWN: WeakKeyDictionary[TaxBenefitSystem, dict[tuple, Versions]] = WeakKeyDictionary()


def _versions(population, name: str, key: object, read: Callable) -> Versions:
    """Give the versions of a parameter, read once for a model."""
    simulation = population.simulation
    simulation.parameters_read.add(name)
    system = simulation.tax_benefit_system
    known = _KNOWN.setdefault(system, {})
    versions = known.get((name, key))
    if versions is None:
        node = system.parameters
        for part in name.split("."):
            node = node.children[part]
        versions = known[name, key] = Versions(*read(node, key))
    return versions


def _values(parameter: Parameter) -> dict[str, object]:
    """Give the values of a parameter by the day they apply from, the oldest first."""
    return {value.instant_str: value.value for value in reversed(parameter.values_list)}


def _read_parameter(parameter: Parameter, otherwise: object) -> tuple:
    values = _values(parameter)
    table = [otherwise if value is None else value for value in values.values()]
    return list(values), numpy.array([otherwise, *table])


def _read_list(parameter: Parameter, members: type[Enum]) -> tuple:
    values = _values(parameter)
    table = [
        [member.name in (names or ()) for member in members]
        for names in [(), *values.values()]
    ]
    return list(values), numpy.array(table)


def _read_item(parameter: Parameter, item: str) -> tuple:
    values = _values(parameter)
    table = [item in (names or ()) for names in [(), *values.values()]]
    return list(values), numpy.array(table)


def _read_node(node: ParameterNode, key: tuple) -> tuple:
    members, otherwise = key
    starts = sorted({day for one in node.children.values() for day in _values(one)})
    codes = [member.name for member in members]
    table = numpy.full((len(starts) + 1, len(codes)), otherwise)
    for code, parameter in node.children.items():
        for start, value in _values(parameter).items():
            row = starts.index(start) + 1
            table[row:, codes.index(code)] = otherwise if value is None else value
    return starts, table


class BoundedTimeline:
    """The missions of each volunteer in order of time, their values between bounds.

    Args:
        exact: The timeline itself: the order is known.
    """

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
        """Give the timeline of a population, by the rank of its missions."""
        ranks = mission("mission_rank", period).exact()
        return cls(timeline.Timeline(timeline.volunteers_of(mission), ranks))

    @classmethod
    def with_engagements(cls, mission, period) -> "BoundedTimeline":
        """Give the timeline of a population, with its engagements."""
        made = cls.of(mission, period)
        made.mark_engagements(mission("engagement_rank", period))
        return made

    def mark_engagements(self, engagements) -> None:
        """Say which engagement each mission is of."""
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
        """Give what the timeline itself has; of what keeps order, take both ends."""
        attribute = getattr(self._exact, name)
        if name not in self._KEEP_ORDER:
            return attribute
        return lambda values, **others: _keeps_order(partial(attribute, **others))(
            values
        )


def chronological_order(volunteers, days, *ties) -> numpy.ndarray:
    """Give the positions of missions by volunteer, then by day, where it is known.

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
    dates.complete_months: complete_months,
    dates.day_count: day_count,
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
