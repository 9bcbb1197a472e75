"""Periods of several sizes, and axes: what OpenFisca itself gets wrong."""

import pytest
from sent_and_received import ETERNITY, problems_free, trace_of


@pytest.mark.parametrize("first", ["2024", "year:2024", "year:2024:1"])
def test_values_of_periods_of_several_sizes_do_not_mix(client, situation, first):
    """OpenFisca lets the months of one volunteer overwrite the year of another."""
    body = {
        "missions": {"a": {}, "b": {}},
        "volunteers": {
            "ann": {"missions": ["a"], "dependants_count": {first: 3}},
            "bob": {
                "missions": ["b"],
                "dependants_count": {"2024-02": 5, "month:2024-03": 7, "2024": 1},
            },
        },
    }
    for name in body["volunteers"]:
        asked = {f"2024-{month:02}": None for month in range(1, 5)}
        body["volunteers"][name]["dependants_count"] = {
            **asked,
            **body["volunteers"][name]["dependants_count"],
        }
    assert problems_free(client, body)["volunteers"]["ann"]["dependants_count"] == {
        first: 3,
        **{f"2024-{month:02}": 3 for month in range(1, 5)},
    }
    assert problems_free(client, body)["volunteers"]["bob"]["dependants_count"] == {
        "2024": 1,
        "2024-01": 1,
        "2024-02": 5,
        "2024-03": 7,
        "2024-04": 1,
        "month:2024-03": 7,
    }


def test_one_period_written_in_several_ways_is_one_period(client):
    body = {
        "missions": {
            "a": {"host_country": {"2024-01": "MG", ETERNITY: None}},
            "b": {"host_country": {ETERNITY: "SN", "2030": None}},
        }
    }
    missions = problems_free(client, body)["missions"]
    assert missions["a"]["host_country"][ETERNITY] == "MG"
    assert missions["b"]["host_country"]["2030"] == "SN"


def axes_body(situation, *axes):
    """Give a situation its axes."""
    return {**situation, "axes": [list(parallel) for parallel in axes]}


ALLOWANCE = {
    "name": "contract_monthly_allowance",
    "period": ETERNITY,
    "min": 0,
    "max": 900,
    "count": 4,
}
DEPENDANTS = {
    "name": "dependants_count",
    "period": "2023-01",
    "min": 0,
    "max": 2,
    "count": 3,
}


def test_values_along_an_axis_are_those_of_each_situation(client, situation):
    first = situation["missions"]["first"]
    first["allowance_due"] = {"2022-02": None}
    answer = problems_free(client, axes_body(situation, [ALLOWANCE]))
    found = answer["missions"]["first"]["allowance_due"]["2022-02"]
    second = answer["missions"]["second"]["allowance_due"]["2023-02"]
    assert second == [0, 0, 0, 0]
    for place, allowance in enumerate((0, 300, 600, 900)):
        first["contract_monthly_allowance"] = {ETERNITY: allowance}
        alone = problems_free(client, situation)["missions"]["first"]["allowance_due"]
        assert found[place] == alone["2022-02"]


@pytest.mark.parametrize(
    "axes",
    [
        [[ALLOWANCE]],
        [[{**ALLOWANCE, "index": 1}]],
        [[ALLOWANCE, {**ALLOWANCE, "index": 1, "min": 100}]],
        [[ALLOWANCE], [DEPENDANTS]],
        [[ALLOWANCE], [DEPENDANTS], [{**ALLOWANCE, "index": 1, "count": 2}]],
    ],
)
def test_a_trace_along_axes_is_that_of_openfisca(
    system, client, engine, situation, axes
):
    situation["volunteers"]["sam"]["dependants_count"] = {"2023-01": None}
    body = axes_body(situation, *axes)
    ours, theirs = client.post("/trace", json=body), engine.post("/trace", json=body)
    assert (ours.status_code, theirs.status_code) == (200, 200)
    assert trace_of(system, ours.json) == trace_of(system, theirs.json)


def test_axes_of_a_year_vary_each_month(client, situation):
    volunteer = situation["volunteers"]["sam"]
    volunteer["dependants_count"] = {"2023-07": None, "2024-07": None}
    body = axes_body(situation, [{**DEPENDANTS, "period": "2023"}])
    found = problems_free(client, body)["volunteers"]["sam"]["dependants_count"]
    assert found == {"2023-07": [0, 1, 2], "2024-07": [0, 0, 0]}
