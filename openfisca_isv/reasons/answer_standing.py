"""What the answers of an explanation hang on: facts, readings, sources, days."""

from collections.abc import Iterator

from openfisca_isv.counterfactuals.anchors import find
from openfisca_isv.counterfactuals.life import Place
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.reasons.law_read import legal_day, values_read
from openfisca_isv.reasons.sources import cited_provisions, describe_source
from openfisca_isv.reasons.words import Words
from openfisca_isv.standing import Pinned, standings
from openfisca_isv.standing.other_readings import other_answers

#: From the surest source to the least sure one.
CERTAINTIES = ("primary", "official-secondary", "secondary", "inferred")


def answer_standings(
    words: Words, case: TracedSituation, pinned: Pinned, answers: list[Place]
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
    labels = {}
    found = []
    for place, facts in zip(answers, known, strict=True):
        for fact in facts["missing"]:
            variable = case.variable(fact["variable"])
            fact["label"] = labels.setdefault(variable.name, words.label(variable))
        sources = list(_sources(words, case, place))
        days = [day for _, day in sources if day]
        known_until = min(days) if days else None
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
                "certainty": _weakest(certainty for certainty, _ in sources),
                "known_until": known_until,
                "is_beyond_known_law": bool(
                    known_until and day is not None and str(day) > known_until
                ),
            }
        )
    return found


def _sources(
    words: Words, case: TracedSituation, answer: Place
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


def _weakest(certainties: Iterator[str | None]) -> str | None:
    known = [CERTAINTIES.index(one) for one in certainties if one in CERTAINTIES]
    return CERTAINTIES[max(known)] if known else None
