"""Columns to group by: those of the tables, and the year and the age they give."""

from collections.abc import Sequence
from itertools import pairwise

import numpy
import pyarrow as pa

from openfisca_isv.dates import MONTHS_PER_YEAR
from openfisca_isv.population.subject import AGE_BANDS, DERIVED

UNKNOWN = "unknown"


def with_derived(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Add the columns of ``DERIVED`` that are asked for, made of those of days."""
    for name in dict.fromkeys(names):
        if name not in table.column_names:
            table = table.append_column(name, _derive(table, name))
    return table


def age_on(born: numpy.ndarray, day: numpy.ndarray) -> numpy.ndarray:
    """Return ages in complete years; a birthday on 29 February falls on 1 March."""
    months = [one.astype("datetime64[M]") for one in (born, day)]
    days = [
        (one - month).astype(numpy.int64)
        for one, month in zip((born, day), months, strict=True)
    ]
    lived = (months[1] - months[0]).astype(numpy.int64) - (days[1] < days[0])
    return lived // MONTHS_PER_YEAR


def age_bands(ages: numpy.ndarray) -> numpy.ndarray:
    """Return each age the name of its band, e.g. ``25-29``."""
    last = [f"{AGE_BANDS[-1]} or over"]
    inner = [f"{low}-{high - 1}" for low, high in pairwise(AGE_BANDS)]
    names = numpy.array([f"{AGE_BANDS[0] - 1} or under", *inner, *last])
    return names[numpy.searchsorted(AGE_BANDS, ages, side="right")]


def _derive(table: pa.Table, name: str) -> pa.Array:
    """Make a column of ``DERIVED``; unknown where a day is."""
    days = []
    is_known = numpy.ones(len(table), dtype=bool)
    for source in DERIVED[name]:
        column = table[source].combine_chunks()
        is_known &= column.is_valid().to_numpy(zero_copy_only=False)
        filled = column.fill_null(pa.scalar(0, pa.int32()).cast(pa.date32()))
        days.append(filled.to_numpy(zero_copy_only=False).astype("datetime64[D]"))
    if name == "year":
        values = days[0].astype("datetime64[Y]").astype(numpy.int64) + 1970
    else:
        values = age_on(*days)
        if name == "age_band":
            values = age_bands(values)
    return pa.array(values, mask=~is_known)


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
