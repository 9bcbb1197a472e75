"""The readings that an answer names are those that change it, and no others."""

import copy

import pytest
from explained import add_mission, situation

from openfisca_isv.reasons import explain
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.situations.body.values import as_json
from openfisca_isv.situations.chosen_readings import system_under
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation

PERIODS = {"eternity": "ETERNITY", "month": "2024-03", "year": "2024"}
LIVES = {
    "told in full": situation(
        status_before_departure="private_employee_resigning",
        integration_premium_request_date="2026-02-01",
    ),
    "as the law came into force": situation(
        start_date="2005-05-26", end_date="2006-05-25", notice_date="2005-05-27"
    ),
    "in Britain": add_mission(
        situation(host_country="GB", start_date="2020-02-01", end_date="2020-12-31"),
        "niger",
        start_date="2023-01-01",
        end_date="2024-03-15",
        host_country="NE",
    ),
}


@pytest.mark.parametrize("name", LIVES)
def test_each_answer_asked_alone_names_the_readings_that_change_it(system, name):
    """Calculated anew under each reading, with nothing taken over."""
    body = LIVES[name]
    told = read_situation(system, body, Limits())
    base = build_simulation(system, told)
    others = {
        identifier: build_simulation(system_under(system, [identifier]), told)
        for identifier in alternatives()
    }
    changed = 0
    for variable in system.variables.values():
        if variable.is_input_variable() or not variable.entity.is_person:
            continue
        period = PERIODS[str(variable.definition_period)]
        asked = copy.deepcopy(body)
        asked["missions"]["mali"][variable.name] = {period: None}
        (answer,) = explain(system, asked)["answers"]
        if not answer["standing"]["settled"]:
            continue
        expected = {}
        for identifier, simulation in others.items():
            before, after = (
                as_json(variable, one.calculate(variable.name, period))[0]
                for one in (base, simulation)
            )
            if before != after:
                expected[identifier] = after
        # Where a reading leaves it open there is no value to compare.
        found = {
            one["id"]: expected.get(one["id"]) if one["value"] is None else one["value"]
            for one in answer["standing"]["readings"]
        }
        assert {key: one for key, one in found.items() if one is not None} == expected
        changed += len(expected)
    assert changed >= 2
