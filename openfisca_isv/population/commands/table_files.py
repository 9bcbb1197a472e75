"""Any table, from a file or a folder of parts; and any table, to a file or a screen."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.tables.writing import all_or_nothing, write_csv
from openfisca_isv.population.volunteer.wording import amount

_IDENTIFIERS = ("mission", "volunteer", "organisation")
_TEXT = dict.fromkeys(_IDENTIFIERS, pa.string())
_FORMATS = (".csv", ".parquet")
_WIDEST = 64


def read_table(path: Path) -> pa.Table:
    """Read a CSV or Parquet file, or a folder of such parts.

    The types of a CSV are read off its cells: numbers, ``true`` and ``false``, days,
    else texts; identifiers are texts.

    Raises:
        SummaryError: It is no table.
        OSError: It cannot be read.
    """
    files = [path]
    if path.is_dir():
        files = sorted(one for one in path.iterdir() if one.suffix in _FORMATS)
    try:
        parts = [_read_file(one) for one in files]
        table = pa.concat_tables(parts) if parts else pa.table({})
    except (pa.ArrowInvalid, pa.ArrowTypeError, UnicodeDecodeError) as error:
        message = f"{path} is no table: {str(error).splitlines()[0]}"
        raise SummaryError(message) from error
    if not table.column_names:
        message = f"{path} has no table: give CSV or Parquet"
        raise SummaryError(message)
    if twice := [
        one for one in table.column_names if table.column_names.count(one) > 1
    ]:
        message = f'{path} has more than one column "{twice[0]}"'
        raise SummaryError(message)
    for name in set(_IDENTIFIERS) & set(table.column_names):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table[name].cast(pa.string()))
    return table


def write_table(table: pa.Table, path: Path) -> None:
    """Write a table as CSV, or as Parquet where the name says so; whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    with all_or_nothing(path.absolute().parent) as folder:
        writer_of(path)(table, folder / path.name)


def writer_of(path: Path) -> Callable[[pa.Table, Path], None]:
    """Give what writes a file of such a name."""
    if path.suffix == ".parquet":
        return pq.write_table
    return write_csv


def text_table(table: pa.Table) -> str:
    """Write a table in columns for a terminal: numbers to the right, masked ones said.

    An empty cell of a row that is masked is withheld; any other is unknown.
    """
    masked = [False] * len(table)
    if "masked" in table.column_names:
        masked = table["masked"].to_pylist()
        table = table.drop_columns("masked")
    columns = []
    for field in table.schema:
        is_number = pa.types.is_floating(field.type)
        cells = [
            _cell(value, is_number=is_number, is_masked=hidden)
            for value, hidden in zip(table[field.name].to_pylist(), masked, strict=True)
        ]
        width = max(map(len, [field.name, *cells]))
        is_right = is_number or pa.types.is_integer(field.type)
        justify = str.rjust if is_right else str.ljust
        columns.append([justify(one, width) for one in [field.name, *cells]])
    lines = zip(*columns, strict=True)
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _read_file(path: Path) -> pa.Table:
    """Read one file."""
    if path.suffix == ".parquet":
        return pq.ParquetFile(path).read()
    options = pyarrow.csv.ConvertOptions(
        column_types=_TEXT, null_values=[""], strings_can_be_null=True
    )
    return pyarrow.csv.read_csv(path, convert_options=options)


def _cell(value: object, *, is_number: bool, is_masked: bool) -> str:
    """Write one cell."""
    if value is None:
        return "masked" if is_masked and is_number else ""
    if is_number:
        return amount(value, 0 if value == round(value) else 2)
    text = str(value)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."
