"""Drawn contracts: when they start, how long, what follows, which are ended early."""

import numpy

from openfisca_isv.dates import DAY, add_months
from openfisca_isv.population.synthetic.codes import NONE, rank, ranked
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.lives import NEVER_DAY, Careers
from openfisca_isv.variables.termination import TerminationReason

#: Contracts that a life may hold; more would hardly fit within the lifetime cap.
_MOST_CONTRACTS = 6


def draw_departures(
    draws: Draws, statistics: dict, years: range, count: int
) -> numpy.ndarray:
    """Draw first days, spread over years; a departure that is put off comes later.

    Returns:
        Days, shape ``(count,)``.
    """
    departures = statistics["departures"]
    year = draws.below(len(years), count) + years.start
    month = draws.choose(departures["months"], count)
    months = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    days = (draws.choose(departures["days"], count) - 1) * DAY
    start = months.astype("datetime64[D]") + days
    put_off = statistics["no_departure"]
    last = numpy.datetime64(put_off["last"])
    is_put_off = (start >= numpy.datetime64(put_off["first"])) & (start <= last)
    delay = draws.below(put_off["months_after"], count)
    later = add_months(numpy.full(count, last + DAY), delay) + days
    return numpy.where(is_put_off, later, start)


def draw_careers(
    draws: Draws,
    statistics: dict,
    start: numpy.ndarray,
    months: numpy.ndarray,
) -> Careers:
    """Draw the contracts that follow a first one.

    Args:
        draws: The stream of draws.
        statistics: The numbers by which to draw.
        start: First day of the first contract, shape ``(lives,)``.
        months: Months of the first contract, shape ``(lives,)``.
    """
    renewals = statistics["renewals"]
    count = len(start)
    is_held = numpy.ones(count, dtype=bool)
    total = months
    contracts = []
    for _ in range(_MOST_CONTRACTS):
        end = add_months(start, months) - DAY
        termination, reason, notice = _draw_terminations(draws, statistics, start, end)
        contracts.append((is_held, start, end, termination, reason, notice))
        is_early = termination < NEVER_DAY
        at_once = ~is_early & draws.happens(renewals["followed_at_once"], count)
        after_gap = ~at_once & draws.happens(renewals["followed_after_a_gap"], count)
        gap = draws.choose(renewals["gap_months"], count)
        months = draws.choose(renewals["months"], count)
        total = total + months
        is_held = (
            is_held & (at_once | after_gap) & (total <= statistics["lifetime_cap"])
        )
        after = numpy.minimum(end, termination) + DAY
        start = numpy.where(after_gap, add_months(after, gap), after)
    columns = zip(*contracts, strict=True)
    return Careers(*(numpy.stack(column, axis=1) for column in columns))


def _draw_terminations(
    draws: Draws, statistics: dict, start: numpy.ndarray, end: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    """Draw the last day, the reason and the notice of the contracts ended early."""
    early = statistics["early_terminations"]
    count = len(start)
    length = (end - start).astype(numpy.int64)
    served = numpy.floor(length * draws.along(early["part_served"], count))
    last = start + served.astype(numpy.int64) * DAY
    is_early = draws.happens(early["share"], count)
    termination = numpy.where(is_early, last, NEVER_DAY)
    reasons = ranked(TerminationReason, early["reasons"])
    reason = numpy.where(is_early, draws.choose(reasons, count), NONE)
    days = numpy.floor(draws.along(early["notice_days"], count)).astype(numpy.int64)
    shares_without = numpy.zeros(len(TerminationReason))
    for name, share in early["without_notice"].items():
        shares_without[rank(TerminationReason, name)] = share
    is_given = is_early & ~draws.happens(shares_without[reason], count)
    # None is given before the mission starts.
    given = numpy.maximum(last - days * DAY, start)
    return termination, reason, numpy.where(is_given, given, NEVER_DAY)
