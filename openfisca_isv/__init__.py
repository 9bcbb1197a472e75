"""The French law on international solidarity volunteering, as an OpenFisca model.

Law n° 2005-159 of 23 February 2005 (*volontariat de solidarité internationale*), the
decrees and the orders that apply it. Import ``CountryTaxBenefitSystem``, or name the
package to OpenFisca: ``openfisca serve -c openfisca_isv``.
"""

from pathlib import Path
from types import MappingProxyType

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.entities import entities
from openfisca_isv.input_periods import unify_input_periods
from openfisca_isv.parameter_files import read_parameters
from openfisca_isv.situation_examples import contract_abroad

_PACKAGE = Path(__file__).parent
unify_input_periods()


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """The law in force and its history: entities, variables and parameters.

    Attributes:
        contradiction_variables: What tools refuse: enumerations that are not ``none``
            where facts cannot be true together. That of the volunteer repeats those
            of the missions, and is not among them.
        oddity_variables: What tools warn of, likewise.
        event_variables: What tells of an event, which did not happen where its day is
            left out: each with the variable of that day.
        rank_variables: Ranks that hold together over a life, that of a mission first.
    """

    contradiction_variables = (
        "input_contradiction",
        "organisation_input_contradiction",
    )
    oddity_variables = ("input_oddity",)
    event_variables = MappingProxyType(
        {
            "early_termination_date": "early_termination_date",
            "early_termination_reason": "early_termination_date",
            "integration_premium_request_date": "integration_premium_request_date",
            "notice_date": "notice_date",
        }
    )
    rank_variables = ("mission_rank", "engagement_rank")

    def __init__(self) -> None:
        super().__init__(entities)
        self.add_variables_from_directory(str(_PACKAGE / "variables"))
        self.parameters = read_parameters(_PACKAGE / "parameters")
        self.open_api_config = {
            "variable_example": "contract_is_lawful",
            "parameter_example": "allowance.minimum_abroad",
            "simulation_example": contract_abroad,
        }
