"""The route ``/questions``: which answers are settled, and which facts are missing."""

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv import standing
from openfisca_isv.situations.axes import refuse_axes
from openfisca_isv.situations.contradictions import refuse_contradictions, warnings
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.situations.situation import Situation


def questions(
    system: TaxBenefitSystem, situation: Situation, _body: dict[str, dict]
) -> dict[str, list[dict]]:
    """Return the standing of each value that a situation asks.

    Args:
        system: The model.
        situation: What the body says.

    Returns:
        ``answers``, one for each value asked, and ``warnings`` of odd facts.

    Raises:
        RefusalError: The situation has axes, or facts that contradict each other.
    """
    refuse_axes(situation, "answered")
    simulation = build_simulation(system, situation)
    refuse_contradictions(simulation, situation)
    answers = standing.answer(system, situation)
    return answers | {"warnings": warnings(simulation, situation)}
