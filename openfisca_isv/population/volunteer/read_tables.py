"""The tables of a population: missions, volunteers, organisations, months.

``read_tables`` reads the files, checks them whole and reports every problem at once.
What it gives holds no surprise: the columns are inputs of the model, in their types,
and every reference finds its row.
"""

from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.checks.cell_faults import Wording, add_found, make_faults
from openfisca_isv.population.checks.loading import load
from openfisca_isv.population.checks.row_checks import IS_NOT_REPEATED, check_rows
from openfisca_isv.population.checks.table_headers import inspect, no_mission
from openfisca_isv.population.model.part_contradictions import contradictions
from openfisca_isv.population.tables.columns import NO_OTHERS, Others, table_kinds
from openfisca_isv.population.tables.database import database
from openfisca_isv.population.tables.sources import PLACE
from openfisca_isv.population.tables.typed_tables import Tables, complete, read_rows


def read_tables(
    system: TaxBenefitSystem,
    missions: Path,
    *,
    only: str | None = None,
    others: Others = NO_OTHERS,
    **parties: Path,
) -> Tables:
    """Read and check the tables of a population, whole, or those of one volunteer.

    Each is a CSV or Parquet file, or a folder of parts.

    Args:
        system: The law whose inputs the columns are.
        missions: One row per contract.
        only: Keep, and check, the rows of this volunteer alone, with the
            organisations; so that tables of any size can be read.
        others: What the user declares of them.
        parties: ``volunteers``, ``organisations`` and ``monthly``. Without the first
            two they are those that the missions name, and nothing else is known of
            them.

    Raises:
        TableError: The tables cannot be used; it lists every problem.
        OSError: A file cannot be opened.
    """
    kinds = table_kinds(system, others=others)
    paths = {"missions": missions} | parties
    problems: list[TableProblem] = []
    columns: dict[str, list[str]] = {}
    with database() as connection:
        make_faults(connection)
        for name, path in paths.items():
            header = inspect(kinds, name, path)
            problems += header.problems
            try:
                if header.columns:
                    rows = load(connection, kinds[name], path, header.columns, only)
                    columns[name] = header.columns
                    if name == "missions" and not rows and only is None:
                        problems.append(no_mission(path))
            except TableError as error:
                problems += error.problems
        check_rows(connection, kinds, columns)
        tables, order = {}, ", ".join(PLACE)
        for name, known in columns.items():
            where = IS_NOT_REPEATED if name == "missions" else "true"
            rows = read_rows(connection, kinds[name], known, where=where, order=order)
            tables[name] = rows
        add_found(connection, contradictions(system, tables))
        problems += Wording(connection, kinds, paths, columns).problems()
    if problems:
        raise TableError(problems)
    stated = {name: table.drop_columns([*PLACE]) for name, table in tables.items()}
    return complete(kinds, stated)
