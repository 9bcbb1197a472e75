"""How many people each volunteer of a population stands for."""

from dataclasses import dataclass
from typing import Self

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.fixed_point import fixed
from openfisca_isv.population.tables.typed_tables import Tables


@dataclass(frozen=True)
class Weights:
    """Weights in fixed point, whose sums do not depend on their order.

    Attributes:
        missions: Weight of each mission, shape ``(missions,)``.
        volunteers: Weight of each volunteer, shape ``(volunteers,)``; where the
            weights are those of missions, the mean of the volunteer's.
    """

    missions: numpy.ndarray
    volunteers: numpy.ndarray

    @classmethod
    def of(cls, tables: Tables, column: str | None, owner: numpy.ndarray) -> Self:
        """Read the weights of a population.

        Args:
            tables: The population.
            column: The column of weights, of the missions or of the volunteers.
            owner: Position of the volunteer of each mission, shape ``(missions,)``.
        """
        count = len(tables.volunteers)
        if column is None:
            ones = numpy.ones(count)
            return cls(fixed(ones[owner]), fixed(ones))
        if column in tables.volunteers.column_names:
            values = _numbers(tables.volunteers[column])
            return cls(fixed(values[owner]), fixed(values))
        values = _numbers(tables.missions[column])
        steps = fixed(values)
        number = numpy.bincount(owner, minlength=count)
        # Whole numbers, whose sums do not depend on the order of the rows.
        total = numpy.bincount(owner, steps, count)
        means = numpy.rint(total / numpy.maximum(number, 1)).astype(numpy.int64)
        return cls(steps, means)


def _numbers(column: pa.ChunkedArray) -> numpy.ndarray:
    return column.to_numpy().astype(numpy.float64)
