"""From tables to a simulation of the engine.

The columns become arrays without a pass over the rows, and the members of each group
are set by position: the order of the rows and of the identifiers does not matter.
"""

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.population.tables.typed_tables import Tables


def build_simulation(
    system: TaxBenefitSystem, tables: Tables, years: range
) -> Simulation:
    """Give the engine a population.

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
    # The engine keeps what is set first: the months that the monthly table lists,
    # then the values that hold for all months.
    _set_monthly_inputs(simulation, tables)
    whole_time = _whole_time(tables, years)
    for table in parties.values():
        for name in table.column_names:
            variable = None if name in parties else system.get_variable(name)
            # Labels, weights, and what only another law takes as an input.
            if variable is not None and variable.is_input_variable():
                is_eternal = variable.definition_period == DateUnit.ETERNITY
                when = DateUnit.ETERNITY if is_eternal else whole_time
                simulation.set_input(name, when, to_array(table[name], variable))
    return simulation


def to_array(column: pa.ChunkedArray, variable: Variable) -> numpy.ndarray:
    """Give the values of a column as the engine holds those of the variable.

    Args:
        column: Values in the types of the tables, shape ``(n,)``; null is unknown.
        variable: The input that they are.

    Returns:
        Days as ``datetime64[D]``, codes as members of their list, numbers in 32 bits,
        shape ``(n,)``. Unknown ones are the default of the variable.
    """
    values = column.combine_chunks()
    if variable.value_type is Enum:
        default = variable.default_value.index
        ranks = values.indices.fill_null(default).to_numpy(zero_copy_only=False)
        return EnumArray(ranks, variable.possible_values)
    filled = values.fill_null(pa.scalar(variable.default_value, values.type))
    return filled.to_numpy(zero_copy_only=False).astype(variable.dtype)


def _positions(names: pa.ChunkedArray, among: pa.ChunkedArray) -> numpy.ndarray:
    """Give the position of each name among the names of a table."""
    found = pc.index_in(names, value_set=among.combine_chunks())
    return found.to_numpy().astype(numpy.int64)


def _set_monthly_inputs(simulation: Simulation, tables: Tables) -> None:
    """Set the inputs of the months that the monthly table lists.

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
        variable = simulation.tax_benefit_system.get_variable(name)
        if variable is None:
            continue
        values = to_array(monthly[name], variable)
        is_known = monthly[name].is_valid().to_numpy()
        usual = variable.default_array(len(volunteers))
        if name in volunteers.column_names:
            usual = to_array(volunteers[name], variable)
        for day, rows in zip(listed, rows_by_month, strict=True):
            given = rows[is_known[rows]]
            in_month = usual.copy()
            in_month[position[given]] = values[given]
            month = str(day.astype("datetime64[M]"))
            simulation.set_input(name, month, in_month)


def _whole_time(tables: Tables, years: range) -> Period:
    """Give the time from the first mission to the end of the last year asked for."""
    first = None
    if "start_date" in tables.missions.column_names:
        first = pc.min_max(tables.missions["start_date"])["min"].as_py()
    start = years.start if first is None else min(years.start, first.year)
    return period(f"year:{start}:{years.stop - start}")
