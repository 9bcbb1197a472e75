"""Drawn volunteers: who they are, where they go, for whom, on what terms."""

import numpy

from openfisca_isv.countries import Country
from openfisca_isv.population.synthetic.careers import draw_careers, draw_departures
from openfisca_isv.population.synthetic.codes import NONE, rank, ranked
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.faults import (
    break_conditions,
    draw_faults,
    draw_first_months,
)
from openfisca_isv.population.synthetic.lives import Careers, Lives, birth_dates
from openfisca_isv.population.synthetic.organisations import draw_organisations
from openfisca_isv.variables.contract import Domain
from openfisca_isv.variables.resignation import Status


def draw_lives(
    draws: Draws,
    statistics: dict,
    years: range,
    count: int,
    *,
    in_france: bool,
) -> Lives:
    """Draw volunteers whose first contract starts in some years.

    Args:
        draws: The stream of draws.
        statistics: The numbers by which to draw.
        years: The years of departure.
        count: How many volunteers.
        in_france: Hosted in France, or abroad.
    """
    start = draw_departures(draws, statistics, years, count)
    fault = draw_faults(draws, statistics, count)
    months = draw_first_months(draws, statistics, fault)
    careers = draw_careers(draws, statistics, start, months)
    status = draws.choose(ranked(Status, statistics["statuses"]["value"]), count)
    volunteers = _draw_volunteers(draws, statistics, start, status, in_france=in_france)
    terms = _draw_terms(draws, statistics, volunteers, careers, in_france=in_france)
    terms["status_before_departure"] = _repeat(status, careers)
    terms["organisation"] = draw_organisations(
        draws, statistics, careers.start, in_france=in_france
    )
    lives = Lives(volunteers, terms, careers, fault)
    break_conditions(draws, statistics, lives, in_france=in_france)
    return lives


def _draw_volunteers(
    draws: Draws,
    statistics: dict,
    start: numpy.ndarray,
    status: numpy.ndarray,
    *,
    in_france: bool,
) -> dict[str, numpy.ndarray]:
    """Draw the inputs of the volunteers; age is that of the first departure."""
    count = len(start)
    ages = draws.along(statistics["age_at_first_departure"]["steps"], count)
    where = "in_france" if in_france else "abroad"
    shares = ranked(Country, statistics[f"nationalities_{where}"]["value"])
    nationality = draws.choose(shares, count)
    shares = ranked(Country, statistics["second_nationalities"]["value"])
    second = draws.choose(shares, count)
    has_second = (second != nationality) & (not in_france)
    is_civil_servant = draws.happens(statistics["civil_servants"]["value"], count)
    return {
        "birth_date": birth_dates(start, ages),
        "nationality": nationality,
        "second_nationality": numpy.where(has_second, second, NONE),
        "is_civil_servant": is_civil_servant & (status == rank(Status, "public_agent")),
        "dependants_count": draws.choose(statistics["dependants"]["value"], count),
    }


def _draw_terms(
    draws: Draws,
    statistics: dict,
    volunteers: dict[str, numpy.ndarray],
    careers: Careers,
    *,
    in_france: bool,
) -> dict[str, numpy.ndarray]:
    """Draw the inputs of the contracts; those of a volunteer are much alike."""
    lives = len(careers.start)
    nationality = volunteers["nationality"]
    resides_in_france = draws.happens(statistics["resides_in_france"]["value"], lives)
    resides_in_france &= not in_france
    is_humanitarian = draws.happens(statistics["humanitarian_action"]["value"], lives)
    domain = numpy.where(
        is_humanitarian,
        rank(Domain, "humanitarian_action"),
        rank(Domain, "development_cooperation"),
    )
    allowances = statistics["allowances"]
    rounding = allowances["rounded_to"]
    steps = allowances["in_france" if in_france else "abroad"]
    allowance = numpy.round(draws.along(steps, lives) / rounding) * rounding
    if in_france:
        host = _repeat(numpy.full(lives, rank(Country, "FR")), careers)
    else:
        host = _draw_host_countries(draws, statistics, volunteers, careers)
    return {
        "host_country": host,
        "residence_country": _repeat(
            numpy.where(resides_in_france, rank(Country, "FR"), nationality), careers
        ),
        "domain": _repeat(domain, careers),
        "contract_is_written": numpy.ones(careers.start.shape, dtype=bool),
        "has_other_professional_activity": numpy.zeros(careers.start.shape, dtype=bool),
        "contract_monthly_allowance": _repeat(allowance, careers),
    }


def _repeat(values: numpy.ndarray, careers: Careers) -> numpy.ndarray:
    """Give each contract the value of its volunteer."""
    return numpy.repeat(values[:, None], careers.start.shape[1], axis=1)


def _draw_host_countries(
    draws: Draws,
    statistics: dict,
    volunteers: dict[str, numpy.ndarray],
    careers: Careers,
) -> numpy.ndarray:
    """Draw host countries abroad; a volunteer sent home goes to Madagascar instead."""
    lives, contracts = careers.start.shape
    regions = statistics["host_countries"]["value"]
    shares = {
        rank(Country, code): share
        for region in regions.values()
        for code, share in region.items()
    }
    instead = rank(Country, "MG")
    stays = statistics["same_host_country_on_renewal"]["value"]
    hosts = numpy.empty((lives, contracts), dtype=numpy.int16)
    for number in range(contracts):
        host = draws.choose(shares, lives)
        for own in ("nationality", "second_nationality"):
            host = numpy.where(host == volunteers[own], instead, host)
        if number:
            is_same = draws.happens(stays, lives)
            host = numpy.where(is_same, hosts[:, number - 1], host)
        hosts[:, number] = host
    return hosts
