"""The standing of what a situation asks, as the Web API answers it."""

from collections.abc import Iterable

import numpy
from openfisca_core.indexed_enums import EnumArray
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.life import (
    Life,
    TracedValue,
    lives,
    members_of,
    value_asked,
)
from openfisca_isv.law import cited
from openfisca_isv.situations.body.axes import refuse_axes
from openfisca_isv.situations.body.values import as_json
from openfisca_isv.situations.fact_checks import refuse_contradictions, warnings
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation
from openfisca_isv.standing.bounded.evaluation import BoundsSimulation, Pinned
from openfisca_isv.standing.findings import Finding, search


def standings(
    system: TaxBenefitSystem, situation: Situation, pinned: Pinned | None = None
) -> list[dict]:
    """Return whether each value asked is settled, and on what it hangs.

    Args:
        system: The model.
        situation: What a body says, without axes.
        pinned: The bounds of the situation, where they were taken before.

    Returns:
        In the order of what is asked: ``settled``, the ``value`` where it is, and what
        is ``missing``, the most useful fact first; nothing where it is settled.
    """
    found: dict[int, dict] = {}
    if pinned is None:
        some = ((life, None) for life in lives(system, situation))
    else:
        some = ((bounds.life, bounds) for bounds in pinned.bounds_of_lives)
    for life, bounds in some:
        asked = _asked_of(life, situation)
        if not asked:
            continue
        findings = search(bounds or BoundsSimulation(life), asked.values())
        for number, one in asked.items():
            found[number] = _describe(life, situation, one, findings[one])
    return [found[number] for number in range(len(situation.asked))]


def answer(system: TaxBenefitSystem, situation: Situation) -> dict[str, list[dict]]:
    """Answer ``/questions``: the standing of each value asked, with the question.

    Returns:
        ``answers``, one for each value asked, and ``warnings`` of odd facts.

    Raises:
        RefusalError: The situation has axes, or facts that contradict each other.
    """
    refuse_axes(situation, "answered")
    simulation = build_simulation(system, situation)
    refuse_contradictions(simulation, situation)
    answers = [
        {"question": question.as_json(), **standing}
        for question, standing in zip(
            situation.asked, standings(system, situation), strict=True
        )
    ]
    return {"answers": answers, "warnings": warnings(simulation, situation)}


def _asked_of(life: Life, situation: Situation) -> dict[int, TracedValue]:
    rows = {
        entity.plural: set(life.rows[entity.key].tolist())
        for entity in life.system.entities
    }
    return {
        number: value_asked(life.system, question)
        for number, question in enumerate(situation.asked)
        if question.index in rows[question.plural]
    }


def _describe(
    life: Life, situation: Situation, one: TracedValue, finding: Finding
) -> dict[str, object]:
    variable = life.system.variables[one.variable]
    return {
        "settled": finding.is_settled,
        "value": _as_json(variable, finding.value) if finding.is_settled else None,
        "missing": [
            _describe_fact(life.system, situation, fact, readers)
            for fact, readers in finding.missing.items()
        ],
    }


def _describe_fact(
    system: TaxBenefitSystem,
    situation: Situation,
    fact: TracedValue,
    readers: Iterable[str],
) -> dict[str, object]:
    variable = system.variables[fact.variable]
    entity = variable.entity
    return {
        "entity": entity.plural,
        "of": situation.names[entity.plural][fact.row],
        "variable": fact.variable,
        "period": fact.when,
        "label": variable.label,
        "why": _why(system, variable, readers),
    }


def _why(
    system: TaxBenefitSystem, variable: Variable, readers: Iterable[str]
) -> list[str]:
    """List the provisions by which a fact matters to what reads it.

    Those that both the fact and what reads it are under, where there are any.
    """
    own = _provisions(variable)
    read_under = dict.fromkeys(
        provision
        for reader in readers
        for provision in _provisions(system.variables[reader])
    )
    return [one for one in own if one in read_under] or list(read_under) or own


def _provisions(variable: Variable) -> list[str]:
    cited_ones = [cited(reference) for reference in variable.reference or ()]
    return [one for one in dict.fromkeys(cited_ones) if one]


def _as_json(variable: Variable, value: object) -> object:
    members = members_of(variable)
    if members is not None:
        array = EnumArray(numpy.array([value]), members)
    else:
        array = numpy.array([value]).astype(variable.dtype)
    return as_json(variable, array)[0]
