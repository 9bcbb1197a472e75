"""The vectorised model against the scalar reading, written apart from it.

Hypothesis makes volunteers with their missions and organisations; the model computes
them all at once, shuffled, and must find what the scalar reading finds one by one.
"""

import numpy
import scalar_reading
import strategies
from hypothesis import HealthCheck, given, settings
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


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.populations(), st.randoms(use_true_random=False), st.data())
def test_the_model_finds_what_the_scalar_reading_finds(parties, random, data):
    organisations, volunteers = parties
    count = sum(len(volunteer.missions) for volunteer in volunteers)
    if not count:
        return
    order = random.sample(range(count), count)
    population = Population(volunteers, organisations, order)
    for name, reading in scalar_reading.MISSION_ONCE.items():
        found = population.compute(name)
        for value, (volunteer, mission) in zip(found, population.pairs, strict=True):
            expected = reading(volunteer, mission)
            assert agree(value, expected), (name, value, expected, volunteer)
    months = telling_months(volunteers)
    some = data.draw(
        st.lists(st.sampled_from(months), min_size=1, max_size=8, unique=True)
    )
    for year, month in some:
        when = f"{year}-{month:02}"
        for name, reading in scalar_reading.MISSION_BY_MONTH.items():
            found = population.compute(name, when)
            for value, (volunteer, mission) in zip(
                found, population.pairs, strict=True
            ):
                expected = reading(volunteer, mission, year, month)
                assert agree(value, expected), (name, when, value, expected, volunteer)
        for name, reading in scalar_reading.VOLUNTEER_BY_MONTH.items():
            found = population.compute(name, when)
            for value, volunteer in zip(found, volunteers, strict=True):
                expected = reading(volunteer, year, month)
                assert agree(value, expected), (name, when, value, expected, volunteer)
        for name, reading in scalar_reading.VOLUNTEER_BY_YEAR.items():
            found = population.compute(name, str(year))
            for value, volunteer in zip(found, volunteers, strict=True):
                expected = reading(volunteer, year)
                assert agree(value, expected), (name, year, value, expected, volunteer)
        found = population.compute("organisation_state_aid", when)
        criteria = population.compute("meets_accreditation_criteria", when)
        for aid, meets, organisation in zip(
            found, criteria, population.organisations, strict=True
        ):
            expected = scalar_reading.organisation_state_aid(
                organisation, volunteers, year, month
            )
            assert agree(aid, expected), (when, aid, expected)
            assert meets == scalar_reading.meets_accreditation_criteria(
                organisation, year, month
            )
