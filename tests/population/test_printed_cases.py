"""The bundled population gives the amounts that official pages print."""

import pytest

from openfisca_isv.population.synthetic.drawn_population import load_printed_cases

# Mission, variable, period, printed amount.
PRINTED = [
    ("resettlement-12-months-1", "resettlement_allowance", "2024-01", 800),
    ("resettlement-18-months-1", "resettlement_allowance", "2024-07", 1500),
    ("resettlement-24-months-1", "resettlement_allowance", "2025-01", 3700),
    ("resettlement-2019-1", "resettlement_allowance", "2019-08", 3700),
    ("resettlement-2020-1", "resettlement_allowance", "2020-01", 3700),
    ("premium-2", "resettlement_allowance", "2023-02", 3700),
    ("allowance-150-abroad-1", "allowance_minimum", "ETERNITY", 150),
    ("allowance-149-abroad-1", "allowance_minimum", "ETERNITY", 150),
    ("allowance-100-before-1", "allowance_minimum", "ETERNITY", 100),
    ("allowance-800-in-france-1", "allowance_minimum", "ETERNITY", 800),
    ("allowance-1600-in-france-1", "allowance_maximum", "ETERNITY", 1600),
    ("maximum-angola-1", "allowance_maximum", "ETERNITY", 4597.97),
    ("maximum-benin-1", "allowance_maximum", "ETERNITY", 2077.33),
    ("maximum-lebanon-1", "allowance_maximum", "ETERNITY", 3291.39),
]


@pytest.mark.parametrize("printed", PRINTED)
def test_the_amount_is_the_printed_one(synthetic_simulation, position, printed):
    mission, variable, when, amount = printed
    values = synthetic_simulation.calculate(variable, when)
    assert values[position[f"printed-{mission}"]] == pytest.approx(amount, abs=0.001)


def test_the_premium_is_the_printed_one_in_nine_months(synthetic_simulation, position):
    paid = {}
    for year in (2023, 2024):
        for month in range(1, 13):
            values = synthetic_simulation.calculate(
                "occupational_integration_premium", f"{year}-{month:02}"
            )
            paid[year, month] = values[position["printed-premium-2"]].item()
    assert sum(paid.values()) == pytest.approx(2001, abs=0.01)
    due = [month for month, value in paid.items() if value]
    assert due == [(2023, month) for month in range(4, 13)]


def test_the_aid_of_a_first_year_is_the_printed_one(synthetic_simulation, position):
    months = [f"2023-{month:02}" for month in range(1, 13)]
    values = [synthetic_simulation.calculate("state_aid", month) for month in months]
    row = position["printed-aid-first-year-1"]
    assert sum(one[row].item() for one in values) == pytest.approx(8038, abs=0.01)


def test_every_printed_case_but_one_is_lawful(synthetic_simulation, position):
    unmet = synthetic_simulation.calculate("contract_first_unmet_condition", "ETERNITY")
    found = {
        name: unmet[row].item()
        for name, row in position.items()
        if name.startswith("printed-")
    }
    assert len(found) == 16
    broken = {name for name, rank in found.items() if rank}
    assert broken == {"printed-allowance-149-abroad-1"}
    low = unmet.decode_to_str()[position["printed-allowance-149-abroad-1"]]
    assert low == "allowance_too_low"


def test_every_case_says_what_is_printed_and_where():
    cases = load_printed_cases()["cases"]
    assert len(cases) == 15
    for case in cases:
        assert case["printed"]
        assert case["source"]
        assert case["volunteer"].startswith("printed-")
