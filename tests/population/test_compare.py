"""The law beside reforms: amounts by hand, parts that add up, commands that hold."""

import csv
import json
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner

from openfisca_isv.population.commands.compare import COMMANDS, write_comparison
from openfisca_isv.population.comparison import partition
from openfisca_isv.population.comparison.compare import compare
from openfisca_isv.population.comparison.partition import parts_of
from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.reforms.file import reform_from_values
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.tables.population import read_tables

REFORMS = Path(__file__).parents[2] / "examples" / "reforms"
NAMES = ("missions", "volunteers", "organisations", "monthly")
FIRST_STEP = "resettlement_allowance.amount[2].amount"


def run(name, *arguments):
    command = next(one for one in COMMANDS if one.name == name)
    words = [str(one) for one in arguments]
    return CliRunner().invoke(command, words, catch_exceptions=False)


@pytest.fixture
def tables(system, folder):
    return read_tables(system, **{name: folder / f"{name}.csv" for name in NAMES})


@pytest.fixture
def raised(system):
    """Camille, back on 31 December 2023, gets 3 700 euros under the law in force."""
    return reform_from_values(system, "raised", {FIRST_STEP: {"2023-01-01": 4000}})


def everyone(found):
    return next(
        row for row in found.gainers_and_losers.to_pylist() if row["by"] == "all"
    )


def test_a_gain_of_300_euros_is_found_where_it_is(system, tables, raised):
    found = compare(tables, [raised], years=range(2022, 2025), system=system)
    row = everyone(found)
    assert (row["volunteers"], row["gainers"], row["losers"]) == (2, 1, 0)
    assert (row["gains"], row["losses"], row["net"]) == (300, 0, 300)
    assert row["state_cost_change"] == 300
    costs = {
        row["year"]: row["state_cost_change"]
        for row in found.cost_by_year.to_pylist()
        if row["scenario"] == "raised"
    }
    assert costs == {2022: 0, 2023: 300, 2024: 0}
    hosts = {
        row["group"]: row["gainers"]
        for row in found.gainers_and_losers.to_pylist()
        if row["by"] == "host_country"
    }
    assert hosts == {"MG": 1, "KH": 0}
    bands = {
        row["change"]: row["volunteers"] for row in found.gain_distribution.to_pylist()
    }
    assert bands["gains up to 500 €"] == bands["unchanged"] == 1


def test_a_lower_floor_makes_a_contract_lawful(system, tables):
    # Sam was to get 140 euros a month from 1 July 2023; the minimum is 150.
    floor = {"allowance.minimum_abroad": {"2023-01-01": 140}}
    reform = reform_from_values(system, "lower", floor)
    row = everyone(compare(tables, [reform], years=range(2023, 2025), system=system))
    assert (row["contracts_become_lawful"], row["contracts_become_unlawful"]) == (1, 0)
    assert (row["allowance_shortfall_law"], row["allowance_shortfall_reform"]) == (
        120,
        0,
    )
    assert row["gainers"] == row["losers"] == row["state_cost_change"] == 0


def test_weights_multiply_the_volunteers(system, tables, raised):
    weights = pa.table(
        {"volunteer": ["sam", "camille", "stays"], "weight": [1, 2.5, 1]}
    )
    found = compare(
        tables, [raised], years=range(2022, 2025), weights=weights, system=system
    )
    row = everyone(found)
    assert (row["volunteers"], row["gainers"], row["gains"]) == (3.5, 2.5, 750)
    with pytest.raises(SummaryError, match="lack 1 volunteers"):
        compare(tables, [raised], weights=weights.slice(1), system=system)


def test_a_reform_that_changes_nothing(system, synthetic):
    nothing = reform_from_values(
        system, "nothing", {"allowance.minimum_abroad": {"2022-12-09": 150}}
    )
    found = compare(synthetic, [nothing], years=range(2023, 2025), system=system)
    assert len(found.parameters) == 0
    row = everyone(found)
    assert row["unchanged"] == row["volunteers"] == len(synthetic.volunteers)
    for name in found.cost_by_year.column_names:
        if name.endswith("_change"):
            assert set(found.cost_by_year[name].to_pylist()) <= {0, None}, name


def test_the_parts_of_a_population_add_up_to_the_whole(system, synthetic, monkeypatch):
    reform = str(REFORMS / "aids_on_return_after_nine_months.yaml")

    def compared():
        return compare(synthetic, [reform], years=range(2023, 2025), system=system)

    whole = compared()
    parts = list(parts_of(synthetic, 3000))
    assert len(parts) > 3
    assert sum(len(one.missions) for one in parts) == len(synthetic.missions)
    assert sum(len(one.monthly) for one in parts) == len(synthetic.monthly)
    monkeypatch.setattr(partition.parts_of, "__defaults__", (3000,))
    cut = compared()
    for name, table in whole.tables().items():
        for one, other in zip(
            table.to_pylist(), cut.tables()[name].to_pylist(), strict=True
        ):
            assert one == pytest.approx(other), name


def test_the_two_laws_cost_what_the_simulation_says(system, synthetic):
    reform = str(REFORMS / "steeper_resettlement.yaml")
    found = compare(synthetic, [reform], years=range(2024, 2026), system=system)
    row = everyone(found)
    assert row["net"] == pytest.approx(row["state_cost_change"])
    assert row["gainers"] > 0
    assert row["losers"] > 0
    by_host = [
        row
        for row in found.gainers_and_losers.to_pylist()
        if row["by"] == "host_country"
    ]
    for name in ("gains", "losses"):
        total = sum(one[name] for one in by_host)
        # One who gains in a country and loses in another is one of them in all.
        assert total >= row[name] - 0.01
    assert sum(one["net"] for one in by_host) == pytest.approx(row["net"])


def test_small_cells_are_masked(system, synthetic):
    reform = str(REFORMS / "steeper_resettlement.yaml")
    years = range(2024, 2026)
    seen = compare(synthetic, [reform], years=years, system=system)
    masked = compare(synthetic, [reform], years=years, min_cell=10, system=system)
    hidden = 0
    for open_row, row in zip(
        seen.gainers_and_losers.to_pylist(),
        masked.gainers_and_losers.to_pylist(),
        strict=True,
    ):
        for name in ("gainers", "losers", "volunteers"):
            if 0 < open_row[name] < 10:
                assert row[name] is None
                hidden += 1
        if row["gainers"] is None:
            assert row["gains"] is row["net"] is row["state_cost_change"] is None
    assert hidden > 20


def test_what_cannot_be_compared_is_told(system, tables, raised):
    with pytest.raises(SummaryError, match="host_country"):
        compare(tables, [raised], by=["host_contry"], system=system)
    with pytest.raises(ReformError, match="of another one"):
        compare(tables, [raised, raised], system=system)
    broken = ReformSource("broken", "Broken", "", "class broken", reform=dict[str, int])
    with pytest.raises(ReformError, match="fails: "):
        compare(tables, [broken], system=system)


def arguments_of(folder):
    others = [part for one in NAMES[1:] for part in (f"--{one}", folder / f"{one}.csv")]
    return [folder / "missions.csv", *others]


def test_the_command_writes_everything(folder, tmp_path):
    out = tmp_path / "out"
    reform = REFORMS / "aids_on_return_after_nine_months.yaml"
    result = run(
        "compare",
        *arguments_of(folder),
        *("--reform", reform, "--years", "2022:2024", "--out", out),
    )
    assert result.exit_code == 0, result.output
    assert "Integration premium and resettlement after nine months" in result.output
    names = {path.name for path in out.iterdir()}
    assert {
        "report.html",
        "compare.json",
        "cost_by_year.csv",
        "cost_by_year.png",
    } < names
    with (out / "cost_by_year.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["year"] for row in rows] == ["2022", "2023", "2024"] * 2
    made = json.loads((out / "compare.json").read_text("utf-8"))
    assert len(made["inputs"]) == 5
    assert all(len(digest) == 64 for digest in made["inputs"].values())
    for path in out.glob("*.png"):
        assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("reform", "more", "message"),
    [
        ("nope.yaml", [], "cannot be read"),
        ("nope", [], "is neither a file nor a class"),
        (REFORMS / "steeper_resettlement.yaml", ["--by", "hot"], 'no column "hot"'),
        (REFORMS / "steeper_resettlement.yaml", ["--years", "x"], "no span of years"),
        (REFORMS / "steeper_resettlement.yaml", ["--min-cell", "-1"], "min-cell"),
    ],
)
def test_bad_usage_leaves_nothing(folder, tmp_path, reform, more, message):
    out = tmp_path / "out"
    words = [*arguments_of(folder), "--reform", reform, "--out", out, *more]
    result = run("compare", *words)
    assert result.exit_code == 2
    assert message in result.output
    assert not out.exists()


def test_a_full_disk_leaves_nothing(system, tables, raised, tmp_path, monkeypatch):
    found = compare(tables, [raised], years=range(2023, 2024), system=system)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openfisca_isv.population.commands.compare.write_csv", full)
    with pytest.raises(OSError, match="No space"):
        write_comparison(found, tmp_path / "out")
    assert not list(tmp_path.glob("out/*"))
    assert not list(tmp_path.glob(".out*"))


def test_summarise_joins_and_writes(folder, tmp_path):
    out = tmp_path / "summary.csv"
    result = run(
        "summarise",
        *(folder / "missions.csv", folder / "volunteers.csv"),
        *("--by", "year,nationality", "--values", "contract_monthly_allowance"),
        *("--quantiles", "0.5", "--out", out),
    )
    assert result.exit_code == 0, result.output
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["year"], row["sum"]) for row in rows] == [
        ("2022", "500"),
        ("2023", "140"),
    ]
    shown = run(
        "summarise", folder / "missions.csv", "--values", "contract_monthly_allowance"
    )
    assert shown.exit_code == 0
    assert "640" in shown.output


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        ("", [], "is no table"),
        ("a,b\n1\n", [], "is no table"),
        ("a,a\n1,2\n", [], "more than one column"),
        ("a\n1\n", ["--by", "b"], 'no column "b"'),
        ("a\n1\n", ["--quantiles", "2"], "is not shares"),
        ("a\n1\n", ["--weight", "b"], 'no column "b"'),
    ],
)
def test_summarise_refuses_what_it_cannot_read(tmp_path, text, more, message):
    path = tmp_path / "table.csv"
    path.write_text(text, "utf-8")
    result = run("summarise", path, "--values", "a", *more)
    assert result.exit_code == 2
    assert message in result.output
