"""The functions of numpy that go row by row, of rows known only between two ends.

Each takes the two ends of what it is given, and gives the two ends of the result: no
value between the ends of what is given leads to one outside them.
"""

from collections.abc import Callable
from functools import reduce

import numpy

#: Both ends of an array, or a plain value twice.
Ends = tuple[object, object]


class UndeterminedError(Exception):
    """What was asked of bounds has no single answer."""


def _increasing(ufunc, *parts, **options) -> tuple:
    return (
        ufunc(*(low for low, _ in parts), **options),
        ufunc(*(high for _, high in parts), **options),
    )


def _decreasing(ufunc, part, **options) -> tuple:
    return _increasing(ufunc, part[::-1], **options)


def _subtract(ufunc, left, right, **options) -> tuple:
    return _add(ufunc, left, right[::-1], **options)


def _add(ufunc, *parts, **options) -> tuple:
    both = _increasing(ufunc, *parts, **options)
    if any(end.dtype.kind == "f" and numpy.isnan(end).any() for end in both):
        message = "infinite amounts cancel each other out"
        raise UndeterminedError(message)
    return both


def _multiply(ufunc, left, right, **options) -> tuple:
    """Take the corners; nothing times an amount without end is nothing."""
    with numpy.errstate(invalid="ignore", over="ignore"):
        corners = [ufunc(one, two, **options) for one in left for two in right]
    kind = corners[0].dtype.kind
    if kind == "f":
        corners = [numpy.where(numpy.isnan(one), 0, one) for one in corners]
    elif kind in "iu":
        _check_size(left, right)
    return reduce(numpy.minimum, corners), reduce(numpy.maximum, corners)


def _check_size(*parts: tuple) -> None:
    """Fail where a product of whole numbers might not fit."""
    size = 1.0
    for part in parts:
        size *= max(float(numpy.abs(end).max(initial=0)) for end in part)
    if size > _LARGEST:
        message = "the product might be too large"
        raise UndeterminedError(message)


def _divide(ufunc, left, right, **options) -> tuple:
    if numpy.any(numpy.asarray(right[0]) <= 0):
        message = "the divisor might be nothing"
        raise UndeterminedError(message)
    corners = [ufunc(one, two, **options) for one in left for two in right]
    return reduce(numpy.minimum, corners), reduce(numpy.maximum, corners)


def _invert(ufunc, part) -> tuple:
    return _of_truth(ufunc, part[::-1])


def _of_truth(ufunc, *parts) -> tuple:
    if any(numpy.asarray(low).dtype.kind != "b" for low, _ in parts):
        message = "the bits of a number have no order"
        raise UndeterminedError(message)
    return _increasing(ufunc, *parts)


def _at_most(ufunc, left, right) -> tuple:
    return _increasing(ufunc, left[::-1], right)


def _at_least(ufunc, left, right) -> tuple:
    return _increasing(ufunc, left, right[::-1])


def _equal(_ufunc, left, right) -> tuple:
    may_be = (left[0] <= right[1]) & (right[0] <= left[1])
    is_single = (left[0] == left[1]) & (right[0] == right[1])
    return may_be & is_single, may_be


def _not_equal(ufunc, left, right) -> tuple:
    low, high = _equal(ufunc, left, right)
    return ~high, ~low


def _is_infinite(ufunc, part) -> tuple:
    low, high = ufunc(part[0]), ufunc(part[1])
    same = part[0] == part[1]
    return low & same, low | high


_LARGEST = 2.0**60
#: What is known of functions of numpy, between two ends.
UFUNCS: dict[numpy.ufunc, Callable] = {
    numpy.add: _add,
    numpy.subtract: _subtract,
    numpy.multiply: _multiply,
    numpy.true_divide: _divide,
    numpy.floor_divide: _divide,
    numpy.negative: _decreasing,
    numpy.minimum: _increasing,
    numpy.maximum: _increasing,
    numpy.floor: _increasing,
    numpy.ceil: _increasing,
    numpy.rint: _increasing,
    numpy.invert: _invert,
    numpy.logical_not: _invert,
    numpy.bitwise_and: _of_truth,
    numpy.bitwise_or: _of_truth,
    numpy.logical_and: _of_truth,
    numpy.logical_or: _of_truth,
    numpy.less: _at_most,
    numpy.less_equal: _at_most,
    numpy.greater: _at_least,
    numpy.greater_equal: _at_least,
    numpy.equal: _equal,
    numpy.not_equal: _not_equal,
    numpy.isinf: _is_infinite,
}
