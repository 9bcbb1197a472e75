"""Small cells: which to mask, and which others would give them away.

A cell that describes fewer people than a minimum is masked. So is the smallest of its
neighbours, where the sum over the row or the column, less what is shown, would give
the masked cell back. What this protects against, and what not, is told in
``docs/reforms.md``.

People are those of the tables, whatever their weight: anyone who knows the tables knows
how many are in a cell. That one of them has all the weight is dominance, which is
another matter.
"""

from collections.abc import Sequence

import numpy


def small(counts: numpy.ndarray, min_cell: int) -> numpy.ndarray:
    """Return which counts are of someone, but of fewer than the minimum."""
    return (counts > 0) & (counts < min_cell)


def cells_to_mask(  # noqa: PLR0913 - the cells, and what they add up to
    is_small: numpy.ndarray,
    counts: numpy.ndarray,
    min_cell: int,
    keys: Sequence[numpy.ndarray] = (),
    *,
    sums: Sequence[Sequence[int]] = (),
    block: numpy.ndarray | None = None,
) -> numpy.ndarray:
    """Add to the small cells those that would give them away.

    Along each key the cells that share all other keys add up to a total that may be
    known. In each such slice where something is masked, at least two cells are, which
    together describe at least the minimum of people; the smallest ones are chosen.

    Args:
        is_small: Cells that must be masked, shape ``(cells,)``.
        counts: How many people each describes, shape ``(cells,)``.
        min_cell: The fewest people that a cell may describe.
        keys: Ranks of each cell along each key, each of shape ``(cells,)``; -1 in the
            blocks that do not have the key.
        sums: Places of cells of which one is the sum of the others, for each such sum.
        block: The number of the table that each cell is of, shape ``(cells,)``.

    Returns:
        Which cells to mask, shape ``(cells,)``.
    """
    masked = is_small.copy()
    if not masked.any():
        return masked
    blocks = [] if block is None else [block]
    others = [[*blocks, *keys[:rank], *keys[rank + 1 :]] for rank in range(len(keys))]
    all_cells = numpy.arange(len(counts))
    slices = [(all_cells, slices_of(one, len(counts))) for one in others]
    if sums:
        numbers = numpy.repeat(numpy.arange(len(sums)), [*map(len, sums)])
        slices.append((numpy.concatenate(sums), numbers))
    while True:
        before = masked.copy()
        for cells, numbers in slices:
            _mask_once_more(masked, counts, cells, numbers, min_cell)
        if (masked == before).all():
            return masked


def slices_of(keys: Sequence[numpy.ndarray], cells: int) -> numpy.ndarray:
    """Number the combinations of some keys, shape ``(cells,)``."""
    if not keys or not cells:
        return numpy.zeros(cells, dtype=numpy.int64)
    _, ranks = numpy.unique(numpy.stack(keys), axis=1, return_inverse=True)
    return ranks.reshape(-1)


def _mask_once_more(
    masked: numpy.ndarray,
    counts: numpy.ndarray,
    cells: numpy.ndarray,
    slices: numpy.ndarray,
    min_cell: int,
) -> None:
    """Mask the smallest shown cell of each slice whose masked cells are too few.

    A cell may be in several slices: ``cells`` and ``slices`` tell which are in which.
    """
    is_masked, people = masked[cells], counts[cells]
    number = numpy.bincount(slices, weights=is_masked)
    hidden = numpy.bincount(slices, weights=is_masked * people)
    is_weak = (number > 0) & ((number == 1) | (hidden < min_cell))
    rest = numpy.flatnonzero(is_weak[slices] & ~is_masked & (people > 0))
    order = rest[numpy.lexsort((people[rest], slices[rest]))]
    _, first = numpy.unique(slices[order], return_index=True)
    masked[cells[order[first]]] = True
