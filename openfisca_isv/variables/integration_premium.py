"""The occupational integration premium (prime forfaitaire d'insertion professionnelle).

Décret 2005-600, article 13, then décret 2022-1067, article 13; amount by order.
"""

from datetime import date

import numpy
from openfisca_core.periods import ETERNITY, MONTH, YEAR
from openfisca_core.periods import period as to_period
from openfisca_core.variables import Variable

from openfisca_isv.countries import Country
from openfisca_isv.dates import (
    NEVER,
    add_months,
    dispatch_by_month,
    first_day,
    month_after,
)
from openfisca_isv.entities import Mission, Volunteer
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import is_listed_on, value_on
from openfisca_isv.timeline import volunteers_of

DECREES = cite("decret-2005-600-art-13", "decret-2022-1067-art-13")
ORDERS = cite("arrete-2005-12-21-premium", "arrete-2022-12-01-premium")


class integration_premium_request_date(Variable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "Day on which the premium was asked for"
    reference = DECREES
    documentation = "The default, 9999-12-31, says that it never was."


class is_registered_jobseeker(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    set_input = dispatch_by_month
    label = "The volunteer is on the list of jobseekers"
    reference = DECREES


class meets_rsa_conditions(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    set_input = dispatch_by_month
    label = "The volunteer meets the conditions of the minimum income (RMI, then RSA)"
    reference = DECREES


class receives_other_job_search_aid(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    set_input = dispatch_by_month
    label = "The volunteer receives another aid for jobseekers"
    reference = DECREES


class opens_integration_premium(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The return from this mission opens the premium, asked for in time"
    reference = DECREES + cite("arrete-2005-12-21-art-1", "arrete-2022-12-01-art-1")

    def formula(mission, period):
        """The engagement is long enough, not forsaken, and the request is in time.

        On the last day served of the engagement's last mission. Since the decree of
        2022 a mission hosted in France opens none, nor one whose host is unknown.
        """
        end = mission("effective_end_date", period)
        minimum = value_on(
            mission, "integration_premium.minimum_engagement_months", end, numpy.inf
        )
        is_long_enough = mission("engagement_agreed_months", period) >= minimum
        is_forsaken = mission("is_ended_early", period) & ~is_listed_on(
            mission,
            "integration_premium.reasons_that_keep_the_right",
            mission("early_termination_reason", period),
            end,
        )
        excludes_france = value_on(
            mission, "integration_premium.excludes_missions_in_france", end, False
        )
        is_abroad = (mission("host_country", period) != Country.none) & ~mission(
            "is_hosted_in_france", period
        )
        delay = value_on(
            mission, "integration_premium.maximum_request_delay_months", end, 0
        )
        request = mission("integration_premium_request_date", period)
        is_asked_in_time = request <= add_months(end, delay)
        return (
            mission("law_applies", period)
            & mission("is_last_mission_of_engagement", period)
            & is_long_enough
            & ~is_forsaken
            & (is_abroad | ~excludes_france)
            & is_asked_in_time
        )


class integration_premium_first_month(EternalVariable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "First day of the first month for which the premium may be paid"
    reference = DECREES

    def formula(mission, period):
        """The month after the later of the last day served and the request."""
        later = numpy.maximum(
            mission("effective_end_date", period),
            mission("integration_premium_request_date", period),
        )
        opens = mission("opens_integration_premium", period)
        return numpy.where(opens, month_after(later), numpy.datetime64(NEVER))


class meets_integration_premium_conditions(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    label = "The volunteer is a registered jobseeker, without RSA nor other aid"
    reference = DECREES

    def formula(volunteer, period):
        """On the list of jobseekers, outside the RSA, without another aid."""
        return (
            volunteer("is_registered_jobseeker", period)
            & ~volunteer("meets_rsa_conditions", period)
            & ~volunteer("receives_other_job_search_aid", period)
        )


def _qualifying_months(mission, rows, first_month, start, stop):
    """Count the months that qualify, from one to another, excluded, for some rows."""
    volunteers = volunteers_of(mission)[rows]
    count = numpy.zeros(len(rows), dtype=numpy.int32)
    month = start
    while month.start < stop.start:
        qualifies = mission.simulation.calculate(
            "meets_integration_premium_conditions", month
        )
        if qualifies.any():
            count += (first_month <= first_day(month)) & qualifies[volunteers]
        month = month.offset(1)
    return count


class integration_premium_months_before_year(Variable):
    value_type = int
    entity = Mission
    definition_period = YEAR
    label = "Months that qualified for the premium before the year"
    unit = "month"
    reference = DECREES

    def formula(mission, period):
        """Months in which the conditions were met, from the first month on."""
        first_month = mission("integration_premium_first_month", period)
        count = mission.filled_array(0, dtype=numpy.int32)
        rows = numpy.flatnonzero(first_month < first_day(period))
        if len(rows):
            first_month = first_month[rows]
            start = to_period(str(first_month.min().astype("datetime64[M]")))
            count[rows] = _qualifying_months(mission, rows, first_month, start, period)
        return count


class occupational_integration_premium(Variable):
    value_type = float
    entity = Mission
    definition_period = MONTH
    label = "Occupational integration premium for the month"
    unit = "currency-EUR"
    reference = DECREES + ORDERS
    documentation = """
    A month in which the volunteer does not meet the conditions is not paid and does
    not use up one of the months of the premium: a reading.
    """

    def formula(mission, period):
        """A share of the cap for each month that qualifies, as many as the decree says.

        Months that qualified before this one are counted from the first month on.
        """
        premium = mission.filled_array(0.0, dtype=numpy.float32)
        first_month = mission("integration_premium_first_month", period)
        may_be_due = (first_month <= first_day(period)) & mission.volunteer(
            "meets_integration_premium_conditions", period
        )
        if not may_be_due.any():
            return premium
        # Few missions are left: the months before are counted for these alone.
        due = numpy.flatnonzero(may_be_due)
        year = period.this_year
        before_year = mission("integration_premium_months_before_year", year)[due]
        months_before = before_year + _qualifying_months(
            mission, due, first_month[due], year.first_month, period
        )
        end = mission("effective_end_date", period)[due]
        cap = value_on(mission, "integration_premium.maximum_amount", end, otherwise=0)
        months = value_on(mission, "integration_premium.maximum_months", end, 1)
        premium[due] = cap / months * (months_before < months)
        return premium


class integration_premium_months_per_payment(EternalVariable):
    value_type = int
    entity = Mission
    definition_period = ETERNITY
    label = "Months of premium that one payment covers"
    unit = "month"
    reference = ORDERS
    documentation = """
    How the months due are grouped when they are paid; 0 where no order is in force.
    `occupational_integration_premium` gives what is due for each month.
    """

    def formula(mission, period):
        """Quarterly under the order of 2005, monthly under that of 2022."""
        end = mission("effective_end_date", period)
        return value_on(mission, "integration_premium.months_per_payment", end, 0)
