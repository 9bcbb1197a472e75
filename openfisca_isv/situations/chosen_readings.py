"""The law under the readings that a request chooses."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import combinations

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.reforms.readings import (
    Alternative,
    alternatives,
    readings_followed,
    with_readings,
)
from openfisca_isv.situations.problems import Problem, RefusalError, suggestion


def system_under(
    system: TaxBenefitSystem, identifiers: Iterable[str]
) -> TaxBenefitSystem:
    """Return the law read as some alternatives of the register read it.

    Args:
        system: The law as the register reads it, or a reform of it.
        identifiers: Those of the alternatives, e.g. ``leave-along-the-engagement``.

    Returns:
        The system itself where none is chosen; otherwise one that is built once.

    Raises:
        RefusalError: No alternative that can be computed has such an identifier, or
            two of them change the same rule.
    """
    chosen = tuple(identifiers)
    if not chosen:
        return system
    return _built(system, check_readings(chosen, readings_of(system)))


def check_readings(
    identifiers: Iterable[str], known: Collection[str] | None = None
) -> tuple[str, ...]:
    """Return the alternatives that are chosen, each once.

    Args:
        identifiers: Those chosen.
        known: Those that may be chosen; by default all of the register.

    Raises:
        RefusalError: No alternative that can be computed has such an identifier, or
            two of them change the same rule.
    """
    known = alternatives() if known is None else known
    chosen = tuple(dict.fromkeys(identifiers))
    for one in chosen:
        if one not in known:
            reason = f'"{one[:80]}" is not a reading that can be computed'
            meant = suggestion(one, known)
            end = "" if meant.endswith("?") else "."
            remedy = f"{meant}{end} GET /readings and docs/readings.md list them"
            if not known:
                remedy = "Leave it out: this law has no other readings"
            problem = Problem("", one[:80], reason, remedy)
            raise RefusalError(400, "unknown_reading", problem)
    for one, other in combinations(chosen, 2):
        if common := changed_by(one) & changed_by(other):
            reason = f'the readings "{one}" and "{other}" both change {min(common)}'
            problem = Problem("", other, reason, "Choose one of the two")
            raise RefusalError(400, "conflicting_readings", problem)
    return chosen


@lru_cache(maxsize=8)
def readings_of(system: TaxBenefitSystem) -> tuple[str, ...]:
    """Return the identifiers of the readings that change what a law has.

    They are those of this package; the law of another package has none.
    """
    nodes = system.parameters.get_descendants()
    names = {*system.variables, *(node.name for node in nodes)}
    return tuple(one for one in alternatives() if changed_by(one) <= names)


def readings_beside(system: TaxBenefitSystem) -> dict[str, Alternative]:
    """Return the readings that may be added to those that a law follows already.

    They are all of the register, save what changes a rule that one followed changes.
    """
    changed = set()
    for identifier in readings_followed(system):
        changed |= changed_by(identifier)
    return {
        one: alternative
        for one, alternative in alternatives().items()
        if not changed & changed_by(one)
    }


def changed_by(identifier: str) -> set[str]:
    """Return the names of the variables and parameters that a reading changes."""
    entry = alternatives()[identifier].entry
    return {*entry.get("variables", ()), *entry.get("parameters", ())}


@lru_cache(maxsize=256)
def _built(system: TaxBenefitSystem, identifiers: tuple[str, ...]) -> TaxBenefitSystem:
    return with_readings(system, *identifiers)
