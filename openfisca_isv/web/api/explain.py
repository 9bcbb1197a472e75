"""The route ``/explain``: the reasons of the model, where they are installed."""

from datetime import date

from flask import request
from openfisca_core.indexed_enums import Enum
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.situations.contradictions import refuse_contradictions, warnings
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation
from openfisca_isv.situations.values import ranks
from openfisca_isv.situations.vocabulary import vocabulary_of

LANGUAGES = ("en", "fr")


def explanation(
    system: TaxBenefitSystem, situation: Situation, _body: dict[str, dict]
) -> object:
    """Give the reasons for the values that a situation asks.

    Args:
        system: The model.
        situation: What the body says.

    Raises:
        RefusalError: The language is not known, nothing is asked, the situation has
            axes, or the reasons are not installed.
    """
    language = request.args.get("language", LANGUAGES[0])
    if language not in LANGUAGES:
        remedy = f"Write language={' or language='.join(LANGUAGES)}"
        problem = Problem("", language[:80], "the language is not known", remedy)
        raise RefusalError(400, "unknown_language", problem)
    if situation.axes:
        remedy = "Send one situation, without axes"
        problem = Problem("/axes", None, "one situation is explained at a time", remedy)
        raise RefusalError(400, "wrong_request", problem)
    if not situation.asked:
        remedy = 'Ask for one, as "contract_is_lawful": {"ETERNITY": null}'
        problem = Problem("", None, "no value is asked for", remedy)
        raise RefusalError(400, "wrong_request", problem)
    simulation = build_simulation(system, situation)
    refuse_contradictions(simulation, situation)
    try:
        from openfisca_isv import reasons  # noqa: PLC0415

        explain = reasons.explain
    except (ImportError, AttributeError):
        problem = Problem("", None, "the reasons are not installed", "Ask /trace")
        raise RefusalError(501, "not_installed", problem) from None
    try:
        explained = explain(system, plain(system, situation), language)
    except ValueError as error:
        # What the reasons cannot explain, they say in one sentence.
        problem = Problem("", None, str(error), "Ask for it with /calculate")
        raise RefusalError(400, "wrong_request", problem) from None
    return explained | {"warnings": warnings(simulation, situation)}


def plain(system: TaxBenefitSystem, situation: Situation) -> dict[str, dict]:
    """Write a situation so that the engine's own reader reads it right.

    Each period is written in one way, a value of a longer period is spread over the
    months, and each group names its missions.

    Args:
        system: The model.
        situation: What a body says, without axes.
    """
    vocabulary = vocabulary_of(system)
    body: dict[str, dict] = {
        plural: {name: {} for name in names}
        for plural, names in situation.names.items()
    }
    missions = situation.names[vocabulary.single]
    for plural, group_of in situation.groups.items():
        for group in body[plural].values():
            group[vocabulary.roles[plural][0]] = []
        for mission, place in zip(missions, group_of, strict=True):
            group = body[plural][situation.names[plural][place]]
            group[vocabulary.roles[plural][0]].append(mission)
    for name, by_period in situation.given.items():
        plural = system.variables[name].entity.plural
        for period, values in by_period.items():
            for index, value in values.items():
                instance = body[plural][situation.names[plural][index]]
                written = _written(system.variables[name], value)
                instance.setdefault(name, {})[str(period)] = written
    for question in situation.asked:
        instance = body[question.plural][question.name]
        instance.setdefault(question.variable, {}).setdefault(question.key)
    return body


def _written(variable: Variable, value: object) -> object:
    """Write a value as JSON has it."""
    if variable.value_type is Enum:
        return list(ranks(variable.possible_values))[value]
    return value.isoformat() if isinstance(value, date) else value
