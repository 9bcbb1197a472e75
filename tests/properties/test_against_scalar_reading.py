"""The vectorised model against the scalar reading, written apart from it.

Hypothesis makes volunteers with their missions and organisations; the model computes
them all at once, shuffled, and must find what the scalar reading finds one by one.
"""

from itertools import chain

import numpy
import scalar_reading
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from simulated import Population


def agree(found, expected):
    """Tell whether two values are the same, amounts to a hundredth of a cent."""
    if isinstance(expected, float) or isinstance(found, float):
        return numpy.isclose(found, expected, rtol=1e-6, atol=1e-4)
    return found == expected


def telling_months(volunteers):
    """List the months in which something happens to one of the volunteers."""
    months = {(2005, 5), (2022, 12)}
    for volunteer in volunteers:
        months |= volunteer.is_registered_jobseeker
        for mission in volunteer.missions:
            for day in (
                mission.start_date,
                scalar_reading.effective_end_date(volunteer, mission),
            ):
                if 2003 <= day.year <= 2035:
                    months |= {
                        (
                            day.year + (day.month + shift - 1) // 12,
                            (day.month + shift - 1) % 12 + 1,
                        )
                        for shift in (-1, 0, 1, 5, 12)
                    }
    return sorted(months)


def mission_answers(population, months):
    """Pair what the model finds with what is expected, for every mission."""
    for name, reading in scalar_reading.MISSION_ONCE.items():
        for found, pair in zip(population.compute(name), population.pairs, strict=True):
            yield name, "ETERNITY", found, reading(*pair)
    for year, month in months:
        when = f"{year}-{month:02}"
        for name, reading in scalar_reading.MISSION_BY_MONTH.items():
            answers = population.compute(name, when)
            for found, pair in zip(answers, population.pairs, strict=True):
                yield name, when, found, reading(*pair, year, month)


def volunteer_answers(population, months):
    """Pair what the model finds with what is expected, for every volunteer."""
    for year, month in months:
        when = f"{year}-{month:02}"
        for name, reading in scalar_reading.VOLUNTEER_BY_MONTH.items():
            answers = population.compute(name, when)
            for found, one in zip(answers, population.volunteers, strict=True):
                yield name, when, found, reading(one, year, month)
        for name, reading in scalar_reading.VOLUNTEER_BY_YEAR.items():
            answers = population.compute(name, str(year))
            for found, one in zip(answers, population.volunteers, strict=True):
                yield name, str(year), found, reading(one, year)


def organisation_answers(population, months):
    """Pair what the model finds with what is expected, for every organisation."""
    arguments = {
        "organisation_state_aid": (population.volunteers,),
        "meets_accreditation_criteria": (),
    }
    for year, month in months:
        when = f"{year}-{month:02}"
        for name, reading in scalar_reading.ORGANISATION_BY_MONTH.items():
            answers = population.compute(name, when)
            for found, one in zip(answers, population.organisations, strict=True):
                yield name, when, found, reading(one, *arguments[name], year, month)


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
    answers = chain(
        mission_answers(population, months),
        volunteer_answers(population, months),
        organisation_answers(population, months),
    )
    for name, when, found, expected in answers:
        assert agree(found, expected), (name, when, found, expected, volunteers)
