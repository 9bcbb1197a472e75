"""Small cells: which to mask, and which others would give them away.

A cell that describes fewer people than a minimum is masked. So is the smallest of its
neighbours, where the sum over the row or the column, less what is shown, would give
the masked cell back. What this protects against, and what not, is told in
``docs/reforms.md``.
"""

from collections.abc import Sequence

import numpy


def small(counts: numpy.ndarray, min_cell: int) -> numpy.ndarray:
    """Return which counts are of someone, but of fewer than the minimum."""
    return (counts > 0) & (counts < min_cell)


def cells_to_mask(
    is_small: numpy.ndarray,
    counts: numpy.ndarray,
    keys: Sequence[numpy.ndarray],
    min_cell: int,
) -> numpy.ndarray:
    """Add to the small cells those that would give them away.

    Along each key the cells that share all other keys add up to a total that may be
    known. In each such slice where something is masked, at least two cells are, which
    together describe at least the minimum of people; the smallest ones are chosen.

    Args:
        is_small: Cells that must be masked, shape ``(cells,)``.
        counts: How many people each describes, shape ``(cells,)``.
        keys: Ranks of each cell along each key, each of shape ``(cells,)``.
        min_cell: The fewest people that a cell may describe.

    Returns:
        Which cells to mask, shape ``(cells,)``.
    """
    masked = is_small.copy()
    while masked.any():
        before = masked.copy()
        for rank in range(len(keys)):
            others = [key for place, key in enumerate(keys) if place != rank]
            _mask_once_more(masked, counts, slices_of(others, len(counts)), min_cell)
        if (masked == before).all():
            break
    return masked


def slices_of(keys: Sequence[numpy.ndarray], cells: int) -> numpy.ndarray:
    """Number the combinations of some keys, shape ``(cells,)``."""
    if not keys or not cells:
        return numpy.zeros(cells, dtype=numpy.int64)
    _, ranks = numpy.unique(numpy.stack(keys), axis=1, return_inverse=True)
    return ranks.reshape(-1)


def _mask_once_more(
    masked: numpy.ndarray, counts: numpy.ndarray, slices: numpy.ndarray, min_cell: int
) -> None:
    """Mask the smallest shown cell of each slice whose masked cells are too few."""
    number = numpy.bincount(slices, weights=masked)
    people = numpy.bincount(slices, weights=masked * counts)
    is_weak = (number > 0) & ((number == 1) | (people < min_cell))
    open_cells = numpy.flatnonzero(is_weak[slices] & ~masked & (counts > 0))
    order = open_cells[numpy.lexsort((counts[open_cells], slices[open_cells]))]
    _, first = numpy.unique(slices[order], return_index=True)
    masked[order[first]] = True
