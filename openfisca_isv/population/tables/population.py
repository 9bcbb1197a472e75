"""The tables of a population: missions, volunteers, organisations, months.

``read_tables`` reads the files, checks them whole and reports every problem at once.
What it gives holds no surprise: the columns are inputs of the model, in their types,
and every reference finds its row.
"""

from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.model.contradictions import contradictions
from openfisca_isv.population.tables.columns import TableKind, table_kinds
from openfisca_isv.population.tables.faults import NO_FAULTS, Wording
from openfisca_isv.population.tables.loading import PLACE, ROW, inspect, load, schema_of
from openfisca_isv.population.tables.problems import Problem, TableError
from openfisca_isv.population.tables.row_checks import check_rows
from openfisca_isv.population.tables.sources import Source, UnreadableError
from openfisca_isv.population.tables.typed_tables import Tables, complete


def read_tables(  # noqa: PLR0913 - the four tables
    system: TaxBenefitSystem,
    missions: Path,
    volunteers: Path | None = None,
    organisations: Path | None = None,
    monthly: Path | None = None,
    *,
    only: str | None = None,
) -> Tables:
    """Read and check the tables of a population, whole, or those of one volunteer.

    Each is a CSV or Parquet file, or a folder of parts.

    Args:
        system: The law whose inputs the columns are.
        missions: A row a contract.
        volunteers: A row a volunteer. Without it the volunteers are those that the
            missions name, and nothing else is known of them.
        organisations: A row an organisation; without it, as above.
        monthly: A row a volunteer and month.
        only: Keep, and check, the rows of this volunteer alone, with the
            organisations; so that tables of any size can be read.

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
    found: list[pa.Table] = [NO_FAULTS]
    for name, path in paths.items():
        if path is None:
            continue
        columns, wrong = inspect(kinds, name, path)
        problems += wrong
        if columns:
            try:
                tables[name] = _whole(kinds[name], path, columns, found, only)
            except UnreadableError as error:
                problems += error.problems
            else:
                has_none = only is None and not len(tables[name]) and len(found) == 1
                if name == "missions" and has_none:
                    problems.append(Problem(str(path), "has no mission", "Add a row"))
    found.append(check_rows(kinds, tables))
    found.append(contradictions(system, tables, pa.concat_tables(found)))
    files = files_of_references(kinds, paths)
    known = {
        column_table: tables[source][column]
        for column, column_table in kinds["missions"].references.items()
        for source in ("missions" if paths[column_table] is None else column_table,)
        if source in tables and column in tables[source].column_names
    }
    known = {name: names.unique().drop_null() for name, names in known.items()}
    problems += Wording(kinds, files, known).problems(pa.concat_tables(found))
    if problems:
        raise TableError(problems)
    return complete(
        kinds,
        {name: table.drop_columns(list(PLACE)) for name, table in tables.items()},
    )


def files_of_references(
    kinds: Mapping[str, TableKind], paths: Mapping[str, Source | None]
) -> dict[str, str]:
    """Give what problems call the table that has the names of each party."""
    return {
        table: str(paths["missions"] if paths[table] is None else paths[table])
        for table in kinds["missions"].references.values()
    }


def _whole(
    kind: TableKind,
    path: Source,
    columns: list[str],
    found: list[pa.Table],
    only: str | None,
) -> pa.Table:
    """Read the rows of a table, and add to the faults that were found."""
    batches = []
    for rows, wrong in load(kind, path, columns):
        if only is None or "volunteer" not in columns:
            batches.append(rows)
            found += wrong
            continue
        kept = rows.filter(pc.equal(rows["volunteer"], only))
        batches.append(kept)
        found += [one.filter(pc.is_in(one["row"], kept[ROW])) for one in wrong]
    nothing = schema_of(kind, columns).empty_table()
    return pa.concat_tables([nothing, *batches]).combine_chunks()
