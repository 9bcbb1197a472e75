"""Calendar arithmetic on arrays of days, exact to the day.

Days are ``datetime64[D]`` arrays, months and durations are integers. Months are
counted from day of the month to day of the month (*de quantième à quantième*);
where the target month has no such day, its last day stands for it.
"""

from datetime import date

import numpy
from openfisca_core.holders import Holder
from openfisca_core.periods import Period

DAY = numpy.timedelta64(1, "D")
MONTHS_PER_YEAR = 12

#: What an unanswered question reads as: the contract's days are unknown.
UNKNOWN_DAY = date(1970, 1, 1)
#: What never happened.
NEVER = date(9999, 12, 31)


# The calendar repeats itself every 400 years. Numpy works each date out anew; to look
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
    """Give the first day of the month after each day."""
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
    return day_count(
        numpy.maximum(first, first_day(period)), numpy.minimum(last, last_day(period))
    )


def falls_in(period: Period, days: numpy.ndarray) -> numpy.ndarray:
    """Tell of each day whether it lies in the period."""
    # Whole numbers compare four times as fast as dates.
    days = days.astype("datetime64[D]", copy=False).view(numpy.int64)
    first = first_day(period).astype(numpy.int64)
    return (days >= first) & (days < first + period.days)


def first_day(period: Period) -> numpy.datetime64:
    """Give the first day of a period."""
    return numpy.datetime64(str(period.start), "D")


def last_day(period: Period) -> numpy.datetime64:
    """Give the last day of a period."""
    return numpy.datetime64(str(period.stop), "D")


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
