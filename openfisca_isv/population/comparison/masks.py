"""Which amounts of everyone are masked, alike in all tables of a comparison.

The same amounts stand in several tables: by year, by rule, and in the row of everyone.
What is masked in one of them must not be what the others leave of a sum.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.groups.small_cells import cells_to_mask, small
from openfisca_isv.population.subject import (
    AID,
    AMOUNTS,
    COMPARED,
    COST,
    OTHER,
    PARTS_OF_AID,
    RECEIVED,
    RULES,
    SUMS,
    TOTAL,
)

#: Under which laws amounts are masked, that in force first: by name and year, or
#: ``None`` for all the years.
Masks = Mapping[tuple[str, int | None], numpy.ndarray]
#: People who gain, who lose, or whose contracts change.
MOVED = ("gainers", "losers", "changed")
#: Anything in a year; whatever everyone receives more or less.
ANY, NET = "", "net"
_BY_RULE = (*RULES, OTHER)


def masked_amounts(
    added: Mapping[str, pa.Table],
    outputs: Sequence[tuple[str, int | None]],
    min_cell: int,
) -> Masks:
    """Return which amounts of everyone are masked, and under which laws.

    Under the law in force those are that too few have, and others that would give these
    away. Under a reform, so are those that too few have or that change for too few, and
    others whose change would give such a change away.

    Args:
        added: ``costs``, ``rules`` and ``effects``, the sums of ``Effects.costs``,
            ``by_rule`` and ``by_group``; and ``outputs``, if some are compared.
        outputs: The name and the year of each of these.
        min_cell: The fewest people that an amount describes.
    """
    costs, effects = added["costs"], added["effects"]
    years = costs["year"].unique().to_pylist()
    everyone = effects.filter(pc.field("by") == 0)
    # How many have each amount under each law, and for how many it changes.
    people = {}
    for place, year in enumerate(years):
        for name in (ANY, *AMOUNTS):
            stem = f"observed_{name}".removesuffix("_")
            sides = (costs[one].to_numpy() for one in (stem, f"{stem}_affected"))
            people[name, year] = [one[place :: len(years)] for one in sides]
    for place, cell in enumerate(outputs):
        if cell[0] in RULES and cell not in people:
            people[cell] = _beside(added["outputs"], "observed", place, len(outputs))
    for place, name in enumerate(_BY_RULE):
        people[name, None] = _beside(
            added["rules"], "observed", place, len(_BY_RULE) + 1
        )
    for name, who in COMPARED.items():
        people[name, None] = _beside(everyone, f"observed_{who}")
    moved = numpy.array([everyone[f"observed_{one}"].to_numpy() for one in MOVED])
    people[NET, None] = [0] * (moved.shape[1] + 1), [0, *moved[:2].sum(axis=0)]
    have, change = numpy.array([*people.values()]).transpose(1, 2, 0)
    few = small(have, min_cell) | small(change, min_cell)
    # The last ones are of everyone: masked with whatever changes for everyone.
    few[1:, -len(COMPARED) - 1 :] |= small(moved, min_cell).any(axis=0)[:, None]
    cells = [*people]
    sums = [[cells.index(one) for one in some] for some in _sums(cells, years)]
    masked = few.copy()
    for law, counts in enumerate((have[0], *change[1:])):
        # What everyone receives more or less is a change.
        known = sums if law else sums[:-1]
        is_few = few[law] & (counts > 0)
        masked[law] |= cells_to_mask(is_few, counts, min_cell, sums=known)
    masked |= masked[0]
    found = dict(zip(cells, masked.T, strict=True))
    return {cell: one | found.get((ANY, cell[1]), False) for cell, one in found.items()}


def _beside(
    table: pa.Table, stem: str, place: int = 0, rows: int = 1
) -> tuple[list[int], list[int]]:
    """Return how many have an amount under each law, and for how many it changes."""
    law, reform, change = (
        table[f"{stem}_{side}"].to_numpy()[place::rows]
        for side in ("law", "reform", "change")
    )
    return [law[0], *reform], [0, *change]


def _sums(cells: Sequence[tuple], years: Sequence[int]) -> Iterator[list[tuple]]:
    """List the amounts that add up, those of changes last."""
    for when in (*years, None):
        for total, parts in (*SUMS, (TOTAL, _BY_RULE)):
            some = [(name, when) for name in (total, *parts)]
            if set(some) <= set(cells):
                yield some
    # Aid over all the years has no row: it is the sum of its years, and of its parts.
    aid = [(AID, year) for year in years]
    yield [(TOTAL, None), *aid, *((name, None) for name in COST[1:])]
    for name in dict.fromkeys(name for name, _ in cells):
        own = [(one, None) for one in (PARTS_OF_AID if name == AID else [name])]
        yield [one for one in (*((name, year) for year in years), *own) if one in cells]
    yield [
        (name, when)
        for name, when in cells
        if name == NET or (name in RECEIVED and (when is None) == (name in RULES))
    ]
