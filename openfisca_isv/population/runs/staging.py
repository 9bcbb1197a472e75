"""Tables in a database, divided into parts of whole volunteers.

A part holds the volunteers whose identifiers lie between two others, in the order of
their bytes. Where the limits lie has no effect on the results: they are computed
volunteer by volunteer, and handed over in the order of the identifiers.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from openfisca_isv.dates import MONTHS_PER_YEAR
from openfisca_isv.population.checks.cell_faults import count_faults, make_faults
from openfisca_isv.population.checks.loading import load
from openfisca_isv.population.checks.row_checks import IS_NOT_REPEATED, check_rows
from openfisca_isv.population.subject import AGREED_END, AMBIGUOUS, NEEDED_DAYS, START
from openfisca_isv.population.tables.cells import LAST_YEAR, Member
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.database import (
    Connection,
    count,
    fetch,
    literal,
    sql_name,
)
from openfisca_isv.population.tables.sources import FILE, ROW, Source
from openfisca_isv.population.tables.typed_tables import read_rows

#: Missions computed at once, about, over so many months; of longer spans fewer are,
#: for the engine keeps what each month comes to.
_PART_SIZE, _PART_MONTHS = 50_000, 132
_FEWEST, _MOST = 1_000, 150_000
#: Every so many rows, it is kept which volunteer they have come to.
_STEP = 2048


@dataclass
class Staged:
    """What was divided.

    Attributes:
        rows: The rows of each table that was given.
        columns: Its columns.
        firsts: The volunteers with whom all parts but the first begin.
        bounds: By table of lives, the first and the last row that may be of a part.
        first_year: The year of the first start of a mission.
        last_year: The year of the last end, or of the last monthly fact.
        last_end: The file, the row and the day of the last end of a mission.
        empty: For how many missions a column is empty, in their row or in that of
            their volunteer or organisation; of the columns of which some are.
        ambiguous: How many rows have the code of ``AMBIGUOUS``, by column.
        partial: Each column, and code that some law compared lacks, with its rows.
        ignored: The columns of each table that are left out.
    """

    rows: dict[str, int] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    firsts: list[str] = field(default_factory=list)
    bounds: dict[str, list[list[int]]] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    last_end: list[str | int] = field(default_factory=list)
    empty: dict[str, int] = field(default_factory=dict)
    ambiguous: dict[str, int] = field(default_factory=dict)
    partial: list[tuple[str, str, int]] = field(default_factory=list)
    ignored: dict[str, list[str]] = field(default_factory=dict)

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return len(self.firsts) + 1


def stage(  # noqa: PLR0913, PLR0917 - what is divided, where, and how
    connection: Connection,
    kinds: Mapping[str, TableKind],
    sources: Mapping[str, tuple[Source, list[str]]],
    part_size: int | None,
    months: int | None,
    advance: Callable[[int], None],
    only: str | None = None,
) -> Staged:
    """Read the tables once, check them, and divide them into parts.

    Args:
        connection: The database in which they go.
        kinds: What each table may hold.
        sources: Where each table that was given comes from, and its known columns.
        part_size: Missions of a part, about; by default what memory allows.
        months: How many months the engine keeps; by default those that the missions
            touch.
        advance: Told of the rows that were read.
        only: Keep the rows of this volunteer alone, with the organisations.
    """
    make_faults(connection)
    staged = Staged()
    for name, (source, columns) in sources.items():
        staged.rows[name] = load(connection, kinds[name], source, columns, only)
        staged.columns[name] = columns
        advance(staged.rows[name])
    named = "organisation" in staged.columns["missions"]
    if named and "organisations" not in sources:
        connection.execute(
            "CREATE TABLE organisations AS SELECT DISTINCT organisation FROM missions"
            " WHERE organisation IS NOT NULL ORDER BY organisation"
        )
    check_rows(connection, kinds, staged.columns)
    _note_years(connection, staged)
    for name in ("missions", "volunteers", "organisations"):
        staged.empty |= _count_empty(connection, kinds[name], staged)
    _note_codes(connection, kinds, staged)
    if "volunteer" in staged.columns["missions"]:
        _divide(connection, staged, part_size, months)
    return staged


def read_part(  # noqa: PLR0913 - which rows, and what of them
    connection: Connection,
    kinds: Mapping[str, TableKind],
    staged: Staged,
    part: int,
    *,
    to_check: bool = False,
    aside: pa.Table | None = None,
) -> dict[str, pa.Table]:
    """Read the rows of a part, and all organisations.

    Args:
        connection: The database of what is divided.
        kinds: What each table may hold.
        staged: What was divided.
        part: The number of the part.
        to_check: Give the places of the rows, and each mission once.
        aside: What is left out: ``row_checks.set_aside``.
    """
    tables = {}
    has_repeated = to_check and count_faults(connection, "duplicate")
    if aside is not None:
        connection.register("aside", aside)
    for name in dict.fromkeys([*staged.columns, "organisations"]):
        if to_check and name == "monthly":
            # No fact of one month contradicts another.
            continue
        party = "organisation" if name == "organisations" else "volunteer"
        where, values = ["true"], []
        if name in staged.bounds:
            first, last = staged.bounds[name][part]
            where.append(f"rowid BETWEEN {first} AND {last}")
            if part:
                where.append("volunteer >= ?")
                values.append(staged.firsts[part - 1])
            if part < len(staged.firsts):
                where.append("coalesce(volunteer, '') < ?")
                values.append(staged.firsts[part])
        if has_repeated and name == "missions":
            where.append(IS_NOT_REPEATED)
        if aside is not None:
            names = f"SELECT name FROM aside WHERE \"table\" = '{party}s'"
            where.append(f"{party} IS NOT NULL AND {party} NOT IN ({names})")
        tables[name] = read_rows(
            connection,
            kinds[name],
            staged.columns.get(name, ["organisation"]),
            where=" AND ".join(where),
            values=values,
            # A join may change the order in which they are.
            order="rowid" if has_repeated or aside is not None else "",
            with_places=to_check and name in staged.columns,
        )
    return tables


def _divide(
    connection: Connection, staged: Staged, part_size: int | None, months: int | None
) -> None:
    """Choose the volunteers with whom parts begin, and find their rows."""
    rows = count(connection, "FROM missions")
    if part_size is None:
        months = months or MONTHS_PER_YEAR * _span(connection, staged)
        # Memory holds what so many months come to.
        part_size = max(min(_MOST, _PART_SIZE * _PART_MONTHS // months), _FEWEST)
    parts = max(-(-rows // part_size), 1)
    size = max(-(-rows // parts), 1)
    firsts = fetch(
        connection,
        "SELECT DISTINCT volunteer FROM missions WHERE rowid > 0 AND rowid % ? = 0"
        " AND volunteer > (SELECT coalesce(min(volunteer), '') FROM missions)"
        " ORDER BY volunteer",
        [size],
    )
    staged.firsts = [name for (name,) in firsts]
    for name, columns in staged.columns.items():
        if name == "organisations" or "volunteer" not in columns:
            continue
        steps = fetch(
            connection,
            f"SELECT coalesce(volunteer, '') FROM {name} WHERE rowid % {_STEP} = 0"
            " ORDER BY rowid",
        )
        names = [one for (one,) in steps]
        ends = [bisect_left(names, one) * _STEP for one in staged.firsts]
        starts = [0, *(max(end - _STEP, 0) for end in ends)]
        staged.bounds[name] = [
            [first, last]
            for first, last in zip(starts, [*ends, len(names) * _STEP], strict=True)
        ]


def _span(connection: Connection, staged: Staged) -> int:
    """Count the years that missions touch, as far as they have an end."""
    found = []
    for one in {*NEEDED_DAYS} & {*staged.columns["missions"]}:
        among = f"WHERE {one} < DATE '{LAST_YEAR + 1}-01-01'"
        found += _years(connection, "missions", one, among)
    years = [one for one in found if one is not None]
    return max(years, default=0) - min(years, default=0) + 1


def _note_years(connection: Connection, staged: Staged) -> None:
    """Note the years of the first start, and of the last end or month."""
    ends = []
    for name, column in (("missions", AGREED_END), ("monthly", "month")):
        if column in staged.columns.get(name, ()):
            ends += _years(connection, name, column)[1:]
    staged.last_year = max((one for one in ends if one is not None), default=None)
    if AGREED_END in staged.columns["missions"]:
        last = f"SELECT {FILE}::VARCHAR, {ROW}, {AGREED_END}::VARCHAR FROM missions"
        last += f" WHERE {AGREED_END} IS NOT NULL ORDER BY {AGREED_END} DESC LIMIT 1"
        staged.last_end = [cell for row in fetch(connection, last) for cell in row]
    if START in staged.columns["missions"]:
        staged.first_year, _ = _years(connection, "missions", START)


def _years(
    connection: Connection, table: str, column: str, among: str = ""
) -> tuple[int | None, int | None]:
    ends = f"SELECT year(min({column})), year(max({column})) FROM {table} {among}"
    return fetch(connection, ends)[0]


def _note_codes(
    connection: Connection, kinds: Mapping[str, TableKind], staged: Staged
) -> None:
    """Note in how many rows codes stand that are ambiguous, or that a law lacks."""
    members, code, _ = AMBIGUOUS
    for name, columns in staged.columns.items():
        for one in columns:
            cell = kinds[name].cells[one]
            if not isinstance(cell, Member):
                continue
            have = f"FROM {name} WHERE {sql_name(one)} ="
            if cell.members is members and (
                rows := count(connection, f"{have} {literal(code)}")
            ):
                staged.ambiguous[one] = rows
            for partial in cell.partial:
                if rows := count(connection, f"{have} {literal(partial)}"):
                    staged.partial.append((one, partial, rows))


def _count_empty(
    connection: Connection, kind: TableKind, staged: Staged
) -> dict[str, int]:
    """Count the missions for which each column of a table is empty."""
    columns = [one for one in staged.columns.get(kind.name, ()) if one not in kind.key]
    has_key = kind.name == "missions" or kind.entity in staged.columns["missions"]
    if not columns or not has_key or kind.entity not in staged.columns[kind.name]:
        return {}
    rows = "missions t"
    if kind.name != "missions":
        rows = f"missions m LEFT JOIN {kind.name} t USING ({kind.entity})"
    counts = ", ".join(
        f"count(*) FILTER (t.{sql_name(one)} IS NULL)" for one in columns
    )
    (found,) = fetch(connection, f"SELECT {counts} FROM {rows}")
    return {one: rows for one, rows in zip(columns, found, strict=True) if rows}
