"""Drawn returns: who registers as a jobseeker, and who asks for the premium."""

import numpy

from openfisca_isv.dates import DAY, MONTH
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.lives import NEVER_DAY, Lives

_JOBSEEKER_FACTS = (
    "meets_rsa_conditions",
    "receives_other_job_search_aid",
    "meets_other_unemployment_conditions",
)


def draw_returns(
    draws: Draws, statistics: dict, lives: Lives, last_day: numpy.datetime64
) -> dict[str, numpy.ndarray]:
    """Draw what follows the end of each engagement, as known on a day.

    The requests for the premium are added to the terms of the contracts.

    Returns:
        The monthly inputs by column: ``volunteer``, the position of the life;
        ``month``; facts of that month. A row a volunteer and month of registration.
    """
    numbers = statistics["return"]
    ends = lives.careers.last_served
    row, column = numpy.nonzero(lives.careers.ends_engagement & (ends <= last_day))
    end, following = ends[row, column], lives.careers.next_start[row, column]
    count = len(row)
    is_registered = draws.happens(numbers["registered"], count)
    asks = is_registered & draws.happens(numbers["request"], count)
    delay = numpy.floor(draws.along(numbers["request_days"], count)).astype(numpy.int64)
    request = end + delay * DAY
    asks &= request <= last_day
    requests = numpy.full(ends.shape, NEVER_DAY)
    requests[row[asks], column[asks]] = request[asks]
    lives.terms["integration_premium_request_date"] = requests

    months = numpy.floor(draws.along(numbers["months_registered"], count))
    first = end.astype("datetime64[M]") + MONTH
    # Until the next departure, or the last month that is known.
    last = numpy.minimum(following, last_day + DAY).astype("datetime64[M]") - MONTH
    room = (last - first).astype(numpy.int64) + 1
    months = numpy.clip(months.astype(numpy.int64), 0, numpy.maximum(room, 0))
    months *= is_registered
    facts = {name: draws.happens(numbers[name], count) for name in _JOBSEEKER_FACTS}
    rank = numpy.arange(months.sum()) - numpy.repeat(months.cumsum() - months, months)
    return {
        "volunteer": numpy.repeat(row, months),
        "month": numpy.repeat(first, months) + rank * MONTH,
        "is_registered_jobseeker": numpy.ones(months.sum(), dtype=bool),
    } | {name: numpy.repeat(values, months) for name, values in facts.items()}
