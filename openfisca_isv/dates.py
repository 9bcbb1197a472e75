"""Calendar arithmetic on arrays of days, exact to the day.

Days are ``datetime64[D]`` arrays, months and durations are integers. Months are
counted from day of the month to day of the month (*de quantième à quantième*);
where the target month has no such day, its last day stands for it.
"""

from datetime import date
from functools import cache

import numpy
from openfisca_core.holders import Holder
from openfisca_core.periods import Period

DAY = numpy.timedelta64(1, "D")

#: What an unanswered question reads as: the contract's days are unknown.
UNKNOWN_DAY = date(1970, 1, 1)
#: What never happened.
NEVER = date(9999, 12, 31)


#: The years whose days and months are looked up: numpy works each one out anew.
_USUAL_YEARS = numpy.arange("1900-01", "2201-01", dtype="datetime64[M]")


@cache
def _usual_months() -> tuple[numpy.ndarray, numpy.ndarray]:
    """Tell the first day of each usual month, and the month of each usual day."""
    first_days = _USUAL_YEARS.astype("datetime64[D]")
    days = numpy.arange(first_days[0], first_days[-1])
    return first_days, days.astype("datetime64[M]")


def _month_of(days: numpy.ndarray) -> numpy.ndarray:
    """Give the month of each day."""
    _, months = _usual_months()
    return _looked_up(days, months)


def _first_day_of(months: numpy.ndarray) -> numpy.ndarray:
    """Give the first day of each month."""
    first_days, _ = _usual_months()
    return _looked_up(months, first_days)


def _looked_up(dates: numpy.ndarray, table: numpy.ndarray) -> numpy.ndarray:
    """Convert days or months by a table of the usual ones, the others by numpy."""
    dates = numpy.asarray(dates)
    origin = _USUAL_YEARS[0].astype(dates.dtype)
    places = (dates - origin).astype(numpy.int64)
    converted = table.take(places, mode="clip")
    unusual = (places < 0) | (places >= len(table))
    if unusual.any():
        converted = numpy.where(unusual, dates.astype(table.dtype), converted)
    return converted


def add_months(days: numpy.ndarray, months: numpy.ndarray | int) -> numpy.ndarray:
    """Add calendar months to days, keeping the day of the month where it exists.

    Args:
        days: Days, shape ``(n,)``.
        months: Whole months, shape ``(n,)`` or one number for all.

    Returns:
        Days, shape ``(n,)``. 31 January + 1 month is 28 or 29 February.
    """
    month = _month_of(days)
    day_in_month = days - _first_day_of(month)
    target = month + months
    last_day = _first_day_of(target + 1) - DAY
    return numpy.minimum(_first_day_of(target) + day_in_month, last_day)


def complete_months(first: numpy.ndarray, after: numpy.ndarray) -> numpy.ndarray:
    """Count the complete months between a first day and the day after the last one.

    Args:
        first: First days, shape ``(n,)``.
        after: Days after the last ones, shape ``(n,)``.

    Returns:
        The largest whole ``m``, at least 0, with ``first + m months <= after``.
    """
    months = (_month_of(after) - _month_of(first)).astype(numpy.int64)
    return numpy.maximum(months - (add_months(first, months) > after), 0)


def day_count(first: numpy.ndarray, last: numpy.ndarray) -> numpy.ndarray:
    """Count the days from a first to a last day, both included, at least 0."""
    return numpy.maximum((last - first).astype(numpy.int64) + 1, 0)


def days_within(
    period: Period, first: numpy.ndarray, last: numpy.ndarray
) -> numpy.ndarray:
    """Count the days of the period that lie between first and last, both included."""
    return day_count(
        numpy.maximum(first, first_day(period)), numpy.minimum(last, last_day(period))
    )


def falls_in(period: Period, days: numpy.ndarray) -> numpy.ndarray:
    """Tell of each day whether it lies in the period."""
    return (days >= first_day(period)) & (days <= last_day(period))


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
