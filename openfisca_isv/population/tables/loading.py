"""From files to rows in the types of the model, each with its place and its faults."""

from collections.abc import Iterator, Mapping

import numpy
import pyarrow as pa

from openfisca_isv.population.tables.cells import Cell, nearest
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.faults import faults
from openfisca_isv.population.tables.problems import Problem
from openfisca_isv.population.tables.sources import (
    Batch,
    Source,
    UnreadableError,
    columns_of,
    files_of,
    read_file,
)
from openfisca_isv.population.tables.typed_cells import as_texts, read_column

#: Beside the values of a row: its file and number, and whether it is at fault.
FILE, ROW, BAD = "__file", "__row", "__bad"
PLACE = (FILE, ROW, BAD)


def inspect(
    kinds: Mapping[str, TableKind], name: str, path: Source
) -> tuple[list[str], list[Problem]]:
    """Look at the headers of the files of a table.

    Returns:
        The columns that the model knows, and what is wrong.
    """
    problems: list[Problem] = []
    columns: list[str] | None = None
    listed: list[list[str]] = []
    try:
        for file in files_of(path):
            found = columns_of(file)
            listed.append(found)
            if columns is None:
                problems += check_columns(kinds, name, str(file), found)
                columns = found
            elif sorted(found) != sorted(columns):
                other = sorted(set(found) ^ set(columns))
                reason = f"has not the columns of the other parts: {', '.join(other)}"
                problems.append(Problem(str(file), reason, "Give all parts the same"))
    except UnreadableError as error:
        return [], problems + error.problems
    # What a part lacks is told above, and read in none.
    known = [one for one in columns or [] if one in kinds[name].cells]
    known = [one for one in known if all(one in names for names in listed)]
    return known, problems


def check_columns(
    kinds: Mapping[str, TableKind], table: str, file: str, columns: list[str]
) -> Iterator[Problem]:
    """Find the columns that a table lacks, and those that the model does not know.

    Args:
        kinds: What each table may hold.
        table: The name of the table.
        file: What problems call the file.
        columns: The columns of the file.
    """
    kind = kinds[table]
    unknown = [column for column in columns if column not in kind.cells]
    for column in kind.required:
        if column not in columns:
            remedy = "Add it"
            if close := nearest(column, unknown):
                unknown.remove(close)
                remedy = f'Rename "{close}", if that is it'
            yield Problem(file, "is missing", remedy, column=column)
    for column in unknown:
        others = [other.name for other in kinds.values() if column in other.cells]
        if others:
            remedy = f"It belongs in the table of {others[0]}"
        elif close := nearest(column, set(kind.cells) - set(columns)):
            remedy = f'Did you mean "{close}"?'
        else:
            remedy = "Remove it, or name it with --by or --weight"
        yield Problem(file, f"is no column of the {table}", remedy, column=column)


def load(
    kind: TableKind, path: Source, columns: list[str]
) -> Iterator[tuple[pa.Table, list[pa.Table]]]:
    """Read the rows of a table, batch by batch.

    Args:
        kind: What the table may hold.
        path: A file, a folder of parts, or a table that is held.
        columns: The columns that are read: ``inspect``.

    Yields:
        Values, with the columns ``PLACE``; and the faults of single rows.

    Raises:
        UnreadableError: A file is no table, or not to its end.
    """
    for file in files_of(path):
        for batch in read_file(file):
            yield _read(kind, columns, batch)


def schema_of(kind: TableKind, columns: list[str]) -> pa.Schema:
    """Give the schema of the rows that ``load`` gives."""
    places = {FILE: pa.string(), ROW: pa.int64(), BAD: pa.bool_()}
    return pa.schema({one: kind.cells[one].type for one in columns} | places)


def _read(
    kind: TableKind, columns: list[str], batch: Batch
) -> tuple[pa.Table, list[pa.Table]]:
    """Read the cells of a batch."""
    bad = numpy.zeros(len(batch.rows), bool)
    found: list[pa.Table] = []
    values: dict[str, pa.Array] = {}

    def tell(check: str, column: str, is_wrong: numpy.ndarray) -> None:
        if is_wrong.any():
            bad[is_wrong] = True
            where = numpy.flatnonzero(is_wrong)
            texts = None
            if check != "empty":
                texts = as_texts(cells[column].take(pa.array(where)))
            found.append(
                faults(
                    check,
                    kind.name,
                    batch.file,
                    batch.rows[where],
                    column=column,
                    values=texts,
                    keys=keys_of(where),
                )
            )

    def keys_of(where: numpy.ndarray) -> pa.Array | None:
        key = cells.get(kind.key[0])
        return None if key is None else as_texts(key.take(pa.array(where)))

    cells = {one: _whole(batch.columns[one]) for one in columns}
    for column in columns:
        cell = kind.cells[column]
        values[column], is_wrong = _read_cells(cell, batch.file, column, cells[column])
        tell("cell", column, is_wrong)
    for column in sorted({*kind.filled} & set(columns)):
        if cells[column].null_count:
            tell("empty", column, _mask(cells[column].is_null()))
    for one in batch.uneven:
        reason = f"has {one.cells} cells where the header has {one.expected}"
        rows = numpy.array([one.row])
        found.append(faults("uneven", kind.name, batch.file, rows, details=reason))
    schema = schema_of(kind, columns)
    files = pa.repeat(batch.file, len(batch.rows))
    arrays = [*values.values(), files, pa.array(batch.rows), pa.array(bad)]
    return pa.table(arrays, schema=schema), found


def _read_cells(
    cell: Cell, file: str, column: str, given: pa.Array
) -> tuple[pa.Array, numpy.ndarray]:
    """Read a column; of a type that holds no such values the file is unreadable."""
    try:
        return read_column(cell, given)
    except (pa.ArrowException, ValueError, OverflowError, TypeError) as error:
        reason = f"holds values of a type that cannot be read, {given.type}"
        remedy = "Write it as texts, numbers, truths or days"
        problem = Problem(file, reason, remedy, column=column)
        raise UnreadableError(problem) from error


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array."""
    if column.num_chunks == 1:
        return column.chunk(0)
    return column.combine_chunks()


def _mask(is_wrong: pa.Array) -> numpy.ndarray:
    """Give a mask as numpy holds it; what is unknown is not wrong."""
    return is_wrong.fill_null(False).to_numpy(zero_copy_only=False)
