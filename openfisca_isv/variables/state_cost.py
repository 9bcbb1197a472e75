"""What the State pays, by mission and by organisation."""

from openfisca_core.periods import MONTH
from openfisca_core.variables import Variable

from openfisca_isv.entities import Mission, Organisation, sum_over_missions
from openfisca_isv.law import cite


class state_aid(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "State aid to the organisation for the mission"
    unit = "currency-EUR"
    reference = cite("decret-2005-600-art-10", "decret-2022-1067-art-9")

    def formula(mission, period):
        """Sum of the seven contributions."""
        return (
            mission("state_social_cover_contribution", period)
            + mission("state_management_contribution", period)
            + mission("state_allowance_contribution", period)
            + mission("state_installation_contribution", period)
            + mission("state_training_contribution", period)
            + mission("state_return_support_contribution", period)
            + mission("state_insurance_contribution", period)
        )


class state_cost(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Cost of the mission to the State"
    unit = "currency-EUR"
    reference = cite(
        "decret-2005-600-art-10",
        "decret-2005-600-art-11",
        "decret-2022-1067-art-9",
        "decret-2022-1067-art-13",
        "decret-2022-1067-art-14",
    )

    def formula(mission, period):
        """State aid to the organisation, and the aids on return to the volunteer."""
        return (
            mission("state_aid", period)
            + mission("resettlement_allowance", period)
            + mission("occupational_integration_premium", period)
        )


class organisation_state_aid(Variable):
    value_type = float
    entity = Organisation
    definition_period = MONTH
    label = "State aid to the organisation for all its missions"
    unit = "currency-EUR"
    reference = cite("decret-2005-600-art-10", "decret-2022-1067-art-9")

    def formula(organisation, period):
        """Sum over the missions of the organisation."""
        return sum_over_missions(
            organisation, organisation.members("state_aid", period)
        )
