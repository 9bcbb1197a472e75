"""The Web API of another OpenFisca package: its roles, its parameters, its scales."""

import json
import re

import pytest
from openapi_spec_validator import validate
from openfisca_country_template import CountryTaxBenefitSystem as CountryTemplate
from openfisca_country_template import situation_examples
from openfisca_web_api.app import create_app

from openfisca_isv.situations.limits import Limits
from openfisca_isv.web.api.application import create_application
from tests import country_template

PERIODS = {"month": "2024-03", "year": "2024", "eternity": "ETERNITY"}


@pytest.fixture(scope="module")
def ours():
    return create_application(CountryTemplate(), limits=Limits()).test_client()


@pytest.fixture(scope="module")
def theirs():
    app = create_app(CountryTemplate())
    app.logger.disabled = True
    return app.test_client()


@pytest.fixture
def family():
    return country_template.family()


@pytest.fixture
def every_question(family):
    """The family, of which all that has a formula is asked."""
    asked = 0
    for variable in CountryTemplate().variables.values():
        if variable.formulas:
            period = PERIODS[str(variable.definition_period)]
            for one in family[variable.entity.plural].values():
                one[variable.name] = {period: None}
                asked += 1
    assert asked > 15
    return family


def answered(client, path, body):
    answer = client.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_it_calculates_as_the_engine(ours, theirs, every_question):
    found = answered(ours, "/calculate", every_question)
    assert found == answered(theirs, "/calculate", every_question)
    # 2% of 6,000 and 6% of the other 4,000.
    contribution = found["persons"]["ana"]["social_security_contribution"]["2024-03"]
    assert contribution == pytest.approx(360)
    # One adult with a child of 5, who earns too much for the allowance.
    assert found["households"]["home"]["parenting_allowance"] == {"2024-03": 0}


def test_a_right_rests_on_the_roles(ours, theirs, family):
    # A child of 7 gives a right to an adult alone, and to no couple.
    family["persons"]["ana"]["salary"]["2024-03"] = 0
    family["persons"]["leo"]["birth"]["ETERNITY"] = "2017-01-01"
    family["households"]["home"]["parenting_allowance"] = {"2024-03": None}
    for role, due in (("children", 600), ("adults", 0)):
        household = {"adults": ["ana"], "parenting_allowance": {"2024-03": None}}
        household[role] = [*household.get(role, []), "leo"]
        family["households"]["home"] = household
        found = answered(ours, "/calculate", family)
        assert found == answered(theirs, "/calculate", family)
        assert found["households"]["home"]["parenting_allowance"] == {"2024-03": due}


def test_it_traces_as_the_engine(ours, theirs, every_question):
    found = answered(ours, "/trace", every_question)
    expected = answered(theirs, "/trace", every_question)
    assert found["entitiesDescription"] == expected["entitiesDescription"]
    assert {*found["trace"]} == {*expected["trace"]}
    parameters = 0
    for step, traced in found["trace"].items():
        for part in ("dependencies", "parameters"):
            assert traced[part] == expected["trace"][step][part]
        parameters += len(traced["parameters"])
        if not step.startswith("birth"):
            assert traced["value"] == expected["trace"][step]["value"]
    assert parameters > 3


@pytest.mark.parametrize("path", ["/entities", "/variables", "/parameters"])
def test_it_lists_what_the_engine_lists(ours, theirs, path):
    assert ours.get(path).json == theirs.get(path).json
    assert ours.get(path).headers["Country-Package"] == "openfisca-country_template"


def test_it_shows_each_variable_and_parameter_as_the_engine(ours, theirs):
    system = CountryTemplate()
    paths = [f"/variable/{name}" for name in system.variables]
    paths += [f"/parameter/{one.name}" for one in system.parameters.get_descendants()]
    for path in paths:
        assert ours.get(path).status_code == 200
        assert ours.get(path).json == theirs.get(path).json
    shown = ours.get("/parameter/taxes/social_security_contribution").json
    latest = shown["brackets"]["2017-01-01"]
    assert latest == {"0.0": 0.02, "6000.0": 0.06, "12400.0": 0.12}


def test_the_document_is_that_of_the_package(ours, family):
    document = ours.get("/spec").json
    validate(document)
    text = json.dumps(document)
    assert "persons and households" in document["info"]["description"]
    assert "Every person has one household" in document["info"]["description"]
    law = r"mission|volunteer|organisation|contract_|allowance/minimum"
    assert not re.findall(law, text, re.IGNORECASE)
    household = document["components"]["schemas"]["Household"]
    assert {"adults", "children", "rent"} <= {*household["properties"]}
    # OpenFisca's own example names no child.
    assert "required" not in household
    example = document["components"]["schemas"]["SituationInput"]["example"]
    assert answered(ours, "/calculate", example)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("detail", ["short", "full"])
def test_every_variable_is_explained(ours, every_question, language, detail):
    path = f"/explain?language={language}&detail={detail}"
    found = answered(ours, path, every_question)
    calculated = answered(ours, "/calculate", every_question)
    assert len(found["answers"]) > 15
    for answer in found["answers"]:
        asked, standing = answer["question"], answer["standing"]
        if standing["settled"]:
            values = calculated[asked["entity"]][asked["of"]][asked["variable"]]
            assert standing["value"] == values[asked["period"]]


def test_the_examples_of_the_package_are_answered(ours):
    for name in ("single", "couple"):
        body = getattr(situation_examples, name)
        for path in ("/calculate", "/trace", "/explain", "/questions"):
            assert answered(ours, path, body)


def test_the_scale_that_decides_is_named(ours, family):
    family["persons"]["ana"]["social_security_contribution"] = {"2024-03": None}
    (answer,) = answered(ours, "/explain?detail=full", family)["answers"]
    (scale,) = answer["reasons"]["compared_with"]
    assert scale["parameter"] == "taxes.social_security_contribution"
    assert scale["value"] == {"0": 0.02, "6000": 0.06, "12400": 0.12}


def test_what_is_left_out_is_asked(ours, family):
    del family["persons"]["ana"]["salary"]
    family["persons"]["ana"]["income_tax"] = {"2024-03": None}
    (answer,) = answered(ours, "/questions", family)["answers"]
    assert not answer["settled"]
    assert [one["variable"] for one in answer["missing"]] == ["salary"]


@pytest.mark.parametrize(
    ("household", "path", "reason"),
    [
        ({"adults": ["ana"]}, "/households", "has no household"),
        ({"adult": ["ana", "leo"]}, "/households/home/adult", "is not a variable"),
        (
            {"adults": ["ana"], "children": ["lea"]},
            "/households/home/children/0",
            "is no person",
        ),
        (
            {"adults": ["ana", "leo"], "children": ["leo"]},
            "/households/home/children/0",
            "has its household already",
        ),
    ],
)
def test_wrong_roles_are_refused(ours, family, household, path, reason):
    family["households"]["home"] = household
    answer = ours.post("/calculate", json=family)
    assert answer.status_code == 400
    found = {one["path"]: one["reason"] for one in answer.json["problems"]}
    assert reason in found[path]


def test_it_has_no_readings_of_this_law(ours, family):
    assert ours.get("/readings").json == {"readings": []}
    answer = ours.post("/calculate?reading=leave-along-the-engagement", json=family)
    assert (answer.status_code, answer.json["code"]) == (400, "unknown_reading")
    assert "no other readings" in answer.json["problems"][0]["remedy"]
