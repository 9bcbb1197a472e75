"""What a law gives a population, and what two laws give differently.

Everything is a count or a sum over whole volunteers, in 64 bits, so that the parts of
a population add up to the whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.periods import DateUnit, period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.groups.grouping import codes_of
from openfisca_isv.population.model.simulation import build_simulation
from openfisca_isv.population.tables.population import Tables

#: What a year of a mission adds up, month by month, in euros.
FLOWS = (
    "state_cost",
    "state_aid",
    "resettlement_allowance",
    "occupational_integration_premium",
    "allowance_due",
)
#: What the volunteer receives.
RECEIVED = (
    "resettlement_allowance",
    "occupational_integration_premium",
    "allowance_due",
)
#: What the allowance lacks to reach the minimum, over the year.
SHORTFALL = "allowance_shortfall"
AMOUNTS = (*FLOWS, SHORTFALL)
#: Upper bounds of the bands of change of what a volunteer receives, in euros.
BANDS = (-2000, -1000, -500, -0.01, 0, 500, 1000, 2000, numpy.inf)


@dataclass(frozen=True)
class Outcome:
    """What one law gives a part of a population.

    Attributes:
        amounts: Euros by the names of ``AMOUNTS``, shape ``(missions, years)``.
        unmet: Rank of the first unmet condition, 0 for none, shape ``(missions,)``.
        starts: Year of the first day of each contract, shape ``(missions,)``.
    """

    amounts: dict[str, numpy.ndarray]
    unmet: numpy.ndarray
    starts: numpy.ndarray


def outcome_of(system: TaxBenefitSystem, tables: Tables, years: range) -> Outcome:
    """Ask the engine for every month of some years, and add up by year."""
    simulation = build_simulation(system, tables, years)

    def ask(name: str, when: object = DateUnit.ETERNITY) -> numpy.ndarray:
        return simulation.calculate(name, when).view(numpy.ndarray)

    lacking = ask("allowance_minimum").astype(numpy.float64)
    lacking = numpy.maximum(lacking - ask("contract_monthly_allowance"), 0)
    shape = (len(tables.missions), len(years))
    amounts = {name: numpy.zeros(shape) for name in AMOUNTS}
    for column, year in enumerate(years):
        for month in period(str(year)).get_subperiods(DateUnit.MONTH):
            for name in FLOWS:
                amounts[name][:, column] += ask(name, month)
            part = ask("mission_days", month) / month.days
            amounts[SHORTFALL][:, column] += lacking * part
    starts = ask("start_date").astype("datetime64[Y]").astype(numpy.int64) + 1970
    unmet = ask("contract_first_unmet_condition")
    return Outcome(amounts, unmet, starts)


@dataclass(frozen=True)
class People:
    """Whose the missions of a part are.

    Attributes:
        volunteer: Position of the volunteer of each mission, shape ``(missions,)``.
        weight: Weight of the volunteer of each mission, shape ``(missions,)``.
    """

    volunteer: numpy.ndarray
    weight: numpy.ndarray

    @classmethod
    def of(cls, tables: Tables, weights: pa.Table | None) -> "People":
        """Find the volunteers of the missions, and their weights."""
        names = tables.volunteers["volunteer"].combine_chunks()
        place = pc.index_in(tables.missions["volunteer"], value_set=names)
        volunteer = place.to_numpy().astype(numpy.int64)
        if weights is None:
            return cls(volunteer, numpy.ones(len(volunteer)))
        listed = weights["volunteer"].combine_chunks()
        found = pc.index_in(tables.missions["volunteer"], value_set=listed).to_numpy()
        return cls(volunteer, weights["weight"].to_numpy()[found])


def costs(
    scenario: str, years: range, law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Add up one law by year, beside the law in force.

    Returns:
        A row a year: the amounts, the contracts started in the year and of which
        lawful, weighted; and ``affected``, how many volunteers the year of the two
        laws is not the same for, and ``changed``, how many contracts; not weighted.
    """
    rows = []
    for column, year in enumerate(years):
        starts = law.starts == year
        differs = numpy.zeros(len(starts), dtype=bool)
        for name in AMOUNTS:
            change = outcome.amounts[name][:, column] - law.amounts[name][:, column]
            differs |= numpy.abs(change) >= 0.005  # noqa: PLR2004 -- half a cent
        changed = starts & ((law.unmet == 0) != (outcome.unmet == 0))
        sums = {
            name: float((values[:, column] * people.weight).sum())
            for name, values in outcome.amounts.items()
        }
        contracts = {
            "contracts_started": float((starts * people.weight).sum()),
            "contracts_lawful": float(
                (starts * (outcome.unmet == 0) * people.weight).sum()
            ),
        }
        affected = len(numpy.unique(people.volunteer[differs | changed]))
        head = {"scenario": scenario, "year": year}
        rows.append(head | sums | contracts | {"affected": affected})
    return pa.Table.from_pylist(rows)


def effects(
    groups: Sequence[tuple[str, pa.Table]],
    law: Outcome,
    outcome: Outcome,
    people: People,
) -> Iterator[pa.Table]:
    """Tell who gains and who loses, group by group.

    A volunteer whose missions fall in several groups counts in each of them, with what
    changes there.

    Args:
        groups: Names of groupings, and tables whose column of that name says to which
            group each mission belongs; the empty name is everyone.
        law: What the law in force gives.
        outcome: What the reform gives.
        people: Whose the missions are.

    Yields:
        A row a group: ``by``, ``group``, sums and counts; those called ``observed``
        are not weighted.
    """
    for by, table in groups:
        ranks, names = codes_of(table, by) if by else (None, ["everyone"])
        if ranks is None:
            ranks = numpy.zeros(len(law.unmet), dtype=numpy.int64)
        columns = _volunteers_of(ranks, len(names), gains(law, outcome), people)
        columns |= _missions_of(ranks, len(names), (law, outcome), people)
        is_used = columns["observed"] > 0
        heads = {
            "by": pa.array([by or "all"] * int(is_used.sum()), pa.string()),
            "group": pa.array(numpy.array(names, dtype=object)[is_used], pa.string()),
        }
        yield pa.table(
            heads | {name: values[is_used] for name, values in columns.items()}
        )


def gains(law: Outcome, outcome: Outcome) -> numpy.ndarray:
    """Give what the volunteer of each mission receives more, over all the years."""
    changes = [outcome.amounts[name] - law.amounts[name] for name in RECEIVED]
    return sum(changes).sum(axis=1)


def _volunteers_of(
    ranks: numpy.ndarray, groups: int, received: numpy.ndarray, people: People
) -> dict[str, numpy.ndarray]:
    """Count the volunteers of each group, and add up what they gain and lose there."""
    pairs, first, place = numpy.unique(
        numpy.stack([ranks, people.volunteer]),
        axis=1,
        return_index=True,
        return_inverse=True,
    )
    gain = numpy.round(numpy.bincount(place.reshape(-1), received, len(first)), 2)
    weight = people.weight[first]
    columns = {
        "volunteers": weight,
        "gainers": weight * (gain > 0),
        "losers": weight * (gain < 0),
        "gains": weight * numpy.maximum(gain, 0),
        "losses": weight * numpy.maximum(-gain, 0),
        "observed": numpy.ones(len(gain)),
        "observed_gainers": gain > 0,
        "observed_losers": gain < 0,
    }
    return {
        name: numpy.bincount(pairs[0], values, minlength=groups)
        for name, values in columns.items()
    }


def _missions_of(
    ranks: numpy.ndarray, groups: int, laws: tuple[Outcome, Outcome], people: People
) -> dict[str, numpy.ndarray]:
    """Add up the missions of each group under two laws."""
    before, after = (one.unmet == 0 for one in laws)
    columns = {
        "contracts_become_lawful": people.weight * (~before & after),
        "contracts_become_unlawful": people.weight * (before & ~after),
        "observed_changed": before != after,
        "observed_short": sum(one.amounts[SHORTFALL].sum(axis=1) for one in laws) > 0,
    }
    for name in ("state_cost", SHORTFALL):
        for which, one in zip(("law", "reform"), laws, strict=True):
            total = one.amounts[name].sum(axis=1)
            columns[f"{name}_{which}"] = people.weight * total
    return {
        name: numpy.bincount(ranks, values, minlength=groups)
        for name, values in columns.items()
    }


def distribution(law: Outcome, outcome: Outcome, people: People) -> pa.Table:
    """Count the volunteers by the change of what they receive over the years."""
    received = gains(law, outcome)
    persons, first, place = numpy.unique(
        people.volunteer, return_index=True, return_inverse=True
    )
    gain = numpy.round(numpy.bincount(place, received, len(persons)), 2)
    band = numpy.searchsorted(BANDS, gain)
    return pa.table(
        {
            "rank": numpy.arange(len(BANDS)),
            "volunteers": numpy.bincount(band, people.weight[first], len(BANDS)),
            "observed": numpy.bincount(band, minlength=len(BANDS)),
        }
    )


def conditions(
    names: Sequence[str], years: range, law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Count the contracts started in some years by the first condition they fail."""
    is_in = numpy.isin(law.starts, years)

    def count(unmet: numpy.ndarray, weights: numpy.ndarray) -> numpy.ndarray:
        return numpy.bincount(unmet[is_in], weights[is_in], minlength=len(names))

    ones = numpy.ones(len(is_in))
    return pa.table(
        {
            "condition": list(names),
            "rank": numpy.arange(len(names)),
            "contracts_law": count(law.unmet, people.weight),
            "contracts_reform": count(outcome.unmet, people.weight),
            "observed": count(law.unmet, ones),
            "observed_changed": count(law.unmet, ones * (law.unmet != outcome.unmet))
            + count(outcome.unmet, ones * (law.unmet != outcome.unmet)),
        }
    )
