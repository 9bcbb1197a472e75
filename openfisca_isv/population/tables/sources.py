"""The files of a table: one, or a folder of parts; CSV or Parquet, batch by batch."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from openfisca_isv.population.tables.csv_texts import (
    FIRST_ROW,
    delimiter_of,
    first_line,
    header_of,
    not_text,
    trimmed,
    unreadable,
)
from openfisca_isv.population.tables.problems import Problem

#: Rows of a Parquet file that are held at once.
_ROWS_AT_ONCE = 262_144
_BYTES_AT_ONCE = 8 << 20
_FORMATS = (".csv", ".parquet")
_INDEX = re.compile(r"__index_level_\d+__")
_TEXTS = ("string", "large_string", "string_view")


class UnreadableError(Exception):
    """A file is no table at all.

    Attributes:
        problems: What is wrong with it.
    """

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = list(problems)


@dataclass(frozen=True, eq=False)
class Held:
    """A table that is held in memory, and what problems call it."""

    name: str
    table: pa.Table

    def __str__(self) -> str:
        """Give the name."""
        return self.name


#: Where a table comes from.
Source = Path | Held


@dataclass(frozen=True)
class Uneven:
    """A row that has not as many cells as the header."""

    row: int
    cells: int
    expected: int


@dataclass(frozen=True)
class Batch:
    """Some rows of a file, as they stand in it.

    Attributes:
        file: What problems call the file.
        rows: The number of each row; in CSV the header is row 1, as in a spreadsheet.
        columns: Texts, blanks as nulls, or the types of a Parquet file.
        uneven: Rows that were left out of it.
    """

    file: str
    rows: numpy.ndarray
    columns: pa.Table
    uneven: tuple[Uneven, ...] = ()


def files_of(path: Source) -> list[Source]:
    """List the files of a table, in the order of their names.

    Raises:
        UnreadableError: A folder holds none, or other files too.
    """
    if isinstance(path, Held) or not path.is_dir():
        return [path]
    files = sorted(
        one
        for one in path.iterdir()
        if not one.name.startswith((".", "_")) and one.suffix != ".crc"
    )
    others = [
        one for one in files if one.is_dir() or one.suffix.lower() not in _FORMATS
    ]
    if others:
        reason = "is not read: the parts of a table are CSV or Parquet files"
        remedy = "Save it as one of them, or move it elsewhere"
        raise UnreadableError(*(Problem(str(one), reason, remedy) for one in others))
    if not files:
        remedy = "Put the parts of the table in it"
        raise UnreadableError(
            Problem(str(path), "holds no CSV or Parquet file", remedy)
        )
    return files


def columns_of(path: Source) -> list[str]:
    """Give the names of the columns of a file.

    Raises:
        UnreadableError: The file is no table.
    """
    try:
        if isinstance(path, Held):
            names = path.table.column_names
        else:
            if problem := None if _is_parquet(path) else not_text(path):
                raise UnreadableError(problem)
            names = pq.read_schema(path).names if _is_parquet(path) else header_of(path)
        # What pandas keeps of a data frame beside its columns, and does not show.
        names = [name for name in names if not _INDEX.fullmatch(name)]
    except (pa.ArrowInvalid, pa.ArrowException, UnicodeDecodeError) as error:
        raise UnreadableError(_why(path, error)) from error
    if twice := sorted({name for name in names if names.count(name) > 1}):
        reason = f"has more than one column {', '.join(twice)}"
        raise UnreadableError(Problem(str(path), reason, "Keep one of each"))
    return names


def read_file(path: Source, only: Sequence[str] | None = None) -> Iterator[Batch]:
    """Read a file batch by batch, without holding it whole.

    Args:
        path: A CSV or Parquet file, or a table that is held.
        only: The columns to read; all by default.

    Raises:
        UnreadableError: The file is no table, or not to its end.
    """
    if isinstance(path, Held):
        yield from _read_held(path, only)
        return
    read = _read_parquet if _is_parquet(path) else _read_csv
    try:
        yield from read(path, only)
    except (pa.ArrowInvalid, pa.ArrowException, UnicodeDecodeError) as error:
        raise UnreadableError(_why(path, error)) from error
    except OSError as error:
        if error.errno is not None or not _is_parquet(path):
            raise
        raise UnreadableError(_why(path, error)) from error


def count_at_most(path: Source) -> int:
    """Give a number of rows that a file does not exceed, at little cost."""
    if isinstance(path, Held):
        return len(path.table)
    if _is_parquet(path):
        try:
            return pq.read_metadata(path).num_rows
        except (pa.ArrowInvalid, OSError) as error:
            raise UnreadableError(_why(path, error)) from error
    return path.stat().st_size // len("m,v,o,2022-01-01,2022-12-31\n") + 1


def _read_held(held: Held, only: Sequence[str] | None) -> Iterator[Batch]:
    table = held.table if only is None else held.table.select(list(only))
    for first in range(0, max(len(table), 1), _ROWS_AT_ONCE):
        rows = table.slice(first, _ROWS_AT_ONCE)
        numbers = numpy.arange(first + 1, first + len(rows) + 1)
        yield Batch(held.name, numbers, without_blanks(rows))


def _read_parquet(path: Path, only: Sequence[str] | None) -> Iterator[Batch]:
    with pq.ParquetFile(path) as file:
        first = 1
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=only):
            rows = numpy.arange(first, first + len(batch))
            first += len(batch)
            table = pa.Table.from_batches([batch])
            yield Batch(str(path), rows, without_blanks(table))


def without_blanks(table: pa.Table) -> pa.Table:
    """Trim the texts of a table; a blank one is empty."""
    columns = [
        trimmed(column.combine_chunks().cast(pa.string()))
        if str(column.type) in _TEXTS
        else column
        for column in table.columns
    ]
    return pa.table(columns, table.column_names)


def _read_csv(path: Path, only: Sequence[str] | None) -> Iterator[Batch]:
    header = header_of(path, strip=False)
    blank_before, _ = first_line(path)
    skipped: list[Uneven] = []
    uneven: list[Uneven] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        found = Uneven(row.number, row.actual_columns, row.expected_columns)
        skipped.append(found)
        if row.text.strip():
            uneven.append(found)
        return "skip"

    include = [name for name in header if only is None or name.strip() in only]
    names = [name.strip() for name in include]
    reader = pyarrow.csv.open_csv(
        path,
        # Threads would lose the numbers of the rows that are skipped.
        pyarrow.csv.ReadOptions(
            use_threads=False, block_size=_BYTES_AT_ONCE, skip_rows=blank_before
        ),
        pyarrow.csv.ParseOptions(
            delimiter=delimiter_of(path),
            newlines_in_values=True,
            invalid_row_handler=skip,
            # A spreadsheet counts blank lines.
            ignore_empty_lines=False,
        ),
        pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            include_columns=include,
        ),
    )
    first, told, first_row = 0, 0, FIRST_ROW + blank_before
    with reader:
        for batch in reader:
            kept_before = [
                one.row - first_row - rank for rank, one in enumerate(skipped)
            ]
            kept = numpy.arange(first, first + len(batch))
            rows = kept + first_row + numpy.searchsorted(kept_before, kept, "right")
            first += len(batch)
            columns = pa.table([trimmed(column) for column in batch.columns], names)
            new, told = tuple(uneven[told:]), len(uneven)
            yield Batch(str(path), *_filled(rows, columns), new)
    if new := tuple(uneven[told:]):
        nothing = pa.table({name: pa.array([], pa.string()) for name in names})
        yield Batch(str(path), numpy.arange(0), nothing, new)


def _filled(rows: numpy.ndarray, columns: pa.Table) -> tuple[numpy.ndarray, pa.Table]:
    """Leave out the rows that have no cell filled in: blank lines."""
    if any(not column.null_count for column in columns.columns):
        return rows, columns
    is_filled = numpy.any(
        [column.is_valid().to_numpy() for column in columns.columns], axis=0
    )
    return rows[is_filled], columns.filter(pa.array(is_filled))


def _is_parquet(path: Path) -> bool:
    """Tell Parquet from CSV, by the name."""
    return path.suffix.lower() == ".parquet"


def _why(path: Path, error: Exception) -> Problem:
    """Say why a file is no table."""
    if _is_parquet(path):
        if path.stat().st_size == 0:
            return Problem(str(path), "is empty", "Write the table again")
        reason = "is not a whole Parquet file: cut short, or of another format"
        return Problem(str(path), reason, "Write the table again")
    return unreadable(str(path), str(error))
