"""Arrays whose rows are known only to lie between two values.

A formula of the model is run with them as it is run with plain arrays: each operation
gives bounds between which the result lies, whatever the values inside the bounds are.
Where an operation cannot say, it fails, and nothing is known of the result: it never
gives bounds that are too narrow.

The operations are those of numpy on both ends, in numpy's own types, so that rounding
is the engine's: rounding keeps order, and what is between two values before it is
between their roundings after it.
"""

from collections.abc import Callable
from enum import Enum

import numpy
from numpy.lib.mixins import NDArrayOperatorsMixin

from openfisca_isv.standing.bounded.arithmetic import UFUNCS, UndeterminedError
from openfisca_isv.standing.bounded.paths import PATH

#: What stands for the functions of numpy that do not go row by row.
FUNCTIONS: dict[Callable, Callable] = {}


class Bounds(NDArrayOperatorsMixin):
    """A lower and a higher bound for each row, both possible values included.

    Booleans are false and true in this order, members of an enumeration their index.

    Args:
        low: The lower bounds, shape ``(n,)``.
        high: The higher bounds, shape ``(n,)``; by default each row is known.
        possible_values: The enumeration that the rows are members of.
    """

    __slots__ = ("high", "low", "possible_values")

    def __init__(
        self,
        low: numpy.ndarray,
        high: numpy.ndarray | None = None,
        possible_values: type[Enum] | None = None,
    ) -> None:
        self.low = low
        self.high = low if high is None else high
        self.possible_values = possible_values

    @property
    def is_exact(self) -> bool:
        """Return whether each row has a single possible value."""
        if self.high is not self.low and bool((self.low == self.high).all()):
            self.high = self.low
        return self.high is self.low

    @property
    def exact_rows(self) -> numpy.ndarray:
        """Return whether each row has a single possible value."""
        return self.low == self.high

    # What a formula asks of an array.

    @property
    def dtype(self) -> numpy.dtype:
        """The type of the values."""
        return self.low.dtype

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return self.low.shape

    @property
    def size(self) -> int:
        """The number of rows."""
        return self.low.size

    @property
    def ndim(self) -> int:
        """The number of dimensions."""
        return self.low.ndim

    def __len__(self) -> int:
        """Count the rows."""
        return len(self.low)

    def __iter__(self) -> object:
        """Go through the values, where each row has a single one."""
        return iter(self.exact())

    def exact(self) -> numpy.ndarray:
        """Return the values, where each row has a single one.

        Raises:
            UndeterminedError: Some row has several.
        """
        if not self.is_exact:
            message = "not every row has a single possible value"
            raise UndeterminedError(message)
        return self.low

    def __array__(self, dtype=None, copy=None) -> numpy.ndarray:
        """Return the values to numpy, where each row has a single one."""
        return numpy.array(self.exact(), dtype=dtype, copy=copy)

    def __bool__(self) -> bool:
        """Return whether it is true; where it may be either, as the path taken says."""
        path = PATH.get()
        if self.is_exact or path is None:
            return bool(self.exact())
        return path.turn()

    def __int__(self) -> int:
        """Return the number, where it is known."""
        return int(self.exact())

    def __float__(self) -> float:
        """Return the number, where it is known."""
        return float(self.exact())

    def __index__(self) -> int:
        """Return the number, where it is known."""
        return self.exact().__index__()

    def item(self) -> object:
        """Return the value of an array of one row."""
        return self.exact().item()

    def astype(self, dtype: object, *_: object, **__: object) -> "Bounds":
        """Change the type of the values."""
        kind = numpy.dtype(dtype).kind
        if kind not in "mMiuf" and self.low.dtype.kind != kind:
            return Bounds(self.exact().astype(dtype))
        return self.both(lambda values: values.astype(dtype))

    def view(self, dtype: object) -> "Bounds":
        """Read days as numbers, and an enumeration as indices."""
        if dtype is numpy.ndarray:
            return self
        if self.low.dtype.kind not in "mM":
            return Bounds(self.exact().view(dtype))
        return self.both(lambda values: values.view(dtype))

    def copy(self) -> "Bounds":
        """Copy the bounds."""
        return self.both(numpy.copy)

    def reshape(self, *shape: object) -> "Bounds":
        """Change the shape."""
        return self.both(lambda values: values.reshape(*shape))

    def any(self) -> "Bounds":
        """Return whether some row is true."""
        return as_condition(self).both(numpy.any)

    def all(self) -> "Bounds":
        """Return whether all rows are true."""
        return as_condition(self).both(numpy.all)

    def sum(self) -> "Bounds":
        """Sum the rows."""
        return self.both(numpy.sum)

    def min(self, **options: object) -> "Bounds":
        """Return the lowest row."""
        return self.both(lambda values: values.min(**options))

    def max(self, **options: object) -> "Bounds":
        """Return the highest row."""
        return self.both(lambda values: values.max(**options))

    def __getitem__(self, key: object) -> "Bounds":
        """Pick rows."""
        if isinstance(key, Rows):
            key = key.index
        elif isinstance(key, Bounds):
            key = key.exact()
        return self.both(lambda values: values[key])

    def __setitem__(self, key: object, values: object) -> None:
        """Change rows; one that is perhaps not among them spans both values."""
        low, high = ends(values)
        if isinstance(key, Rows):
            old = self[key]
            low = numpy.where(key.sure, low, numpy.minimum(old.low, low))
            high = numpy.where(key.sure, high, numpy.maximum(old.high, high))
            key = key.index
        elif isinstance(key, Bounds):
            key = key.exact()
        if self.high is self.low:
            self.high = self.low.copy()
        self.low[key] = low
        self.high[key] = high

    def both(self, change: Callable[[numpy.ndarray], object]) -> "Bounds":
        """Change both ends by something that keeps order."""
        low = change(self.low)
        high = low if self.high is self.low else change(self.high)
        return Bounds(low, high, self.possible_values)

    # Arithmetic and comparison, by the functions of numpy that the mixin calls.

    def __array_ufunc__(
        self, ufunc: numpy.ufunc, method: str, *inputs: object, **options: object
    ) -> "Bounds":
        """Apply a function of numpy that goes row by row."""
        out = options.pop("out", None)
        if method != "__call__":
            parts = [numpy.asarray(one) for one in inputs]
            return getattr(ufunc, method)(*parts, **options)
        result = apply(ufunc, *inputs, **options)
        if out is None:
            return result
        (target,) = out
        if isinstance(target, Bounds):
            target.low, target.high = result.low, result.high
        else:
            target[...] = result.exact()
        return target

    def __array_function__(
        self, function: Callable, _types: object, args: tuple, options: dict
    ) -> object:
        """Apply another function of numpy."""
        known = FUNCTIONS.get(function)
        if known is not None:
            return known(*args, **options)
        return function(*exactly(args), **exactly(options))


class Rows:
    """Rows that a formula picks by a condition, some of them perhaps not.

    Args:
        index: The rows that may meet the condition.
        sure: Of each whether it does for sure.
    """

    def __init__(self, index: numpy.ndarray, sure: numpy.ndarray) -> None:
        self.index = index
        self.sure = sure


def ends(value: object) -> tuple[object, object]:
    """Return both ends of bounds, or a plain value twice."""
    if isinstance(value, Bounds):
        return value.low, value.high
    if isinstance(value, Enum):
        value = value.index
    elif type(value) is not numpy.ndarray and isinstance(value, numpy.ndarray):
        value = value.view(numpy.ndarray)
    return value, value


def apply(ufunc: numpy.ufunc, *inputs: object, **options: object) -> Bounds:
    """Apply a function of numpy, row by row.

    Raises:
        UndeterminedError: Nothing is said here of how the function goes between two
            ends, and some row has two.
    """
    parts = [ends(one) for one in inputs]
    known = UFUNCS.get(ufunc)
    if all(low is high for low, high in parts):
        return Bounds(ufunc(*(low for low, _ in parts), **options))
    if known is None:
        return Bounds(ufunc(*exactly(inputs), **options))
    low, high = known(ufunc, *parts, **options)
    return Bounds(low, high)


def exactly(value: object) -> object:
    """Replace bounds by the values, in arguments that must be known.

    Raises:
        UndeterminedError: Some row has several possible values.
    """
    if isinstance(value, Bounds):
        return value.exact()
    if isinstance(value, list | tuple):
        return type(value)(exactly(one) for one in value)
    if isinstance(value, dict):
        return {key: exactly(one) for key, one in value.items()}
    return value


def as_condition(value: object) -> Bounds:
    """Read a condition as true or false: a number is true where it is not nothing."""
    if not isinstance(value, Bounds):
        return Bounds(numpy.asarray(value))
    return value if value.low.dtype.kind == "b" else value != 0
