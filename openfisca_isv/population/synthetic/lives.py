"""Drawn volunteers: who they are, where they go, for whom, on what terms."""

import numpy

from openfisca_isv.population.synthetic.careers import (
    CONTRACTS,
    NONE,
    Lives,
    birth_dates,
    draw_careers,
    draw_departures,
)
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.organisations import draw_organisations
from openfisca_isv.population.synthetic.planted_faults import (
    break_conditions,
    draw_faults,
)

_DOMAINS = numpy.array(["development_cooperation", "humanitarian_action"], object)


def draw_lives(
    draws: Draws, statistics: dict, years: range, count: int, *, in_france: bool
) -> Lives:
    """Draw volunteers whose first contract starts in some years."""
    where = "in_france" if in_france else "abroad"

    def shares(name: str) -> dict:
        return statistics[name]["value"]

    start = draw_departures(draws, statistics, years, count)
    fault = draw_faults(draws, statistics, count)
    months = draws.choose(shares("contract_months"), count)
    too_long = draws.choose(statistics["faults"]["too_long_months"], count)
    months = numpy.where(fault == "contract_too_long", too_long, months)
    lives = {"fault": fault, **draw_careers(draws, statistics, start, months)}

    status = draws.choose(shares("statuses"), count)
    ages = draws.along(statistics["age_at_first_departure"]["steps"], count)
    nationality = draws.choose(shares(f"nationalities_{where}"), count)
    second = draws.choose(shares("second_nationalities"), count)
    has_second = (second != nationality) & (not in_france)
    is_civil_servant = draws.happens(shares("civil_servants"), count)
    lives |= {
        "birth_date": birth_dates(start, ages),
        "nationality": nationality,
        "second_nationality": numpy.where(has_second, second, NONE),
        "is_civil_servant": is_civil_servant & (status == "public_agent"),
        "dependants_count": draws.choose(shares("dependants"), count),
    }

    resides_in_france = draws.happens(shares("resides_in_france"), count)
    residence = numpy.where(resides_in_france & (not in_france), "FR", nationality)
    is_humanitarian = draws.happens(shares("humanitarian_action"), count)
    rounding = statistics["allowances"]["rounded_to"]
    allowance = draws.along(statistics["allowances"][where], count)
    host = _each_contract(numpy.full(count, "FR", dtype=object))
    if not in_france:
        host = _draw_host_countries(draws, statistics, lives)
    lives |= {
        "organisation": draw_organisations(
            draws, statistics, lives["start_date"], where
        ),
        "host_country": host,
        "residence_country": _each_contract(residence),
        "domain": _each_contract(_DOMAINS[is_humanitarian.astype(numpy.int64)]),
        "contract_is_written": numpy.ones((count, CONTRACTS), dtype=bool),
        "has_other_professional_activity": numpy.zeros((count, CONTRACTS), dtype=bool),
        "contract_monthly_allowance": _each_contract(
            numpy.round(allowance / rounding) * rounding
        ),
        "status_before_departure": _each_contract(status),
    }
    break_conditions(draws, statistics, lives, where)
    return lives


def _each_contract(values: numpy.ndarray) -> numpy.ndarray:
    """Give each contract the value of its volunteer."""
    return values[:, None].repeat(CONTRACTS, 1)


def _draw_host_countries(draws: Draws, statistics: dict, lives: Lives) -> numpy.ndarray:
    """Draw host countries abroad; a volunteer sent home goes to Madagascar instead."""
    count = len(lives["fault"])
    shares = {
        code: share
        for region in statistics["host_countries"]["value"].values()
        for code, share in region.items()
    }
    stays = statistics["same_host_country_on_renewal"]["value"]
    hosts: list[numpy.ndarray] = []
    for _ in range(CONTRACTS):
        host = draws.choose(shares, count)
        is_home = host == lives["nationality"]
        host = numpy.where(is_home | (host == lives["second_nationality"]), "MG", host)
        if hosts:
            host = numpy.where(draws.happens(stays, count), hosts[-1], host)
        hosts.append(host)
    return numpy.stack(hosts, axis=1)
