"""Another reading of the resettlement amounts: in proportion between two steps.

The order gives three lengths and three amounts "according to the length". The model
reads steps; this reading draws a straight line from each to the next.
"""

import numpy
from openfisca_core.reforms import Reform

from openfisca_isv.eternal import EternalVariable
from openfisca_isv.legal_dates import scales_on


class resettlement_amount(EternalVariable):
    def formula(mission, period):
        """The amount on the line between the two steps around the length.

        Nothing below the first step, the last amount above the last one.
        """
        end = mission("effective_end_date", period)
        months = mission("engagement_months", period)
        amount = numpy.zeros(mission.count)
        for rows, steps in scales_on(mission, "resettlement_allowance.amount", end):
            amount[rows] = numpy.interp(
                months[rows], steps.thresholds, steps.amounts, left=0
            )
        return amount * mission("is_entitled_to_resettlement_allowance", period)


class resettlement_by_interpolation(Reform):
    """Resettlement in proportion to the length, between two steps of the order."""

    name = "Resettlement allowance by linear interpolation between the steps"

    def apply(self) -> None:
        """Read the amounts in proportion."""
        self.update_variable(resettlement_amount)
