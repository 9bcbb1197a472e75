"""A plain reading of the vocabulary, one volunteer at a time, apart from the model.

One function per output, under the output's own name. An output of a mission takes
the volunteer and the mission; one of a volunteer, the volunteer; one of an
organisation, the organisation. A monthly output then takes the year and the month, a
yearly one the year. ``organisation_state_aid`` takes the volunteers as well, after
the organisation. Readings are numbered as in the vocabulary.

The tables below list the outputs, by entity and period, as {name: function}.
"""

from scalar_contract import (
    allowance_is_lawful,
    allowance_maximum,
    allowance_maximum_is_undetermined,
    allowance_minimum,
    contract_duration_is_lawful,
    contract_first_unmet_condition,
    contract_is_lawful,
    contract_months,
    domain_is_eligible,
    earliest_termination_date,
    effective_end_date,
    engagement_months,
    host_country_is_open,
    is_volunteering_contract,
    law_applies,
    lifetime_duration_is_lawful,
    mission_days,
    notice_is_respected,
    organisation_is_entitled,
    served_days,
    served_months,
    volunteer_is_adult,
)
from scalar_rights import (
    allowance_due,
    allowance_subject_to_income_tax,
    allowance_subject_to_social_contributions,
    is_entitled_to_resettlement_allowance,
    leave_days_accrued,
    leave_days_total,
    lifetime_months,
    occupational_integration_premium,
    opens_legitimate_resignation,
    remaining_lifetime_months,
    resettlement_allowance,
    resettlement_allowance_is_undetermined,
    retirement_quarters,
    retirement_quarters_are_undetermined,
    social_contribution_base,
    social_security_affiliated,
    unemployment_rights_are_open,
)
from scalar_state import (
    meets_accreditation_criteria,
    organisation_state_aid,
    state_aid,
    state_allowance_contribution,
    state_cost,
    state_installation_contribution,
    state_insurance_contribution,
    state_management_contribution,
    state_return_support_contribution,
    state_social_cover_contribution,
    state_training_contribution,
)


def _named(*functions):
    return {function.__name__: function for function in functions}


MISSION_ONCE = _named(
    effective_end_date,
    contract_months,
    served_months,
    served_days,
    engagement_months,
    law_applies,
    is_volunteering_contract,
    volunteer_is_adult,
    organisation_is_entitled,
    host_country_is_open,
    domain_is_eligible,
    contract_duration_is_lawful,
    lifetime_duration_is_lawful,
    allowance_minimum,
    allowance_maximum,
    allowance_maximum_is_undetermined,
    allowance_is_lawful,
    contract_is_lawful,
    contract_first_unmet_condition,
    leave_days_total,
    opens_legitimate_resignation,
    earliest_termination_date,
    notice_is_respected,
    is_entitled_to_resettlement_allowance,
    resettlement_allowance_is_undetermined,
)

MISSION_BY_MONTH = _named(
    mission_days,
    allowance_due,
    allowance_subject_to_income_tax,
    allowance_subject_to_social_contributions,
    social_contribution_base,
    leave_days_accrued,
    resettlement_allowance,
    occupational_integration_premium,
    social_security_affiliated,
    state_social_cover_contribution,
    state_management_contribution,
    state_allowance_contribution,
    state_installation_contribution,
    state_training_contribution,
    state_return_support_contribution,
    state_insurance_contribution,
    state_aid,
    state_cost,
)

VOLUNTEER_BY_MONTH = _named(
    unemployment_rights_are_open,
    lifetime_months,
    remaining_lifetime_months,
)

VOLUNTEER_BY_YEAR = _named(retirement_quarters, retirement_quarters_are_undetermined)

ORGANISATION_BY_MONTH = _named(
    organisation_state_aid,
    meets_accreditation_criteria,
)
