"""The tables of a comparison: the parts added up, changes beside, small cells out."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise, zip_longest

import numpy
import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import Period
from openfisca_core.variables import Variable

from openfisca_isv.population.comparison.groupings import (
    group_text,
    grouping_name,
    is_in_order,
)
from openfisca_isv.population.comparison.masks import ANY, MOVED, NET, Masks
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.small_cells import cells_to_mask, slices_of, small
from openfisca_isv.population.language import say, words
from openfisca_isv.population.subject import (
    AMOUNTS,
    COMPARED,
    OTHER,
    RULES,
    SHORTFALL,
    TOTAL,
)

_CENTS = 2
_SIDES = ("law", "reform", "change")


@dataclass(frozen=True)
class Finish:
    """Makes tables for a reader of sums in whole steps, as ``Effects`` gives them.

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

    def cost_by_year(self, added: pa.Table, masks: Masks) -> pa.Table:
        """Set the change from the law in force beside each amount.

        Both numbers of contracts are masked where one of them is about fewer people
        than the minimum. What is masked of the law in force is masked of the reforms,
        whose change would give it back.
        """
        sums = self._sums(added)
        laws, years = sums["law"], sums["year"]
        is_law = laws == 0
        year = numpy.searchsorted(years[is_law], years)

        def masked_of(name: str) -> numpy.ndarray:
            rows = zip(years, laws, strict=True)
            return numpy.array([masks[name, year][law] for year, law in rows])

        contracts = masked_of(ANY)
        for name in ("", "_lawful", "_unlawful", "_affected"):
            people = sums[f"observed_contracts{name}"]
            masked = self._masked(laws, [year], people, self._few(people))
            contracts |= masked | masked[is_law][year]
        all_masked = {name: masked_of(name) for name in AMOUNTS}
        all_masked |= {"contracts_started": contracts, "contracts_lawful": contracts}
        columns = {"scenario": sums["name"], "year": years}
        for name, masked in all_masked.items():
            show = _amounts if name in AMOUNTS else self._counts
            columns[name] = show(sums[name], masked)
            change = sums[name] - sums[name][is_law][year]
            columns[f"{name}_change"] = show(change, masked | is_law)
        return pa.table(columns | {"masked": numpy.any([*all_masked.values()], axis=0)})

    def cost_by_rule(self, added: pa.Table, masks: Masks) -> pa.Table:
        """Set the change beside the cost of each rule.

        The rows of a reform add up to its last one, to the cent: the last row but one
        is what the rules do not add up to, by rounding or since the reform has others.
        """
        sums = self._sums(added)
        rules = numpy.array([*RULES, OTHER, TOTAL])[sums["rank"]]
        rows = [*zip(rules, sums["law"], strict=True)]
        of_law = numpy.array([masks[name, None][0] for name, _ in rows])
        masked = numpy.array([masks[name, None][law] for name, law in rows])
        cent = MICROS // 10**_CENTS
        sides = []
        for side in ("law_amount", "reform_amount"):
            cents = numpy.rint(sums[side] / cent).reshape(-1, len(RULES) + 2) * cent
            cents[:, -2] = cents[:, -1] - cents[:, :-2].sum(axis=1)
            sides.append(cents.reshape(-1))
        return pa.table(
            {"reform": sums["name"], "rule": rules}
            | _beside("cost", sides, (of_law, masked), _amounts)
            | {"masked": masked}
        )

    def gainers_and_losers(
        self, added: pa.Table, masks: Masks | None = None
    ) -> pa.Table:
        """Return the groups of each reform: the largest first, or by age or year.

        Where a group is of fewer people than the minimum, the whole row is masked;
        where the gainers, the losers or those whose contracts change are, all that
        changes is. Where those who cost the State something under the law in force are,
        the costs are, under every law; where those are who cost something under
        a reform, or whose cost changes, what they cost under this reform is. So is the
        shortfall.
        """
        all_by = ((), *self.by)
        has_order = numpy.array([*map(is_in_order, all_by)])[added["by"].to_numpy()]
        size = numpy.where(has_order, 0, -added["observed"].to_numpy())
        in_order = [(one, "ascending") for one in ("law", "by", "size", "group")]
        sums = self._sums(added.append_column("size", pa.array(size)).sort_by(in_order))
        number, groups, laws = sums["by"], sums["group"], sums["law"]
        block, is_everyone = laws * len(all_by) + number, number == 0
        # The values of each group, key by key; -1 where it has no such key.
        keys = [
            pa.array(texts, pa.string()).dictionary_encode().indices.fill_null(-1)
            for texts in zip_longest(*map(json.loads, groups))
        ]
        cells = block, [one.to_numpy() for one in keys]
        _, text = numpy.unique(groups, return_inverse=True)
        in_all_laws = slices_of([number, text], len(block))
        # The groups of a grouping add up to everyone, whom other tables show too.
        wholes = [
            numpy.flatnonzero((laws == law) & (is_everyone | (number == by)))
            for law in numpy.unique(laws)
            for by in range(1, len(all_by))
        ]

        def masked_elsewhere(name: str, law: numpy.ndarray | int) -> numpy.ndarray:
            return is_everyone & (masks[name, None][law] if masks else False)

        hidden = self._masked(*cells, sums["observed"], self._few(sums["observed"]))
        moved = [sums[f"observed_{one}"] for one in MOVED]
        unsaid = hidden | self._masked(*cells, sum(moved), hidden | self._few(*moved))
        before = None
        while before is None or (unsaid != before).any():
            before = unsaid
            for people in moved:
                # A group in which nobody gains hides no gains of another one.
                unsaid = unsaid | self._masked(*cells, people, unsaid & (people > 0))
        few = unsaid | masked_elsewhere(NET, laws)
        moving = self._masked(*cells, sum(moved[:2]), few, wholes)

        def of_amount(name: str) -> tuple[numpy.ndarray, numpy.ndarray]:
            law, *people = (sums[f"observed_{COMPARED[name]}_{one}"] for one in _SIDES)
            few = self._few(law) | masked_elsewhere(name, 0)
            of_law = self._masked(*cells, law, few, wholes)
            # The amounts of the law in force are those of every reform: what is masked
            # beside one is masked beside all.
            of_law = hidden | _everywhere(of_law, in_all_laws)
            few = self._few(*people) | masked_elsewhere(name, laws)
            own = self._masked(*cells, people[-1], few, wholes)
            return of_law, of_law | own | unsaid

        costing, recosting = of_amount(TOTAL)
        lacking, relacking = of_amount(SHORTFALL)
        count, gains, losses = self._counts, sums["gains"], sums["losses"]
        law, after = sums["state_cost_law"], sums["state_cost_reform"]
        unchanged = sums["volunteers"] - sums["gainers"] - sums["losers"]
        lawful, unlawful = "contracts_become_lawful", "contracts_become_unlawful"
        return pa.table(
            {
                "reform": sums["name"],
                "by": numpy.array([*map(grouping_name, all_by)])[number],
                "group": [*map(group_text, groups)],
                "volunteers": count(sums["volunteers"], hidden),
                "state_cost_law": _amounts(law, costing),
                "gainers": count(sums["gainers"], unsaid),
                "losers": count(sums["losers"], unsaid),
                "unchanged": count(unchanged, unsaid),
                "gains": _amounts(gains, moving),
                "losses": _amounts(losses, moving),
                "mean_gain": _means(gains, sums["gainers"], moving),
                "mean_loss": _means(losses, sums["losers"], moving),
                "net": _amounts(gains - losses, moving),
                "state_cost_reform": _amounts(after, recosting),
                "state_cost_change": _amounts(after - law, recosting),
                lawful: count(sums[lawful], unsaid),
                unlawful: count(sums[unlawful], unsaid),
                f"{SHORTFALL}_law": _amounts(sums[f"{SHORTFALL}_law"], lacking),
                f"{SHORTFALL}_reform": _amounts(sums[f"{SHORTFALL}_reform"], relacking),
                "masked": moving | recosting | relacking,
            }
        )

    def gain_distribution(self, added: pa.Table, bands: Sequence[float]) -> pa.Table:
        """Name the bands of change of what a volunteer receives."""
        sums = self._sums(added)
        people = sums["observed"]
        masked = self._masked(sums["law"], [sums["rank"]], people, self._few(people))
        gains = [*pairwise((0.0, *map(float, bands), None))]
        losses = [(high and -high, -low) for low, high in reversed(gains)]
        in_order = [*losses, (0.0, 0.0), *gains]
        bounds = [in_order[one] for one in sums["rank"]]
        return pa.table(
            {
                "reform": sums["name"],
                "change": [_band_name(*one) for one in bounds],
                # None where it is open.
                "change_from": pa.array([low for low, _ in bounds], pa.float64()),
                "change_to": pa.array([high for _, high in bounds], pa.float64()),
                "volunteers": self._counts(sums["volunteers"], masked),
                "masked": masked,
            }
        )

    def outputs(
        self,
        added: pa.Table,
        asked: Sequence[tuple[Variable, Period | None]],
        masks: Masks,
    ) -> pa.Table:
        """Set outputs under a reform beside those of the law in force.

        Of dates and codes only the changes are counted; what is infinite, such as
        a maximum where none is known, is in no sum or mean.
        """
        sums, count = self._sums(added), self._counts
        rank, people = sums["rank"], sums["observed"] + sums["observed_change"]
        few = self._few(*(sums[one] for one in sums if one.startswith("observed")))
        variables, periods = zip(*(asked[one] for one in rank), strict=True)
        names = [one.name for one in variables]
        years = [one and one.start.year for one in periods]
        alike = [any(masks.get(one, ())) for one in zip(names, years, strict=True)]
        masked = alike | self._masked(sums["law"], [rank], people, few)
        masked = _everywhere(masked, rank)
        unsummed = masked | [one.value_type in (Enum, date) for one in variables]
        before, after = sums["sum_law"], sums["sum_reform"]
        return pa.table(
            {
                "reform": sums["name"],
                "output": names,
                "entity": [one.entity.key for one in variables],
                "year": years,
                "count": count(sums["count"], masked),
            }
            | _beside("sum", (before, after), (unsummed, unsummed), _amounts)
            | {
                "mean_law": _means(before, sums["known_law"], unsummed, 4),
                "mean_reform": _means(after, sums["known_reform"], unsummed, 4),
                "changed": count(sums["changed"], masked),
                "increased": count(sums["increased"], unsummed),
                "decreased": count(sums["decreased"], unsummed),
                "masked": masked,
            }
        )

    def unmet_conditions(self, added: pa.Table, conditions: Sequence[str]) -> pa.Table:
        """Count the contracts by the first condition they fail.

        The first row of a reform is that of the lawful ones.
        """
        sums = self._sums(added)
        rank, sides = sums["rank"], (sums["contracts_law"], sums["contracts_reform"])
        who = ("observed", "observed_reform", "observed_left", "observed_joined")
        people = [sums[one] for one in who]
        masked = self._masked(sums["law"], [rank], sum(people), self._few(*people))
        # The contracts under the law in force are those of every reform.
        masked = _everywhere(masked, rank)
        return pa.table(
            {"reform": sums["name"], "condition": numpy.array(conditions)[rank]}
            | _beside("contracts", sides, (masked, masked), self._counts)
            | {"masked": masked}
        )

    def _sums(self, added: pa.Table) -> dict[str, numpy.ndarray]:
        """Return the columns by name, and the ``name`` of the law of each row."""
        sums = {name: added[name].to_numpy() for name in added.column_names}
        return sums | {"name": numpy.array(self.laws)[sums["law"]]}

    def _few(self, *counts: numpy.ndarray) -> numpy.ndarray:
        """Return which rows are about fewer people than the minimum in some count."""
        return numpy.any([small(one, self.min_cell) for one in counts], axis=0)

    def _masked(
        self,
        block: numpy.ndarray,
        keys: Sequence[numpy.ndarray],
        people: numpy.ndarray,
        is_small: numpy.ndarray,
        sums: Sequence[numpy.ndarray] = (),
    ) -> numpy.ndarray:
        return cells_to_mask(
            is_small, people, self.min_cell, keys, sums=sums, block=block
        )

    def _counts(self, steps: numpy.ndarray, masked: numpy.ndarray) -> pa.Array:
        """Return numbers of people or contracts, and withhold what is masked."""
        if self.is_weighted:
            return _amounts(steps, masked)
        return pa.array(steps // MICROS, mask=masked)


def _beside(
    name: str,
    sides: Sequence[numpy.ndarray],
    masked: Sequence[numpy.ndarray],
    show: Callable[[numpy.ndarray, numpy.ndarray], pa.Array],
) -> dict[str, pa.Array]:
    """Set a figure under a reform, and its change, beside that of the law in force.

    ``sides`` are the figures of both laws, ``masked`` which of each are withheld.
    """
    (before, after), (of_law, own) = sides, masked
    shown = show(before, of_law), show(after, own), show(after - before, own)
    return {f"{name}_{side}": one for side, one in zip(_SIDES, shown, strict=True)}


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


def _band_name(low: float | None, high: float | None) -> str:
    if low == high:
        return say("unchanged")
    verb, ends = "gains", (low, high)
    if high is not None and high <= 0:
        verb, ends = "loses", (high, low)
    first, last = (
        None if one is None else words().figures(f"{abs(one):,.12g}") for one in ends
    )
    if last is None:
        return say(verb + " more than {first} €", first=first)
    told = " up to {last} €" if first == "0" else " {first} to {last} €"
    return say(verb + told, first=first, last=last)
