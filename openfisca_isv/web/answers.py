"""The answers to a situation, as OpenFisca's Web API writes them.

Two differences, both where the engine's own answer cannot be used: a day is written
``2024-01-15`` (the engine writes ``Mon, 15 Jan 2024 00:00:00 GMT``), and an infinite
number ``"Infinity"`` (the engine writes a word that is not JSON).
"""

import math
from collections.abc import Callable
from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.web.contradictions import refuse_contradictions
from openfisca_isv.web.simulation import build_simulation
from openfisca_isv.web.situation import Situation
from openfisca_isv.web.values import INFINITY


def calculate(
    system: TaxBenefitSystem, situation: Situation, body: dict[str, dict]
) -> dict[str, dict]:
    """Put the value of each variable that is asked in its place in the body.

    Args:
        system: The model.
        situation: What the body says.
        body: The body of the request; it is changed.

    Raises:
        RefusalError: The facts of the situation contradict each other.

    Returns:
        The body. Along axes, a value is the list of those of the repetitions.
    """
    simulation = build_simulation(system, situation)
    refuse_contradictions(simulation, situation)
    computed: dict[tuple[str, object], list] = {}
    for plural, name, index, variable, key, period in situation.asked:
        values = computed.get((variable, period))
        if values is None:
            result = simulation.calculate(variable, period)
            values = as_json(system.variables[variable], result)
            computed[variable, period] = values
        if situation.axes:
            value = values[index :: len(situation.names[plural])]
        else:
            value = values[index]
        body[plural][name][variable][key] = value
    return body


def trace(system: TaxBenefitSystem, situation: Situation) -> dict[str, object]:
    """Give each step of the computation, with the parameters that it read.

    Args:
        system: The model.
        situation: What the body says.
    """
    # In another simulation, so that the trace holds nothing that was not asked.
    refuse_contradictions(build_simulation(system, situation), situation)
    simulation = build_simulation(system, situation)
    simulation.trace = True
    asked = []
    for question in situation.asked:
        asked.append(f"{question.variable}<{question.key}>")
        simulation.calculate(question.variable, question.period)
    return {
        "trace": _serialized(system, simulation),
        "entitiesDescription": simulation.describe_entities(),
        "requestedCalculations": asked,
    }


def as_json(variable: Variable, result: numpy.ndarray) -> list:
    """Write the values of a variable, shape ``(n,)``, as an answer has them."""
    write = _WRITERS.get(variable.value_type)
    return write(result) if write else result.tolist()


def _serialized(system: TaxBenefitSystem, simulation: Simulation) -> dict[str, dict]:
    """Give the trace as the engine does, days beyond its calendar included."""
    steps = simulation.tracer.get_serialized_flat_trace()
    for key, step in steps.items():
        name = key.partition("<")[0]
        if system.variables[name].value_type is date:
            step["value"] = _days(numpy.array(step["value"], "datetime64[D]"))
    return steps


def _numbers(result: numpy.ndarray) -> list:
    """Write 32-bit numbers with the digits they have, and no more."""
    values = [float(str(number)) for number in result]
    return [INFINITY if value == math.inf else value for value in values]


def _days(result: numpy.ndarray) -> list[str]:
    """Write days as ISO 8601 has them."""
    return result.astype("datetime64[D]").astype(str).tolist()


def _members(result: numpy.ndarray) -> list[str]:
    """Write the names of members of an enumeration."""
    return result.decode_to_str().tolist()


_WRITERS: dict[type, Callable[[numpy.ndarray], list]] = {
    float: _numbers,
    date: _days,
    Enum: _members,
    str: lambda result: [str(text) for text in result],
}
