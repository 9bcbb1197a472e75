"""What a population comes to, year by year.

Every measure is a count or a sum, so that the summaries of the parts of a population
add up to that of the whole, provided that no part cuts a volunteer in two.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy
import pyarrow as pa

from openfisca_isv.population.model.results import Contracts, Year
from openfisca_isv.variables.contract import Condition

_STEPS = 2**16


@dataclass(frozen=True)
class Measure:
    """What one column of the summary says.

    Attributes:
        subject: The heading under which it is shown.
        label: What it counts or adds up.
        unit: ``currency-EUR``, ``month`` or ``none`` for a count.
    """

    subject: str
    label: str
    unit: str = "none"


#: The columns of the summary, after the year.
MEASURES = {
    "contracts_started": Measure("Contracts", "started in the year"),
    "contracts_lawful": Measure("Contracts", "of which lawful"),
    "contracts_unlawful": Measure("Contracts", "of which not"),
    "volunteers_in_mission": Measure("Missions", "volunteers on 31 Dec."),
    "mission_months": Measure("Missions", "months served", "month"),
    "allowance_due": Measure("Missions", "allowances due, €", "currency-EUR"),
    "resettlement_count": Measure("Resettlement", "paid, number"),
    "resettlement_allowance": Measure("Resettlement", "paid, €", "currency-EUR"),
    "resettlement_undetermined": Measure("Resettlement", "undetermined"),
    "premium_volunteers": Measure("Integration premium", "volunteers"),
    "premium_months": Measure("Integration premium", "months due"),
    "occupational_integration_premium": Measure(
        "Integration premium", "due, €", "currency-EUR"
    ),
    "retirement_quarters": Measure("Retirement", "quarters credited"),
    "state_aid": Measure("State", "aid, €", "currency-EUR"),
    "state_aid_lawful": Measure("State", "of lawful contracts", "currency-EUR"),
    "state_cost": Measure("State", "cost, €", "currency-EUR"),
}


def summarise(contracts: Contracts, years: Iterable[Year]) -> pa.Table:
    """Give a row a year: the year, then the measures.

    Args:
        contracts: What does not change about the missions.
        years: What each year adds up.

    Returns:
        Counts are whole numbers; euros and months are 64-bit, not rounded.
    """
    rows = [_summarise_year(contracts, year) for year in years]
    return pa.Table.from_pylist(rows)


def count_unmet_conditions(contracts: Contracts, years: Iterable[int]) -> pa.Table:
    """Count the contracts that are not lawful, by the first condition that fails.

    Returns:
        A row a condition, in the order of the law: ``condition``, then one column a
        year in which the contracts started.
    """
    started = _year_of(contracts.start)
    conditions = list(Condition)[1:]
    columns = {"condition": [condition.name for condition in conditions]}
    for year in years:
        unmet = contracts.unmet[contracts.is_served & (started == year)]
        counts = numpy.bincount(unmet, minlength=len(Condition))
        columns[str(year)] = counts[[condition.index for condition in conditions]]
    return pa.table(columns)


def exact_sum(values: numpy.ndarray) -> float:
    """Add up numbers so that neither their order nor their grouping matters.

    Each is taken to 2 to the power -16, finer than the engine holds euros; the sum of
    such numbers is exact up to 137 000 million.
    """
    return numpy.rint(values * _STEPS).astype(numpy.int64).sum() / _STEPS


def add_up(tables: Iterable[pa.Table]) -> pa.Table:
    """Add up the summaries of the parts of a population.

    Args:
        tables: Tables of the same rows and columns, the first of which names the row.
    """
    first, *others = tables
    key, *columns = first.column_names
    sums = {name: first[name].to_numpy() for name in columns}
    for one in others:
        sums = {name: values + one[name].to_numpy() for name, values in sums.items()}
    return pa.table({key: first[key]} | sums)


def _summarise_year(contracts: Contracts, year: Year) -> dict[str, float]:
    """Add up one year."""
    new_year_eve = numpy.datetime64(f"{year.year}-12-31")
    starts = _year_of(contracts.start) == year.year
    is_in_mission = (
        contracts.is_served
        & (contracts.start <= new_year_eve)
        & (contracts.end >= new_year_eve)
    )
    resettlement = year.flows["resettlement_allowance"]
    is_undetermined = contracts.resettlement_is_undetermined & (
        _year_of(contracts.end) == year.year
    )
    lawful_aid = year.flows["state_aid"] * contracts.is_lawful
    return {
        "year": year.year,
        "contracts_started": int(starts.sum()),
        "contracts_lawful": int((starts & contracts.is_lawful).sum()),
        "contracts_unlawful": int((starts & ~contracts.is_lawful).sum()),
        "volunteers_in_mission": _volunteers(contracts, is_in_mission),
        "mission_months": exact_sum(year.mission_months),
        "allowance_due": exact_sum(year.flows["allowance_due"]),
        "resettlement_count": int((resettlement > 0).sum()),
        "resettlement_allowance": exact_sum(resettlement),
        "resettlement_undetermined": int(is_undetermined.sum()),
        "premium_volunteers": _volunteers(contracts, year.premium_months > 0),
        "premium_months": int(year.premium_months.sum()),
        "occupational_integration_premium": exact_sum(
            year.flows["occupational_integration_premium"]
        ),
        "retirement_quarters": int(year.retirement_quarters.sum()),
        "state_aid": exact_sum(year.flows["state_aid"]),
        "state_aid_lawful": exact_sum(lawful_aid),
        "state_cost": exact_sum(year.flows["state_cost"]),
    }


def _volunteers(contracts: Contracts, missions: numpy.ndarray) -> int:
    """Count the volunteers of some of the missions, each once."""
    return len(numpy.unique(contracts.volunteer[missions]))


def _year_of(days: numpy.ndarray) -> numpy.ndarray:
    """Give the calendar year of each day."""
    return days.astype("datetime64[Y]").astype(numpy.int64) + 1970
