"""Scalar reading of the durations of a contract and of what makes it lawful."""

from math import inf

import scalar_facts as facts
from dateutil.relativedelta import relativedelta
from scalar_facts import in_force, is_in_eu_or_eea, sovereign
from scalar_parties import (
    ONE_DAY,
    dates_are_known,
    days_between,
    effective_end,
    ended_early,
    engagement_of,
    first_of_month,
    last_of_month,
    missions_by_start,
    months_and_days,
    months_later,
)

# Durations.


def effective_end_date(volunteer, mission):
    """The earlier of `end_date` and `early_termination_date`."""
    return effective_end(mission)


def contract_months(volunteer, mission):
    """Complete months from start to `end_date`."""
    if not dates_are_known(mission):
        return 0
    return months_and_days(mission.start_date, mission.end_date)[0]


def served_months(volunteer, mission):
    """Complete months from start to the effective end."""
    if not dates_are_known(mission):
        return 0
    return months_and_days(mission.start_date, effective_end(mission))[0]


def served_days(volunteer, mission):
    """Days from start to the effective end, both included."""
    if not dates_are_known(mission):
        return 0
    return days_between(mission.start_date, effective_end(mission))


def mission_days(volunteer, mission, year, month):
    """Days of the month inside the mission served."""
    return days_of_month_since(mission, mission.start_date, year, month)


def days_of_month_since(mission, day, year, month):
    """Days of the month inside the mission served, from the day on."""
    if not dates_are_known(mission):
        return 0
    return days_between(
        max(day, mission.start_date, first_of_month(year, month)),
        min(effective_end(mission), last_of_month(year, month)),
    )


def engagement_months(volunteer, mission):
    """Complete months from the engagement's first day to the effective end."""
    if not dates_are_known(mission):
        return 0
    first_day = engagement_of(volunteer, mission).first_day
    return months_and_days(first_day, effective_end(mission))[0]


# Conditions.


def law_applies(volunteer, mission):
    """Reading 1: the contract starts once the law is in force."""
    return mission.start_date >= facts.LAW_2005


def volunteer_is_adult(volunteer, mission):
    """Reading 4: the 18th birthday is on or before the start."""
    if mission.start_date == facts.UNKNOWN_START or volunteer.birth_date == facts.NEVER:
        return False
    birthday = volunteer.birth_date + relativedelta(years=facts.ADULT_AT)
    return birthday <= mission.start_date


def organisation_is_entitled(volunteer, mission):
    """Reading 6: legal form allowed, and accreditation that covers the start."""
    return is_entitled_on(mission.organisation, mission.start_date)


def is_entitled_on(organisation, day):
    """Whether the organisation is accredited, in an allowed form, on the day."""
    allowed_from = facts.LEGAL_FORM_ALLOWED_FROM.get(organisation.legal_form)
    if allowed_from is None or day < allowed_from:
        return False
    if organisation.accreditation_start_date == facts.NEVER:
        return False
    return (
        organisation.accreditation_start_date <= day <= accredited_until(organisation)
    )


def accredited_until(organisation):
    """The last day of the accreditation; left out, four years after the first."""
    if organisation.accreditation_end_date != facts.NEVER:
        return organisation.accreditation_end_date
    longest = relativedelta(years=facts.LONGEST_ACCREDITATION_YEARS)
    return organisation.accreditation_start_date + longest - ONE_DAY


def is_volunteering_contract(volunteer, mission):
    """Reading 1: the law, an entitled organisation and an adult."""
    return (
        law_applies(volunteer, mission)
        and organisation_is_entitled(volunteer, mission)
        and volunteer_is_adult(volunteer, mission)
    )


def host_country_is_open(volunteer, mission):
    """Reading 5: law, art. 2, at the start."""
    start = mission.start_date
    codes = (mission.host_country, mission.residence_country, volunteer.nationality)
    if "none" in codes or start == facts.UNKNOWN_START:
        return False

    host = sovereign(mission.host_country)
    own_states = [sovereign(mission.residence_country)]
    own_states.append(sovereign(volunteer.nationality))
    if volunteer.second_nationality != "none":
        own_states.append(sovereign(volunteer.second_nationality))

    if host in own_states:
        return False
    if not is_in_eu_or_eea(host, start):
        return True
    comes_from_outside = any(not is_in_eu_or_eea(own, start) for own in own_states)
    is_open_part = mission.host_country in facts.OPEN_PARTS_OF_FRANCE
    return is_open_part and start >= facts.LAW_2021 and comes_from_outside


def domain_is_eligible(volunteer, mission):
    """Law, art. 1: development cooperation or humanitarian action."""
    return mission.domain in facts.ELIGIBLE_DOMAINS


def has_no_other_activity(mission):
    """Reading 16: none beside the mission, and not an employee who stays in post."""
    stays_in_post = mission.status_before_departure == "private_employee_in_post"
    return not mission.has_other_professional_activity and not stays_in_post


def legal_date(mission):
    """The start, or the law's first day for a contract that precedes the law."""
    return max(mission.start_date, facts.LAW_2005)


def contract_duration_is_lawful(volunteer, mission):
    """Reading 2: `end_date` + 1 day <= start + 24 months."""
    maximum = in_force(facts.CONTRACT_MAXIMUM, legal_date(mission))
    if not dates_are_known(mission):
        return False
    return mission.end_date + ONE_DAY <= months_later(mission.start_date, maximum)


def lifetime_duration_is_lawful(volunteer, mission):
    """Reading 3: 30 x months + days <= 30 x 72, earlier missions as served."""
    maximum = in_force(facts.LIFETIME_MAXIMUM, legal_date(mission))
    if not dates_are_known(mission):
        return False
    total_months, total_days = months_and_days(mission.start_date, mission.end_date)
    for other in missions_by_start(volunteer):
        if other.start_date < mission.start_date:
            months, days = months_and_days(other.start_date, effective_end(other))
            total_months += months
            total_days += days
    unit = facts.DAYS_IN_A_LIFETIME_MONTH
    return unit * total_months + total_days <= unit * maximum


def is_hosted_in_france(mission):
    """Whether the host country is France or one of its territories."""
    return sovereign(mission.host_country) == "FR"


def allowance_minimum(volunteer, mission):
    """Reading 7: the least allowance at the start; 0 where none is in force."""
    if contract_months(volunteer, mission) < facts.ALLOWANCE_BOUND_FROM_MONTHS:
        return 0
    if is_hosted_in_france(mission):
        table = facts.ALLOWANCE_MINIMUM_IN_FRANCE
    else:
        table = facts.ALLOWANCE_MINIMUM_ABROAD
    return in_force(table, mission.start_date) or 0


def allowance_maximum(volunteer, mission):
    """Reading 7: the greatest allowance at the start; infinity where not known."""
    start = mission.start_date
    if contract_months(volunteer, mission) < facts.ALLOWANCE_BOUND_FROM_MONTHS:
        return inf
    if is_hosted_in_france(mission):
        return in_force(facts.ALLOWANCE_MAXIMUM_IN_FRANCE, start) or inf
    fixed_part = in_force(facts.ALLOWANCE_FIXED_PART, start)
    seen = facts.ALLOWANCE_SUPPLEMENT.get(sovereign(mission.host_country), ())
    for first_day, last_day, supplement in seen:
        if first_day <= start <= last_day:
            return fixed_part + supplement
    return inf


def allowance_maximum_is_undetermined(volunteer, mission):
    """Reading 7: abroad, bounded by an order, and no maximum is known."""
    is_bounded = (
        contract_months(volunteer, mission) >= facts.ALLOWANCE_BOUND_FROM_MONTHS
    )
    in_an_order = mission.start_date >= facts.ORDER_2005
    if is_hosted_in_france(mission) or not is_bounded or not in_an_order:
        return False
    return allowance_maximum(volunteer, mission) == inf


def allowance_is_lawful(volunteer, mission):
    """Reading 7: within both bounds, on a start that is known."""
    if mission.start_date == facts.UNKNOWN_START:
        return False
    minimum = allowance_minimum(volunteer, mission)
    maximum = allowance_maximum(volunteer, mission)
    return minimum <= mission.contract_monthly_allowance <= maximum


def contract_first_unmet_condition(volunteer, mission):
    """The first condition that fails, in the law's order; `none` where all hold."""
    allowance = mission.contract_monthly_allowance
    maximum = allowance_maximum(volunteer, mission)
    conditions = (
        ("law_not_in_force", law_applies(volunteer, mission)),
        ("organisation_not_entitled", organisation_is_entitled(volunteer, mission)),
        ("volunteer_not_adult", volunteer_is_adult(volunteer, mission)),
        ("contract_not_written", mission.contract_is_written),
        ("other_professional_activity", has_no_other_activity(mission)),
        ("domain_not_eligible", domain_is_eligible(volunteer, mission)),
        ("host_country_closed", host_country_is_open(volunteer, mission)),
        ("contract_too_long", contract_duration_is_lawful(volunteer, mission)),
        ("lifetime_exceeded", lifetime_duration_is_lawful(volunteer, mission)),
        ("allowance_too_low", allowance >= allowance_minimum(volunteer, mission)),
        ("allowance_too_high", allowance <= maximum),
    )
    for name, holds in conditions:
        if not holds:
            return name
    return "none"


def contract_is_lawful(volunteer, mission):
    """All of the conditions above, in writing, no other professional activity."""
    return (
        law_applies(volunteer, mission)
        and volunteer_is_adult(volunteer, mission)
        and organisation_is_entitled(volunteer, mission)
        and host_country_is_open(volunteer, mission)
        and domain_is_eligible(volunteer, mission)
        and contract_duration_is_lawful(volunteer, mission)
        and lifetime_duration_is_lawful(volunteer, mission)
        and allowance_is_lawful(volunteer, mission)
        and mission.contract_is_written
        and has_no_other_activity(mission)
    )


# Notice.


def earliest_termination_date(volunteer, mission):
    """Notice + the minimum notice; 9999-12-31 without a notice."""
    if mission.notice_date == facts.NEVER:
        return facts.NEVER
    return months_later(mission.notice_date, facts.MINIMUM_NOTICE_MONTHS)


def notice_is_respected(volunteer, mission):
    """No early termination, or not before the earliest termination date."""
    if not ended_early(mission):
        return True
    earliest = earliest_termination_date(volunteer, mission)
    return mission.early_termination_date >= earliest
