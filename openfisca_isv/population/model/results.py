"""What the engine concludes about a population, as tables and arrays.

The engine holds amounts in 32 bits, about seven digits. They are added up in 64 bits,
and rounded to the cent over a year, and where they are handed over.
"""

from dataclasses import dataclass
from datetime import date

import numpy
import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import Simulation
from openfisca_core.variables import Variable

from openfisca_isv.dates import UNKNOWN_DAY

#: What a year of a mission adds up, month by month.
FLOWS = (
    "allowance_due",
    "resettlement_allowance",
    "occupational_integration_premium",
    "state_aid",
    "state_cost",
)

#: Whatever the summary by year is made of.
SUMMED_UP = (
    *FLOWS,
    "start_date",
    "effective_end_date",
    "served_days",
    "mission_days",
    "contract_is_lawful",
    "contract_first_unmet_condition",
    "resettlement_allowance_is_undetermined",
    "retirement_quarters",
)


#: Euros that no mission comes to in a year, whatever the tables or a reform may say.
_HIGHEST = 100_000_000


class AmountError(ArithmeticError):
    """An amount that is not finite, or too large to be added up to the cent."""


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
        volunteers: How many volunteers there are.
    """

    volunteer: numpy.ndarray
    start: numpy.ndarray
    end: numpy.ndarray
    is_served: numpy.ndarray
    is_lawful: numpy.ndarray
    unmet: numpy.ndarray
    resettlement_is_undetermined: numpy.ndarray
    volunteers: int

    def holders(self, missions: numpy.ndarray) -> numpy.ndarray:
        """Tell the volunteers of some of the missions, shape ``(volunteers,)``."""
        has = numpy.zeros(self.volunteers, bool)
        has[self.volunteer[missions]] = True
        return has


@dataclass(frozen=True)
class Year:
    """What one year adds up, in 64 bits.

    Attributes:
        year: The calendar year.
        flows: Euros over the year, to the cent, by the names of ``FLOWS``, shape
            ``(missions,)``.
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
        volunteers=simulation.populations["volunteer"].count,
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
    for name, total in flows.items():
        check_amounts(total, name, year)
        # Who adds up the rows of the results finds the summary.
        numpy.round(total, 2, out=total)
    quarters = simulation.calculate("retirement_quarters", str(year))
    return Year(year, flows, mission_months, premium_months, quarters)


def check_amounts(values: numpy.ndarray, name: str, period: object) -> None:
    """Check amounts before they are added up.

    Raises:
        AmountError: One is infinite or not a number, or beyond what can be added up.
    """
    is_usual = numpy.abs(values) <= _HIGHEST
    if not is_usual.all():
        amount = values[~is_usual][0].item()
        message = f"{name} of {period} is {amount:g} for a mission"
        raise AmountError(message)


def to_column(values: numpy.ndarray, variable: Variable) -> pa.Array:
    """Give the values of a variable as a column.

    Amounts are rounded to the cent; a day that is unknown is null.
    """
    if variable.value_type is Enum:
        names = [member.name for member in variable.possible_values]
        return pa.DictionaryArray.from_arrays(values.view(numpy.ndarray), names)
    if variable.value_type is float:
        return pa.array(values.astype(numpy.float64).round(2))
    if variable.value_type is date:
        days = values.astype("datetime64[D]")
        return pa.array(days, mask=days == numpy.datetime64(UNKNOWN_DAY))
    return pa.array(values)
