"""The schemas of what a body may hold: each variable with the values that it takes."""

import math
from collections.abc import Mapping, Sequence
from datetime import date

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_isv.situations.body.values import (
    FIRST_DAY,
    HIGHEST_COUNT,
    HIGHEST_NUMBER,
    INFINITY,
    ranks,
)

_PERIODS = {
    DateUnit.ETERNITY: 'The key is "ETERNITY".',
    DateUnit.MONTH: 'The key is a month, e.g. "2024-01".',
    DateUnit.YEAR: 'The key is a year, e.g. "2024".',
}


_VALUES = {
    bool: {"type": "boolean"},
    date: {
        "type": "string",
        "format": "date",
        "description": f"A day from {FIRST_DAY} to {date.max}.",
    },
    int: {"type": "integer", "minimum": 0, "maximum": HIGHEST_COUNT},
    str: {"type": "string"},
}


def entity_schema(
    variables: Mapping[str, Variable], roles: Sequence[str], *, is_answer: bool
) -> dict[str, object]:
    """Describe an entity.

    Args:
        variables: Its variables.
        roles: The keys under which a group names its members.
        is_answer: Whether it stands in an answer, where each value is known.
    """
    properties: dict[str, object] = {
        role: {
            "type": "array",
            "items": {"type": "string"},
            "description": "The names of the members of the group.",
        }
        for role in roles
    }
    for name, variable in variables.items():
        properties[name] = {
            "type": "object",
            "description": f"{variable.label}. {_period(variable)}",
            "additionalProperties": (
                answer_schema(variable) if is_answer else input_schema(variable)
            ),
        }
    schema = {"type": "object", "properties": properties, "additionalProperties": False}
    if len(roles) == 1:
        # Where there are several roles, a group may be without one.
        schema["required"] = list(roles)
    return schema


def input_schema(variable: Variable) -> dict[str, object]:
    """Describe what a request may write: a value, or ``null`` to ask for it."""
    schema = {**_value(variable), "nullable": True}
    if "enum" in schema:
        # A list of codes has to name null for it to be allowed.
        schema["enum"] = [*schema["enum"], None]
    return schema


def answer_schema(variable: Variable) -> dict[str, object]:
    """Describe what an answer holds; along axes, a list of them."""
    schema = _value(variable)
    if variable.value_type in (int, float):
        schema = {"type": "number"}
    if variable.value_type is date:
        schema = {"type": "string"}
    if variable.value_type is float:
        schema = {"anyOf": [schema, {"type": "string", "enum": [INFINITY]}]}
    return {"anyOf": [schema, {"type": "array", "items": schema}]}


def _value(variable: Variable) -> dict[str, object]:
    if variable.value_type is Enum:
        return {"type": "string", "enum": list(ranks(variable.possible_values))}
    if variable.value_type is float:
        highest = 1 if variable.unit == "/1" else HIGHEST_NUMBER
        number = {"type": "number", "minimum": 0, "maximum": highest}
        if variable.default_value == math.inf:
            return {"anyOf": [number, {"type": "string", "enum": [INFINITY]}]}
        return number
    return dict(_VALUES[variable.value_type])


def _period(variable: Variable) -> str:
    """Return a sentence on the periods for which a variable is given and asked."""
    text = _PERIODS[variable.definition_period]
    if variable.set_input:
        text += " A value may be given for a year: it is that of each month."
    return text
