"""What holds of every population, whatever the amounts of the law."""

from datetime import date, timedelta

import numpy
import pytest
import strategies
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from openfisca_core.periods import period
from openfisca_core.simulations import SimulationBuilder
from scalar import OUTPUTS as READ
from scalar.parties import end_of
from simulated import Population, system

often = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
shuffles = st.randoms(use_true_random=False)
volunteers = strategies.volunteers().filter(lambda one: one.missions)
populations = st.lists(volunteers, min_size=2, max_size=4)
#: As many volunteers, of whom the model computes several at once.
together = settings(often, max_examples=12)
fives = st.lists(volunteers, min_size=5, max_size=5)
returned = volunteers.filter(lambda one: max(map(end_of, one.missions)).year < 2035)
fives_returned = st.lists(returned, min_size=5, max_size=5)

WHEN = {"ETERNITY": ("ETERNITY",), "month": ("2006-01", "2022-12", "2024-02")}
OUTPUTS = {
    name: WHEN[period]
    for name, (entity, period, _) in READ.items()
    if entity == "mission"
}


def months_of(first: int, last: int):
    """List the months of some years."""
    return [f"{y}-{m:02}" for y in range(first, last + 1) for m in range(1, 13)]


def by_mission(population):
    """Compute every output of the missions of a population, by mission."""
    asked = [(name, when) for name, periods in OUTPUTS.items() for when in periods]
    columns = [population.compute(*one) for one in asked]
    return {
        id(mission): dict(zip(asked, values, strict=True))
        for (_, mission), values in zip(
            population.pairs, zip(*columns, strict=True), strict=True
        )
    }


def total(population, name, months):
    """Sum an output over months, by row."""
    return numpy.sum([population.compute(name, month) for month in months], axis=0)


@often
@given(populations, shuffles)
def test_permuting_the_rows_permutes_the_results(ones, random):
    # Rows that say the same cannot be told apart: one of them is the last.
    days = [vars(mission) for one in ones for mission in one.missions]
    assume(len({str(day) for day in days}) == len(days))
    count = sum(len(one.missions) for one in ones)
    order = random.sample(range(count), count)
    assert by_mission(Population(ones)) == by_mission(Population(ones, order=order))


@often
@given(populations)
def test_splitting_a_population_changes_nothing(ones):
    together = by_mission(Population(ones))
    apart = {}
    for one in ones:
        apart |= by_mission(Population([one]))
    assert together == apart


@often
@given(volunteers, st.integers(1, 400))
def test_a_longer_mission_never_lowers_what_is_served(one, more):
    names = ("served_months", "served_days", "engagement_months", "contract_months")
    mission = one.missions[0]
    assume(mission.start_date <= mission.end_date)
    mission.early_termination_date = date(9999, 12, 31)
    before = Population([one])
    shorter = {name: before.compute(name)[0] for name in names}
    mission.end_date += timedelta(days=more)
    after = Population([one])
    longer = {name: after.compute(name)[0] for name in names}
    for name in names:
        assert longer[name] >= shorter[name], name


@together
@given(fives_returned)
def test_leave_accrued_sums_to_the_total(ones):
    population = Population(ones)
    last = max(end_of(mission) for _, mission in population.pairs)
    accrued = total(
        population, "leave_days_accrued", months_of(2003, max(last.year, 2003))
    )
    assert accrued.tolist() == population.compute("leave_days_total")


@together
@given(fives_returned)
def test_days_of_mission_sum_to_the_days_served(ones):
    population = Population(ones)
    first = min(mission.start_date for _, mission in population.pairs)
    last = max(end_of(mission) for _, mission in population.pairs)
    last_year = max(first.year, last.year)
    days = total(population, "mission_days", months_of(first.year, last_year))
    assert days.tolist() == population.compute("served_days")


@together
@given(fives)
def test_quarters_never_exceed_four_and_never_the_days_served(ones):
    population = Population(ones)
    years = [str(year) for year in range(2005, 2036)]
    quarters = [population.compute("retirement_quarters", year) for year in years]
    assert numpy.max(quarters) <= 4
    served = dict.fromkeys(map(id, ones), 0)
    for (one, _), days in zip(
        population.pairs, population.compute("served_days"), strict=True
    ):
        served[id(one)] += days
    of_each = numpy.sum(quarters, axis=0)
    assert (of_each * 90 <= list(served.values())).all()


@together
@given(fives)
def test_the_premium_never_exceeds_its_cap_nor_nine_months(ones):
    population = Population(ones)
    months = months_of(2005, 2034)
    paid = numpy.array(
        [population.compute("occupational_integration_premium", m) for m in months]
    )
    assert (paid.sum(axis=0) <= 2001.01).all()
    assert ((paid > 0).sum(axis=0) <= 9).all()


@together
@given(fives)
def test_resettlement_is_paid_once_and_only_to_the_entitled(ones):
    population = Population(ones)
    paid = numpy.array(
        [population.compute("resettlement_allowance", m) for m in months_of(2005, 2034)]
    )
    entitled = numpy.array(population.compute("is_entitled_to_resettlement_allowance"))
    undetermined = numpy.array(
        population.compute("resettlement_allowance_is_undetermined")
    )
    assert ((paid > 0).sum(axis=0) <= 1).all()
    assert not (undetermined & ~entitled).any()
    assert ((paid > 0).any(axis=0) == (entitled & ~undetermined)).all()


@together
@given(fives)
def test_a_lawful_contract_has_no_unmet_condition(ones):
    population = Population(ones)
    lawful = population.compute("contract_is_lawful")
    unmet = population.compute("contract_first_unmet_condition")
    assert lawful == [condition == "none" for condition in unmet]


@together
@given(fives)
def test_the_lifetime_and_what_remains_of_it_make_the_cap(ones):
    population = Population(ones)
    for month in ("2005-06", "2015-01", "2024-12"):
        served = numpy.array(population.compute("lifetime_months", month))
        remains = population.compute("remaining_lifetime_months", month)
        assert remains == pytest.approx(numpy.maximum(72 - served, 0), abs=1e-4)


@together
@given(fives)
def test_the_cost_is_the_aid_and_the_aids_on_return(ones):
    population = Population(ones)
    contributions = [
        name
        for name in system().variables
        if name.startswith("state_") and name.endswith("_contribution")
    ]
    assert len(contributions) == 7
    for month in ("2006-01", "2023-01", "2024-06"):
        aid = sum(
            numpy.array(population.compute(name, month)) for name in contributions
        )
        assert population.compute("state_aid", month) == pytest.approx(aid, rel=1e-5)
        cost = (
            aid
            + population.compute("resettlement_allowance", month)
            + numpy.array(population.compute("occupational_integration_premium", month))
        )
        assert population.compute("state_cost", month) == pytest.approx(cost, rel=1e-5)


def test_forty_missions_of_one_volunteer_given_backwards():
    """Forty months, each a contract of its own, the last one first."""
    simulation = forty_missions()
    ranks = simulation.calculate("mission_rank", "ETERNITY")
    assert ranks.tolist() == list(range(40, 0, -1))
    months = simulation.calculate("engagement_months", "ETERNITY")
    assert months.tolist() == list(range(40, 0, -1))
    assert simulation.calculate("lifetime_months", "2024-12").tolist() == [40]
    rights = simulation.calculate("is_entitled_to_resettlement_allowance", "ETERNITY")
    assert rights.tolist() == [True] + [False] * 39


def forty_missions():
    """Build one volunteer with forty monthly contracts, January 2020 to April 2023."""
    months = [period("2020-01").offset(shift) for shift in range(40)]
    situation = {
        "missions": {
            f"month-{number:02}": {
                "start_date": {"ETERNITY": str(month.start)},
                "end_date": {"ETERNITY": str(month.stop)},
            }
            for number, month in reversed(list(enumerate(months, 1)))
        },
        "volunteers": {
            "volunteer": {
                "missions": [f"month-{n:02}" for n in range(1, 41)],
                "birth_date": {"ETERNITY": "1990-01-01"},
            }
        },
        "organisations": {
            "association": {
                "missions": [f"month-{n:02}" for n in range(1, 41)],
                "legal_form": {"ETERNITY": "french_law_association"},
                "accreditation_start_date": {"ETERNITY": "2019-01-01"},
                "accreditation_end_date": {"ETERNITY": "2026-12-31"},
            }
        },
    }
    return SimulationBuilder().build_from_entities(system(), situation)
