"""The files of a table: one, or a folder of parts; CSV, Parquet, or held in memory.

Each row has its number. Parquet is left to the database, which reads it on several
cores; the others are read here, some rows at a time: the database does not tell of the
blank lines of a CSV, which a spreadsheet counts.
"""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import unquote

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.tables.database import (
    Connection,
    literal,
    plain_name,
    quoted,
    sql_name,
)
from openfisca_isv.population.tables.formats import CellFormat

#: Beside the cells of a row: its file and number.
PLACE = FILE, ROW = "__file", "__row"
_FORMATS = (".csv", ".csv.gz", ".parquet")
#: What a folder is called that holds the rows of one value of a column.
_KEY = re.compile(r"([^=]+)=(.*)", re.DOTALL)
#: The value that stands for none in such a name.
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
#: What pandas keeps of a data frame beside its columns, and does not show.
_INDEX = re.compile(r"__index_level_\d+__")
#: What a path may have that the database would not take for itself.
_PATTERN = re.compile(r"[*?\[\]{}]")
#: What a row has, beside blanks, in which no cell is filled in.
_BETWEEN_CELLS = ' \t\r\n,;|"\ufeff\xa0'
_BYTES_AT_ONCE = 8 << 20
#: What the reader says of a file without a row.
_EMPTY = "Empty CSV file"
#: What a file may raise that is not compressed as its name says, or not to its end.
_NOT_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)
#: What any file may raise that is not a table, or not to its end.
_NOT_A_TABLE = (*_NOT_GZIP, pa.ArrowException, UnicodeError)


@dataclass(frozen=True, eq=False)
class InMemoryTable:
    """A table that is held in memory, and what problems call it.

    Attributes:
        name: What problems call it.
        table: Its columns.
        path: The workbook of which it is a sheet, if it is one.
        rows: The number of each row in that sheet; else they count from 1.
        letters: The name of each column in that sheet.
        problems: What is wrong with that sheet.
    """

    name: str
    table: pa.Table
    path: Path | None = None
    rows: Sequence[int] | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[TableProblem] = ()

    def __str__(self) -> str:
        """Return the name."""
        return self.name


#: Where a table comes from.
Source = Path | InMemoryTable


def files_of(source: Source) -> dict[Source, dict[str, str]]:
    """Return the files of a table, in the order of their names.

    Returns:
        By file, what its folders tell of all its rows, by column: those called
        ``year=2024``.

    Raises:
        TableError: A folder holds none, or other files too; or what is given is a pipe.
    """
    if isinstance(source, InMemoryTable) or source.is_file() or not source.exists():
        return {source: {}}
    wrong, files = [source], {}
    if not source.is_dir():
        reason = "is not a file: a table is read more than once, a pipe only once"
        remedy = "Write the table to a file first"
    else:
        files = dict(sorted(_parts(source, {})))
        wrong = sorted(one for one, keys in files.items() if keys is None)
        reason = "is not read: the parts of a table are CSV or Parquet files"
        remedy = "Save it as one of them, or move it elsewhere"
        if not files:
            wrong, reason = [source], "holds no CSV or Parquet file"
            remedy = "Put the parts of the table in it"
    if wrong:
        raise TableError([TableProblem(str(one), reason, remedy) for one in wrong])
    return files


def _parts(
    folder: Path, keys: Mapping[str, str]
) -> Iterator[tuple[Path, Mapping[str, str] | None]]:
    """Yield the files in a folder and those of a value; of what is none, no keys."""
    for one in folder.iterdir():
        if one.name.startswith((".", "_")) or one.suffix == ".crc":
            continue
        if one.is_dir() and (found := _KEY.fullmatch(one.name)):
            name, value = map(unquote, found.groups())
            yield from _parts(one, keys | {name: "" if value == _NO_VALUE else value})
        else:
            is_part = one.is_file() and one.name.lower().endswith(_FORMATS)
            yield one, keys if is_part else None


def columns_of(file: Source, written: CellFormat) -> list[str]:
    """Return the names of the columns of a file.

    Raises:
        TableError: The file is not a table.
    """
    names = [one.strip() for one in _schema_of(file, written).names]
    return [name for name in names if not _INDEX.fullmatch(name)]


def _schema_of(file: Source, written: CellFormat) -> pa.Schema:
    if isinstance(file, InMemoryTable):
        return file.table.schema
    try:
        if _is_parquet(file):
            return pq.read_schema(file)
        _, line, delimiter = _header_of(file, written)
    except _NOT_A_TABLE as error:
        raise not_a_table(file, error, written) from error
    header = next(csv.reader([line], delimiter=delimiter))
    return pa.schema([(name, pa.string()) for name in header])


class Opened:
    """Columns of a file that the database can read once: from ``sql``, in a query.

    Attributes:
        types: The type of each column, which is there by ``sql_name``, beside ``ROW``;
            those of ``keys`` are not.
        error: What stopped the reading.
        uneven: The rows that have not as many cells as the header, once it is read:
            the number of each, and what is wrong.
        is_csv: There are no blanks around its texts, and there may be blank lines.
        is_left_to_database: The database reads the file itself.

    Args:
        connection: The database.
        file: A CSV or Parquet file, or a table that is held.
        columns: Names of columns.
        sql: What the file is called in queries.
        written: How a CSV file is written.
        keys: What its folders tell of all its rows.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what is read, and how
        self,
        connection: Connection,
        file: Source,
        columns: Sequence[str],
        sql: str,
        written: CellFormat,
        keys: Mapping[str, str],
    ) -> None:
        self.file, self.sql = str(file), sql
        self.error: Exception | None = None
        self.uneven: list[tuple[int, str]] = []
        self.keys = {one: value for one, value in keys.items() if one in columns}
        self.is_csv = not isinstance(file, InMemoryTable) and not _is_parquet(file)
        self._source, self._written = file, written
        fields = {one.name.strip(): one for one in _schema_of(file, written)}
        self.types = {
            one: pa.string() if one in keys else _decoded(fields[one].type)
            for one in columns
        }
        given = [one for one in columns if one not in keys]
        self._names = [fields[one].name for one in given]
        schema = [(plain_name(one), self.types[one]) for one in given]
        self._schema = pa.schema([*schema, (ROW, pa.int64())])
        folded = {one.lower() for one in ("file_row_number", *fields)}
        has_plain_names = len(folded) > len(fields) and not _PATTERN.search(self.file)
        self.is_left_to_database = _is_parquet(file) and has_plain_names
        if self.is_left_to_database:
            cells = [f"{quoted(fields[one].name)} AS {sql_name(one)}" for one in given]
            cells.append(f"file_row_number + 1 AS {ROW}")
            self.sql = (
                f"(SELECT {', '.join(cells)}"
                f" FROM read_parquet({literal(str(file.absolute()))},"
                " file_row_number = true, hive_partitioning = false))"
            )
        else:
            reader = pa.RecordBatchReader.from_batches(self._schema, self._rows())
            connection.register(sql, reader)

    def _rows(self) -> Iterator[pa.RecordBatch]:
        """Read the file some rows at a time."""
        try:
            for batch, numbers in self._csv() if self.is_csv else self._typed():
                cells = [
                    batch.column(name).cast(kind)
                    for name, kind in zip(self._names, self._schema.types, strict=False)
                ]
                cells.append(pa.array(numbers, pa.int64()))
                yield pa.record_batch(cells, self._schema)
        except (*_NOT_A_TABLE, OSError) as error:
            self.error = error
            # What the library of Parquet says of a page that is damaged has no number.
            if getattr(error, "errno", None) is None:
                self.error = not_a_table(self._source, error, self._written)
            raise pa.ArrowInvalid(str(error)) from error

    def _typed(self) -> Iterator[tuple[pa.RecordBatch, Sequence[int]]]:
        """Yield rows that are not texts to take apart, and their numbers."""
        if isinstance(self._source, InMemoryTable):
            table, numbers = self._source.table, self._source.rows
            rows, batches = len(table), table.select(self._names).to_batches()
        else:
            content, numbers = pq.ParquetFile(self._source), None
            rows = content.metadata.num_rows
            batches = content.iter_batches(columns=self._names)
        numbers = numpy.arange(1, rows + 1) if numbers is None else numbers
        first = 0
        for batch in batches:
            yield batch, numbers[first : first + len(batch)]
            first += len(batch)

    def _csv(self) -> Iterator[tuple[pa.RecordBatch, Sequence[int]]]:
        """Yield rows of a CSV file, and their numbers; note those that are uneven."""
        skipped: list[int] = []

        def skip(row: pyarrow.csv.InvalidRow) -> str:
            skipped.append(row.number)
            if row.text.strip(_BETWEEN_CELLS):
                wrong = f"has {row.actual_columns} cells where the header has"
                wrong += f" {row.expected_columns}"
                if row.text.count('"') % 2:
                    wrong += ", and a quote that is not closed"
                self.uneven.append((row.number, wrong))
            return "skip"

        path, written = self._source, self._written
        blank, _, delimiter = _header_of(path, written)
        # The header is row 1, as in a spreadsheet.
        first, first_row = 0, 2 + blank
        if written.encoding == "utf-8":
            _check_utf_8(path)
        # Threads would lose the numbers of the rows that are skipped.
        read = pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=_BYTES_AT_ONCE,
            skip_rows=blank,
            encoding=written.encoding,
        )
        # A spreadsheet counts blank lines.
        parse = pyarrow.csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            invalid_row_handler=skip,
            ignore_empty_lines=False,
        )
        convert = pyarrow.csv.ConvertOptions(
            null_values=[""],
            strings_can_be_null=True,
            include_columns=self._names,
            column_types=dict.fromkeys(self._names, pa.string()),
        )
        gzipped = "gzip" if _is_gzip(path) else None
        try:
            content = pa.input_stream(str(path), compression=gzipped)
            reader = pyarrow.csv.open_csv(content, read, parse, convert)
        except pa.ArrowInvalid as error:
            # A header whose line has no end.
            if _EMPTY in str(error):
                return
            raise
        with reader:
            for batch in reader:
                before = [row - first_row - rank for rank, row in enumerate(skipped)]
                kept = numpy.arange(first, first + len(batch))
                rows = kept + first_row + numpy.searchsorted(before, kept, "right")
                first += len(batch)
                trimmed = map(pc.utf8_trim_whitespace, batch.columns)
                yield pa.record_batch([*trimmed], batch.schema.names), rows


def _decoded(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values of codes, and of numbers that no database has."""
    if pa.types.is_float16(kind):
        return pa.float32()
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _header_of(path: Path, written: CellFormat) -> tuple[int, str, str]:
    """Return how many lines of a CSV are blank, its header, and its separator."""
    encoding = "utf-8-sig" if written.encoding == "utf-8" else written.encoding
    blank = 0
    with _open(path) as content:
        _check_text(path, content.read(4096), written)
        content.seek(0)
        lines = io.TextIOWrapper(content, encoding=encoding, newline="")
        while (line := lines.readline(1 << 20)) and not line.strip():
            blank += 1
    if not line:
        raise not_a_table(path, _EMPTY, written)
    # French Excel has semicolons.
    usual = ";" if ";" in line and "," not in line else ","
    return blank, line, written.separator or usual


def _check_text(path: Path, start: bytes, written: CellFormat) -> None:
    """Refuse a file, before it is taken for a CSV, by how it starts."""
    is_utf_16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if start.startswith(b"PAR1"):
        reason, remedy = "is Parquet", "Name it .parquet"
    elif start.startswith(b"PK"):
        reason = "is a zip archive, or a workbook of another name"
        remedy = "Unpack it, or name it .xlsx or .ods"
    elif is_utf_16 and written.encoding != "utf-16":
        reason = "is in UTF-16"
        remedy = "Declare --format-of-cells encoding=utf-16"
    elif start.startswith(b"\x1f\x8b") or (b"\0" in start and not is_utf_16):
        reason = "is compressed, or of another format"
        remedy = "Give CSV in UTF-8, or Parquet"
    else:
        return
    raise TableError([TableProblem(str(path), reason, remedy)])


def not_a_table(path: object, said: object, written: CellFormat) -> TableError:
    """Return why a file is not a table, from what the library says that reads it."""
    message, remedy = str(said), "Save it as CSV UTF-8"
    if isinstance(said, _NOT_GZIP):
        reason = "is not a whole gzip file: cut short, or of another format"
        remedy = "Compress the table again"
    elif _is_parquet(path):
        reason = "is not a whole Parquet file: cut short, or of another format"
        remedy = "Write the table again"
        if path.stat().st_size == 0:
            reason = "is empty"
    elif _EMPTY in message:
        reason, remedy = "is empty", "Give a header, and a row for each case"
    elif "UTF8" in message or "codec" in message or "UTF-16" in message:
        reason = f"is not in {written.encoding.upper()}"
        remedy += ", or declare its encoding, e.g. --format-of-cells"
        remedy += " french,encoding=cp1252"
    else:
        reason = f"is not a CSV table: {message}"
    return TableError([TableProblem(str(path), reason, remedy)])


def _check_utf_8(path: Path) -> None:
    """Read a file to its end, for the reader tells of no row that is not in UTF-8."""
    with _open(path) as content:
        chunks = iter(lambda: content.read(_BYTES_AT_ONCE), b"")
        for _ in codecs.iterdecode(chunks, "utf-8"):
            pass


def _open(path: Path) -> IO[bytes]:
    """Open a file of texts, compressed or not."""
    return gzip.open(path) if _is_gzip(path) else path.open("rb")


def _is_gzip(path: Path) -> bool:
    return path.suffix.lower() == ".gz"


def _is_parquet(path: object) -> bool:
    return isinstance(path, Path) and path.suffix.lower() == ".parquet"
