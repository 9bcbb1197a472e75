"""Other readings of the aids on return and of retirement quarters."""

import numpy

from openfisca_isv.countries import Country, sovereign
from openfisca_isv.dates import (
    DAY,
    NEVER,
    UNKNOWN_DAY,
    add_months,
    complete_months,
    days_within,
    last_day,
    month_after,
    value_in_month_of,
    years_later,
)
from openfisca_isv.entities import sum_over_missions
from openfisca_isv.legal_dates import (
    amount_on,
    country_value_on,
    is_set_on,
    scales_on,
    threshold_on,
)
from openfisca_isv.reforms.readings.alternative_formulas import alternative
from openfisca_isv.timeline import Timeline
from openfisca_isv.variables.lifetime import days_left
from openfisca_isv.variables.resettlement_allowance import (
    is_entitled_to_resettlement_allowance,
)

_SIX_MONTHS, _TWO_YEARS = 6, 24
_DAYS_PER_MONTH = 30
_YOUNGEST, _OLDEST = 18, 28
#: The law's own formula, as a function of this module, so that it runs on bounds too.
_is_entitled = is_entitled_to_resettlement_allowance.formula


# Resettlement


def _by_steps(mission, period, amount_by):
    """Return the amount that the steps in force give to the months, if any is due."""
    end = mission("effective_end_date", period)
    months = mission("engagement_months", period)
    amount = numpy.zeros(mission.count)
    for rows, steps in scales_on(mission, "resettlement_allowance.amount", end):
        amount[rows] = amount_by(steps, months[rows])
    return amount * mission("is_entitled_to_resettlement_allowance", period)


@alternative("amounts-interpolated", "resettlement_amount")
def amounts_interpolated(mission, period):
    """The amount on the line between the two steps around the length.

    Nothing below the first step, the last amount above the last one.
    """

    def on_the_line(steps, months):
        return numpy.interp(months, steps.thresholds, steps.amounts, left=0)

    return _by_steps(mission, period, on_the_line)


@alternative("amounts-in-proportion-to-the-step", "resettlement_amount")
def amounts_in_proportion_to_the_step(mission, period):
    """The amount of the step reached, in proportion to the months, never above it."""

    def in_proportion(steps, months):
        thresholds, amounts = numpy.array(steps.thresholds), numpy.array(steps.amounts)
        step = numpy.searchsorted(thresholds, months, side="right") - 1
        is_last = step == len(thresholds) - 1
        due = amounts[step] * numpy.where(is_last, 1, months / thresholds[step])
        return numpy.where(step < 0, 0, due)

    return _by_steps(mission, period, in_proportion)


@alternative("below-the-first-step-in-proportion", "resettlement_amount")
def below_the_first_step_in_proportion(mission, period):
    """Below the first step, its amount in proportion to the months."""

    def from_the_first_month(steps, months):
        first, first_amount = steps.thresholds[0], steps.amounts[0]
        share = months / first * first_amount
        return numpy.where(months < first, share, steps.calc(months))

    return _by_steps(mission, period, from_the_first_month)


@alternative("below-the-first-step-in-proportion", "resettlement_step_is_reached")
def amounts_are_known_below_the_first_step(mission, period):
    """Any length, on a day on which amounts are known."""
    end = mission("effective_end_date", period)
    is_reached = mission.filled_array(False)
    for rows, _ in scales_on(mission, "resettlement_allowance.amount", end):
        is_reached[rows] = True
    return is_reached


@alternative("any-mission-starts-the-gap", "is_entitled_to_resettlement_allowance")
def any_mission_starts_the_gap(mission, period):
    """Any previous engagement starts the gap, whether it opened a right or not."""
    meets_conditions = mission("meets_resettlement_conditions", period)
    end = mission("effective_end_date", period)
    gap = amount_on(mission, "resettlement_allowance.minimum_gap_months", end)
    unknown = numpy.datetime64(UNKNOWN_DAY)
    previous_end = Timeline.with_engagements(mission, period).of_previous_engagement(
        mission("engagement_end_date", period), otherwise=unknown
    )
    is_first = previous_end == unknown
    start = mission("engagement_start_date", period)
    return meets_conditions & (is_first | (start > add_months(previous_end, gap)))


@alternative(
    "resettlement-needs-a-year-agreed", "is_entitled_to_resettlement_allowance"
)
def resettlement_needs_a_year_agreed(mission, period):
    """The order asks for a year agreed, whatever the decree says of a forced return."""
    end = mission("effective_end_date", period)
    minimum = threshold_on(
        mission, "integration_premium.minimum_engagement_months", end
    )
    is_long_enough = mission("engagement_agreed_months", period) >= minimum
    return _is_entitled(mission, period) & is_long_enough


# The premium


@alternative("rsa-judged-month-by-month", "meets_rsa_conditions_on_return")
def rsa_is_not_judged_on_return(mission, _period):
    """The month of the return decides nothing."""
    return mission.filled_array(False)


@alternative("rsa-judged-month-by-month", "meets_integration_premium_conditions")
def rsa_judged_month_by_month(volunteer, period):
    """Registered, without another aid, and without the RSA conditions in the month."""
    return (
        volunteer("is_registered_jobseeker", period)
        & ~volunteer("receives_other_job_search_aid", period)
        & ~volunteer("meets_rsa_conditions", period)
    )


@alternative("rsa-judged-at-the-request", "meets_rsa_conditions_on_return")
def rsa_judged_at_the_request(mission, period):
    """The conditions of the RSA, in the month of the request."""
    request = mission("integration_premium_request_date", period)
    is_asked = request < numpy.datetime64(NEVER)
    return value_in_month_of(
        mission,
        "meets_rsa_conditions",
        request,
        rows=is_asked & mission("is_last_mission_of_engagement", period),
    )


@alternative("premium-from-the-end", "integration_premium_first_month")
def premium_from_the_end(mission, period):
    """The month after the end, whenever the premium is asked for."""
    is_entitled = mission("is_entitled_to_integration_premium", period)
    end = mission("effective_end_date", period)
    return numpy.where(is_entitled, month_after(end), numpy.datetime64(NEVER))


@alternative("premium-paid-whole", "occupational_integration_premium")
def premium_paid_whole(mission, period):
    """The whole in the first month in which the conditions are met."""
    first_month = mission("integration_premium_first_month", period)
    year = period.this_year
    before = mission("integration_premium_months_before_year", year)
    month = year.first_month
    while month.start < period.start:
        before = before + _qualifies(mission, month, first_month)
        month = month.offset(1)
    end = mission("effective_end_date", period)
    whole = amount_on(mission, "integration_premium.maximum_amount", end)
    return whole * (_qualifies(mission, period, first_month) & (before == 0))


def _qualifies(mission, month, first_month):
    meets_conditions = mission.volunteer("meets_integration_premium_conditions", month)
    return meets_conditions & (first_month <= numpy.datetime64(str(month.start)))


@alternative("nine-months-run-from-the-first", "occupational_integration_premium")
def nine_months_run_from_the_first(mission, period):
    """The months run from the first on, whether each qualifies or not."""
    first_month = mission("integration_premium_first_month", period)
    end = mission("effective_end_date", period)
    maximum = amount_on(mission, "integration_premium.maximum_amount", end)
    months = threshold_on(mission, "integration_premium.maximum_months", end)
    passed = complete_months(first_month, last_day(period) + DAY)
    is_due = _qualifies(mission, period, first_month) & (passed <= months)
    return is_due * maximum / months


@alternative("premium-needs-a-year-served", "may_open_integration_premium")
def premium_needs_a_year_served(mission, period):
    """The year is served, and not only agreed."""
    end = mission("effective_end_date", period)
    minimum = threshold_on(
        mission, "integration_premium.minimum_engagement_months", end
    )
    name = "integration_premium.excludes_missions_in_france"
    is_abroad = (mission("host_country", period) != Country.none) & ~mission(
        "is_hosted_in_france", period
    )
    return (
        mission("contract_opens_rights", period)
        & mission("is_last_mission_of_engagement", period)
        & (mission("engagement_months", period) >= minimum)
        & ~mission("forfeits_integration_premium", period)
        & (is_abroad | ~is_set_on(mission, name, end))
        & ~mission("meets_rsa_conditions_on_return", period)
    )


# Retirement


@alternative("info-retraite-conditions", "retirement_quarters")
def info_retraite_conditions(volunteer, period):
    """The quarters, under the conditions printed for volunteering abroad.

    A nationality of the Union or the Area and 18 to 28 years when the engagement
    starts, at least six months of it, and at most 24 months with the earlier ones that
    meet the rest. Months and days of engagements are summed as those of missions are.
    """
    year_end = last_day(period)
    days_per_quarter = amount_on(volunteer, "retirement.days_per_quarter", year_end)
    if not days_per_quarter:
        return volunteer.filled_array(0)
    start = volunteer.members("engagement_start_date", period)
    end = volunteer.members("engagement_end_date", period)
    of_volunteer = volunteer.members_entity_id
    born = volunteer("birth_date", period)[of_volunteer]
    is_young = (years_later(born, _YOUNGEST) <= start) & (
        start < years_later(born, _OLDEST + 1)
    )
    is_european = numpy.zeros(len(start), dtype=bool)
    for name in ("nationality", "second_nationality"):
        state = sovereign(volunteer(name, period)[of_volunteer])
        for table in ("european_union", "european_economic_area"):
            is_european |= country_value_on(
                volunteer, f"host_country.{table}", state, start, otherwise=False
            )
    months = complete_months(start, end + DAY)
    counts = (
        volunteer.members("is_last_mission_of_engagement", period)
        & volunteer.members("contract_opens_rights", period)
        & ~volunteer.members("engagement_includes_mission_in_france", period)
        & (months >= _SIX_MONTHS)
        & is_young
        & is_european
    )
    length = months * _DAYS_PER_MONTH + days_left(start, end + DAY, months)
    in_all = length + Timeline.of(volunteer.members, period).total_before(
        counts * length
    )
    counts &= in_all <= _TWO_YEARS * _DAYS_PER_MONTH
    first = numpy.maximum(start, numpy.datetime64(str(period.start)))
    blocks = ((numpy.minimum(end, year_end) - start) / DAY + 1) // days_per_quarter - (
        (first - start) / DAY
    ) // days_per_quarter
    quarters = sum_over_missions(volunteer, counts * numpy.maximum(blocks, 0))
    maximum = amount_on(volunteer, "retirement.maximum_quarters_per_year", year_end)
    return numpy.minimum(quarters, maximum)


@alternative("days-counted-by-calendar-year", "retirement_quarters")
def days_counted_by_calendar_year(volunteer, period):
    """The days of each year, without what was left over from the year before."""
    days_per_quarter = amount_on(
        volunteer, "retirement.days_per_quarter", last_day(period)
    )
    if not days_per_quarter:
        return volunteer.filled_array(0)
    counts = volunteer.members("contract_opens_rights", period) & ~volunteer.members(
        "engagement_includes_mission_in_france", period
    )
    days = days_within(
        period,
        volunteer.members("start_date", period),
        volunteer.members("effective_end_date", period),
    )
    quarters = sum_over_missions(volunteer, days * counts) // days_per_quarter
    maximum = amount_on(
        volunteer, "retirement.maximum_quarters_per_year", last_day(period)
    )
    return numpy.minimum(quarters, maximum)
