"""What two laws give a population differently.

Everything is a count or a sum of whole steps over whole volunteers, so that the parts
of a population add up to the whole, to the last digit. Columns that begin with
``observed`` count, unweighted; the others are in steps of ``fixed_point``, weighted.
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


def costs(
    scenario: str, years: range, law: Outcome, outcome: Outcome, people: People
) -> pa.Table:
    """Add up one law by year, beside the law in force.

    Returns:
        A row a year: the amounts, the contracts started in the year and of which
        lawful; and ``observed_affected``, how many volunteers the year of the two laws
        is not the same for.
    """
    rows = []
    for column, year in enumerate(years):
        starts = law.starts == year
        differs = starts & ((law.unmet == 0) != (outcome.unmet == 0))
        for name in AMOUNTS:
            change = outcome.amounts[name][:, column] - law.amounts[name][:, column]
            differs |= numpy.abs(change) >= _HALF_A_CENT * STEPS
        sums = {
            name: _weighted(values[:, column], people.weight).sum()
            for name, values in outcome.amounts.items()
        }
        contracts = {
            "contracts_started": (starts * people.weight).sum(),
            "contracts_lawful": (starts * (outcome.unmet == 0) * people.weight).sum(),
        }
        affected = len(numpy.unique(people.volunteer[differs]))
        figures = sums | contracts | {"observed_affected": affected}
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
    return pa.table(
        {
            "condition": list(names),
            "rank": numpy.arange(len(names)),
            "contracts_law": _added(before, weight, len(names)),
            "contracts_reform": _added(after, weight, len(names)),
            "observed": numpy.bincount(before, minlength=len(names)),
            "observed_changed": sum(
                numpy.bincount(one[changed], minlength=len(names))
                for one in (before, after)
            ),
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
        ranks * persons + people.volunteer, return_index=True, return_inverse=True
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
    short = sum(one.over_all_years(SHORTFALL) for one in laws)
    columns = {
        "contracts_become_lawful": people.weight * (~before & after),
        "contracts_become_unlawful": people.weight * (before & ~after),
        "observed_changed": before != after,
        "observed_short": short > 0,
    }
    for name in ("state_cost", SHORTFALL):
        for which, one in zip(("law", "reform"), laws, strict=True):
            total = one.over_all_years(name)
            columns[f"{name}_{which}"] = _weighted(total, people.weight)
    return {name: _added(ranks, values, groups) for name, values in columns.items()}


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
