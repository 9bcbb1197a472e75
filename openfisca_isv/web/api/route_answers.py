"""The answers to a situation, as OpenFisca's Web API writes them.

Two differences, both where the engine's own answer cannot be used: a day is written
``2024-01-15`` (the engine writes ``Mon, 15 Jan 2024 00:00:00 GMT``), and an infinite
number ``"Infinity"`` (the engine writes a word that is not JSON).
"""

from datetime import date

import numpy
from flask import request
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv import standing
from openfisca_isv.reasons import DETAILS, LANGUAGES, explain
from openfisca_isv.situations.body.values import as_json, days_as_json
from openfisca_isv.situations.fact_checks import refuse_contradictions
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation


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
    """Return each step of the computation, with the parameters that it read."""
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


def _serialized(system: TaxBenefitSystem, simulation: Simulation) -> dict[str, dict]:
    """Return the trace as the engine does, days beyond its calendar included."""
    steps = simulation.tracer.get_serialized_flat_trace()
    for key, step in steps.items():
        name = key.partition("<")[0]
        if system.variables[name].value_type is date:
            step["value"] = days_as_json(numpy.array(step["value"], "datetime64[D]"))
    return steps


def explanation(system: TaxBenefitSystem, situation: Situation, body: dict) -> object:
    """Return the reasons for the values that a situation asks.

    Args:
        system: The model.
        situation: What the body says.
        body: The body; ``detail`` in it counts before ``detail`` in the address.

    Raises:
        RefusalError: The language or the detail is not known, nothing is asked, or the
            situation contradicts itself or has axes.
    """
    language = request.args.get("language", "en")
    detail = body.get("detail", request.args.get("detail", DETAILS[0]))
    _check("language", language, tuple(LANGUAGES))
    _check("detail", detail, DETAILS)
    return explain(system, situation, language, detail)


def _check(name: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        remedy = f"Write {name}={f' or {name}='.join(allowed)}"
        problem = Problem("", str(value)[:80], f"the {name} is not known", remedy)
        raise RefusalError(400, f"unknown_{name}", problem)


def questions(
    system: TaxBenefitSystem, situation: Situation, _body: dict[str, dict]
) -> dict[str, list[dict]]:
    """Return the standing of each value that a situation asks, and warnings."""
    return standing.answer(system, situation)
