"""Seeded draws whose results do not depend on the version of a library.

Only the uniform numbers of the generator are used; the rest is arithmetic, so that a
seed gives the same population everywhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy


class Draws:
    """A stream of draws.

    Args:
        seed: The same seed gives the same draws.
    """

    def __init__(self, seed: int | numpy.random.SeedSequence) -> None:
        self._generator = numpy.random.Generator(numpy.random.PCG64(seed))

    def happens(self, probability: float | numpy.ndarray, count: int) -> numpy.ndarray:
        """Draw truths, each true with the probability; shape ``(count,)``."""
        return self._generator.random(count) < probability

    def below(self, bound: int, count: int) -> numpy.ndarray:
        """Draw whole numbers from 0 to below a bound, evenly; shape ``(count,)``."""
        drawn = numpy.floor(self._generator.random(count) * bound)
        return drawn.astype(numpy.int64)

    def choose(self, shares: Mapping[Any, float], count: int) -> numpy.ndarray:
        """Draw keys of a mapping, each in proportion to its share.

        Args:
            shares: Shares by key; they need not add up to 1.
            count: How many to draw.

        Returns:
            Keys, in the type numpy gives them, shape ``(count,)``.
        """
        bounds = numpy.cumsum(list(shares.values()), dtype=numpy.float64)
        drawn = self._generator.random(count) * bounds[-1]
        places = numpy.searchsorted(bounds, drawn, side="right")
        return numpy.array(list(shares))[numpy.minimum(places, len(bounds) - 1)]

    def along(self, steps: Sequence[Sequence[float]], count: int) -> numpy.ndarray:
        """Draw from a distribution given by points of its cumulative curve.

        Args:
            steps: Pairs of a share of the cases and the value they do not exceed,
                from share 0 to share 1; even in between.
            count: How many to draw.

        Returns:
            Numbers, shape ``(count,)``.
        """
        shares, values = zip(*steps, strict=True)
        return numpy.interp(self._generator.random(count), shares, values)
