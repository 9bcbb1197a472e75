"""The tables of a comparison: the parts added up, changes beside, small cells out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import Period
from openfisca_core.variables import Variable

from openfisca_isv.population.comparison.effects import BANDS, band_bounds, band_name
from openfisca_isv.population.comparison.groupings import (
    group_text,
    grouping_name,
    is_in_order,
)
from openfisca_isv.population.groups.figures import KEYS
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.small_cells import cells_to_mask, slices_of, small
from openfisca_isv.population.subject import (
    AMOUNTS,
    COST,
    OTHER,
    RULES,
    SHORTFALL,
    TOTAL,
)

_CENTS = 2


@dataclass(frozen=True)
class Finish:
    """Makes tables for a reader of sums in whole steps.

    Attributes:
        laws: The names of the law in force and of the reforms, in order.
        by: The groupings.
        is_weighted: Counts are sums of weights, and may have decimals.
        min_cell: The fewest people that a figure describes; 0 for no masking.
    """

    laws: Sequence[str]
    by: Sequence[tuple[str, ...]]
    is_weighted: bool
    min_cell: int

    def cost_by_year(self, added: pa.Table) -> pa.Table:
        """Set the change from the law in force beside each amount.

        A year is masked where fewer people than the minimum have anything in it, or
        where a reform changes something for fewer; an amount where it is about fewer,
        the cost of which it is a part, and both numbers of contracts where one of them
        is. What is masked of the law in force is masked of the reforms, whose change
        would give it back.

        Args:
            added: What ``costs`` gives.
        """
        scenario = self._places(added["scenario"])
        order = numpy.lexsort([added["year"].to_numpy(), scenario])
        added, scenario = added.take(order), scenario[order]
        years = added["year"].to_numpy()
        is_law = scenario == 0
        year = numpy.searchsorted(years[is_law], years)

        def hidden(*names: str) -> numpy.ndarray:
            found = [
                self._masked(scenario, [year], added[f"observed{name}"].to_numpy())
                for name in names
            ]
            masked = numpy.any(found, axis=0)
            return masked | masked[is_law][year]

        row = hidden("", "_affected")
        masks = {
            name: row | hidden(f"_{name}", f"_{name}_affected") for name in AMOUNTS
        }
        masks["state_cost"] |= numpy.any([masks[name] for name in COST], axis=0)
        of_contracts = ("", "_lawful", "_unlawful", "_affected")
        contracts = row | hidden(*(f"_contracts{one}" for one in of_contracts))
        masks |= {"contracts_started": contracts, "contracts_lawful": contracts}
        columns = {"scenario": added["scenario"], "year": added["year"]}
        for name, masked in masks.items():
            show = _amounts if name in AMOUNTS else self._counts
            steps = added[name].to_numpy()
            columns[name] = show(steps, masked)
            change = steps - steps[is_law][year]
            columns[f"{name}_change"] = show(change, masked | is_law)
        any_masked = numpy.any(list(masks.values()), axis=0)
        return pa.table(columns | {"masked": pa.array(any_masked)})

    def cost_by_rule(self, added: pa.Table) -> pa.Table:
        """Set the change beside the cost of each rule; ``by_rule``.

        The rows of a reform add up to its last one, to the cent: the last row but one
        is what the rules do not add up to, by rounding or since the reform has others.
        """
        added = self._by_rank(added)
        reform, rank = self._places(added["reform"]), added["rank"].to_numpy()
        last = rank.max(initial=0)
        is_total, is_rest = rank == last, rank == last - 1
        people, changed = (
            added[name].to_numpy() for name in ("observed", "observed_changed")
        )
        few = small(people, self.min_cell) | small(changed, self.min_cell)
        part = numpy.where(is_total, -1 - reform, reform)
        masked = _everywhere(self._masked(part, [rank], people + changed, few), rank)
        names = numpy.array([*RULES, OTHER, TOTAL])[rank]
        cent = MICROS // 10**_CENTS
        sides = {}
        for side in ("law", "reform"):
            cents = numpy.rint(added[f"{side}_amount"].to_numpy() / cent) * cent
            shown = numpy.bincount(reform, cents * ~(is_total | is_rest))
            total = numpy.bincount(reform, cents * is_total)
            sides[side] = numpy.where(is_rest, (total - shown)[reform], cents)
        return pa.table(
            {
                "reform": added["reform"],
                "rule": names,
                "cost_law": _amounts(sides["law"], masked),
                "cost_reform": _amounts(sides["reform"], masked),
                "cost_change": _amounts(sides["reform"] - sides["law"], masked),
                "masked": pa.array(masked),
            }
        )

    def gainers_and_losers(self, added: pa.Table) -> pa.Table:
        """Return the groups of each reform: the largest first, or by age or year.

        Where a group is of fewer people than the minimum, the whole row is masked;
        where the gainers, the losers or those whose contracts change are, all that
        changes is. Where those who cost the State something are, or those whose cost
        changes, the costs are; so is the shortfall.

        Args:
            added: What ``effects`` gives.
        """
        added = self._in_order(added)
        number = added["by"].to_numpy()
        groups = added["group"].to_pylist()
        block = self._places(added["reform"]) * (len(self.by) + 1) + number
        keys = _keys_of([json.loads(one) for one in groups])
        steps = {
            name: added[name].to_numpy()
            for name in added.column_names
            if name not in KEYS
        }
        people = steps["observed"]
        gainers, losers, changed = (
            steps[f"observed_{name}"] for name in ("gainers", "losers", "changed")
        )
        hidden = self._masked(block, keys, people)
        few = [small(one, self.min_cell) for one in (gainers, losers, changed)]
        moved = gainers + losers + changed
        is_few = hidden | numpy.any(few, axis=0)
        unsaid = self._masked(block, keys, moved, is_few) | hidden
        # The amounts of the law in force are those of every reform: what is masked
        # beside one is masked beside all.
        texts = _keys_of([[one] for one in groups])
        row_group = slices_of([number, *texts], len(groups))
        costing, lacking = (
            hidden
            | _everywhere(
                numpy.any(
                    [
                        self._masked(block, keys, steps[f"observed_{word}_{which}"])
                        for which in ("law", "reform", "change")
                    ],
                    axis=0,
                ),
                row_group,
            )
            for word in ("costing", "short")
        )
        count = self._counts
        law, reform = steps["state_cost_law"], steps["state_cost_reform"]
        unchanged = steps["volunteers"] - steps["gainers"] - steps["losers"]
        names = ("contracts_become_lawful", "contracts_become_unlawful")
        written = numpy.array([grouping_name(one) for one in ((), *self.by)])
        return pa.table(
            {
                "reform": added["reform"],
                "by": written[number],
                "group": pa.array([group_text(one) for one in groups], pa.string()),
                "volunteers": count(steps["volunteers"], hidden),
                "state_cost_law": _amounts(law, costing),
                "gainers": count(steps["gainers"], unsaid),
                "losers": count(steps["losers"], unsaid),
                "unchanged": count(unchanged, unsaid),
                "gains": _amounts(steps["gains"], unsaid),
                "losses": _amounts(steps["losses"], unsaid),
                "mean_gain": _means(steps["gains"], steps["gainers"], unsaid),
                "mean_loss": _means(steps["losses"], steps["losers"], unsaid),
                "net": _amounts(steps["gains"] - steps["losses"], unsaid),
                "state_cost_reform": _amounts(reform, costing | unsaid),
                "state_cost_change": _amounts(reform - law, costing | unsaid),
            }
            | {name: count(steps[name], unsaid) for name in names}
            | {
                f"{SHORTFALL}_law": _amounts(steps[f"{SHORTFALL}_law"], lacking),
                f"{SHORTFALL}_reform": _amounts(
                    steps[f"{SHORTFALL}_reform"], lacking | unsaid
                ),
                "masked": pa.array(unsaid | costing | lacking),
            }
        )

    def gain_distribution(
        self, added: pa.Table, bands: Sequence[float] = BANDS
    ) -> pa.Table:
        """Name the bands of change of what a volunteer receives: ``distribution``."""
        bounds = band_bounds(bands)
        added = self._by_rank(added)
        reform, band = self._places(added["reform"]), added["rank"].to_numpy()
        masked = self._masked(reform, [band], added["observed"].to_numpy())
        return pa.table(
            {
                "reform": added["reform"],
                "change": [band_name(*bounds[one]) for one in band],
                "change_from": pa.array([bounds[one][0] for one in band], pa.float64()),
                "change_to": pa.array([bounds[one][1] for one in band], pa.float64()),
                "volunteers": self._counts(added["volunteers"].to_numpy(), masked),
                "masked": pa.array(masked),
            }
        )

    def outputs(
        self, added: pa.Table, asked: Sequence[tuple[Variable, Period | None]]
    ) -> pa.Table:
        """Set outputs under a reform beside those of the law in force: ``outputs``.

        Of dates and codes only the changes are counted; what is infinite, such as
        a maximum where none is known, is in no sum or mean.
        """
        added = self._by_rank(added)
        reform, rank = self._places(added["reform"]), added["rank"].to_numpy()
        steps = {
            name: added[name].to_numpy()
            for name in added.column_names
            if name not in KEYS
        }
        few = [
            small(steps[name], self.min_cell)
            for name in steps
            if name.startswith("observed")
        ]
        people = steps["observed"] + steps["observed_changed"]
        masked = self._masked(reform, [rank], people, numpy.any(few, axis=0))
        masked = _everywhere(masked, rank)
        variables = [asked[one][0] for one in rank]
        periods = [asked[one][1] for one in rank]
        unsummed = masked | [one.value_type in (Enum, date) for one in variables]
        before, after = steps["sum_law"], steps["sum_reform"]
        return pa.table(
            {
                "reform": added["reform"],
                "output": [one.name for one in variables],
                "entity": [one.entity.key for one in variables],
                "year": pa.array([one and one.start.year for one in periods]),
                "count": self._counts(steps["count"], masked),
                "sum_law": _amounts(before, unsummed),
                "sum_reform": _amounts(after, unsummed),
                "sum_change": _amounts(after - before, unsummed),
                "mean_law": _means(before, steps["known_law"], unsummed, 4),
                "mean_reform": _means(after, steps["known_reform"], unsummed, 4),
            }
            | {
                name: self._counts(steps[name], hidden)
                for name, hidden in (
                    ("changed", masked),
                    ("increased", unsummed),
                    ("decreased", unsummed),
                )
            }
            | {"masked": pa.array(masked)}
        )

    def unmet_conditions(self, added: pa.Table) -> pa.Table:
        """Count the contracts by the first condition they fail: ``conditions``.

        The first row of a reform is that of the lawful ones.
        """
        added = self._by_rank(added)
        reform, rank = self._places(added["reform"]), added["rank"].to_numpy()
        people, *moved = (
            added[f"observed{name}"].to_numpy()
            for name in ("", "_reform", "_left", "_joined")
        )
        is_small = numpy.any(
            [small(one, self.min_cell) for one in (people, *moved)], axis=0
        )
        masked = self._masked(reform, [rank], people + sum(moved), is_small)
        # The contracts under the law in force are those of every reform.
        masked = _everywhere(masked, rank)
        before, after = (
            added[f"contracts_{name}"].to_numpy() for name in ("law", "reform")
        )
        return pa.table(
            {
                "reform": added["reform"],
                "condition": added["condition"],
                "contracts_law": self._counts(before, masked),
                "contracts_reform": self._counts(after, masked),
                "contracts_change": self._counts(after - before, masked),
                "masked": pa.array(masked),
            }
        )

    def _in_order(self, added: pa.Table) -> pa.Table:
        """Sort groups by reform, then grouping, then size or their own order."""
        has_order = numpy.array([is_in_order(one) for one in ((), *self.by)])
        number = added["by"].to_numpy()
        size = numpy.where(has_order[number], 0, -added["observed"].to_numpy())
        sorted_by = {
            "place": self._places(added["reform"]),
            "number": number,
            "size": size,
            "text": added["group"],
        }
        keys = [(name, "ascending") for name in sorted_by]
        return added.take(pc.sort_indices(pa.table(sorted_by), keys))

    def _by_rank(self, added: pa.Table) -> pa.Table:
        """Sort by reform and rank."""
        place = self._places(added["reform"])
        return added.take(numpy.lexsort([added["rank"].to_numpy(), place]))

    def _places(self, names: pa.ChunkedArray) -> numpy.ndarray:
        """Return the place of each name among the laws."""
        return pc.index_in(names, value_set=pa.array(self.laws)).to_numpy()

    def _masked(
        self,
        block: numpy.ndarray,
        keys: Sequence[numpy.ndarray],
        people: numpy.ndarray,
        is_small: numpy.ndarray | None = None,
    ) -> numpy.ndarray:
        """Mask the small cells of each block, and those that would give them away."""
        if is_small is None:
            is_small = small(people, self.min_cell)
        masked = is_small.copy()
        for one in numpy.unique(block[is_small]):
            rows = block == one
            ranks = [key[rows] for key in keys if (key[rows] >= 0).all()]
            cells = is_small[rows], people[rows], ranks, self.min_cell
            masked[rows] = cells_to_mask(*cells)
        return masked

    def _counts(self, steps: numpy.ndarray, masked: numpy.ndarray) -> pa.Array:
        """Return numbers of people or contracts, and withhold what is masked."""
        if self.is_weighted:
            return _amounts(steps, masked)
        return pa.array(steps // MICROS, mask=masked)


def _amounts(steps: numpy.ndarray, masked: numpy.ndarray) -> pa.Array:
    """Round to the cent, and withhold what is masked."""
    # Adding 0 turns -0 into 0.
    return pa.array(numpy.round(steps / MICROS, _CENTS) + 0.0, mask=masked)


def _means(
    steps: numpy.ndarray,
    people: numpy.ndarray,
    masked: numpy.ndarray,
    decimals: int = _CENTS,
) -> pa.Array:
    """Divide amounts by people; there is no mean of nobody."""
    is_nobody = people == 0
    means = numpy.round(steps / numpy.where(is_nobody, 1, people), decimals)
    return pa.array(means, mask=masked | is_nobody)


def _everywhere(masked: numpy.ndarray, groups: numpy.ndarray) -> numpy.ndarray:
    """Mask a group in all its rows where it is masked in one."""
    return (numpy.bincount(groups, weights=masked) > 0)[groups]


def _keys_of(values: Sequence[Sequence[str]]) -> list[numpy.ndarray]:
    """Rank the values of each group, key by key; -1 where it has no such key."""
    keys = []
    for rank in range(max(map(len, values), default=0)):
        texts = [one[rank] if rank < len(one) else None for one in values]
        codes = pa.array(texts, pa.string()).dictionary_encode().indices
        keys.append(codes.fill_null(-1).to_numpy())
    return keys
