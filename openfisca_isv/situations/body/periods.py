"""The periods that a request names: read them, and tell which a variable takes."""

import re
from functools import lru_cache

from openfisca_core import periods
from openfisca_core.periods import DateUnit, Period
from openfisca_core.variables import Variable

from openfisca_isv.dates import MONTHS_PER_YEAR
from openfisca_isv.situations.problems import UnfitError

#: Years that the calendar of the engine can hold, with the month after each.
FIRST_YEAR, LAST_YEAR = 1900, 9998
#: Months over which one value may be spread: a hundred years.
MOST_MONTHS = 1_200

_SHAPE = re.compile(
    r"""
    (?: (?P<unit> year | month | day ) : )?
    (?P<year> \d{4} ) (?: - (?P<month> \d{2} ) (?: - (?P<day> \d{2} ) )? )?
    (?: : (?P<size> [1-9] \d{0,3} ) )?
    """,
    re.VERBOSE | re.ASCII,
)
_HOW_TO_WRITE = (
    "Write a month like 2024-01, a year like 2024, or ETERNITY for what has no period"
)


@lru_cache(maxsize=4096)
def read_period(key: str) -> Period:
    """Read a period as OpenFisca writes it: ``2024-01``, ``year:2024:2``, ``ETERNITY``.

    Raises:
        UnfitError: It is none, or lies outside the calendar.
    """
    if key.casefold() == DateUnit.ETERNITY:
        return Period.eternity()
    match = _SHAPE.fullmatch(key[:40])
    if match is None or (match["size"] and not match["unit"]):
        reason = "is not a period"
        raise UnfitError(reason, _HOW_TO_WRITE)
    try:
        period = periods.period(key)
        last_year = period.stop.year
    except (ValueError, OverflowError):
        reason = "is not a period of the calendar"
        raise UnfitError(reason, _HOW_TO_WRITE) from None
    if period.start.year < FIRST_YEAR or last_year > LAST_YEAR:
        reason = "is out of the calendar"
        remedy = f"Name a period from {FIRST_YEAR} to {LAST_YEAR}"
        raise UnfitError(reason, remedy)
    return period


def check_asked(variable: Variable, key: str) -> Period:
    """Read the period for which a variable is asked.

    Raises:
        UnfitError: The engine does not compute the variable for such a period.
    """
    period = read_period(key)
    unit = variable.definition_period
    if unit == DateUnit.ETERNITY or (period.unit == unit and period.size == 1):
        return period
    raise _wrong_size(variable, period, "asked")


def given_parts(variable: Variable, key: str) -> tuple[Period, ...]:
    """Read the period for which a variable is given, as those that the engine holds.

    A value that is given for a year, or for several months, to a variable of a month
    that can be spread is the value of each month.

    Raises:
        UnfitError: The variable does not take a value for such a period.
    """
    period = read_period(key)
    unit = variable.definition_period
    if unit == DateUnit.ETERNITY:
        return (Period.eternity(),)
    if period.unit == unit and period.size == 1:
        return (period,)
    if unit != DateUnit.MONTH or variable.set_input is None:
        raise _wrong_size(variable, period, "given")
    if period.unit not in (DateUnit.MONTH, DateUnit.YEAR):
        raise _wrong_size(variable, period, "given")
    if months_of(period) > MOST_MONTHS:
        reason = f"lasts more than {MOST_MONTHS} months"
        raise UnfitError(reason, "Name a shorter period, or several")
    return _months(period)


def months_of(period: Period) -> int:
    """Count the months of a period of months or years."""
    return period.size * (MONTHS_PER_YEAR if period.unit == DateUnit.YEAR else 1)


def example_of(variable: Variable) -> str:
    """Return a period that the variable takes."""
    return {DateUnit.YEAR: "2024", DateUnit.MONTH: "2024-01"}.get(
        variable.definition_period, "ETERNITY"
    )


@lru_cache(maxsize=32)
def _months(period: Period) -> tuple[Period, ...]:
    first = period.first_month
    return tuple(first.offset(count) for count in range(months_of(period)))


def _wrong_size(variable: Variable, period: Period, how: str) -> UnfitError:
    unit = str(variable.definition_period)
    if period.unit == DateUnit.ETERNITY:
        named = "no period at all"
    elif period.size == 1:
        named = f"a {period.unit}"
    else:
        named = f"{period.size} {period.unit}s"
    reason = f"is {named}, and {variable.name} is {how} for one {unit}"
    is_year = period.unit == DateUnit.YEAR
    if unit == DateUnit.MONTH and is_year and period.start.month == 1:
        year = period.start.year
        remedy = f"Write each month, {year}-01 to {year + period.size - 1}-12"
    else:
        remedy = f"Write one {unit}, as {example_of(variable)}"
    return UnfitError(reason, remedy)
