"""A made-up population: volunteers, their missions, the organisations that sign.

Everything is drawn at random from one seed: nothing here describes real people. The
arrays have the types in which the model holds its inputs, so that neither side of a
comparison pays for a conversion: days are ``datetime64[D]``, an item of a list is
its rank in the list, amounts are 32-bit floats.
"""

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

_DAY = numpy.timedelta64(1, "D")
_SENT_TO = [
    COUNTRY_CODES.index(code)
    for code in ("SN", "MG", "KH", "LB", "TG", "AO", "BJ", "TN", "FR", "NC", "CH", "GB")
]
_BOUNDS = [99, 100, 149, 150, 799, 800, 1600, 1601, 5600]


@dataclass
class Population:
    """Inputs of the model, by name, with who belongs to whom.

    Attributes:
        mission_volunteer: The volunteer of each mission.
        mission_organisation: The organisation of each mission.
        missions: The facts of the missions.
        volunteers: Those of the volunteers.
        organisations: Those of the organisations.
    """

    mission_volunteer: numpy.ndarray
    mission_organisation: numpy.ndarray
    missions: dict[str, numpy.ndarray]
    volunteers: dict[str, numpy.ndarray]
    organisations: dict[str, numpy.ndarray]


def make_population(missions: int, seed: int = 2005) -> Population:
    """Draw a population of so many missions, with seven volunteers for ten of them.

    Missions come in any order. They start from 2015 to 2025; one in eight ends early; a
    few contracts break each of the conditions of the law, and a few have unknown days.
    """
    rng = numpy.random.default_rng(seed)
    volunteers, organisations = missions * 7 // 10, missions // 500 + 20
    months = rng.choice([3, 6, 11, 12, 12, 18, 24, 24, 36], missions)
    length = (months * 30.4375).astype(int) + rng.integers(-3, 4, missions)
    start = numpy.datetime64("2015-01-01") + rng.integers(0, 4000, missions) * _DAY
    end = start + (length - 1) * _DAY
    served = numpy.maximum((length * rng.random(missions)).astype(int), 1)
    is_early = rng.random(missions) < 0.12
    termination = numpy.where(is_early, start + (served - 1) * _DAY, NEVER)
    for days in (start, end):
        days[rng.random(missions) < 0.005] = UNKNOWN_DAY
    # Nine countries in ten are among the usual ones.
    host = rng.integers(0, len(COUNTRY_CODES), missions)
    is_usual = rng.random(missions) < 0.9
    host[is_usual] = rng.choice(_SENT_TO, is_usual.sum())
    # Whole euros, some of them exactly at a bound.
    allowance = rng.integers(120, 2400, missions)
    is_bound = rng.random(missions) < 0.2
    allowance[is_bound] = rng.choice(_BOUNDS, is_bound.sum())
    form = rng.choice(4, organisations, p=[0.01, 0.8, 0.15, 0.04])
    accredited = rng.integers(0, 12 * 365, organisations) * _DAY
    until = numpy.datetime64("2023-01-01") + rng.integers(0, 2920, organisations) * _DAY
    return Population(
        mission_volunteer=rng.integers(0, volunteers, missions),
        mission_organisation=rng.integers(0, organisations, missions),
        missions={
            "start_date": start,
            "end_date": end,
            "early_termination_date": termination,
            "host_country": host.astype(numpy.int16),
            "contract_monthly_allowance": allowance.astype(numpy.float32),
        },
        volunteers={
            "birth_date": numpy.datetime64("1955-01-01")
            + rng.integers(0, 47 * 365, volunteers) * _DAY,
        },
        organisations={
            "legal_form": form.astype(numpy.int16),
            "accreditation_start_date": numpy.datetime64("2005-05-29") + accredited,
            "accreditation_end_date": numpy.where(
                rng.random(organisations) < 0.1, NEVER, until
            ),
        },
    )
