"""A floor of 200 euros: the minimum allowance abroad, raised."""

from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform


class allowance_floor_of_200_euros(Reform):
    """Contracts abroad that start in 2025 or later give at least 200 euros a month."""

    name = "Minimum allowance abroad of 200 euros from 2025"

    def apply(self) -> None:
        """Raise the minimum from 1 January 2025."""
        self.modify_parameters(_raise_minimum)


def _raise_minimum(parameters: ParameterNode) -> ParameterNode:
    parameters.allowance.minimum_abroad.update(start=instant("2025-01-01"), value=200)
    return parameters
