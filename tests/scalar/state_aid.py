"""State aid to the organisation: décret 2005-600, articles 10 to 12; 2022, 9 to 11.

Reading 13; amounts by the orders of 21 December 2005 and 1 December 2022.
"""

from calendar import isleap
from datetime import timedelta

from .decrees import (
    ORDER_OF_2005,
    ORDER_OF_2022,
    occupational_integration_premium,
    resettlement_allowance,
)
from .law import is_entitled_on, is_in_france, is_volunteering_contract, served_days
from .parties import (
    days_between,
    end_of,
    engagement_ended_by,
    in_force,
    in_time,
    month_of,
    output,
)

# Article 9 (10 in 2005): whose contracts total a year.


def contracts(volunteer):
    """The contracts that count, in time."""
    return [
        one for one in in_time(volunteer) if is_volunteering_contract(volunteer, one)
    ]


def agreed_days(mission):
    return days_between(mission.start_date, mission.end_date)


def is_open(volunteer, mission, month):
    """The contracts that have started by the month's end total 365 agreed days."""
    counting = contracts(volunteer)
    started = [one for one in counting if one.start_date <= month.last]
    return mission in counting and sum(map(agreed_days, started)) >= 365


def part_of_month(volunteer, mission, month, since=None):
    """The share of the month that is served, aided and accredited."""
    if not is_open(volunteer, mission, month):
        return 0
    first = max(since or mission.start_date, mission.start_date, month.first)
    count = days_between(first, min(end_of(mission), month.last))
    days = [first + timedelta(days=rank) for rank in range(count)]
    return sum(is_entitled_on(mission.organisation, day) for day in days) / month.days


def due_once(volunteer, mission, day, month, *dated):
    """On the day of the event, at that day's amount."""
    is_due = (
        month_of(day) == month
        and served_days(volunteer, mission) > 0
        and is_open(volunteer, mission, month)
        and is_entitled_on(mission.organisation, day)
    )
    return (in_force(day, *dated) or 0) if is_due else 0


@output("mission", "month")
def state_management_contribution(volunteer, mission, month):
    amount = in_force(month.first, (ORDER_OF_2005, 75), (ORDER_OF_2022, 150)) or 0
    return amount * part_of_month(volunteer, mission, month)


@output("mission", "month")
def state_training_contribution(volunteer, mission, month):
    """Once, when the first mission starts."""
    if mission not in contracts(volunteer)[:1]:
        return 0
    return due_once(volunteer, mission, mission.start_date, month, (ORDER_OF_2005, 780))


@output("mission", "month")
def state_return_support_contribution(volunteer, mission, month):
    """Once an engagement, when it ends."""
    if not engagement_ended_by(volunteer, mission):
        return 0
    return due_once(volunteer, mission, end_of(mission), month, (ORDER_OF_2005, 358))


@output("mission", "month")
def state_insurance_contribution(volunteer, mission, month):
    """Liability 20 and repatriation 400 a year, by the days of the year."""
    amount = in_force(month.first, (ORDER_OF_2022, 20 + 400)) or 0
    part_of_year = month.days / (366 if isleap(month.year) else 365)
    return amount * part_of_month(volunteer, mission, month) * part_of_year


# Article 10 of 2022: missions in France.


@output("mission", "month")
def state_allowance_contribution(volunteer, mission, month):
    amount = in_force(month.first, (ORDER_OF_2022, 600)) or 0
    part = part_of_month(volunteer, mission, month)
    return amount * part if is_in_france(mission) else 0


@output("mission", "month")
def state_installation_contribution(volunteer, mission, month):
    """Once, when the first mission in France starts."""
    if mission not in [one for one in contracts(volunteer) if is_in_france(one)][:1]:
        return 0
    return due_once(
        volunteer, mission, mission.start_date, month, (ORDER_OF_2022, 2000)
    )


# Article 11 (12 in 2005): social cover.


def first_covered_day(volunteer, mission):
    """The first of a contract of 365 days, else the 366th over all of them."""
    if agreed_days(mission) >= 365:
        return mission.start_date
    counting = contracts(volunteer)
    earlier = counting[: counting.index(mission)]
    days_before = sum(served_days(volunteer, one) for one in earlier)
    return mission.start_date + timedelta(days=max(0, 365 - days_before))


@output("mission", "month")
def state_social_cover_contribution(volunteer, mission, month):
    if not is_open(volunteer, mission, month):
        return 0
    amount = in_force(month.first, (ORDER_OF_2005, 272), (ORDER_OF_2022, 390)) or 0
    since = first_covered_day(volunteer, mission)
    return amount * part_of_month(volunteer, mission, month, since)


# Sums.


@output("mission", "month")
def state_aid(volunteer, mission, month):
    return (
        state_social_cover_contribution(volunteer, mission, month)
        + state_management_contribution(volunteer, mission, month)
        + state_allowance_contribution(volunteer, mission, month)
        + state_installation_contribution(volunteer, mission, month)
        + state_training_contribution(volunteer, mission, month)
        + state_return_support_contribution(volunteer, mission, month)
        + state_insurance_contribution(volunteer, mission, month)
    )


@output("mission", "month")
def state_cost(volunteer, mission, month):
    return (
        state_aid(volunteer, mission, month)
        + resettlement_allowance(volunteer, mission, month)
        + occupational_integration_premium(volunteer, mission, month)
    )


@output("organisation", "month")
def organisation_state_aid(organisation, month, volunteers=()):
    """Over all its missions, whoever carries them out."""
    return sum(
        state_aid(volunteer, mission, month)
        for volunteer in volunteers
        for mission in volunteer.missions
        if mission.organisation is organisation
    )
