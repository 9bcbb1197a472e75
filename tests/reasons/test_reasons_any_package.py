"""Explanations of another OpenFisca package: its roles, its parameters, its scales."""

import pytest
from openfisca_core.simulations import SimulationBuilder
from openfisca_country_template import CountryTaxBenefitSystem as CountryTemplate
from openfisca_country_template.situation_examples import couple
from refused import problems

from openfisca_isv import standing
from openfisca_isv.reasons import as_text, explain
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation
from tests.country_template import family

PERIODS = {"month": "2024-03", "year": "2024", "eternity": "ETERNITY"}


@pytest.fixture(scope="module")
def template():
    return CountryTemplate()


def test_every_variable_is_explained(template):
    body = family()
    asked = 0
    for variable in template.variables.values():
        if variable.formulas:
            period = PERIODS[str(variable.definition_period)]
            for one in body[variable.entity.plural].values():
                one[variable.name] = {period: None}
                asked += 1
    found = explain(template, body, detail="full")
    assert len(found["answers"]) == asked > 15
    for language in ("en", "fr"):
        assert as_text(explain(template, body, language))


def test_the_values_are_those_of_the_engine(template):
    """In the household of OpenFisca's own example, which leaves a role out."""
    engine = SimulationBuilder().build_from_entities(template, couple)
    situation = read_situation(template, couple, Limits())
    simulation = build_simulation(template, situation)
    for name in couple["households"]["_"]:
        if name != "adults":
            (value,) = simulation.calculate(name, "2017-01")
            assert value == engine.calculate(name, "2017-01")[0]
            assert value > 0


def test_roles_are_kept_in_every_copy(template):
    body = family()
    body["persons"]["ana"]["salary"]["2024-03"] = None
    situation = read_situation(template, body, Limits())
    household = build_simulation(template, situation).populations["household"]
    keys = [role.key for role in household.members_role]
    assert keys == ["adult", "child"]


def test_a_wrong_member_of_a_role_is_refused(template):
    body = family()
    body["households"]["home"]["children"] = ["lea"]
    paths = {problem.path for problem in problems(template, body)}
    assert "/households/home/children/0" in paths


def test_a_scale_and_a_rate_are_told_with_their_first_day(template):
    body = family()
    for name in ("income_tax", "social_security_contribution"):
        body["persons"]["ana"][name] = {"2024-03": None}
    tax, contribution = explain(template, body, detail="full")["answers"]
    figures = {one["parameter"]: one for one in tax["reasons"]["compared_with"]}
    rate = figures["taxes.income_tax_rate"]
    assert (rate["value"], rate["since"]) == (0.15, "2015-01-01")
    (scale,) = contribution["reasons"]["compared_with"]
    assert scale["parameter"] == "taxes.social_security_contribution"
    assert scale["value"] == {"0": 0.02, "6000": 0.06, "12400": 0.12}
    # 2% of 6,000 and 6% of the other 4,000.
    assert contribution["standing"]["value"] == pytest.approx(360)


def test_what_is_left_out_is_missing(template):
    body = family()
    del body["persons"]["ana"]["capital_returns"]
    body["persons"]["ana"]["income_tax"] = {"2024-03": None}
    (answer,) = standing.questions(template, body)["answers"]
    assert [one["variable"] for one in answer["missing"]] == ["capital_returns"]
    (explained,) = explain(template, body)["answers"]
    assert explained["reasons"]["text"] == "cannot be said yet"


def test_the_members_of_a_household_are_told_apart(template):
    body = family()
    body["households"]["home"]["total_taxes"] = {"2024-03": None}
    text = as_text(explain(template, body, detail="full"))
    assert "(ana)" in text
    assert "(leo)" in text


def test_a_right_that_rests_on_roles(template):
    """One adult alone with a child of 7: were both adults, there would be none."""
    body = family()
    body["persons"]["ana"]["salary"]["2024-03"] = 0
    body["persons"]["leo"]["birth"]["ETERNITY"] = "2017-01-01"
    body["households"]["home"]["parenting_allowance"] = {"2024-03": None}
    (answer,) = explain(template, body)["answers"]
    assert (answer["standing"]["settled"], answer["standing"]["value"]) == (True, 600)
