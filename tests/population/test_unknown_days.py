"""A day that is not known is an empty cell, counted alike everywhere, and told."""

import csv
import json

import pyarrow as pa
import pytest

from openfisca_isv.population import simulate
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.variables.contract import Condition
from tests.population.test_commands import run as isv

MISSIONS = {
    "mission": ["a", "b", "c"],
    "volunteer": ["v", "w", "x"],
    "organisation": ["o", "o", "o"],
    "start_date": ["2023-01-01", "2023-01-01", "2023-06-01"],
    "end_date": ["", "2023-12-31", "2024-05-31"],
}


@pytest.fixture
def missions(tmp_path):
    path = tmp_path / "missions.csv"
    rows = [MISSIONS, *zip(*MISSIONS.values(), strict=True)]
    path.write_text("\n".join(",".join(row) for row in rows))
    return path


def test_an_unknown_day_is_an_empty_cell(missions, tmp_path):
    out = tmp_path / "out"
    assert isv("simulate", missions, "--years", "2023", "--out", out).exit_code == 0
    with (out / "missions.csv").open(newline="") as file:
        ends = [row["effective_end_date"] for row in csv.DictReader(file)]
    assert ends == ["", "2023-12-31", "2024-05-31"]
    assert "1970-01-01" not in (out / "missions.csv").read_text()
    table = simulate(missions, years=2023)["missions"]
    assert table["effective_end_date"].null_count == 1


def test_both_summaries_count_the_same_contracts(missions):
    results = simulate(missions, years=2023)
    (year,) = results["by_year"].to_pylist()
    by_condition = sum(results["unmet_conditions"]["2023"].to_pylist())
    assert by_condition == year["contracts_unlawful"] == 3


def test_missions_without_a_day_are_counted_in_a_warning(missions, tmp_path):
    out = tmp_path / "out"
    result = isv("simulate", missions, "--years", "2023", "--out", out)
    told = "1 mission has no end_date: nothing is due without it."
    assert f"Warning: {told}" in result.stderr
    assert told in json.loads((out / "run.json").read_text())["warnings"]
    with pytest.warns(UserWarning, match="1 mission has no end_date"):
        simulate(missions, years=2023)


def test_the_missing_text_of_r_is_told_where_it_is_a_country():
    volunteers = {"volunteer": ["v", "w", "x"], "second_nationality": ["NA", "", "NA"]}
    with pytest.warns(
        UserWarning, match='^second_nationality is "NA" in 2 rows: it is'
    ):
        simulate(MISSIONS, volunteers, years=2023)
    with pytest.warns(UserWarning, match="Without --volunteers") as told:
        simulate(MISSIONS | {"domain": ["other"] * 3}, years=2023)
    assert not [one for one in told if "Namibia" in str(one.message)]


def test_the_conditions_are_in_the_order_of_the_law(missions, tmp_path):
    names = [one.name for one in Condition if one is not Condition.none]
    assert len(names) > 10
    out = tmp_path / "out"
    words = ("--years", "2021:2024", "--part-size", "1")
    assert isv("simulate", missions, *words, "--out", out).exit_code == 0
    with (out / "unmet_conditions.csv").open(newline="") as file:
        assert [row["condition"] for row in csv.DictReader(file)] == names


def test_a_grouping_that_two_tables_have_is_refused():
    own = {"region": ["north"] * 3}
    volunteers = {"volunteer": ["v", "w", "x"]} | own
    with pytest.raises(
        RequestError, match='missions and the volunteers have a column "r'
    ):
        simulate(pa.table(MISSIONS | own), volunteers, by="region", years=2023)
    organisations = {"organisation": ["o"], "region": ["south"]}
    with pytest.raises(RequestError, match="volunteers and the organisations"):
        simulate(MISSIONS, volunteers, organisations, by="region", years=2023)
    found = simulate(MISSIONS, volunteers, by=["region", "organisation"], years=2023)
    assert set(found["summary_by_region"]["region"].to_pylist()) == {"north"}
