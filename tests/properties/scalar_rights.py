"""Scalar reading of the volunteer's rights: during the mission and on return."""

from datetime import date, timedelta

import scalar_facts as facts
from scalar_contract import (
    contract_months,
    engagement_months,
    is_hosted_in_france,
    is_volunteering_contract,
    law_applies,
    mission_days,
    served_months,
)
from scalar_facts import in_force
from scalar_parties import (
    ONE_DAY,
    days_in_month,
    effective_end,
    ended_early,
    engagement_of,
    engagements,
    first_of_month,
    is_in_month,
    is_last_of_engagement,
    last_of_month,
    missions_by_start,
    months_and_days,
    months_later,
)

# Allowance, leave, social cover.


def allowance_due(volunteer, mission, year, month):
    """Contract allowance x mission days / days of the month."""
    days = mission_days(volunteer, mission, year, month)
    return mission.contract_monthly_allowance * days / days_in_month(year, month)


def allowance_subject_to_income_tax(volunteer, mission, year, month):
    """Law, art. 7: none; the whole of it before the law."""
    if law_applies(volunteer, mission):
        return 0
    return allowance_due(volunteer, mission, year, month)


def allowance_subject_to_social_contributions(volunteer, mission, year, month):
    """Law, art. 7: none; the whole of it before the law."""
    if law_applies(volunteer, mission):
        return 0
    return allowance_due(volunteer, mission, year, month)


def social_contribution_base(volunteer, mission, year, month):
    """Décret 2022-1067, art. 8: the allowance due in France, else none."""
    in_force_in_the_month = first_of_month(year, month) >= facts.DECREE_2022
    if is_hosted_in_france(mission) and in_force_in_the_month:
        return allowance_due(volunteer, mission, year, month)
    return 0


def months_that_give_leave(volunteer, mission):
    """Reading 8: complete months served, of a contract of at least 6 months."""
    if not is_volunteering_contract(volunteer, mission):
        return 0
    if contract_months(volunteer, mission) >= facts.LEAVE_FROM_CONTRACT_MONTHS:
        return served_months(volunteer, mission)
    return 0


def leave_days_accrued(volunteer, mission, year, month):
    """Reading 8: each month's days on the day that completes it."""
    days = 0
    for rank in range(1, months_that_give_leave(volunteer, mission) + 1):
        completed_on = months_later(mission.start_date, rank) - ONE_DAY
        if is_in_month(completed_on, year, month):
            days += facts.LEAVE_DAYS_A_MONTH
    return days


def leave_days_total(volunteer, mission):
    """Reading 8: 2 days for each complete month served."""
    return facts.LEAVE_DAYS_A_MONTH * months_that_give_leave(volunteer, mission)


def social_security_affiliated(volunteer, mission, year, month):
    """Law, art. 5: from the day of effect, while the mission is served."""
    in_mission = mission_days(volunteer, mission, year, month) > 0
    return law_applies(volunteer, mission) and in_mission


# Resignation and unemployment.


def opens_legitimate_resignation(volunteer, mission):
    """Reading 9: a private employee who resigned, engaged for at least 12 months."""
    engagement = engagement_of(volunteer, mission)
    if engagement is None or not is_volunteering_contract(volunteer, mission):
        return False
    has_resigned = mission.status_before_departure == "private_employee_resigning"
    return has_resigned and engagement.agreed_months >= facts.RESIGNATION_FROM_MONTHS


def unemployment_rights_are_open(volunteer, year, month):
    """Reading 9: the month begins after the end of an engagement that opens them."""
    if (year, month) not in volunteer.meets_other_unemployment_conditions:
        return False
    for engagement in engagements(volunteer):
        if engagement.last_day < first_of_month(year, month):
            for mission in engagement.missions:
                if opens_legitimate_resignation(volunteer, mission):
                    return True
    return False


# Lifetime.


def lifetime_months(volunteer, year, month):
    """Reading 3: months + days / 30 served up to the month's end."""
    total = 0
    for mission in missions_by_start(volunteer):
        last_day = min(effective_end(mission), last_of_month(year, month))
        months, days = months_and_days(mission.start_date, last_day)
        total += months + days / facts.DAYS_IN_A_LIFETIME_MONTH
    return total


def remaining_lifetime_months(volunteer, year, month):
    """Reading 3: the cap less the months served; 0 before there is a cap."""
    cap = in_force(facts.LIFETIME_MAXIMUM, first_of_month(year, month)) or 0
    return max(0, cap - lifetime_months(volunteer, year, month))


# Resettlement allowance.


def meets_resettlement_conditions(volunteer, engagement):
    """Reading 10, save the rule on a new right, at the engagement's last day."""
    mission = engagement.last_mission
    threshold = in_force(facts.RESETTLEMENT_FROM_MONTHS, engagement.last_day)
    if threshold is None or volunteer.is_civil_servant:
        return False
    if any(
        one.status_before_departure == "public_agent" for one in engagement.missions
    ):
        return False
    reasons = in_force(facts.RESETTLEMENT_REDUCED_FOR, engagement.last_day)
    if ended_early(mission) and mission.early_termination_reason in reasons:
        threshold = in_force(
            facts.RESETTLEMENT_REDUCED_FROM_MONTHS, engagement.last_day
        )
    long_enough = engagement_months(volunteer, mission) >= threshold
    return is_volunteering_contract(volunteer, mission) and long_enough


def is_entitled_to_resettlement_allowance(volunteer, mission):
    """Reading 10: on the last mission of an engagement."""
    if not is_last_of_engagement(volunteer, mission):
        return False
    earlier = []
    for engagement in engagements(volunteer):
        if mission in engagement.missions:
            return opens_resettlement(volunteer, engagement, earlier)
        earlier.append(engagement)
    return False


def opens_resettlement(volunteer, engagement, earlier):
    """Reading 10: the conditions, and the gap once an earlier engagement met them."""
    if not meets_resettlement_conditions(volunteer, engagement):
        return False
    if any(meets_resettlement_conditions(volunteer, former) for former in earlier):
        previous_end = earlier[-1].last_day
        gap_ends = months_later(previous_end, facts.RESETTLEMENT_GAP_MONTHS)
        return engagement.first_day > gap_ends
    return True


def resettlement_amount(volunteer, mission):
    """Reading 10: the highest step reached, None below the first."""
    amount = None
    steps = in_force(facts.RESETTLEMENT_STEPS, effective_end(mission)) or ()
    for from_months, step_amount in steps:
        if engagement_months(volunteer, mission) >= from_months:
            amount = step_amount
    return amount


def resettlement_allowance_is_undetermined(volunteer, mission):
    """Reading 10: the right exists, no text seen gives its amount."""
    entitled = is_entitled_to_resettlement_allowance(volunteer, mission)
    return entitled and resettlement_amount(volunteer, mission) is None


def resettlement_allowance(volunteer, mission, year, month):
    """Reading 10: paid at once in the month of the effective end."""
    if not is_in_month(effective_end(mission), year, month):
        return 0
    if not is_entitled_to_resettlement_allowance(volunteer, mission):
        return 0
    return resettlement_amount(volunteer, mission) or 0


# Integration premium.


def has_integration_premium(volunteer, mission):
    """Reading 11: the conditions that do not change from month to month."""
    end = effective_end(mission)
    if not is_last_of_engagement(volunteer, mission) or end < facts.DECREE_2005:
        return False
    agreed_months = engagement_of(volunteer, mission).agreed_months
    asked_for_by = months_later(end, facts.PREMIUM_REQUEST_MONTHS)
    kept_for = in_force(facts.PREMIUM_KEPT_FOR, end)
    is_forfeited = (
        ended_early(mission) and mission.early_termination_reason not in kept_for
    )
    host_is_known = mission.host_country != "none"
    hosted_abroad = host_is_known and not is_hosted_in_france(mission)
    return (
        is_volunteering_contract(volunteer, mission)
        and agreed_months >= facts.PREMIUM_FROM_MONTHS
        and not is_forfeited
        and (end.year, end.month) not in volunteer.meets_rsa_conditions
        and mission.integration_premium_request_date <= asked_for_by
        and (end < facts.DECREE_2022 or hosted_abroad)
    )


def is_month_of_premium(volunteer, year, month):
    """Reading 11: registered, and no other job-search aid."""
    when = year, month
    is_registered = when in volunteer.is_registered_jobseeker
    return is_registered and when not in volunteer.receives_other_job_search_aid


def occupational_integration_premium(volunteer, mission, year, month):
    """Reading 11: a ninth for each of the first nine eligible months."""
    if not has_integration_premium(volunteer, mission):
        return 0
    end = effective_end(mission)
    paid_after = max(end, mission.integration_premium_request_date)
    running = months_later(paid_after.replace(day=1), 1)
    rank = 0
    while running <= first_of_month(year, month):
        if is_month_of_premium(volunteer, running.year, running.month):
            rank += 1
        running = months_later(running, 1)
    if not is_month_of_premium(volunteer, year, month):
        return 0
    if not 1 <= rank <= facts.PREMIUM_PAID_MONTHS:
        return 0
    return (in_force(facts.PREMIUM_TOTAL, end) or 0) / facts.PREMIUM_PAID_MONTHS


# Retirement.


def retirement_quarters(volunteer, year):
    """Reading 12: blocks of 90 days, in the year of their last day, at most 4."""
    if date(year, 12, 31) < facts.RETIREMENT_ATTESTED:
        return 0
    block = timedelta(days=facts.QUARTER_DAYS)
    quarters = 0
    for engagement in engagements(volunteer):
        if not is_volunteering_contract(volunteer, engagement.last_mission):
            continue
        if any(is_hosted_in_france(mission) for mission in engagement.missions):
            continue
        last_of_block = engagement.first_day + block - ONE_DAY
        while last_of_block <= engagement.last_day:
            if last_of_block.year == year:
                quarters += 1
            last_of_block += block
    return min(quarters, facts.QUARTERS_A_YEAR)


def retirement_quarters_are_undetermined(volunteer, year):
    """Reading 12: days served in the year, for which no rule seen gives quarters."""
    before_the_rule = date(year, 12, 31) < facts.RETIREMENT_ATTESTED
    for engagement in engagements(volunteer):
        in_france = any(is_hosted_in_france(one) for one in engagement.missions)
        for mission in engagement.missions:
            first_day = max(mission.start_date, date(year, 1, 1))
            last_day = min(effective_end(mission), date(year, 12, 31))
            counts = is_volunteering_contract(volunteer, mission)
            no_rule = in_france or before_the_rule
            if first_day <= last_day and counts and no_rule:
                return True
    return False
