"""Answers under the other readings of the law, each computed by its reform."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.counterfactuals.life import Key, TracedValue, value_asked
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.reforms.readings import Alternative
from openfisca_isv.situations.body.values import as_json
from openfisca_isv.situations.chosen_readings import readings_beside, system_under
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation
from openfisca_isv.standing.answers import standings
from openfisca_isv.standing.bounded.evaluation import Pinned


def other_answers(
    case: TracedSituation,
    pinned: Pinned,
    places: Iterable[TracedValue],
    known: Iterable[dict],
) -> dict[TracedValue, list[tuple[Alternative, object]]]:
    """Return, of each answer, the readings under which it would be another one.

    Only what a reading can reach is calculated again; the rest comes from the trace,
    and what the facts stated pin down from the bounds of the situation.

    Args:
        case: The situation, traced.
        pinned: What the facts stated pin down.
        places: The answers.
        known: Of each, whether it is ``settled``, and its ``value`` if so.

    Returns:
        Of each answer, the readings that change it in the order of the register, and
        its value as JSON has it; None where it is not settled under the reading.
    """
    settled = {
        place: standing["settled"]
        for place, standing in zip(places, known, strict=True)
    }
    for place in settled:
        # The bounds that every reading takes over.
        pinned.is_pinned(place)
    found: dict[TracedValue, list] = {place: [] for place in settled}
    for name, alternative in readings_beside(case.system).items():
        reached = case.resting_on(_touched(case, alternative))
        asked = [place for place in found if place.key in reached]
        if not asked:
            continue
        system = system_under(case.system, [name])
        simulation = _simulated(case, system, reached)
        bounds = pinned.under(system, lambda key, r=reached: _is_reached(case, r, key))
        now_settled = _settled(case.situation, bounds, system, asked, settled)
        for place in asked:
            is_settled = now_settled[place]
            value = simulation.calculate(*place.key)[[place.row]]
            is_same = is_settled == settled[place] and (
                not is_settled or value[0] == case.raw(place)
            )
            if not is_same:
                told = as_json(case.variable(place.variable), value)[0]
                found[place].append((alternative, told if is_settled else None))
    return found


def _simulated(
    case: TracedSituation, system: TaxBenefitSystem, reached: set[Key]
) -> Simulation:
    """Build the simulation under a reading; what this leaves as it is, it has."""
    simulation = build_simulation(system, case.situation)
    for key in case.known.keys() - reached:
        simulation.get_holder(key.variable).put_in_cache(case.known[key], key.period)
    return simulation


def _settled(
    situation: Situation,
    bounds: Pinned,
    system: TaxBenefitSystem,
    places: Iterable[TracedValue],
    before: Mapping[TracedValue, bool],
) -> dict[TracedValue, bool]:
    """Return whether each answer is settled under a reading.

    That one is settled by cases alone is sought where it was settled before.
    """
    found = {place: bounds.is_pinned(place) for place in places}
    unsure = [place for place in places if before[place] and not found[place]]
    if unsure:
        asked = {value_asked(system, one): one for one in situation.asked}
        only = replace(situation, asked=[asked[place] for place in unsure])
        standing = standings(system, only)
        found |= zip(unsure, (one["settled"] for one in standing), strict=True)
    return found


def _is_reached(case: TracedSituation, reached: set[Key], step: Key) -> bool:
    """Return whether a reading may change a step; one without a trace may change."""
    is_input = case.variable(step.variable).is_input_variable()
    return step in reached or not (is_input or step in case.nodes)


def _touched(case: TracedSituation, alternative: Alternative) -> set[Key]:
    variables = set(alternative.entry.get("variables", ()))
    parameters = tuple(alternative.entry.get("parameters", ()))
    return {
        step
        for step, node in case.nodes.items()
        if step.variable in variables
        or any(_is_within(one.name, parameters) for one in node.parameters)
    }


def _is_within(name: str, parameters: tuple[str, ...]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in parameters)
