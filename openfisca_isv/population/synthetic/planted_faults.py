"""Drawn faults: contracts that break one condition of the law.

Each is made so that the condition drawn is the first that fails, where the volunteer's
country and days allow.
"""

import numpy

from openfisca_isv.dates import DAY, add_months
from openfisca_isv.population.synthetic.careers import (
    NEVER_DAY,
    NONE,
    Lives,
    birth_dates,
)
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.organisations import LARGEST, not_entitled

#: The conditions that contracts before the first one drawn make a life break.
_EARLIER = {
    "earlier_contracts": "lifetime_exceeded",
    "former_decree_contract": "law_not_in_force",
}


def draw_faults(draws: Draws, statistics: dict, count: int) -> numpy.ndarray:
    """Draw the condition that each volunteer's first contract breaks, or none."""
    faults = statistics["faults"]
    is_broken = draws.happens(faults["share"], count)
    return numpy.where(is_broken, draws.choose(faults["conditions"], count), NONE)


def break_conditions(draws: Draws, statistics: dict, lives: Lives, where: str) -> None:
    """Change the lives so that they break the condition drawn for them."""
    faults, start = statistics["faults"], lives["start_date"][:, 0]
    ages = draws.along(faults["minor_ages"], len(start))
    closed = draws.choose(faults["closed_countries"], len(start))

    def put(
        condition: str, column: str, values: object, contracts: int | None = None
    ) -> None:
        those = lives["fault"] == condition
        numpy.copyto(lives[column].T[:contracts], values, where=those)

    put("organisation_not_entitled", "organisation", not_entitled(statistics, start), 1)
    put("volunteer_not_adult", "birth_date", birth_dates(start, ages))
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
        put(condition, "birth_date", birth_dates(start, ages))


def with_earlier_contracts(statistics: dict, lives: Lives) -> Lives:
    """Put before the others the contracts that a fault supposes.

    They are on the terms of the first one drawn, but with an association that was
    accredited by then, and abroad; no premium was asked for.
    """
    country = statistics["faults"]["earlier_contracts"]["country"]
    earlier = _earlier_contracts(statistics, lives)
    shape = earlier["is_held"].shape
    host = lives["host_country"][:, :1]
    earlier |= {
        "organisation": numpy.full(shape, LARGEST, dtype=object),
        "host_country": numpy.where(host == "FR", country, host).repeat(shape[1], 1),
        "early_termination_reason": numpy.full(shape, NONE, dtype=object),
    } | dict.fromkeys(_NEVER, numpy.full(shape, NEVER_DAY))
    joined = dict(lives)
    for name, values in lives.items():
        if values.ndim > 1:
            before = earlier.get(name, values[:, :1].repeat(shape[1], 1))
            joined[name] = numpy.concatenate([before, values], axis=1)
    return joined


#: The days that never came for contracts before the first one drawn.
_NEVER = (
    "early_termination_date",
    "notice_date",
    "integration_premium_request_date",
)


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
