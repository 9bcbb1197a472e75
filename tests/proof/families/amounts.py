"""Every step, cap and split of resettlement, premium, State aid and quarters."""

from datetime import date, timedelta
from itertools import combinations, product

from enumeration import Family
from scalar.parties import NEVER, ONE_DAY, month_of, months_later

from .common import (
    LEGAL_DAYS,
    ORDINARY,
    REASONS,
    after,
    all_days,
    around,
    last_day,
    months,
)


def resettlements(end):
    """Every length about each month up to 37, each reason; ended on the day."""
    for served, days, reason in product(range(1, 38), (-1, 0, 1), REASONS):
        first = after(end + ONE_DAY, -served, days)
        for agreed in (end, after(end, 3)):
            yield first, agreed, end, reason


def premiums(end):
    """Every set of months as a jobseeker among eleven, about nine; each request."""
    listed = [month_of(end)]
    for _ in range(24):
        listed.append(listed[-1].next)
    for request in (end, end + timedelta(days=40), months_later(end, 12)):
        for size in range(12):
            for chosen in combinations(listed[1:12], size):
                registered = {*chosen, *listed[12:15]}
                yield months_later(end, -12) + ONE_DAY, end, request, registered


def premium_rights(end):
    """Each request about its last day, host, reason, agreed length, RSA or not."""
    for agreed, reason, host, rsa, shift in product(
        ((12, 0), (12, -1)), REASONS, ("SN", "FR", "none"), (0, 1), (-1, 0, 1, None)
    ):
        first = after(end, -11)
        request = NEVER if shift is None else after(end, 12, shift)
        paid = month_of(min(request, months_later(end, 12))).next
        yield (
            *(first, last_day(first, *agreed), end, reason, host, request),
            *({month_of(end)} if rsa else set(), {paid}),
        )


def aided(start):
    """Two contracts that total about 365 days, in France or not, accredited or not."""
    for one, two, gap in product((1, 180, 364, 365, 366), (1, 184, 185, 186), (1, 9)):
        end = start + timedelta(days=one - 1)
        then = end + timedelta(days=gap)
        last = then + timedelta(days=two - 1)
        for hosts in product(("SN", "FR"), ("SN", "FR")):
            for until in (last, then - ONE_DAY, start + timedelta(days=20)):
                yield (start, end, then, last, *hosts, until)


def quarters(first):
    """Lengths about each multiple of 90 days, in France or not."""
    for blocks in range(1, 9):
        for shift in (-1, 0, 1):
            last = first + timedelta(days=90 * blocks + shift - 1)
            for host in ("SN", "FR"):
                yield first, last, host


SPAN = ("0.start_date", "0.end_date")
EARLY = ("0.early_termination_date", "0.early_termination_reason")
REQUEST = "0.integration_premium_request_date"
JOBSEEKER = "volunteer.is_registered_jobseeker"
AMOUNTS = (
    Family(
        "resettlements",
        (*SPAN, *EARLY),
        around(LEGAL_DAYS[1:]),
        resettlements,
        ("resettlement_allowance", "resettlement_allowance_is_undetermined"),
        ORDINARY,
        tuple(sorted({month_of(day) for day in around(LEGAL_DAYS[1:])})),
        one_day_in=2,
    ),
    Family(
        "premiums",
        (*SPAN, REQUEST, JOBSEEKER),
        around((date(2022, 7, 31), date(2005, 12, 25), date(2023, 6, 30))),
        premiums,
        ("occupational_integration_premium",),
        ORDINARY,
        months((2005, 11), (2007, 2)) + months((2022, 6), (2024, 9)),
        one_day_in=2,
        one_case_in=5,
    ),
    Family(
        "premium_rights",
        (
            *(*SPAN, *EARLY, "0.host_country", REQUEST),
            *("volunteer.meets_rsa_conditions", JOBSEEKER),
        ),
        around((*LEGAL_DAYS, date(2012, 2, 29))),
        premium_rights,
        ("occupational_integration_premium",),
        ORDINARY,
        sum((months((y, 1), (y, 12)) for y in (2006, 2013, 2022, 2023, 2024)), ()),
        one_day_in=2,
    ),
    Family(
        "aided",
        (
            *(*SPAN, "1.start_date", "1.end_date", "0.host_country", "1.host_country"),
            "organisation.accreditation_end_date",
        ),
        around((date(2005, 12, 25), date(2022, 7, 31), date(2022, 12, 9))),
        aided,
        (
            *("state_social_cover_contribution", "state_management_contribution"),
            *("state_allowance_contribution", "state_installation_contribution"),
            *("state_training_contribution", "state_return_support_contribution"),
            *("state_insurance_contribution", "state_aid", "state_cost"),
        ),
        ORDINARY,
        months((2005, 11), (2007, 8)) + months((2022, 7), (2024, 7)),
        one_day_in=4,
        one_case_in=7,
    ),
    Family(
        "quarters",
        (*SPAN, "0.host_country"),
        all_days(date(2020, 1, 1), date(2026, 12, 31)),
        quarters,
        ("retirement_quarters", "retirement_quarters_are_undetermined"),
        ORDINARY,
        tuple(months((year, 1), (year, 1))[0] for year in range(2020, 2030)),
        one_day_in=11,
    ),
)
