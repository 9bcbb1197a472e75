"""What a mission gives a right to, for the hand-written program."""

import numpy

from benchmarks.handwritten_lives import add_months, split
from benchmarks.handwritten_terms import LAW, Months, Terms
from benchmarks.population import NEVER, Population

DECREE_OF_2022 = numpy.datetime64("2022-07-31")
ORDERS_OF_2022 = numpy.datetime64("2022-12-09")
RESIGNING = 1
PERSONAL, FORCE_MAJEURE, BREACH = 1, 6, 7
#: Health, family, administrative, security: ranks 2 to 5.
FIRST_GOOD_REASON, LAST_GOOD_REASON = 2, 5


def open_rights(
    population: Population, terms: Terms, months: Months
) -> dict[str, numpy.ndarray]:
    """Give the rights that a mission opens, and the first month of the premium."""
    missions, served_end, lives = population.missions, terms.served_end, terms.lives
    law_applies = terms.start >= LAW
    reason = missions["early_termination_reason"]
    is_early = missions["early_termination_date"] < terms.end
    is_good = (reason >= FIRST_GOOD_REASON) & (reason <= LAST_GOOD_REASON)
    is_new = served_end >= DECREE_OF_2022
    closes = lives.is_last_of_engagement & law_applies

    is_reduced = is_early & (is_good | (~is_new & (reason == FORCE_MAJEURE)))
    needed = numpy.array([24, 12, 12, 6])[is_new + 2 * is_reduced]
    is_civil_servant = population.volunteers["is_civil_servant"]
    meets = closes & (months.engagement >= needed)
    meets &= ~is_civil_servant[population.mission_volunteer]
    is_entitled = meets & ~lives.is_too_close_to_a_right(meets)
    amounts = numpy.array([[0, 0, 3700], [800, 1500, 3700]], dtype=numpy.float32)
    step = numpy.clip(months.engagement // 6 - 2, 0, 2)
    amount = amounts[(served_end >= ORDERS_OF_2022).astype(int), step]
    amount *= is_entitled & (months.engagement >= 12)

    is_lost = is_early & ((reason == 0) | (reason == PERSONAL))
    is_lost |= is_early & is_new & ((reason == FORCE_MAJEURE) | (reason == BREACH))
    is_lost |= is_new & (terms.in_france | (terms.host == 0))
    opens = closes & (months.engagement_agreed >= 12) & ~is_lost
    rows = numpy.flatnonzero(opens)
    end = served_end[rows]
    request = missions["integration_premium_request_date"][rows]
    first = numpy.maximum(end, request).astype("datetime64[M]") + 1
    first[request > add_months(split(end), 12)] = NEVER
    first_months = numpy.full(len(opens), NEVER.astype("datetime64[M]"))
    first_months[rows] = first

    is_resigning = missions["status_before_departure"] == RESIGNING
    is_legitimate = law_applies & is_resigning & (months.engagement_agreed >= 12)
    return {
        "leave_days_total": 2 * months.served * (law_applies & (months.agreed >= 6)),
        "is_entitled_to_resettlement_allowance": is_entitled,
        "resettlement_allowance_is_undetermined": is_entitled & (amount == 0),
        "resettlement_amount": amount,
        "opens_legitimate_resignation": is_legitimate,
        "first_month_of_premium": first_months,
    }
