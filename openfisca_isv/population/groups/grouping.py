"""Columns to group by: those of the tables, and the year and the age they give."""

from collections.abc import Sequence
from itertools import pairwise

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.subject import AGE_BANDS, DERIVED

UNKNOWN = "unknown"


def with_derived(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Add the columns of ``DERIVED`` that are asked for, made of those of days."""
    for name in dict.fromkeys(names):
        if name not in table.column_names:
            days = [table[one] for one in DERIVED[name]]
            values = pc.year(days[0]) if name == "year" else age_on(*days)
            if name == "age_band":
                values = age_bands(values)
            table = table.append_column(name, values)
    return table


def age_on(born: pa.ChunkedArray, day: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return ages in complete years; a birthday on 29 February falls on 1 March."""
    # As numbers, e.g. 20240229.
    before, after = (
        pc.add(
            pc.multiply(pc.year(one), 10_000),
            pc.add(pc.multiply(pc.month(one), 100), pc.day(one)),
        )
        for one in (born, day)
    )
    return pc.floor(pc.divide(pc.subtract(after, before), 10_000.0)).cast(pa.int64())


def age_bands(ages: pa.ChunkedArray) -> pa.Array:
    """Return each age the name of its band, e.g. ``25-29``."""
    last = [f"{AGE_BANDS[-1]} or over"]
    inner = [f"{low}-{high - 1}" for low, high in pairwise(AGE_BANDS)]
    names = numpy.array([f"{AGE_BANDS[0] - 1} or under", *inner, *last])
    places = numpy.searchsorted(AGE_BANDS, pc.fill_null(ages, 0), side="right")
    return pa.array(names[places], mask=numpy.asarray(pc.is_null(ages)))


def numbered(columns: pa.Table) -> tuple[numpy.ndarray, pa.Table]:
    """Number the groups that some columns make, and name them.

    Args:
        columns: What makes the groups, one row each; null is ``unknown``.

    Returns:
        The number of the group of each row; and of each group its values, as texts.
    """
    texts = [
        one.cast(pa.string()).fill_null(UNKNOWN).combine_chunks()
        for one in columns.columns
    ]
    codes = [one.dictionary_encode().indices.to_numpy() for one in texts]
    _, first, ranks = numpy.unique(
        numpy.stack(codes), axis=1, return_index=True, return_inverse=True
    )
    named = pa.table(dict(zip(columns.column_names, texts, strict=True)))
    return ranks.reshape(-1), named.take(pa.array(first))
