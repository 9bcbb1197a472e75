"""What a population comes to, year by year.

Every measure is a count or a sum in whole steps, so that the summaries of the parts of
a population add up to that of the whole, to the last digit, provided that no part cuts
a volunteer in two.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.fixed_point import STEPS
from openfisca_isv.population.groups.small_cells import cells_to_mask, small
from openfisca_isv.population.model.results import Contracts, Year
from openfisca_isv.population.model.weights import Weights
from openfisca_isv.variables.contract import Condition


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


#: Measures that are of volunteers, each of whom counts once.
_OF_VOLUNTEERS = ("volunteers_in_mission", "premium_volunteers", "retirement_quarters")
#: Known by what it is taken from: the aid of contracts that are not lawful.
_LEFT = {"state_aid_unlawful": "State"}
#: The cost of these subjects is the sum of what they show.
_ADD_UP_TO_COST = ("Resettlement", "Integration premium", "State")


def summarise(
    contracts: Contracts, years: Iterable[Year], weights: Weights
) -> pa.Table:
    """Add up each year of a part of a population.

    Args:
        contracts: What does not change about the missions.
        years: What each year adds up.
        weights: How many each mission and each volunteer stand for.

    Returns:
        A row a year and measure: ``year``, ``name``, its sum in ``steps`` of
        a millionth, and ``people``, how many volunteers it is about.
    """
    return pa.Table.from_pylist(
        [
            _row(year.year, name, values, contracts, weights)
            for year in years
            for name, values in _contributions(contracts, year)
        ]
    )


def count_unmet_conditions(
    contracts: Contracts, years: Iterable[int], weights: Weights
) -> pa.Table:
    """Count the contracts of a part, by the first condition that fails.

    Returns:
        A row a year in which contracts started and condition, as ``summarise`` has.
    """
    started = _year_of(contracts.start)
    return pa.Table.from_pylist(
        [
            _row(
                year,
                condition.name,
                (started == year) & (contracts.unmet == condition.index),
                contracts,
                weights,
            )
            for year in years
            for condition in list(Condition)[1:]
        ]
    )


def add_up(tables: Iterable[pa.Table]) -> pa.Table:
    """Add up the rows of parts: those of the same year and name."""
    rows = pa.concat_tables(tables)
    added = rows.group_by(["year", "name"], use_threads=False).aggregate(
        [("steps", "sum"), ("people", "sum")]
    )
    return added.rename_columns(["year", "name", "steps", "people"])


def by_year(added: pa.Table, *, is_weighted: bool, min_cell: int = 0) -> pa.Table:
    """Give a row a year: the year, then the measures.

    Args:
        added: What ``summarise`` gave of all parts, added up.
        is_weighted: Counts are sums of weights, and may have decimals.
        min_cell: Withhold what is about fewer volunteers than this, with the other
            measures of its subject; a column ``masked`` then tells of it.
    """
    years, values, people = _pivot(added)
    masked = {name: numpy.zeros(len(years), bool) for name in MEASURES}
    if min_cell:
        masked = _masked_measures(people, min_cell)
    columns = {"year": pa.array(years)}
    for name, measure in MEASURES.items():
        is_count = measure.unit == "none" and not is_weighted
        kind = numpy.int64 if is_count else numpy.float64
        columns[name] = pa.array(values[name].astype(kind), mask=masked[name])
    if min_cell:
        columns["masked"] = pa.array(numpy.any(list(masked.values()), axis=0))
    return pa.table(columns)


def unmet_conditions(
    added: pa.Table, *, is_weighted: bool, min_cell: int = 0
) -> pa.Table:
    """Give a row a condition, in the order of the law, and a column a year."""
    years, values, people = _pivot(added)
    names = [one.name for one in list(Condition)[1:]]
    counts = numpy.stack([people[name] for name in names])
    masked = numpy.zeros(counts.shape, bool)
    if min_cell:
        ranks = [one.reshape(-1) for one in numpy.indices(counts.shape)]
        flat = counts.reshape(-1)
        is_small = small(flat, min_cell)
        masked = cells_to_mask(is_small, flat, ranks, min_cell).reshape(counts.shape)
    kind = numpy.float64 if is_weighted else numpy.int64
    numbers = numpy.stack([values[name] for name in names]).astype(kind)
    return pa.table(
        {"condition": names}
        | {
            str(year): pa.array(numbers[:, place], mask=masked[:, place])
            for place, year in enumerate(years)
        }
    )


def _row(
    year: int,
    name: str,
    values: numpy.ndarray,
    contracts: Contracts,
    weights: Weights,
) -> dict[str, object]:
    """Add up one measure of one year, and count the volunteers it is about."""
    has = values != 0
    if name in _OF_VOLUNTEERS:
        weight, people = weights.volunteers, has.sum()
    else:
        weight, people = weights.missions, contracts.holders(has).sum()
    steps = numpy.rint(values * weight).astype(numpy.int64).sum()
    return {"year": year, "name": name, "steps": int(steps), "people": int(people)}


def _contributions(
    contracts: Contracts, year: Year
) -> Iterator[tuple[str, numpy.ndarray]]:
    """Give what each mission, or volunteer, adds to the measures of a year."""
    new_year_eve = numpy.datetime64(f"{year.year}-12-31")
    starts = _year_of(contracts.start) == year.year
    is_in_mission = (
        contracts.is_served
        & (contracts.start <= new_year_eve)
        & (contracts.end >= new_year_eve)
    )
    ends = _year_of(contracts.end) == year.year
    flows = year.flows
    yield "contracts_started", starts
    yield "contracts_lawful", starts & contracts.is_lawful
    yield "contracts_unlawful", starts & ~contracts.is_lawful
    yield "volunteers_in_mission", contracts.holders(is_in_mission)
    yield "mission_months", year.mission_months
    yield "allowance_due", flows["allowance_due"]
    yield "resettlement_count", flows["resettlement_allowance"] > 0
    yield "resettlement_allowance", flows["resettlement_allowance"]
    yield "resettlement_undetermined", contracts.resettlement_is_undetermined & ends
    yield "premium_volunteers", contracts.holders(year.premium_months > 0)
    yield "premium_months", year.premium_months
    premium = "occupational_integration_premium"
    yield premium, flows[premium]
    yield "retirement_quarters", year.retirement_quarters
    yield "state_aid", flows["state_aid"]
    yield "state_aid_lawful", flows["state_aid"] * contracts.is_lawful
    yield "state_aid_unlawful", flows["state_aid"] * ~contracts.is_lawful
    yield "state_cost", flows["state_cost"]


def _pivot(
    added: pa.Table,
) -> tuple[list[int], dict[str, numpy.ndarray], dict[str, numpy.ndarray]]:
    """Give the years, and by name the values and the people, shape ``(years,)``."""
    years = sorted(set(added["year"].to_pylist()))
    place = {year: rank for rank, year in enumerate(years)}
    values: dict[str, numpy.ndarray] = {}
    people: dict[str, numpy.ndarray] = {}
    for row in added.to_pylist():
        rank, name = place[row["year"]], row["name"]
        values.setdefault(name, numpy.zeros(len(years)))[rank] = row["steps"] / STEPS
        people.setdefault(name, numpy.zeros(len(years), int))[rank] = row["people"]
    return years, values, people


def _masked_measures(
    people: Mapping[str, numpy.ndarray], min_cell: int
) -> dict[str, numpy.ndarray]:
    """Tell the years in which a measure is masked, with all those of its subject."""
    of_subject: dict[str, numpy.ndarray] = {}
    subjects = {name: measure.subject for name, measure in MEASURES.items()} | _LEFT
    for name, subject in subjects.items():
        is_small = small(people[name], min_cell)
        of_subject[subject] = of_subject.get(subject, False) | is_small
    masked = {name: of_subject[one.subject] for name, one in MEASURES.items()}
    # What is masked of one subject would be the cost less the others.
    masked["state_cost"] = numpy.any(
        [of_subject[one] for one in _ADD_UP_TO_COST], axis=0
    )
    return masked


def _year_of(days: numpy.ndarray) -> numpy.ndarray:
    """Give the calendar year of each day."""
    return days.astype("datetime64[Y]").astype(numpy.int64) + 1970
