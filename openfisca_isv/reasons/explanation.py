"""A situation explained: each answer, the chain of reasons, what would change it."""

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.reasons.chain import Chain
from openfisca_isv.reasons.circumstances import is_given
from openfisca_isv.reasons.obstacles import Obstacles
from openfisca_isv.reasons.outputs import declared
from openfisca_isv.reasons.questions import read
from openfisca_isv.reasons.remedies import Remedies
from openfisca_isv.reasons.trace import Case, Place
from openfisca_isv.reasons.words import Words, words_of


def explain(system: TaxBenefitSystem, situation: dict, language: str = "en") -> dict:
    """Explain what a situation asks.

    Args:
        system: The law, a reform of it included.
        situation: A situation as the Web API's ``/calculate`` takes it: what is asked
            is null. It is not modified.
        language: ``en`` or ``fr``.

    Returns:
        What JSON can hold: the language, and the answers in the order of the
        questions. See ``answers`` in the documentation of the package.

    Raises:
        SituationError: The situation asks nothing, or cannot be read.
        ValueError: The language is not known.
    """
    words = words_of(language)
    simulation, asked = read(system, situation)
    case = Case(simulation, situation, asked)
    places = [case.place(question) for question in asked]
    obstacles = Obstacles(case, places)
    remedies = Remedies(words, case, places)
    chain = Chain(words, case, obstacles)
    answers = []
    for question, place in zip(asked, places, strict=True):
        reasons = chain.tell(place, again=True)
        answers.append(
            {
                "question": {
                    "entity": question.plural,
                    "of": question.of,
                    "variable": question.variable,
                    "period": question.when,
                },
                "favourable": remedies.is_favourable(place),
                "undetermined": place in obstacles.undetermined,
                "reasons": reasons,
                "changes": remedies.of(place),
                "not_given": _not_given(words, case, place),
            }
        )
    return {"language": language, "answers": answers}


def _not_given(words: Words, case: Case, answer: Place) -> list[dict]:
    """List the inputs that an answer rests on and that the situation does not give."""
    return [
        {
            "variable": place.variable,
            "entity": case.variable(place.variable).entity.key,
            "of": case.name(place),
            "period": place.when,
            "label": words.label(case.variable(place.variable)),
        }
        for place in case.walk(answer)
        if case.variable(place.variable).is_input_variable()
        and place.variable not in declared("unsaid")
        and not is_given(case, place)
    ]
