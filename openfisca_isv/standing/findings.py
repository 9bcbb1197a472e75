"""Whether answers are settled, and on which facts left out they hang."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

import numpy

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.counterfactuals.copies import Copies
from openfisca_isv.counterfactuals.life import ETERNITY, Key, Life, TracedValue
from openfisca_isv.dates import first_day, last_day
from openfisca_isv.standing.bounded.evaluation import BoundsSimulation
from openfisca_isv.standing.examples import Drawing
from openfisca_isv.standing.splits import OneByOne, Splits

#: Copies of a life that are drawn at once, and that are varied fact by fact.
_MOST_DRAWN, _MOST_VARIED = 800, 800
#: Copies that are varied for one value asked, fewer where many facts are, and trials of
#: another value of a fact.
_FEW_BASES, _MOST_BASES, _MOST_TRIALS = 4, 40, 6
#: How often copies are varied: many facts bear on a right only where it is open, which
#: may be seen only of a copy that was varied.
_ROUNDS = 8
#: Amounts that differ by less than the engine's rounding are the same.
_ROUNDING = 1e-6


@dataclass
class Finding:
    """What was found of a value.

    Attributes:
        is_settled: Whether it is the same whatever the facts left out turn out to be.
        value: The value where it is settled, in the engine's own form.
        missing: The facts on which it hangs, the most useful first, and the variables
            that read each.
    """

    is_settled: bool
    value: object = None
    missing: dict[TracedValue, list[str]] = field(default_factory=dict)


class _Open(NamedTuple):
    """What a value that is not known may rest on.

    Attributes:
        facts: The facts left out, and the variables that read each.
        conditions: The conditions on the way to them, as far as they are open.
    """

    facts: dict[TracedValue, list[str]]
    conditions: list[TracedValue]


class _Filled(NamedTuple):
    """Values calculated in situations filled in.

    Attributes:
        results: The values asked.
        rarity: How rare the way to each is: that of its open conditions.
        possible: Whether the facts of each situation can be true together.
    """

    results: dict[TracedValue, numpy.ndarray]
    rarity: dict[TracedValue, numpy.ndarray]
    possible: numpy.ndarray


def search(
    bounds: BoundsSimulation, asked: Iterable[TracedValue]
) -> dict[TracedValue, Finding]:
    """Find out of each value whether it is settled, and on what it hangs otherwise.

    Args:
        bounds: One copy of a life, nothing of it changed.
        asked: The values.
    """
    return _Search(bounds).findings(list(dict.fromkeys(asked)))


class _Search:
    def __init__(self, bounds: BoundsSimulation) -> None:
        self._life = bounds.life
        self._base = bounds

    def findings(self, asked: list[TracedValue]) -> dict[TracedValue, Finding]:
        found, hanging = {}, {}
        for one in asked:
            value = self._base.value(one)
            if value is not None:
                found[one] = Finding(is_settled=True, value=value)
            else:
                below = _open_below(self._base, one)
                # A formula that could not be run may not have read all that it reads.
                facts = below.facts or _every_fact(self._base)
                if facts:
                    hanging[one] = _Open(facts, below.conditions)
                else:
                    found[one] = Finding(is_settled=True, value=self._exactly(one))
        return found | self._weigh(hanging) if hanging else found

    def _exactly(self, one: TracedValue) -> object:
        return _filled(self._life, 1, {}).of(one)[0]

    def _weigh(self, hanging: dict[TracedValue, _Open]) -> dict[TracedValue, Finding]:
        """Look for a proof, one way or the other, where bounds leave several values."""
        facts = _all_facts(hanging)
        days = [
            day
            for values, is_stated in self._life.stated.values()
            if values.dtype.kind == "M"
            for day in values[is_stated]
        ]
        # What is due in a month hangs on what happens in it.
        for period in {one.period for one in hanging} - {ETERNITY}:
            days += [first_day(period), last_day(period)]
        anchors = Anchors(self._life.system, self._base.parameters_read, days)
        drawing = Drawing(self._life, anchors, numpy.random.default_rng(1))
        splits = Splits(self._life, anchors, facts)
        terms = {one: list(dict.fromkeys(self._terms(one))) for one in hanging}
        of_one = splits.one_by_one([*hanging, *chain.from_iterable(terms.values())])
        found = {}
        for one, on in hanging.items():
            value = of_one.value(one, on.facts)
            if value is not None:
                found[one] = Finding(is_settled=True, value=value)
        open_ones = {one: on for one, on in hanging.items() if one not in found}
        if open_ones:
            looked_at = {one: [one] for one in open_ones}
            for one in open_ones:
                for term in terms[one]:
                    looked_at.setdefault(term, []).append(one)
            ways = {
                way: open_ones.get(way) or _open_below(self._base, way)
                for way in looked_at
            }
            drawn = _Drawn(self._life, drawing, of_one, ways, looked_at)
            for one, on in open_ones.items():
                found[one] = self._conclude(one, on.facts, drawn, splits)
        return found

    def _conclude(
        self,
        one: TracedValue,
        on: dict[TracedValue, list[str]],
        drawn: "_Drawn",
        splits: Splits,
    ) -> Finding:
        """Return what a value hangs on; where none was seen, look for a proof."""
        missing = drawn.missing(one)
        if not missing:
            value = splits.together(one, list(on))
            if value is None and self._parts_are_settled(one, on, splits):
                value = drawn.single(one)
            if value is not None:
                return Finding(is_settled=True, value=value)
            return Finding(is_settled=False, missing=on)
        return Finding(is_settled=False, missing={fact: on[fact] for fact in missing})

    def _parts_are_settled(
        self, one: TracedValue, on: Iterable[TracedValue], splits: Splits
    ) -> bool:
        """Return whether what a formula reads is settled, each by another fact.

        A sum may hang on several facts at once, of which each settles one of its terms.
        Of what is read all rows count: a formula may look from one mission to another.
        """
        if one.key in self._base.failed:
            return False
        parts = [
            _place(self._life, key, row)
            for key in self._base.reads[one.key]
            for row in numpy.flatnonzero(~self._base.known[key].exact_rows).tolist()
        ]
        of_parts = splits.one_by_one(parts)
        return all(of_parts.value(part, on) is not None for part in parts)

    def _terms(self, one: TracedValue) -> Iterator[TracedValue]:
        """Go through the amounts that an amount may be the sum of, and through theirs.

        Of each the first row that bears on it, its own where it has one.
        """
        life, reads = self._life, self._base.reads
        variables = life.system.variables
        if variables[one.variable].value_type is not float:
            return
        for key in reads.get(one.key, ()):
            if key in reads and variables[key.variable].value_type is float:
                kinds = life.entity_key(one.variable), life.entity_key(key.variable)
                for row in _rows(life, kinds[0], life.position(one), kinds[1])[:1]:
                    if not self._base.known[key].exact_rows[row]:
                        term = _place(life, key, row)
                        yield term
                        yield from self._terms(term)


class _Drawn:
    """Situations filled in at random, and varied fact by fact.

    Args:
        life: The life.
        drawing: What draws values.
        of_one: What each fact alone settles.
        ways: What each value asked, and each term of one, may rest on.
        looked_at: The values asked that are looked at where each of these is varied:
            itself, or those that it is a term of.
    """

    def __init__(
        self,
        life: Life,
        drawing: Drawing,
        of_one: OneByOne,
        ways: dict[TracedValue, _Open],
        looked_at: dict[TracedValue, list[TracedValue]],
    ) -> None:
        self._life = life
        self._drawing = drawing
        self._of_one = of_one
        self._ways = ways
        self._looked_at = looked_at
        self._values = drawn = drawing.every(_all_facts(ways), _MOST_DRAWN)
        asked = dict.fromkeys(chain.from_iterable(looked_at.values()))
        #: How often knowing a fact settles each value.
        self._usefulness = {
            one: {f: of_one.share_settled(one, f, drawn[f]) for f in ways[one].facts}
            for one in asked
        }
        self._keep_open()
        self._changes = {one: dict.fromkeys(ways[one].facts, 0.0) for one in asked}
        self._drawn = filled = self._calculate(_MOST_DRAWN)
        for _ in range(_ROUNDS):
            filled = self._vary(filled)

    def single(self, one: TracedValue) -> object:
        """Return the value that all situations filled in have, or nothing."""
        values = self._drawn.results[one]
        return None if _differs(values, values[0]).any() else values[0]

    def missing(self, one: TracedValue) -> list[TracedValue]:
        """List the facts on which a value was seen to hang, the most useful first."""
        changes, useful = self._changes[one], self._usefulness[one]
        facts = [
            fact
            for fact, share in changes.items()
            if share > 0 or self._of_one.decides(one, fact)
        ]
        order = {fact: place for place, fact in enumerate(self._ways[one].facts)}
        return sorted(
            facts,
            key=lambda fact: (-round(useful[fact], 2), -changes[fact], order[fact]),
        )

    def _keep_open(self) -> None:
        """Replace most values that alone settle what is asked, or a term, in turn."""
        turns = numpy.arange(_MOST_DRAWN) % len(self._ways)
        for turn, (one, on) in enumerate(self._ways.items()):
            rows = numpy.flatnonzero(turns == turn)
            for fact in on.facts:
                values = self._values[fact]
                values[rows] = self._of_one.keep_open(
                    one, fact, values[rows], self._drawing
                )

    def _calculate(self, count: int) -> _Filled:
        """Calculate what is asked, and its terms, in copies with the values drawn."""
        copies = _filled(self._life, count, self._values)
        results = {one: copies.of(one) for one in self._ways}
        rarity = {
            one: sum(map(_rarity, map(copies.of, on.conditions)), numpy.zeros(count))
            for one, on in self._ways.items()
        }
        possible = copies.are_possible()
        # Where what is stated contradicts itself already, nothing is more possible.
        return _Filled(results, rarity, possible if possible.any() else ~possible)

    def _vary(self, filled: _Filled) -> _Filled:
        """Vary facts of some copies, and count how often each value changes.

        The facts are those of which no change was seen yet. What is kept of each value
        asked and each fact is the share of other values of the fact that change it, in
        the copy in which most do.

        Returns:
            The copies that were varied, which take the place of the others.
        """
        unseen = {
            one: [
                fact
                for fact in self._ways[one].facts
                if not all(self._changes[value][fact] for value in values)
            ]
            for one, values in self._looked_at.items()
        }
        room = max(_MOST_VARIED // max(sum(map(len, unseen.values())), 1), 1)
        trials = min(_MOST_TRIALS, max(3, room // _FEW_BASES))
        most = max(1, min(_MOST_BASES, room // trials))
        plan = [
            (one, fact, base)
            for one, facts in unseen.items()
            for base in _bases(
                filled.results[one], filled.rarity[one], filled.possible, most
            )
            for fact in facts
        ]
        if not plan:
            return filled
        self._values = self._varied(plan, trials)
        varied = self._calculate(len(plan) * trials)
        for place, (way, fact, base) in enumerate(plan):
            rows = slice(place * trials, (place + 1) * trials)
            for one in self._looked_at[way]:
                changed = _differs(varied.results[one][rows], filled.results[one][base])
                share = float((changed & varied.possible[rows]).mean())
                self._changes[one][fact] = max(self._changes[one][fact], share)
        return varied

    def _varied(
        self, plan: list[tuple], trials: int
    ) -> dict[TracedValue, numpy.ndarray]:
        """Return the values of all facts; each line of a plan varies one of them."""
        source = numpy.repeat([base for *_, base in plan], trials).astype(int)
        values = {fact: drawn[source] for fact, drawn in self._values.items()}
        places: dict[tuple[TracedValue, TracedValue], list[int]] = {}
        for place, (one, fact, _) in enumerate(plan):
            places.setdefault((one, fact), []).append(place)
        varied = {fact: drawn.copy() for fact, drawn in values.items()}
        for (one, fact), some in places.items():
            rows = numpy.add.outer(numpy.array(some) * trials, numpy.arange(trials))
            rows = rows.ravel()
            before = {other: drawn[rows] for other, drawn in values.items()}
            tried = self._of_one.cells_to_try(one, fact)
            varied[fact][rows] = self._drawing.another(fact, before, tried)
        return varied


def _filled(life: Life, count: int, values: dict[TracedValue, numpy.ndarray]) -> Copies:
    stated = {key: values for key, (values, _) in life.stated.items()}
    changes = [(slice(None), fact, drawn) for fact, drawn in values.items()]
    return Copies(life, count, stated, changes)


def _differs(values: numpy.ndarray, value: object) -> numpy.ndarray:
    """Return whether each value differs from one by more than rounding."""
    if values.dtype.kind != "f":
        return values != value
    return ~numpy.isclose(values, value, rtol=_ROUNDING, atol=0)


def _rarity(values: numpy.ndarray) -> numpy.ndarray:
    """Return how rare each value is among the others, 0 where all are the same."""
    _, place, number = numpy.unique(values, return_inverse=True, return_counts=True)
    return -numpy.log(number[place] / len(values))


def _bases(
    values: numpy.ndarray, rarity: numpy.ndarray, possible: numpy.ndarray, count: int
) -> list[int]:
    """Choose copies to vary: those of rare values first, by rare and by usual ways."""
    rows = numpy.flatnonzero(possible)
    if not len(rows):
        return []
    _, place, number = numpy.unique(
        values[rows], return_inverse=True, return_counts=True
    )
    # Copies of each value in turn; most of the rarest, on which more facts bear.
    order = numpy.lexsort((-rarity[rows], number[place]))
    place = place[order]
    together = numpy.argsort(place, kind="stable")
    starts = numpy.flatnonzero(numpy.diff(place[together], prepend=-1))
    sizes = numpy.diff(starts, append=len(rows))
    rank = numpy.arange(len(rows)) - numpy.repeat(starts, sizes)
    # A rare way may be one on which a fact has no bearing.
    after = numpy.repeat(sizes, sizes) - 1 - rank
    turn = numpy.empty(len(rows))
    turn[together] = numpy.minimum(2 * rank, 2 * after + 1)
    turn[place == place[0]] /= 3
    order = order[numpy.argsort(turn, kind="stable")]
    return rows[order[:count]].tolist()


def _all_facts(hanging: dict[TracedValue, _Open]) -> list[TracedValue]:
    return list(dict.fromkeys(fact for on in hanging.values() for fact in on.facts))


def _open_below(bounds: BoundsSimulation, place: TracedValue) -> _Open:
    """List the facts left out and the open conditions that a value rests on."""
    life = bounds.life
    found = _Open({}, [])
    waiting = [(place.key, life.position(place), place.variable)]
    seen = set()
    while waiting:
        key, row, reader = waiting.pop()
        if bounds.known[key].exact_rows[row]:
            continue
        if key not in bounds.reads:
            readers = found.facts.setdefault(_place(life, key, row), [])
            if reader not in readers:
                readers.append(reader)
        elif (key, row) not in seen:
            if seen and life.system.variables[key.variable].value_type is bool:
                found.conditions.append(_place(life, key, row))
            seen.add((key, row))
            kind = life.entity_key(key.variable)
            waiting += [
                (child, other, key.variable)
                for child in reversed(bounds.reads[key])
                for other in _rows(life, kind, row, life.entity_key(child.variable))
            ]
    return found


def _every_fact(bounds: BoundsSimulation) -> dict[TracedValue, list[str]]:
    """List all facts left out that some formula read."""
    life = bounds.life
    return {
        _place(life, key, row): []
        for key, known in bounds.known.items()
        if key not in bounds.reads
        for row in numpy.flatnonzero(life.is_left_out(key)).tolist()
        if not known.exact_rows[row]
    }


def _place(life: Life, key: Key, position: int) -> TracedValue:
    return TracedValue(*key, int(life.rows[life.entity_key(key.variable)][position]))


def _rows(life: Life, kind: str, row: int, other: str) -> list[int]:
    """List the entities of a kind that an entity is linked to, itself the first.

    A rule may look from a mission to all those of the volunteer.
    """
    if kind == other and kind in life.members:
        return [row]
    if kind == other:
        groups = next(iter(life.members.values()), None)
        if groups is None:
            return [row]
        same = numpy.flatnonzero(groups == groups[row]).tolist()
        return [row, *(one for one in same if one != row)]
    if kind not in life.members:
        return [int(life.members[other][row])]
    persons = numpy.flatnonzero(life.members[kind] == row)
    if other not in life.members:
        return persons.tolist()
    return numpy.unique(life.members[other][persons]).tolist()
