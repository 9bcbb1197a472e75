"""The same in Python: tables in, tables out."""

from collections.abc import Iterable

import pyarrow as pa

from openfisca_isv.population.model.outputs import (
    Request,
    RequestError,
    calculate_table,
    check_outputs,
    is_dated,
    read_periods,
    result_tables,
)
from openfisca_isv.population.model.results import calculate_contracts, calculate_year
from openfisca_isv.population.model.simulation import build_simulation
from openfisca_isv.population.model.summary import count_unmet_conditions, summarise
from openfisca_isv.population.runs.assembly import to_the_cent
from openfisca_isv.population.runs.parts import SORTED_BY, law
from openfisca_isv.population.runs.staging import note_years
from openfisca_isv.population.tables.column_checks import check_columns
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.faults import NO_FAULTS, Wording
from openfisca_isv.population.tables.loading import PLACE, load_table
from openfisca_isv.population.tables.population import Tables, complete
from openfisca_isv.population.tables.problems import Problem, TableError
from openfisca_isv.population.tables.row_checks import check_rows


def simulate(  # noqa: PLR0913 - the four tables, and what is asked of them
    missions: object,
    volunteers: object = None,
    organisations: object = None,
    monthly: object = None,
    *,
    years: Iterable[int] | None = None,
    outputs: Iterable[str] = (),
    periods: Iterable[str] = (),
    reform: str | None = None,
) -> dict[str, pa.Table]:
    """Apply the law to a population that is held in memory.

    Args:
        missions: A row a contract: ``mission``, ``volunteer``, ``organisation``,
            ``start_date``, ``end_date``, and other inputs. A table of pyarrow, a data
            frame of pandas or polars, or a dictionary of columns; so are the others.
        volunteers: A row a volunteer.
        organisations: A row an organisation.
        monthly: A row a volunteer and month: inputs that change.
        years: The years summed up; by default all that the tables touch.
        outputs: Names of outputs; by default the usual ones.
        periods: Months and years of the outputs that change over time, as
            ``2019:2025`` or ``2024-01``.
        reform: The reform of the law, as the name of a class to import.

    Returns:
        The tables that ``openfisca-isv simulate`` writes, by name: ``missions``,
        ``by_year``, ``unmet_conditions``, and those of the periods. Their rows are in
        the order of the identifiers. ``.to_pandas()`` makes a data frame of one.

    Raises:
        TableError: The tables cannot be used; it lists every problem.
        RequestError: The outputs or the periods are not to be had.
    """
    given = {
        "missions": missions,
        "volunteers": volunteers,
        "organisations": organisations,
        "monthly": monthly,
    }
    system = law(reform)
    outputs = tuple(outputs)
    check_outputs(system, outputs)
    tables, span = _read({name: one for name, one in given.items() if one is not None})
    if years is not None:
        span = min(years), max(years)
    if span[0] is None or span[1] is None:
        message = "the missions do not say which years to sum up: give years"
        raise RequestError(message)
    periods = read_periods(tuple(periods))
    if not periods and any(is_dated(system, name) for name in outputs):
        periods = tuple(str(year) for year in range(span[0], span[1] + 1))
    request = Request(*span, outputs, periods)
    simulation = build_simulation(system, tables, request.whole_time)
    contracts = calculate_contracts(simulation)
    sums = [calculate_year(simulation, year) for year in request.years]
    results = {
        "by_year": to_the_cent(summarise(contracts, sums)),
        "unmet_conditions": count_unmet_conditions(contracts, request.years),
    }
    for table in result_tables(system, request):
        identifiers = getattr(tables, f"{table.entity}s")
        rows = calculate_table(simulation, table, identifiers)
        results[table.name] = pa.concat_tables(
            one.unify_dictionaries() for one in rows
        ).combine_chunks()
    return results


def _read(given: dict[str, object]) -> tuple[Tables, tuple[int | None, int | None]]:
    """Read and check tables; give the years that they touch."""
    kinds = table_kinds(law())
    problems: list[Problem] = []
    found, rows = [NO_FAULTS], {}
    for name, one in given.items():
        table = one if isinstance(one, pa.Table) else pa.table(one)
        problems += check_columns(kinds, name, name, table.column_names)
        columns = [each for each in table.column_names if each in kinds[name].cells]
        rows[name], wrong = load_table(kinds[name], table, columns)
        found += wrong
    found.append(check_rows(kinds, rows))
    problems += Wording(kinds, {}, {}).problems(pa.concat_tables(found))
    if problems:
        raise TableError(problems)
    span = None, None
    for table in rows.values():
        span = note_years(span, table)
    tables = {
        name: table.drop_columns(list(PLACE)).sort_by(SORTED_BY[name])
        for name, table in rows.items()
    }
    return complete(kinds, tables), span
