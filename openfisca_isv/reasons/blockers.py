"""What fails, and what is not known, in the steps to a conclusion.

Both are found by trying. In a step that is not favourable, each thing it rests on is
given other values in turn: where one of them makes the step favourable, the step
fails there. A value that no source gives is given another: what changes with it is
not determined.
"""

from collections.abc import Iterator

import numpy

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.counterfactuals.life import (
    ETERNITY,
    Key,
    Life,
    TracedValue,
    lives_of,
)
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.counterfactuals.trial_values import trial_values
from openfisca_isv.reasons.declared import declared, is_favourable, is_good

#: A place, and a value that it might have, in the engine's own form.
_Trial = tuple[TracedValue, object]
#: The most missions of which copies are made: those of a life, not of a large house.
MOST_MISSIONS = 40
#: Steps are tried together up to about this number of trials.
_MANY_TRIALS = 2_000


class Blockers:
    """What fails and what is not known on the way to some answers.

    Attributes:
        found: Pairs of a step that is not favourable, and what alone makes it fail.
        undetermined: Places whose value is not known, and those that depend on it;
            of each, the places that say that it is not known.
    """

    def __init__(self, case: TracedSituation, answers: list[TracedValue]) -> None:
        self._case = case
        self.found: set[tuple[TracedValue, TracedValue]] = set()
        self.undetermined: dict[TracedValue, set[TracedValue]] = {}
        for life, asked in lives_of(case.system, case.situation, answers):
            places = list(dict.fromkeys(one for a in asked for one in case.walk(a)))
            failing: dict[TracedValue, None] = {}
            for answer in asked:
                self._failing(answer, failing)
            if failing and life.count <= MOST_MISSIONS:
                self._find(life, places, list(failing))
            self._doubt(life, places)

    def _failing(self, place: TracedValue, found: dict[TracedValue, None]) -> None:
        """Add the steps that are not favourable, from an answer on, without a gap."""
        variable = self._case.variable(place.variable)
        is_told = place in found or variable.is_input_variable()
        if not is_told and is_good(self._case, place) is False:
            found[place] = None
            for child in self._case.children(place):
                self._failing(child, found)

    def _find(
        self, life: Life, places: list[TracedValue], failing: list[TracedValue]
    ) -> None:
        near = self._case.anchors(places)
        trials: dict[TracedValue, list[_Trial]] = {}
        for place in failing:
            if place.variable not in declared("conditions"):
                trials[place] = list(self._trials(place, near))
            if sum(map(len, trials.values())) > _MANY_TRIALS:
                self._try(life, trials)
                trials = {}
        self._try(life, trials)

    def _trials(self, place: TracedValue, near: Anchors) -> Iterator[_Trial]:
        """List what a step rests on, each with other values that it might have."""
        ranks = self._case.ranks
        for child in self._case.children(place):
            # Ranks hold together over a life: one alone cannot be another.
            if child.variable not in ranks:
                variable = self._case.variable(child.variable)
                value = self._case.raw(child)
                for other in trial_values(variable, value, near, few=True):
                    yield child, other

    def _try(self, life: Life, trials: dict[TracedValue, list[_Trial]]) -> None:
        """Calculate steps again with other values of what they rest on."""
        every = [trial for some in trials.values() for trial in some]
        if not every:
            return
        changes = [(copy, *trial) for copy, trial in enumerate(every)]
        again = {place.key for place in trials}
        copies = self._case.copies(life, len(every), changes, again)
        first = 0
        for place, some in trials.items():
            variable = self._case.variable(place.variable)
            good = is_favourable(variable, copies.again(place))
            good = good[first : first + len(some)]
            first += len(some)
            self.found |= {
                (place, child)
                for (child, _), does in zip(some, good, strict=True)
                if does
            }

    def _doubt(self, life: Life, places: list[TracedValue]) -> None:
        """Find what depends on a value that no source gives."""
        case = self._case
        for place in places:
            flag = declared("undetermined").get(place.variable)
            if flag is None or not case.values(Key(flag, ETERNITY))[place.row]:
                continue
            value = case.raw(place)
            other = 0 if numpy.isinf(value) else value + 1
            copies = case.copies(life, 1, [(0, place, other)])
            reached = case.resting_on({place.key})
            others = (
                one
                for one in places
                if one.key in reached and copies.of(one)[0] != case.raw(one)
            )
            for one in (place, *others):
                flagged = self.undetermined.setdefault(one, set())
                flagged.add(TracedValue(flag, ETERNITY, place.row))
