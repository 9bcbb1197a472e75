"""The synthetic population meets the published figures, and is what is bundled."""

from collections import Counter
from datetime import date
from pathlib import Path

import numpy
import pytest

from openfisca_isv.population.synthetic import synthetic_population
from openfisca_isv.population.synthetic.careers import Draws
from openfisca_isv.population.synthetic.drawn_population import (
    draw_population,
    load_statistics,
    write_tiles,
)
from openfisca_isv.variables.contract import Condition

BUNDLED = Path(__file__).parents[2] / "examples" / "population"
NAMES = ("missions", "volunteers", "organisations", "monthly")
FIRST_HOSTS = ["MG", "KH", "PH", "CM", "HT"]


@pytest.fixture(scope="module")
def columns(synthetic):
    """Give the columns of the missions, with the birth date of the volunteer."""
    missions = {
        name: numpy.array(synthetic.missions[name].to_pylist(), dtype=object)
        for name in synthetic.missions.column_names
    }
    born = dict(
        zip(
            synthetic.volunteers["volunteer"].to_pylist(),
            synthetic.volunteers["birth_date"].to_pylist(),
            strict=True,
        )
    )
    missions["birth_date"] = numpy.array([born[one] for one in missions["volunteer"]])
    return missions


def last_served(columns):
    ends = zip(columns["end_date"], columns["early_termination_date"], strict=True)
    return numpy.array([min(end, early or end) for end, early in ends])


def in_mission(columns, day):
    return (columns["start_date"] <= day) & (last_served(columns) >= day)


def test_the_bundled_files_are_what_the_generator_writes(system, tmp_path):
    write_tiles(draw_population(system).tiles(), tmp_path, "csv")
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted(f"{name}.csv" for name in NAMES)
    for name in written:
        assert (tmp_path / name).read_bytes() == (BUNDLED / name).read_bytes(), name


@pytest.mark.parametrize(
    ("year", "stock"),
    [
        # Known: 2021, 2022, 2024. On the line between known years, or held.
        (2019, 1614),
        (2020, 1528),
        (2021, 1442),
        (2022, 1630),
        (2023, 1696),
        (2024, 1763),
        (2025, 1763),
    ],
)
def test_the_stock_at_the_end_of_the_year(columns, year, stock):
    present = in_mission(columns, date(year, 12, 31))
    assert len(set(columns["volunteer"][present])) == stock


def test_missions_in_france(columns):
    is_in_france = columns["host_country"] == "FR"
    assert (is_in_france & in_mission(columns, date(2024, 12, 31))).sum() == 147
    first = {}
    for volunteer, start in zip(
        columns["volunteer"][is_in_france],
        columns["start_date"][is_in_france],
        strict=True,
    ):
        first[volunteer] = min(start, first.get(volunteer, start))
    assert Counter(start.year for start in first.values())[2023] == 59
    assert min(start.year for start in first.values()) == 2023


def test_ages(columns):
    is_described = columns["start_date"] >= date(2019, 1, 1)
    days = (columns["start_date"] - columns["birth_date"])[is_described]
    ages = numpy.array([one.days for one in days]) / 365.2425
    assert ages.mean() == pytest.approx(30, abs=1)
    assert (ages < 30).mean() == pytest.approx(0.6, abs=0.02)
    assert ages.min() >= 17


def test_host_countries(columns, system):
    is_abroad = columns["host_country"] != "FR"
    hosts = Counter(columns["host_country"][is_abroad])
    total = sum(hosts.values())
    assert [code for code, _ in hosts.most_common(5)] == FIRST_HOSTS
    regions = {"sub_saharan_africa": 0.5, "asia": 0.33}
    shares = load_statistics(system)["host_countries"]["value"]
    for region, share in regions.items():
        count = sum(hosts[code] for code in shares[region])
        assert count / total == pytest.approx(share, abs=0.02)


def test_statuses_before_departure(columns):
    first = {}
    for volunteer, status in zip(
        columns["volunteer"], columns["status_before_departure"], strict=True
    ):
        first.setdefault(volunteer, status)
    counts = Counter(first.values())
    total = sum(counts.values())
    working = sum(
        count
        for status, count in counts.items()
        if status and status not in ("jobseeker", "student")
    )
    assert working / total == pytest.approx(0.58, abs=0.02)
    assert counts["jobseeker"] / total == pytest.approx(0.13, abs=0.02)
    assert counts["student"] / total == pytest.approx(0.12, abs=0.02)


def test_departures_a_year_are_those_of_twenty_years(columns):
    first = {}
    for volunteer, start in zip(
        columns["volunteer"], columns["start_date"], strict=True
    ):
        first[volunteer] = min(start, first.get(volunteer, start))
    by_year = Counter(start.year for start in first.values())
    # 17 400 missions in twenty years.
    mean = sum(by_year[year] for year in range(2022, 2026)) / 4
    assert mean == pytest.approx(870, rel=0.05)


def test_no_first_departure_while_departures_were_put_off(columns):
    first = {}
    for volunteer, start in zip(
        columns["volunteer"], columns["start_date"], strict=True
    ):
        first[volunteer] = min(start, first.get(volunteer, start))
    closed = [
        one for one in first.values() if date(2020, 3, 19) <= one <= date(2020, 9, 30)
    ]
    assert not closed
    assert sum(start.year == 2020 for start in first.values()) > 100


def test_the_bodies_are_those_that_are_accredited(synthetic):
    forms = Counter(synthetic.organisations["legal_form"].to_pylist())
    ends = synthetic.organisations["accreditation_end_date"].to_pylist()
    assert forms == {"french_law_association": 23, "public_interest_group": 1}
    assert ends.count(date(2026, 12, 31)) == 22 + 1
    used = set(synthetic.missions["organisation"].to_pylist())
    assert used == set(synthetic.organisations["organisation"].to_pylist())


def test_each_condition_is_broken_by_a_few_contracts(synthetic_simulation):
    unmet = synthetic_simulation.calculate("contract_first_unmet_condition", "ETERNITY")
    counts = numpy.bincount(unmet, minlength=len(Condition))
    # A maximum abroad is known for a few countries and a few quarters alone.
    is_rare = numpy.arange(len(Condition)) == Condition.allowance_too_high.index
    assert (counts[1:] >= numpy.where(is_rare, 1, 5)[1:]).all()
    assert 0.01 < counts[1:].sum() / counts.sum() < 0.05


def test_some_end_early_some_with_notice_some_ask_for_the_premium(columns):
    is_early = columns["early_termination_date"] != None  # noqa: E711
    assert 0.05 < is_early.mean() < 0.1
    assert set(columns["early_termination_reason"][is_early]) == {
        "personal_convenience",
        "health",
        "family",
        "security",
        "organisation_decision",
        "administrative",
        "organisation_breach",
        "other_force_majeure",
    }
    has_notice = columns["notice_date"] != None  # noqa: E711
    assert not (has_notice & ~is_early).any()
    assert 0.5 < has_notice[is_early].mean() < 0.95
    assert (columns["integration_premium_request_date"] != None).sum() > 500  # noqa: E711


def test_nothing_is_known_after_the_last_year(columns, synthetic):
    last = date(2025, 12, 31)
    for name in ("start_date", "early_termination_date", "notice_date"):
        assert max(day for day in columns[name] if day) <= last
    requests = columns["integration_premium_request_date"]
    assert max(day for day in requests if day) <= last
    assert max(synthetic.monthly["month"].to_pylist()) <= last


def test_another_seed_gives_another_population_with_the_same_stocks(system, synthetic):
    other = synthetic_population(system, seed=1, scale=0.1)
    assert other.missions.schema == synthetic.missions.schema
    again = synthetic_population(system, seed=1, scale=0.1)
    assert other == again
    different = synthetic_population(system, seed=2, scale=0.1)
    assert not other.missions.equals(different.missions)
    starts = numpy.array(other.missions["start_date"].to_pylist())
    ends = last_served(
        {
            name: other.missions[name].to_pylist()
            for name in ("end_date", "early_termination_date")
        }
    )
    day = date(2022, 12, 31)
    present = (starts <= day) & (ends >= day)
    assert present.sum() == 163


def test_every_number_has_a_source_or_is_said_to_be_assumed(system):
    statistics = load_statistics(system)
    del statistics["lifetime_cap"]
    assert len(statistics) > 20
    for name, entry in statistics.items():
        assert entry["description"], name
        assert ("source" in entry) != ("assumed" in entry), name


def test_draws_follow_their_shares():
    draws = Draws(7)
    drawn = draws.choose({"a": 3, "b": 1, "never": 0}, 10_000)
    assert set(drawn) == {"a", "b"}
    assert (drawn == "a").mean() == pytest.approx(0.75, abs=0.02)
    numbers = draws.along([[0, 10], [0.5, 20], [1, 40]], 10_000)
    assert numbers.min() >= 10
    assert numbers.max() <= 40
    assert (numbers <= 20).mean() == pytest.approx(0.5, abs=0.02)
    assert set(draws.below(3, 1000)) == {0, 1, 2}
