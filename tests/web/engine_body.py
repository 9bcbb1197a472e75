"""A situation written so that the engine's own reader reads it right."""

from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.situations.body.values import ranks
from openfisca_isv.situations.body.vocabulary import vocabulary_of
from openfisca_isv.situations.situation import Situation


def plain(system, situation: Situation) -> dict[str, dict]:
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
