"""Drawn volunteers: who they are, where they go, for whom, on what terms.

Some break one condition of the law, so that it is the first that fails, where the
volunteer's country and days allow.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy

from openfisca_isv.dates import DAY, add_months
from openfisca_isv.population.synthetic.careers import (
    CONTRACTS,
    NEVER_DAY,
    NONE,
    Draws,
    Lives,
    draw_careers,
    draw_departures,
    floor,
    is_in_mission,
)

_DOMAINS = numpy.array(["development_cooperation", "humanitarian_action"], object)
_DAYS_PER_YEAR = 365.2425
#: The associations that stay accredited come by size.
_ASSOCIATION, _LAPSED = "association-{:02}", "association-lapsed"
_LARGEST, _PUBLIC_GROUP = _ASSOCIATION.format(1), "public-interest-group"
_GROUP = "public_interest_group"
#: The conditions that contracts before the first one drawn make a life break.
_EARLIER = {
    "earlier_contracts": "lifetime_exceeded",
    "former_decree_contract": "law_not_in_force",
}
#: The days that never came for contracts before the first one drawn.
_NEVER = ("early_termination_date", "notice_date", "integration_premium_request_date")

#: Years over which the first cohort leaves, so that it does not return all at once.
_FIRST_COHORT_YEARS = 3
#: More candidates than the stock lacks, for those who are back before the year ends.
_SPARE = 1.4


def draw_lives(draws: Draws, years: range, count: int, *, in_france: bool) -> Lives:
    """Draw volunteers whose first contract starts in some years."""
    statistics, where = draws.statistics, "in_france" if in_france else "abroad"

    def choose(name: str) -> numpy.ndarray:
        return draws.choose(statistics[name]["value"], count)

    def happens(name: str) -> numpy.ndarray:
        return draws.happens(statistics[name]["value"], count)

    start = draw_departures(draws, years, count)
    faults = statistics["faults"]
    is_broken = draws.happens(faults["share"], count)
    fault = numpy.where(is_broken, draws.choose(faults["conditions"], count), NONE)
    months = choose("contract_months")
    too_long = draws.choose(faults["too_long_months"], count)
    months = numpy.where(fault == "contract_too_long", too_long, months)
    lives = {"fault": fault, **draw_careers(draws, start, months)}

    status = choose("statuses")
    ages = draws.along(statistics["age_at_first_departure"]["steps"], count)
    nationality = choose(f"nationalities_{where}")
    second = choose("second_nationalities")
    has_second = (second != nationality) & (not in_france)
    lives |= {
        "birth_date": _birth_dates(start, ages),
        "nationality": nationality,
        "second_nationality": numpy.where(has_second, second, NONE),
        "is_civil_servant": happens("civil_servants") & (status == "public_agent"),
        "dependants_count": choose("dependants"),
    }
    is_resident = happens("resides_in_france") & (not in_france)
    is_humanitarian = happens("humanitarian_action")
    rounding = statistics["allowances"]["rounded_to"]
    allowance = draws.along(statistics["allowances"][where], count)
    host = numpy.full((count, CONTRACTS), "FR", dtype=object)
    if not in_france:
        host = _draw_host_countries(draws, lives)
    lives["organisation"] = _draw_organisations(draws, lives["start_date"], where)
    lives["host_country"] = host
    for name, values in {
        "residence_country": numpy.where(is_resident, "FR", nationality),
        "domain": _DOMAINS[is_humanitarian.astype(numpy.int64)],
        "contract_is_written": numpy.ones(count, dtype=bool),
        "has_other_professional_activity": numpy.zeros(count, dtype=bool),
        "contract_monthly_allowance": numpy.round(allowance / rounding) * rounding,
        "status_before_departure": status,
    }.items():
        lives[name] = values[:, None].repeat(CONTRACTS, 1)
    _break_conditions(draws, lives, where)
    return lives


def _birth_dates(days: numpy.ndarray, ages: numpy.ndarray) -> numpy.ndarray:
    return days - floor(ages * _DAYS_PER_YEAR) * DAY


def _draw_host_countries(draws: Draws, lives: Lives) -> numpy.ndarray:
    """Draw host countries abroad; a volunteer sent home goes to Madagascar instead."""
    statistics, count = draws.statistics, len(lives["fault"])
    regions = statistics["host_countries"]["value"].values()
    shares = {code: share for region in regions for code, share in region.items()}
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


def _draw_organisations(
    draws: Draws, start: numpy.ndarray, where: str
) -> numpy.ndarray:
    """Draw who signs each contract: for one volunteer the same, while accredited."""
    statistics, count = draws.statistics, len(start)
    sizes = statistics["associations"]["sizes"]
    lapsed, group = (statistics[one] for one in ("lapsed_association", _GROUP))
    shares = {_ASSOCIATION.format(rank): size for rank, size in enumerate(sizes, 1)}
    drawn = draws.choose(shares | {_LAPSED: lapsed["size"]}, count)[:, None]
    is_of_group = draws.happens(group[f"share_{where}"], count)[:, None]
    has_lapsed = start > numpy.datetime64(lapsed["accreditation"]["last"])
    signing = numpy.where((drawn == _LAPSED) & has_lapsed, _LARGEST, drawn)
    is_there = start >= numpy.datetime64(group["accreditation"]["first"])
    return numpy.where(is_of_group & is_there, _PUBLIC_GROUP, signing)


def organisation_columns(draws: Draws) -> dict[str, Sequence]:
    """Draw the table of the organisations, by column."""
    statistics = draws.statistics
    kinds = ["associations"] * len(statistics["associations"]["sizes"])
    names = [_ASSOCIATION.format(rank) for rank, _ in enumerate(kinds, 1)]
    names += [_LAPSED, _PUBLIC_GROUP]
    kinds += ["lapsed_association", _GROUP]
    spans = [statistics[kind]["accreditation"] for kind in kinds]
    criteria = statistics["organisations"]
    years = draws.along(criteria["years_of_activity_abroad"], len(names))
    share = draws.along(criteria["private_resources_share"], len(names))
    return {
        "organisation": names,
        "legal_form": ["french_law_association"] * (len(names) - 1) + [_GROUP],
        "accreditation_start_date": [span["first"] for span in spans],
        "accreditation_end_date": [span["last"] for span in spans],
        "years_of_activity_abroad": numpy.floor(years),
        "budget_is_balanced": [True] * len(names),
        "private_resources_share": numpy.round(share, 2),
    }


def _break_conditions(draws: Draws, lives: Lives, where: str) -> None:
    """Change the lives so that they break the condition drawn for them."""
    statistics = draws.statistics
    faults, start = statistics["faults"], lives["start_date"][:, 0]
    ages = draws.along(faults["minor_ages"], len(start))
    closed = draws.choose(faults["closed_countries"], len(start))
    # A body that was not accredited on the day.
    is_before = start < numpy.datetime64(statistics[_GROUP]["accreditation"]["first"])
    other = numpy.where(is_before, _PUBLIC_GROUP, _LAPSED)

    def put(
        condition: str, column: str, values: object, contracts: int | None = None
    ) -> None:
        those = lives["fault"] == condition
        numpy.copyto(lives[column].T[:contracts], values, where=those)

    put("organisation_not_entitled", "organisation", other.astype(object), 1)
    put("volunteer_not_adult", "birth_date", _birth_dates(start, ages))
    put("contract_not_written", "contract_is_written", False, 1)
    put("other_professional_activity", "has_other_professional_activity", True, 1)
    put("domain_not_eligible", "domain", "other")
    for condition in ("allowance_too_low", "allowance_too_high"):
        amount = faults[condition.removeprefix("allowance_")][where]
        put(condition, "contract_monthly_allowance", amount, 1)
    if where == "in_france":
        put("host_country_closed", "nationality", "FR")
    else:
        put("host_country_closed", "host_country", closed)
        # One of the few countries whose maximum is known.
        put("allowance_too_high", "host_country", faults["too_high_country"])
    start = _earlier_contracts(statistics, lives)["start_date"][:, 0]
    for name, condition in _EARLIER.items():
        ages = numpy.full(len(start), float(faults[name]["age"]))
        put(condition, "birth_date", _birth_dates(start, ages))


def with_earlier_contracts(statistics: dict, lives: Lives) -> Lives:
    """Put before the others the contracts that a fault supposes.

    They are on the terms of the first one drawn, but with an association that was
    accredited by then, and abroad; no premium was asked for.
    """
    earlier = _earlier_contracts(statistics, lives)
    shape = earlier["is_held"].shape
    country = statistics["faults"]["earlier_contracts"]["country"]
    host = lives["host_country"][:, :1]
    earlier |= {
        "organisation": numpy.full(shape, _LARGEST, dtype=object),
        "host_country": numpy.where(host == "FR", country, host).repeat(shape[1], 1),
        "early_termination_reason": numpy.full(shape, NONE, dtype=object),
    } | dict.fromkeys(_NEVER, numpy.full(shape, NEVER_DAY))
    joined = dict(lives)
    for name, values in lives.items():
        if values.ndim > 1:
            before = earlier.get(name, values[:, :1].repeat(shape[1], 1))
            joined[name] = numpy.concatenate([before, values], axis=1)
    return joined


def _earlier_contracts(statistics: dict, lives: Lives) -> Lives:
    """Return the contracts that some volunteers had before the first one drawn.

    Those of a life that is too long, and one under the decree that came before the
    law. They ended before the years described, whose stocks they leave alone.
    """
    several, former = (statistics["faults"][one] for one in _EARLIER)
    number, months = several["number"], several["months"]
    latest = numpy.datetime64(several["latest_end"])
    after = numpy.minimum(latest, lives["start_date"][:, 0] - 30 * DAY) + DAY
    bounds = [add_months(after, -months * rank) for rank in range(number, -1, -1)]
    first, last = numpy.stack(bounds[:-1], 1), numpy.stack(bounds[1:], 1) - DAY
    too_long, before_law = (lives["fault"] == one for one in _EARLIER.values())
    is_held = too_long[:, None].repeat(number, 1)
    is_held[before_law, 0] = True
    first[before_law, 0] = numpy.datetime64(former["first"])
    last[before_law, 0] = numpy.datetime64(former["last"])
    return {"is_held": is_held, "start_date": first, "end_date": last}


def draw_stocks(draws: Draws, printed: Sequence[dict], scale: float) -> Lives:
    """Draw the volunteers in France, then those abroad, year after year."""
    statistics, lives = draws.statistics, []

    def fill(stocks: str, others: Sequence[dict], cohorts: Iterable[range]) -> None:
        """Add cohorts, each as large as the stock at its end requires, or empty.

        The stock of a year lies on the line between the known ones.
        """
        known = sorted(statistics[stocks]["value"].items())
        in_france = others is printed_in_france
        draw = partial(draw_lives, draws, in_france=in_france)
        for cohort in cohorts:
            day = numpy.datetime64(f"{cohort[-1]}-12-31")
            stock = numpy.interp(cohort[-1], *zip(*known, strict=True))
            lacking = round(float(stock) * scale)
            lacking -= sum(int(is_in_mission(one, day).sum()) for one in lives)
            lacking -= sum(
                one["start_date"] <= day.item() <= one["end_date"] for one in others
            )
            lacking = max(lacking, 0)
            drawn = draw(cohort, int(lacking * _SPARE) + 10)
            while is_in_mission(drawn, day).sum() < lacking:
                drawn = _join([drawn, draw(cohort, lacking)])
            reached = numpy.cumsum(is_in_mission(drawn, day))
            kept = numpy.searchsorted(reached, lacking) + bool(lacking)
            lives.append({name: values[:kept] for name, values in drawn.items()})

    first, last = statistics["years"]["drawn_from"], statistics["years"]["last"]
    counted = statistics["first_missions_in_france"]["value"]
    printed_in_france = [one for one in printed if one["host_country"] == "FR"]
    for year, missions in counted.items():
        known = sum(one["start_date"].year == year for one in printed_in_france)
        lacking = max(round(missions * scale) - known, 0)
        cohort = range(year, year + 1)
        lives.append(draw_lives(draws, cohort, lacking, in_france=True))
    years = [range(year, year + 1) for year in range(first, last + 1)]
    cohorts = years[max(counted) + 1 - first :]
    fill("stock_in_france_on_31_december", printed_in_france, cohorts)
    cohorts = [range(first, first + _FIRST_COHORT_YEARS), *years[_FIRST_COHORT_YEARS:]]
    fill("stock_on_31_december", printed, cohorts)
    return _join(lives)


def _join(parts: Sequence[Lives]) -> Lives:
    return {
        name: numpy.concatenate([part[name] for part in parts]) for name in parts[0]
    }
