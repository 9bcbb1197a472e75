"""What two laws give a population differently.

Everything is a count or a sum of whole steps over whole volunteers, so that the parts
of a population add up to the whole, to the last digit. Columns that begin with
``observed`` count volunteers, unweighted; the others are in steps of ``fixed_point``,
weighted.

Missions and volunteers are those concerned by the years, which ``Outcome.concerned``
tells: what is given here holds no others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy
import pyarrow as pa

from openfisca_isv.population.comparison.groupings import Groups
from openfisca_isv.population.comparison.outcome import (
    AMOUNTS,
    SHORTFALL,
    Outcome,
    gains,
)
from openfisca_isv.population.groups.fixed_point import STEPS

#: Upper bounds of the bands of change of what a volunteer receives, in euros.
BANDS = (-2000, -1000, -500, -0.01, 0, 500, 1000, 2000, numpy.inf)
#: In euros; the engine counts in 32 bits, and less than half a cent is no change.
_HALF_A_CENT = 0.005


@dataclass(frozen=True)
class People:
    """Whose the missions of a part are.

    Attributes:
        volunteer: Position of the volunteer of each mission, shape ``(missions,)``.
        weight: Weight of that volunteer, in steps, shape ``(missions,)``.
    """

    volunteer: numpy.ndarray
    weight: numpy.ndarray

    def of(self, missions: numpy.ndarray) -> "People":
        """Keep some of the missions, given a mask of shape ``(missions,)``."""
        return People(self.volunteer[missions], self.weight[missions])

    def count(self, missions: numpy.ndarray) -> int:
        """Count the volunteers of some of the missions, each once."""
        return len(numpy.unique(self.volunteer[missions]))

    def count_by(
        self, ranks: numpy.ndarray, groups: int, missions: numpy.ndarray
    ) -> numpy.ndarray:
        """Count the volunteers of some of the missions, each once in a group.

        Args:
            ranks: The rank of the group of each mission, shape ``(missions,)``.
            groups: How many groups there are.
            missions: A mask of shape ``(missions,)``.
        """
        persons = self.volunteer.max(initial=0) + 1
        # Small ranks, as codes have, would not hold the products.
        ranks = ranks.astype(numpy.int64)
        pairs = numpy.unique((ranks * persons + self.volunteer)[missions])
        return numpy.bincount(pairs // persons, minlength=groups)


def costs(
    scenario: str, years: range, law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Add up one law by year, beside the law in force.

    Returns:
        A row a year: the amounts, the contracts started in the year and of which
        lawful; ``observed``, how many volunteers have an amount or a contract started;
        ``observed_affected``, for how many the two laws differ; and for each amount and
        for the contracts the same, ``observed_state_aid`` and so on.
    """
    rows = []
    for column, year in enumerate(years):
        starts = law.starts == year
        before, after = (starts & (one.unmet == 0) for one in (law, outcome))
        has, differs = {"contracts": starts}, {"contracts": before != after}
        for name in AMOUNTS:
            amount = outcome.amounts[name][:, column]
            has[name] = amount != 0
            differs[name] = _differs(amount, law.amounts[name][:, column])
        sums = {
            name: _weighted(values[:, column], people.weight).sum()
            for name, values in outcome.amounts.items()
        }
        contracts = {
            "contracts_started": (starts * people.weight).sum(),
            "contracts_lawful": (after * people.weight).sum(),
        }
        masks = {
            "observed": numpy.any(list(has.values()), axis=0),
            "observed_affected": numpy.any(list(differs.values()), axis=0),
            "observed_contracts_lawful": after,
            "observed_contracts_unlawful": starts & ~after,
        }
        masks |= {f"observed_{name}": mask for name, mask in has.items()}
        masks |= {f"observed_{name}_affected": mask for name, mask in differs.items()}
        observed = {name: people.count(mask) for name, mask in masks.items()}
        figures = sums | contracts | observed
        head = {"scenario": scenario, "year": year}
        rows.append(head | {name: int(value) for name, value in figures.items()})
    return pa.Table.from_pylist(rows)


def effects(
    groupings: Iterable[Groups], law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Tell who gains and who loses, group by group.

    A volunteer whose missions fall in several groups counts in each of them, with what
    changes there.

    Returns:
        A row a grouping and group: ``by``, the number of the grouping among those
        given; ``group``, the values of its columns; sums and counts.
    """
    received = gains(law, outcome)
    tables = []
    for number, groups in enumerate(groupings):
        count = len(groups.values)
        columns = _volunteers_of(groups.ranks, count, received, people)
        columns |= _missions_of(groups.ranks, count, (law, outcome), people)
        heads = {
            "by": numpy.full(count, number),
            "group": pa.array(groups.values, pa.string()),
        }
        tables.append(pa.table(heads | columns))
    return pa.concat_tables(tables)


def distribution(law: Outcome, outcome: Outcome, people: People) -> pa.Table:
    """Count the volunteers by the change of what they receive over the years."""
    _, first, place = numpy.unique(
        people.volunteer, return_index=True, return_inverse=True
    )
    gain = _to_the_cent(_added(place, gains(law, outcome), len(first)))
    band = numpy.searchsorted(BANDS, gain)
    return pa.table(
        {
            "rank": numpy.arange(len(BANDS)),
            "volunteers": _added(band, people.weight[first], len(BANDS)),
            "observed": numpy.bincount(band, minlength=len(BANDS)),
        }
    )


def conditions(
    names: Sequence[str], years: range, law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Count the contracts started in some years by the first condition they fail."""
    is_in = numpy.isin(law.starts, years)
    weight = people.weight[is_in]
    before, after = law.unmet[is_in], outcome.unmet[is_in]
    changed = before != after
    some, every = people.of(is_in), numpy.ones(len(weight), bool)
    return pa.table(
        {
            "condition": list(names),
            "rank": numpy.arange(len(names)),
            "contracts_law": _added(before, weight, len(names)),
            "contracts_reform": _added(after, weight, len(names)),
            "observed": some.count_by(before, len(names), every),
            "observed_reform": some.count_by(after, len(names), every),
            "observed_left": some.count_by(before, len(names), changed),
            "observed_joined": some.count_by(after, len(names), changed),
        }
    )


def undetermined(
    scenario: str, law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Count the rights to resettlement whose amount no text seen gives, in one row."""
    rights = outcome.is_undetermined
    return pa.table(
        {
            "scenario": [scenario],
            "rights": [int(people.weight[rights].sum())],
            "observed": [people.count(rights)],
            "observed_changed": [people.count(rights != law.is_undetermined)],
        }
    )


def band_names() -> list[str]:
    """Write the bands of ``BANDS`` in words."""
    lost = [
        f"loses {-high:,.0f} to {-low:,} €" if high < -1 else f"loses under {-low:,} €"
        for low, high in pairwise(BANDS[:4])
    ]
    gained = [f"gains {low:,} to {high:,} €" for low, high in pairwise(BANDS[5:8])]
    return [
        f"loses more than {-BANDS[0]:,} €",
        *lost,
        "unchanged",
        f"gains up to {BANDS[5]:,} €",
        *gained,
        f"gains more than {BANDS[7]:,} €",
    ]


def _volunteers_of(
    ranks: numpy.ndarray, groups: int, received: numpy.ndarray, people: People
) -> dict[str, numpy.ndarray]:
    """Count the volunteers of each group, and add up what they gain and lose there."""
    persons = people.volunteer.max(initial=0) + 1
    pairs, first, place = numpy.unique(
        ranks.astype(numpy.int64) * persons + people.volunteer,
        return_index=True,
        return_inverse=True,
    )
    gain = _added(place, received, len(first))
    gain[_to_the_cent(gain) == 0] = 0
    weight = people.weight[first]
    columns = {
        "volunteers": weight,
        "gainers": weight * (gain > 0),
        "losers": weight * (gain < 0),
        "gains": _weighted(numpy.maximum(gain, 0), weight),
        "losses": _weighted(numpy.maximum(-gain, 0), weight),
        "observed": numpy.ones(len(gain)),
        "observed_gainers": gain > 0,
        "observed_losers": gain < 0,
    }
    group = pairs // persons
    return {name: _added(group, values, groups) for name, values in columns.items()}


def _missions_of(
    ranks: numpy.ndarray, groups: int, laws: tuple[Outcome, Outcome], people: People
) -> dict[str, numpy.ndarray]:
    """Add up the missions of each group under two laws."""
    before, after = (one.unmet == 0 for one in laws)
    columns = {
        "contracts_become_lawful": people.weight * (~before & after),
        "contracts_become_unlawful": people.weight * (before & ~after),
    }
    masks = {"observed_changed": before != after}
    for name, word in (("state_cost", "costing"), (SHORTFALL, "short")):
        totals = [one.over_all_years(name) for one in laws]
        for which, total in zip(("law", "reform"), totals, strict=True):
            columns[f"{name}_{which}"] = _weighted(total, people.weight)
            masks[f"observed_{word}_{which}"] = total != 0
        masks[f"observed_{word}_change"] = _differs(*totals)
    added = {name: _added(ranks, values, groups) for name, values in columns.items()}
    return added | {
        name: people.count_by(ranks, groups, mask) for name, mask in masks.items()
    }


def _differs(some: numpy.ndarray, others: numpy.ndarray) -> numpy.ndarray:
    """Tell which amounts in steps differ by half a cent or more."""
    return numpy.abs(some - others) >= _HALF_A_CENT * STEPS


def _weighted(amounts: numpy.ndarray, weight: numpy.ndarray) -> numpy.ndarray:
    """Multiply amounts by weights, all of them in steps."""
    return numpy.rint(amounts / STEPS * weight).astype(numpy.int64)


def _to_the_cent(steps: numpy.ndarray) -> numpy.ndarray:
    """Give amounts in euros."""
    return numpy.round(steps / STEPS, 2)


def _added(places: numpy.ndarray, values: numpy.ndarray, count: int) -> numpy.ndarray:
    """Add up whole numbers by place, shape ``(count,)``."""
    totals = numpy.zeros(count, dtype=numpy.int64)
    # ``bincount`` would add up in floats, exact to 53 bits only.
    numpy.add.at(totals, places, values.astype(numpy.int64))
    return totals
