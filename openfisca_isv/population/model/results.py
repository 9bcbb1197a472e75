"""What the engine concludes about a population, as tables and arrays.

The engine holds amounts in 32 bits, about seven digits. They are added up in 64 bits,
and rounded to the cent where they are handed over.
"""

from dataclasses import dataclass

import numpy
import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import Simulation
from openfisca_core.variables import Variable

from openfisca_isv.population.model.conclusions import conclusions_of
from openfisca_isv.population.tables.population import Tables

#: What a year of a mission adds up, month by month.
FLOWS = (
    "allowance_due",
    "resettlement_allowance",
    "occupational_integration_premium",
    "state_aid",
    "state_cost",
)


@dataclass(frozen=True)
class Contracts:
    """What does not change about the missions; arrays of shape ``(missions,)``.

    Attributes:
        volunteer: Position of the volunteer of each mission.
        start: First day.
        end: Last day served.
        is_served: The contract has known days, and at least one was served.
        is_lawful: The contract meets every condition.
        unmet: Rank of the first unmet condition in its list, 0 for none.
        resettlement_is_undetermined: The right exists, its amount is unknown.
    """

    volunteer: numpy.ndarray
    start: numpy.ndarray
    end: numpy.ndarray
    is_served: numpy.ndarray
    is_lawful: numpy.ndarray
    unmet: numpy.ndarray
    resettlement_is_undetermined: numpy.ndarray


@dataclass(frozen=True)
class Year:
    """What one year adds up, in 64 bits.

    Attributes:
        year: The calendar year.
        flows: Euros over the year, by the names of ``FLOWS``, shape ``(missions,)``.
        mission_months: Months served in the year, a part of a month counting by its
            days, shape ``(missions,)``.
        premium_months: Months for which the premium is due, shape ``(missions,)``.
        retirement_quarters: Quarters credited for the year, shape ``(volunteers,)``.
    """

    year: int
    flows: dict[str, numpy.ndarray]
    mission_months: numpy.ndarray
    premium_months: numpy.ndarray
    retirement_quarters: numpy.ndarray


def calculate_contracts(simulation: Simulation) -> Contracts:
    """Ask for what does not change about the missions."""

    def ask(name: str) -> numpy.ndarray:
        return simulation.calculate(name, DateUnit.ETERNITY).view(numpy.ndarray)

    return Contracts(
        volunteer=simulation.populations["volunteer"].members_entity_id,
        start=ask("start_date"),
        end=ask("effective_end_date"),
        is_served=ask("served_days") > 0,
        is_lawful=ask("contract_is_lawful"),
        unmet=ask("contract_first_unmet_condition"),
        resettlement_is_undetermined=ask("resettlement_allowance_is_undetermined"),
    )


def calculate_year(simulation: Simulation, year: int) -> Year:
    """Ask for the twelve months of a year, and add them up."""
    count = simulation.populations["mission"].count
    flows = {name: numpy.zeros(count) for name in FLOWS}
    mission_months = numpy.zeros(count)
    premium_months = numpy.zeros(count, dtype=numpy.int64)
    for month in period(str(year)).get_subperiods(DateUnit.MONTH):
        for name, total in flows.items():
            numpy.add(total, simulation.calculate(name, month), out=total)
        mission_months += simulation.calculate("mission_days", month) / month.days
        premium = simulation.calculate("occupational_integration_premium", month)
        premium_months += premium > 0
    quarters = simulation.calculate("retirement_quarters", str(year))
    return Year(year, flows, mission_months, premium_months, quarters)


def missions_table(simulation: Simulation, tables: Tables) -> pa.Table:
    """Give a row a mission: its identifiers, and every conclusion that does not change.

    Returns:
        The identifiers of the tables, then the conclusions in the order of the law:
        days, whole numbers, codes, truths, and euros rounded to the cent; infinity
        says that no maximum is known, 9999-12-31 that a day never comes.
    """
    names = ("mission", "volunteer", "organisation")
    identifiers = {name: tables.missions[name] for name in names}
    conclusions = conclusions_of(
        simulation.tax_benefit_system, "mission", DateUnit.ETERNITY
    )
    return pa.table(
        identifiers
        | {
            variable.name: to_column(
                simulation.calculate(variable.name, DateUnit.ETERNITY), variable
            )
            for variable in conclusions
        }
    )


def to_column(values: numpy.ndarray, variable: Variable) -> pa.Array:
    """Give the values of a variable as a column, amounts rounded to the cent."""
    if variable.value_type is Enum:
        names = [member.name for member in variable.possible_values]
        return pa.DictionaryArray.from_arrays(values.view(numpy.ndarray), names)
    if variable.value_type is float:
        return pa.array(values.astype(numpy.float64).round(2))
    return pa.array(values)
