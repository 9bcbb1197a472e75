"""Seeded draws whose results do not depend on the version of a library.

Only the uniform numbers of the generator are used; the rest is arithmetic, so that a
seed gives the same population everywhere.
"""

from collections.abc import Mapping, Sequence

import numpy


class Draws:
    """A stream of draws, each an array of ``count``; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self._generator = numpy.random.Generator(numpy.random.PCG64(seed))

    def happens(self, probability: float | numpy.ndarray, count: int) -> numpy.ndarray:
        """Draw booleans, each true with the probability."""
        return self._generator.random(count) < probability

    def below(self, bound: int, count: int) -> numpy.ndarray:
        """Draw whole numbers from 0 to below a bound, evenly."""
        return floor(self._generator.random(count) * bound)

    def choose(self, shares: Mapping, count: int) -> numpy.ndarray:
        """Draw keys of a mapping, each in proportion to its share."""
        bounds = numpy.cumsum(list(shares.values()), dtype=numpy.float64)
        drawn = self._generator.random(count) * bounds[-1]
        places = numpy.searchsorted(bounds, drawn, side="right")
        is_text = isinstance(next(iter(shares)), str)
        keys = numpy.array(list(shares), dtype=object if is_text else numpy.int64)
        return keys[numpy.minimum(places, len(bounds) - 1)]

    def along(self, steps: Sequence[Sequence[float]], count: int) -> numpy.ndarray:
        """Draw numbers from a cumulative curve.

        Args:
            steps: Pairs of a share of the cases and the value they do not exceed,
                from share 0 to share 1; even in between.
            count: How many to draw.
        """
        shares, values = zip(*steps, strict=True)
        return numpy.interp(self._generator.random(count), shares, values)


def floor(values: numpy.ndarray) -> numpy.ndarray:
    """Return the whole part of numbers."""
    return numpy.floor(values).astype(numpy.int64)
