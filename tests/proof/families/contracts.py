"""Every contract that can exist, and every early end at a boundary of a month.

First days run from 1 January 2005 to 31 December 2035, lengths to three years and a
month: longer than any threshold of one contract, through eight leap years.
"""

from datetime import date, timedelta

from enumeration import Family
from scalar.parties import NEVER

from .common import ORDINARY, after, all_days, last_day, months

SPAN = ("0.start_date", "0.end_date")
EARLY = "0.early_termination_date"
STARTS = all_days(date(2005, 1, 1), date(2035, 12, 31))


def contracts(first):
    """Every last day, from the day before the first."""
    for last in all_days(first - timedelta(days=1), last_day(first, 37)):
        yield first, last


def early_ends(first):
    """Ended at each month, the day before and after; agreed for each whole month.

    Every agreed length with every early end would be 700 million cases. The rules take
    two things from an agreed end: whether it is later than the early one, and whether
    the contract has the six, twelve or twenty-four months of a threshold. So each whole
    month is agreed, and around each threshold the day before and after; that agreed
    lengths are counted right is what `contracts` shows.
    """
    thresholds = [(agreed, shift) for agreed in (6, 12, 24) for shift in (-1, 1)]
    for agreed, shift in [(agreed, 0) for agreed in range(1, 38)] + thresholds:
        end = last_day(first, agreed, shift)
        for served in range(agreed + 1):
            for days in (-1, 0, 1):
                early = last_day(first, served, days)
                if first <= early <= end:
                    yield first, end, early


def steps_on_return(first):
    """Agreed and served about each step, for a reason of each kind."""
    for agreed in (12, 24):
        end = last_day(first, agreed)
        for served in (6, 12, 18, 24):
            for days in (-1, 0, 1):
                early = last_day(first, served, days)
                for reason in ("health", "other_force_majeure", "none"):
                    yield first, end, early, reason


def months_served(first):
    """About each month of a year, seen from each month; each day of a leap year."""
    for served in range(14):
        for days in (-1, 0, 1):
            for host in ("SN", "GP"):
                end = last_day(first, served, days)
                for early in (NEVER, after(first, 6, -1)):
                    yield first, end, early, host


def notices(day):
    """A notice on each day of a leap cycle, an end about a month later, or agreed."""
    for days in range(-3, 5):
        early = after(day, 1, days)
        for end in (early, early + timedelta(days=1), NEVER):
            yield date(2022, 1, 1), end, early, day


LEAP_CYCLE = all_days(date(2023, 3, 1), date(2027, 2, 28))
LEAP_YEAR = all_days(date(2023, 3, 1), date(2024, 3, 31))
CONTRACTS = (
    Family(
        "contracts",
        SPAN,
        STARTS,
        contracts,
        ("contract_months", "contract_duration_is_lawful", "served_days"),
        ORDINARY,
        one_day_in=97,
    ),
    Family(
        "early_ends",
        (*SPAN, EARLY),
        STARTS,
        early_ends,
        ("effective_end_date", "served_months", "served_days", "leave_days_total"),
        ORDINARY,
        one_day_in=197,
    ),
    Family(
        "steps_on_return",
        (*SPAN, EARLY, "0.early_termination_reason"),
        STARTS,
        steps_on_return,
        (
            "is_entitled_to_resettlement_allowance",
            "resettlement_allowance_is_undetermined",
            "opens_legitimate_resignation",
        ),
        ORDINARY | {"mission.status_before_departure": "private_employee_resigning"},
        one_day_in=7,
        one_case_in=5,
    ),
    Family(
        "months_served",
        (*SPAN, EARLY, "0.host_country"),
        LEAP_YEAR,
        months_served,
        (
            *("mission_days", "leave_days_accrued", "social_security_affiliated"),
            *("allowance_due", "allowance_subject_to_income_tax"),
            *("allowance_subject_to_social_contributions", "social_contribution_base"),
            *("lifetime_months", "remaining_lifetime_months"),
        ),
        ORDINARY,
        months((2023, 2), (2025, 5)),
        one_day_in=29,
    ),
    Family(
        "notices",
        (*SPAN, EARLY, "0.notice_date"),
        LEAP_CYCLE,
        notices,
        ("earliest_termination_date", "notice_is_respected"),
        ORDINARY,
    ),
)
