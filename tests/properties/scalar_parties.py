"""The three parties, the calendar and the engagements of the scalar reading."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from scalar_facts import NEVER, UNKNOWN_START

ONE_DAY = timedelta(days=1)


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

    start_date: date = UNKNOWN_START
    end_date: date = UNKNOWN_START
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

    A monthly yes-or-no input is the set of the (year, month) in which it is true;
    ``dependants_count`` is a dictionary from (year, month) to a number.
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


def months_later(day, months):
    """The day so many calendar months later, or that month's last day."""
    return day + relativedelta(months=months)


def months_and_days(first_day, last_day):
    """Complete months from the first to the last day, both included, and the rest."""
    day_after = last_day + ONE_DAY
    if day_after <= first_day:
        return 0, 0
    months = 0
    while months_later(first_day, months + 1) <= day_after:
        months += 1
    return months, (day_after - months_later(first_day, months)).days


def days_between(first_day, last_day):
    """Days from the first to the last, both included; 0 where they cross."""
    return max(0, (last_day - first_day).days + 1)


def first_of_month(year, month):
    """The first day of the month."""
    return date(year, month, 1)


def last_of_month(year, month):
    """The last day of the month."""
    return date(year, month, days_in_month(year, month))


def days_in_month(year, month):
    """The number of days of the month."""
    return monthrange(year, month)[1]


def is_in_month(day, year, month):
    """Whether the day falls in the month."""
    return (day.year, day.month) == (year, month)


# The contract's dates.


def dates_are_known(mission):
    """Whether the contract has a first day and a last day that does not precede it."""
    return (
        mission.start_date != UNKNOWN_START and mission.end_date >= mission.start_date
    )


def effective_end(mission):
    """The earlier of the agreed end and the early termination."""
    return min(mission.end_date, mission.early_termination_date)


def ended_early(mission):
    """Whether the contract was ended before its agreed end."""
    return mission.early_termination_date < mission.end_date


def missions_by_start(volunteer):
    """The missions whose dates are known, by start, then by end, then as listed."""

    def in_time(mission):
        return mission.start_date, effective_end(mission), mission.end_date

    known = [mission for mission in volunteer.missions if dates_are_known(mission)]
    return sorted(known, key=in_time)


# Engagements.


@dataclass(eq=False)
class Engagement:
    """A chain of missions, each starting no later than the day after the last end."""

    missions: list

    @property
    def first_day(self):
        """The first day of the first mission."""
        return self.missions[0].start_date

    @property
    def last_day(self):
        """The latest effective end."""
        return max(effective_end(mission) for mission in self.missions)

    @property
    def last_mission(self):
        """The mission that ends last; of two, the later start; then as listed."""
        last = self.missions[0]
        for mission in self.missions[1:]:
            rank = (effective_end(mission), mission.start_date)
            if rank >= (effective_end(last), last.start_date):
                last = mission
        return last

    @property
    def agreed_months(self):
        """Complete months from the first day to the latest agreed end."""
        latest_agreed_end = max(mission.end_date for mission in self.missions)
        return months_and_days(self.first_day, latest_agreed_end)[0]


def engagements(volunteer):
    """The volunteer's engagements, in order."""
    chains = []
    for mission in missions_by_start(volunteer):
        if chains and mission.start_date <= chains[-1].last_day + ONE_DAY:
            chains[-1].missions.append(mission)
        else:
            chains.append(Engagement([mission]))
    return chains


def engagement_of(volunteer, mission):
    """The engagement the mission belongs to, None where its dates are not known."""
    for engagement in engagements(volunteer):
        if mission in engagement.missions:
            return engagement
    return None


def is_last_of_engagement(volunteer, mission):
    """Whether the mission is the last of its engagement."""
    engagement = engagement_of(volunteer, mission)
    return engagement is not None and engagement.last_mission is mission
