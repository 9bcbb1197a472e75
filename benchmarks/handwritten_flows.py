"""What is due and paid month by month, for the hand-written program."""

import numpy

from benchmarks.handwritten_terms import Terms
from benchmarks.outputs import MONTHS, Results
from benchmarks.population import FIRST_FACTS, NEVER, Population

#: A day number later than any day of the study, for contracts without known days.
FAR_AWAY = 2**30


def pay_aids(
    population: Population,
    terms: Terms,
    resettlement: numpy.ndarray,
    premiums: dict[str, numpy.ndarray],
) -> Results:
    """Give what is due and paid month by month."""
    lives, volunteer = terms.lives, population.mission_volunteer
    allowance = population.missions["contract_monthly_allowance"]
    in_france = terms.in_france
    start = numpy.where(terms.is_known, _day_number(terms.start), FAR_AWAY)
    served_end, end = _day_number(terms.served_end), _day_number(terms.end)
    agreed_days = numpy.maximum(end - start + 1, 0)
    served_days = numpy.maximum(served_end - start + 1, 0)
    total = numpy.bincount(volunteer, weights=agreed_days)
    is_aided = terms.is_known & (total >= 365)[volunteer]
    unpaid = numpy.maximum(365 - lives.total_before(served_days), 0)
    covered_from = start + unpaid * (agreed_days < 365)
    earlier_in_france = lives.total_before(in_france)
    opens_in_france = is_aided & in_france & (earlier_in_france == 0)
    opens_life = is_aided & lives.is_first
    closes = is_aided & lives.is_last_of_engagement
    results = {}
    for month in MONTHS:
        first = _day_number(numpy.datetime64(month, "D"))
        last = _day_number(numpy.datetime64(month) + 1) - 1
        in_month = numpy.float32(last - first + 1)
        until = numpy.minimum(served_end, last)
        served = _days_within(first, until, start) / in_month
        covered = _days_within(first, until, covered_from) / in_month
        starts = (start >= first) & (start <= last)
        ends = (served_end >= first) & (served_end <= last)
        aided = served * is_aided
        aids = {
            "social_cover": 390 * covered * is_aided,
            "management": 150 * aided,
            "allowance": 600 * aided * in_france,
            "installation": _amount(2000, starts & opens_in_france),
            "training": _amount(780, starts & opens_life),
            "return_support": _amount(358, ends & closes),
            "insurance": 420 / 366 * in_month * aided,
        }
        for name, values in aids.items():
            results[f"state_{name}_contribution", month] = values
        aid = sum(aids.values())
        paid = ends * resettlement
        results["state_aid", month] = aid
        results["allowance_due", month] = allowance * served
        results["resettlement_allowance", month] = paid
        results["occupational_integration_premium", month] = premiums[month]
        results["state_cost", month] = aid + paid + premiums[month]
    return results


def pay_premiums(
    population: Population, first_months: numpy.ndarray
) -> dict[str, numpy.ndarray]:
    """Give the premium of each month: at most nine that qualify, from the first on."""
    facts = population.facts
    qualifies = facts["is_registered_jobseeker"] & ~facts["meets_rsa_conditions"]
    qualifies &= ~facts["receives_other_job_search_aid"]
    rows = numpy.flatnonzero(first_months < NEVER.astype("datetime64[M]"))
    first, volunteer = first_months[rows], population.mission_volunteer[rows]
    paid = numpy.zeros(len(rows), dtype=numpy.int8)
    premiums = {}
    for rank, of_month in enumerate(qualifies):
        month = FIRST_FACTS + rank
        is_paid = (first <= month) & (paid < 9) & of_month[volunteer]
        paid += is_paid
        if str(month) in MONTHS:
            premium = numpy.zeros(len(first_months), dtype=numpy.float32)
            premium[rows] = _amount(2001 / 9, is_paid)
            premiums[str(month)] = premium
    return premiums


def _day_number(day: numpy.ndarray | numpy.datetime64) -> numpy.ndarray:
    """Number days from 1970 on, in 32 bits: half the memory of a date."""
    return day.astype("datetime64[D]").astype(numpy.int32)


def _days_within(
    first: int, until: numpy.ndarray, start: numpy.ndarray
) -> numpy.ndarray:
    """Count the days of a month from a start on, as amounts are held: in 32 bits."""
    days = until + 1 - numpy.maximum(start, first)
    return numpy.maximum(days, 0).astype(numpy.float32)


def _amount(amount: float, is_paid: numpy.ndarray) -> numpy.ndarray:
    """Give an amount where it is paid, else 0."""
    return numpy.float32(amount) * is_paid
