"""What one law gives a population, in whole steps.

Amounts of the engine become whole numbers as soon as a year is added up, so that
nothing that is made of them depends on the order of the rows or on the parts.
"""

from dataclasses import dataclass

import numpy
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import Simulation

from openfisca_isv.population.groups.fixed_point import fixed
from openfisca_isv.population.model.yearly import check_amounts
from openfisca_isv.population.subject import FLOWS, RECEIVED

#: What the allowance lacks to reach the minimum, over the year.
SHORTFALL = "allowance_shortfall"
AMOUNTS = (*FLOWS, SHORTFALL)


@dataclass(frozen=True)
class Outcome:
    """What one law gives a part of a population.

    Attributes:
        amounts: Euros in steps of ``fixed_point``, by the names of ``AMOUNTS``, shape
            ``(missions, years)``.
        unmet: Rank of the first unmet condition, 0 for none, shape ``(missions,)``.
        starts: Year of the first day of each contract, shape ``(missions,)``.
        is_served: Some day of the years was served, shape ``(missions,)``.
        is_undetermined: The return, in the years, opens a resettlement allowance whose
            amount no text seen gives, shape ``(missions,)``.
    """

    amounts: dict[str, numpy.ndarray]
    unmet: numpy.ndarray
    starts: numpy.ndarray
    is_served: numpy.ndarray
    is_undetermined: numpy.ndarray

    def of(self, missions: numpy.ndarray) -> "Outcome":
        """Keep some of the missions, given a mask of shape ``(missions,)``."""
        return Outcome(
            {name: values[missions] for name, values in self.amounts.items()},
            self.unmet[missions],
            self.starts[missions],
            self.is_served[missions],
            self.is_undetermined[missions],
        )

    def concerned(self, years: range) -> numpy.ndarray:
        """Tell the missions that have to do with the years, shape ``(missions,)``.

        Those served on some day of the years or started in them, and those for which
        an amount is due in the years, such as a premium after the return.
        """
        is_concerned = self.is_served | numpy.isin(self.starts, years)
        for values in self.amounts.values():
            is_concerned |= (values != 0).any(axis=1)
        return is_concerned

    def over_all_years(self, name: str) -> numpy.ndarray:
        """Add up the years of an amount, in steps, shape ``(missions,)``."""
        return self.amounts[name].sum(axis=1)


def outcome_of(simulation: Simulation, years: range) -> Outcome:
    """Ask the engine for every month of some years, and add up by year."""

    def ask(name: str, when: object = DateUnit.ETERNITY) -> numpy.ndarray:
        return simulation.calculate(name, when).view(numpy.ndarray)

    lacking = ask("allowance_minimum").astype(numpy.float64)
    lacking = numpy.maximum(lacking - ask("contract_monthly_allowance"), 0)
    count = simulation.populations["mission"].count
    amounts = {
        name: numpy.zeros((count, len(years)), dtype=numpy.int64) for name in AMOUNTS
    }
    is_served = numpy.zeros(count, bool)
    for column, year in enumerate(years):
        totals = {name: numpy.zeros(count) for name in AMOUNTS}
        for month in period(str(year)).get_subperiods(DateUnit.MONTH):
            for name in FLOWS:
                totals[name] += ask(name, month)
            days = ask("mission_days", month)
            is_served |= days > 0
            totals[SHORTFALL] += lacking * (days / month.days)
        for name, total in totals.items():
            check_amounts(total, name, year)
            amounts[name][:, column] = fixed(numpy.round(total, 2))
    starts, ends = (_year_of(ask(f"{one}_date")) for one in ("start", "effective_end"))
    undetermined = ask("resettlement_allowance_is_undetermined")
    return Outcome(
        amounts,
        unmet=ask("contract_first_unmet_condition"),
        starts=starts,
        is_served=is_served,
        is_undetermined=undetermined & numpy.isin(ends, years),
    )


def gains(law: Outcome, outcome: Outcome) -> numpy.ndarray:
    """Give what the volunteer of each mission receives more, over all the years.

    Returns:
        Euros in steps, shape ``(missions,)``.
    """
    return sum(
        outcome.over_all_years(name) - law.over_all_years(name) for name in RECEIVED
    )


def _year_of(days: numpy.ndarray) -> numpy.ndarray:
    """Give the calendar year of each day."""
    return days.astype("datetime64[Y]").astype(numpy.int64) + 1970
