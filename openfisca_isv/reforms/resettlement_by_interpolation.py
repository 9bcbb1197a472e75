"""Another reading of the resettlement amounts: in proportion between two steps.

The order gives three lengths and three amounts "according to the length". The model
reads steps; this reading draws a straight line from each to the next.
"""

from openfisca_core.reforms import Reform

from openfisca_isv.eternal import EternalVariable
from openfisca_isv.reforms.readings.on_return import amounts_interpolated


class resettlement_amount(EternalVariable):
    formula = amounts_interpolated


class resettlement_by_interpolation(Reform):
    """Resettlement in proportion to the length, between two steps of the order."""

    name = "Resettlement allowance by linear interpolation between the steps"

    def apply(self) -> None:
        """Read the amounts in proportion."""
        self.update_variable(resettlement_amount)
