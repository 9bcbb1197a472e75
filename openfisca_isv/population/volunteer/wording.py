"""Values in words: amounts, days, truths, and what is not known."""

from collections.abc import Sequence
from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import Period
from openfisca_core.variables import Variable

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.dates import NEVER, UNKNOWN_DAY

UNDETERMINED = "undetermined"
_NO_MAXIMUM = "no maximum known"
#: What a day says that never comes, where that says more than "never".
_NEVER = {"earliest_termination_date": "no notice given"}
_COUNTED = ("month", "day", "year")


def amount(value: float, decimals: int = 2) -> str:
    """Write a number with separators of thousands: ``3,700.00``."""
    return f"{value:,.{decimals}f}"


def counted(value: float, noun: str) -> str:
    """Write a number of things, with a decimal where it is weighted."""
    number = amount(value, 0 if value == round(value) else 1)
    return f"{number} {noun}{'' if value == 1 else 's'}"


def value_text(variable: Variable, value: object) -> str:
    """Write one value of a variable in words.

    Args:
        variable: The variable, for its type and unit.
        value: A scalar of numpy, a member of a list or its name, or a plain value.
    """
    if isinstance(value, numpy.generic):
        value = value.item()
    if variable.value_type is Enum:
        return _code(value.name if isinstance(value, Enum) else value, variable)
    if variable.value_type is bool:
        return "yes" if value else "no"
    if variable.value_type is date:
        unusual = {NEVER: _NEVER.get(variable.name, "never"), UNKNOWN_DAY: "unknown"}
        return unusual.get(value, str(value))
    if variable.unit == "currency-EUR":
        return _NO_MAXIMUM if numpy.isinf(value) else f"{amount(value)} €"
    return _counted(value, variable.unit)


def _code(name: str, variable: Variable) -> str:
    """Write a code; a country with its name."""
    if variable.possible_values is Country and name in COUNTRIES:
        return f"{name}, {COUNTRIES[name]['name']}"
    return name


def over_months(
    variable: Variable, months: Sequence[Period], values: numpy.ndarray
) -> str:
    """Write the values of a monthly variable in words.

    What happens in a month is added up; of a truth the months are given; of what
    stands at the end of a month, such as a life so far, the last value.

    Args:
        variable: The variable, for its type and unit.
        months: The months, in order of time.
        values: Its values, shape ``(months,)``.
    """
    if variable.value_type is bool:
        return spans(months, values) or "never"
    if variable.unit == "month":
        return f"{_counted(values[-1].item(), 'month')}\nat the end of {months[-1]}"
    total = values.astype(numpy.float64).sum().item()
    if variable.value_type is int:
        total = int(total)
    text = value_text(variable, total)
    return f"{text} in all\n{spans(months, values != 0)}" if total else text


def over_years(years: Sequence[int], values: numpy.ndarray) -> str:
    """Write the yearly values that are not nought: ``2023: 4, 2024: 3``."""
    given = [
        f"{year}: {value}" for year, value in zip(years, values, strict=True) if value
    ]
    return ", ".join(given) or "0"


def value_by_month(months: Sequence[Period], values: numpy.ndarray) -> str:
    """Write each value that is not nought, and its months."""
    if values.dtype == bool:
        return spans(months, values) or "never"
    return ", ".join(
        f"{value} ({spans(months, values == value)})"
        for value in numpy.unique(values[values != 0])
    )


def spans(months: Sequence[Period], is_in: numpy.ndarray) -> str:
    """Write the months of a mask, those that follow each other as one span."""
    padded = numpy.concatenate([[False], is_in.astype(bool), [False]])
    edges = numpy.flatnonzero(padded[1:] != padded[:-1])
    return ", ".join(
        str(months[first])
        if first + 1 == after
        else f"{months[first]} to {months[after - 1]}"
        for first, after in edges.reshape(-1, 2)
    )


def _counted(value: float, unit: str | None) -> str:
    """Write a number of months, days or anything else, without idle decimals."""
    number = amount(value, 0 if value == int(value) else 2)
    if unit not in _COUNTED:
        return number
    return f"{number} {unit}{'' if value == 1 else 's'}"
