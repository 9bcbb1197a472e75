"""Chains of two and three missions over gaps about each threshold."""

from datetime import date
from itertools import product

from enumeration import Family
from scalar.parties import NEVER

from .common import LEGAL_DAYS, ORDINARY, after, around, last_day, months

#: Months and days between an end and the next first day. The next day but one opens
#: another engagement; more than twelve months open another right to resettlement.
GAPS = ((0, -30), (0, 0), (0, 1), (0, 2), (0, 3), (12, -1), (12, 0), (12, 1))
#: Agreed months and days, about each threshold.
LENGTHS = (*((6, 0), (12, -1), (12, 0), (18, 0)), *((24, -1), (24, 0), (24, 1)))
#: Why and after how many months a mission ended early; None, that it did not.
EARLY_ENDS = (("none", None), ("health", 6), ("none", 12), ("other_force_majeure", 12))


def chain(first, lengths, gaps, early=(None, None, None)):
    """Return the days of missions that follow each other: start, end, early end."""
    days = []
    for rank, length in enumerate(lengths):
        end = last_day(first, *length)
        served = early[rank] and max(last_day(first, early[rank]), first)
        days += [first, end, served or NEVER]
        if rank < len(gaps):
            first = after(min(end, served or end), *gaps[rank])
    return tuple(days)


def pairs(day):
    """Two missions of each length over each gap, each ended early or not.

    As agreed, the last day of the second one is the day.
    """
    for one, two, gap in product(LENGTHS, LENGTHS, GAPS):
        first = after(day, -one[0] - two[0] - gap[0], -gap[1])
        for (why, early), (then_why, then_early) in product(EARLY_ENDS, EARLY_ENDS):
            days = chain(first, (one, two), (gap,), (early, then_early))
            yield (*days, why, then_why)


def threes(first):
    """Three missions over each two gaps, about the six years of a life."""
    lengths = ((12, 0), (24, -1), (24, 0), (24, 1))
    for three in product(lengths, lengths, lengths):
        for gaps in product(GAPS, GAPS):
            yield chain(first, three, gaps)


def days_of(count):
    return tuple(
        f"{rank}.{name}"
        for rank in range(count)
        for name in ("start_date", "end_date", "early_termination_date")
    )


ON_CHAINS = (
    "engagement_months",
    "opens_legitimate_resignation",
    "is_entitled_to_resettlement_allowance",
    "resettlement_allowance_is_undetermined",
    "lifetime_duration_is_lawful",
)
RESIGNED = {"mission.status_before_departure": "private_employee_resigning"}
BACK_HOME = months((2022, 7), (2023, 10))
UNEMPLOYED = {"volunteer.meets_other_unemployment_conditions": set(BACK_HOME)}
ENDS_OF_FEBRUARY = (date(2012, 2, 29), date(2019, 2, 28), date(2023, 8, 31))
CHAINS = (
    Family(
        "pairs",
        (*days_of(2), "0.early_termination_reason", "1.early_termination_reason"),
        around(LEGAL_DAYS + ENDS_OF_FEBRUARY),
        pairs,
        ON_CHAINS,
        ORDINARY | RESIGNED,
        one_day_in=9,
    ),
    Family(
        "pairs_back_home",
        (*days_of(2), "0.early_termination_reason", "1.early_termination_reason"),
        (date(2022, 7, 31), date(2023, 8, 31)),
        pairs,
        ("unemployment_rights_are_open",),
        ORDINARY | RESIGNED | UNEMPLOYED,
        BACK_HOME,
    ),
    Family(
        "threes",
        days_of(3),
        around((*LEGAL_DAYS, date(2007, 2, 28), date(2018, 8, 31)), 2),
        threes,
        ON_CHAINS,
        ORDINARY | RESIGNED,
        one_day_in=9,
    ),
)
