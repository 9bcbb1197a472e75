"""An input is the same however its period is written."""

import pytest
from openfisca_core.errors import SituationParsingError
from openfisca_core.simulations import SimulationBuilder

FIRST, LAST = "2022-01-01", "2023-12-31"


def months(system, periods):
    """Compute the months of contracts whose days are given for some periods."""
    missions = {
        f"m{number}": {"start_date": {period: FIRST}, "end_date": {period: LAST}}
        for number, period in enumerate(periods)
    }
    simulation = SimulationBuilder().build_from_entities(system, {"missions": missions})
    return simulation.calculate("contract_months", "ETERNITY").tolist()


@pytest.mark.parametrize(
    "periods",
    [
        ["ETERNITY", "ETERNITY"],
        ["eternity", "eternity"],
        ["eternity", "ETERNITY", "eternity"],
        ["ETERNITY", "2022-01"],
        ["2022-01", "2022", "eternity"],
        ["2022-01-01", "2022-01-02"],
    ],
)
def test_what_does_not_change_is_kept_under_any_period(system, periods):
    assert months(system, periods) == [24] * len(periods)


@pytest.mark.parametrize("periods", [["2023-05", "month:2023-05"], ["2023-05"] * 2])
def test_a_month_is_the_same_month_however_it_is_written(system, periods):
    volunteers = {
        f"v{number}": {"missions": [f"m{number}"], "dependants_count": {period: 3}}
        for number, period in enumerate(periods)
    }
    missions = {f"m{number}": {} for number in range(len(periods))}
    situation = {"missions": missions, "volunteers": volunteers}
    simulation = SimulationBuilder().build_from_entities(system, situation)
    assert simulation.calculate("dependants_count", "2023-05").tolist() == [3, 3]
    assert simulation.calculate("dependants_count", "2023-06").tolist() == [0, 0]


def test_two_values_for_one_period_are_refused(system):
    mission = {"start_date": {"ETERNITY": FIRST, "2022-01": LAST}}
    situation = {"missions": {"m": mission}}
    both = r"2022-01-01.*2023-12-31.*ETERNITY"
    with pytest.raises(SituationParsingError, match=both):
        SimulationBuilder().build_from_entities(system, situation)
    again = {"start_date": {"ETERNITY": FIRST, "2022-01": FIRST}}
    SimulationBuilder().build_from_entities(system, {"missions": {"m": again}})
