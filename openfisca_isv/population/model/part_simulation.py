"""From tables to a simulation of the engine.

The columns become arrays without a pass over the rows, and the members of each group
are set by position: the order of the rows and of the identifiers does not matter.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.population.subject import START
from openfisca_isv.population.tables.typed_tables import Tables

_PARTIES = frozenset({"mission", "volunteer", "organisation"})


def build_simulation(
    system: TaxBenefitSystem, tables: Tables, years: range
) -> Simulation:
    """Return the engine a population.

    Args:
        system: The law, or a reform of it.
        tables: The population.
        years: The years that will be asked for. Monthly inputs are set from the first
            mission on, for what is due in a year may depend on the months before it.

    Returns:
        A simulation whose missions, volunteers and organisations are the rows of the
        tables, in their order.
    """
    populations = system.instantiate_entities()
    parties = {
        "mission": tables.missions,
        "volunteer": tables.volunteers,
        "organisation": tables.organisations,
    }
    for key, table in parties.items():
        populations[key].ids = table[key].to_numpy()
        populations[key].count = len(table)
        if key != "mission":
            populations[key].members_entity_id = _positions(
                tables.missions[key], table[key]
            )
    simulation = Simulation(system, populations)
    for given in values_given(system, tables, years):
        if system.get_variable(given.name).is_neutralized:
            # The engine would warn, and show the values.
            continue
        simulation.set_input(given.name, given.when, given.values)
    return simulation


class Given(NamedTuple):
    """Values of an input, as the tables give them.

    Attributes:
        name: The input.
        when: Eternity, a month, or the whole time for which the values hold.
        values: In the engine's own form, shape ``(n,)``; the default where unknown.
        is_stated: Which of them a cell states, shape ``(n,)``.
    """

    name: str
    when: Period
    values: numpy.ndarray
    is_stated: numpy.ndarray


def values_given(
    system: TaxBenefitSystem, tables: Tables, years: range
) -> Iterator[Given]:
    """Yield the inputs of the tables, in the order in which the engine takes them.

    The engine keeps what is set first: the months that the monthly table lists, then
    the values that hold for all months.
    """
    yield from _monthly_inputs(system, tables)
    whole_time = _whole_time(tables, years)
    for table in (tables.missions, tables.volunteers, tables.organisations):
        for name in table.column_names:
            variable = None if name in _PARTIES else system.get_variable(name)
            # Labels, weights, and what only another law takes as an input.
            if variable is not None and variable.is_input_variable():
                is_eternal = variable.definition_period == DateUnit.ETERNITY
                when = Period.eternity() if is_eternal else whole_time
                values = to_array(table[name], variable)
                yield Given(name, when, values, _is_known(table[name]))


def to_array(column: pa.ChunkedArray, variable: Variable) -> numpy.ndarray:
    """Return the values of a column as the engine holds those of the variable.

    Args:
        column: Values in the types of the tables, shape ``(n,)``; null is unknown.
        variable: The input that they are.

    Returns:
        Days as ``datetime64[D]``, codes as members of their list, numbers in 32 bits,
        shape ``(n,)``. Unknown ones, and codes that another law alone has, are the
        default of the variable.
    """
    values = column.combine_chunks()
    if variable.value_type is Enum:
        # The column has the codes of all laws: each law ranks its own.
        own = {one.name: one.index for one in variable.possible_values}
        default = variable.default_value.index
        ranks = [own.get(one, default) for one in values.dictionary.to_pylist()]
        places = values.indices.fill_null(len(ranks)).to_numpy(zero_copy_only=False)
        ranks = numpy.array([*ranks, default], numpy.int16)
        return EnumArray(ranks[places], variable.possible_values)
    filled = values.fill_null(pa.scalar(variable.default_value, values.type))
    return filled.to_numpy(zero_copy_only=False).astype(variable.dtype)


def _positions(names: pa.ChunkedArray, among: pa.ChunkedArray) -> numpy.ndarray:
    found = pc.index_in(names, value_set=among.combine_chunks())
    return found.to_numpy().astype(numpy.int64)


def _is_known(column: pa.ChunkedArray) -> numpy.ndarray:
    return column.is_valid().to_numpy()


def _monthly_inputs(system: TaxBenefitSystem, tables: Tables) -> Iterator[Given]:
    """Yield the inputs of the months that the monthly table lists.

    A volunteer whom it does not list in such a month keeps the value that the table
    of volunteers gives for all months.
    """
    monthly, volunteers = tables.monthly, tables.volunteers
    position = _positions(monthly["volunteer"], volunteers["volunteer"])
    days = monthly["month"].to_numpy()
    order = numpy.argsort(days, kind="stable")
    listed, starts = numpy.unique(days[order], return_index=True)
    rows_by_month = numpy.split(order, starts[1:]) if len(listed) else []
    for name in set(monthly.column_names) - {"volunteer", "month"}:
        variable = system.get_variable(name)
        if variable is None:
            continue
        values, is_known = to_array(monthly[name], variable), _is_known(monthly[name])
        usual = variable.default_array(len(volunteers))
        is_usual = numpy.zeros(len(volunteers), dtype=bool)
        if name in volunteers.column_names:
            usual = to_array(volunteers[name], variable)
            is_usual = _is_known(volunteers[name])
        for day, rows in zip(listed, rows_by_month, strict=True):
            given = rows[is_known[rows]]
            in_month, is_stated = usual.copy(), is_usual.copy()
            in_month[position[given]] = values[given]
            is_stated[position[given]] = True
            month = period(str(day.astype("datetime64[M]")))
            yield Given(name, month, in_month, is_stated)


def _whole_time(tables: Tables, years: range) -> Period:
    """Return the time from the first mission to the end of the last year asked for."""
    first = None
    if START in tables.missions.column_names:
        first = pc.min(tables.missions[START]).as_py()
    start = years.start if first is None else min(years.start, first.year)
    return period(f"year:{start}:{years.stop - start}")
