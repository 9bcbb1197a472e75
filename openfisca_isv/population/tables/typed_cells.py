"""From a column of a file to values: texts, or the types of a Parquet file."""

import datetime

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.cells import (
    FIRST_YEAR,
    LAST_YEAR,
    NEVER_TEXT,
    Cell,
    Day,
    Identifier,
    Month,
    Number,
    Truth,
    WholeNumber,
)
from openfisca_isv.population.tables.csv_texts import trimmed

_NEVER = datetime.date.fromisoformat(NEVER_TEXT)
_FIRST = datetime.date(FIRST_YEAR, 1, 1)
_LAST = datetime.date(LAST_YEAR, 12, 31)


def read_column(cell: Cell, column: pa.Array) -> tuple[pa.Array, numpy.ndarray]:
    """Read a column of a file.

    Args:
        cell: The kind of cell that it should hold.
        column: Trimmed texts, or values of a Parquet type.

    Returns:
        Values of the type of the cell, null where empty or wrong; and a mask of the
        cells that are wrong.
    """
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _read_codes(cell, column)
    if pa.types.is_null(kind):
        return pa.nulls(len(column), cell.type), numpy.zeros(len(column), bool)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        values = _of_days(cell, column)
    elif pa.types.is_boolean(kind) and isinstance(cell, Truth):
        values = column
    elif _is_number(kind) and isinstance(cell, Number | WholeNumber):
        values = _of_numbers(cell, column)
    else:
        values = None
    if values is None:
        column = as_texts(column)
        is_name = isinstance(cell, Identifier)
        values = cell.parse(column) if is_name else _parse(cell, column)
    if values.null_count == column.null_count:
        return values, numpy.zeros(len(column), bool)
    wrong = pc.and_(values.is_null(), column.is_valid())
    return values, wrong.to_numpy(zero_copy_only=False)


def _read_codes(cell: Cell, column: pa.Array) -> tuple[pa.Array, numpy.ndarray]:
    """Read each different value of a column once."""
    dictionary = column.dictionary
    if is_text(dictionary.type):
        dictionary = trimmed(dictionary.cast(pa.string()))
    values, is_wrong = read_column(cell, dictionary)
    indices = column.indices
    if not is_wrong.any():
        return values.take(indices), numpy.zeros(len(column), bool)
    wrong = pa.array(is_wrong).take(indices).fill_null(False)
    return values.take(indices), wrong.to_numpy(zero_copy_only=False)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a type of Arrow is that of texts, however they are held."""
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def as_texts(column: pa.Array) -> pa.Array:
    """Give a column as texts."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    return column.cast(pa.string())


def _parse(cell: Cell, texts: pa.Array) -> pa.Array:
    """Parse each different text once."""
    encoded = texts.dictionary_encode()
    return cell.parse(encoded.dictionary).take(encoded.indices)


def _of_days(cell: Cell, column: pa.Array) -> pa.Array | None:
    """Read calendar days; of an instant, the day that starts with it where it is."""
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        column = pc.local_timestamp(column)
    days = column.cast(pa.date32(), safe=False)
    is_whole = pc.equal(days.cast(column.type), column)
    if isinstance(cell, Day):
        in_calendar = pc.and_(
            pc.greater_equal(days, pa.scalar(_FIRST)),
            pc.less_equal(days, pa.scalar(_LAST)),
        )
        fits = pc.or_(in_calendar, pc.equal(days, pa.scalar(_NEVER)))
    elif isinstance(cell, Month):
        in_calendar = pc.less_equal(days, pa.scalar(_LAST))
        fits = pc.and_(pc.equal(pc.day(days), 1), in_calendar)
    else:
        return None
    return pc.if_else(pc.and_(is_whole, fits), days, pa.scalar(None, pa.date32()))


def _of_numbers(cell: Number | WholeNumber, column: pa.Array) -> pa.Array:
    """Read numbers that are finite, not negative and not absurd."""
    numbers = column.cast(pa.float64())
    if isinstance(cell, Number):
        return cell.fitting(numbers)
    fits = pc.and_(
        pc.greater_equal(numbers, 0.0), pc.less_equal(numbers, float(cell.highest))
    )
    fits = pc.and_(fits, pc.equal(pc.floor(numbers), numbers))
    return pc.if_else(fits, numbers, pa.scalar(None, pa.float64())).cast(cell.type)


def _is_number(kind: pa.DataType) -> bool:
    return (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    )
