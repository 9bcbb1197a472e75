"""The law beside reforms: amounts by hand, groups, weights, and what is masked."""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pytest

from openfisca_isv.population import compare, simulate
from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.model.outputs import RequestError
from openfisca_isv.population.reforms.file import reform_from_values
from openfisca_isv.population.reforms.source import ReformError, ReformSource

REFORMS = Path(__file__).parents[2] / "examples" / "reforms"
STEEPER = REFORMS / "steeper_resettlement.yaml"
NAMES = ("missions", "volunteers", "organisations", "monthly")
FIRST_STEP = "resettlement_allowance.amount[2].amount"


@pytest.fixture
def files(folder):
    return {name: folder / f"{name}.csv" for name in NAMES}


@pytest.fixture
def raised(system):
    """Camille, back on 31 December 2023, gets 3 700 euros under the law in force."""
    return reform_from_values(system, "raised", {FIRST_STEP: {"2023-01-01": 4000}})


def everyone(found):
    return next(
        row for row in found.gainers_and_losers.to_pylist() if row["by"] == "all"
    )


def groups_of(found, by):
    rows = found.gainers_and_losers.to_pylist()
    return {row["group"]: row for row in rows if row["by"] == by}


def test_a_gain_of_300_euros_is_found_where_it_is(files, raised):
    found = compare(**files, reforms=raised, years=range(2022, 2025))
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
    hosts = groups_of(found, "host_country")
    assert {one: row["gainers"] for one, row in hosts.items()} == {"MG": 1, "KH": 0}
    bands = {
        row["change"]: row["volunteers"] for row in found.gain_distribution.to_pylist()
    }
    assert bands["gains up to 500 €"] == bands["unchanged"] == 1
    assert found.by == (("age_band",), ("host_country",), ("organisation",))
    assert found.rows == {"missions": 2, "volunteers": 3, "organisations": 1}


def test_a_lower_floor_makes_a_contract_lawful(system, files):
    # Sam was to get 140 euros a month from 1 July 2023; the minimum is 150.
    floor = {"allowance.minimum_abroad": {"2023-01-01": 140}}
    reform = reform_from_values(system, "lower", floor)
    found = compare(**files, reforms=[reform], years=range(2023, 2025))
    row = everyone(found)
    assert (row["contracts_become_lawful"], row["contracts_become_unlawful"]) == (1, 0)
    assert (row["allowance_shortfall_law"], row["allowance_shortfall_reform"]) == (
        120,
        0,
    )
    assert row["gainers"] == row["losers"] == row["state_cost_change"] == 0
    conditions = {
        row["condition"]: (row["contracts_law"], row["contracts_reform"])
        for row in found.unmet_conditions.to_pylist()
    }
    assert conditions["none"] == (0, 1)
    assert conditions["allowance_too_low"] == (1, 0)


def with_column(path, name, values):
    text = dict.fromkeys(("start_date", "end_date", "birth_date"), pa.string())
    options = pa.csv.ConvertOptions(column_types=text, strings_can_be_null=True)
    table = pa.csv.read_csv(path, convert_options=options)
    return table.append_column(name, pa.array(values))


def test_weights_multiply_the_volunteers(files, raised):
    # Camille stands for 2.5, Sam for 1; the third one has no mission.
    files["volunteers"] = with_column(files["volunteers"], "share", [2.5, 1, 1])
    years = range(2022, 2025)
    found = compare(**files, reforms=[raised], years=years, weight="share")
    row = everyone(found)
    assert (row["volunteers"], row["gainers"], row["gains"]) == (3.5, 2.5, 750)
    assert row["state_cost_change"] == 750


def test_weights_of_missions_are_those_of_their_volunteers(files, raised):
    files["missions"] = with_column(files["missions"], "share", [3, 0.25])
    found = compare(
        **files, reforms=[raised], years=range(2022, 2025), weight="share", min_cell=2
    )
    assert found.is_weighted
    # One gains, who stands for three: people are counted, not weights.
    row = everyone(found)
    assert row["gainers"] is row["gains"] is None
    assert row["volunteers"] == 3.25


def test_groups_are_crossed_and_made_by_columns_of_ones_own(files, raised):
    files["missions"] = with_column(files["missions"], "team", ["red, dark", "blue"])
    by = [["host_country", "age_band"], "team", ["team", "contract_is_lawful"]]
    found = compare(**files, reforms=[raised], years=range(2022, 2025), by=by)
    crossed = groups_of(found, "host_country and age_band")
    # Camille was 31 on 1 January 2022, Sam 29 on 1 July 2023.
    gainers = {group: row["gainers"] for group, row in crossed.items()}
    assert gainers == {"MG, 30-34": 1, "KH, 25-29": 0}
    gains = {group: row["gains"] for group, row in groups_of(found, "team").items()}
    assert gains == {"red, dark": 300, "blue": 0}
    assert set(groups_of(found, "team and contract_is_lawful")) == {
        "red, dark, true",
        "blue, false",
    }
    text = found.report()
    assert "Host country and age at departure" in text
    assert "Madagascar, 30-34" in text
    assert "red, dark, true" in text


def test_a_reform_that_changes_nothing(system, synthetic):
    nothing = reform_from_values(
        system, "nothing", {"allowance.minimum_abroad": {"2022-12-09": 150}}
    )
    found = compare(**vars(synthetic), reforms=[nothing], years=range(2023, 2025))
    assert len(found.parameters) == 0
    row = everyone(found)
    assert row["unchanged"] == row["volunteers"] == len(synthetic.volunteers)
    for name in found.cost_by_year.column_names:
        if name.endswith("_change"):
            assert set(found.cost_by_year[name].to_pylist()) <= {0, None}, name


def test_the_two_laws_cost_what_the_simulation_says(synthetic):
    years = range(2024, 2026)
    found = compare(**vars(synthetic), reforms=[STEEPER], years=years)
    costs = found.cost_by_year.to_pylist()
    for reform in (None, STEEPER):
        name = "law_in_force" if reform is None else reform.stem
        simulated = simulate(**vars(synthetic), reform=reform, years=years)["by_year"]
        for column in ("state_cost", "contracts_lawful", "allowance_due"):
            compared = [row[column] for row in costs if row["scenario"] == name]
            assert compared == simulated[column].to_pylist()
    row = everyone(found)
    assert row["net"] == row["state_cost_change"]
    assert row["gainers"] > 0
    assert row["losers"] > 0
    by_host = groups_of(found, "host_country").values()
    for name in ("gains", "losses"):
        # One who gains in a country and loses in another is one of them in all.
        assert sum(one[name] for one in by_host) >= row[name]
    assert sum(one["net"] for one in by_host) == pytest.approx(row["net"])


def test_small_cells_are_masked(synthetic):
    asked = {"reforms": [STEEPER], "years": range(2024, 2026)}
    asked["by"] = ["host_country", ["age_band", "host_country"]]
    seen = compare(**vars(synthetic), **asked).gainers_and_losers.to_pylist()
    found = compare(**vars(synthetic), **asked, min_cell=10)
    hidden = 0
    for open_row, row in zip(seen, found.gainers_and_losers.to_pylist(), strict=True):
        for name in ("gainers", "losers", "volunteers"):
            if 0 < open_row[name] < 10:
                assert row[name] is None
                hidden += 1
        if row["gainers"] is None:
            assert row["gains"] is row["net"] is row["state_cost_change"] is None
    assert hidden > 20
    # What is masked of a band is not alone in it, nor alone in its country.
    crossed = groups_of(found, "age_band and host_country")
    for place in (0, 1):
        masked = {}
        for group, row in crossed.items():
            if row["gainers"] is None:
                key = group.split(", ")[place]
                masked[key] = masked.get(key, 0) + 1
        open_too = {
            group.split(", ")[place]
            for group, row in crossed.items()
            if row["gainers"] or row["losers"] or row["contracts_become_lawful"]
        }
        assert masked
        assert all(masked[key] > 1 for key in masked if key in open_too)


def test_tables_without_parties_are_compared(files, raised):
    found = compare(files["missions"], reforms=[raised], years=[2023])
    assert found.by == (("host_country",), ("organisation",))
    assert everyone(found)["volunteers"] == 2


def test_groupings_that_are_written_alike_are_refused(files, raised):
    name = "host_country and domain"
    files["missions"] = with_column(files["missions"], name, ["a", "b"])
    with pytest.raises(SummaryError, match=f'called "{name}"'):
        compare(**files, reforms=[raised], by=[name, ["host_country", "domain"]])


def test_what_cannot_be_compared_is_told(files, raised):
    with pytest.raises(SummaryError, match='Did you mean "host_country"'):
        compare(**files, reforms=[raised], by=["host_contry"])
    with pytest.raises(SummaryError, match='no table has a column of weights "share"'):
        compare(**files, reforms=[raised], weight="share")
    with pytest.raises(ReformError, match="of another one"):
        compare(**files, reforms=[raised, raised])
    with pytest.raises(RequestError, match="no reform"):
        compare(**files, reforms=[])
    law = ReformSource("law_in_force", "", "", "a file")
    with pytest.raises(ReformError, match="of another one"):
        compare(**files, reforms=[law])
    broken = ReformSource("broken", "Broken", "", "class broken", reform=dict[str, int])
    with pytest.raises(ReformError, match="fails: "):
        compare(**files, reforms=[broken])
