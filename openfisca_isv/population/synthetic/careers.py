"""When contracts start, how long they last, what ends them and what follows."""

from collections.abc import Mapping, Sequence

import numpy

from openfisca_isv.dates import DAY, NEVER, add_months

#: The columns of drawn lives by name. An input of the volunteer has the shape
#: ``(lives,)``; one of the contracts ``(lives, contracts)``, in order of time.
Lives = dict[str, numpy.ndarray]

NEVER_DAY = numpy.datetime64(NEVER)
NONE = "none"
#: Contracts that a life may hold; more would hardly fit within the lifetime cap.
CONTRACTS = 6
_FACTS_OF_MONTHS = (
    "meets_rsa_conditions",
    "receives_other_job_search_aid",
    "meets_other_unemployment_conditions",
)


class Draws:
    """A stream of draws, each an array of ``count``; the same seed gives the same.

    Only the uniform numbers of the generator are used; the rest is arithmetic, so that
    a seed gives the same population whatever the version of numpy.

    Attributes:
        statistics: The numbers by which a population is drawn.
    """

    def __init__(self, seed: int, statistics: Mapping | None = None) -> None:
        self._generator = numpy.random.Generator(numpy.random.PCG64(seed))
        self.statistics = statistics or {}

    def happens(self, probability: float | numpy.ndarray, count: int) -> numpy.ndarray:
        """Draw booleans, each true with the probability."""
        return self._generator.random(count) < probability

    def below(self, bound: int, count: int) -> numpy.ndarray:
        """Draw whole numbers from 0 to below a bound, evenly."""
        return floor(self._generator.random(count) * bound)

    def choose(self, shares: Mapping, count: int) -> numpy.ndarray:
        """Draw keys of a mapping, each in proportion to its share."""
        bounds = numpy.cumsum(list(shares.values()), dtype=numpy.float64)
        drawn = self._generator.random(count) * bounds[-1]
        places = numpy.searchsorted(bounds, drawn, side="right")
        is_text = isinstance(next(iter(shares)), str)
        keys = numpy.array(list(shares), dtype=object if is_text else numpy.int64)
        return keys[numpy.minimum(places, len(bounds) - 1)]

    def along(self, steps: Sequence[Sequence[float]], count: int) -> numpy.ndarray:
        """Draw numbers from a cumulative curve, even in between.

        Steps are a share of the cases and the value they do not exceed.
        """
        shares, values = zip(*steps, strict=True)
        return numpy.interp(self._generator.random(count), shares, values)


def floor(values: numpy.ndarray) -> numpy.ndarray:
    """Return the whole part of numbers."""
    return numpy.floor(values).astype(numpy.int64)


def last_served(lives: Lives) -> numpy.ndarray:
    """Return the last day served of each contract."""
    return numpy.minimum(lives["end_date"], lives["early_termination_date"])


def is_in_mission(lives: Lives, day: numpy.datetime64) -> numpy.ndarray:
    """Return whether each life is in mission on a day."""
    has_started = lives["is_held"] & (lives["start_date"] <= day)
    return (has_started & (last_served(lives) >= day)).any(axis=1)


def draw_departures(draws: Draws, years: range, count: int) -> numpy.ndarray:
    """Draw first days, spread over years; a departure that was put off comes later."""
    departures = draws.statistics["departures"]
    put_off = draws.statistics["no_departure"]
    year = draws.below(len(years), count) + years.start
    month = draws.choose(departures["months"], count)
    days = (draws.choose(departures["days"], count) - 1) * DAY
    month = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    start = month.astype("datetime64[D]") + days
    first, last = (numpy.datetime64(put_off[one]) for one in ("first", "last"))
    delay = draws.below(put_off["months_after"], count)
    later = add_months(numpy.full(count, last + DAY), delay) + days
    return numpy.where((start >= first) & (start <= last), later, start)


def draw_careers(draws: Draws, start: numpy.ndarray, months: numpy.ndarray) -> Lives:
    """Draw the contracts that follow a first one, which starts and lasts as given."""
    renewals, count = draws.statistics["renewals"], len(start)
    is_held, total = numpy.ones(count, dtype=bool), months
    contracts = []
    for _ in range(CONTRACTS):
        end = add_months(start, months) - DAY
        contract = {"is_held": is_held, "start_date": start, "end_date": end}
        contract |= _draw_termination(draws, start, end)
        contracts.append(contract)
        is_early = contract["early_termination_date"] < NEVER_DAY
        at_once = ~is_early & draws.happens(renewals["followed_at_once"], count)
        after_gap = ~at_once & draws.happens(renewals["followed_after_a_gap"], count)
        gap = draws.choose(renewals["gap_months"], count)
        months = draws.choose(renewals["months"], count)
        total = total + months
        is_lawful = total <= draws.statistics["lifetime_cap"]
        is_held = is_held & (at_once | after_gap) & is_lawful
        after = last_served(contract) + DAY
        start = numpy.where(after_gap, add_months(after, gap), after)
    return {
        name: numpy.stack([one[name] for one in contracts], axis=1)
        for name in contracts[0]
    }


def _draw_termination(draws: Draws, start: numpy.ndarray, end: numpy.ndarray) -> Lives:
    """Draw which contracts are ended early: the last day, the reason, the notice."""
    early, count = draws.statistics["early_terminations"], len(start)
    length = (end - start).astype(numpy.int64)
    last = start + floor(length * draws.along(early["part_served"], count)) * DAY
    is_early = draws.happens(early["share"], count)
    reason = numpy.where(is_early, draws.choose(early["reasons"], count), NONE)
    days = floor(draws.along(early["notice_days"], count))
    without_notice = numpy.zeros(count)
    for name, share in early["without_notice"].items():
        without_notice[reason == name] = share
    has_notice = is_early & ~draws.happens(without_notice, count)
    # None is given before the mission starts.
    notice = numpy.maximum(last - days * DAY, start)
    return {
        "early_termination_date": numpy.where(is_early, last, NEVER_DAY),
        "early_termination_reason": reason,
        "notice_date": numpy.where(has_notice, notice, NEVER_DAY),
    }


def forget_after(lives: Lives, day: numpy.datetime64) -> None:
    """Remove the contracts and the early terminations that come after a day."""
    lives["is_held"] &= lives["start_date"] <= day
    is_to_come = lives["early_termination_date"] > day
    lives["early_termination_date"][is_to_come] = NEVER_DAY
    lives["early_termination_reason"][is_to_come] = NONE
    lives["notice_date"][is_to_come] = NEVER_DAY


def draw_returns(
    draws: Draws, lives: Lives, last_day: numpy.datetime64
) -> dict[str, numpy.ndarray]:
    """Draw what follows the end of each engagement, as known on a day.

    The requests for the premium are added to the lives. The monthly inputs are
    returned by column, of those who register: of the month of the return, whose facts
    the premium asks too, and of those registered. The volunteer is the row of the life.
    """
    numbers, ends = draws.statistics["return"], last_served(lives)
    starts = numpy.where(lives["is_held"], lives["start_date"], NEVER_DAY)
    none = numpy.full_like(starts[:, :1], NEVER_DAY)
    following = numpy.append(starts[:, 1:], none, axis=1)
    is_return = lives["is_held"] & (following > ends + DAY) & (ends <= last_day)
    end, following, count = ends[is_return], following[is_return], is_return.sum()
    is_registered = draws.happens(numbers["registered"], count)
    asks = is_registered & draws.happens(numbers["request"], count)
    request = end + floor(draws.along(numbers["request_days"], count)) * DAY
    requests = numpy.full(ends.shape, NEVER_DAY)
    requests[is_return] = numpy.where(asks & (request <= last_day), request, NEVER_DAY)
    lives["integration_premium_request_date"] = requests

    months = floor(draws.along(numbers["months_registered"], count))
    last_month = end.astype("datetime64[M]")
    # Until the next departure, or the last month that is known.
    stop = numpy.minimum(following, last_day + DAY).astype("datetime64[M]")
    room = (stop - last_month).astype(numpy.int64) - 1
    months = numpy.clip(months, 0, numpy.maximum(room, 0)) * is_registered
    months += months > 0
    facts = {name: draws.happens(numbers[name], count) for name in _FACTS_OF_MONTHS}
    rank = numpy.arange(months.sum()) - numpy.repeat(months.cumsum() - months, months)
    return {
        "volunteer": numpy.repeat(numpy.nonzero(is_return)[0], months),
        "month": (numpy.repeat(last_month, months) + rank).astype("datetime64[D]"),
        "is_registered_jobseeker": rank > 0,
    } | {name: numpy.repeat(values, months) for name, values in facts.items()}
