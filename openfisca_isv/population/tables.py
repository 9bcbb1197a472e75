"""The tables of a population: missions, volunteers, organisations, months.

``read_tables`` reads the files, checks them whole and reports every problem at once.
What it gives holds no surprise: the columns are inputs of the model, in their types,
and every reference finds its row.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.checks import (
    check_cells,
    check_columns,
    check_identifiers,
    check_references,
)
from openfisca_isv.population.columns import TableKind, table_kinds
from openfisca_isv.population.problems import Problem, TableError
from openfisca_isv.population.reading import read_csv


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


def read_tables(
    system: TaxBenefitSystem,
    missions: Path,
    volunteers: Path | None = None,
    organisations: Path | None = None,
    monthly: Path | None = None,
) -> Tables:
    """Read and check the tables of a population.

    Args:
        system: The law whose inputs the columns are.
        missions: CSV file, a row a contract.
        volunteers: CSV file, a row a volunteer. Without it the volunteers are those
            that the missions name, and nothing else is known of them.
        organisations: CSV file, a row an organisation; without it, as above.
        monthly: CSV file, a row a volunteer and month.

    Raises:
        TableError: The tables cannot be used; it lists every problem.
        OSError: A file cannot be opened.
    """
    kinds = table_kinds(system)
    paths = {
        "missions": missions,
        "volunteers": volunteers,
        "organisations": organisations,
        "monthly": monthly,
    }
    problems: list[Problem] = []
    tables: dict[str, pa.Table] = {}
    for name, path in paths.items():
        if path is None:
            continue
        texts, found = read_csv(path, str(path))
        problems += found
        if texts is not None:
            problems += check_columns(kinds, name, str(path), texts.column_names)
            tables[name] = _parse(kinds[name], texts)
            problems += check_cells(kinds[name], str(path), texts, tables[name])
            problems += check_identifiers(kinds[name], str(path), tables[name])
            if name == "missions" and not len(texts):
                problems.append(Problem(str(path), "has no mission", "Add a row"))
    names = _names(kinds, paths, tables)
    for name, table in tables.items():
        problems += check_references(kinds[name], str(paths[name]), table, names)
    if problems:
        raise TableError(problems)
    return complete(kinds, tables)


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


def _parse(kind: TableKind, texts: pa.Table) -> pa.Table:
    """Read the cells of the columns that the model knows."""
    known = [column for column in texts.column_names if column in kind.cells]
    return pa.table(
        {
            column: kind.cells[column].parse(texts[column].combine_chunks())
            for column in known
        }
    )


def _names(
    kinds: Mapping[str, TableKind],
    paths: Mapping[str, Path | None],
    tables: Mapping[str, pa.Table],
) -> dict[str, tuple[str, pa.Array]]:
    """Give each table that may be referred to its file, and the names of its rows.

    A table that was not given has the names that the missions use; one that could not
    be read has none to compare with.
    """
    names = {}
    for column, table in kinds["missions"].references.items():
        source = "missions" if paths[table] is None else table
        if source in tables and column in tables[source].column_names:
            names[table] = str(paths[source]), tables[source][column].combine_chunks()
    return names
