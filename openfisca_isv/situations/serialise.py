"""Values of variables as JSON has them: days in ISO 8601, infinity in words."""

import math
from collections.abc import Callable
from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.situations.values import INFINITY


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
    """Write the names of members of an enumeration."""
    return result.decode_to_str().tolist()


_WRITERS: dict[type, Callable[[numpy.ndarray], list]] = {
    float: _numbers,
    date: days_as_json,
    Enum: _members,
    str: lambda result: [str(text) for text in result],
}
