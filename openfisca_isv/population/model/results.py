"""Tables of results: rows of missions and volunteers, sums of organisations."""

from collections.abc import Callable, Iterator, Sequence

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.periods import Period
from openfisca_core.simulations import Simulation
from openfisca_core.variables import Variable

from openfisca_isv.population.groups.fixed_point import MICROS, fixed
from openfisca_isv.population.model.outputs import ENTITIES, ResultTable, periods_added
from openfisca_isv.population.model.standing import Standing, is_standing
from openfisca_isv.population.model.yearly import check_amounts, to_column
from openfisca_isv.population.subject import ADDED_UP
from openfisca_isv.population.tables.typed_tables import Tables

#: Rows of results that are made at once, about.
_ROWS_AT_ONCE = 500_000


def calculate_table(
    simulation: Simulation,
    table: ResultTable,
    identifiers: pa.Table,
    beside: Callable[[dict, slice], dict] = lambda columns, _: columns,
) -> Iterator[pa.Table]:
    """Yield the rows of a table of results; the periods of each row follow each other.

    In this order the rows of a population are the same however it is divided.

    Args:
        simulation: The population.
        table: What is asked of it.
        identifiers: The rows of the entity, with the columns of ``ENTITIES``.
        beside: Adds columns to those of some rows of the entity.

    Yields:
        Some of the rows.
    """
    periods = table.periods or (None,)
    # The engine keeps what it computed: these are not copies.
    values = {
        one: [value_in(simulation, one, when) for when in periods]
        for one in table.variables
    }
    size = max(_ROWS_AT_ONCE // len(periods), 1)
    for first in range(0, max(len(identifiers), 1), size):
        some = identifiers.slice(first, size)
        rows = slice(first, first + size)
        columns = {
            name: _spread(some[name], len(periods)) for name in ENTITIES[table.entity]
        }
        if table.when is not None:
            columns[table.when] = _cycle([str(one) for one in periods], len(some))
        for variable, by_period in values.items():
            mixed = [numpy.asarray(one[rows]) for one in by_period]
            columns[variable.name] = column_of(
                mixed[0] if len(mixed) == 1 else numpy.stack(mixed, 1).reshape(-1),
                variable,
            )
        yield pa.table(beside(columns, rows))


def column_of(values: numpy.ndarray, variable: Variable) -> pa.Array:
    """Return the values of an output as they are handed over.

    Args:
        values: As ``value_in`` gives them; of a boolean, over a year, months.
        variable: The output.
    """
    if variable.value_type is bool and values.dtype != bool:
        return pa.array(values)
    return to_column(values, variable)


def value_in(
    simulation: Simulation, variable: Variable, when: Period | None
) -> numpy.ndarray:
    """Return the values of an output in a period.

    Over a year the amounts, days and counts of the months add up; of a boolean the
    months are counted; of a code, or of the months of a life so far, that of the last
    month is given.
    """
    added = periods_added(variable, when or Period.eternity())
    if len(added) == 1:
        return simulation.calculate(variable.name, added[0])
    kind = numpy.float64 if variable.value_type is float else numpy.int64
    total = numpy.zeros(simulation.populations[variable.entity.key].count, kind)
    for one in added:
        total += simulation.calculate(variable.name, one)
    check_amounts(total, variable.name, when)
    return total


def _spread(names: pa.ChunkedArray, times: int) -> pa.ChunkedArray | pa.DictionaryArray:
    """Return each name so many times, at little cost."""
    if times == 1:
        return names
    # Each different name once: else the bytes of Parquet vary from run to run.
    different = names.combine_chunks().dictionary_encode()
    indices = numpy.repeat(different.indices.to_numpy(), times)
    return pa.DictionaryArray.from_arrays(indices, different.dictionary)


def _cycle(texts: list[str], times: int) -> pa.DictionaryArray:
    """Return texts one after the other, so many times over."""
    indices = numpy.tile(numpy.arange(len(texts), dtype=numpy.int16), times)
    return pa.DictionaryArray.from_arrays(indices, texts)


def to_the_cent(table: pa.Table) -> pa.Table:
    """Round the sums to two decimals."""
    return pa.table(
        {
            field.name: pc.round(table[field.name], 2)
            if pa.types.is_floating(field.type)
            else table[field.name]
            for field in table.schema
        }
    )


def organisation_sums(
    simulation: Simulation,
    table: ResultTable,
    tables: Tables,
    standing: Standing | None = None,
) -> pa.Table:
    """Return what a part knows of all the organisations.

    What adds up the missions of an organisation is the amount of those of the part,
    in whole steps, which add up to the same whatever the parts.
    """
    names = tables.organisations["organisation"]
    periods = table.periods or (None,)
    columns = {"organisation": pa.chunked_array(names.chunks * len(periods))}
    if table.when is not None:
        columns[table.when] = numpy.repeat([str(one) for one in periods], len(names))
    for variable in table.variables:
        values = numpy.concatenate(
            [_of_organisations(simulation, variable, one) for one in periods]
        )
        columns[variable.name] = (
            values if variable.name in ADDED_UP else column_of(values, variable)
        )
    if standing is not None:
        columns = standing.beside(columns, by_period=True)
    return pa.table(columns)


def _of_organisations(
    simulation: Simulation, variable: Variable, when: Period | None
) -> numpy.ndarray:
    """Return a value of each organisation; what adds up missions is added up here.

    The engine adds up in 32 bits, and what that makes of a part depends on the others.
    """
    added_up = ADDED_UP.get(variable.name)
    if added_up is None:
        return numpy.asarray(value_in(simulation, variable, when))
    of_missions = simulation.tax_benefit_system.get_variable(added_up)
    population = simulation.populations["organisation"]
    steps = fixed(numpy.round(value_in(simulation, of_missions, when), 2))
    total = numpy.zeros(population.count, numpy.int64)
    numpy.add.at(total, population.members_entity_id, steps)
    return total


def add_up_organisations(table: ResultTable, parts: Sequence[pa.Table]) -> pa.Table:
    """Add up what the parts know of the organisations, in order of their names."""
    total = parts[0]
    for place, name in enumerate(total.column_names):
        values = [one[name].to_numpy() for one in parts]
        if name in ADDED_UP:
            steps = numpy.sum(values, axis=0)
            total = total.set_column(place, name, pa.array(steps / MICROS))
        elif is_standing(name):
            total = total.set_column(place, name, pa.array(numpy.all(values, axis=0)))
    keys = ["organisation", *([table.when] if table.when else [])]
    return total.sort_by([(key, "ascending") for key in keys])
