"""From files to typed rows in the database, each with its place and its faults."""

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from openfisca_isv.names import MOST_NAMES
from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.checks.cell_faults import add_faults, make_faults
from openfisca_isv.population.tables.cells import (
    Identifier,
    enum_of,
    is_number,
)
from openfisca_isv.population.tables.columns import Others, TableKind
from openfisca_isv.population.tables.database import (
    Connection,
    count,
    database,
    fetch,
    literal,
    raise_disk_error,
    sql_name,
)
from openfisca_isv.population.tables.formats import CellFormat
from openfisca_isv.population.tables.sources import (
    FILE,
    ROW,
    Opened,
    Source,
    files_of,
    not_a_table,
)

#: The texts of a row that is at fault, in the order of its columns.
_BAD = "__bad"
#: The order of the rows, where it is not that of the key.
_ORDERS = {"missions": ("volunteer", "mission")}
#: What a spreadsheet, or a person, leaves around a text.
_BLANKS = "".join(filter(str.isspace, map(chr, range(0x3001))))
#: The types of Arrow that can be read as texts.
_READ = (
    pa.types.is_string,
    pa.types.is_large_string,
    pa.types.is_string_view,
    pa.types.is_boolean,
    is_number,
    pa.types.is_date,
    pa.types.is_timestamp,
)


def load(
    connection: Connection,
    kind: TableKind,
    source: Source,
    columns: Sequence[str],
    only: str | None = None,
) -> int:
    """Read the files of a table into the database, and note the faults of its cells.

    The rows are in the order of the volunteers, where they have any, then of their
    keys.

    Args:
        connection: The database, which has ``faults``.
        kind: What the table may hold.
        source: A file, a folder of parts, or a table that is held.
        columns: The columns that are read: ``table_headers.inspect``.
        only: Keep the rows of this volunteer alone.

    Returns:
        How many rows the files have, those included that are not divided into cells.

    Raises:
        TableError: A file is not a table, or not to its end.
        OSError: A file cannot be read, or the disk is full.
    """
    opened = [
        Opened(
            connection, file, columns, f"{kind.name}_{rank}", kind.others.written, keys
        )
        for rank, (file, keys) in enumerate(files_of(source).items())
    ]
    files = enum_of([one.file for one in opened])
    rows = " UNION ALL ".join(_rows_of(kind, one) for one in opened)
    order = [one for one in _ORDERS.get(kind.name, kind.key) if one in columns]
    order = ", ".join(f"{one} NULLS FIRST" for one in order or [ROW])
    is_one = only is not None and "volunteer" in columns
    chosen = f"WHERE volunteer = {literal(only)}" if is_one else ""
    try:
        connection.execute(
            f"CREATE TABLE {kind.name} AS SELECT * REPLACE ({FILE}::{files} AS {FILE})"
            f" FROM ({rows}) {chosen} ORDER BY {order}"
        )
    except duckdb.Error as error:
        raise_disk_error(error)
        for one in opened:
            if one.error is not None:
                raise one.error from error
        if isinstance(error, duckdb.OutOfMemoryException | duckdb.InterruptException):
            raise
        said = str(error).splitlines()[0]
        one, *_ = [one for one in opened if one.file in said] or opened
        if one.is_left_to_database and not isinstance(error, duckdb.DataError):
            raise not_a_table(Path(one.file), said, kind.others.written) from error
        problem = TableProblem(
            one.file, f"cannot be read: {said}", "Write the table again"
        )
        raise TableError([problem]) from error
    finally:
        for one in opened:
            if not one.is_left_to_database:
                connection.unregister(one.sql)
    uneven = [(one.file, *row) for one in opened for row in one.uneven]
    for place in () if is_one else uneven:
        query = "SELECT $1, $2, $3, NULL, NULL, NULL, $4"
        add_faults(connection, "uneven", query, [kind.name, *place])
    _note_bad_cells(connection, kind, columns)
    return count(connection, f"FROM {kind.name}") + len(uneven)


def some_names(source: Source, column: str, written: CellFormat) -> list[str]:
    """Return the names in a column, up to more than a name is compared with."""
    cells, others = {column: Identifier()}, Others(written=written)
    kind = TableKind("names", "", (column,), cells=cells, others=others)
    with database() as connection:
        make_faults(connection)
        load(connection, kind, source, [column])
        query = f"SELECT DISTINCT {column} FROM names WHERE {column} IS NOT NULL"
        found = fetch(connection, f"{query} LIMIT {MOST_NAMES + 1}")
    return [name for (name,) in found]


def _rows_of(kind: TableKind, opened: Opened) -> str:
    """Return the SQL of the rows of a file, with the texts of those at fault."""
    given, own, values, texts, bad = [], [], [], [], []
    for column in opened.types:
        name = sql_name(column)
        cell, value, text = _cell(kind, opened, column)
        given.append(f"{cell} AS {name}")
        own += [name] if column not in opened.keys else []
        values.append(f"{value} AS {name}")
        texts.append(text)
        bad.append(f"({name} IS NOT NULL AND ({value}) IS NULL)")
        bad += [f"{name} IS NULL"] if column in kind.filled else []
    shown = f"CASE WHEN {' OR '.join(bad)} THEN [{', '.join(texts)}] END AS {_BAD}"
    # A CSV may have blank lines.
    filled = f"WHERE coalesce({', '.join(own)}) IS NOT NULL" if opened.is_csv else ""
    return (
        f"SELECT {', '.join(values)}, {shown}, {literal(opened.file)} AS {FILE}, {ROW}"
        f" FROM (SELECT {', '.join(given)}, {ROW} FROM {opened.sql}) {filled}"
    )


def _cell(kind: TableKind, opened: Opened, column: str) -> tuple[str, str, str]:
    """Return how a column of a file is read, in SQL.

    Returns:
        What the file has; what that is read as, a null where it is wrong; what it
        looks like to the user.
    """
    given, name = opened.types[column], sql_name(column)
    text = f"CAST({name} AS VARCHAR)"
    if column in opened.keys:
        text = literal(opened.keys[column])
    elif pa.types.is_floating(given):
        text = f"regexp_replace({text}, '\\.0$', '')"
    cell = kind.cells[column]
    if (value := cell.of_typed(name, given)) is not None:
        return name, value, text
    if pa.types.is_null(given):
        text = "CAST(NULL AS VARCHAR)"
    elif not any(is_read(given) for is_read in _READ):
        reason = f"holds values of a type that cannot be read, {given}"
        remedy = "Write it as texts, numbers, booleans or days"
        raise TableError([TableProblem(opened.file, reason, remedy, column=column)])
    text = f"nullif({text}, '')" if opened.is_csv else _trimmed(text)
    return text, cell.of_text(name), name


def _trimmed(text: str) -> str:
    """Return the SQL of a text without the blanks around it; a blank one is a null."""
    # Most texts need no close look, which is slow.
    is_trim = f"{text}[1] BETWEEN '!' AND '~' AND {text}[-1] BETWEEN '!' AND '~'"
    shorter = f"nullif(trim({text}, {literal(_BLANKS)}), '')"
    return f"CASE WHEN {is_trim} THEN {text} ELSE {shorter} END"


def _note_bad_cells(
    connection: Connection, kind: TableKind, columns: Sequence[str]
) -> None:
    bad = f"FROM {kind.name} WHERE {_BAD} IS NOT NULL"
    texts = {one: f"{_BAD}[{rank}]" for rank, one in enumerate(columns, 1)}
    key = texts.get(kind.key[0], "NULL")
    for column, text in texts.items() if count(connection, bad) else ():
        rows = f"SELECT '{kind.name}', {FILE}, {ROW}, {literal(column)}, {text}, {key},"
        rows += f" NULL {bad} AND {text} IS"
        is_null = f"NOT NULL AND {sql_name(column)} IS NULL"
        add_faults(connection, "cell", f"{rows} {is_null}")
        if column in kind.filled:
            add_faults(connection, "empty", f"{rows} NULL")
    connection.execute(f"ALTER TABLE {kind.name} DROP COLUMN {_BAD}")
