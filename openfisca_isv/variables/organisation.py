"""The organisation and its accreditation (law n° 2005-159, articles 1 and 9)."""

from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import ETERNITY, MONTH
from openfisca_core.variables import Variable

from openfisca_isv.dates import DAY, NEVER, first_day, years_later
from openfisca_isv.entities import Mission, Organisation
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import (
    amount_on,
    first_effective_day,
    is_listed_on,
    threshold_on,
)


class LegalForm(Enum):
    """What the organisation is in law."""

    none = "Unknown"
    french_law_association = "Association under French law"
    public_interest_group = "Public interest group (groupement d'intérêt public)"
    other = "Another legal form"


class legal_form(Variable):
    value_type = Enum
    possible_values = LegalForm
    default_value = LegalForm.none
    entity = Organisation
    definition_period = ETERNITY
    label = "Legal form of the organisation"
    reference = cite("loi-2005-159-art-1-al-1")


class accreditation_start_date(Variable):
    value_type = date
    default_value = NEVER
    entity = Organisation
    definition_period = ETERNITY
    label = "First day of the accreditation by the foreign minister (agrément)"
    reference = cite("loi-2005-159-art-9-al-1")
    documentation = "The default, 9999-12-31, says that there never was one."


class accreditation_end_date(Variable):
    value_type = date
    default_value = NEVER
    entity = Organisation
    definition_period = ETERNITY
    label = "Last day of the accreditation, renewals included"
    reference = cite("loi-2005-159-art-9-al-1")
    documentation = """
    The default, 9999-12-31, says that it is not given: the accreditation is then read
    as lasting as long as the texts allow, see `accreditation_last_day`.
    """


class accreditation_last_day(EternalVariable):
    value_type = date
    default_value = NEVER
    entity = Organisation
    definition_period = ETERNITY
    label = "Last day that the accreditation covers"
    reference = cite(
        "loi-2005-159-art-9-al-1",
        "decret-2005-600-art-6",
        "decret-2022-1067-art-1",
    )
    documentation = """
    An accreditation is granted for a limited time. Where its last day is not given, it
    lasts the maximum that a decree allows, and no longer: a reading.
    """

    def formula(organisation, period):
        """The last day given, else that of the longest accreditation allowed."""
        start = organisation("accreditation_start_date", period)
        end = organisation("accreditation_end_date", period)
        name = "organisation.accreditation.maximum_years"
        # An accreditation that precedes the decree is judged by its first version.
        day = numpy.maximum(start, first_effective_day(organisation, name))
        longest = years_later(start, amount_on(organisation, name, day)) - DAY
        never = numpy.datetime64(NEVER)
        return numpy.where(end == never, numpy.minimum(longest, never), end)


class years_of_activity_abroad(Variable):
    value_type = float
    entity = Organisation
    definition_period = ETERNITY
    label = "Years of activity abroad"
    unit = "year"
    reference = cite("decret-2005-600-art-6", "decret-2022-1067-art-1")


class budget_is_balanced(Variable):
    value_type = bool
    entity = Organisation
    definition_period = ETERNITY
    label = "The budget is balanced over the last three financial years"
    reference = cite("decret-2005-600-art-6", "decret-2022-1067-art-1")


class private_resources_share(Variable):
    value_type = float
    entity = Organisation
    definition_period = ETERNITY
    label = "Private share of the annual budget, over the last three financial years"
    unit = "/1"
    reference = cite("decret-2005-600-art-6", "decret-2022-1067-art-1")


class organisation_is_entitled(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The organisation may conclude the contract"
    reference = cite("loi-2005-159-art-1-al-1", "loi-2005-159-art-9-al-1")

    def formula(mission, period):
        """The legal form is allowed, and the accreditation covers the first day."""
        start = mission("start_date", period)
        form = mission.organisation("legal_form", period)
        form_is_allowed = is_listed_on(
            mission, "organisation.allowed_legal_forms", form, start
        )
        is_accredited = (
            mission.organisation("accreditation_start_date", period) <= start
        ) & (start <= mission.organisation("accreditation_last_day", period))
        return form_is_allowed & is_accredited


class accreditation_length_is_lawful(EternalVariable):
    value_type = bool
    entity = Organisation
    definition_period = ETERNITY
    label = "The accreditation is given for no longer than the decree allows"
    reference = cite(
        "loi-2005-159-art-9-al-1",
        "decret-2005-600-art-6",
        "decret-2022-1067-art-1",
    )
    documentation = """
    To be asked of one accreditation, first to last day. Where the two days given
    span a first accreditation and its renewals, it fails, and that is not a fault:
    it is not a condition of the contract.
    """

    def formula(organisation, period):
        """The day after the last is within the maximum length of the first day."""
        start = organisation("accreditation_start_date", period)
        end = organisation("accreditation_last_day", period)
        maximum = amount_on(
            organisation, "organisation.accreditation.maximum_years", start
        )
        is_given = (start < numpy.datetime64(NEVER)) & (start <= end)
        return is_given & (end + DAY <= years_later(start, maximum))


class meets_accreditation_criteria(Variable):
    value_type = bool
    entity = Organisation
    definition_period = MONTH
    label = "The organisation meets the criteria of accreditation that can be counted"
    reference = cite(
        "decret-2005-600-art-6",
        "decret-2022-1067-art-1",
        "decret-2022-1067-art-2",
    )
    documentation = """
    The guarantees needed to carry out missions are for the minister to assess and are
    not computed. The decree of 2022 asks none of the tests of a public interest
    group.
    """

    def formula(organisation, period):
        """An association meets the three tests; a public interest group has none."""
        today = first_day(period)

        def criterion(name):
            return threshold_on(
                organisation, f"organisation.accreditation.{name}", today
            )

        form = organisation("legal_form", period)
        prefix = "organisation.accreditation.legal_forms"
        is_tested = is_listed_on(organisation, f"{prefix}_tested", form, today)
        is_not_tested = is_listed_on(organisation, f"{prefix}_not_tested", form, today)
        has_been_active = organisation("years_of_activity_abroad", period) >= criterion(
            "minimum_years_of_activity_abroad"
        )
        budget_is_balanced = organisation("budget_is_balanced", period)
        has_private_resources = organisation(
            "private_resources_share", period
        ) > criterion("private_resources_share_floor")
        passes = has_been_active & budget_is_balanced & has_private_resources
        return is_not_tested | (is_tested & passes)
