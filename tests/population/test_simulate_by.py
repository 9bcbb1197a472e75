"""Figures by any column, weighted and masked; and the same law changed by a file."""

import csv
import json

import pandas
import polars
import pyarrow as pa
import pytest

from openfisca_isv.population import TableError, check, simulate
from openfisca_isv.population.bad_input import RequestError
from tests.population.test_commands import run as isv

NAMES = ("missions", "volunteers", "organisations", "monthly")
#: What the State pays in 2023: Camille's twelve months, insurance, return and
#: resettlement; Sam's six months, training, and insurance for 184 days.
CAMILLE = 12 * 540 + 420 + 358 + 3700
SAM = 6 * 540 + 780 + 420 * 184 / 365


def add_column(path, name, values):
    """Add a column to a file; the first column says which value a row has."""
    header, *lines = path.read_text("utf-8").splitlines()
    rows = [f"{line},{values[line.split(',')[0]]}" for line in lines]
    path.write_text("\n".join([f"{header},{name}", *rows, ""]), "utf-8")


def paths(folder):
    return {name: folder / f"{name}.csv" for name in NAMES}


def tables(folder):
    return [
        word for name in NAMES[1:] for word in (f"--{name}", folder / f"{name}.csv")
    ]


def figure(table, variable, **keys):
    """Give the one row of a summary that has these values."""
    found = [
        row
        for row in table.to_pylist()
        if row["variable"] == variable
        and all(row[name] == value for name, value in keys.items())
    ]
    assert len(found) == 1, found
    return found[0]


def test_figures_by_a_column_of_the_missions(folder):
    found = simulate(
        **paths(folder),
        outputs=["state_cost", "contract_is_lawful", "contract_first_unmet_condition"],
        periods=["2023", "2024"],
        by=["host_country"],
    )["summary_by_host_country"]
    assert found.column_names[:4] == ["host_country", "period", "variable", "code"]
    row = figure(found, "state_cost", host_country="MG", period="2023")
    assert (row["count"], row["sum"], row["q50"]) == (1, CAMILLE, CAMILLE)
    row = figure(found, "state_cost", host_country="KH", period="2023")
    assert row["sum"] == pytest.approx(SAM, abs=0.005)
    row = figure(found, "contract_is_lawful", host_country="MG", period=None)
    assert (row["count"], row["mean"]) == (1, 1)
    name = "contract_first_unmet_condition"
    row = figure(found, name, host_country="KH", code="allowance_too_low")
    assert row["sum"] == 1


def test_groups_are_crossed_derived_or_conclusions(folder):
    found = simulate(
        **paths(folder),
        outputs=["state_cost"],
        periods=["2023"],
        by=[("year", "age_band"), "contract_is_lawful", "nationality", "legal_form"],
    )
    rows = found["summary_by_year_and_age_band"].to_pylist()
    # Camille left on 1 January 2022, at 31; Sam on 1 July 2023, at 29.
    assert [(row["year"], row["age_band"]) for row in rows] == [
        ("2022", "30-34"),
        ("2023", "25-29"),
    ]
    by_lawful = found["summary_by_contract_is_lawful"]
    assert figure(by_lawful, "state_cost", contract_is_lawful="true")["sum"] == CAMILLE
    for name, group in (
        ("nationality", "FR"),
        ("legal_form", "french_law_association"),
    ):
        row = figure(found[f"summary_by_{name}"], "state_cost", **{name: group})
        assert row["sum"] == pytest.approx(CAMILLE + SAM, abs=0.005)


def test_labels_and_weights_of_ones_own(folder):
    add_column(
        folder / "missions.csv", "programme", {"madagascar": "water", "cambodia": ""}
    )
    add_column(
        folder / "volunteers.csv", "weight", {"camille": 2.5, "sam": 4, "stays": 1}
    )
    found = simulate(
        **paths(folder),
        outputs=["state_cost", "retirement_quarters"],
        periods=["2023"],
        by=["programme"],
        weight="weight",
    )
    summary = found["summary_by_programme"]
    row = figure(summary, "state_cost", programme="water")
    assert (row["count"], row["weight"], row["sum"]) == (1, 2.5, 2.5 * CAMILLE)
    assert row["mean"] == CAMILLE
    assert figure(summary, "state_cost", programme="unknown")["weight"] == 4
    # A programme is one of missions: what volunteers get has none.
    assert "retirement_quarters" not in summary["variable"].to_pylist()
    year = next(one for one in found["by_year"].to_pylist() if one["year"] == 2023)
    assert year["state_cost"] == pytest.approx(2.5 * CAMILLE + 4 * round(SAM, 2))


def test_what_volunteers_get_is_summed_up_by_what_they_are(folder):
    found = simulate(
        **paths(folder),
        outputs=["retirement_quarters"],
        periods=["2023"],
        by=["nationality"],
    )["summary_by_nationality"]
    row = figure(found, "retirement_quarters", nationality="FR")
    # Camille has four, Sam two; who has no mission has none, and does not count.
    assert (row["count"], row["sum"], row["mean"]) == (2, 6, 3)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"by": ["host_contry"]}, 'Did you mean "host_country"?'),
        ({"by": ["state_cost"]}, "changes over time"),
        ({"by": ["month"]}, "no table has a column"),
        ({"weight": "wieght"}, 'no table has a column of weights "wieght"'),
        ({"weight": "birth_date"}, "is a name of the model"),
        ({"by": [("year", "sum")]}, "sum"),
    ],
)
def test_groups_and_weights_that_are_not_there(folder, asked, said):
    with pytest.raises(RequestError, match=said.replace("?", r"\?")):
        simulate(**paths(folder), years=[2023], **asked)


def test_a_group_whose_column_is_missing_is_told(folder):
    tables = paths(folder) | {"volunteers": None}
    told = r'no table has a column "birth_date" \(needed for "age"\)'
    with pytest.raises(RequestError, match=told):
        simulate(**tables, years=[2023], by=["age"])


@pytest.mark.parametrize(
    ("weight", "said"),
    [("", "is empty"), ("-1", "is negative"), ("nan", "is what programs write where")],
)
def test_weights_at_fault_are_told_with_their_row(folder, weight, said):
    add_column(
        folder / "volunteers.csv", "w", {"camille": 1, "sam": weight, "stays": 1}
    )
    with pytest.raises(TableError) as error:
        simulate(**paths(folder), years=[2023], weight="w")
    (problem,) = error.value.problems
    assert (problem.row, problem.column) == (3, "w")
    assert said in problem.reason
    (row,) = check(**paths(folder), weight="w").to_pylist()
    for name in ("file", "row", "column", "reason", "remedy"):
        assert row[name] == getattr(problem, name), name
    assert row["identifier"] == "sam"


def test_the_command_writes_the_figures(folder, tmp_path):
    out = tmp_path / "out"
    words = ["--outputs", "state_cost", "--periods", "2023", "--min-cell", "2"]
    words += ["--by", "host_country", "--by", "nationality", "--quantiles", "0.5"]
    result = isv(
        "simulate", folder / "missions.csv", *tables(folder), *words, "--out", out
    )
    assert result.exit_code == 0, result.stderr
    with (out / "summary_by_host_country.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    # One volunteer a country: both are masked, and said to be.
    assert [(row["sum"], row["masked"]) for row in rows] == [("", "true")] * 2
    with (out / "summary_by_nationality.csv").open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert float(row["sum"]) == pytest.approx(CAMILLE + SAM, abs=0.005)
    assert "masked" in result.stdout
    command = json.loads((out / "run.json").read_text())["command"]
    assert command["by"] == [["host_country"], ["nationality"]]
    assert (command["min_cell"], command["quantiles"]) == (2, [0.5])


REFORM = """\
title: Resettlement of 4,000 euros from 24 months
parameters:
  resettlement_allowance.amount[2].amount:
    2023-01-01: 4000
"""


def test_a_reform_in_a_file(folder, tmp_path):
    reform, out = tmp_path / "raised.yaml", tmp_path / "out"
    reform.write_text(REFORM)
    words = ["--years", "2022:2024", "--reform", reform, "--workers", "2"]
    result = isv(
        "simulate", folder / "missions.csv", *tables(folder), *words, "--out", out
    )
    assert result.exit_code == 0, result.stderr
    with (out / "by_year.csv").open(newline="") as file:
        paid = [row["resettlement_allowance"] for row in csv.DictReader(file)]
    # Under the law in force Camille is paid 3 700 in 2023, Sam 800 in 2024.
    assert paid == ["0", "4000", "800"]
    account = json.loads((out / "run.json").read_text())
    (told,) = account["law"]["reforms"]
    assert told["title"] == "Resettlement of 4,000 euros from 24 months"
    name = "resettlement_allowance.amount[2].amount"
    assert told["values"] == {name: {"2023-01-01": 4000}}
    assert account["parameters_in_force"]["raised"][name]["2023-01-01"] == 4000


def test_a_reform_that_is_a_class(folder):
    # The class sets the minimum abroad to 200 euros from 2025 on.
    text = (folder / "missions.csv").read_text("utf-8")
    text = text.replace("2023-07-01,2024-06-30", "2025-07-01,2026-06-30")
    (folder / "missions.csv").write_text(text, "utf-8")
    name = "openfisca_isv.reforms.allowance_floor_of_200_euros"
    found = simulate(
        **paths(folder),
        outputs=["allowance_minimum"],
        reform=f"{name}.allowance_floor_of_200_euros",
        years=[2023],
    )
    rows = {row["mission"]: row for row in found["missions"].to_pylist()}
    assert rows["madagascar"]["allowance_minimum"] == 100
    assert rows["cambodia"]["allowance_minimum"] == 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (REFORM.replace("amount[2]", "amonut[2]"), 'Did you mean "resettlement'),
        (REFORM.replace("2023-01-01", "2023-02-30"), "not a day of the calendar"),
        ("title: [", "is not YAML"),
    ],
)
def test_a_reform_at_fault_stops_before_anything(folder, tmp_path, text, said):
    reform, out = tmp_path / "reform.yaml", tmp_path / "out"
    reform.write_text(text)
    words = ["--reform", reform, "--out", out]
    result = isv("simulate", folder / "missions.csv", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not out.exists()


def frames(folder, make):
    return {name: make(path) for name, path in paths(folder).items()}


@pytest.mark.parametrize(
    "make",
    [
        pandas.read_csv,
        lambda path: pandas.read_csv(path, dtype_backend="pyarrow"),
        lambda path: pandas.read_csv(path).astype("category"),
        lambda path: polars.read_csv(path, try_parse_dates=True),
        lambda path: polars.read_csv(path).to_dict(as_series=False),
        lambda path: pa.Table.from_pandas(pandas.read_csv(path)),
    ],
    ids=["pandas", "pandas-arrow", "categories", "polars", "columns", "pyarrow"],
)
def test_data_frames_give_what_files_give(folder, make):
    asked = {"years": range(2022, 2025), "periods": ["2023"], "by": ["host_country"]}
    expected = simulate(**paths(folder), **asked)
    found = simulate(**frames(folder, make), **asked)
    assert found == expected
    assert len(found) == 6
    assert found["missions"].to_pandas()["mission"].tolist() == [
        "madagascar",
        "cambodia",
    ]


def test_faults_of_a_data_frame_are_told_by_its_rows(folder):
    missions = pandas.read_csv(folder / "missions.csv")
    missions.loc[1, "host_country"] = "Cambodge"
    rows = check(missions).to_pylist()
    assert [(row["file"], row["row"], row["column"]) for row in rows] == [
        ("missions", 2, "host_country")
    ]
    assert rows[0]["remedy"] == 'Write "KH"'
    assert check(**paths(folder)).num_rows == 0


def test_a_request_that_cannot_be_met(folder):
    with pytest.raises(RequestError, match="no output"):
        simulate(**paths(folder), outputs=["state_cots"])


def test_a_small_cell_is_one_that_few_have_an_amount_in(folder):
    # Camille is paid for 2022 to 2024, Sam from July 2023 on: in 2022 the amounts of
    # both together are those of one.
    found = simulate(
        **paths(folder),
        outputs=["state_cost"],
        periods=["2022", "2023"],
        by=["nationality"],
        min_cell=2,
    )["summary_by_nationality"]
    alone = figure(found, "state_cost", nationality="FR", period="2022")
    assert (alone["masked"], alone["sum"], alone["count"]) == (True, None, None)
    both = figure(found, "state_cost", nationality="FR", period="2023")
    assert (both["masked"], both["count"]) == (False, 2)
    assert both["mean"] == pytest.approx((CAMILLE + SAM) / 2, abs=0.01)
