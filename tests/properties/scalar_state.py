"""Scalar reading of what the State pays, and of the organisation's outputs."""

from calendar import isleap
from datetime import timedelta

import scalar_facts as facts
from scalar_contract import (
    is_entitled_on,
    is_hosted_in_france,
    is_volunteering_contract,
    served_days,
)
from scalar_facts import in_force
from scalar_parties import (
    dates_are_known,
    days_between,
    days_in_month,
    effective_end,
    first_of_month,
    is_in_month,
    is_last_of_engagement,
    last_of_month,
    missions_by_start,
)
from scalar_rights import occupational_integration_premium, resettlement_allowance


def agreed_days(mission):
    """Days from start to the agreed end, both included."""
    return days_between(mission.start_date, mission.end_date)


def volunteering_contracts(volunteer):
    """Reading 13: the contracts that count, in time."""
    return [
        mission
        for mission in missions_by_start(volunteer)
        if is_volunteering_contract(volunteer, mission)
    ]


def state_aid_is_open(volunteer, mission, year, month):
    """Reading 13: contracts started by the month's end total 365 agreed days."""
    contracts = volunteering_contracts(volunteer)
    if mission not in contracts or first_of_month(year, month) < facts.DECREE_2005:
        return False
    total = sum(
        agreed_days(one)
        for one in contracts
        if one.start_date <= last_of_month(year, month)
    )
    return total >= facts.STATE_AID_FROM_DAYS


def aided_days(mission, since, year, month):
    """Reading 13: days served in the month on which the organisation is accredited."""
    first_day = max(since, mission.start_date, first_of_month(year, month))
    last_day = min(effective_end(mission), last_of_month(year, month))
    days = 0
    day = first_day
    while day <= last_day:
        days += is_entitled_on(mission.organisation, day)
        day += timedelta(days=1)
    return days


def monthly_amount(volunteer, mission, table, when, since=None):
    """Reading 13: a monthly amount x eligible days / days of the month."""
    if not state_aid_is_open(volunteer, mission, *when):
        return 0
    amount = in_force(table, first_of_month(*when)) or 0
    days = aided_days(mission, since or mission.start_date, *when)
    return amount * days / days_in_month(*when)


def amount_due_once(volunteer, mission, table, day, when):
    """Reading 13: once, on the day of the event, at that day's amount."""
    if not is_in_month(day, *when) or served_days(volunteer, mission) == 0:
        return 0
    if not state_aid_is_open(volunteer, mission, *when):
        return 0
    if not is_entitled_on(mission.organisation, day):
        return 0
    return in_force(table, day) or 0


def first_covered_day(volunteer, mission):
    """Reading 13: the first day of a year's contract, else the 366th day of all."""
    if agreed_days(mission) >= facts.STATE_AID_FROM_DAYS:
        return mission.start_date
    days_before = 0
    for other in volunteering_contracts(volunteer):
        if other is mission:
            break
        days_before += served_days(volunteer, other)
    days_to_wait = max(0, facts.STATE_AID_FROM_DAYS - days_before)
    return mission.start_date + timedelta(days=days_to_wait)


def state_social_cover_contribution(volunteer, mission, year, month):
    """Reading 13: monthly, from the first covered day."""
    if not dates_are_known(mission):
        return 0
    since = first_covered_day(volunteer, mission)
    table = facts.STATE_SOCIAL_COVER
    return monthly_amount(volunteer, mission, table, (year, month), since)


def state_management_contribution(volunteer, mission, year, month):
    """Reading 13: monthly."""
    return monthly_amount(volunteer, mission, facts.STATE_MANAGEMENT, (year, month))


def state_allowance_contribution(volunteer, mission, year, month):
    """Reading 13: monthly, in France."""
    if not is_hosted_in_france(mission):
        return 0
    table = facts.STATE_ALLOWANCE_IN_FRANCE
    return monthly_amount(volunteer, mission, table, (year, month))


def state_installation_contribution(volunteer, mission, year, month):
    """Reading 13: once, when the first mission in France starts."""
    in_france = [
        one for one in volunteering_contracts(volunteer) if is_hosted_in_france(one)
    ]
    if mission not in in_france[:1]:
        return 0
    table = facts.STATE_INSTALLATION_IN_FRANCE
    return amount_due_once(volunteer, mission, table, mission.start_date, (year, month))


def state_training_contribution(volunteer, mission, year, month):
    """Reading 13: once, when the first mission starts."""
    if mission not in volunteering_contracts(volunteer)[:1]:
        return 0
    table = facts.STATE_TRAINING
    return amount_due_once(volunteer, mission, table, mission.start_date, (year, month))


def state_return_support_contribution(volunteer, mission, year, month):
    """Reading 13: once, when an engagement ends, on its last mission."""
    if not is_last_of_engagement(volunteer, mission):
        return 0
    table = facts.STATE_RETURN_SUPPORT
    end = effective_end(mission)
    return amount_due_once(volunteer, mission, table, end, (year, month))


def state_insurance_contribution(volunteer, mission, year, month):
    """Reading 13: liability and repatriation, yearly x days / days of the year."""
    yearly = sum(
        monthly_amount(volunteer, mission, table, (year, month))
        for table in (
            facts.STATE_LIABILITY_INSURANCE,
            facts.STATE_REPATRIATION_INSURANCE,
        )
    )
    return yearly * days_in_month(year, month) / (366 if isleap(year) else 365)


def state_aid(volunteer, mission, year, month):
    """The sum of the seven contributions."""
    return (
        state_social_cover_contribution(volunteer, mission, year, month)
        + state_management_contribution(volunteer, mission, year, month)
        + state_allowance_contribution(volunteer, mission, year, month)
        + state_installation_contribution(volunteer, mission, year, month)
        + state_training_contribution(volunteer, mission, year, month)
        + state_return_support_contribution(volunteer, mission, year, month)
        + state_insurance_contribution(volunteer, mission, year, month)
    )


def state_cost(volunteer, mission, year, month):
    """State aid + resettlement allowance + integration premium."""
    return (
        state_aid(volunteer, mission, year, month)
        + resettlement_allowance(volunteer, mission, year, month)
        + occupational_integration_premium(volunteer, mission, year, month)
    )


# The organisation.


def organisation_state_aid(organisation, volunteers, year, month):
    """State aid summed over the organisation's missions, whoever carries them out."""
    total = 0
    for volunteer in volunteers:
        for mission in volunteer.missions:
            if mission.organisation is organisation:
                total += state_aid(volunteer, mission, year, month)
    return total


def meets_accreditation_criteria(organisation, year, month):
    """Décret 2005-600, then 2022-1067, arts 1-2, on the first day of the month.

    An association: 3 years of activity abroad, a balanced budget, more than 15 % of
    private resources. A public interest group: none of these, from the decree of
    2022.
    """
    in_force_from = facts.ACCREDITATION_CRITERIA_FROM.get(organisation.legal_form)
    if in_force_from is None or first_of_month(year, month) < in_force_from:
        return False
    if organisation.legal_form == "public_interest_group":
        return True
    return (
        organisation.years_of_activity_abroad >= facts.ACCREDITATION_YEARS_OF_ACTIVITY
        and organisation.budget_is_balanced
        and organisation.private_resources_share > facts.ACCREDITATION_PRIVATE_SHARE
    )
