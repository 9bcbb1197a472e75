"""The conclusions of the model, in the order of the law.

What the files of results hold and what the file of a volunteer shows.
"""

from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

#: Names of outputs, by subject.
CONCLUSIONS: dict[str, tuple[str, ...]] = {
    "The contract (law, articles 1, 9 and 10)": (
        "law_applies",
        "organisation_is_entitled",
        "meets_accreditation_criteria",
        "volunteer_is_adult",
        "domain_is_eligible",
    ),
    "The host country (law, article 2)": ("host_country_is_open",),
    "Resignation, unemployment (law, article 3)": (
        "opens_legitimate_resignation",
        "unemployment_rights_are_open",
    ),
    "Length and notice (law, article 4)": (
        "contract_months",
        "contract_duration_is_lawful",
        "effective_end_date",
        "served_months",
        "served_days",
        "mission_days",
        "engagement_months",
        "lifetime_duration_is_lawful",
        "lifetime_months",
        "remaining_lifetime_months",
        "earliest_termination_date",
        "notice_is_respected",
    ),
    "Social cover (law, article 5)": ("social_security_affiliated",),
    "Leave (law, article 6)": ("leave_days_total", "leave_days_accrued"),
    "Allowance (law, article 7)": (
        "allowance_minimum",
        "allowance_maximum",
        "allowance_is_lawful",
        "allowance_due",
        "allowance_subject_to_income_tax",
        "allowance_subject_to_social_contributions",
    ),
    "All conditions together": (
        "contract_first_unmet_condition",
        "contract_is_lawful",
    ),
    "State aid to the organisation (decrees)": (
        "state_social_cover_contribution",
        "state_management_contribution",
        "state_allowance_contribution",
        "state_installation_contribution",
        "state_training_contribution",
        "state_return_support_contribution",
        "state_insurance_contribution",
        "state_aid",
        "organisation_state_aid",
    ),
    "Return (decrees)": (
        "occupational_integration_premium",
        "is_entitled_to_resettlement_allowance",
        "resettlement_allowance_is_undetermined",
        "resettlement_allowance",
    ),
    "Retirement (fiche F11444)": ("retirement_quarters",),
    "Cost to the State": ("state_cost",),
}


def conclusions_of(
    system: TaxBenefitSystem, entity: str, unit: DateUnit | None = None
) -> list[Variable]:
    """List the conclusions about an entity, in the order of the law.

    Args:
        system: The law, or a reform of it.
        entity: The key of the entity.
        unit: Keep those that are defined for this period alone.
    """
    variables = (
        system.get_variable(name) for names in CONCLUSIONS.values() for name in names
    )
    return [
        variable
        for variable in variables
        if variable.entity.key == entity and unit in (None, variable.definition_period)
    ]
