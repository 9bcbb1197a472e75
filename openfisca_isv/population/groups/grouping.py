"""Columns to group by: those of the tables, and the year and the age they give."""

from collections.abc import Sequence
from itertools import pairwise

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.dates import MONTHS_PER_YEAR
from openfisca_isv.population.subject import AGE_BANDS, DERIVED
from openfisca_isv.population.tables.cells import nearest

UNKNOWN = "unknown"


class SummaryError(ValueError):
    """The summary that is asked for cannot be made; the message says why."""


def with_derived(table: pa.Table, names: Sequence[str]) -> pa.Table:
    """Add the columns of ``DERIVED`` that are asked for; check that all are there."""
    for name in dict.fromkeys(names):
        if name in table.column_names:
            continue
        missing = [
            one for one in DERIVED.get(name, (name,)) if one not in table.schema.names
        ]
        if missing:
            close = nearest(missing[0], table.column_names)
            hint = f'. Did you mean "{close}"?' if close else ""
            needs = f' (needed for "{name}")' if name in DERIVED else ""
            message = f'there is no column "{missing[0]}"{needs}{hint}'
            raise SummaryError(message)
        table = table.append_column(name, _derive(table, name))
    return table


def age_on(born: numpy.ndarray, day: numpy.ndarray) -> numpy.ndarray:
    """Give ages in complete years; a birthday on 29 February falls on 1 March."""
    months = [one.astype("datetime64[M]") for one in (born, day)]
    days = [
        (one - month).astype(numpy.int64)
        for one, month in zip((born, day), months, strict=True)
    ]
    lived = (months[1] - months[0]).astype(numpy.int64) - (days[1] < days[0])
    return lived // MONTHS_PER_YEAR


def age_bands(ages: numpy.ndarray) -> numpy.ndarray:
    """Give each age the name of its band, as ``25-29``."""
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
        if pa.types.is_string(column.type):
            try:
                column = column.cast(pa.date32())
            except pa.ArrowInvalid as error:
                message = f'the column "{source}" holds what is no day'
                raise SummaryError(message) from error
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


def codes_of(table: pa.Table, name: str) -> tuple[numpy.ndarray, list[str]]:
    """Give each row the rank of its value, in order, and name the values."""
    column = table[name].combine_chunks()
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    # A dictionary may have a value twice, or none.
    distinct = column.dictionary.dictionary_encode()
    values = distinct.dictionary
    order = pc.sort_indices(values).to_numpy()
    texts = values.cast(pa.string())
    rank = numpy.empty(len(values) + 1, dtype=numpy.int64)
    rank[order] = numpy.arange(len(values))
    rank[-1] = len(values)
    # A text that says so is no other value than an empty cell.
    rank[:-1][pc.equal(texts, UNKNOWN).to_numpy(zero_copy_only=False)] = len(values)
    places = distinct.indices.fill_null(len(values)).to_numpy()
    by_index = rank[numpy.append(places, len(values))]
    indices = column.indices.cast(pa.int64()).fill_null(len(places)).to_numpy()
    return by_index[indices], [*texts.take(order).to_pylist(), UNKNOWN]
