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
    value_in_month_of,
)
from openfisca_isv.entities import Mission, Volunteer
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.law import cite
from openfisca_isv.legal_dates import (
    amount_on,
    is_listed_on,
    is_set_on,
    threshold_on,
    value_on,
)
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


class meets_rsa_conditions_on_return(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The volunteer meets the conditions of the minimum income on return"
    reference = DECREES
    documentation = """
    In the month in which the engagement ends: the decrees say "at the end of the
    mission", and do not ask again in later months.
    """

    def formula(mission, period):
        """The conditions of the RMI, then RSA, in the month of the last day served."""
        return value_in_month_of(
            mission,
            "meets_rsa_conditions",
            mission("effective_end_date", period),
            rows=mission("is_last_mission_of_engagement", period),
        )


class forfeits_integration_premium(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The early termination of this mission forfeits the premium"
    reference = DECREES

    def formula(mission, period):
        """Ended early, for a reason that does not keep the right."""
        keeps_the_right = is_listed_on(
            mission,
            "integration_premium.reasons_that_keep_the_right",
            mission("early_termination_reason", period),
            mission("effective_end_date", period),
        )
        return mission("is_ended_early", period) & ~keeps_the_right


class may_open_integration_premium(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = "The return from this mission opens the premium, if it is asked for in time"
    reference = DECREES + cite("arrete-2005-12-21-art-1", "arrete-2022-12-01-art-1")

    def formula(mission, period):
        """An engagement long enough, not forfeited, without the minimum income.

        On the last day served of the engagement's last mission. Since the decree of
        2022 a mission hosted in France opens none, nor one whose host is unknown.
        """
        end = mission("effective_end_date", period)
        minimum = threshold_on(
            mission, "integration_premium.minimum_engagement_months", end
        )
        is_long_enough = mission("engagement_agreed_months", period) >= minimum
        excludes_france = is_set_on(
            mission, "integration_premium.excludes_missions_in_france", end
        )
        is_abroad = (mission("host_country", period) != Country.none) & ~mission(
            "is_hosted_in_france", period
        )
        return (
            mission("contract_opens_rights", period)
            & mission("is_last_mission_of_engagement", period)
            & is_long_enough
            & ~mission("forfeits_integration_premium", period)
            & (is_abroad | ~excludes_france)
            & ~mission("meets_rsa_conditions_on_return", period)
        )


class integration_premium_request_deadline(EternalVariable):
    value_type = date
    default_value = NEVER
    entity = Mission
    definition_period = ETERNITY
    label = "Last day on which the premium may be asked for"
    reference = DECREES

    def formula(mission, period):
        """The months of the decree after the last day served."""
        end = mission("effective_end_date", period)
        delay = amount_on(
            mission, "integration_premium.maximum_request_delay_months", end
        )
        return add_months(end, delay)


class is_entitled_to_integration_premium(EternalVariable):
    value_type = bool
    entity = Mission
    definition_period = ETERNITY
    label = (
        "The return from this mission opens the premium, and it was asked for in time"
    )
    reference = DECREES

    def formula(mission, period):
        """The return opens the premium, asked for on or before the deadline."""
        request = mission("integration_premium_request_date", period)
        deadline = mission("integration_premium_request_deadline", period)
        return mission("may_open_integration_premium", period) & (request <= deadline)


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
        is_entitled = mission("is_entitled_to_integration_premium", period)
        return numpy.where(is_entitled, month_after(later), numpy.datetime64(NEVER))


class meets_integration_premium_conditions(Variable):
    value_type = bool
    entity = Volunteer
    definition_period = MONTH
    label = "The volunteer is a registered jobseeker without another job-search aid"
    reference = DECREES

    def formula(volunteer, period):
        """On the list of jobseekers, and without another aid."""
        return volunteer("is_registered_jobseeker", period) & ~volunteer(
            "receives_other_job_search_aid", period
        )


def _qualifying_months(mission, first_month, start, stop):
    """Count the months that qualify, from one to another, excluded.

    Args:
        mission: The population of missions.
        first_month: First day of the first month that may be paid, one per mission.
        start: The first month that is counted, for all missions.
        stop: The month, or the year, before which the count ends.

    Returns:
        Months, shape ``(missions,)``.
    """
    count = mission.filled_array(0, dtype=numpy.int32)
    # Few missions open the premium: the months are counted for these alone.
    rows = numpy.flatnonzero(first_month < first_day(stop))
    volunteers = volunteers_of(mission)[rows]
    month = start
    while len(rows) and month.start < stop.start:
        qualifies = mission.simulation.calculate(
            "meets_integration_premium_conditions", month
        )
        is_open = first_month[rows] <= first_day(month)
        count[rows] += is_open & qualifies[volunteers]
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
        earliest = first_month.min(initial=first_day(period)).item()
        start = to_period(f"{earliest:%Y-%m}")
        return _qualifying_months(mission, first_month, start, period)


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
        """A share of the maximum for each month that qualifies, up to a number of them.

        Months that qualified before this one are counted from the first month on.
        """
        first_month = mission("integration_premium_first_month", period)
        is_open = first_month <= first_day(period)
        qualifies = mission.volunteer("meets_integration_premium_conditions", period)
        if not (is_open & qualifies).any():
            return mission.filled_array(0.0, dtype=numpy.float32)
        year = period.this_year
        months_before = mission(
            "integration_premium_months_before_year", year
        ) + _qualifying_months(mission, first_month, year.first_month, period)
        end = mission("effective_end_date", period)
        maximum = amount_on(mission, "integration_premium.maximum_amount", end)
        months = value_on(
            mission, "integration_premium.maximum_months", end, otherwise=1
        )
        return is_open * qualifies * (months_before < months) * maximum / months


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
        return amount_on(mission, "integration_premium.months_per_payment", end)
