"""Parts of a population, whose targets add up to those of the whole."""

import math
from dataclasses import dataclass

#: How many times the size of the scheme a part may be: some 32 000 volunteers.
_LARGEST = 4


@dataclass(frozen=True)
class Share:
    """One of the equal parts of a population.

    Attributes:
        number: Which part, from 0.
        count: How many parts there are.
        scale: How many times the size of the scheme the population is.
    """

    number: int
    count: int
    scale: float

    def of(self, total: float) -> int:
        """Give the part of a total of the scheme.

        Rounded at the bounds of the part: what all the parts are given adds up to the
        total times the scale, rounded.
        """
        return self._before(self.number + 1, total) - self._before(self.number, total)

    def _before(self, number: int, total: float) -> int:
        """Give what the parts before one have together."""
        # After the last part, the scale itself to the last bit.
        return round(total * (self.scale * (number / self.count)))


def equal_shares(scale: float) -> list[Share]:
    """Cut a population into as few equal parts as may be."""
    count = max(1, math.ceil(scale / _LARGEST))
    return [Share(number, count, scale) for number in range(count)]
