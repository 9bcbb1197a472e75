"""From files to typed rows in the database, each with its place and its faults."""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.checks.cell_faults import add_faults
from openfisca_isv.population.tables.cells import (
    MOST_NAMES,
    enum_of,
    is_number,
)
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.database import (
    Connection,
    count,
    database,
    fetch,
    literal,
    sql_name,
)
from openfisca_isv.population.tables.formats import CellFormat
from openfisca_isv.population.tables.sources import (
    ROW,
    Opened,
    Source,
    explain_failure,
    files_of,
    keys_of,
    open_file,
)

#: Beside the values of a row: its file and number.
FILE = "__file"
PLACE = (FILE, ROW)
_BAD = "__bad"
#: The order of the rows, where it is not that of the key.
_ORDERS = {"missions": ("volunteer", "mission")}
#: What a spreadsheet, or a person, leaves around a text.
_BLANKS = " \t\n\r\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
_BLANKS += "".join(map(chr, range(0x2000, 0x200B)))
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
        columns: The columns that are read: ``headers.inspect``.
        only: Keep the rows of this volunteer alone.

    Returns:
        How many rows the files have, those included that are not divided into cells.

    Raises:
        TableError: A file is not a table, or not to its end.
        OSError: A file cannot be read, or the disk is full.
    """
    files = files_of(source)
    opened = [
        open_file(
            connection,
            file,
            columns,
            f"{kind.name}_{rank}",
            kind.written,
            keys_of(source, file),
        )
        for rank, file in enumerate(files)
    ]
    names = enum_of([one.file for one in opened])
    rows = " UNION ALL ".join(
        f"SELECT {', '.join(f'{one.value} AS {one.name}' for one in cells)},"
        f" CAST({literal(one.file)} AS {names}) AS {FILE}, {ROW},"
        f" {' OR '.join(one.is_bad for one in cells)} AS {_BAD} FROM {given}"
        for one in opened
        for cells, given in [_read(kind, one)]
    )
    order = [one for one in _ORDERS.get(kind.name, kind.key) if one in columns]
    order = f"ORDER BY {', '.join(f'{one} NULLS FIRST' for one in order or [ROW])}"
    chosen = ""
    if only is not None and "volunteer" in columns:
        chosen = f"WHERE volunteer = {literal(only)}"
    query = f"CREATE TABLE {kind.name} AS SELECT * FROM ({rows}) {chosen} {order}"
    _run(connection, query, opened)
    for file, one in zip(files, opened, strict=True):
        for row, said in [] if chosen else one.uneven:
            values = [kind.name, one.file, row, said]
            query = "SELECT $1, $2, $3, NULL, NULL, NULL, $4"
            add_faults(connection, "uneven", query, values)
        _note_bad_cells(connection, kind, file, one)
    rows = count(connection, f"FROM {kind.name}")
    return rows + sum(len(one.uneven) for one in opened)


def some_names(source: Source, column: str, written: CellFormat) -> list[str]:
    """Return the names in a column, up to more than a name is compared with."""
    with database() as connection:
        opened = [
            open_file(
                connection,
                file,
                [column],
                f"names_{rank}",
                written,
                keys_of(source, file),
            )
            for rank, file in enumerate(files_of(source))
        ]
        rows = " UNION ALL ".join(
            f"SELECT {_trimmed(_given(one, column))} AS n FROM {one.sql}"
            for one in opened
        )
        query = f"SELECT DISTINCT n FROM ({rows}) WHERE n IS NOT NULL"
        found = fetch(connection, f"{query} LIMIT {MOST_NAMES + 1}")
    return [name for (name,) in found]


@dataclass(frozen=True)
class _Cell:
    """A column of a file in SQL.

    Attributes:
        column: Its name.
        given: What the file has, texts trimmed.
        value: What that is read as; of what is wrong, a null.
        text: What it looks like to the user.
        is_filled: No cell of the column may be empty.
    """

    column: str
    given: str
    value: str
    text: str
    is_filled: bool

    @property
    def name(self) -> str:
        """The column in a query."""
        return sql_name(self.column)

    @property
    def is_wrong(self) -> str:
        """Whether what stands in the cell cannot be read."""
        return f"({self.name} IS NOT NULL AND ({self.value}) IS NULL)"

    @property
    def is_empty(self) -> str:
        """Whether something lacks in the cell."""
        return f"{self.name} IS NULL" if self.is_filled else "false"

    @property
    def is_bad(self) -> str:
        """Whether the cell is at fault."""
        return f"{self.is_wrong} OR {self.is_empty}"


def _read(kind: TableKind, opened: Opened) -> tuple[list[_Cell], str]:
    """Return how the columns of a file are read, and the table where they are given."""
    cells = [_cell(kind, opened, one) for one in opened.types]
    given = ", ".join(f"{one.given} AS {one.name}" for one in cells)
    return cells, f"(SELECT {given}, {ROW} FROM {opened.sql})"


def _cell(kind: TableKind, opened: Opened, column: str) -> _Cell:
    """Return how a column of a file is read."""
    cell, given, name = kind.cells[column], opened.types[column], sql_name(column)
    if pa.types.is_dictionary(given):
        given = given.value_type
    text = _given(opened, column)
    if pa.types.is_floating(given):
        text = f"regexp_replace({text}, '\\.0$', '')"
    is_filled = column in kind.filled
    value = cell.of_typed(name, given)
    if value is not None:
        return _Cell(column, name, value, text, is_filled)
    if pa.types.is_null(given):
        text = "CAST(NULL AS VARCHAR)"
    elif not any(is_read(given) for is_read in _READ):
        reason = f"holds values of a type that cannot be read, {given}"
        remedy = "Write it as texts, numbers, booleans or days"
        raise TableError([TableProblem(opened.file, reason, remedy, column=column)])
    text = f"nullif({text}, '')" if opened.is_trimmed else _trimmed(text)
    return _Cell(column, text, cell.of_text(name), name, is_filled)


def _given(opened: Opened, column: str) -> str:
    """Return the SQL of what stands in a column, as a text."""
    if column in opened.keys:
        return literal(opened.keys[column])
    return f"CAST({sql_name(column)} AS VARCHAR)"


def _trimmed(text: str) -> str:
    """Return the SQL of a text without the blanks around it; a blank one is a null."""
    # Most texts need no close look, which is slow.
    is_trim = f"{text}[1] BETWEEN '!' AND '~' AND {text}[-1] BETWEEN '!' AND '~'"
    shorter = f"nullif(trim({text}, {literal(_BLANKS)}), '')"
    return f"CASE WHEN {is_trim} THEN {text} ELSE {shorter} END"


def _note_bad_cells(
    connection: Connection, kind: TableKind, file: Source, opened: Opened
) -> None:
    """Read again the rows of a file that are at fault, and note what stands in them."""
    path = literal(opened.file)
    bad = f"FROM {kind.name} WHERE {_BAD} AND {FILE} = {path}"
    if not count(connection, bad):
        return
    name = f"{kind.name}_again"
    columns = [*opened.types]
    again = open_file(connection, file, columns, name, kind.written, opened.keys)
    cells, given = _read(kind, again)
    query = f"CREATE OR REPLACE TEMP TABLE bad AS SELECT * FROM {given}"
    _run(connection, f"{query} WHERE {ROW} IN (SELECT {ROW} {bad})", [again])
    keys = [one.text for one in cells if one.column == kind.key[0]]
    for one in cells:
        place = f"SELECT {literal(kind.name)}, {path}, {ROW}, {literal(one.column)}"
        key = keys[0] if keys else "NULL"
        rows = f"{place}, {one.text}, {key}, NULL FROM bad WHERE"
        add_faults(connection, "cell", f"{rows} {one.is_wrong}")
        add_faults(connection, "empty", f"{rows} {one.is_empty}")


def _run(connection: Connection, query: str, opened: Sequence[Opened]) -> None:
    """Run a query that reads files; say what is wrong with them."""
    try:
        connection.execute(query)
    except duckdb.Error as error:
        explain_failure(error, opened)
    finally:
        for one in opened:
            if not one.sql.startswith("("):
                connection.unregister(one.sql)
