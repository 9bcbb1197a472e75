"""The tables of a population in the types of the model, each with every party."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.database import Connection, sql_name
from openfisca_isv.population.tables.loading import FILE, PLACE, ROW


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
        if not pc.is_in(volunteer, value_set=self.volunteers["volunteer"]).as_py():
            raise KeyError(volunteer)
        missions, volunteers, monthly = (
            table.filter(pc.equal(table["volunteer"], volunteer))
            for table in (self.missions, self.volunteers, self.monthly)
        )
        signed = pc.is_in(
            self.organisations["organisation"], value_set=missions["organisation"]
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
    monthly = kinds["monthly"]
    no_months = pa.table(
        {one: pa.array([], monthly.cells[one].type) for one in monthly.key}
    )
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
    places = PLACE if with_places else ()
    names = ", ".join([*map(sql_name, columns), *places])
    query = f"SELECT {names} FROM {kind.name} WHERE {where}"
    query += f" ORDER BY {order}" if order else ""
    found = connection.sql(query, params=[*values]).to_arrow_table()
    types = [kind.cells[one].type for one in columns]
    types += [{FILE: pa.string(), ROW: pa.int64()}[one] for one in places]
    arrays = [
        _in_type(column.combine_chunks(), type_)
        for column, type_ in zip(found.columns, types, strict=True)
    ]
    return pa.table(arrays, [*columns, *places])


def _in_type(values: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return values in the type of the model."""
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks) if values.num_chunks else None
    if pa.types.is_dictionary(kind):
        ranks = values.indices.cast(kind.index_type)
        return pa.DictionaryArray.from_arrays(ranks, values.dictionary)
    return values.cast(kind)
