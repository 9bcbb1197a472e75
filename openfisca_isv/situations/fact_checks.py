"""Facts that cannot be true together, and odd ones, as the model finds them."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import Period
from openfisca_core.simulations import Simulation

from openfisca_isv.contradictions import details
from openfisca_isv.situations.body.values import ranks
from openfisca_isv.situations.problems import Problems, RefusalError
from openfisca_isv.situations.situation import Situation


class Finding(NamedTuple):
    """What a variable of the model finds in the facts of one entity.

    Attributes:
        path: The keys that lead to the fact to correct, in a body.
        value: The value stated for it, if any.
        member: What is found.
    """

    path: tuple[str, str, str]
    value: object
    member: Enum


def _in_english(member: Enum) -> tuple[str, str]:
    return member.value, details(member).remedy


def refuse_contradictions(
    simulation: Simulation,
    situation: Situation,
    say: Callable[[Enum], tuple[str, str]] = _in_english,
) -> None:
    """Refuse a situation in which stated facts cannot be true together.

    The model names the variables that find them: ``contradiction_variables``.

    Args:
        simulation: That of the situation.
        situation: What a body says.
        say: Returns the reason and the remedy of what is found, in words.

    Raises:
        RefusalError: The model finds a contradiction.
    """
    found = Problems()
    for path, value, member in _findings(
        simulation, situation, "contradiction_variables"
    ):
        reason, remedy = say(member)
        reason = f"{reason[0].lower()}{reason[1:]}"
        found.add(path, value, reason, remedy.rstrip("."))
    if found.count:
        raise RefusalError.of(found)


def warnings(
    simulation: Simulation,
    situation: Situation,
    say: Callable[[Enum], tuple[str, str]] = _in_english,
) -> list[dict[str, object]]:
    """List the facts that are possible, and probably a mistake.

    Args:
        simulation: That of the situation.
        situation: What a body says.
        say: Returns the reason and the remedy of what is found, in words.

    Returns:
        For each, its ``path`` in the body, ``value``, ``reason`` and ``remedy``.
    """
    found = Problems()
    for path, value, member in _findings(simulation, situation, "oddity_variables"):
        found.add(path, value, *say(member))
    return [problem.as_json() for problem in found.listed]


def _findings(
    simulation: Simulation, situation: Situation, kind: str
) -> Iterator[Finding]:
    """Go through what the variables that the model names under a kind find.

    What several missions of a volunteer find in one fact is found once.
    """
    seen = set()
    system = simulation.tax_benefit_system
    for name in getattr(system, kind, ()):
        plural = system.variables[name].entity.plural
        count = len(situation.names[plural])
        values = simulation.calculate(name, "ETERNITY")
        members = list(values.possible_values)
        # Along axes, the entities of the body come again and again.
        first_of = {
            row % count: int(values[row]) for row in reversed(values.nonzero()[0])
        }
        for row, number in sorted(first_of.items()):
            finding = _finding(simulation, situation, plural, row, members[number])
            if finding not in seen:
                seen.add(finding)
                yield finding


def _finding(
    simulation: Simulation,
    situation: Situation,
    plural: str,
    row: int,
    member: Enum,
) -> Finding:
    """Return where the fact to correct stands, and what is stated there."""
    fact = details(member).facts[0]
    variable = simulation.tax_benefit_system.variables[fact]
    owner = variable.entity.plural
    if owner != plural:
        row = situation.groups[owner][row]
    stated = situation.given.get(fact, {}).get(Period.eternity(), {}).get(row)
    value = None if stated is None else str(stated)
    if stated is not None and variable.value_type is Enum:
        value = list(ranks(variable.possible_values))[stated]
    return Finding((owner, situation.names[owner][row], fact), value, member)
