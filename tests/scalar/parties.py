"""The three parties, the calendar, and engagements."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

UNKNOWN = date(1970, 1, 1)
NEVER = date(9999, 12, 31)
ONE_DAY = timedelta(days=1)

outputs = {}


def output(entity, period="ETERNITY"):
    """Mark a function as giving the output of its name."""

    def mark(function):
        outputs[function.__name__] = entity, period, function
        return function

    return mark


@dataclass(eq=False)
class Organisation:
    """The inputs of an organisation."""

    legal_form: str = "none"
    accreditation_start_date: date = NEVER
    accreditation_end_date: date = NEVER
    years_of_activity_abroad: float = 0
    budget_is_balanced: bool = False
    private_resources_share: float = 0


@dataclass(eq=False)
class Mission:
    """The inputs of a mission, and the organisation that signs it."""

    start_date: date = UNKNOWN
    end_date: date = UNKNOWN
    early_termination_date: date = NEVER
    early_termination_reason: str = "none"
    notice_date: date = NEVER
    host_country: str = "none"
    residence_country: str = "none"
    domain: str = "none"
    contract_is_written: bool = False
    has_other_professional_activity: bool = False
    contract_monthly_allowance: float = 0
    status_before_departure: str = "none"
    integration_premium_request_date: date = NEVER
    organisation: Organisation = field(default_factory=Organisation)


@dataclass(eq=False)
class Volunteer:
    """The inputs of a volunteer, and the missions of one life in any order.

    A monthly input that is a yes or a no is the set of the months of yes;
    ``dependants_count`` gives a number to some months.
    """

    birth_date: date = NEVER
    nationality: str = "none"
    second_nationality: str = "none"
    is_civil_servant: bool = False
    dependants_count: dict = field(default_factory=dict)
    is_registered_jobseeker: set = field(default_factory=set)
    meets_rsa_conditions: set = field(default_factory=set)
    receives_other_job_search_aid: set = field(default_factory=set)
    meets_other_unemployment_conditions: set = field(default_factory=set)
    missions: list = field(default_factory=list)


# The calendar.


class Month(NamedTuple):
    """A calendar month."""

    year: int
    month: int

    @property
    def first(self):
        return date(self.year, self.month, 1)

    @property
    def last(self):
        return date(self.year, self.month, self.days)

    @property
    def days(self):
        return monthrange(self.year, self.month)[1]

    @property
    def next(self):
        return month_of(self.last + ONE_DAY)


def month_of(day):
    return Month(day.year, day.month)


@cache
def months_later(day, months):
    """The same day so many months later, or that month's last day."""
    return day + relativedelta(months=months)


def months_and_days(first, last):
    """The complete months from a first to a last day, both included, and the rest."""
    end = last + ONE_DAY
    if end <= first:
        return 0, 0
    months = 12 * (end.year - first.year) + end.month - first.month
    if months_later(first, months) > end:
        months -= 1
    return months, (end - months_later(first, months)).days


def complete_months(first, last):
    return months_and_days(first, last)[0]


def days_between(first, last):
    """The days from the first to the last, both included; 0 where they cross."""
    return max(0, (last - first).days + 1)


def in_force(day, *dated):
    """The value in force on the day, None before the first; oldest first."""
    found = None
    for first_day, value in dated:
        if first_day <= day:
            found = value
    return found


# The contract and the mission served.


def dates_are_known(mission):
    return mission.start_date != UNKNOWN and mission.end_date >= mission.start_date


def ended_early(mission):
    return mission.early_termination_date < mission.end_date


def end_of(mission):
    """The earlier of the agreed end and the early termination."""
    return min(mission.end_date, mission.early_termination_date)


def in_time(volunteer):
    """The missions whose dates are known: by start, then end, then agreed end."""
    known = [mission for mission in volunteer.missions if dates_are_known(mission)]
    return sorted(known, key=lambda one: (one.start_date, end_of(one), one.end_date))


# Engagements.


class Engagement:
    """A chain of missions, each starting no later than the day after the last end."""

    def __init__(self, mission):
        self.missions = [mission]
        self.first_day = mission.start_date
        self.last_day = end_of(mission)

    def add(self, mission):
        self.missions.append(mission)
        self.last_day = max(self.last_day, end_of(mission))

    @property
    def last_mission(self):
        """The last of those that end on its last day and were served at all."""
        ending = [
            one
            for one in self.missions
            if end_of(one) == self.last_day >= one.start_date
        ]
        return ending[-1] if ending else None

    @property
    def agreed_months(self):
        """From the first day to the latest agreed end (reading 9)."""
        agreed_end = max(mission.end_date for mission in self.missions)
        return complete_months(self.first_day, agreed_end)


def engagements(volunteer):
    chains = []
    for mission in in_time(volunteer):
        if chains and mission.start_date <= chains[-1].last_day + ONE_DAY:
            chains[-1].add(mission)
        else:
            chains.append(Engagement(mission))
    return chains


def engagement_of(volunteer, mission):
    for engagement in engagements(volunteer):
        if mission in engagement.missions:
            return engagement
    return None


def engagement_ended_by(volunteer, mission):
    """The engagement that the mission is the last of, None where it is not."""
    engagement = engagement_of(volunteer, mission)
    return engagement if engagement and engagement.last_mission is mission else None
