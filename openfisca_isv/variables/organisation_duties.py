"""What the organisation owes besides social security (law, articles 3, 4 and 5)."""

from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import last_day
from openfisca_isv.entities import Mission
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import lists_on


def is_owed_from(mission, period, duty):
    """Return whether the law on the first day of each contract imposes the duty."""
    start = mission("start_date", period)
    is_known = mission("contract_days_are_known", period)
    return is_known & lists_on(mission, "organisation_duties.duties", duty, start)


class insured_persons(Variable):
    value_type = int
    entity = Mission
    definition_period = MONTH
    label = "Persons that the organisation insures: the volunteer and the dependants"
    reference = cite("loi-2005-159-art-5-al-3")

    def formula(mission, period):
        """The volunteer and each dependant, in a month of mission."""
        is_insured = mission("law_applies", period) & (
            mission("mission_days", period) > 0
        )
        return is_insured * (1 + mission.volunteer("dependants_count", period))


class complementary_health_insurance_is_owed(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Complementary health insurance is owed"
    reference = cite("loi-2005-159-art-5-al-3")
    documentation = "For the volunteer and dependants, at the organisation's expense."

    def formula(mission, period):
        """Complementary health insurance (assurance maladie complémentaire)."""
        is_owed = is_owed_from(mission, period, "complementary_health_insurance")
        return is_owed & (mission("mission_days", period) > 0)


class liability_insurance_is_owed(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Liability insurance is owed"
    reference = cite("loi-2005-159-art-5-al-3")
    documentation = "For the volunteer and dependants, at the organisation's expense."

    def formula(mission, period):
        """Liability insurance (responsabilité civile)."""
        is_owed = is_owed_from(mission, period, "liability_insurance")
        return is_owed & (mission("mission_days", period) > 0)


class repatriation_insurance_is_owed(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "Insurance for medical repatriation is owed"
    reference = cite("loi-2005-159-art-5-al-3")
    documentation = "For the volunteer and dependants, at the organisation's expense."

    def formula(mission, period):
        """Insurance for medical repatriation (rapatriement sanitaire)."""
        is_owed = is_owed_from(mission, period, "repatriation_insurance")
        return is_owed & (mission("mission_days", period) > 0)


class training_is_owed(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "Training is owed by the organisation"
    reference = cite("loi-2005-159-art-4-al-2", "decret-2022-1067-art-3")
    documentation = """
    Before departure; since the decree of 2022, a volunteer hosted in France may be
    trained after arriving.
    """

    def formula(mission, period):
        """The organisation trains the volunteer."""
        return is_owed_from(mission, period, "training")


class travel_is_owed(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "Travel for the mission is owed by the organisation"
    reference = cite("loi-2005-159-art-4-al-2")

    def formula(mission, period):
        """The organisation bears the cost of travel."""
        return is_owed_from(mission, period, "travel")


class return_support_is_owed(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "Support in finding work on return is owed by the organisation"
    reference = cite("loi-2005-159-art-4-al-2")

    def formula(mission, period):
        """The organisation helps the volunteer back into work."""
        return is_owed_from(mission, period, "return_support")


class return_travel_is_owed(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "Return to the place of residence is owed by the organisation"
    reference = cite("loi-2005-159-art-4-al-3")

    def formula(mission, period):
        """In every case, early termination and withdrawn accreditation included."""
        return is_owed_from(mission, period, "return_travel")


class certificate_is_owed(Variable):
    value_type = bool
    entity = Mission
    definition_period = MONTH
    label = "The certificate of accomplishment of the mission is owed"
    reference = cite("loi-2005-159-art-3-al-3")

    def formula(mission, period):
        """From the month in which the mission as served ends (attestation)."""
        is_served = mission("served_days", period) > 0
        has_ended = mission("effective_end_date", period) <= last_day(period)
        is_owed = is_owed_from(mission, period, "certificate")
        return is_served & has_ended & is_owed
