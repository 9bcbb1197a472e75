"""Proofs by cases: whatever cell a fact lies in, the value is the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.counterfactuals.life import Life, TracedValue
from openfisca_isv.standing.bounded.evaluation import BoundsSimulation
from openfisca_isv.standing.examples import Drawing
from openfisca_isv.standing.fact_cells import Cells, cells

#: Copies with bounds that are calculated at once, for single facts and for several.
_MOST_COPIES, _MOST_TOGETHER = 700, 3000
_MOST_CELLS, _FEWEST_CELLS = 60, 6
#: How often a value that settles what is asked is replaced, to see what else matters.
_REPLACED = 0.85


class _Bounded(NamedTuple):
    """Bounds of a value in each copy.

    Attributes:
        exact: Whether it is known.
        low: Its low bound.
    """

    exact: numpy.ndarray
    low: numpy.ndarray

    def among(self, copies: slice) -> "_Bounded":
        return _Bounded(*(part[copies] for part in self))

    def values(self) -> numpy.ndarray:
        """Return the values of the copies in which it is known."""
        return self.low[self.exact]

    def single(self) -> object:
        """Return the value, where it is the same in all copies."""
        is_same = self.exact.all() and (self.low == self.low[0]).all()
        return self.low[0] if is_same else None


class Splits:
    """Divides what facts may be into cells, and calculates bounds in each."""

    def __init__(self, life: Life, anchors: Anchors, facts: list[TracedValue]) -> None:
        self._life = life
        room = _MOST_COPIES // max(len(facts), 1)
        most = max(_FEWEST_CELLS, min(_MOST_CELLS, room))
        self.cells = {fact: cells(life, fact, anchors, most) for fact in facts}

    def one_by_one(self, asked: Iterable[TracedValue]) -> "OneByOne":
        """Calculate bounds of values for each cell of each fact, the others unknown."""
        ends = numpy.cumsum([len(of_fact.low) for of_fact in self.cells.values()])
        count = int(ends[-1])
        changes, blocks = {}, {}
        for (fact, of_fact), end in zip(self.cells.items(), ends, strict=True):
            blocks[fact] = slice(end - len(of_fact.low), end)
            position = self._life.position(fact)
            low, high = (
                numpy.full(count, end[position]) for end in self._life.ends(fact.key)
            )
            low[blocks[fact]], high[blocks[fact]] = of_fact.low, of_fact.high
            changes[fact] = low, high
        return OneByOne(self.cells, blocks, self._calculate(asked, count, changes))

    def together(self, one: TracedValue, facts: Iterable[TracedValue]) -> object:
        """Return the value that all cells of some facts at once leave, or nothing.

        Of the facts, those with the fewest cells, as many as there is room for.
        """
        covered = [fact for fact in facts if self.cells[fact].cover]
        covered.sort(key=lambda fact: len(self.cells[fact].low))
        chosen, counts, count = [], [], 1
        for fact in covered:
            number = len(self.cells[fact].low)
            if count * number > _MOST_TOGETHER:
                break
            count *= number
            counts.append(number)
            chosen.append(fact)
        if not chosen:
            return None
        places = numpy.unravel_index(numpy.arange(count), counts)
        changes = {
            fact: (self.cells[fact].low[place], self.cells[fact].high[place])
            for fact, place in zip(chosen, places, strict=True)
        }
        return self._calculate([one], count, changes)[one].single()

    def _calculate(
        self,
        asked: Iterable[TracedValue],
        count: int,
        changes: Mapping[TracedValue, tuple],
    ) -> dict[TracedValue, _Bounded]:
        bounds = BoundsSimulation(self._life, count, changes)
        results = {}
        for one in asked:
            of_one = bounds.calculate(one.variable, one.period)
            low, high = (
                self._life.of_copies(one, end) for end in (of_one.low, of_one.high)
            )
            results[one] = _Bounded(low == high, low)
        return results


@dataclass
class OneByOne:
    """What each cell of each fact settles, the other facts being unknown.

    Attributes:
        cells: The cells of each fact.
        blocks: The copies in which each fact lies in its cells, in order.
        results: Bounds of each value.
    """

    cells: Mapping[TracedValue, Cells]
    blocks: Mapping[TracedValue, slice]
    results: Mapping[TracedValue, _Bounded]

    def value(self, one: TracedValue, facts: Iterable[TracedValue]) -> object:
        """Return the value that all cells of some fact settle alike, or nothing."""
        for fact in facts:
            if self.cells[fact].cover:
                value = self.results[one].among(self.blocks[fact]).single()
                if value is not None:
                    return value
        return None

    def share_settled(
        self, one: TracedValue, fact: TracedValue, values: numpy.ndarray
    ) -> float:
        """Return the share of some values of a fact that settle what is asked."""
        settles = self._settles(one, fact)
        of_fact = self.cells[fact]
        if not of_fact.cover:
            return float(settles.mean())
        return float(settles[of_fact.of(values)].mean())

    def keep_open(
        self,
        one: TracedValue,
        fact: TracedValue,
        values: numpy.ndarray,
        drawing: Drawing,
    ) -> numpy.ndarray:
        """Replace most of the values of a fact that alone settle what is asked."""
        settles = self._settles(one, fact)
        if settles.all() or not settles.any():
            return values
        of_fact = self.cells[fact]
        place = of_fact.of(values)
        is_settled = settles[place]
        if not of_fact.cover:
            is_settled |= of_fact.low[place] != values
        rows = numpy.flatnonzero(
            is_settled & (drawing.random.random(len(values)) < _REPLACED)
        )
        others = drawing.random.choice(numpy.flatnonzero(~settles), len(rows))
        values = values.copy()
        values[rows] = drawing.within(of_fact.low[others], of_fact.high[others])
        return values

    def decides(self, one: TracedValue, fact: TracedValue) -> bool:
        """Return whether two cells of a fact settle what is asked, each otherwise."""
        values = self.results[one].among(self.blocks[fact]).values()
        return len(values) > 0 and bool((values != values[0]).any())

    def cells_to_try(self, one: TracedValue, fact: TracedValue) -> tuple:
        """Return both ends of cells that settle what is asked, a few of each value.

        Where there are none, of all cells.
        """
        found = self.results[one].among(self.blocks[fact])
        rows = numpy.arange(len(found.low))
        if found.exact.any():
            rows = numpy.flatnonzero(found.exact)
            _, value = numpy.unique(found.values(), return_inverse=True)
            # As many of each value as of the rarest.
            rank = numpy.empty(len(rows), dtype=int)
            for number in range(value.max() + 1):
                same = numpy.flatnonzero(value == number)
                rank[same] = numpy.arange(len(same))
            rows = rows[rank <= numpy.bincount(value).min()]
        return self.cells[fact].low[rows], self.cells[fact].high[rows]

    def _settles(self, one: TracedValue, fact: TracedValue) -> numpy.ndarray:
        return self.results[one].among(self.blocks[fact]).exact
