"""Variables that do not change over time, for any period they are asked for."""

from collections.abc import Callable

from openfisca_core.variables import Variable


class EternalVariable(Variable):
    """A computed variable with ``definition_period = ETERNITY``.

    The engine looks a formula up by the first day of the period, and the period
    ``ETERNITY``, the natural one to ask for, has none: it fails with an internal
    error. An eternal variable has a single formula, whatever the period.
    """

    def get_formula(self, _period: object = None) -> Callable | None:
        """Return the formula, for any period, ``ETERNITY`` included."""
        return super().get_formula()
