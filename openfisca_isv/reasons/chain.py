"""The chain of reasons to a conclusion: each condition, what it rests on, and so on.

The chain is that of the trace, in the order of the formulas, which is that of the
articles. It stops at the inputs, tells each step once and then refers back to it,
and passes over steps that say nothing.
"""

from collections.abc import Callable
from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum

from openfisca_isv.counterfactuals.life import ETERNITY, Key, TracedValue
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.reasons.blockers import Blockers
from openfisca_isv.reasons.declared import declared, holds, is_good
from openfisca_isv.reasons.law_read import compared_with, is_used, legal_day
from openfisca_isv.reasons.register import chosen_readings, cited_provisions
from openfisca_isv.reasons.words import Words


class Chain:
    """The chains of reasons of one explanation, which share their steps.

    Args:
        words: The words of a language.
        case: The situation, traced.
        blockers: What fails in each step that is not favourable.
        is_settled: Whether a value is the same whatever the facts left out may be.
    """

    def __init__(
        self,
        words: Words,
        case: TracedSituation,
        blockers: Blockers,
        is_settled: Callable[[TracedValue], bool],
    ) -> None:
        self._words = words
        self._case = case
        self._blockers = blockers
        self._is_settled = is_settled
        self._told: set[TracedValue] = set()
        self._loud: dict[TracedValue, list[TracedValue]] = {}

    def tell(self, place: TracedValue, *, again: bool = False) -> dict:
        """Return a place with the reasons to it, which are told once or ``again``."""
        told = self._fact(place)
        variable = self._case.variable(place.variable)
        if variable.is_input_variable():
            told["given"] = self._case.is_given(place)
        if place in self._told and not again:
            return told | {"told_before": True}
        self._told.add(place)
        if variable.is_input_variable():
            return told
        compared = compared_with(self._words, self._case, place)
        parameters = [one["parameter"] for one in compared]
        day = legal_day(self._case, place)
        told |= {
            "rule": self._words.rule(variable),
            "legal_date": None if day is None else str(day),
            "compared_with": compared,
            "provisions": cited_provisions(self._words, variable, day),
            "readings": chosen_readings(self._words, variable.name, parameters),
            "rests_on": self._rests_on(place),
        }
        if left_out := self._case.left_out(place):
            told["missions_left_out"] = left_out
        return told

    def _fact(self, place: TracedValue) -> dict:
        variable = self._case.variable(place.variable)
        value = self._case.value(place)
        is_undetermined = place in self._blockers.undetermined
        is_stated = variable.is_input_variable() and self._case.is_given(place)
        words = self._words.stated if is_stated else self._words.value
        fact = {
            "variable": place.variable,
            "entity": variable.entity.key,
            "of": self._case.name(place),
            "period": place.when,
            "period_text": self._words.period(place.when),
            "label": self._words.label(variable),
            "value": plain(value),
            "text": words(variable, value),
            "unit": variable.unit,
            "met": is_good(self._case, place) if variable.value_type is bool else None,
        }
        if not self._is_settled(place) or not all(
            self._is_settled(flag)
            for flag in self._blockers.undetermined.get(place, ())
        ):
            # What is calculated rests on defaults: it is not an answer.
            is_input = variable.is_input_variable()
            key = "not_stated" if is_input else "cannot_be_said_yet"
            fact |= {"settled": False, "value": None, "met": None}
            fact["text"] = self._words.phrase(key)
        elif is_undetermined:
            fact["undetermined"] = True
            fact["text"] = self._undetermined_text(place, fact["text"])
            if variable.value_type is float and not value:
                # The 0 stands for an amount of which nothing is known.
                fact["value"] = None
        return fact

    def _undetermined_text(self, place: TracedValue, text: str) -> str:
        """Return an unknown value, or one that rests on one, in words."""
        variable = self._case.variable(place.variable)
        value = self._case.value(place)
        if variable.value_type in (bool, Enum):
            return self._words.phrase("as_far_as_known", text=text)
        if value:
            return self._words.phrase("beside_undetermined", text=text)
        return self._words.phrase("undetermined")

    def _rests_on(self, place: TracedValue) -> list[dict]:
        if conditions := declared("conditions").get(place.variable):
            return [
                self._condition(place, member, condition)
                for member, condition in conditions.items()
            ]
        told = []
        series = _other_periods(self._case, place)
        for child in self._loud_children(place):
            if child in series:
                if run := series[child]:
                    told.append(self._series(run))
                continue
            told.append(self.tell(child))
            if (place, child) in self._blockers.found:
                told[-1]["decisive"] = True
        return told

    def _series(self, run: list[TracedValue]) -> dict:
        """Return the same value over several periods, without its reasons."""
        first, last = self._fact(run[0]), self._fact(run[-1])
        if len(run) > 1:
            first["until"] = last["period"]
            first["period_text"] = self._words.phrase(
                "from_to", first=first["period_text"], last=last["period_text"]
            )
        return first

    def _loud_children(self, place: TracedValue) -> list[TracedValue]:
        """List what a place rests on; for a quiet step, what that step rests on."""
        if place not in self._loud:
            found: dict[TracedValue, None] = {}
            for child in self._case.children(place):
                if not is_used(self._case, place, child.variable):
                    continue
                if _is_quiet(self._case, child):
                    found |= dict.fromkeys(self._loud_children(child))
                else:
                    found[child] = None
            self._loud[place] = list(found)
        return self._loud[place]

    def _condition(
        self, place: TracedValue, member: str, condition: str | dict
    ) -> dict:
        if isinstance(condition, str):
            one = TracedValue(condition, ETERNITY, place.row)
            return {"condition": member} | self.tell(one)
        ((relation, names),) = condition.items()
        places = [TracedValue(name, ETERNITY, place.row) for name in names]
        day = legal_day(self._case, place)
        left, right = (self._case.raw(one) for one in places)
        fact = {
            "condition": member,
            "variable": None,
            "entity": self._case.variable(place.variable).entity.key,
            "of": self._case.name(place),
            "period": place.when,
            "period_text": None,
            "label": self._words.phrase(f"condition_{member}"),
            "value": bool(holds(relation, left, right)),
            "met": bool(holds(relation, left, right)),
            "legal_date": None if day is None else str(day),
            "rests_on": [self.tell(one) for one in places],
        }
        fact["text"] = self._words.phrase("yes" if fact["met"] else "no")
        if not all(map(self._is_settled, places)):
            fact |= {"settled": False, "value": None, "met": None}
            fact["text"] = self._words.phrase("cannot_be_said_yet")
        elif any(one in self._blockers.undetermined for one in places):
            fact["undetermined"] = True
            fact["text"] = self._words.phrase("as_far_as_known", text=fact["text"])
        return fact


def plain(value: object) -> object:
    """Return a value in the types of JSON."""
    if isinstance(value, Enum):
        return value.name
    return value.isoformat() if isinstance(value, date) else value


def _is_quiet(case: TracedSituation, place: TracedValue) -> bool:
    silent = declared("quiet").get(place.variable)
    if silent is None:
        return False
    if silent == "always":
        return True
    if silent == "left_out":
        return not case.is_given(place)
    if isinstance(silent, str):
        other = case.values(Key(silent, ETERNITY))[place.row]
        return bool(case.raw(place) == other)
    return bool(numpy.equal(case.raw(place), silent))


def _other_periods(
    case: TracedSituation, place: TracedValue
) -> dict[TracedValue, list[TracedValue]]:
    """Join what a place rests on in other periods than its own, where it is the same.

    Returns:
        For each such place, the run of those that have its value and follow it; for
        one that is in the run of another, nothing.
    """
    runs: dict[TracedValue, list[TracedValue]] = {}
    last: dict[tuple[str, int], TracedValue] = {}
    for child in case.children(place):
        if child.period in (place.period, ETERNITY):
            continue
        head = last.get((child.variable, child.row))
        if head and case.value(head) == case.value(child):
            runs[head].append(child)
            runs[child] = []
        else:
            last[child.variable, child.row] = child
            runs[child] = [child]
    return runs
