"""Files of results, whole or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

#: The formats of files of results; the CSV of ``french`` is what French Excel opens.
FILE_FORMATS = ("csv", "csv-french", "parquet")
_BOM = b"\xef\xbb\xbf"
_DECIMALS = pa.decimal128(38, 6)
_ROWS_AT_ONCE = 65_536


@contextmanager
def all_or_nothing(folder: Path) -> Iterator[Path]:
    """Yield an empty folder to write in; once all is written, move the files.

    The folder where they go is made if need be; other files in it stay. If an error
    comes, nothing is left of what was written.

    Raises:
        OSError: The folder cannot be made or written in.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield scratch
        folder.mkdir(exist_ok=True)
        for file in sorted(scratch.iterdir()):
            file.replace(folder / file.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_whole(path: Path, text: str) -> None:
    """Write a text in a file, whole or not at all."""
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


class TableWriter:
    """Writes a table, some rows at a time, as CSV or Parquet by the file's name.

    In CSV: UTF-8, commas, quotes where a cell needs them; an unknown value is an empty
    cell; numbers have a point and six decimals at most; infinity is ``inf``. The bytes
    do not depend on the version of a library.

    Args:
        path: The file.
        schema: The columns.
        metadata: What made the table, for a file that can hold it.
        french: Write a CSV as French Excel opens it: semicolons, a byte order mark,
            decimal commas, days as 31/12/2024, ``VRAI`` and ``FAUX``.
    """

    def __init__(
        self,
        path: Path,
        schema: pa.Schema,
        metadata: dict[str, str] | None = None,
        *,
        french: bool = False,
    ) -> None:
        self._file = path.open("wb")
        self._french, self._schema = french, schema
        self._parquet = None
        self._metadata = metadata or {}
        if path.suffix.lower() != ".parquet":
            self._file.write(_header(schema, french=french))
            return
        # Texts that come as such hardly repeat: identifiers, row by row.
        coded = [one.name for one in schema if not pa.types.is_string(one.type)]
        # Codes are texts to anyone who reads the file.
        options = {"store_schema": False, "compression": "zstd"}
        self._parquet = pq.ParquetWriter(
            self._file, schema, use_dictionary=coded, **options
        )

    def write(self, table: pa.Table) -> None:
        """Add rows."""
        if self._parquet is not None:
            self._parquet.write_table(table.cast(self._schema))
            return
        separator = ";" if self._french else ","
        for batch in table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            cells = [_texts(column, french=self._french) for column in batch.columns]
            lines = pc.binary_join_element_wise(*cells, separator)
            ends = pa.array([0, len(lines)], pa.int32())
            joined = pc.binary_join(pa.ListArray.from_arrays(ends, lines), "\n")
            self._file.write(joined[0].as_py().encode() + b"\n")

    def close(self) -> None:
        """Put the file on the disk."""
        if self._parquet is not None:
            self._parquet.add_key_value_metadata(self._metadata)
            self._parquet.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()


def suffix_of(file_format: str) -> str:
    """Return the suffix of the files of a format, without the point."""
    return file_format.partition("-")[0]


def is_french(file_format: str) -> bool:
    """Return whether a format is the CSV that French Excel opens."""
    return file_format == "csv-french"


def write_table(table: pa.Table, path: Path, *, french: bool = False) -> None:
    """Write a table whole, as CSV or Parquet by the file's name: ``TableWriter``."""
    write_files(path.parent, [(path.name, table)], french=french)


def write_files(
    folder: Path,
    tables: Iterable[tuple[str, pa.Table]],
    metadata: dict[str, str] | None = None,
    *,
    french: bool = False,
) -> None:
    """Write files of which some rows come at a time, by name: ``TableWriter``."""
    writers: dict[str, TableWriter] = {}
    with ExitStack() as opened:
        for name, rows in tables:
            if name not in writers:
                writers[name] = TableWriter(
                    folder / name, rows.schema, metadata, french=french
                )
                opened.callback(writers[name].close)
            elif not len(rows):
                continue
            writers[name].write(rows)


def has_columns(path: Path, schema: pa.Schema) -> bool:
    """Return whether a file is a table of some columns that ``TableWriter`` wrote."""
    try:
        if path.suffix.lower() == ".parquet":
            return pq.read_schema(path).names == schema.names
        with path.open("rb") as file:
            headers = [_header(schema), _header(schema, french=True)]
            return file.read(max(map(len, headers))).startswith((*headers,))
    except (pa.ArrowException, OSError):
        return False


def _header(schema: pa.Schema, *, french: bool = False) -> bytes:
    line = (";" if french else ",").join(schema.names).encode() + b"\n"
    return _BOM + line if french else line


def _texts(values: pa.Array, *, french: bool = False) -> pa.Array:
    """Return the values as they are written in a cell."""
    kind = values.type
    if pa.types.is_floating(kind):
        numbers = _numbers(values)
        return pc.replace_substring(numbers, ".", ",") if french else numbers
    if pa.types.is_boolean(kind) and french:
        return pc.if_else(values, "VRAI", "FAUX").fill_null("")
    texts = values.cast(pa.string()).fill_null("")
    if pa.types.is_date(kind) and french:
        return pc.replace_substring_regex(texts, r"(\d+)-(\d+)-(\d+)", r"\3/\2/\1")
    if pa.types.is_date(kind) or pa.types.is_boolean(kind):
        return texts
    quoted = pc.replace_substring(texts, '"', '""')
    quoted = pc.binary_join_element_wise('"', quoted, '"', "")
    # What a reader would take for the end of a cell or of a row.
    special = pc.match_substring_regex(texts, '[";\r\n]' if french else '[",\r\n]')
    return pc.if_else(special, quoted, texts)


def _numbers(values: pa.Array) -> pa.Array:
    """Return numbers in full, never with an exponent."""
    is_finite = pc.is_finite(values).fill_null(False)
    finite = pc.if_else(is_finite, values, 0.0).cast(_DECIMALS, safe=False)
    texts = pc.replace_substring_regex(finite.cast(pa.string()), r"\.?0+$", "")
    others = values.cast(pa.string()).fill_null("")
    return pc.if_else(is_finite, texts, others)
