"""Values as JSON has them: read strictly, each as its variable takes it, and written.

The engine reads ``true`` as a number, 18.7 as 18, ``"10*10"`` as 100 and ``"2023"`` as
a day. Here a value has the type of its variable, or is refused. Days are written in
ISO 8601, infinity in words.
"""

import math
import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.situations.problems import UnfitError, suggestion

FIRST_DAY = date(1900, 1, 1)
#: More than that measures nothing that the model speaks of, and 32 bits hold it.
HIGHEST_NUMBER = 1_000_000_000
HIGHEST_COUNT = 10_000_000
#: How an answer writes what JSON has no number for.
INFINITY = "Infinity"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: A share of a whole, in the closed list of units.
_SHARE = "/1"


def read_value(variable: Variable, value: object) -> object:
    """Read the value of a variable as the engine holds it; an enumeration's, its rank.

    Raises:
        UnfitError: The variable does not take such a value.
    """
    return _READERS[variable.value_type](variable, value)


def number_problem(variable: Variable, value: object) -> tuple[str, str] | None:
    """Return what is wrong with a number, where something is."""
    is_count = variable.value_type is int
    highest = HIGHEST_COUNT if is_count else HIGHEST_NUMBER
    problem = None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or (isinstance(value, float) and math.isnan(value)):
        problem = _not_a_number(value)
    elif value < 0:
        problem = "is negative", "Write 0 or more"
    elif value > highest:
        problem = "is too large", f"Write at most {highest}"
    elif is_count and value != int(value):
        problem = "is not a whole number", "Write a whole number, e.g. 2"
    elif variable.unit == _SHARE and value > 1:
        problem = "is not a share", "Write 0 to 1, e.g. 0.15 for 15 %"
    return problem


@lru_cache(maxsize=64)
def ranks(members: type[Enum]) -> dict[str, int]:
    """Return the rank of each member of an enumeration, by its name."""
    return {member.name: member.index for member in members}


@lru_cache(maxsize=64)
def _labelled(members: type[Enum]) -> dict[str, str]:
    return {str(member.value).casefold(): member.name for member in members}


def _read_number(variable: Variable, value: object) -> float:
    if value == INFINITY and variable.default_value == math.inf:
        # What an answer says may be sent back.
        return math.inf
    if problem := number_problem(variable, value):
        raise UnfitError(*problem)
    return value


def _read_boolean(_variable: Variable, value: object) -> bool:
    if value is True or value is False:
        return value
    reason = "is neither true nor false"
    remedy = "Write true or false"
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        remedy = f"Write {value.casefold()}, without quotes"
    raise UnfitError(reason, remedy)


def _read_day(_variable: Variable, value: object) -> date:
    remedy = "Write a day as year-month-day in quotes, e.g. 2024-09-01"
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        reason = "is not a day"
        raise UnfitError(reason, remedy)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        reason = "is not a day of the calendar"
        raise UnfitError(reason, remedy) from None
    if day < FIRST_DAY:
        reason = "is out of the calendar"
        remedy = f"Write a day from {FIRST_DAY} to {date.max}"
        raise UnfitError(reason, remedy)
    return day


def _read_member(variable: Variable, value: object) -> int:
    known = ranks(variable.possible_values)
    if not isinstance(value, str):
        reason = "is not a code"
        raise UnfitError(reason, suggestion("", known))
    rank = known.get(value)
    if rank is None:
        reason = f"is not a code of {variable.name}"
        named = _labelled(variable.possible_values).get(value.casefold())
        remedy = f'Write "{named}"' if named else suggestion(value, known)
        raise UnfitError(reason, remedy)
    return rank


def _read_text(_variable: Variable, value: object) -> str:
    if isinstance(value, str):
        return value
    reason = "is not a text"
    raise UnfitError(reason, "Write it in quotes")


def _not_a_number(value: object) -> tuple[str, str]:
    if isinstance(value, str):
        try:
            is_number = math.isfinite(float(value[:40]))
        except ValueError:
            is_number = False
        remedy = f"Write {value[:40]}, without quotes" if is_number else None
        return "is a text, and not a number", remedy or "Write digits, e.g. 1250.5"
    return "is not a number", "Write digits, e.g. 1250.5"


_READERS: dict[type, Callable[[Variable, object], object]] = {
    float: _read_number,
    int: _read_number,
    bool: _read_boolean,
    date: _read_day,
    Enum: _read_member,
    str: _read_text,
}


def as_json(variable: Variable, result: numpy.ndarray) -> list:
    """Write the values of a variable, shape ``(n,)``, as an answer has them."""
    write = _WRITERS.get(variable.value_type)
    return write(result) if write else result.tolist()


def _numbers(result: numpy.ndarray) -> list:
    """Write 32-bit numbers with the digits they have, and no more."""
    values = [float(str(number)) for number in result]
    return [INFINITY if value == math.inf else value for value in values]


def days_as_json(result: numpy.ndarray) -> list[str]:
    """Write days as ISO 8601 has them."""
    return result.astype("datetime64[D]").astype(str).tolist()


def _members(result: numpy.ndarray) -> list[str]:
    return result.decode_to_str().tolist()


_WRITERS: dict[type, Callable[[numpy.ndarray], list]] = {
    float: _numbers,
    date: days_as_json,
    Enum: _members,
    str: lambda result: [str(text) for text in result],
}
