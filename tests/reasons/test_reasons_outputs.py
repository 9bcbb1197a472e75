"""Every output explains itself, in both languages, as JSON and as text."""

import copy
import json
from datetime import date

import pytest
from explained import LAWFUL, ask_everything, situation, steps
from openfisca_core.indexed_enums import Enum

from openfisca_isv import situation_examples
from openfisca_isv.reasons import as_text, explain
from openfisca_isv.reasons.declared import declared

OUTPUTS = {
    *("effective_end_date", "contract_months", "served_months", "served_days"),
    *("mission_days", "engagement_months", "law_applies", "volunteer_is_adult"),
    *("organisation_is_entitled", "host_country_is_open", "domain_is_eligible"),
    *("contract_duration_is_lawful", "lifetime_duration_is_lawful"),
    *("allowance_minimum", "allowance_maximum", "allowance_is_lawful"),
    *("contract_is_lawful", "contract_first_unmet_condition", "allowance_due"),
    *("allowance_subject_to_income_tax", "allowance_subject_to_social_contributions"),
    *("leave_days_accrued", "leave_days_total", "opens_legitimate_resignation"),
    *("unemployment_rights_are_open", "earliest_termination_date"),
    *("notice_is_respected", "lifetime_months", "remaining_lifetime_months"),
    *("is_entitled_to_resettlement_allowance", "resettlement_allowance"),
    *("resettlement_allowance_is_undetermined", "occupational_integration_premium"),
    *("retirement_quarters", "social_security_affiliated", "state_aid", "state_cost"),
    *("state_social_cover_contribution", "state_management_contribution"),
    *("state_allowance_contribution", "state_installation_contribution"),
    *("state_training_contribution", "state_return_support_contribution"),
    *("state_insurance_contribution", "organisation_state_aid"),
    *("meets_accreditation_criteria",),
}
SITUATIONS = {
    "abroad": situation_examples.contract_abroad,
    "two years": situation_examples.return_after_two_years,
    "in France": situation_examples.mission_in_france,
    "ended early": situation(
        early_termination_date="2024-08-14",
        early_termination_reason="health",
        notice_date="2024-07-31",
    ),
    "before the law": situation(start_date="2005-05-23", end_date="2006-05-22"),
    "nothing given": {
        "missions": {"m": {}},
        "volunteers": {"v": {"missions": ["m"]}},
        "organisations": {"o": {"missions": ["m"]}},
    },
}


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("name", SITUATIONS)
def test_every_output_explains_itself(system, name, language):
    asked = ask_everything(system, SITUATIONS[name], ["2024-03", "2005-12"], ["2024"])
    before = copy.deepcopy(asked)
    explanation = explain(system, asked, language, "full")
    assert asked == before, "the situation was modified"
    assert explanation["language"] == language
    answers = explanation["answers"]
    told = {one["question"]["variable"] for one in answers}
    assert told >= OUTPUTS
    assert told == {
        name
        for name, variable in system.variables.items()
        if not variable.is_input_variable()
    }
    for one in answers:
        reasons = one["reasons"]
        assert reasons["label"]
        assert reasons["text"]
        assert reasons["rule"], f"{reasons['variable']} has no rule"
        assert reasons["provisions"], f"{reasons['variable']} has no provision"
        assert reasons["rests_on"]
    # What JSON cannot hold, infinity included, fails here.
    assert json.loads(json.dumps(explanation, allow_nan=False)) == explanation
    text = as_text(explanation).replace("\n", " ").replace("\u00a0", " ")
    for one in answers:
        assert one["reasons"]["label"][:60] in text


def test_what_is_asked_of_an_input_is_that_input(system):
    (one,) = explain(system, situation(end_date=None, asked={"end_date": "ETERNITY"}))[
        "answers"
    ]
    assert one["reasons"]["text"] == "not stated"
    assert one["reasons"]["given"] is False
    assert one["favourable"] is None


@pytest.mark.parametrize("when", ["2024-01", "month:2024-01", "month:2024-01:1"])
def test_a_month_may_be_written_in_any_way_of_the_engine(system, when):
    (one,) = explain(system, situation(asked={"allowance_due": when}))["answers"]
    assert one["question"]["period"] == when
    assert one["reasons"]["period_text"] == "January 2024"
    assert one["reasons"]["rests_on"]


def test_a_value_that_is_declared_favourable_is_one_that_the_variable_may_have(system):
    """A value of another type would never be reached, and nothing would change it."""
    fits = {
        bool: lambda _, value: value in (True, False),
        int: lambda _, value: value == "positive",
        float: lambda _, value: value == "positive",
        date: lambda _, value: value == "known",
        Enum: lambda variable, value: value in variable.possible_values.__members__,
    }
    favourable = declared("favourable")
    assert len(favourable) > 70
    for name, value in favourable.items():
        variable = system.variables[name]
        assert fits[variable.value_type](variable, value), name


def test_a_reason_not_to_conclude_is_good_or_bad(system):
    """What rights rest on says what would change it."""
    outcomes = ("contract_is_lawful", "state_aid", "resettlement_amount")
    assert set(outcomes) < set(declared("favourable"))
    for variable in system.variables.values():
        if variable.name.startswith(("meets_", "opens_", "is_entitled_")):
            assert variable.name in declared("favourable"), variable.name


def test_what_is_declared_exists(system):
    names = {
        *declared("undetermined"),
        *declared("undetermined").values(),
        *declared("due_by"),
        *declared("due_by").values(),
        *declared("quiet"),
        *(one for one in declared("quiet").values() if isinstance(one, str)),
        *declared("facts"),
        *declared("legal_dates"),
        *set(declared("legal_dates").values()) - {"period"},
        *(one for some in declared("used_where").values() for one in some),
    }
    assert names - set(system.variables) == {"always", "left_out"}
    for variable, conditions in declared("conditions").items():
        members = system.variables[variable].possible_values.__members__
        assert ["none", *conditions] == list(members)
    for name in declared("used_where"):
        if name not in system.variables:
            node = system.parameters
            for key in name.split("."):
                node = node.children[key]


def test_an_entity_that_the_situation_does_not_name_is_explained(system):
    asked = {"missions": {"alone": {"contract_is_lawful": {"ETERNITY": None}}}}
    (one,) = explain(system, asked, detail="full")["answers"]
    found = {step["of"] for step in steps(one["reasons"])}
    assert found == {"alone"}
    assert one["favourable"] is None
    assert one["standing"]["settled"] is False


def test_a_reform_explains_itself(system):
    from openfisca_isv.reforms.allowance_floor_of_200_euros import (  # noqa: PLC0415
        allowance_floor_of_200_euros,
    )

    reform = allowance_floor_of_200_euros(system)
    asked = copy.deepcopy(LAWFUL)
    mission = asked["missions"]["mali"]
    mission["start_date"] = {"ETERNITY": "2025-01-01"}
    mission["end_date"] = {"ETERNITY": "2025-12-31"}
    mission["contract_monthly_allowance"] = {"ETERNITY": 199}
    mission["contract_is_lawful"] = {"ETERNITY": None}
    (one,) = explain(reform, asked, detail="full")["answers"]
    changes = {change["variable"]: change for change in one["changes"]["any_of"]}
    assert changes["contract_monthly_allowance"]["nearest"] == 200
    assert set(changes) == {"contract_monthly_allowance"}
