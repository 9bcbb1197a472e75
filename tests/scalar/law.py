"""Loi n° 2005-159 du 23 février 2005, article by article."""

from datetime import date
from math import inf

from .parties import (
    NEVER,
    ONE_DAY,
    UNKNOWN,
    complete_months,
    dates_are_known,
    days_between,
    end_of,
    ended_early,
    engagement_of,
    engagements,
    in_force,
    in_time,
    month_of,
    months_and_days,
    months_later,
    output,
)
from .states import is_in_europe, sovereign

IN_FORCE = date(2005, 5, 24)  # published on 24 February 2005; article 10: + 3 months
LAW_OF_2021 = date(2021, 8, 6)

# Article 1: the contract.


@output("mission")
def law_applies(volunteer, mission):
    """Reading 1, and article 10."""
    return mission.start_date >= IN_FORCE


def is_entitled_on(organisation, day):
    """Reading 6: accredited (article 9), in a form allowed on the day."""
    allowed_from = {
        "french_law_association": IN_FORCE,
        "public_interest_group": LAW_OF_2021,
    }
    first = organisation.accreditation_start_date
    if first == NEVER:
        return False
    last = organisation.accreditation_end_date
    if last == NEVER:  # left out: the longest that any text allows, four years
        last = months_later(first, 48) - ONE_DAY
    return first <= day <= last and day >= allowed_from.get(
        organisation.legal_form, NEVER
    )


@output("mission")
def organisation_is_entitled(volunteer, mission):
    return is_entitled_on(mission.organisation, mission.start_date)


@output("mission")
def volunteer_is_adult(volunteer, mission):
    """Reading 4: the 18th birthday is on or before the start."""
    if mission.start_date == UNKNOWN or volunteer.birth_date == NEVER:
        return False
    return months_later(volunteer.birth_date, 12 * 18) <= mission.start_date


@output("mission")
def is_volunteering_contract(volunteer, mission):
    """Reading 1: without these three there is no contract of this law."""
    return (
        law_applies(volunteer, mission)
        and organisation_is_entitled(volunteer, mission)
        and volunteer_is_adult(volunteer, mission)
    )


def has_no_other_activity(mission):
    """Paragraph 3, and reading 16: an employee who stays in post has one."""
    stays_in_post = mission.status_before_departure == "private_employee_in_post"
    return not mission.has_other_professional_activity and not stays_in_post


@output("mission")
def domain_is_eligible(volunteer, mission):
    return mission.domain in {"development_cooperation", "humanitarian_action"}


# Article 2: the host country.


def is_in_france(mission):
    return sovereign(mission.host_country) == "FR"


@output("mission")
def host_country_is_open(volunteer, mission):
    """Reading 5."""
    start, host = mission.start_date, sovereign(mission.host_country)
    ties = [sovereign(volunteer.nationality), sovereign(mission.residence_country)]
    if "none" in (host, *ties) or start == UNKNOWN:
        return False
    if volunteer.second_nationality != "none":
        ties.append(sovereign(volunteer.second_nationality))
    if host in ties:
        return False
    if not is_in_europe(host, start):
        return True
    # Law of 2021: France, where the law and social security reach the volunteer.
    open_parts = {"FR", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM"}
    is_open_part = mission.host_country in open_parts
    comes_from_outside = any(not is_in_europe(tie, start) for tie in ties)
    return is_open_part and start >= LAW_OF_2021 and comes_from_outside


# Article 3: resignation and unemployment.


@output("mission")
def opens_legitimate_resignation(volunteer, mission):
    """Reading 9: engaged for at least a year as agreed."""
    engagement = engagement_of(volunteer, mission)
    return (
        engagement is not None
        and mission.status_before_departure == "private_employee_resigning"
        and engagement.agreed_months >= 12
        and is_volunteering_contract(volunteer, mission)
    )


@output("volunteer", "month")
def unemployment_rights_are_open(volunteer, month):
    """After the return, interrupted missions included."""
    return month in volunteer.meets_other_unemployment_conditions and any(
        opens_legitimate_resignation(volunteer, mission)
        for engagement in engagements(volunteer)
        if engagement.last_day < month.first
        for mission in engagement.missions
    )


# Article 4: durations and notice.


@output("mission")
def effective_end_date(volunteer, mission):
    return end_of(mission)


@output("mission")
def contract_months(volunteer, mission):
    if not dates_are_known(mission):
        return 0
    return complete_months(mission.start_date, mission.end_date)


@output("mission")
def served_months(volunteer, mission):
    if not dates_are_known(mission):
        return 0
    return complete_months(mission.start_date, end_of(mission))


@output("mission")
def served_days(volunteer, mission):
    if not dates_are_known(mission):
        return 0
    return days_between(mission.start_date, end_of(mission))


@output("mission", "month")
def mission_days(volunteer, mission, month):
    if not dates_are_known(mission):
        return 0
    first = max(mission.start_date, month.first)
    return days_between(first, min(end_of(mission), month.last))


@output("mission")
def engagement_months(volunteer, mission):
    if not dates_are_known(mission):
        return 0
    engagement = engagement_of(volunteer, mission)
    return complete_months(engagement.first_day, end_of(mission))


@output("mission")
def contract_duration_is_lawful(volunteer, mission):
    """Reading 2: two years, date to date."""
    if not dates_are_known(mission):
        return False
    return mission.end_date + ONE_DAY <= months_later(mission.start_date, 24)


@output("mission")
def lifetime_duration_is_lawful(volunteer, mission):
    """Reading 3: six years; thirty days make a month; earlier missions as served."""
    if not dates_are_known(mission):
        return False
    months, days = months_and_days(mission.start_date, mission.end_date)
    for other in in_time(volunteer):
        if other.start_date < mission.start_date:
            more_months, more_days = months_and_days(other.start_date, end_of(other))
            months, days = months + more_months, days + more_days
    return 30 * months + days <= 30 * 72


@output("volunteer", "month")
def lifetime_months(volunteer, month):
    """Reading 3, up to the month's end."""
    total = 0
    for mission in in_time(volunteer):
        last = min(end_of(mission), month.last)
        months, days = months_and_days(mission.start_date, last)
        total += months + days / 30
    return total


@output("volunteer", "month")
def remaining_lifetime_months(volunteer, month):
    cap = in_force(month.first, (IN_FORCE, 72)) or 0
    return max(0, cap - lifetime_months(volunteer, month))


@output("mission")
def earliest_termination_date(volunteer, mission):
    """Notice of at least a month."""
    return (
        NEVER if mission.notice_date == NEVER else months_later(mission.notice_date, 1)
    )


@output("mission")
def notice_is_respected(volunteer, mission):
    earliest = earliest_termination_date(volunteer, mission)
    return not ended_early(mission) or mission.early_termination_date >= earliest


# Article 5: social security.


@output("mission", "month")
def social_security_affiliated(volunteer, mission, month):
    """From the day of effect of the contract."""
    in_mission = mission_days(volunteer, mission, month) > 0
    return law_applies(volunteer, mission) and in_mission


# Article 6: leave.


@output("mission")
def leave_days_total(volunteer, mission):
    """Reading 8: two days a complete month, of a contract of at least six months."""
    if contract_months(volunteer, mission) < 6:
        return 0
    if not is_volunteering_contract(volunteer, mission):
        return 0
    return 2 * served_months(volunteer, mission)


@output("mission", "month")
def leave_days_accrued(volunteer, mission, month):
    """Reading 8: on the day that completes each month."""
    months = range(1, leave_days_total(volunteer, mission) // 2 + 1)
    completed = [months_later(mission.start_date, rank) - ONE_DAY for rank in months]
    return 2 * sum(month_of(day) == month for day in completed)


# Article 7: the allowance. Its bounds are those of the orders of 2005 and 2022, for
# contracts of at least a year as agreed (reading 7).

ORDER_OF_2005, ORDER_OF_2022 = date(2005, 12, 25), date(2022, 12, 9)
FIXED_PARTS = (
    (date(2018, 4, 1), 723.99),
    (date(2022, 7, 1), 749.33),
    (date(2023, 7, 1), 760.57),
    (date(2024, 1, 1), 772.87),
)
# Supplements: the day on which they were seen, and the end of its quarter.
SUPPLEMENTS = {
    (date(2019, 3, 20), date(2019, 3, 31)): {"AO": 4210.84, "BJ": 1334, "LB": 2602},
    (date(2020, 1, 1), date(2020, 3, 31)): {
        "AO": 3873.98,
        "BJ": 1353.34,
        "LB": 2567.40,
        "TN": 964.99,
        "SI": 890.88,
        "AF": 4389.42,
    },
    (date(2021, 7, 1), date(2021, 9, 30)): {
        "AF": 3954.42,
        "ZA": 1268.76,
        "AL": 1846.51,
        "DZ": 1274.83,
    },
}


@output("mission")
def allowance_minimum(volunteer, mission):
    start = mission.start_date
    if contract_months(volunteer, mission) < 12:
        return 0
    if is_in_france(mission):
        return in_force(start, (ORDER_OF_2022, 800)) or 0
    return in_force(start, (ORDER_OF_2005, 100), (ORDER_OF_2022, 150)) or 0


@output("mission")
def allowance_maximum(volunteer, mission):
    start = mission.start_date
    if contract_months(volunteer, mission) < 12:
        return inf
    if is_in_france(mission):
        return in_force(start, (ORDER_OF_2022, 1600)) or inf
    for (first, last), supplements in SUPPLEMENTS.items():
        if first <= start <= last and mission.host_country in supplements:
            return in_force(start, *FIXED_PARTS) + supplements[mission.host_country]
    return inf


@output("mission")
def allowance_maximum_is_undetermined(volunteer, mission):
    return (
        not is_in_france(mission)
        and contract_months(volunteer, mission) >= 12
        and mission.start_date >= ORDER_OF_2005
        and allowance_maximum(volunteer, mission) == inf
    )


@output("mission")
def allowance_is_lawful(volunteer, mission):
    lowest = allowance_minimum(volunteer, mission)
    highest = allowance_maximum(volunteer, mission)
    is_within = lowest <= mission.contract_monthly_allowance <= highest
    return mission.start_date != UNKNOWN and is_within


@output("mission", "month")
def allowance_due(volunteer, mission, month):
    days = mission_days(volunteer, mission, month)
    return mission.contract_monthly_allowance * days / month.days


@output("mission", "month")
def allowance_subject_to_income_tax(volunteer, mission, month):
    """None; the whole before the law."""
    due = allowance_due(volunteer, mission, month)
    return 0 if law_applies(volunteer, mission) else due


@output("mission", "month")
def allowance_subject_to_social_contributions(volunteer, mission, month):
    """None; the whole before the law."""
    due = allowance_due(volunteer, mission, month)
    return 0 if law_applies(volunteer, mission) else due


# All the conditions of a lawful contract, in the law's order.


@output("mission")
def contract_first_unmet_condition(volunteer, mission):
    allowance = mission.contract_monthly_allowance
    highest = allowance_maximum(volunteer, mission)
    conditions = {
        "law_not_in_force": law_applies(volunteer, mission),
        "organisation_not_entitled": organisation_is_entitled(volunteer, mission),
        "volunteer_not_adult": volunteer_is_adult(volunteer, mission),
        "contract_not_written": mission.contract_is_written,
        "other_professional_activity": has_no_other_activity(mission),
        "domain_not_eligible": domain_is_eligible(volunteer, mission),
        "host_country_closed": host_country_is_open(volunteer, mission),
        "contract_too_long": contract_duration_is_lawful(volunteer, mission),
        "lifetime_exceeded": lifetime_duration_is_lawful(volunteer, mission),
        "allowance_too_low": allowance >= allowance_minimum(volunteer, mission),
        "allowance_too_high": allowance <= highest,
    }
    return next((name for name, holds in conditions.items() if not holds), "none")


@output("mission")
def contract_is_lawful(volunteer, mission):
    return contract_first_unmet_condition(volunteer, mission) == "none"
