"""The vectorised model against the scalar reading, written apart from it.

Hypothesis makes volunteers with their missions and organisations; the model computes
them all at once, shuffled, and must find what the scalar reading finds one by one.
"""

from functools import partial

import numpy
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from scalar import OUTPUTS, Month
from scalar.parties import end_of, month_of, months_later
from simulated import Population


def agree(found, expected):
    """Tell whether two values are the same, amounts to a hundredth of a cent."""
    if isinstance(expected, float) or isinstance(found, float):
        return numpy.isclose(found, expected, rtol=1e-6, atol=1e-4)
    return found == expected


def telling_months(volunteers):
    """List the months in which something happens to one of the volunteers."""
    months = {Month(2005, 5), Month(2022, 12)}
    for volunteer in volunteers:
        months |= volunteer.is_registered_jobseeker
        for mission in volunteer.missions:
            for day in (mission.start_date, end_of(mission)):
                if 2003 <= day.year <= 2035:
                    of_day = day.replace(day=1)
                    shifts = (-1, 0, 1, 5, 12)
                    months |= {month_of(months_later(of_day, n)) for n in shifts}
    return sorted(months)


def answers(population, months):
    """Pair what the model finds with what is expected, for every output and row."""
    rows = {
        "mission": population.pairs,
        "volunteer": [(one,) for one in population.volunteers],
        "organisation": [(one,) for one in population.organisations],
    }
    asked = {
        "ETERNITY": {"ETERNITY": ()},
        "month": {f"{one.year}-{one.month:02}": (one,) for one in months},
        "year": {str(one.year): (one.year,) for one in months},
    }
    for name, (entity, period, reading) in OUTPUTS.items():
        if name == "organisation_state_aid":
            reading = partial(reading, volunteers=population.volunteers)  # noqa: PLW2901
        for when, arguments in asked[period].items():
            found = population.compute(name, when)
            for one, row in zip(found, rows[entity], strict=True):
                yield name, when, one, reading(*row, *arguments)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.populations(), st.randoms(use_true_random=False), st.data())
def test_the_model_finds_what_the_scalar_reading_finds(parties, random, data):
    organisations, volunteers = parties
    count = sum(len(volunteer.missions) for volunteer in volunteers)
    assume(count > 0)
    order = random.sample(range(count), count)
    population = Population(volunteers, organisations, order)
    telling = st.sampled_from(telling_months(volunteers))
    months = data.draw(st.lists(telling, min_size=1, max_size=8, unique=True))
    for name, when, found, expected in answers(population, months):
        assert agree(found, expected), (name, when, found, expected, volunteers)
