"""The tables of a population in the types of the model, each with every party."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.database import Connection, sql_name
from openfisca_isv.population.tables.sources import FILE, PLACE, ROW


@dataclass(frozen=True)
class Tables:
    """A population, in the types of the model; a null says unknown.

    Attributes:
        missions: One row per contract: ``mission``, ``volunteer``,
            ``organisation``, and inputs.
        volunteers: One row per person: ``volunteer``, and inputs.
        organisations: One row per body: ``organisation``, and inputs.
        monthly: One row per volunteer and ``month``, its first day: monthly inputs.
    """

    missions: pa.Table
    volunteers: pa.Table
    organisations: pa.Table
    monthly: pa.Table

    def of_volunteer(self, volunteer: str) -> "Tables":
        """Keep one volunteer, with the missions, organisations and months of that one.

        Raises:
            KeyError: There is no such volunteer.
        """
        missions, volunteers, monthly = (
            table.filter(pc.field("volunteer") == volunteer)
            for table in (self.missions, self.volunteers, self.monthly)
        )
        if not len(volunteers):
            raise KeyError(volunteer)
        signed = pc.field("organisation").isin(
            missions["organisation"].combine_chunks()
        )
        return Tables(missions, volunteers, self.organisations.filter(signed), monthly)


def complete(kinds: Mapping[str, TableKind], tables: Mapping[str, pa.Table]) -> Tables:
    """Add the tables that were not given: the parties that the missions name.

    Args:
        kinds: What each table may hold.
        tables: Tables in the types of the model, by name; the missions at least.
    """
    missions = tables["missions"]
    parties = {
        table: pa.table({column: missions[column].unique()})
        for column, table in kinds["missions"].references.items()
    }
    months = [(one, kinds["monthly"].cells[one].type) for one in kinds["monthly"].key]
    no_months = pa.schema(months).empty_table()
    return Tables(**({"monthly": no_months} | parties | dict(tables)))


def read_rows(  # noqa: PLR0913 - which rows, of what, and how
    connection: Connection,
    kind: TableKind,
    columns: Sequence[str],
    *,
    order: str = "",
    where: str = "true",
    values: Sequence[object] = (),
    with_places: bool = True,
) -> pa.Table:
    """Read rows that were loaded, in the types of the model.

    Args:
        connection: The database that has them.
        kind: What the table may hold.
        columns: The columns of the table that are read.
        order: The order of the rows, in SQL; by default that in which they are.
        where: Which rows, in SQL.
        values: The parameters of ``where``.
        with_places: Give the columns ``PLACE`` too.
    """
    types = {one: kind.cells[one].type for one in columns}
    names = [*map(sql_name, columns)]
    if with_places:
        types |= {FILE: pa.string(), ROW: pa.int64()}
        names += PLACE
    query = f"SELECT {', '.join(names)} FROM {kind.name} WHERE {where}"
    query += f" ORDER BY {order}" if order else ""
    found = connection.sql(query, params=[*values]).to_arrow_table()
    return found.rename_columns([*types]).cast(pa.schema(types)).combine_chunks()
