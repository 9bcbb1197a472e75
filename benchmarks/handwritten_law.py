"""What makes a contract lawful, for the hand-written program."""

import numpy

from benchmarks.handwritten_lives import add_months, split
from benchmarks.handwritten_terms import FRANCE, LAW, Months, Terms
from benchmarks.population import (
    COUNTRY_CODES,
    NEVER,
    SOVEREIGN_STATES,
    UNKNOWN_DAY,
    Population,
)

LAW_OF_2021 = numpy.datetime64("2021-08-06")
ASSOCIATION, PUBLIC_INTEREST_GROUP = 1, 2
DEVELOPMENT, HUMANITARIAN = 1, 2

EUROPE = {
    "1995-05-01": "AT BE DE DK ES FI FR GB GR IE IS IT LI LU NL NO PT SE",
    "2004-05-01": "CY CZ EE HU LT LV MT PL SI SK",
    "2007-01-01": "BG RO",
    "2013-07-01": "HR",
}
FIXED_PARTS = {"2018-04-01": 723.99, "2022-07-01": 749.33, "2024-01-01": 772.87}
SUPPLEMENTS = {
    "2019-03-20": {"AO": 4210.84, "BJ": 1334, "LB": 2602},
    "2020-01-01": {
        "AF": 4389.42,
        "AO": 3873.98,
        "BJ": 1353.34,
        "LB": 2567.40,
        "SI": 890.88,
        "TN": 964.99,
    },
    "2021-07-01": {"AF": 3954.42, "AL": 1846.51, "DZ": 1274.83, "ZA": 1268.76},
}


def check_contracts(
    population: Population, terms: Terms, months: Months
) -> dict[str, numpy.ndarray]:
    """Check the conditions of a lawful contract, in the order of the law."""
    missions, start = population.missions, terms.start
    allowance = missions["contract_monthly_allowance"]
    law_applies = start >= LAW
    majority = add_months(split(population.volunteers["birth_date"]), 18 * 12)
    domain = missions["domain"]
    is_eligible = (domain == DEVELOPMENT) | (domain == HUMANITARIAN)
    minimum, maximum = _allowance_bounds(missions["host_country"], start)
    is_short = months.agreed < 24
    is_short |= (months.agreed == 24) & (months.agreed_days == 0)
    served = 30 * months.served + months.served_days
    life = 30 * months.agreed + months.agreed_days
    life += terms.lives.total_on_earlier_days(served)
    is_dated = start != UNKNOWN_DAY
    outputs = {
        "law_applies": law_applies,
        "organisation_is_entitled": _is_entitled(population, start),
        "volunteer_is_adult": is_dated
        & (majority[population.mission_volunteer] <= start),
        "domain_is_eligible": is_eligible,
        "host_country_is_open": is_dated & _is_open(population, terms.host, start),
        "contract_duration_is_lawful": terms.is_known & is_short,
        "lifetime_duration_is_lawful": terms.is_known & (life <= 30 * 72),
        "allowance_minimum": minimum,
        "allowance_maximum": maximum,
        "allowance_is_lawful": is_dated
        & (allowance >= minimum)
        & (allowance <= maximum),
    }
    unmet = [
        ~law_applies,
        ~outputs["organisation_is_entitled"],
        ~outputs["volunteer_is_adult"],
        ~missions["contract_is_written"],
        missions["has_other_professional_activity"],
        ~outputs["domain_is_eligible"],
        ~outputs["host_country_is_open"],
        ~outputs["contract_duration_is_lawful"],
        ~outputs["lifetime_duration_is_lawful"],
        allowance < minimum,
        allowance > maximum,
    ]
    first_unmet = numpy.zeros(len(start), dtype=numpy.int16)
    for rank, condition in reversed(list(enumerate(unmet, 1))):
        first_unmet[condition] = rank
    outputs["contract_first_unmet_condition"] = first_unmet
    outputs["contract_is_lawful"] = first_unmet == 0
    return outputs


def _is_entitled(population: Population, start: numpy.ndarray) -> numpy.ndarray:
    """Tell whether the organisation may sign: its form, and its accreditation."""
    organisations = population.organisations
    organisation = population.mission_organisation
    form = organisations["legal_form"][organisation]
    is_allowed = (form == ASSOCIATION) & (start >= LAW)
    is_allowed |= (form == PUBLIC_INTEREST_GROUP) & (start >= LAW_OF_2021)
    return (
        is_allowed
        & (organisations["accreditation_start_date"][organisation] <= start)
        & (start <= organisations["accreditation_end_date"][organisation])
    )


def _is_open(
    population: Population, host: numpy.ndarray, start: numpy.ndarray
) -> numpy.ndarray:
    """Tell whether the host country is open to the volunteer on the first day."""
    joined = numpy.full(len(COUNTRY_CODES), NEVER)
    left = numpy.full(len(COUNTRY_CODES), NEVER)
    for day, codes in EUROPE.items():
        joined[[COUNTRY_CODES.index(code) for code in codes.split()]] = day
    left[COUNTRY_CODES.index("GB")] = "2021-01-01"

    def is_in_europe(state: numpy.ndarray) -> numpy.ndarray:
        return (joined[state] <= start) & (start < left[state])

    volunteer, volunteers = population.mission_volunteer, population.volunteers
    first = SOVEREIGN_STATES[volunteers["nationality"]][volunteer]
    second = SOVEREIGN_STATES[volunteers["second_nationality"]][volunteer]
    residence = SOVEREIGN_STATES[population.missions["residence_country"]]
    is_known = (host > 0) & (first > 0) & (residence > 0)
    is_foreign = (host != first) & (host != second) & (host != residence)
    comes_from_outside = ~is_in_europe(first) | ~is_in_europe(residence)
    comes_from_outside |= (second > 0) & ~is_in_europe(second)
    france_is_open = (host == FRANCE) & (start >= LAW_OF_2021) & comes_from_outside
    return is_known & is_foreign & (~is_in_europe(host) | france_is_open)


def _allowance_bounds(
    country: numpy.ndarray, start: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Give the least and the greatest allowance, by host country and first day."""
    changes = sorted(
        {"2005-12-25", "2022-12-09", "2023-07-01", *FIXED_PARTS, *SUPPLEMENTS}
    )
    least = numpy.zeros((len(changes) + 1, len(COUNTRY_CODES)), dtype=numpy.float32)
    greatest = numpy.full_like(least, numpy.inf)
    supplement = numpy.full(len(COUNTRY_CODES), numpy.inf)
    fixed_part = numpy.inf
    for row, day in enumerate(changes, 1):
        fixed_part = FIXED_PARTS.get(day, fixed_part)
        if day == "2023-07-01":
            fixed_part = numpy.inf
        for code, amount in SUPPLEMENTS.get(day, {}).items():
            supplement[COUNTRY_CODES.index(code)] = amount
        is_new = day >= "2022-12-09"
        least[row] = 150 if is_new else 100
        greatest[row] = fixed_part + supplement
        least[row, SOVEREIGN_STATES == FRANCE] = 800 if is_new else 0
        greatest[row, SOVEREIGN_STATES == FRANCE] = 1600 if is_new else numpy.inf
    row = numpy.searchsorted(numpy.array(changes, "datetime64[D]"), start, "right")
    return least[row, country], greatest[row, country]
