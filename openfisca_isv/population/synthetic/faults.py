"""Drawn faults: contracts that break one condition of the law.

Each is made so that the condition drawn is the first that fails, where the volunteer's
country and days allow.
"""

import numpy

from openfisca_isv.countries import Country
from openfisca_isv.dates import DAY, add_months
from openfisca_isv.population.synthetic.codes import NONE, rank, ranked
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.lives import (
    NEVER_DAY,
    Careers,
    Lives,
    birth_dates,
)
from openfisca_isv.population.synthetic.organisations import LARGEST, not_entitled
from openfisca_isv.variables.contract import Condition, Domain


def draw_faults(draws: Draws, statistics: dict, count: int) -> numpy.ndarray:
    """Draw the rank of the condition that each volunteer's first contract breaks."""
    faults = statistics["faults"]
    is_broken = draws.happens(faults["share"], count)
    conditions = ranked(Condition, faults["conditions"])
    return numpy.where(is_broken, draws.choose(conditions, count), NONE)


def draw_first_months(
    draws: Draws, statistics: dict, fault: numpy.ndarray
) -> numpy.ndarray:
    """Draw the months of the first contracts; some are too long."""
    months = draws.choose(statistics["contract_months"]["value"], len(fault))
    too_long = draws.choose(statistics["faults"]["too_long_months"], len(fault))
    return numpy.where(_breaks(fault, "contract_too_long"), too_long, months)


def break_conditions(
    draws: Draws, statistics: dict, lives: Lives, *, in_france: bool
) -> None:
    """Change the lives so that they break the condition drawn for them."""
    faults = statistics["faults"]
    volunteers, terms, fault = lives.volunteers, lives.terms, lives.fault
    count = len(fault)
    start = lives.careers.start[:, 0]
    where = "in_france" if in_france else "abroad"

    is_broken = _breaks(fault, "organisation_not_entitled")
    terms["organisation"][is_broken, 0] = not_entitled(statistics, start[is_broken])

    ages = draws.along(faults["minor_ages"], count)
    _set_age(volunteers, _breaks(fault, "volunteer_not_adult"), start, ages)

    terms["contract_is_written"][_breaks(fault, "contract_not_written"), 0] = False
    is_broken = _breaks(fault, "other_professional_activity")
    terms["has_other_professional_activity"][is_broken, 0] = True
    is_broken = _breaks(fault, "domain_not_eligible")
    terms["domain"][is_broken] = rank(Domain, "other")

    is_broken = _breaks(fault, "host_country_closed")
    closed = draws.choose(ranked(Country, faults["closed_countries"]), count)
    if in_france:
        volunteers["nationality"][is_broken] = rank(Country, "FR")
    else:
        terms["host_country"][is_broken] = closed[is_broken, None]

    allowance = terms["contract_monthly_allowance"]
    allowance[_breaks(fault, "allowance_too_low"), 0] = faults["too_low"][where]
    is_broken = _breaks(fault, "allowance_too_high")
    allowance[is_broken, 0] = faults["too_high"][where]
    if not in_france:
        # One of the few countries whose maximum is known.
        terms["host_country"][is_broken] = rank(Country, faults["too_high_country"])

    first_start = _earlier_contracts(statistics, lives).start[:, 0]
    for one in ("earlier_contracts", "former_decree_contract"):
        ages = numpy.full(count, float(faults[one]["age"]))
        _set_age(volunteers, _has_earlier(fault, one), first_start, ages)


def with_earlier_contracts(statistics: dict, lives: Lives) -> Lives:
    """Put before the others the contracts that a fault supposes.

    They are on the terms of the first one drawn, but with an association that was
    accredited by then, and abroad; no premium was asked for.
    """
    country = statistics["faults"]["earlier_contracts"]["country"]
    earlier = _earlier_contracts(statistics, lives)
    number = earlier.start.shape[1]
    terms = {
        name: numpy.repeat(values[:, :1], number, axis=1)
        for name, values in lives.terms.items()
    }
    terms["organisation"][:] = LARGEST
    is_in_france = terms["host_country"] == rank(Country, "FR")
    terms["host_country"][is_in_france] = rank(Country, country)
    terms["integration_premium_request_date"][:] = NEVER_DAY
    return Lives(
        lives.volunteers,
        {
            name: numpy.concatenate([then, lives.terms[name]], axis=1)
            for name, then in terms.items()
        },
        Careers(
            *(
                numpy.concatenate(both, axis=1)
                for both in zip(earlier.columns, lives.careers.columns, strict=True)
            )
        ),
        lives.fault,
    )


def _earlier_contracts(statistics: dict, lives: Lives) -> Careers:
    """Give the contracts that some volunteers had before the first one drawn.

    Those of a life that is too long, and one under the decree that came before the
    law. They ended before the years described, whose stocks they leave alone.

    Returns:
        Contracts, shape ``(lives, contracts)``.
    """
    faults = statistics["faults"]
    several, former = faults["earlier_contracts"], faults["former_decree_contract"]
    number, months = several["number"], several["months"]
    latest = numpy.datetime64(several["latest_end"])
    after = numpy.minimum(latest, lives.careers.start[:, 0] - 30 * DAY) + DAY
    first = numpy.stack(
        [add_months(after, -months * rank) for rank in range(number, 0, -1)], axis=1
    )
    last = numpy.concatenate([first[:, 1:], after[:, None]], axis=1) - DAY
    is_held = numpy.zeros(first.shape, dtype=bool)
    is_held[_has_earlier(lives.fault, "earlier_contracts")] = True
    is_former = _has_earlier(lives.fault, "former_decree_contract")
    is_held[is_former, 0] = True
    first[is_former, 0] = numpy.datetime64(former["first"])
    last[is_former, 0] = numpy.datetime64(former["last"])
    never = numpy.full(first.shape, NEVER_DAY)
    return Careers(is_held, first, last, never, numpy.full(first.shape, NONE), never)


def _has_earlier(fault: numpy.ndarray, which: str) -> numpy.ndarray:
    """Tell of each life whether it has such contracts before the first one drawn."""
    conditions = {
        "earlier_contracts": "lifetime_exceeded",
        "former_decree_contract": "law_not_in_force",
    }
    return _breaks(fault, conditions[which])


def _breaks(fault: numpy.ndarray, condition: str) -> numpy.ndarray:
    """Tell of each life whether it is to break a condition."""
    return fault == rank(Condition, condition)


def _set_age(
    volunteers: dict[str, numpy.ndarray],
    lives: numpy.ndarray,
    day: numpy.ndarray,
    years: numpy.ndarray,
) -> None:
    """Set the age of some volunteers on a day."""
    volunteers["birth_date"][lives] = birth_dates(day, years)[lives]
