"""Codes of closed lists as ranks, which are drawn and compared far faster than texts.

A rank is the place of the code in the list of the model, or of the organisation in that
of the synthetic bodies.
"""

from collections.abc import Mapping

import numpy
from openfisca_core.indexed_enums import Enum

#: Rank of ``none``, the first of every list: unknown, or none.
NONE = numpy.int16(0)


def rank(members: type[Enum], name: str) -> numpy.int16:
    """Give the rank of a code.

    Raises:
        KeyError: The list has no such code.
    """
    return numpy.int16(members[name].index)


def ranked(
    members: type[Enum], values: Mapping[str, float]
) -> dict[numpy.int16, float]:
    """Give shares by rank, in their order, for shares by code."""
    return {rank(members, name): value for name, value in values.items()}
