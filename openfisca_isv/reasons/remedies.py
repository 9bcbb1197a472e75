"""What would make an answer favourable.

A single change, of which there may be several. Where none would do, what would meet
each condition that fails, if all of these together do; else two changes.
"""

from collections.abc import Iterable

import numpy

from openfisca_isv.reasons.chain import sibling
from openfisca_isv.reasons.copies import Component, Copies, components
from openfisca_isv.reasons.outputs import declared, holds, is_favourable
from openfisca_isv.reasons.ranges import Change
from openfisca_isv.reasons.search import Search, Test
from openfisca_isv.reasons.suppositions import say
from openfisca_isv.reasons.trace import ETERNITY, Case, Place
from openfisca_isv.reasons.words import Words

#: Changes that are told of an answer.
_MOST_CHANGES = 5


class Remedies:
    """What would change the answers that are not favourable.

    Args:
        words: The words of a language.
        case: The situation, traced.
        answers: The places that are asked for.
    """

    def __init__(self, words: Words, case: Case, answers: list[Place]) -> None:
        self._words = words
        self._case = case
        self._told: dict[Place, dict] = {}
        bad = []
        for answer in answers:
            if self.is_favourable(answer) is False:
                if self._is_due_otherwise(answer):
                    self._told[answer] = self._tell(answer, "due_otherwise")
                else:
                    bad.append(answer)
        for component, asked in components(case, bad):
            if component.is_small:
                self._search(component, asked)
            else:
                self._told |= {one: self._tell(one, "not_sought") for one in asked}

    def of(self, answer: Place) -> dict | None:
        """Give what would change an answer; nothing if it is favourable or a fact."""
        return self._told.get(answer)

    def is_favourable(self, place: Place) -> bool | None:
        """Tell whether a value is good for who asks; nothing for a mere fact."""
        variable = self._case.variable(place.variable)
        is_good = is_favourable(variable, self._case.values(place.step)[[place.row]])
        return None if is_good is None else bool(is_good[0])

    def _search(self, component: Component, answers: list[Place]) -> None:
        """Search the changes to one life for all answers about it."""
        walked = {answer: list(self._case.walk(answer)) for answer in answers}
        places = list(dict.fromkeys(one for walk in walked.values() for one in walk))
        inputs = {
            answer: [place for place in walk if self._may_change(place, answer)]
            for answer, walk in walked.items()
        }
        tests: list[Test] = []
        spans = {}
        for answer in answers:
            due = self._due(answer)
            doubts = self._doubts(walked[answer])
            wanted = [self._wants(due), *self._unmet(due)]
            wanted = [_without(doubts, test) for test in wanted]
            spans[answer] = slice(len(tests), len(tests) + len(wanted))
            tests += wanted
        search = Search(self._case, component, places)
        every = dict.fromkeys(place for some in inputs.values() for place in some)
        found = search.single(every, tests)
        for answer, span in spans.items():
            test = tests[span][0]
            any_of, all_of = self._choose(search, test, found[span], inputs[answer])
            key = "any_of" if any_of else "all_of" if all_of else "nothing_would"
            self._told[answer] = self._tell(answer, key, any_of, all_of)

    def _choose(
        self,
        search: Search,
        test: Test,
        found: list[list[Change]],
        inputs: list[Place],
    ) -> tuple[list[Change], list[Change]]:
        """Choose the changes to tell: those of which one would do, or all together."""
        single, *parts = found
        # What the parties can choose comes alone: nobody is told to be born later.
        chosen = [change for change in single if not _is_fact(change.place)]
        if single:
            return (chosen or single)[:_MOST_CHANGES], []
        best = [changes[0] for changes in parts if changes]
        is_apart = len({change.place for change in best}) == len(best) == len(parts)
        if best and is_apart and search.together(best, test):
            return [], best
        choices = [place for place in inputs if not _is_fact(place)]
        return [], search.double(choices, test) or search.double(inputs, test)

    def _tell(
        self,
        answer: Place,
        key: str,
        any_of: Iterable[Change] = (),
        all_of: Iterable[Change] = (),
    ) -> dict:
        """Tell changes in words."""
        return {
            "text": self._words.phrase(key),
            "any_of": [say(self._words, self._case, answer, one) for one in any_of],
            "all_of": [say(self._words, self._case, answer, one) for one in all_of],
        }

    def _due(self, answer: Place) -> Place:
        """Give what says that something is due, for what is paid in some month."""
        name = declared("due_by").get(answer.variable)
        walk = self._case.walk(answer) if name else ()
        return next((place for place in walk if place.variable == name), answer)

    def _is_due_otherwise(self, answer: Place) -> bool:
        """Tell whether something is due, and not in the month that is asked."""
        due = self._due(answer)
        return due != answer and self.is_favourable(due) is True

    def _may_change(self, place: Place, answer: Place) -> bool:
        """Tell whether a place is an input of the entity asked about, or around it."""
        variable = self._case.variable(place.variable)
        if not variable.is_input_variable():
            return False
        asked = self._case.variable(answer.variable).entity
        other_mission = asked.is_person and variable.entity.is_person
        return not other_mission or place.row == answer.row

    def _doubts(self, places: list[Place]) -> list[Place]:
        """List what would say that a value is not known, where it is known.

        A change is no remedy if it only leaves the dark where there was light.
        """
        flags = declared("undetermined")
        doubts = [
            Place(flags[one.variable], ETERNITY, one.row)
            for one in places
            if one.variable in flags
        ]
        return [one for one in doubts if not self._case.values(one.step)[one.row]]

    def _wants(self, place: Place) -> Test:
        """Make the test that a place is favourable."""
        variable = self._case.variable(place.variable)
        return lambda copies: is_favourable(variable, copies.of(place))

    def _compares(self, relation: str, left: Place, right: Place) -> Test:
        """Make the test that a comparison of two places holds."""
        return lambda copies: holds(relation, copies.of(left), copies.of(right))

    def _unmet(self, place: Place) -> list[Test]:
        """Make the tests of the conditions that fail, if several do."""
        if place.variable in declared("conditions"):
            tests = self._unmet_conditions(place)
        else:
            children = self._case.children(place)
            failing = [one for one in children if self.is_favourable(one) is False]
            if len(failing) == 1:
                return self._unmet(failing[0])
            tests = [self._wants(one) for one in failing]
        return tests if len(tests) > 1 else []

    def _unmet_conditions(self, place: Place) -> list[Test]:
        """Make the tests of the declared conditions that fail."""
        case = self._case
        tests = []
        for condition in declared("conditions")[place.variable].values():
            if isinstance(condition, str):
                one = sibling(case, place, condition)
                if self.is_favourable(one) is False:
                    tests.append(self._wants(one))
            else:
                ((relation, names),) = condition.items()
                two = [sibling(case, place, name) for name in names]
                values = [case.values(one.step)[one.row] for one in two]
                if not holds(relation, *values):
                    tests.append(self._compares(relation, *two))
        return tests


def _is_fact(place: Place) -> bool:
    """Return whether a place is a fact, which the parties do not choose."""
    return place.variable in declared("facts")


def _without(doubts: list[Place], test: Test) -> Test:
    """Make a test that also wants what is known to stay known."""

    def surely(copies: Copies) -> numpy.ndarray:
        is_good = test(copies)
        for doubt in doubts:
            is_good = is_good & ~copies.of(doubt)
        return is_good

    return surely
