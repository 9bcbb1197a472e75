"""The summary, against sums worked out by hand."""

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from openfisca_core.periods import period

from openfisca_isv.population.groups.figures import add_up
from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.model.summary import (
    SHOWN,
    by_year,
    count_unmet_conditions,
    summarise,
    unmet_conditions,
)
from openfisca_isv.population.model.yearly import (
    Weights,
    outcome_of,
    volunteer_years,
)
from openfisca_isv.population.subject import CONDITIONS, NONE
from tests.population.reading import Tables, read_tables

NAMES = ("missions", "volunteers", "organisations", "monthly")

# Camille: two years in Madagascar, all of 2022 and 2023, 500 euros a month; then
# registered for the two months that follow the request of 10 January 2024.
# Sam: July 2023 to June 2024 in Cambodia for 140 euros, ten too few.
BY_HAND = {
    2022: {
        "contracts_started": 1,
        "contracts_lawful": 1,
        "contracts_unlawful": 0,
        "volunteers_in_mission": 1,
        "mission_months": 12,
        "allowance_due": 12 * 500,
        "resettlement_count": 0,
        "resettlement_allowance": 0,
        "resettlement_undetermined": 0,
        "premium_volunteers": 0,
        "premium_months": 0,
        "occupational_integration_premium": 0,
        "retirement_quarters": 4,
        # 272 and 75 a month, and training.
        "state_aid": 12 * (272 + 75) + 780,
        "state_aid_lawful": 12 * (272 + 75) + 780,
        "state_cost": 12 * (272 + 75) + 780,
    },
    2023: {
        "contracts_started": 1,
        "contracts_lawful": 0,
        "contracts_unlawful": 1,
        # Camille's last day is 31 December.
        "volunteers_in_mission": 2,
        "mission_months": 12 + 6,
        "allowance_due": 12 * 500 + 6 * 140,
        "resettlement_count": 1,
        "resettlement_allowance": 3700,
        "resettlement_undetermined": 0,
        "premium_volunteers": 0,
        "premium_months": 0,
        "occupational_integration_premium": 0,
        # 730 days of Camille's make 8 blocks of 90 days, 4 of them in 2022; 184 days
        # of Sam's make 2.
        "retirement_quarters": 4 + 2,
        # 390 and 150 a month; insurance 420 a year; Camille's return, Sam's training.
        "state_aid": 12 * 540 + 420 + 358 + 6 * 540 + 780 + 420 * 184 / 365,
        "state_aid_lawful": 12 * 540 + 420 + 358,
        "state_cost": 12 * 540 + 420 + 358 + 6 * 540 + 780 + 420 * 184 / 365 + 3700,
    },
    2024: {
        "contracts_started": 0,
        "contracts_lawful": 0,
        "contracts_unlawful": 0,
        "volunteers_in_mission": 0,
        "mission_months": 6,
        "allowance_due": 6 * 140,
        "resettlement_count": 1,
        "resettlement_allowance": 800,
        "resettlement_undetermined": 0,
        "premium_volunteers": 1,
        "premium_months": 2,
        "occupational_integration_premium": 2 * 2001 / 9,
        # 366 days of Sam's make 4 blocks, 2 of them in 2023.
        "retirement_quarters": 2,
        "state_aid": 6 * 540 + 358 + 420 * 182 / 366,
        "state_aid_lawful": 0,
        "state_cost": 6 * 540 + 358 + 420 * 182 / 366 + 800 + 2 * 2001 / 9,
    },
}


def sums_of(system, tables, years, weight=None):
    """Give what a part adds to the summary by year, and to the unmet conditions."""
    simulation = build_simulation(system, tables, years)
    owner = simulation.populations["volunteer"].members_entity_id
    weights = Weights.of(tables, weight, owner)
    rows = outcome_of(simulation, years, weights).years
    credited = volunteer_years(simulation, years, weights, "retirement_quarters")
    unmet = count_unmet_conditions(years, rows, (NONE, *CONDITIONS))
    return summarise(years, rows, credited), unmet


def summary_of(system, tables, years, weight=None, min_cell=0):
    summary, unmet = sums_of(system, tables, years, weight)
    shown = {"is_weighted": weight is not None, "min_cell": min_cell}
    return by_year(add_up([summary]), **shown), unmet_conditions(
        add_up([unmet]), (NONE, *CONDITIONS), **shown
    )


@pytest.fixture
def tables(system, folder):
    return read_tables(**{name: folder / f"{name}.csv" for name in NAMES})


def test_the_summary_is_that_of_the_hand(system, tables):
    summary, _ = summary_of(system, tables, range(2022, 2025))
    assert summary.column_names == ["year", *SHOWN]
    assert [row["year"] for row in summary.to_pylist()] == list(BY_HAND)
    for row in summary.to_pylist():
        expected = BY_HAND[row.pop("year")]
        assert row == pytest.approx(expected, abs=0.005)


def test_unmet_conditions_are_counted_in_the_year_the_contract_starts(system, tables):
    _, unmet = summary_of(system, tables, range(2022, 2025))
    counts = {row["condition"]: row for row in unmet.to_pylist()}
    assert len(counts) == 11
    assert counts["allowance_too_low"] == {
        "condition": "allowance_too_low",
        "2022": 0,
        "2023": 1,
        "2024": 0,
    }
    assert sum(sum(list(row.values())[1:]) for row in counts.values()) == 1


def test_a_right_without_an_amount_is_counted_apart(system, folder):
    # Twelve months that end between the decree of 2022 and its order.
    missions = folder / "missions.csv"
    text = missions.read_text("utf-8")
    missions.write_text(text.replace("2023-07-01,2024-06-30", "2021-09-01,2022-08-31"))
    tables = read_tables(**{name: folder / f"{name}.csv" for name in NAMES})
    summary, _ = summary_of(system, tables, range(2022, 2023))
    assert summary["resettlement_undetermined"].to_pylist() == [1]
    assert summary["resettlement_count"].to_pylist() == [0]
    assert summary["resettlement_allowance"].to_pylist() == [0]


def test_the_parts_of_a_population_add_up_to_the_whole(system, synthetic):
    years = range(2022, 2024)
    volunteers = synthetic.volunteers["volunteer"]
    is_in_first = pa.array(numpy.arange(len(volunteers)) % 3 == 0)
    first = volunteers.filter(is_in_first)

    def part(*, inside):
        tables = []
        for name in ("missions", "volunteers", "monthly"):
            table = getattr(synthetic, name)
            mask = pc.is_in(table["volunteer"], value_set=first)
            tables.append(table.filter(mask if inside else pc.invert(mask)))
        return Tables(tables[0], tables[1], synthetic.organisations, tables[2])

    whole = sums_of(system, synthetic, years)
    parts = [sums_of(system, part(inside=inside), years) for inside in (False, True)]
    for place, (table, sums) in enumerate(
        zip(whole, ("retirement_quarters", "steps"), strict=True)
    ):
        assert add_up(one[place] for one in parts) == add_up([table])
        assert all(sum(one[place][sums].to_pylist()) > 0 for one in parts)


def test_months_that_are_added_up_are_forgotten_but_those_asked_for(system, synthetic):
    years, kept = range(2018, 2026), [period("2019"), period("2020-03")]
    simulations = [build_simulation(system, synthetic, years) for _ in range(2)]
    owner = simulations[0].populations["volunteer"].members_entity_id
    weights = Weights.of(synthetic, None, owner)
    whole = outcome_of(simulations[0], years, weights).years
    found = outcome_of(simulations[1], years, weights, kept=kept).years
    assert found == whole
    known = [
        {str(one) for one in simulation.get_holder("state_aid").get_known_periods()}
        for simulation in simulations
    ]
    assert len(known[0]) == 12 * len(years)
    # A year is forgotten two years later: 2024 and 2025 are not yet.
    left = [
        f"{year}-{month:02}" for year in (2019, 2024, 2025) for month in range(1, 13)
    ]
    assert known[1] == {*left, "2020-03"}
    # What the tables state of a month stays.
    stated = simulations[1].get_holder("is_registered_jobseeker").get_known_periods()
    assert "2018-06" in map(str, stated)


def test_weights_multiply(system, tables):
    # Camille, in Madagascar, stands for two and a half; Sam for one.
    weights = {"camille": 2.5, "sam": 1.0, "stays": 7.0}
    column = [weights[one] for one in tables.volunteers["volunteer"].to_pylist()]
    volunteers = tables.volunteers.append_column("weight", pa.array(column))
    weighted = Tables(tables.missions, volunteers, tables.organisations, tables.monthly)
    summary, unmet = summary_of(system, weighted, range(2022, 2025), "weight")
    row = summary.to_pylist()[1]
    assert row["contracts_started"] == 1
    assert row["volunteers_in_mission"] == 3.5
    assert row["allowance_due"] == 2.5 * 12 * 500 + 6 * 140
    assert row["resettlement_allowance"] == 2.5 * 3700
    assert row["retirement_quarters"] == 2.5 * 4 + 2
    counts = {one["condition"]: one["2023"] for one in unmet.to_pylist()}
    assert counts["allowance_too_low"] == 1


def test_weights_of_missions_are_theirs(system, tables):
    weights = {"madagascar": 2.0, "cambodia": 4.0}
    column = [weights[one] for one in tables.missions["mission"].to_pylist()]
    missions = tables.missions.append_column("weight", pa.array(column))
    weighted = Tables(missions, tables.volunteers, tables.organisations, tables.monthly)
    summary, _ = summary_of(system, weighted, range(2022, 2025), "weight")
    row = summary.to_pylist()[1]
    assert row["contracts_started"] == row["contracts_unlawful"] == 4
    assert row["volunteers_in_mission"] == 2 + 4


def test_what_is_about_too_few_is_masked_with_its_subject(system, tables):
    summary, unmet = summary_of(system, tables, range(2022, 2025), min_cell=2)
    row = summary.to_pylist()[1]
    # Two volunteers were in mission in 2023; one got a resettlement allowance.
    assert row["volunteers_in_mission"] == 2
    assert row["mission_months"] == 18
    for name in ("resettlement_count", "resettlement_allowance", "state_cost"):
        assert row[name] is None, name
    assert row["masked"] is True
    assert summary["premium_months"].to_pylist() == [0, 0, None]
    assert {one["2023"] for one in unmet.to_pylist()} == {0, None}
