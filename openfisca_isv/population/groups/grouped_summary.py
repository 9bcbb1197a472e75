"""Counts, sums, means and quantiles of any columns, by any others.

Everything is added up in 64 bits. A quantile is a value that occurs: the lowest one
that at least that share of the cases, or of their weight, does not exceed.
"""

from collections.abc import Sequence

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.grouping import (
    SummaryError,
    codes_of,
    with_derived,
)
from openfisca_isv.population.groups.small_cells import cells_to_mask, slices_of, small

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)


def summarise_by(  # noqa: PLR0913 -- what one may ask for
    table: pa.Table,
    by: Sequence[str],
    values: Sequence[str],
    *,
    weight: str | None = None,
    quantiles: Sequence[float] = QUANTILES,
    min_cell: int = 0,
) -> pa.Table:
    """Sum up columns of a table, group by group.

    Args:
        table: A row a case; the results of a run, say, joined with its inputs.
        by: Columns that make the groups, or ``year``, ``age`` and ``age_band`` where
            the table has the days that give them. None: all rows are one group.
        values: Columns to sum up: numbers, truths (their share is the mean) or codes
            (a row a code).
        weight: Column of weights, numbers from 0 up.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer people than this: volunteers, where the
            table names them, or rows.

    Returns:
        A row a group, column and code: the columns of ``by``, ``variable``, ``code``,
        ``count`` (rows whose value is known), ``weight``, ``sum``, ``mean`` and
        ``q10`` and so on, in 64 bits; ``masked`` where figures are withheld.

    Raises:
        SummaryError: A column is missing or of no use, or a weight is no weight.
    """
    table = with_derived(table, [*by, *values])
    if not values:
        message = "nothing to sum up: name a column"
        raise SummaryError(message)
    keys = [codes_of(table, name) for name in by]
    group = slices_of([ranks for ranks, _ in keys], len(table))
    groups = int(group.max(initial=-1)) + 1
    _, first = numpy.unique(group, return_index=True)
    labels = {
        name: pa.array([names[one] for one in ranks[first]], pa.string())
        for name, (ranks, names) in zip(by, keys, strict=True)
    }
    weights = _weights(table, weight)
    persons = _persons(table)
    parts = []
    for name in values:
        for code, numbers, is_known in _numbers(table, name):
            given = (group[is_known], numbers[is_known], weights[is_known])
            cells = _cells(groups, *given, quantiles)
            counts = _people(group, groups, persons, is_known)
            about = _people(group, groups, persons, is_known & (numbers != 0))
            is_split = code is not None or pa.types.is_boolean(table[name].type)
            is_small = small(counts, min_cell)
            if is_split:
                is_small |= small(about, min_cell) | small(counts - about, min_cell)
            ranks = [ranks[first] for ranks, _ in keys]
            masked = cells_to_mask(is_small, counts, ranks, min_cell)
            head = labels | {
                "variable": pa.array([name] * groups, pa.string()),
                "code": pa.array([code] * groups, pa.string()),
            }
            parts.append(pa.table(head | _masked(cells, masked)))
    return pa.concat_tables(parts)


def _numbers(table: pa.Table, name: str) -> list[tuple]:
    """Give the columns of numbers that a column makes: code, numbers, which known."""
    column = table[name].combine_chunks()
    kind = column.type
    is_known = column.is_valid().to_numpy(zero_copy_only=False)
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
    ):
        filled = (
            column.cast(pa.float64()) if kind != pa.bool_() else column.cast(pa.int8())
        )
        numbers = filled.fill_null(0).to_numpy(zero_copy_only=False)
        numbers = numbers.astype(numpy.float64)
        # Infinity says that no maximum is known: no number to add up.
        is_known = is_known & numpy.isfinite(numbers)
        return [(None, numpy.where(is_known, numbers, 0.0), is_known)]
    if pa.types.is_string(kind) or pa.types.is_dictionary(kind):
        ranks, names = codes_of(table, name)
        everything = numpy.ones(len(table), dtype=bool)
        return [
            (names[rank], (ranks == rank).astype(numpy.float64), everything)
            for rank in numpy.unique(ranks)
        ]
    message = f'the column "{name}" holds days: name it with --by, or its year'
    raise SummaryError(message)


def _weights(table: pa.Table, name: str | None) -> numpy.ndarray:
    """Give the weights, in 64 bits; 1 for each row where none are given."""
    if name is None:
        return numpy.ones(len(table))
    column = with_derived(table, [name])[name].combine_chunks()
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        message = f'the column "{name}" holds no numbers: it cannot be the weight'
        raise SummaryError(message)
    weights = column.cast(pa.float64()).to_numpy(zero_copy_only=False)
    if not (numpy.isfinite(weights) & (weights >= 0)).all():
        message = f'the column "{name}" has an empty, infinite or negative weight'
        raise SummaryError(message)
    return weights


def _persons(table: pa.Table) -> numpy.ndarray:
    """Number the people of the rows: the volunteers, where they are named."""
    if "volunteer" not in table.column_names:
        return numpy.arange(len(table))
    return codes_of(table, "volunteer")[0]


def _people(
    group: numpy.ndarray, groups: int, persons: numpy.ndarray, rows: numpy.ndarray
) -> numpy.ndarray:
    """Count the different people of some rows, group by group."""
    pairs = numpy.unique(numpy.stack([group[rows], persons[rows]]), axis=1)
    return numpy.bincount(pairs[0], minlength=groups)


def _cells(
    groups: int,
    group: numpy.ndarray,
    numbers: numpy.ndarray,
    weights: numpy.ndarray,
    quantiles: Sequence[float],
) -> dict[str, numpy.ndarray]:
    """Add up one column of numbers, group by group."""
    weight = numpy.bincount(group, weights, minlength=groups)
    total = numpy.bincount(group, weights * numbers, minlength=groups)
    cells = {
        "count": numpy.bincount(group, minlength=groups),
        "weight": weight,
        "sum": total,
        "mean": numpy.divide(
            total, weight, numpy.full(groups, numpy.nan), where=weight > 0
        ),
    }
    order = numpy.lexsort((numbers, group))
    ordered, reached = numbers[order], numpy.cumsum(weights[order])
    before = numpy.cumsum(weight) - weight
    for share in quantiles:
        # A hair less, for the sums are rounded.
        place = numpy.searchsorted(reached, before + share * weight * (1 - 1e-12))
        inside = numpy.append(ordered, numpy.nan)[numpy.minimum(place, len(ordered))]
        cells[f"q{share * 100:g}"] = numpy.where(weight > 0, inside, numpy.nan)
    return cells


def _masked(cells: dict[str, numpy.ndarray], masked: numpy.ndarray) -> dict:
    """Withhold the figures of the masked cells; what is not a number is unknown."""
    columns = {
        name: pa.array(values, mask=masked | numpy.isnan(values))
        for name, values in cells.items()
    }
    return columns | {"masked": pa.array(masked)}
