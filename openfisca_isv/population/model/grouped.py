"""Results summed up by group: cells of each part, figures of the population.

Groups are made by columns of the tables, derived ones, or conclusions. What is summed
up are the columns of the results by mission and by volunteer, numbers, booleans and
codes; those of a period are summed up period by period, the numbers among those who
have any in it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import product

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.names import meant
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.groups.figures import (
    NUMBER,
    RESERVED_COLUMNS,
    Counting,
    database,
    figures,
    kind_of,
    load_cells,
)
from openfisca_isv.population.groups.grouping import with_derived
from openfisca_isv.population.language import say
from openfisca_isv.population.model.outputs import ResultTable
from openfisca_isv.population.model.results import column_of, value_in
from openfisca_isv.population.model.yearly import Weights, to_column
from openfisca_isv.population.store import Store
from openfisca_isv.population.subject import DERIVED, SUMS
from openfisca_isv.population.tables.typed_tables import Tables

_BLOCKS = pa.schema(dict.fromkeys(("variable", "kind", "period"), pa.string()))


def check_groups(
    systems: Sequence[TaxBenefitSystem],
    columns: Mapping[str, Sequence[str]],
    names: Sequence[str],
    weight: str | None,
) -> None:
    """Check that groups can be made by some names, before anything is computed.

    Args:
        systems: The laws.
        columns: The columns that each table has, by its name.
        names: Columns of missions, volunteers or organisations, names of ``DERIVED``,
            or conclusions that do not change over time.
        weight: The column of weights, if one is asked for.
    """
    tables = ("missions", "volunteers", "organisations")
    found = {one for table in tables for one in columns.get(table, ())}
    for name in names:
        owners = [one for one in tables if name in columns.get(one, ())]
        if len(owners) > 1 and name not in {one.removesuffix("s") for one in tables}:
            message = f'the {say(" and the ").join(owners)} have a column "{name}" each'
            message += ": rename one, for groups can be made by one only"
            raise RequestError(message)
        # The tables have columns of their own that begin so.
        if name in (*RESERVED_COLUMNS, "period") or name.startswith("__"):
            raise refused_column(name)
        for one in DERIVED.get(name, (name,)):
            if one not in found:
                _check_conclusion(systems, one, name, found)
    if weight is not None:
        has = [one for one in tables[:2] if weight in columns.get(one, ())]
        if len(has) != 1:
            where = "both missions and volunteers have" if has else "no table has"
            message = f'{where} a column of weights "{weight}"'
            raise RequestError(message)


def refused_column(name: str) -> RequestError:
    """Return what is said of a name by which no groups can be made."""
    message = f'the groups cannot be made by a column called "{name}"'
    return RequestError(message)


def _check_conclusion(
    systems: Sequence[TaxBenefitSystem], one: str, name: str, found: Collection[str]
) -> None:
    """Check that what no table has is a conclusion that can make groups."""
    known = [system.get_variable(one) for system in systems]
    variable = next((each for each in known if each is not None), None)
    if variable is None or variable.is_input_variable():
        known_names = {*found, *DERIVED, *systems[0].variables} - {one}
        hint = "" if variable is not None else meant(one, known_names, start=". ")
        needs = f' (needed for "{name}")' if one != name else ""
        message = f'no table has a column "{one}"{needs}{hint}'
        raise RequestError(message)
    if variable.definition_period != DateUnit.ETERNITY:
        message = f'"{one}" changes over time: it makes no groups'
        raise RequestError(message)


def columns_for_missions(
    simulation: Simulation, tables: Tables, names: Sequence[str]
) -> pa.Table:
    """Return each mission the columns by which it is grouped.

    Returns:
        One column per name, one row per mission; null is unknown.
    """
    needed = [one for name in names for one in DERIVED.get(name, (name,))]
    columns = {one: _of_missions(simulation, tables, one) for one in needed}
    # A table needs a column to have rows.
    rows = pa.table({"mission": tables.missions["mission"]} | columns)
    return with_derived(rows, names).select(list(names))


def columns_for_volunteers(
    simulation: Simulation, tables: Tables, names: Sequence[str]
) -> pa.Table | None:
    """Return each volunteer the columns by which it is grouped.

    Returns:
        One column per name, one row per volunteer; nothing where one of the names
        is not of volunteers.
    """
    columns = {}
    for name in names:
        if name in tables.volunteers.column_names:
            columns[name] = tables.volunteers[name]
            continue
        variable = simulation.tax_benefit_system.get_variable(name)
        if variable is None or variable.entity.key != "volunteer":
            return None
        columns[name] = _conclusion(simulation, name)
    rows = pa.table({"volunteer": tables.volunteers["volunteer"]} | columns)
    return rows.select(list(names))


def _of_missions(
    simulation: Simulation, tables: Tables, name: str
) -> pa.Array | pa.ChunkedArray:
    """Return each mission a column of its own, of its parties, or a conclusion."""
    populations = simulation.populations
    for table in ("missions", "volunteers", "organisations"):
        rows = getattr(tables, table)
        if name in rows.column_names:
            if table == "missions":
                return rows[name]
            return rows[name].take(populations[table[:-1]].members_entity_id)
    values = _conclusion(simulation, name)
    entity = simulation.tax_benefit_system.get_variable(name).entity.key
    if entity == "mission":
        return values
    return values.take(pa.array(populations[entity].members_entity_id))


def _conclusion(simulation: Simulation, name: str) -> pa.Array:
    variable = simulation.tax_benefit_system.get_variable(name)
    values = simulation.calculate(name, DateUnit.ETERNITY)
    return to_column(numpy.asarray(values), variable)


def count_cells(
    simulation: Simulation,
    tables: Tables,
    results: Sequence[ResultTable],
    names: Sequence[str],
    weights: Weights,
) -> tuple[pa.Table, pa.Table]:
    """Count the cells of a part.

    Returns:
        What ``Counting.cells`` gives, and the outputs by their number in it.
    """
    owner = simulation.populations["volunteer"].members_entity_id
    blocks = []
    with database() as connection:
        counting = Counting(connection)
        of_missions = columns_for_missions(simulation, tables, names)
        rows = {"mission": (counting.group(of_missions), owner, weights.missions)}
        of_volunteers = columns_for_volunteers(simulation, tables, names)
        if of_volunteers is not None:
            volunteers = numpy.arange(len(tables.volunteers))
            places = counting.group(of_volunteers)
            rows["volunteer"] = places, volunteers, weights.volunteers
        for table in results:
            if table.entity not in rows:
                continue
            for variable, when in product(table.variables, table.periods or (None,)):
                values = column_of(value_in(simulation, variable, when), variable)
                kind = kind_of(values.type)
                if kind is None:
                    continue
                if kind == NUMBER and when is not None:
                    # Zero is no amount of the period: most missions are of others.
                    nothing = pa.scalar(None, values.type)
                    values = pc.if_else(pc.equal(values, 0), nothing, values)
                counting.add(len(blocks), values, *rows[table.entity])
                period = None if when is None else str(when)
                block = {"variable": variable.name, "kind": kind, "period": period}
                blocks.append(block)
        return counting.cells(), pa.Table.from_pylist(blocks, _BLOCKS)


def figures_of(
    parts: Store,
    rank: int,
    names: Sequence[str],
    *,
    quantiles: Sequence[float],
    min_cell: int,
) -> Iterator[pa.Table]:
    """Add up the cells of the parts, and give the figures of each group: ``figures``.

    Args:
        parts: What ``count_cells`` gave of each part: ``cells-<rank>``, ``outputs-``.
        rank: The number of the grouping.
        names: The columns that make the groups.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer volunteers than this.
    """
    shown = {"quantiles": quantiles, "min_cell": min_cell, "sums": SUMS}
    outputs = parts.sums(f"outputs-{rank}")[0].to_pylist()
    with database(parts.spill) as connection:
        parts.view(connection, f"cells-{rank}", "part")
        load_cells(connection, len(names))
        yield from figures(connection, outputs, names, **shown)
