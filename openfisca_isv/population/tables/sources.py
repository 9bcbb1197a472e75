"""The files of a table: one, or a folder of parts; CSV, Parquet, or held in memory.

Parquet is left to the database. CSV is read here: the database does not tell of the
blank lines that it leaves out, which a spreadsheet counts.
"""

import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import duckdb
import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.checks.whole_files import (
    BYTES_AT_ONCE,
    EMPTY,
    check_utf_8,
    damaged,
    is_gzip,
    is_parquet,
    no_header,
    not_a_table,
    not_text,
    open_bytes,
)
from openfisca_isv.population.tables.database import (
    Connection,
    literal,
    plain_name,
    quoted,
    raise_disk_error,
    sql_name,
)
from openfisca_isv.population.tables.formats import USUAL, CellFormat

#: The number of a row, beside its cells.
ROW = "__row"
#: The header is row 1, as in a spreadsheet.
_FIRST_ROW = 2
_LONGEST_HEADER = 1 << 20
_FORMATS = (".csv", ".csv.gz", ".parquet")
#: What a folder is called that holds the rows of one value of a column.
_KEY = re.compile(r"([^=]+)=(.*)", re.DOTALL)
#: The value that stands for none in such a name.
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_INDEX = re.compile(r"__index_level_\d+__")
#: What a file may raise that is not compressed as its name says, or not to its end.
_NOT_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)
#: What a row has, beside blanks, in which no cell is filled in.
_BETWEEN_CELLS = ' \t\r\n,;|"\ufeff\xa0'
#: What a path may have that the database would not take for itself.
_PATTERN = re.compile(r"[*?\[\]{}]")


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


@dataclass
class Opened:
    """A file that the database can read once.

    Attributes:
        file: What problems call the file.
        sql: The table that it is in a query: columns by ``sql_name``, and ``ROW``.
        types: The type of each column.
        uneven: The rows that have not as many cells as the header, once it is read:
            the number of each, and what is wrong.
        keys: The value of each column that the folders of the file tell.
        error: What stopped the reading.
        is_trimmed: There are no blanks around its texts.
    """

    file: str
    sql: str
    types: dict[str, pa.DataType]
    uneven: list[tuple[int, str]] = field(default_factory=list)
    keys: Mapping[str, str] = field(default_factory=dict)
    error: Exception | None = None
    is_trimmed: bool = False


def files_of(path: Source) -> list[Source]:
    """List the files of a table, in the order of their names.

    Folders called ``year=2024`` are looked into: ``keys_of``.

    Raises:
        TableError: A folder holds none, or other files too; or what is given is a pipe.
    """
    if isinstance(path, InMemoryTable):
        return [path]
    if not path.is_dir():
        if path.exists() and not path.is_file():
            reason = "is not a file: a table is read more than once, a pipe only once"
            remedy = "Write the table to a file first"
            raise TableError([TableProblem(str(path), reason, remedy)])
        return [path]
    files, others = _parts(path)
    if others:
        reason = "is not read: the parts of a table are CSV or Parquet files"
        remedy = "Save it as one of them, or move it elsewhere"
        listed = [TableProblem(str(one), reason, remedy) for one in sorted(others)]
        raise TableError(listed)
    if not files:
        remedy = "Put the parts of the table in it"
        reason = "holds no CSV or Parquet file"
        raise TableError([TableProblem(str(path), reason, remedy)])
    return sorted(files)


def _parts(folder: Path) -> tuple[list[Path], list[Path]]:
    """List the files in a folder and those of a value, and what is none of them."""
    files, others = [], []
    for one in folder.iterdir():
        if one.name.startswith((".", "_")) or one.suffix == ".crc":
            continue
        if one.is_dir() and _KEY.fullmatch(one.name):
            of_value = _parts(one)
            files += of_value[0]
            others += of_value[1]
        elif one.is_file() and one.name.lower().endswith(_FORMATS):
            files.append(one)
        else:
            others.append(one)
    return files, others


def keys_of(table: Source, file: Source) -> dict[str, str]:
    """Return what the folders of a part tell of all its rows, by column.

    Args:
        table: The table, ``missions``.
        file: One of its files, ``missions/year=2024/part.csv``.
    """
    if isinstance(file, InMemoryTable) or file == table:
        return {}
    keys = {}
    for folder in file.relative_to(table).parent.parts:
        name, value = map(unquote, _KEY.fullmatch(folder).groups())
        keys[name] = "" if value == _NO_VALUE else value
    return keys


def columns_of(
    path: Source, written: CellFormat, keys: Mapping[str, str] | None = None
) -> list[str]:
    """Return the names of the columns of a file.

    Args:
        path: The file, or a table that is held.
        written: How a CSV file is written.
        keys: What its folders tell of all its rows.

    Raises:
        TableError: The file is not a table, or its first row not a header.
    """
    try:
        names = [one.strip() for one in _schema_of(path, written).names]
        # What pandas keeps of a data frame beside its columns, and does not show.
        names = [name for name in names if not _INDEX.fullmatch(name)]
    except (pa.ArrowException, UnicodeError) as error:
        raise TableError([not_a_table(path, str(error), written)]) from error
    if problem := no_header(path, names):
        raise TableError([problem])
    if twice := sorted(name for name, times in Counter(names).items() if times > 1):
        reason = f"has more than one column {', '.join(twice)}"
        raise TableError([TableProblem(str(path), reason, "Keep one of each")])
    if clash := sorted({*names} & {*(keys or ())}):
        reason = f"is in the folder {clash[0]}={keys[clash[0]]}, and has the column too"
        remedy = "Remove the column, or name the folder otherwise"
        problem = TableProblem(str(path), reason, remedy, column=clash[0])
        raise TableError([problem])
    return [*names, *(keys or ())]


def open_file(  # noqa: PLR0913, PLR0917 - what is read, and how
    connection: Connection,
    file: Source,
    columns: Sequence[str],
    name: str,
    written: CellFormat,
    keys: Mapping[str, str] | None = None,
) -> Opened:
    """Let the database read columns of a file.

    Args:
        connection: The database.
        file: A CSV or Parquet file, or a table that is held.
        columns: Names of columns.
        name: What the file is called in queries, where it is not Parquet.
        written: How a CSV file is written.
        keys: What its folders tell of all its rows: ``keys_of``.
    """
    keys = {one: value for one, value in (keys or {}).items() if one in columns}
    columns = [one for one in columns if one not in keys]
    try:
        schema = _schema_of(file, written)
    except (pa.ArrowException, UnicodeError) as error:
        raise TableError([not_a_table(file, str(error), written)]) from error
    stripped = {one.strip(): one for one in schema.names}
    types = {one: schema.field(stripped[one]).type for one in columns}
    types |= dict.fromkeys(keys, pa.string())
    opened = Opened(str(file), name, types, keys=keys)
    if isinstance(file, InMemoryTable):
        connection.register(name, _numbered(file.table, columns, file.rows))
    elif not is_parquet(file):
        opened.is_trimmed = True
        batches = _batches(file, [stripped[one] for one in columns], opened, written)
        fields = [(plain_name(one), pa.string()) for one in columns]
        schema = pa.schema([*fields, (ROW, pa.int64())])
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        connection.register(name, reader)
    elif _PATTERN.search(str(file)) or len(
        {one.lower() for one in ["file_row_number", *schema.names]}
    ) <= len(schema.names):
        # Names that the database would take for others.
        table = pq.read_table(file, columns=[stripped[one] for one in columns])
        connection.register(name, _numbered(table, columns))
    else:
        cells = [f"{quoted(stripped[one])} AS {sql_name(one)}" for one in columns]
        path = literal(str(file.absolute()))
        opened.sql = (
            f"(SELECT {', '.join(cells)}, file_row_number + 1 AS {ROW}"
            f" FROM read_parquet({path}, file_row_number = true,"
            " hive_partitioning = false))"
        )
    return opened


def explain_failure(error: duckdb.Error, opened: Sequence[Opened]) -> None:
    """Raise what stopped the database from reading files.

    Raises:
        TableError: A file is not a table, or not to its end.
        OSError: A file cannot be read, or the disk is full.
    """
    raise_disk_error(error)
    for one in opened:
        if one.error is not None:
            raise one.error from error
    if isinstance(error, duckdb.OutOfMemoryException | duckdb.InterruptException):
        raise error
    named = [one for one in opened if one.file in str(error)] or opened
    file, said = named[0].file, str(error).partition("\n")[0]
    problem = TableProblem(file, f"cannot be read: {said}", "Write the table again")
    if named[0].sql.startswith("(") and not isinstance(error, duckdb.DataError):
        problem = not_a_table(Path(file), said, USUAL)
    raise TableError([problem]) from error


def _schema_of(path: Source, written: CellFormat) -> pa.Schema:
    """Return the columns of a file and their types."""
    if isinstance(path, InMemoryTable):
        return path.table.schema
    if is_parquet(path):
        return pq.read_schema(path)
    try:
        if problem := not_text(path, written):
            raise TableError([problem])
        _, line = _first_line(path, written)
    except _NOT_GZIP as error:
        raise TableError([damaged(path)]) from error
    if not line:
        raise pa.ArrowInvalid(EMPTY)
    header = csv.reader([line], delimiter=_delimiter_of(line, written))
    return pa.schema([(name, pa.string()) for name in next(header)])


def _numbered(
    table: pa.Table, columns: Sequence[str], rows: Sequence[int] | None = None
) -> pa.Table:
    """Return columns of a table under their names in queries, and the rows' numbers."""
    stripped = {one.strip(): one for one in table.column_names}
    cells = {}
    for one in columns:
        column = table[stripped[one]]
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        cells[plain_name(one)] = column
    numbers = numpy.arange(1, len(table) + 1) if rows is None else pa.array(rows)
    return pa.table(cells | {ROW: numbers})


def _open_csv(
    path: Path,
    skip: Callable[[pyarrow.csv.InvalidRow], str],
    columns: Sequence[str],
    written: CellFormat,
) -> pyarrow.csv.CSVStreamingReader:
    """Open a CSV file to read texts; ``skip`` is told of each row that is not whole."""
    blank_before, header = _first_line(path, written)
    return pyarrow.csv.open_csv(
        pa.input_stream(str(path), compression="gzip" if is_gzip(path) else None),
        # Threads would lose the numbers of the rows that are skipped.
        pyarrow.csv.ReadOptions(
            use_threads=False,
            block_size=BYTES_AT_ONCE,
            skip_rows=blank_before,
            encoding=written.encoding,
        ),
        pyarrow.csv.ParseOptions(
            delimiter=_delimiter_of(header, written),
            newlines_in_values=True,
            invalid_row_handler=skip,
            # A spreadsheet counts blank lines.
            ignore_empty_lines=False,
        ),
        pyarrow.csv.ConvertOptions(
            null_values=[""],
            strings_can_be_null=True,
            include_columns=columns,
            column_types=dict.fromkeys(columns, pa.string()),
        ),
    )


def _batches(
    path: Path, columns: Sequence[str], opened: Opened, written: CellFormat
) -> Iterator[pa.RecordBatch]:
    """Read a CSV file some rows at a time, blank lines left out."""
    skipped: list[int] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        skipped.append(row.number)
        if row.text.strip(_BETWEEN_CELLS):
            wrong = f"has {row.actual_columns} cells where the header has"
            wrong += f" {row.expected_columns}"
            if row.text.count('"') % 2:
                wrong += ", and a quote that is not closed"
            opened.uneven.append((row.number, wrong))
        return "skip"

    names = [*map(plain_name, map(str.strip, columns)), ROW]
    first, first_row = 0, _FIRST_ROW + _first_line(path, written)[0]
    try:
        if written.encoding == "utf-8":
            check_utf_8(path)
        with _open_csv(path, skip, columns, written) as reader:
            for batch in reader:
                before = [row - first_row - rank for rank, row in enumerate(skipped)]
                kept = numpy.arange(first, first + len(batch))
                rows = kept + first_row + numpy.searchsorted(before, kept, "right")
                first += len(batch)
                trimmed = map(pc.utf8_trim_whitespace, batch.columns)
                arrays = [*trimmed, pa.array(rows)]
                yield _filled(pa.record_batch(arrays, names))
    except (pa.ArrowException, UnicodeError) as error:
        if EMPTY in str(error) and _first_line(path, written)[1]:
            # A header whose line has no end.
            return
        opened.error = TableError([not_a_table(path, str(error), written)])
        raise
    except _NOT_GZIP as error:
        opened.error = TableError([damaged(path)])
        raise pa.ArrowInvalid(str(error)) from error
    except OSError as error:
        opened.error = error
        raise


def _filled(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Leave out the rows that have no cell filled in: blank lines."""
    is_blank = None
    for cells in batch.columns[:-1]:
        of_column = pc.equal(cells, "").fill_null(True)
        is_blank = of_column if is_blank is None else pc.and_(is_blank, of_column)
        if not pc.any(is_blank).as_py():
            return batch
    return batch.filter(pc.invert(is_blank))


def _first_line(path: Path, written: CellFormat) -> tuple[int, str]:
    """Return how many lines are blank before the first that is not, and this one."""
    blank = 0
    encoding = "utf-8-sig" if written.encoding == "utf-8" else written.encoding
    with open_bytes(path) as content:
        lines = io.TextIOWrapper(content, encoding=encoding, newline="")
        while (line := lines.readline(_LONGEST_HEADER)) and not line.strip():
            blank += 1
    return blank, line


def _delimiter_of(header: str, written: CellFormat) -> str:
    """Return what stands between cells: commas, or semicolons as in French Excel."""
    if written.separator:
        return written.separator
    return ";" if ";" in header and "," not in header else ","
