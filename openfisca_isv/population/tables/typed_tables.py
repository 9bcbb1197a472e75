"""The tables of a population in the types of the model, each with every party."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.columns import TableKind


@dataclass(frozen=True)
class Tables:
    """A population, in the types of the model; a null says unknown.

    Attributes:
        missions: A row a contract: ``mission``, ``volunteer``, ``organisation``, and
            inputs.
        volunteers: A row a person: ``volunteer``, and inputs.
        organisations: A row a body: ``organisation``, and inputs.
        monthly: A row a volunteer and ``month``, its first day: monthly inputs.
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
