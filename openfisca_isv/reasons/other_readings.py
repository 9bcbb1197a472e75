"""Answers under the other readings of the law, each computed by its reform."""

from collections.abc import Iterable

from openfisca_isv.reasons.trace import Case, Place, Step, to_period
from openfisca_isv.reasons.words import Words
from openfisca_isv.reforms.readings import Alternative, alternatives
from openfisca_isv.situations.chosen_readings import system_under
from openfisca_isv.situations.serialise import as_json
from openfisca_isv.situations.simulation import build_simulation


def other_answers(
    words: Words, case: Case, places: Iterable[Place]
) -> dict[Place, list[dict]]:
    """Return, of each answer, the readings under which it would be another one.

    Only what a reading can reach is calculated again; the rest comes from the trace.

    Args:
        words: The words of a language.
        case: The situation, traced.
        places: The answers.

    Returns:
        Of each answer, ``id``, ``title`` and ``value`` of the readings that change it,
        in the order of the register.
    """
    found: dict[Place, list[dict]] = {place: [] for place in places}
    for name, alternative in alternatives().items():
        reached = case.resting_on(_touched(case, alternative))
        asked = [place for place in found if place.step in reached]
        if not asked:
            continue
        simulation = build_simulation(system_under(case.system, [name]), case.situation)
        for step, node in case.nodes.items():
            if step not in reached:
                holder = simulation.get_holder(step.variable)
                holder.put_in_cache(node.value, to_period(step.when))
        for place in asked:
            period = to_period(place.when)
            values = simulation.calculate(place.variable, period)[[place.row]]
            if values[0] != case.values(place.step)[place.row]:
                found[place].append(
                    {
                        "id": name,
                        "title": words.said(alternative.entry, "title"),
                        "value": as_json(case.variable(place.variable), values)[0],
                    }
                )
    return found


def _touched(case: Case, alternative: Alternative) -> set[Step]:
    """Return the steps whose formula or parameters a reading replaces."""
    variables = set(alternative.entry.get("variables", ()))
    parameters = tuple(alternative.entry.get("parameters", ()))
    return {
        step
        for step, node in case.nodes.items()
        if step.variable in variables
        or any(_is_within(one.name, parameters) for one in node.parameters)
    }


def _is_within(name: str, parameters: tuple[str, ...]) -> bool:
    """Return whether a parameter is one of some, or stands below one."""
    return any(name == one or name.startswith(f"{one}.") for one in parameters)
