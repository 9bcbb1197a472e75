"""A search, by the model itself, for changes that make something as wanted.

Copies of the situation, each with another value of one input, are calculated
together; between the last value that does and the first that does not, the values
between are calculated in turn, to the day and the cent.
"""

from collections.abc import Callable, Collection, Iterable
from itertools import combinations

import numpy
from openfisca_core.indexed_enums import Enum

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.counterfactuals.copies import Change as Trial
from openfisca_isv.counterfactuals.copies import Copies
from openfisca_isv.counterfactuals.life import Life, TracedValue
from openfisca_isv.counterfactuals.ranges import Change, Range
from openfisca_isv.counterfactuals.trial_values import is_no_day, trial_values

#: Tells of each copy whether something is as wanted.
Test = Callable[[Copies], numpy.ndarray]
#: The most rounds of trials between two values; the most copies for pairs of inputs.
_ROUNDS = 4
_MOST_COPIES = 20_000
#: Enumerations with more members than this are left out of pairs.
_MOST_MEMBERS = 12


class Search:
    """A search for changes to one life.

    Args:
        life: The life.
        anchors: The days and numbers that what is wanted rests on.
        copies: Makes copies of the life, so many, with some changes.
        value: Gives the value of a place, in the engine's own form.
        facts: The inputs that the parties do not choose: told last.
    """

    def __init__(
        self,
        life: Life,
        anchors: Anchors,
        copies: Callable[[int, list[Trial]], Copies],
        value: Callable[[TracedValue], object],
        facts: Collection[str],
    ) -> None:
        self._variables = life.system.variables
        self._anchors = anchors
        self._copies = copies
        self._value = value
        self._facts = facts

    def single(
        self,
        inputs: Iterable[TracedValue],
        tests: list[Test],
        made: Iterable[tuple[TracedValue, object]] = (),
    ) -> list[list[Change]]:
        """Find the changes of one input that make each of some tests come true.

        Args:
            inputs: The inputs that may change.
            tests: What is wanted, each apart; none comes true without a change.
            made: Changes that are made in any case.

        Returns:
            For each test the changes, the best first.
        """
        found: list[list[Change]] = [[] for _ in tests]
        ranges: dict[tuple[int, TracedValue], Range] = {}
        tried = {place: self._candidates(place) for place in inputs}
        for (number, place), good in self._try(tried, tests, made).items():
            variable, values = self._variables[place.variable], tried[place]
            if not good.any():
                continue
            if variable.value_type in (Enum, bool):
                members = tuple(values[good].tolist())
                found[number].append(Change(place, members[0], members=members))
            else:
                value, near = self._value(place), self._anchors.days.astype(int)
                ranges[number, place] = Range(variable, value, values, good, near)
        for _ in range(_ROUNDS):
            if not self._narrow(ranges, tests, made):
                break
        for (number, place), one in ranges.items():
            found[number].append(one.change(place))
        return [sorted(changes, key=self._order) for changes in found]

    def double(self, inputs: Iterable[TracedValue], test: Test) -> list[Change]:
        """Find two inputs whose changes together make a test come true, or nothing."""
        tried = {
            place: self._candidates(place, few=True)
            for place in inputs
            if self._is_for_pairs(place)
        }
        pairs = list(combinations(tried, 2))
        counts = [len(tried[one]) * len(tried[other]) for one, other in pairs]
        if not 0 < sum(counts) <= _MOST_COPIES:
            return []
        ends = numpy.cumsum(counts)
        changes: list[Trial] = []
        for (one, other), end, count in zip(pairs, ends, counts, strict=True):
            copies = slice(end - count, end)
            changes.append((copies, one, tried[one].repeat(len(tried[other]))))
            changes.append((copies, other, numpy.tile(tried[other], len(tried[one]))))
        for copy in numpy.flatnonzero(test(self._copies(sum(counts), changes))):
            pair = numpy.searchsorted(ends, copy, side="right")
            one, other = pairs[pair]
            second = tried[other][(copy - ends[pair]) % len(tried[other])]
            first = self._one(one, test, [(other, second)])
            if first is not None:
                last = self._one(other, test, [(one, first.nearest)])
                return [first, last] if last else []
        return []

    def together(self, changes: list[Change], test: Test) -> bool:
        """Return whether several changes at once make a test come true."""
        made = [(0, change.place, change.nearest) for change in changes]
        return bool(test(self._copies(1, made))[0])

    def _order(self, change: Change) -> tuple[bool, float]:
        return change.place.variable in self._facts, change.distance

    def _one(
        self, place: TracedValue, test: Test, made: list[tuple[TracedValue, object]]
    ) -> Change | None:
        ((*found,),) = self.single([place], [test], made)
        return found[0] if found else None

    def _narrow(
        self,
        ranges: dict[tuple[int, TracedValue], Range],
        tests: list[Test],
        made: Iterable[tuple[TracedValue, object]],
    ) -> bool:
        """Try values between those that do and those that do not; tell if any was."""
        between = {key: one.between() for key, one in ranges.items()}
        tried: dict[TracedValue, numpy.ndarray] = {}
        for (_, place), values in between.items():
            if len(values):
                tried[place] = numpy.union1d(tried.get(place, values), values)
        if not tried:
            return False
        for key, good in self._try(tried, tests, made).items():
            if key in ranges:
                ranges[key].narrow(tried[key[1]], good)
        return True

    def _try(
        self,
        tried: dict[TracedValue, numpy.ndarray],
        tests: list[Test],
        made: Iterable[tuple[TracedValue, object]],
    ) -> dict[tuple[int, TracedValue], numpy.ndarray]:
        """Calculate copies with each value of each input; give each test's results."""
        count = sum(map(len, tried.values()))
        if not count:
            return {}
        ends = numpy.cumsum([len(values) for values in tried.values()])
        changes = [
            (slice(end - len(values), end), place, values)
            for (place, values), end in zip(tried.items(), ends, strict=True)
        ]
        changes += [(slice(None), *one) for one in made]
        copies = self._copies(count, changes)
        return {
            (number, place): good
            for number, test in enumerate(tests)
            for place, good in zip(
                tried, numpy.split(test(copies), ends[:-1]), strict=True
            )
        }

    def _candidates(self, place: TracedValue, *, few: bool = False) -> numpy.ndarray:
        variable = self._variables[place.variable]
        return trial_values(variable, self._value(place), self._anchors, few=few)

    def _is_for_pairs(self, place: TracedValue) -> bool:
        """Return whether pairs try an input: given days and numbers, a few members."""
        variable = self._variables[place.variable]
        if variable.value_type is Enum:
            return len(variable.possible_values) <= _MOST_MEMBERS
        return not is_no_day(variable, self._value(place))
