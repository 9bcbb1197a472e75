"""Scalar reading of what the State pays, and of the organisation's outputs."""

from calendar import isleap
from datetime import timedelta

import scalar_facts as facts
from scalar_contract import (
    days_of_month_since,
    is_hosted_in_france,
    mission_days,
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
    missions_by_start,
)
from scalar_rights import occupational_integration_premium, resettlement_allowance


def agreed_days(mission):
    """Days from start to the agreed end, both included."""
    return days_between(mission.start_date, mission.end_date)


def state_aid_is_open(volunteer):
    """Reading 13: the volunteer's contracts total at least 365 agreed days."""
    total = sum(agreed_days(mission) for mission in missions_by_start(volunteer))
    return total >= facts.STATE_AID_FROM_DAYS


def state_amount(volunteer, table, year, month):
    """Reading 14: the amount in force on the first day of the month, if aid is due."""
    if not state_aid_is_open(volunteer):
        return 0
    return in_force(table, first_of_month(year, month)) or 0


def monthly_amount(volunteer, mission, table, year, month):
    """Reading 13: a monthly amount x mission days / days of the month."""
    amount = state_amount(volunteer, table, year, month)
    days = mission_days(volunteer, mission, year, month)
    return amount * days / days_in_month(year, month)


def first_covered_day(volunteer, mission):
    """Reading 13: the first day of a year's contract, else the 366th day of all."""
    if agreed_days(mission) >= facts.STATE_AID_FROM_DAYS:
        return mission.start_date
    days_before = 0
    for other in missions_by_start(volunteer):
        if other is mission:
            break
        days_before += served_days(volunteer, other)
    days_to_wait = max(0, facts.STATE_AID_FROM_DAYS - days_before)
    return mission.start_date + timedelta(days=days_to_wait)


def state_social_cover_contribution(volunteer, mission, year, month):
    """Reading 13: monthly, from the first covered day."""
    if not dates_are_known(mission):
        return 0
    amount = state_amount(volunteer, facts.STATE_SOCIAL_COVER, year, month)
    since = first_covered_day(volunteer, mission)
    days = days_of_month_since(mission, since, year, month)
    return amount * days / days_in_month(year, month)


def state_management_contribution(volunteer, mission, year, month):
    """Reading 13: monthly."""
    return monthly_amount(volunteer, mission, facts.STATE_MANAGEMENT, year, month)


def state_allowance_contribution(volunteer, mission, year, month):
    """Reading 13: monthly, in France."""
    if not is_hosted_in_france(mission):
        return 0
    table = facts.STATE_ALLOWANCE_IN_FRANCE
    return monthly_amount(volunteer, mission, table, year, month)


def state_installation_contribution(volunteer, mission, year, month):
    """Reading 13: once, in the month the first mission in France starts."""
    in_france = [
        one for one in missions_by_start(volunteer) if is_hosted_in_france(one)
    ]
    if mission not in in_france[:1]:
        return 0
    if not is_in_month(mission.start_date, year, month):
        return 0
    return state_amount(volunteer, facts.STATE_INSTALLATION_IN_FRANCE, year, month)


def state_training_contribution(volunteer, mission, year, month):
    """Reading 13: once, in the month the first mission starts."""
    if mission not in missions_by_start(volunteer)[:1]:
        return 0
    if not is_in_month(mission.start_date, year, month):
        return 0
    return state_amount(volunteer, facts.STATE_TRAINING, year, month)


def state_return_support_contribution(volunteer, mission, year, month):
    """Reading 13: once, in the month an engagement ends, on its last mission."""
    if not is_last_of_engagement(volunteer, mission):
        return 0
    if not is_in_month(effective_end(mission), year, month):
        return 0
    return state_amount(volunteer, facts.STATE_RETURN_SUPPORT, year, month)


def state_insurance_contribution(volunteer, mission, year, month):
    """Reading 13: liability and repatriation, yearly x days / days of the year."""
    liability = facts.STATE_LIABILITY_INSURANCE
    repatriation = facts.STATE_REPATRIATION_INSURANCE
    amount = state_amount(volunteer, liability, year, month)
    amount += state_amount(volunteer, repatriation, year, month)
    days = mission_days(volunteer, mission, year, month)
    return amount * days / (366 if isleap(year) else 365)


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
