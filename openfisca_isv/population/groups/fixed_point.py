"""Numbers in whole steps of a millionth, in which cents are exact.

Sums of whole numbers are exact: they depend neither on the order of the rows nor on
the parts that were added up before.
"""

import numpy

#: How many steps make 1.
MICROS = 1_000_000


def fixed(values: numpy.ndarray) -> numpy.ndarray:
    """Return numbers as whole steps; divided by ``MICROS``, these are numbers again.

    Args:
        values: Finite numbers, of any shape. Less than half a step counts as 0; beyond
            9 million million in all, sums of steps no longer fit into 64 bits.

    Returns:
        64-bit integers of the same shape.
    """
    return numpy.rint(numpy.asarray(values) * MICROS).astype(numpy.int64)
