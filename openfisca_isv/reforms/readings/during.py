"""Other readings of leave, resignation and notice."""

import numpy

from openfisca_isv.dates import (
    DAY,
    NEVER,
    add_months,
    complete_months,
    first_day,
    last_day,
)
from openfisca_isv.entities import any_mission
from openfisca_isv.legal_dates import (
    amount_on,
    first_effective_day,
    is_listed_on,
    threshold_on,
)
from openfisca_isv.reforms.readings.alternative_formulas import alternative


def _leave_of_a_month(mission, period, months):
    """Return the days of leave of a month, where enough months are agreed or served."""
    start = mission("start_date", period)
    days = amount_on(mission, "leave.days_per_month", start)
    minimum = threshold_on(mission, "leave.minimum_contract_months", start)
    return days * (mission("contract_opens_rights", period) & (months >= minimum))


@alternative("leave-needs-six-months-served", "leave_days_per_month")
def six_months_served(mission, period):
    """The months served, and not those agreed, open leave."""
    return _leave_of_a_month(mission, period, mission("served_months", period))


@alternative("leave-along-the-engagement", "leave_days_per_month")
def six_months_of_engagement(mission, period):
    """The months agreed along the engagement open leave."""
    months = mission("engagement_agreed_months", period)
    return _leave_of_a_month(mission, period, months)


def _months_of_engagement(mission, period, after):
    """Count the months of the engagement complete on a day, at most those served.

    Those that are complete on a day within the mission, or at its start, are counted
    from the engagement's first day.
    """
    first = mission("engagement_start_date", period)
    start = mission("start_date", period)
    end = mission("effective_end_date", period) + DAY
    return complete_months(first, numpy.clip(after, start, numpy.maximum(start, end)))


@alternative("leave-along-the-engagement", "leave_days_total")
def leave_along_the_engagement(mission, period):
    """Months are complete from the engagement's first day, contract after contract."""
    is_served = mission("served_days", period) > 0
    end = mission("effective_end_date", period) + DAY
    until_end = _months_of_engagement(mission, period, end)
    until_start = _months_of_engagement(mission, period, mission("start_date", period))
    months = is_served * (until_end - until_start)
    return mission("leave_days_per_month", period) * months


@alternative("leave-along-the-engagement", "leave_days_accrued")
def leave_accrued_along_the_engagement(mission, period):
    """Each month's days accrue on the day that completes it in the engagement."""
    is_served = mission("served_days", period) > 0
    day_after = numpy.full(mission.count, last_day(period) + DAY)
    first = numpy.full(mission.count, first_day(period))
    until_end = _months_of_engagement(mission, period, day_after)
    until_start = _months_of_engagement(mission, period, first)
    months = is_served * (until_end - until_start)
    return mission("leave_days_per_month", period) * months


def _resigns_for(mission, period, months):
    start = mission("start_date", period)
    status = mission("status_before_departure", period)
    resigns = is_listed_on(mission, "resignation.statuses", status, start)
    minimum = threshold_on(mission, "resignation.minimum_engagement_months", start)
    opens_rights = mission("contract_opens_rights", period)
    return opens_rights & resigns & (months >= minimum)


@alternative("year-in-one-contract", "opens_legitimate_resignation")
def year_in_one_contract(mission, period):
    """The year is agreed in the one contract."""
    return _resigns_for(mission, period, mission("contract_months", period))


@alternative("year-served", "opens_legitimate_resignation")
def year_served(mission, period):
    """The year is served, from the engagement's first day to its last."""
    first = mission("engagement_start_date", period)
    end = mission("engagement_end_date", period)
    return _resigns_for(mission, period, complete_months(first, end + DAY))


@alternative(
    "unemployment-rights-in-the-month-of-return", "unemployment_rights_are_open"
)
def rights_in_the_month_of_return(volunteer, period):
    """From the month of the return on."""
    is_legitimate = volunteer.members("opens_legitimate_resignation", period)
    is_back = volunteer.members("engagement_end_date", period) <= last_day(period)
    return any_mission(volunteer, is_legitimate & is_back) & volunteer(
        "meets_other_unemployment_conditions", period
    )


@alternative("notice-runs-to-the-eve", "earliest_termination_date")
def notice_runs_to_the_eve(mission, period):
    """A notice of the first of a month runs to the last day of that month."""
    return _earliest(mission, period, -DAY)


@alternative("notice-runs-from-the-next-day", "earliest_termination_date")
def notice_runs_from_the_next_day(mission, period):
    """The day of the notice does not count, and the last day is due in full."""
    return _earliest(mission, period, DAY)


def _earliest(mission, period, shift):
    notice = mission("notice_date", period)
    name = "termination.minimum_notice_months"
    day = numpy.maximum(notice, first_effective_day(mission, name))
    minimum = amount_on(mission, name, day)
    never = numpy.datetime64(NEVER)
    return numpy.where(notice == never, never, add_months(notice, minimum) + shift)


@alternative("no-notice-in-force-majeure", "notice_is_respected")
def no_notice_in_force_majeure(mission, period):
    """Neither force majeure nor a breach by the organisation asks for a notice."""
    reason = mission("early_termination_reason", period)
    end = mission("effective_end_date", period)
    is_excused = is_listed_on(
        mission,
        "resettlement_allowance.reasons_for_the_reduced_minimum",
        reason,
        end,
    )
    is_excused |= reason == reason.possible_values.organisation_breach
    termination = mission("early_termination_date", period)
    is_due = termination >= mission("earliest_termination_date", period)
    return ~mission("is_ended_early", period) | is_excused | is_due
