"""What would make an answer favourable.

A single change, of which there may be several. Where none would do, what would meet
each condition that fails, if all of these together do; else two changes. No change
makes facts contradict one another, a contract break a condition that it meets, or a
known value undetermined.
"""

from collections.abc import Iterable
from functools import partial
from itertools import chain

import numpy

from openfisca_isv.contradictions import details
from openfisca_isv.counterfactuals.copies import Copies
from openfisca_isv.counterfactuals.life import ETERNITY, Life, TracedValue, lives_of
from openfisca_isv.counterfactuals.ranges import Change
from openfisca_isv.counterfactuals.search import Search, Test
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.reasons.blockers import MOST_MISSIONS
from openfisca_isv.reasons.declared import declared, is_favourable, is_good
from openfisca_isv.reasons.law_read import legal_day
from openfisca_isv.reasons.suppositions import say
from openfisca_isv.reasons.words import Words

#: Changes that are told of an answer.
_MOST_CHANGES = 5


class Changes:
    """What would change the answers that are not favourable."""

    def __init__(
        self, words: Words, case: TracedSituation, answers: list[TracedValue]
    ) -> None:
        self._words = words
        self._case = case
        self._told: dict[TracedValue, dict] = {}
        bad = []
        for answer in answers:
            if is_good(self._case, answer) is False:
                if is_good(self._case, self._due(answer)):
                    self._told[answer] = self._tell(answer, "due_otherwise")
                else:
                    bad.append(answer)
        for life, asked in lives_of(case.system, case.situation, bad):
            if life.count <= MOST_MISSIONS:
                self._search(life, asked)
            else:
                self._told |= {one: self._tell(one, "not_sought") for one in asked}

    def of(self, answer: TracedValue) -> dict | None:
        """Return what would change an answer; nothing if it is favourable or a fact."""
        return self._told.get(answer)

    def _search(self, life: Life, answers: list[TracedValue]) -> None:
        walked = {answer: list(self._case.walk(answer)) for answer in answers}
        places = list(dict.fromkeys(one for walk in walked.values() for one in walk))
        inputs = {
            answer: [place for place in walk if self._may_change(place, answer)]
            for answer, walk in walked.items()
        }
        in_order = [*self._lawful(life), self._possible(life)]
        tests: list[Test] = []
        spans = {}
        for answer in answers:
            due = self._due(answer)
            known = self._known(walked[answer])
            wanted = [self._wants(due), *self._unmet(due)]
            wanted = [_keeping(known, test) for test in wanted]
            # Facts that decide are named even where no other value would be lawful.
            wanted = [*(_keeping(in_order, test) for test in wanted), wanted[0]]
            spans[answer] = slice(len(tests), len(tests) + len(wanted))
            tests += wanted
        search = Search(
            life,
            self._case.anchors(places),
            partial(self._case.copies, life),
            self._case.raw,
            declared("facts"),
        )
        every = dict.fromkeys(place for some in inputs.values() for place in some)
        found = search.single(every, tests)
        for answer, span in spans.items():
            test = tests[span][0]
            single, *parts, anything = found[span]
            mine = [
                [one for one in changes if self._is_open(one, answer)]
                for changes in (single, *parts)
            ]
            choices = [one for one in inputs[answer] if self._is_choice(one, answer)]
            any_of, all_of = self._choose(search, test, mine, choices)
            any_of = self._to_the_point(any_of, self._due(answer))[:_MOST_CHANGES]
            # A condition that the parties can meet themselves hangs on no fact.
            beyond = [
                some
                for some, open_ones in zip(parts, mine[1:], strict=True)
                if not open_ones
            ]
            facts = [
                one
                for one in chain(anything, *beyond)
                if not self._is_open(one, answer) and self._case.is_given(one.place)
            ]
            if not any_of and not all_of and facts:
                self._told[answer] = self._tell_facts(facts, self._due(answer))
                continue
            key = "any_of" if any_of else "all_of" if all_of else "nothing_would"
            self._told[answer] = self._tell(answer, key, any_of, all_of)

    def _choose(
        self,
        search: Search,
        test: Test,
        found: list[list[Change]],
        choices: list[TracedValue],
    ) -> tuple[list[Change], list[Change]]:
        """Choose the changes to tell: those of which one would do, or all together."""
        single, *parts = found
        if single:
            return single, []
        best = [changes[0] for changes in parts if changes]
        is_apart = len({change.place for change in best}) == len(best) == len(parts)
        if best and is_apart and search.together(best, test):
            return [], best
        two = search.double(choices, test)
        return [], two if all(map(self._is_ahead, two)) else []

    def _is_open(self, change: Change, answer: TracedValue) -> bool:
        return self._is_choice(change.place, answer) and self._is_ahead(change)

    def _is_choice(self, place: TracedValue, answer: TracedValue) -> bool:
        """Return whether the parties choose an input.

        A fact is not theirs to choose; and once a right is judged on the end of a
        mission, its start is past.
        """
        if place.variable not in declared("begun_by"):
            return place.variable not in declared("facts")
        return legal_day(self._case, answer) == self._case.raw(place)

    def _is_ahead(self, change: Change) -> bool:
        """Return whether a change does not ask to have begun earlier."""
        if change.place.variable not in declared("begun_by"):
            return True
        value = self._case.raw(change.place)
        return change.nearest is None or bool(change.nearest > value)

    def _to_the_point(self, changes: list[Change], due: TracedValue) -> list[Change]:
        """Keep the changes to what the condition that fails compares, where there are.

        Nobody is told to shorten a contract so that no minimum binds its allowance.
        """
        compared = self._compared(due)
        return [one for one in changes if one.place in compared] or changes

    def _compared(self, place: TracedValue) -> set[TracedValue]:
        """Return what the only condition that fails compares; nothing if several do."""
        failing = self._failing(place)
        if not failing:
            return set(self._case.children(place))
        one, *others = failing
        if others:
            return set()
        return self._compared(one) if self._case.children(one) else {one}

    def _failing(self, place: TracedValue) -> list[TracedValue]:
        """List the conditions of a step that fail."""
        return [
            one for one in self._conditions(place) if is_good(self._case, one) is False
        ]

    def _conditions(self, place: TracedValue) -> list[TracedValue]:
        """List the conditions declared of a step, else what it rests on."""
        names = declared("conditions").get(place.variable)
        if names is None:
            return self._case.children(place)
        return [TracedValue(name, ETERNITY, place.row) for name in names.values()]

    def _tell_facts(self, changes: Iterable[Change], due: TracedValue) -> dict:
        """Return the sentence on facts that the parties cannot change."""
        compared = self._compared(due)
        reach = {below for one in compared for below in self._case.walk(one)}
        near = [one.place for one in changes if one.place in reach or not reach]
        # A day that is past explains more than a birth on another day.
        facts = declared("facts")
        near = [one for one in near if one.variable not in facts] or near
        labels = dict.fromkeys(
            self._words.label(self._case.variable(one.variable)) for one in near
        )
        if not labels:
            return self._tell(due, "nothing_would")
        joined = self._words.phrase("semicolon").join(labels)
        text = self._words.phrase("facts_decide", labels=joined)
        return {"text": text, "any_of": [], "all_of": []}

    def _tell(
        self,
        answer: TracedValue,
        key: str,
        any_of: Iterable[Change] = (),
        all_of: Iterable[Change] = (),
    ) -> dict:
        return {
            "text": self._words.phrase(key),
            "any_of": [say(self._words, self._case, answer, one) for one in any_of],
            "all_of": [say(self._words, self._case, answer, one) for one in all_of],
        }

    def _due(self, answer: TracedValue) -> TracedValue:
        """Return what says that something is due, for what is paid in some month."""
        name = declared("due_by").get(answer.variable)
        walk = self._case.walk(answer) if name else ()
        return next((place for place in walk if place.variable == name), answer)

    def _may_change(self, place: TracedValue, answer: TracedValue) -> bool:
        """Return whether a place is an input of the entity asked, or around it."""
        variable = self._case.variable(place.variable)
        if not variable.is_input_variable():
            return False
        asked = self._case.variable(answer.variable).entity
        other_mission = asked.is_person and variable.entity.is_person
        return not other_mission or place.row == answer.row

    def _known(self, places: list[TracedValue]) -> list[Test]:
        flags = declared("undetermined")
        marked = [one for one in places if one.variable in flags]
        doubts = [TracedValue(flags[one.variable], ETERNITY, one.row) for one in marked]
        return [
            lambda copies, doubt=doubt: ~copies.of(doubt)
            for doubt in doubts
            if not self._case.raw(doubt)
        ]

    def _lawful(self, life: Life) -> list[Test]:
        return [
            self._wants(one)
            for name in declared("conditions").keys() & life.system.variables.keys()
            for row in life.rows[life.entity_key(name)].tolist()
            for one in self._conditions(TracedValue(name, ETERNITY, row))
            if is_good(self._case, one)
        ]

    def _possible(self, life: Life) -> Test:
        """Test that no facts contradict one another; some may still be missing."""
        events = getattr(life.system, "event_variables", {})
        given = self._case.situation.given
        incomplete = [
            member
            for name in life.contradictions
            for member in [*life.system.variables[name].possible_values][1:]
            if any(
                events.get(fact, fact) != fact and fact not in given
                for fact in details(member).facts
            )
        ]
        return lambda copies: copies.are_possible(incomplete)

    def _wants(self, place: TracedValue) -> Test:
        variable = self._case.variable(place.variable)
        return lambda copies: is_favourable(variable, copies.of(place))

    def _unmet(self, place: TracedValue) -> list[Test]:
        """Make the tests of the conditions that fail, if several do."""
        failing = self._failing(place)
        if len(failing) == 1:
            return self._unmet(failing[0])
        return [self._wants(one) for one in failing]


def _keeping(kept: list[Test], test: Test) -> Test:
    """Make a test that also wants what is in order to stay so."""

    def both(copies: Copies) -> numpy.ndarray:
        is_good = test(copies)
        for one in kept:
            if is_good.any():
                is_good = is_good & one(copies)
        return is_good

    return both
