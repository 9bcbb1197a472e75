"""What the hand-written program reads first: the days of each mission, in months."""

from dataclasses import dataclass

import numpy

from benchmarks.handwritten_lives import DAY, Lives, complete_months, days_left, split
from benchmarks.population import (
    COUNTRY_CODES,
    SOVEREIGN_STATES,
    UNKNOWN_DAY,
    Population,
)

LAW = numpy.datetime64("2005-05-24")
FRANCE = COUNTRY_CODES.index("FR")


@dataclass
class Terms:
    """The days of each mission, and what they say of the volunteer's life."""

    is_known: numpy.ndarray
    start: numpy.ndarray
    end: numpy.ndarray
    served_end: numpy.ndarray
    host: numpy.ndarray
    in_france: numpy.ndarray
    lives: Lives


@dataclass
class Months:
    """Complete months of each mission, and the days left over."""

    agreed: numpy.ndarray
    agreed_days: numpy.ndarray
    served: numpy.ndarray
    served_days: numpy.ndarray
    engagement: numpy.ndarray
    engagement_agreed: numpy.ndarray


def read_terms(population: Population) -> Terms:
    """Read the days of the missions and put them in order of time."""
    missions = population.missions
    start, end = missions["start_date"], missions["end_date"]
    is_known = (start != UNKNOWN_DAY) & (start <= end)
    served_end = numpy.minimum(end, missions["early_termination_date"])
    host = SOVEREIGN_STATES[missions["host_country"]]
    lives = Lives(population.mission_volunteer, is_known, start, served_end, end)
    return Terms(is_known, start, end, served_end, host, host == FRANCE, lives)


def count_months(terms: Terms) -> Months:
    """Count the complete months of missions and engagements, 0 for unknown days."""
    is_known = terms.is_known
    start, after_end, after_served = (
        split(terms.start),
        split(terms.end + DAY),
        split(terms.served_end + DAY),
    )
    agreed = is_known * complete_months(start, after_end)
    served = is_known * complete_months(start, after_served)
    engagement_start = start.of(terms.lives.engagement_opener)
    after_engagement = split(terms.lives.engagement_agreed_end + DAY)
    return Months(
        agreed,
        is_known * days_left(start, after_end, agreed),
        served,
        is_known * days_left(start, after_served, served),
        is_known * complete_months(engagement_start, after_served),
        is_known * complete_months(engagement_start, after_engagement),
    )
