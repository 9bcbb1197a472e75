"""Which values the facts stated pin down, whatever the facts left out may be."""

from collections.abc import Callable, Iterable
from typing import Self

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.counterfactuals.life import Key, Life, Place
from openfisca_isv.standing.evaluation import BoundsSimulation


class Pinned:
    """The values of a situation of which both bounds are one value.

    It takes one calculation of each life, and says nothing wrong: a value of which the
    bounds are too wide to tell is not pinned.
    """

    def __init__(self, lives: Iterable[Life]) -> None:
        self.bounds_of_lives = [BoundsSimulation(life) for life in lives]
        self._by_entity = {
            (kind, row): bounds
            for bounds in self.bounds_of_lives
            for kind, rows in bounds.life.rows.items()
            for row in rows.tolist()
        }

    def under(
        self, system: TaxBenefitSystem, is_reached: Callable[[Key], bool]
    ) -> Self:
        """Return what the same facts pin down under a reform.

        Args:
            system: The reform.
            is_reached: Whether the reform can change the value of a key; the bounds
                of the others are taken over.
        """
        other = type(self)(one.life.under(system) for one in self.bounds_of_lives)
        for mine, theirs in zip(
            self.bounds_of_lives, other.bounds_of_lives, strict=True
        ):
            theirs.known |= {
                key: bounds for key, bounds in mine.known.items() if not is_reached(key)
            }
        return other

    def is_pinned(self, place: Place) -> bool:
        """Return whether a value is the same whatever is left out."""
        system = self.bounds_of_lives[0].life.system
        kind = system.variables[place.variable].entity.key
        return self._by_entity[kind, place.row].value(place) is not None
