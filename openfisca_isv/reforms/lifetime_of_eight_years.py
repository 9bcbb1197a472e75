"""A lifetime of eight years: the cap on all missions of a life, raised."""

from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform


class lifetime_of_eight_years(Reform):
    """Contracts that start in 2025 or later may bring a life to eight years."""

    name = "Lifetime maximum of eight years from 2025"

    def apply(self) -> None:
        """Raise the cap from 1 January 2025."""
        self.modify_parameters(_raise_cap)


def _raise_cap(parameters: ParameterNode) -> ParameterNode:
    parameters.lifetime.maximum_months.update(start=instant("2025-01-01"), value=96)
    return parameters
