"""Which values the facts stated pin down, whatever the facts left out may be."""

from openfisca_core.periods import Period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.situations.situation import Situation
from openfisca_isv.standing.evaluation import BoundsSimulation
from openfisca_isv.standing.lives import lives


class Pinned:
    """The values of a situation of which both bounds are one value.

    It takes one calculation of each life, and says nothing wrong: a value of which the
    bounds are too wide to tell is not pinned.

    Args:
        system: The model.
        situation: What a body says, without axes.
    """

    def __init__(self, system: TaxBenefitSystem, situation: Situation) -> None:
        self._system = system
        self._places: dict[tuple[str, int], tuple[BoundsSimulation, int]] = {}
        for life in lives(system, situation):
            bounds = BoundsSimulation(life)
            for kind, rows in life.rows.items():
                for place, row in enumerate(rows.tolist()):
                    self._places[kind, row] = bounds, place

    def is_pinned(self, variable: str, period: Period, row: int) -> bool:
        """Return whether a value is the same whatever is left out.

        Args:
            variable: The name of the variable.
            period: Its period.
            row: The place of the entity among those of its kind in the situation.
        """
        kind = self._system.variables[variable].entity.key
        bounds, place = self._places[kind, row]
        return bool(bounds.calculate(variable, period).exact_rows[place])
