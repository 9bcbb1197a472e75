"""The file of one volunteer: what was stated, and what follows, as it is explained.

Mission by mission, and in the order of the law. The words, the provisions and the
standing of each conclusion are those of ``reasons.explain``; what goes by month is
added up beside them.
"""

import copy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, groupby
from operator import itemgetter

import numpy
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.dates import UNKNOWN_DAY
from openfisca_isv.population.subject import (
    ADDED_UP,
    CONCLUSIONS,
    LAST_DAY,
    NEEDED_DAYS,
    START,
)
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.reasons import explain
from openfisca_isv.reasons.words import Words, of_json, words_of
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Question
from openfisca_isv.standing import standings

ETERNITY = "ETERNITY"
#: The premium is asked for within a year of the return, and is due over months.
_YEARS_AFTER_RETURN = 2
_MOST_YEARS = 60


@dataclass(frozen=True)
class Line:
    """One conclusion, in words.

    Attributes:
        value: Of what goes by month, what it comes to.
        answer: What ``explain`` says of it, in a telling month if it goes by month.
        is_open: Whether it hangs on facts left out, in some month at least.
        missing: These facts, in words.
    """

    label: str
    value: str
    answer: dict
    is_open: bool
    missing: list[str]


@dataclass
class Chapter:
    """What the file says of one mission, or of the volunteer: by label, by subject."""

    title: str
    facts: dict[str, str]
    sections: dict[str, list[Line]] = field(default_factory=dict)


def situation_body(system: TaxBenefitSystem, tables: Tables) -> dict[str, dict]:
    """Return a situation that states what the tables of one volunteer do."""
    columns = {*NEEDED_DAYS} & {*tables.missions.column_names}
    days = [day for one in columns for day in tables.missions[one].to_pylist() if day]
    # What holds at all times is stated for these.
    months = _months(min(days).year, max(days).year) if days else []
    missions = tables.missions.to_pylist()
    body: dict[str, dict] = {}
    for plural in ("missions", "volunteers", "organisations"):
        key = plural.removesuffix("s")
        body[plural] = {}
        for row in getattr(tables, plural).to_pylist():
            one = body[plural][row[key]] = dict(_stated(system, row, months))
            if plural != "missions":
                named = [other for other in missions if other[key] == row[key]]
                one["missions"] = [other["mission"] for other in named]
    (volunteer,) = body["volunteers"].values()
    for row in tables.monthly.to_pylist():
        for name, values in _stated(system, row, [row["month"].isoformat()[:7]]):
            volunteer.setdefault(name, {}).update(values)
    return body


def _stated(
    system: TaxBenefitSystem, row: dict, months: Iterable[object]
) -> Iterator[tuple[str, dict]]:
    for name, value in row.items():
        variable = system.get_variable(name)
        if variable is None or value is None or not variable.is_input_variable():
            continue
        written = value.isoformat() if isinstance(value, date) else value
        is_eternal = variable.definition_period == DateUnit.ETERNITY
        periods = [ETERNITY] if is_eternal else map(str, months)
        yield name, dict.fromkeys(periods, written)


def _months(first: int, last: int) -> list[Period]:
    """List the months of the years of missions, and of some after the last return.

    A contract without an end would never let them stop.
    """
    last = min(last + _YEARS_AFTER_RETURN, first + _MOST_YEARS)
    years = max(last - first, 0) + 1
    return period(f"year:{first}:{years}").get_subperiods(DateUnit.MONTH)


def volunteer_file(
    system: TaxBenefitSystem, body: dict, language: str = "en"
) -> list[Chapter]:
    """Write the file of one volunteer: what was stated first, then mission by mission.

    The body is the volunteer with all missions and their organisations, as a situation
    of the Web API that asks nothing.
    """
    words = words_of(language)
    ((volunteer, stated),) = body["volunteers"].items()
    title = words.phrase("file_of_volunteer", of=volunteer)
    chapters = [Chapter(title, _facts(system, words, stated))]
    if not body.get("missions"):
        chapters[0].title = words.phrase("file_without_mission", title=title)
        return chapters
    file = _File(system, body, words)
    chapters[0].sections = file.sections(volunteers=volunteer)
    for mission in file.missions:
        (organisation,) = (
            name
            for name, one in body["organisations"].items()
            if mission in one["missions"]
        )
        title = words.phrase("file_of_mission", of=mission, organisation=organisation)
        facts = body["missions"][mission] | body["organisations"][organisation]
        sections = file.sections(missions=mission, organisations=organisation)
        chapters.append(Chapter(title, _facts(system, words, facts), sections))
    return chapters


class _File:
    """The conclusions about one volunteer, calculated and explained at once."""

    def __init__(self, system: TaxBenefitSystem, body: dict, words: Words) -> None:
        self._system, self._words = system, words
        self._situation = read_situation(system, body, Limits(cells=10**9))
        self._simulation = build_simulation(system, self._situation)
        starts, ends = (
            self._simulation.calculate(name, ETERNITY) for name in (START, LAST_DAY)
        )
        known = starts[starts != numpy.datetime64(UNKNOWN_DAY)]
        first = known.min().item().year if len(known) else UNKNOWN_DAY.year
        self._months = _months(first, int(str(ends.max())[:4]))
        # What adds up the missions of others is not in the file.
        concluded = [
            (system.get_variable(name), one)
            for name in chain(*CONCLUSIONS.values())
            if name not in ADDED_UP
            for one in body[system.get_variable(name).entity.plural]
        ]
        place = itemgetter("entity", "of", "variable")
        self._added_up = {one.name for one, _ in concluded if _is_added_up(one)}
        self._open = self._open_periods(concluded)
        asked = copy.deepcopy(body)
        for variable, name in concluded:
            one = asked[variable.entity.plural][name]
            one[variable.name] = dict.fromkeys(self._when(name, variable))
        self._answers: dict[tuple[str, str, str], dict] = {}
        for one in explain(system, asked, words.language, "full")["answers"]:
            before = self._answers.get(place(one["question"]), {})
            one["undetermined"] |= before.get("undetermined", False)
            self._answers[place(one["question"])] = one

    @property
    def missions(self) -> list[str]:
        """The missions in order of time."""
        names = self._situation.names["missions"]
        start = self._simulation.calculate(START, ETERNITY)
        return [names[row] for row in numpy.argsort(start, kind="stable").tolist()]

    def sections(self, **entities: str) -> dict[str, list[Line]]:
        """List the conclusions about entities, by subject: ``missions=name``."""
        found = {}
        for subject, names in CONCLUSIONS.items():
            asked = [(*one, name) for one in entities.items() for name in names]
            if lines := [self._line(*one) for one in asked if one in self._answers]:
                found[subject] = lines
        return found

    def _line(self, plural: str, name: str, conclusion: str) -> Line:
        """Write a conclusion; what goes by month or year is added up."""
        answer = self._answers[plural, name, conclusion]
        step, variable = answer["reasons"], self._system.variables[conclusion]
        label, text, when = step["label"], step["text"], step["period_text"]
        missing = [fact["label"] for fact in answer["standing"]["missing"]]
        is_open = step.get("settled") is False
        if facts_of := self._open.get((plural, name, conclusion)):
            is_open, text = True, self._words.phrase("cannot_be_said_yet")
            missing = [*chain(*facts_of.values())]
            when = self._spans(
                {one: one in facts_of for one in self._periods(variable)}
            )
        if is_open or conclusion not in self._added_up:
            label = f"{label} ({when})" if when else label
            return Line(label, text, answer, is_open, missing)
        values = self._by_period(name, variable)
        text = self._in_all(variable, values)
        if answer["undetermined"]:
            is_more = any(values.values())
            key = "beside_undetermined" if is_more else "undetermined"
            text = self._words.phrase(key, text=text)
        return Line(label, text, answer, is_open, missing)

    def _in_all(self, variable: Variable, values: dict[Period, object]) -> str:
        """Return what values come to, and when they are due."""
        spans = self._spans({when: bool(value) for when, value in values.items()})
        if variable.value_type is bool:
            return spans or self._words.phrase("no")
        total = sum(float(value) for value in values.values())
        text = self._words.value(variable, total)
        return self._words.phrase("in_all", text=text, when=spans) if spans else text

    def _spans(self, is_so: dict[Period, bool]) -> str:
        """Return in words over which periods something is so."""
        return ", ".join(when for so, when in _runs(self._words, is_so) if so)

    def _periods(self, variable: Variable) -> list[Period]:
        if variable.definition_period == DateUnit.YEAR:
            return [*dict.fromkeys(month.this_year for month in self._months)]
        return self._months

    def _by_period(self, name: str, variable: Variable) -> dict[Period, object]:
        row = self._situation.names[variable.entity.plural].index(name)
        return {
            one: self._simulation.calculate(variable.name, one)[row]
            for one in self._periods(variable)
        }

    def _open_periods(
        self, concluded: Iterable[tuple[Variable, str]]
    ) -> dict[tuple[str, str, str], dict[Period, list[str]]]:
        """Find the periods of what is added up that hang on facts left out.

        A sum is settled where each of its terms is.

        Returns:
            Of each conclusion, by period, these facts in words.
        """
        names, variables = self._situation.names, self._system.variables
        asked = [
            Question(
                plural, name, names[plural].index(name), variable.name, str(one), one
            )
            for variable, name in concluded
            if variable.name in self._added_up
            for plural in [variable.entity.plural]
            for one in self._periods(variable)
        ]
        found: dict = defaultdict(dict)
        known = standings(self._system, replace(self._situation, asked=asked))
        for one, standing in zip(asked, known, strict=True):
            if not standing["settled"]:
                found[one.plural, one.name, one.variable][one.period] = [
                    self._words.label(variables[fact["variable"]])
                    for fact in standing["missing"]
                ]
        return found

    def _when(self, name: str, variable: Variable) -> list[str]:
        """Choose the periods to explain, the telling one last.

        The first that is open; else the last of the mission, in which an amount may be
        undetermined, and the first due if nothing is due in that.
        """
        if variable.definition_period == DateUnit.ETERNITY:
            return [ETERNITY]
        plural = variable.entity.plural
        if facts_of := self._open.get((plural, name, variable.name)):
            return [str(next(iter(facts_of)))]
        row = self._situation.names[plural].index(name)
        of = numpy.array(self._situation.groups.get(plural, []))
        rows = [row] if plural == "missions" else numpy.flatnonzero(of == row)
        day = START if plural == "organisations" else LAST_DAY
        days = self._simulation.calculate(day, ETERNITY)[rows]
        when = str(days.max() if len(days) else self._months[0].start)
        when = when[: 4 if variable.definition_period == DateUnit.YEAR else 7]
        if variable.name not in self._added_up:
            return [when]
        values = self._by_period(name, variable)
        due = [str(one) for one, value in values.items() if value]
        return [when] if when in due else [when, *due[:1]]


def _is_added_up(variable: Variable) -> bool:
    """Return whether the file adds up a variable over its months or years."""
    is_eternal = variable.definition_period == DateUnit.ETERNITY
    of_organisation = variable.entity.key == "organisation"
    return not (is_eternal or of_organisation or variable.unit == "month")


def _facts(system: TaxBenefitSystem, words: Words, stated: dict) -> dict[str, str]:
    facts = {}
    for name, values in stated.items():
        variable = system.get_variable(name)
        if variable is None:
            continue
        told = {
            when: words.stated(variable, of_json(variable, one))
            for when, one in values.items()
        }
        texts = [
            f"{text} ({when})" if when else text for text, when in _runs(words, told)
        ]
        facts[words.label(variable)] = ", ".join(texts)
    return facts


def _runs(words: Words, values: Mapping) -> Iterator[tuple[object, str]]:
    """Yield values by period, and over which periods in a row each goes on."""
    for value, run in groupby(values, values.get):
        periods = [words.period(str(one)) for one in run]
        when, last = periods[0], periods[-1]
        if when != last:
            when = words.phrase("from_to", first=when, last=last)
        yield value, when
