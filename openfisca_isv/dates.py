"""Calendar arithmetic on arrays of days, exact to the day.

Days are ``datetime64[D]`` arrays, months and durations are integers. Months are
counted from day of the month to day of the month (*de quantième à quantième*);
where the target month has no such day, its last day stands for it.
"""

from datetime import date

import numpy
from openfisca_core.holders import Holder
from openfisca_core.periods import Period
from openfisca_core.periods import period as to_period
from openfisca_core.populations import Population

DAY = numpy.timedelta64(1, "D")
MONTHS_PER_YEAR = 12

#: Sentinel for "date not given".
UNKNOWN_DAY = date(1970, 1, 1)
#: Sentinel for "never".
NEVER = date(9999, 12, 31)


# The calendar repeats itself every 400 years. Numpy works out each date again; to look
# it up in one cycle, from 1970 on, takes a fifth of the time.
_MONTHS_IN_CYCLE = 400 * 12
_STARTS = numpy.arange("1970-01", "2370-02", dtype="datetime64[M]")
_STARTS = _STARTS.astype("datetime64[D]").astype(numpy.int64)
_LENGTHS = numpy.diff(_STARTS)
_DAYS_IN_CYCLE = int(_STARTS[-1])
_MONTHS = numpy.repeat(numpy.arange(_MONTHS_IN_CYCLE, dtype=numpy.int16), _LENGTHS)
_DAYS = (numpy.arange(_DAYS_IN_CYCLE) - _STARTS[_MONTHS]).astype(numpy.int8)


def split_days(days: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Split days into months, from January 1970, and days of the month, from 0."""
    days = days.astype("datetime64[D]").view(numpy.int64)
    cycle = days // _DAYS_IN_CYCLE
    day = days - cycle * _DAYS_IN_CYCLE
    return cycle * _MONTHS_IN_CYCLE + _MONTHS[day], _DAYS[day]


def add_months(days: numpy.ndarray, months: numpy.ndarray | int) -> numpy.ndarray:
    """Add calendar months to days, keeping the day of the month where it exists.

    Args:
        days: Days, shape ``(n,)``.
        months: Whole months, shape ``(n,)`` or one number for all.

    Returns:
        Days, shape ``(n,)``. 31 January + 1 month is 28 or 29 February.
    """
    month, day_in_month = split_days(days)
    cycle, month = numpy.divmod(month + months, _MONTHS_IN_CYCLE)
    day_in_month = numpy.minimum(day_in_month, _LENGTHS[month] - 1)
    added = cycle * _DAYS_IN_CYCLE + _STARTS[month] + day_in_month
    return added.view("datetime64[D]")


def month_after(days: numpy.ndarray) -> numpy.ndarray:
    """Return the first day of the month after each day."""
    days = days.astype("datetime64[D]").view(numpy.int64)
    cycle_start = days // _DAYS_IN_CYCLE * _DAYS_IN_CYCLE
    first = cycle_start + _STARTS[_MONTHS[days - cycle_start] + 1]
    return first.view("datetime64[D]")


def complete_months(first: numpy.ndarray, after: numpy.ndarray) -> numpy.ndarray:
    """Count the complete months between a first day and the day after the last one.

    Args:
        first: First days, shape ``(n,)``.
        after: Days after the last ones, shape ``(n,)``.

    Returns:
        The largest whole ``m``, at least 0, with ``first + m months <= after``.
    """
    first_month, first_day_in_month = split_days(first)
    month, day_in_month = split_days(after)
    last_day_in_month = _LENGTHS[month % _MONTHS_IN_CYCLE] - 1
    is_broken = day_in_month < numpy.minimum(first_day_in_month, last_day_in_month)
    return numpy.maximum(month - first_month - is_broken, 0)


def day_count(first: numpy.ndarray, last: numpy.ndarray) -> numpy.ndarray:
    """Count the days from a first to a last day, both included, at least 0."""
    days = (last - first).view(numpy.int64)
    days += 1
    return numpy.maximum(days, 0, out=days)


def days_within(
    period: Period, first: numpy.ndarray, last: numpy.ndarray
) -> numpy.ndarray:
    """Count the days of the period that lie between first and last, both included."""
    start, stop = first_day(period), last_day(period)
    days = numpy.zeros(len(first), dtype=numpy.int32)
    # Few missions run in a month: the days are counted for these alone.
    running = numpy.flatnonzero((first <= stop) & (last >= start))
    days[running] = day_count(
        numpy.maximum(first[running], start), numpy.minimum(last[running], stop)
    )
    return days


def years_later(days: numpy.ndarray, years: numpy.ndarray | int) -> numpy.ndarray:
    """Add calendar years to days; 29 February + 1 year is 28 February."""
    return add_months(days, MONTHS_PER_YEAR * years)


def falls_in(period: Period, days: numpy.ndarray) -> numpy.ndarray:
    """Return whether each day lies in the period."""
    # Whole numbers compare four times as fast as dates.
    days = days.astype("datetime64[D]", copy=False).view(numpy.int64)
    first = first_day(period).astype(numpy.int64)
    return (days >= first) & (days < first + period.days)


def first_day(period: Period) -> numpy.datetime64:
    """Return the first day of a period."""
    return numpy.datetime64(str(period.start), "D")


def last_day(period: Period) -> numpy.datetime64:
    """Return the last day of a period."""
    return numpy.datetime64(str(period.stop), "D")


def value_in_month_of(
    mission: Population, name: str, days: numpy.ndarray, rows: numpy.ndarray
) -> numpy.ndarray:
    """Return a boolean of the volunteer in the month of each mission's own day.

    Args:
        mission: The population of missions.
        name: A monthly boolean variable of the volunteer.
        days: One day per mission, shape ``(missions,)``.
        rows: Which missions are asked for, a mask of shape ``(missions,)``.

    Returns:
        Booleans, shape ``(missions,)``; false for the missions that are not asked for.
    """
    simulation = mission.simulation
    volunteers = simulation.populations["volunteer"].members_entity_id
    holder = simulation.get_holder(name)
    is_input = holder.variable.is_input_variable() and not simulation.trace
    given = set(map(str, holder.get_known_periods()))
    months = days.astype("datetime64[M]")
    values = numpy.zeros(mission.count, dtype=bool)
    for month in numpy.unique(months[rows]):
        # An input that is not given for a month is false, and is not stored for it.
        if not is_input or str(month) in given:
            those = rows & (months == month)
            of_volunteers = simulation.calculate(name, to_period(str(month)))
            values[those] = of_volunteers[volunteers[those]]
    return values


def dispatch_by_month(holder: Holder, period: Period, array: numpy.ndarray) -> None:
    """Let a monthly input be given for a year or any number of months.

    To be set as ``set_input``. Months that are given one by one keep their own
    value, and those after them the value of the longer period; the engine's
    ``set_input_dispatch_by_period`` carries the month's value on.
    """
    month = period.first_month
    while month.start <= period.stop:
        if holder.get_array(month) is None:
            holder.put_in_cache(array, month)
        month = month.offset(1)
