"""What is wrong between rows: duplicates and references; what goes with them."""

from collections.abc import Mapping, Sequence

from openfisca_isv.population.checks.cell_faults import CHECKS, ODDITY, add_faults
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.database import Connection, count
from openfisca_isv.population.tables.sources import FILE, ROW

_LIVES = ("missions", "volunteers", "monthly")


def _is_bad(name: str, checks: str = f"< {ODDITY}") -> str:
    """Return the SQL of whether a row of a table is at fault by some checks."""
    return (
        f"EXISTS (FROM faults f WHERE f.\"table\" = '{name}' AND f.file = {name}.{FILE}"
        f' AND f."row" = {name}.{ROW} AND f."check" {checks})'
    )


#: Whether a mission does not repeat the identifier of an earlier row, in SQL.
IS_NOT_REPEATED = "NOT " + _is_bad("missions", f"= {CHECKS.index('duplicate')}")


def check_rows(
    connection: Connection,
    kinds: Mapping[str, TableKind],
    columns: Mapping[str, Sequence[str]],
) -> None:
    """Find what is wrong between the rows of tables that were loaded.

    Args:
        connection: The database that has them.
        kinds: What each table may hold.
        columns: The columns of each table that was given.
    """
    for name, known in columns.items():
        kind = kinds[name]
        if {*kind.key} <= {*known}:
            _check_keys(connection, kind)
        for column, target in kind.references.items():
            # A table that was not given has the names that the missions use.
            source = target if target in columns else "missions"
            if source != name and column in known and column in columns[source]:
                key = kind.key[0] if kind.key[0] in known else "NULL"
                rows = f"{_faults(name, column, key)} FROM {name} ANTI JOIN {source}"
                rows += f" USING ({column}) WHERE {column} IS NOT NULL"
                add_faults(connection, "reference", rows)


def set_aside(connection: Connection, columns: Mapping[str, Sequence[str]]) -> None:
    """Set aside the rows at fault, and all the rows of the same volunteers.

    A life with a mission left out would be another life: what the law concludes about
    the missions that remain would be wrong. The missions of an organisation whose row
    is at fault go too.

    The table ``aside`` then has the names of the volunteers and organisations whose
    rows are left out; a row without such a name is left out too.
    """
    connection.execute('CREATE TEMP TABLE aside ("table" VARCHAR, name VARCHAR)')
    lives = [(name, "volunteer") for name in _LIVES if name in columns]
    if "organisations" in columns:
        _put_aside(connection, "organisations", "organisation")
        _add_with(connection, "party", "missions", "organisation")
    for name, party in lives:
        _put_aside(connection, name, party)
    for name, party in lives:
        _add_with(connection, "life", name, party)


def _put_aside(connection: Connection, name: str, party: str) -> None:
    """Put aside the parties of rows of a table that are at fault."""
    connection.execute(
        f"INSERT INTO aside SELECT DISTINCT '{party}s', {party} FROM {name}"
        f" WHERE {party} IS NOT NULL AND {_is_bad(name)}"
    )


def _add_with(connection: Connection, check: str, name: str, party: str) -> None:
    """Note the rows that go with those of a party that is set aside."""
    key = "volunteer" if name == "monthly" else name.removesuffix("s")
    is_aside = f"{party} IN (SELECT name FROM aside WHERE \"table\" = '{party}s')"
    rows = f"{_faults(name, party, key)} FROM {name} WHERE {is_aside}"
    add_faults(connection, check, f"{rows} AND NOT {_is_bad(name)}")


def _faults(name: str, column: str, key: str, detail: str = "NULL") -> str:
    """Return the SQL of faults of a table in a column; ``key`` identifies the row."""
    return f"SELECT '{name}', {FILE}, {ROW}, '{column}', {column}, {key}, {detail}"


def _check_keys(connection: Connection, kind: TableKind) -> None:
    """Find the keys of more than one row; the first row too."""
    keys = ", ".join(kind.key)
    whole = " AND ".join(f"{one} IS NOT NULL" for one in kind.key)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE repeated AS SELECT {keys} FROM {kind.name}"
        f" WHERE {whole} GROUP BY {keys} HAVING count(*) > 1"
    )
    if not count(connection, "FROM repeated"):
        return
    words = f"'row ' || first_value({ROW}) OVER rows"
    if count(connection, f"FROM (SELECT DISTINCT {FILE} FROM {kind.name})") > 1:
        words += f" || ' of ' || first_value({FILE}) OVER rows"
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE again AS
        SELECT {FILE}, {ROW}, {keys}, row_number() OVER rows AS rank, {words} AS first
        FROM {kind.name} SEMI JOIN repeated USING ({keys})
        WINDOW rows AS (PARTITION BY {keys} ORDER BY {FILE}, {ROW})"""
    )
    key = kind.key[0]
    later = f"{_faults(kind.name, key, key, 'first')} FROM again WHERE rank > 1"
    add_faults(connection, "duplicate", later)
    first = f"{_faults(kind.name, key, key)} FROM again WHERE rank = 1"
    add_faults(connection, "duplicated", first)
