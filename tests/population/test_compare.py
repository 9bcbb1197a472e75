"""The law beside reforms: amounts by hand, groups, weights, and what is masked."""

from functools import partial
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.csv
import pytest

from openfisca_isv.population import compare, simulate
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.reforms.reform_file import reform_from_values
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.tables.text import text_table

REFORMS = Path(__file__).parents[2] / "examples" / "reforms"
STEEPER = REFORMS / "steeper_resettlement.yaml"
MONTHS = [(year, month) for year in (2023, 2024) for month in range(1, 13)]
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
    assert bands["gains 200 to 500 €"] == bands["unchanged"] == 1
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


def test_the_rules_add_up_to_the_change_in_cost(system, synthetic):
    more = reform_from_values(
        system,
        "more",
        {
            FIRST_STEP: {"2023-01-01": 4000.01},
            "state_aid.management_per_month": {"2024-02-01": 200.45},
        },
    )
    found = compare(**vars(synthetic), reforms=[more], years=range(2023, 2026))
    *rules, total = found.cost_by_rule.to_pylist()
    assert total["rule"] == "state_cost"
    assert total["cost_change"] == everyone(found)["state_cost_change"]
    for name in ("cost_law", "cost_reform", "cost_change"):
        assert sum(round(row[name] * 100) for row in rules) == round(total[name] * 100)
    changes = {row["rule"]: row["cost_change"] for row in rules}
    assert changes["state_management_contribution"] > 0
    assert changes["resettlement_allowance"] == everyone(found)["gains"]
    assert changes["state_training_contribution"] == 0
    # No more than half a cent for each mission and year is left out.
    assert abs(rules[-1]["cost_law"]) < 0.005 * 3 * len(synthetic.missions)


def test_a_rule_that_few_have_is_masked_with_another(files, raised):
    found = compare(**files, reforms=raised, years=range(2022, 2025), min_cell=2)
    row = {one["rule"]: one for one in found.cost_by_rule.to_pylist()}
    assert row["resettlement_allowance"]["cost_change"] is None
    assert row["state_cost"]["cost_change"] is None


def test_bands_of_ones_own_and_the_mean_gain(files, raised):
    found = compare(**files, reforms=raised, years=range(2022, 2025), bands=[0, 300])
    rows = found.gain_distribution.to_pylist()
    assert [
        (row["change_from"], row["change_to"], row["volunteers"]) for row in rows
    ] == [
        (None, -300, 0),
        (-300, 0, 0),
        (0, 0, 1),
        (0, 300, 1),
        (300, None, 0),
    ]
    assert (everyone(found)["mean_gain"], everyone(found)["mean_loss"]) == (300, None)


@pytest.mark.parametrize("bands", ["50,20", "x", [0], [-1, 5], [1, 1], [0.001]])
def test_bands_that_do_not_rise_are_refused(files, raised, bands):
    with pytest.raises(RequestError, match="rising amounts"):
        compare(**files, reforms=raised, bands=bands)


def test_organisations_may_raise_allowances_to_the_new_floor(system, files):
    # Sam agreed 140 euros a month, from 1 July to 30 June 2024: 12 months.
    floor = {"allowance.minimum_abroad": {"2023-01-01": 200}}
    reform = reform_from_values(system, "higher", floor)
    asked = {"reforms": [reform], "years": range(2023, 2025)}
    with pytest.warns(UserWarning, match="the organisations raise every allowance"):
        found = compare(**files, **asked, raise_allowances_to_minimum=True)
    row = everyone(found)
    assert (row["gainers"], row["gains"]) == (1, 12 * 60)
    assert (row["contracts_become_lawful"], row["contracts_become_unlawful"]) == (1, 0)
    assert row["allowance_shortfall_reform"] == 0
    assert "Assumption" in found.report()
    assert everyone(compare(**files, **asked))["gainers"] == 0


def test_any_output_is_compared(system, files):
    floor = {"allowance.minimum_abroad": {"2023-01-01": 140}}
    asked = {
        "reforms": [reform_from_values(system, "lower", floor)],
        "years": range(2023, 2025),
        "outputs": "contract_is_lawful,allowance_minimum,start_date,"
        "retirement_quarters",
    }
    rows = compare(**files, **asked).outputs.to_pylist()
    lawful, minimum, start, *quarters = rows
    # Camille's contract of 2022 is lawful; Sam's was below the minimum.
    assert (lawful["sum_law"], lawful["sum_reform"], lawful["count"]) == (1, 2, 2)
    assert (lawful["changed"], lawful["increased"], lawful["decreased"]) == (1, 1, 0)
    assert (minimum["sum_change"], minimum["decreased"]) == (-10, 1)
    assert minimum["mean_reform"] == minimum["sum_reform"] / 2
    assert (start["changed"], start["sum_law"], start["mean_law"]) == (0, None, None)
    assert [(row["year"], row["changed"]) for row in quarters] == [(2023, 0), (2024, 0)]
    assert {row["entity"] for row in quarters} == {"volunteer"}
    masked = compare(**files, **asked, min_cell=2).outputs.to_pylist()
    assert masked[0]["changed"] is masked[0]["sum_law"] is None


@pytest.mark.parametrize(
    ("outputs", "reason"),
    [
        ("contract_is_lawfull", "contract_is_lawful"),
        ("organisation_state_aid", "made of"),
    ],
)
def test_outputs_that_cannot_be_compared_are_refused(files, raised, outputs, reason):
    with pytest.raises(RequestError, match=reason):
        compare(**files, reforms=raised, outputs=outputs)


def test_standard_errors_are_those_of_a_sum_over_volunteers(system, synthetic):
    raised = reform_from_values(system, "raised", {FIRST_STEP: {"2023-01-01": 4000}})
    asked = {"reforms": [raised], "years": range(2023, 2026)}
    found = compare(**vars(synthetic), **asked, bootstrap=1000, seed=3)
    errors = {row["figure"]: row for row in found.standard_errors.to_pylist()}
    row = everyone(found)
    assert {name: one["value"] for name, one in errors.items()} == {
        name: row[name] for name in errors
    }
    # Of a Poisson number the variance is its mean: the error of a count is its root.
    gainers = errors["gainers"]
    assert gainers["standard_error"] == pytest.approx(row["gainers"] ** 0.5, rel=0.08)
    assert gainers["low"] < row["gainers"] < gainers["high"]
    assert errors["losses"]["standard_error"] == 0
    again = compare(**vars(synthetic), **asked, bootstrap=1000, seed=3)
    assert again.standard_errors == found.standard_errors
    other = compare(**vars(synthetic), **asked, bootstrap=1000, seed=4)
    assert other.standard_errors != found.standard_errors


def test_the_error_of_what_is_masked_is_masked(files, raised):
    years = range(2022, 2025)
    found = compare(**files, reforms=raised, years=years, bootstrap=20, min_cell=2)
    for row in found.standard_errors.to_pylist():
        if row["figure"] != "state_cost_change":
            assert row["masked"]
        assert row["value"] is row["standard_error"] is row["low"] is None


def test_a_single_draw_is_refused(files, raised):
    with pytest.raises(RequestError, match="at least 2 times"):
        compare(**files, reforms=raised, bootstrap=1)


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


def test_a_reform_that_changes_nothing(system, synthetic, synthetic_simulation):
    nothing = reform_from_values(
        system, "nothing", {"allowance.minimum_abroad": {"2022-12-09": 150}}
    )
    found = compare(**vars(synthetic), reforms=[nothing], years=range(2023, 2025))
    assert len(found.parameters) == 0
    row = everyone(found)
    # Those of the years: on mission in them, or paid something then.
    start, end, *costs = (
        synthetic_simulation.calculate(name, when)
        for name, when in (
            ("start_date", "ETERNITY"),
            ("effective_end_date", "ETERNITY"),
            *(("state_cost", f"{year}-{month:02}") for year, month in MONTHS),
        )
    )
    first, last = numpy.datetime64("2023-01-01"), numpy.datetime64("2024-12-31")
    is_theirs = ((start <= last) & (end >= first)) | numpy.any(costs, axis=0)
    owner = synthetic.missions["volunteer"].to_numpy()
    assert row["volunteers"] == len(set(owner[is_theirs])) < len(synthetic.volunteers)
    assert row["unchanged"] == row["volunteers"]
    bands = found.gain_distribution.to_pylist()
    assert {one["change"]: one["volunteers"] for one in bands}["unchanged"] == (
        row["volunteers"]
    )
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
    nested = ["host_country", ["age_band", "host_country"]]
    with pytest.raises(RequestError, match="could be read off"):
        compare(**vars(synthetic), **asked, by=nested, min_cell=10)
    asked["by"] = [["age_band", "host_country"]]
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


def with_others(files, number):
    """Add volunteers to both countries who cost the State nothing."""
    for row in range(2 * number):
        country = "MG" if row % 2 else "KH"
        with files["missions"].open("a", encoding="utf-8") as file:
            file.write(
                f"more{row},more{row},unknown,2022-07-01,2023-03-31,{country},FR,"
                "development_cooperation,true,500,\n"
            )
        with files["volunteers"].open("a", encoding="utf-8") as file:
            file.write(f"more{row},1990-05-01,FR\n")
    with files["organisations"].open("a", encoding="utf-8") as file:
        file.write("unknown,other,,\n")
    return files


def test_costs_of_one_volunteer_are_masked_in_a_large_group(files, raised):
    files = with_others(files, 5)
    asked = {"reforms": [raised], "years": range(2022, 2025), "by": ["host_country"]}
    seen = groups_of(compare(**files, **asked), "host_country")["MG"]
    assert seen["volunteers"] == 6
    assert seen["state_cost_law"] > 0
    found = compare(**files, **asked, min_cell=3)
    row = groups_of(found, "host_country")["MG"]
    assert row["volunteers"] == 6
    for name in ("law", "reform", "change"):
        assert row[f"state_cost_{name}"] is None
    assert row["masked"]
    # The cost of each year is that of one or two too, under both laws; the
    # allowances of 2023 are those of twelve.
    for row in found.cost_by_year.to_pylist():
        assert row["state_cost"] is row["state_cost_change"] is None
        assert row["masked"]


def test_the_terminal_says_no_change_of_the_law_in_force_is_masked(files, raised):
    files = with_others(files, 5)
    found = compare(**files, reforms=[raised], years=[2023], min_cell=3)
    names = ["scenario", "year", "state_cost", "state_cost_change", "masked"]
    _, law, reform = text_table(found.cost_by_year.select(names)).splitlines()
    assert law.split() == ["law_in_force", "2023", "masked"]
    assert reform.split() == ["raised", "2023", "masked", "masked"]


def test_years_of_few_volunteers_are_masked_for_all_laws(files, raised):
    # In 2024 there are Camille, who gets the premium, and Sam, on mission.
    files = with_others(files, 5)
    asked = {"reforms": [raised], "years": range(2022, 2025)}
    found = compare(**files, **asked, min_cell=3)
    names = [name for name in found.cost_by_year.column_names[2:] if name != "masked"]
    rows = [row for row in found.cost_by_year.to_pylist() if row["year"] == 2024]
    assert len(rows) == 2
    for row in rows:
        assert {row[name] for name in names} == {None}
    assert "masked" in found.report()
    assert found.pictures()["cost_by_year"]


def test_law_amounts_are_masked_alike_beside_all_reforms(synthetic):
    reforms = [STEEPER, REFORMS / "aids_on_return_after_nine_months.yaml"]
    found = compare(**vars(synthetic), reforms=reforms, years=[2024], min_cell=10)
    of_reform = {}
    for row in found.gainers_and_losers.to_pylist():
        law = row["volunteers"], row["state_cost_law"], row["allowance_shortfall_law"]
        of_reform.setdefault(row["reform"], {})[row["by"], row["group"]] = law
    one, other = of_reform.values()
    assert one == other


def test_volunteers_of_other_years_are_not_counted(files, raised):
    # On mission in 2024 is Sam alone; Camille is back, and has the premium that year.
    found = compare(**files, reforms=[raised], years=[2024])
    assert everyone(found)["volunteers"] == 2
    # In 2025 nobody: the premium ends with the months of registration.
    found = compare(**files, reforms=[raised], years=[2025, 2026])
    row = everyone(found)
    assert row["volunteers"] == row["unchanged"] == row["contracts_become_lawful"] == 0
    assert set(groups_of(found, "host_country")) == set()
    assert {row["volunteers"] for row in found.gain_distribution.to_pylist()} == {0}
    assert "None of the 0 volunteers of these years" in found.report()


def test_contracts_of_other_years_do_not_become_lawful(system, files):
    # Sam's contract, too low by ten euros, ends on 30 June 2024.
    floor = {"allowance.minimum_abroad": {"2023-01-01": 140}}
    reform = reform_from_values(system, "lower", floor)
    for year, expected in ((2022, 0), (2023, 1), (2024, 1), (2025, 0)):
        found = compare(**files, reforms=[reform], years=[year])
        assert everyone(found)["contracts_become_lawful"] == expected


def test_rights_without_an_amount_are_warned_of(system, files, raised):
    # The 24 months of Camille, back in 2023, and the 12 of Sam, back in 2024, no
    # longer reach the first step: they have a right to nothing known.
    none = {
        f"resettlement_allowance.amount[{one}].threshold": {"2023-01-01": 30 + one}
        for one in range(3)
    }
    reform = reform_from_values(system, "late", none)
    years = range(2022, 2025)
    found = compare(**files, reforms=[raised, reform], years=years)
    (line,) = found.warnings
    assert line.startswith('Under "late" 2 rights to a resettlement allowance have')
    assert line in found.account["warnings"]
    (other,) = compare(**files, reforms=[reform], years=[2024]).warnings
    assert other.startswith('Under "late" 1 right to a resettlement allowance has')
    (idle,) = compare(**files, reforms=[reform], years=[2025]).warnings
    assert idle.startswith('Under "late" every figure shown is that of the law in')
    files["volunteers"] = with_column(files["volunteers"], "share", [2.5, 1, 1])
    (line,) = compare(**files, reforms=[reform], years=years, weight="share").warnings
    assert "3.5 rights (weighted) to" in line
    asked = {"years": years, "weight": "share", "min_cell": 3}
    masked = compare(**files, reforms=[reform], **asked)
    assert "masked" in masked.warnings[0]


def test_parameters_are_plain_numbers_and_a_comparison_is_one_line(files, raised):
    found = compare(**files, reforms=[raised], years=[2023])
    (row,) = found.parameters.to_pylist()
    assert (row["value_law"], row["value_reform"]) == ("3700", "4000")
    assert repr(found) == (
        "<Comparison of 2023 with raised: 2 missions, 3 volunteers, 1 organisation>"
    )


def test_a_weighted_sum_past_64_bits_is_told(system, synthetic):
    tables = vars(synthetic)
    million = pa.repeat(1e6, len(synthetic.volunteers))
    tables = tables | {"volunteers": tables["volunteers"].append_column("w", million)}
    huge = reform_from_values(system, "huge", {FIRST_STEP: {"2023-01-01": 1_000_000}})
    for run in (partial(compare, reforms=[huge]), partial(simulate, reform=huge)):
        with pytest.raises(RequestError, match="does not fit into 64 bits"):
            run(**tables, years=2023, weight="w")


def test_tables_without_parties_are_compared(files, raised):
    found = compare(files["missions"], reforms=[raised], years=[2023])
    assert found.by == (("host_country",), ("organisation",))
    assert everyone(found)["volunteers"] == 2


def test_groupings_that_are_written_alike_are_refused(files, raised):
    name = "host_country and domain"
    files["missions"] = with_column(files["missions"], name, ["a", "b"])
    with pytest.raises(RequestError, match=f'called "{name}"'):
        compare(**files, reforms=[raised], by=[name, ["host_country", "domain"]])


def test_what_cannot_be_compared_is_told(files, raised):
    with pytest.raises(RequestError, match='Did you mean "host_country"'):
        compare(**files, reforms=[raised], by=["host_contry"])
    with pytest.raises(RequestError, match='no table has a column of weights "share"'):
        compare(**files, reforms=[raised], weight="share")
    with pytest.raises(ReformError, match='"raised", as reform "raised"'):
        compare(**files, reforms=[raised, raised])
    with pytest.raises(RequestError, match="no reform"):
        compare(**files, reforms=[])
    law = ReformSource("law_in_force", "", "", "a file")
    with pytest.raises(ReformError, match="as law_in_force"):
        compare(**files, reforms=[law])
    broken = ReformSource("broken", "Broken", "", "class broken", reform=dict[str, int])
    with pytest.raises(ReformError, match="fails: "):
        compare(**files, reforms=[broken])
