"""A situation explained: each answer, its standing, the reasons, what would change."""

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.counterfactuals.life import Place, lives, place_of
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.reasons.answer_standing import answer_standings
from openfisca_isv.reasons.blockers import Blockers
from openfisca_isv.reasons.chain import Chain
from openfisca_isv.reasons.outputs import is_good
from openfisca_isv.reasons.remedies import Remedies
from openfisca_isv.reasons.short import shortened
from openfisca_isv.reasons.words import Words, words_of
from openfisca_isv.situations.axes import refuse_axes
from openfisca_isv.situations.contradictions import refuse_contradictions, warnings
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation
from openfisca_isv.standing import Pinned

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
        What JSON can hold: the format, the language, the answers in the order of the
        questions, and warnings of odd facts. See the documentation of the package.

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
    refuse_contradictions(simulation, situation)
    odd = warnings(simulation, situation)
    # In a simulation of its own: the trace has no step that was calculated before it.
    case = TracedSituation(build_simulation(system, situation), situation)
    places = [place_of(system, question) for question in situation.asked]
    pinned = Pinned(lives(system, situation))
    standings = answer_standings(words, case, pinned, places)
    # The standing of an answer is known better than by bounds alone.
    settled = {
        place: standing["settled"]
        for place, standing in zip(places, standings, strict=True)
    }

    def is_settled(place: Place) -> bool:
        return settled[place] if place in settled else pinned.is_pinned(place)

    blockers = Blockers(case, places)
    # What is not settled lacks facts, not remedies.
    remedies = Remedies(words, case, [one for one in places if settled[one]])
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
            changes = remedies.of(place)
            answer["changes"] = changes if is_full else _as_stated(words, changes)
        answers.append(answer if detail == "full" else shortened(answer))
    return {
        "format": FORMAT,
        "language": language,
        "detail": detail,
        "answers": answers,
        "warnings": odd,
    }


def _as_stated(words: Words, changes: dict | None) -> dict | None:
    """Say of changes that they are such as far as the facts stated go."""
    if changes is None:
        return None
    if not changes["any_of"] and not changes["all_of"]:
        # That nothing would do is more than the facts stated show.
        return None if changes["text"] == words.phrase("nothing_would") else changes
    return changes | {"text": words.phrase("as_far_as_stated")}


def _under_other_readings(
    words: Words, case: TracedSituation, place: Place, standing: dict
) -> list[str]:
    """Say the answer under each reading that makes it another one."""
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
