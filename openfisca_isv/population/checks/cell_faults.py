"""Faults of rows: found by the thousand, told in a few lines or row by row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from unicodedata import normalize

import pyarrow as pa

from openfisca_isv.names import MOST_NAMES, is_same_but_written, nearest
from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.language import say, translated
from openfisca_isv.population.tables.cells import (
    explain_cell,
)
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.database import Connection, count, fetch
from openfisca_isv.population.tables.sources import InMemoryTable, Source

#: Different wrong values that are reported of one column; the others are counted.
_MOST_VALUES = 5
#: What is found, in the order in which it is told. The last ones are not told of
#: tables that are refused: they say which rows go with those that are at fault, and
#: what is odd, which is not a fault.
CHECKS = ("cell", "uneven", "empty", "duplicate", "contradiction", "reference")
CHECKS += ("duplicated", "party", "life", "oddity")
_SAID = CHECKS.index("reference")
ODDITY = CHECKS.index("oddity")
#: Between a reason and its remedy, where a detail has both.
_BESIDE = "\x1f"
#: The order in which tables are told of.
_TABLES = ("organisations", "missions", "volunteers", "monthly")
_COLUMNS = ("table", "file", "row", "column", "value", "key", "detail", "check")
FAULTS = pa.schema(
    dict.fromkeys(_COLUMNS, pa.string()) | {"row": pa.int64(), "check": pa.int8()}
)
NO_FAULTS = FAULTS.empty_table()
#: What is told alike, in a query.
_ALIKE = '"check", "table", "column", "value", "detail"'
_ROWS_AT_ONCE = 262_144


def add_faults(
    connection: Connection, check: str, rows: str, values: Sequence[object] = ()
) -> None:
    """Note faults of one of ``CHECKS``: a query for the other columns of ``FAULTS``."""
    query = f"INSERT INTO faults SELECT *, {CHECKS.index(check)} FROM ({rows})"
    connection.execute(query, [*values])


def add_found(connection: Connection, found: pa.Table) -> None:
    """Note faults that are held in a table, ``FAULTS``, for this connection alone."""
    connection.register("found", found)
    connection.execute("CREATE TEMP TABLE faults AS FROM faults UNION ALL FROM found")


def make_faults(connection: Connection) -> None:
    """Make a place for faults."""
    connection.register("none", NO_FAULTS)
    connection.execute("CREATE TABLE faults AS FROM none")


def count_faults(connection: Connection, check: str | None = None) -> int:
    """Count the faults of a kind, or of all."""
    which = f"< {ODDITY}" if check is None else f"= {CHECKS.index(check)}"
    return count(connection, f'FROM faults WHERE "check" {which}')


def count_rejects(connection: Connection, table: str) -> int:
    """Count the rows of a table that are set aside: those at fault, and with them."""
    rows = f"""FROM faults WHERE "check" < {ODDITY} AND "table" = '{table}'"""
    return count(connection, f'FROM (SELECT DISTINCT file, "row" {rows})')


def with_remedy(reason: str, remedy: str) -> str:
    """Return the detail of a fault for which the model has both words."""
    return f"{reason}{_BESIDE}{remedy.removesuffix('.')}"


def oddity_warnings(connection: Connection) -> list[str]:
    """Return what is odd: the first row, how many others, and what to do."""
    rows = fetch(
        connection,
        f"""SELECT split_part(split_part(detail, chr(31), 1), ' (', 1) AS reason,
            split_part(detail, chr(31), 2) AS remedy, arg_min(file, (file, "row")),
            arg_min("row", (file, "row")), count(*) - 1
        FROM faults WHERE "check" = {ODDITY} GROUP BY ALL ORDER BY ALL""",
    )
    return [
        f"{file}, row {row}{f' and {more:,} more' if more else ''}: {reason}. {remedy}."
        for reason, remedy, file, row, more in rows
    ]


def _meant(value: str, close: str | None) -> str:
    """Name the row that a name may mean."""
    if close is None:
        return "Add a row for it there"
    if normalize("NFC", close) == normalize("NFC", value):
        remedy = "It is there with its accents in another form of Unicode"
        return f"{remedy}: write both in one form, e.g. NFC"
    remedy = f'Did you mean "{close}"?'
    if is_same_but_written(close, value):
        remedy += " Case, accents, spaces and hyphens count"
    return remedy


class Wording:
    """How faults are put into words.

    Args:
        connection: The database that has the tables and the faults.
        kinds: What each table may hold.
        sources: Where each table that was given comes from.
        columns: The columns of those that were loaded.
    """

    def __init__(
        self,
        connection: Connection,
        kinds: Mapping[str, TableKind],
        sources: Mapping[str, Source],
        columns: Mapping[str, Sequence[str]],
    ) -> None:
        self._connection, self._kinds, self._columns = connection, kinds, columns
        self._sources = sources
        # The table that has the names of a party, by column.
        self._parties = {
            column: target if target in sources else "missions"
            for column, target in kinds["missions"].references.items()
        }
        # The letters of the columns of the sheets of workbooks, by name.
        self._letters = {
            str(one): one.letters
            for one in sources.values()
            if isinstance(one, InMemoryTable) and one.path
        }
        self._names: dict[str, list[str]] = {}

    def explain(  # noqa: PLR0911 - one for each kind of fault
        self, check: int, table: str, column: str, value: str, detail: str
    ) -> tuple[str, str]:
        """Return the reason and the remedy of a fault."""
        kind = self._kinds[table]
        match CHECKS[check]:
            case "cell":
                return explain_cell(kind.cells[column], value)
            case "uneven":
                return detail, "Leave no cell out, and quote those that hold a comma"
            case "empty":
                return "is empty", "Every row needs one"
            case "duplicate" | "duplicated":
                reason = f"is already in {detail}" if detail else "is in other rows too"
                if len(kind.key) > 1:
                    reason += f" for the same {kind.key[1]}"
                return reason, "Keep one row of the two"
            case "contradiction":
                reason, _, remedy = detail.partition(_BESIDE)
                return f"cannot be right: {reason}", remedy
            case "reference":
                reason = f"is not in {self._sources[self._parties[column]]}"
                return reason, _meant(value, nearest(value, self._known(column)))
            case "party":
                return "names an organisation whose row is rejected", "Correct that row"
        return "another row of the same volunteer is rejected", "Correct that row"

    def problems(self) -> Iterator[TableProblem]:
        """Report each wrong value once, with its first row, and count the others."""
        place = '"check", "table", file, "column"'
        rows = fetch(
            self._connection,
            f"""WITH told AS (
                SELECT {_ALIKE}, file, min("row") AS "row", count(*) AS times
                FROM faults WHERE "check" <= {_SAID} GROUP BY ALL),
            ranked AS (
                SELECT *, least({_MOST_VALUES}, row_number() OVER (
                    PARTITION BY {place} ORDER BY "row", "value") - 1) AS rank
                FROM told)
            SELECT {place}, rank, count(*), first("value"), first(detail), min("row"),
                sum(times) - 1
            FROM ranked GROUP BY {place}, rank""",
        )
        places = {
            (name, column): place
            for name, kind in self._kinds.items()
            for place, column in enumerate(dict.fromkeys((*kind.required, *kind.cells)))
        }

        def order(found: tuple) -> tuple:
            check, table, file, column, rank, *_ = found
            place = places.get((table, column), -1)
            return check == _SAID, _TABLES.index(table), file, check, place, rank

        for found in sorted(rows, key=order):
            check, table, file, column, rank, times, value, detail, row, more = found
            said = self.explain(check, table, column, value, detail)
            if rank == _MOST_VALUES:
                reason = f"{times:,} other values are wrong too"
                said, value = (reason, "Correct them likewise"), None
            cell = self._place(file, row, column)
            yield TableProblem(cell, *said, column, row, value, int(more))

    def listed(self) -> Iterator[pa.Table]:
        """Yield every fault, ``LISTED``, in the order of the tables, files and rows."""
        return self._told(
            f"""SELECT file, "row", "column", "value", reason, remedy,
                "key" AS identifier
            FROM worded WHERE "check" <= {_SAID}
            ORDER BY "table", file, "row", "check", "column", reason""",
            self.explain,
        )

    def rejects(self) -> Iterator[pa.Table]:
        """Yield a row for each row at fault, with all its reasons, in that order."""
        return self._told(
            """SELECT "table", file, "row", min("key") AS identifier,
                string_agg(reason, '; ' ORDER BY "check", reason) AS reasons
            FROM worded GROUP BY ALL ORDER BY "table", file, "row" """,
            self._in_one_phrase,
        )

    def _told(self, query: str, worded: Callable) -> Iterator[pa.Table]:
        """Put each different fault into words once, and give what is told."""
        different = self._connection.sql(
            f'SELECT DISTINCT {_ALIKE} FROM faults WHERE "check" < {ODDITY}'
        ).to_arrow_table()
        said = [worded(*one.values()) for one in different.to_pylist()]
        for place, name in enumerate(("reason", "remedy")):
            words = pa.array([translated(one[place]) for one in said], pa.string())
            different = different.append_column(name, words)
        self._connection.register("words", different)
        alike = " AND ".join(
            f"f.{one} IS NOT DISTINCT FROM w.{one}" for one in _ALIKE.split(", ")
        )
        joined = f"SELECT f.*, reason, remedy FROM faults f JOIN words w ON {alike}"
        told = self._connection.sql(f"WITH worded AS ({joined}) {query}")
        for batch in told.to_arrow_table().to_batches(_ROWS_AT_ONCE):
            table = pa.Table.from_batches([batch])
            if self._letters:
                files = [
                    self._place(one["file"], one["row"], one.get("column"))
                    for one in table.to_pylist()
                ]
                place = table.schema.names.index("file")
                table = table.set_column(place, "file", pa.array(files, pa.string()))
            yield table

    def _place(self, file: str, row: int | None, column: str | None) -> str:
        """Return the place of a cell of a sheet, ``Missions!D7``, or the file."""
        if file not in self._letters or row is None:
            return file
        return f"{file}!{self._letters[file].get(column or '', 'A')}{row}"

    def _in_one_phrase(
        self, check: int, table: str, column: str, value: str, detail: str
    ) -> tuple[str, str]:
        if CHECKS[check] == "reference":
            reason = f"is not in {self._sources[self._parties[column]]}"
        else:
            reason, _ = self.explain(check, table, column, value, detail)
        place = say("{column}: ", column=column) if column else ""
        quoted = "" if value is None else say('"{value}" ', value=value)
        return place + quoted + translated(reason), ""

    def _known(self, column: str) -> list[str]:
        """List the names of a party that its table has, unless they are too many."""
        table = self._parties[column]
        if table in self._columns and column not in self._names:
            query = f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL"
            rows = fetch(self._connection, f"{query} LIMIT {MOST_NAMES + 1}")
            self._names[column] = sorted(name for (name,) in rows)
        return self._names.get(column, [])
