"""A situation explained: each answer, its standing, the reasons, what would change."""

from collections.abc import Iterator

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.counterfactuals.anchors import find
from openfisca_isv.counterfactuals.life import TracedValue, lives, value_asked
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.law import CERTAINTIES
from openfisca_isv.reasons.blockers import Blockers
from openfisca_isv.reasons.chain import Chain
from openfisca_isv.reasons.declared import is_good
from openfisca_isv.reasons.law_read import legal_day, values_read
from openfisca_isv.reasons.possible_changes import Changes
from openfisca_isv.reasons.register import cited_provisions, describe_source
from openfisca_isv.reasons.short import shortened
from openfisca_isv.reasons.words import Words, words_of
from openfisca_isv.reforms.readings import alternatives, readings_followed
from openfisca_isv.situations.body.axes import refuse_axes
from openfisca_isv.situations.fact_checks import refuse_contradictions, warnings
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation
from openfisca_isv.standing import Pinned, standings
from openfisca_isv.standing.other_readings import other_answers

#: The version of what an explanation is made of.
FORMAT = 2
#: How much an explanation says: the branch that decides, or every step.
DETAILS = ("short", "full")


def explain(
    system: TaxBenefitSystem,
    situation: Situation | dict,
    language: str = "en",
    detail: str = "short",
) -> dict:
    """Explain what a situation asks.

    Args:
        system: The law, a reform of it included.
        situation: A body as the Web API's ``/calculate`` takes it, where what is asked
            is null, or what ``read_situation`` made of it. It is not modified.
        language: ``en`` or ``fr``.
        detail: ``short`` for the branch that decides, ``full`` for every step.

    Returns:
        What JSON can hold: the format, the language, the other readings that the law
        follows, the answers in the order of the questions, and warnings of odd facts.
        See the documentation of the package.

    Raises:
        RefusalError: The situation asks nothing, contradicts itself, cannot be read,
            or has axes.
        ValueError: The language or the detail is not known.
    """
    words = words_of(language)
    if detail not in DETAILS:
        message = f"the detail {detail!r} is none of {', '.join(DETAILS)}"
        raise ValueError(message)
    if not isinstance(situation, Situation):
        situation = read_situation(system, situation, Limits())
    refuse_axes(situation, "explained")
    if not situation.asked:
        remedy = 'Ask for one, e.g. "contract_is_lawful": {"ETERNITY": null}'
        problem = Problem("", None, "no value is asked for", remedy)
        raise RefusalError(400, "wrong_request", problem)
    simulation = build_simulation(system, situation)
    refuse_contradictions(simulation, situation, words.finding)
    odd = warnings(simulation, situation, words.finding)
    # In a simulation of its own: the trace has no step that was calculated before it.
    case = TracedSituation(build_simulation(system, situation), situation)
    places = [value_asked(system, question) for question in situation.asked]
    pinned = Pinned(lives(system, situation))
    standings = answer_standings(words, case, pinned, places)
    # The standing of an answer is known better than by bounds alone.
    settled = {
        place: standing["settled"]
        for place, standing in zip(places, standings, strict=True)
    }

    def is_settled(place: TracedValue) -> bool:
        return settled[place] if place in settled else pinned.is_pinned(place)

    blockers = Blockers(case, places)
    # What is not settled lacks facts, not remedies.
    wanted = Changes(words, case, [one for one in places if settled[one]])
    chain = Chain(words, case, blockers, is_settled)
    answers = []
    for question, place, standing in zip(
        situation.asked, places, standings, strict=True
    ):
        reasons = chain.tell(place, again=True)
        # A 0 may stand for no right, or for one of an amount that nobody knows.
        is_known = reasons.get("settled", True)
        answer = {
            "question": question.as_json(),
            "standing": standing,
            "favourable": is_good(case, place) if is_known else None,
            "undetermined": place in blockers.undetermined,
            "under_other_readings": _under_other_readings(words, case, place, standing),
            "reasons": reasons,
            "changes": None,
        }
        if is_known:
            is_full = all(
                is_settled(one)
                for one in case.walk(place)
                if case.variable(one.variable).is_input_variable()
            )
            changes = wanted.of(place)
            answer["changes"] = changes if is_full else _as_stated(words, changes)
        answers.append(answer if detail == "full" else shortened(answer))
    return {
        "format": FORMAT,
        "language": language,
        "detail": detail,
        "readings_followed": [
            {"id": one, "title": words.said(alternatives()[one].entry, "title")}
            for one in readings_followed(system)[::-1]
        ],
        "answers": answers,
        "warnings": odd,
    }


def _as_stated(words: Words, changes: dict | None) -> dict | None:
    """Add to changes that they hold as far as the facts stated go."""
    if changes is None:
        return None
    if not changes["any_of"] and not changes["all_of"]:
        # That nothing would do is more than the facts stated show.
        return None if changes["text"] == words.phrase("nothing_would") else changes
    return changes | {"text": words.phrase("as_far_as_stated")}


def _under_other_readings(
    words: Words, case: TracedSituation, place: TracedValue, standing: dict
) -> list[str]:
    variable = case.variable(place.variable)
    return [
        words.phrase(
            "under_reading",
            title=one["title"].rstrip("."),
            text=words.phrase("cannot_be_said_yet")
            if one["value"] is None
            else words.json_value(variable, one["value"]),
        )
        for one in standing["readings"]
    ]


def answer_standings(
    words: Words, case: TracedSituation, pinned: Pinned, answers: list[TracedValue]
) -> list[dict]:
    """Return the standing of each answer, in the order of the questions.

    Returns:
        ``settled``, ``value`` and ``missing`` as ``POST /questions`` gives them;
        ``readings``, the other readings under which the answer would be another one;
        ``certainty``, the weakest among the sources of what the row read;
        ``known_until``, the earliest day on which a value that the row read was last
        known valid; ``is_beyond_known_law``, whether the legal date lies after it.
    """
    known = standings(case.system, case.situation, pinned)
    others = other_answers(case, pinned, answers, known)
    found = []
    for place, facts in zip(answers, known, strict=True):
        for fact in facts["missing"]:
            fact["label"] = words.label(case.variable(fact["variable"]))
        sources = list(_sources(words, case, place))
        certainties = {certainty for certainty, _ in sources}
        known_until = min((day for _, day in sources if day), default=None)
        day = legal_day(case, place)
        found.append(
            {
                **facts,
                "readings": [
                    {
                        "id": reading.entry["id"],
                        "title": words.said(reading.entry, "title"),
                        "value": value,
                    }
                    for reading, value in others[place]
                ],
                "certainty": next(
                    (c for c in CERTAINTIES[::-1] if c in certainties), None
                ),
                "known_until": known_until,
                "is_beyond_known_law": bool(
                    known_until and day is not None and str(day) > known_until
                ),
            }
        )
    return found


def _sources(
    words: Words, case: TracedSituation, answer: TracedValue
) -> Iterator[tuple[str | None, str | None]]:
    """Go through what an answer was computed from: certainty, and day last known valid.

    The values of parameters that its own row read, and the provisions in force on the
    day that decides, here and in all that it rests on.
    """
    for place in case.walk(answer):
        variable = case.variable(place.variable)
        if variable.is_input_variable():
            continue
        for value in values_read(case, place):
            if value.since is not None:
                metadata = find(case.system, value.name).metadata
                source = describe_source(words, metadata, value.since)
                yield source["certainty"], source["last_known_valid"]
        for provision in cited_provisions(words, variable, legal_day(case, place)):
            if provision.get("in_force"):
                yield provision["certainty"], None
