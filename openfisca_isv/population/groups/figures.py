"""Figures by group from tallies: counts, sums, means and quantiles, small cells masked.

A quantile is a value that occurs: the lowest one that at least that share of the
cases, or of their weight, does not exceed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import inf

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.fixed_point import STEPS
from openfisca_isv.population.groups.grouping import UNKNOWN
from openfisca_isv.population.groups.small_cells import cells_to_mask, small
from openfisca_isv.population.groups.tally import COUNTS

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
#: Shares are taken as fractions of at most this denominator: 0.1 is a tenth.
_FINEST_SHARE = 10**6


@dataclass(frozen=True)
class _Tally:
    """A tally in the order in which it is read.

    Attributes:
        groups: A row a group: the keys, and the counts of all that is known.
        ranks: Rank of each group along each key, each of shape ``(groups,)``.
        cells: A row a group and value, sorted by group, then by value.
        group: Place of the group of each cell, shape ``(cells,)``.
    """

    groups: pa.Table
    ranks: list[numpy.ndarray]
    cells: pa.Table
    group: numpy.ndarray

    @classmethod
    def of(cls, added: pa.Table) -> "_Tally":
        """Sort a tally that is sorted as texts are."""
        is_group = added["value"].is_null().to_numpy()
        groups = added.filter(pa.array(is_group)).drop_columns("value")
        keys = [name for name in groups.column_names if name not in COUNTS]
        ranks = [_ranked(groups[name])[0] for name in keys]
        # The first key is the one that changes last.
        order = numpy.lexsort(ranks[::-1]) if keys else numpy.arange(len(groups))
        place = numpy.argsort(order)
        # The row of a group follows those of its values.
        group = place[numpy.cumsum(is_group)[~is_group]]
        rows = numpy.argsort(group, kind="stable")
        cells = added.filter(pa.array(~is_group)).take(rows)
        return cls(
            groups.take(order), [one[order] for one in ranks], cells, group[rows]
        )


def figures(
    added: pa.Table,
    variable: str,
    *,
    quantiles: Sequence[float] = QUANTILES,
    min_cell: int = 0,
) -> pa.Table:
    """Sum up one output, group by group.

    Args:
        added: The tally of the whole population, as ``add_up`` gives it.
        variable: Name of the output.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer volunteers than this.

    Returns:
        A row a group; of codes, a row a code and group. The keys, numbers by size and
        ``unknown`` last; ``variable``; ``code``, null except for codes; ``count``, the
        rows whose value is known; ``weight``, theirs; ``sum``, ``mean`` and ``q10``
        and so on, in 64 bits; ``masked`` where figures are withheld, which are null.
        The mean of truths is their share, that of codes the share of the code.
    """
    read = _Tally.of(added)
    steps = read.groups["weight"].to_numpy()
    if pa.types.is_floating(added["value"].type):
        codes = [None]
        sums, reached = _of_numbers(read, quantiles)
        people = read.groups["people"].to_numpy()
        masked = cells_to_mask(small(people, min_cell), people, read.ranks, min_cell)
    else:
        codes, held = _held(read)
        sums, reached = _of_shares(held["weight"], steps, quantiles)
        masked = _masked(held, read, min_cell)
    groups = numpy.tile(numpy.arange(len(steps)), len(codes))
    weights = steps[groups] / STEPS
    is_weighed = weights > 0
    nothing = numpy.full(len(groups), numpy.nan)
    shown = {
        "count": read.groups["count"].to_numpy()[groups],
        "weight": weights,
        "sum": sums,
        "mean": numpy.divide(sums, weights, nothing, where=is_weighed),
    }
    for share, values in zip(quantiles, reached, strict=True):
        shown[f"q{share * 100:g}"] = numpy.where(is_weighed, values, numpy.nan)
    heads = read.groups.drop_columns(list(COUNTS)).take(groups)
    columns = {name: heads[name] for name in heads.column_names}
    columns["variable"] = pa.array([variable] * len(groups), pa.string())
    names = pa.array(codes, pa.string())
    columns["code"] = names.take(numpy.repeat(numpy.arange(len(codes)), len(steps)))
    for name, values in shown.items():
        columns[name] = pa.array(values, mask=masked | numpy.isnan(values))
    return pa.table(columns | {"masked": pa.array(masked)})


def _of_numbers(
    read: _Tally, quantiles: Sequence[float]
) -> tuple[numpy.ndarray, list[numpy.ndarray]]:
    """Give the sum and the quantiles of numbers, each of shape ``(groups,)``."""
    values = read.cells["value"].to_numpy()
    steps = read.cells["weight"].to_numpy()
    weights = read.groups["weight"].to_numpy()
    # From the lowest value up, one after the other: floats add up in one order only.
    sums = numpy.bincount(read.group, values * (steps / STEPS), len(weights))
    # Of no rows at all it gives integers.
    sums = sums.astype(numpy.float64)
    reached = numpy.cumsum(steps)
    before = numpy.cumsum(weights) - weights
    listed = numpy.append(values, numpy.nan)
    found = [
        listed[numpy.searchsorted(reached, before + _least(weights, share))]
        for share in quantiles
    ]
    return sums, found


def _held(read: _Tally) -> tuple[list[str | None], dict[str, numpy.ndarray]]:
    """Spread the cells of truths or codes over all pairs of code and group.

    Returns:
        The codes in order, or None alone, for what is true; the counts of each pair,
        each of shape ``(codes * groups,)``, code by code.
    """
    values = read.cells["value"]
    if pa.types.is_boolean(values.type):
        codes: list[str | None] = [None]
        chosen = values.to_numpy().astype(bool)
        ranks = numpy.zeros(len(chosen), dtype=numpy.int64)
    else:
        ranks, codes = _ranked(values)
        chosen = numpy.ones(len(ranks), dtype=bool)
    pair = (ranks * len(read.groups) + read.group)[chosen]
    held = {}
    for name in COUNTS:
        held[name] = numpy.zeros(len(codes) * len(read.groups), dtype=numpy.int64)
        held[name][pair] = read.cells[name].to_numpy()[chosen]
    return codes, held


def _of_shares(
    held: numpy.ndarray, weights: numpy.ndarray, quantiles: Sequence[float]
) -> tuple[numpy.ndarray, list[numpy.ndarray]]:
    """Give the sum and the quantiles of 1 where a code is held, else 0.

    Args:
        held: Weight of the rows that hold the code, shape ``(codes * groups,)``.
        weights: Weight of the groups, shape ``(groups,)``.
        quantiles: Shares from 0 to 1.
    """
    whole = numpy.tile(weights, len(held) // max(len(weights), 1))
    found = [
        (whole - held < _least(whole, share)).astype(numpy.float64)
        for share in quantiles
    ]
    return held / STEPS, found


def _least(weights: numpy.ndarray, share: float) -> numpy.ndarray:
    """Give the fewest steps of weight that are a share of some, and at least one.

    In whole numbers: 0.7 of 10 is 7, where floats have a hair more.
    """
    exact = Fraction(share).limit_denominator(_FINEST_SHARE)
    # In two terms: weight times numerator may exceed 64 bits.
    whole, rest = numpy.divmod(weights, exact.denominator)
    least = whole * exact.numerator - (-rest * exact.numerator // exact.denominator)
    return numpy.maximum(least, 1)


def _masked(
    held: dict[str, numpy.ndarray], read: _Tally, min_cell: int
) -> numpy.ndarray:
    """Tell which pairs of code and group to mask, shape ``(codes * groups,)``.

    The volunteers who hold a code, and those who do not hold it throughout, must be
    none or enough. The codes of a group add up to it, hence are a key of their own.
    """
    people = read.groups["people"].to_numpy()
    codes = len(held["people"]) // max(len(people), 1)
    whole = numpy.tile(people, codes)
    # A group of too few has too few of the ones or of the others.
    is_small = small(held["people"], min_cell) | small(whole - held["only"], min_cell)
    ranks = [numpy.tile(one, codes) for one in read.ranks]
    if pa.types.is_boolean(read.cells["value"].type):
        return cells_to_mask(is_small, whole, ranks, min_cell)
    ranks.append(numpy.repeat(numpy.arange(codes), len(people)))
    return cells_to_mask(is_small, held["people"], ranks, min_cell)


def _ranked(texts: pa.ChunkedArray) -> tuple[numpy.ndarray, list[str]]:
    """Rank texts, numbers by size and what is unknown last; name the ranks."""
    encoded = texts.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = sorted(range(len(names)), key=lambda place: _rank(names[place]))
    ranks = numpy.argsort(order).astype(numpy.int64)
    return ranks[encoded.indices.to_numpy()], [names[place] for place in order]


def _rank(text: str) -> tuple[bool, float, str]:
    """Tell where a text comes in its order."""
    return text == UNKNOWN, int(text) if text.isdecimal() else inf, text
