"""A made-up population: volunteers, their missions, the organisations that sign.

Everything is drawn at random from one seed: nothing here describes real people. The
arrays have the types in which the model holds its inputs, so that neither side of a
comparison pays for a conversion: days are ``datetime64[D]``, an item of a list is
its rank in the list, amounts are 32-bit floats.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy

from openfisca_isv.countries import COUNTRIES

#: Country codes by rank; rank 0 says that the country is unknown.
COUNTRY_CODES = ["none", *COUNTRIES]
#: The rank of the sovereign State of each country, by rank.
SOVEREIGN_STATES = numpy.array(
    [0] + [COUNTRY_CODES.index(row["sovereign"]) for row in COUNTRIES.values()]
)

NEVER = numpy.datetime64("9999-12-31")
UNKNOWN_DAY = numpy.datetime64("1970-01-01")
#: The first month for which facts about the volunteers after return are known.
FIRST_FACTS = numpy.datetime64("2023-01")
MONTHS_OF_FACTS = 24

_DAY = numpy.timedelta64(1, "D")
_SHARES_BY_MISSIONS = (0.71, 0.19, 0.06, 0.04)
_EVERY_COUNTRY = range(len(COUNTRY_CODES))
_SENT_TO = [
    COUNTRY_CODES.index(code)
    for code in ("SN", "MG", "KH", "LB", "TG", "AO", "BJ", "TN", "FR", "NC", "CH", "GB")
]
_COMES_FROM = [
    COUNTRY_CODES.index(code)
    for code in ("FR", "FR", "FR", "FR", "FR", "BE", "SN", "MG", "GB", "HR", "GP", "CH")
]


@dataclass
class Population:
    """Inputs of the model, by name; monthly ones have a row a month."""

    #: The volunteer of each mission, and the organisation of each mission.
    mission_volunteer: numpy.ndarray
    mission_organisation: numpy.ndarray
    missions: dict[str, numpy.ndarray]
    volunteers: dict[str, numpy.ndarray]
    organisations: dict[str, numpy.ndarray]
    #: Facts of the volunteers, shape ``(MONTHS_OF_FACTS, volunteers)``.
    facts: dict[str, numpy.ndarray]


def make_population(missions: int, seed: int = 2005) -> Population:
    """Draw a population of so many missions; about seven volunteers for ten of them.

    Missions come in any order. They start from 2015 to 2025 and later for those that
    follow others; one in eight ends early; a few contracts break each of the
    conditions of the law, and a few have unknown days.
    """
    rng = numpy.random.default_rng(seed)
    volunteer, start, end, termination = _lives(rng, missions)
    volunteers = int(volunteer.max()) + 1
    organisations = missions // 500 + 20
    is_ended_early = termination < NEVER
    reason = numpy.where(is_ended_early, rng.integers(1, 10, missions), 0)
    request = numpy.minimum(end, termination) + rng.integers(-60, 420, missions) * _DAY
    request[rng.random(missions) < 0.3] = NEVER
    return Population(
        mission_volunteer=volunteer,
        mission_organisation=rng.integers(0, organisations, missions),
        missions={
            "start_date": start,
            "end_date": end,
            "early_termination_date": termination,
            "early_termination_reason": reason.astype(numpy.int16),
            "host_country": _countries(rng, missions, _SENT_TO),
            "residence_country": _countries(rng, missions, _COMES_FROM),
            "domain": _ranks(rng, missions, [0.01, 0.48, 0.48, 0.03]),
            "contract_is_written": rng.random(missions) < 0.98,
            "has_other_professional_activity": rng.random(missions) < 0.02,
            "contract_monthly_allowance": _allowances(rng, missions),
            "status_before_departure": _ranks(rng, missions, [0.04] + [0.12] * 8),
            "integration_premium_request_date": request,
        },
        volunteers={
            "birth_date": numpy.datetime64("1955-01-01")
            + rng.integers(0, 47 * 365, volunteers) * _DAY,
            "nationality": _countries(rng, volunteers, _COMES_FROM),
            "second_nationality": numpy.where(
                rng.random(volunteers) < 0.9, 0, rng.choice(_COMES_FROM, volunteers)
            ).astype(numpy.int16),
            "is_civil_servant": rng.random(volunteers) < 0.05,
        },
        organisations={
            "legal_form": _ranks(rng, organisations, [0.01, 0.8, 0.15, 0.04]),
            "accreditation_start_date": numpy.datetime64("2005-05-29")
            + rng.integers(0, 12 * 365, organisations) * _DAY,
            "accreditation_end_date": numpy.datetime64("2023-01-01")
            + rng.integers(0, 8 * 365, organisations) * _DAY,
        },
        facts=_facts(rng, volunteers),
    )


def _lives(
    rng: numpy.random.Generator, missions: int
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Draw the volunteer, the first day, the last day and the early end of each."""
    counts = 1 + _ranks(rng, missions, _SHARES_BY_MISSIONS)
    volunteer = numpy.repeat(numpy.arange(missions), counts)[:missions]
    is_first = numpy.ones(missions, dtype=bool)
    is_first[1:] = volunteer[1:] != volunteer[:-1]
    months = rng.choice([3, 6, 11, 12, 12, 18, 24, 24, 36], missions)
    length = (months * 30.4375).astype(int) + rng.integers(-3, 4, missions)
    start = numpy.datetime64("2015-01-01") + rng.integers(0, 4000, missions) * _DAY
    end = start + (length - 1) * _DAY
    is_early = rng.random(missions) < 0.12
    served = numpy.maximum((length * rng.random(missions)).astype(int), 1)
    # A mission follows the one before it at once, overlaps it, or leaves a gap.
    gap = rng.choice([1, -40, 90, 300, 420, 700], missions, p=[0.45] + [0.11] * 5)
    for _ in _SHARES_BY_MISSIONS[1:]:
        lasts = numpy.where(is_early, served, length)
        follows = (start[:-1] + (lasts[:-1] - 1 + gap[1:]) * _DAY)[~is_first[1:]]
        start[1:][~is_first[1:]] = follows
    end = start + (length - 1) * _DAY
    termination = numpy.where(is_early, start + (served - 1) * _DAY, NEVER)
    start[rng.random(missions) < 0.005] = UNKNOWN_DAY
    end[rng.random(missions) < 0.005] = UNKNOWN_DAY
    shuffled = rng.permutation(missions)
    return (
        rng.permutation(int(volunteer[-1]) + 1)[volunteer][shuffled],
        start[shuffled],
        end[shuffled],
        termination[shuffled],
    )


def _facts(rng: numpy.random.Generator, volunteers: int) -> dict[str, numpy.ndarray]:
    """Draw what is known of the volunteers month by month."""

    def draw(share: float) -> numpy.ndarray:
        months = [rng.random(volunteers) < share for _ in range(MONTHS_OF_FACTS)]
        return numpy.array(months)

    is_jobseeker = rng.random(volunteers) < 0.6
    return {
        "is_registered_jobseeker": is_jobseeker & draw(0.95),
        "meets_rsa_conditions": draw(0.08),
        "receives_other_job_search_aid": draw(0.05),
    }


def _countries(
    rng: numpy.random.Generator, size: int, usual: list[int]
) -> numpy.ndarray:
    """Draw countries: nine in ten among the usual ones, the others from all."""
    drawn = numpy.where(
        rng.random(size) < 0.9,
        rng.choice(usual, size),
        rng.choice(_EVERY_COUNTRY, size),
    )
    return drawn.astype(numpy.int16)


def _allowances(rng: numpy.random.Generator, size: int) -> numpy.ndarray:
    """Draw monthly allowances in whole euros, some of them exactly at a bound."""
    drawn = numpy.where(
        rng.random(size) < 0.2,
        rng.choice([99, 100, 149, 150, 799, 800, 1600, 1601, 5600], size),
        rng.integers(120, 2400, size),
    )
    return drawn.astype(numpy.float32)


def _ranks(
    rng: numpy.random.Generator, size: int, shares: Sequence[float]
) -> numpy.ndarray:
    """Draw items of a list, each with its share."""
    return rng.choice(len(shares), size, p=shares).astype(numpy.int16)
