"""The OpenAPI document is valid, tells the truth, and stands up to schemathesis."""

import copy
import subprocess
import sys
from pathlib import Path

import openapi_spec_validator as validator
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfisca_isv.contradictions import (
    MissionContradiction,
    OrganisationContradiction,
)

#: What a schema cannot say of a situation: it may be why one that fits is refused.
BEYOND_A_SCHEMA = (
    # Which periods a variable takes, and which of them contradict one another.
    "is not a period",
    "is not a period of the calendar",
    "is out of the calendar",
    "gives another value than",
    # Who belongs to whom.
    "has its",
    "has no volunteer",
    "has no organisation",
    "is no mission of the request",
    "the body is not an object",
    # What the entities are called.
    "has an empty name",
    "has a name with a slash",
    # How values go together.
    "is a year, and",
    *(
        f"{member.value[0].lower()}{member.value[1:]}"
        for contradictions in (MissionContradiction, OrganisationContradiction)
        for member in list(contradictions)[1:]
    ),
    "would not be computed",
    # Which variable varies along an axis, and how.
    "is not a variable of the model",
    "is not a number, and cannot vary",
    "differs from the count",
    "does not give",
    "is not the place of one",
    "is negative",
    "is too large",
    "is not a share",
    "varies along two axes",
    "situations of one",
    # How long an answer takes, on a machine that is busy.
    "the answer takes more than",
    # What reasons are given for.
    "no value is asked for",
    "one situation is explained at a time",
    "one situation is answered at a time",
)


@pytest.fixture(scope="module")
def specification(client):
    """Give the document."""
    return client.get("/spec").json


def test_the_document_is_valid(specification):
    validator.validate(specification)


def test_the_document_of_openfisca_is_the_same_one(specification, engine):
    """Every path, status and schema of OpenFisca's document has its place in ours."""
    theirs = engine.get("/spec").json
    assert specification["openapi"].startswith("3.0.")
    assert specification["info"]["title"] == theirs["info"]["title"]
    assert set(theirs["components"]["schemas"]) <= set(
        specification["components"]["schemas"]
    )
    for path, operations in theirs["paths"].items():
        for method, operation in operations.items():
            ours = specification["paths"][path][method]
            assert ours["operationId"] == operation["operationId"]
            assert set(operation["responses"]) <= set(ours["responses"])


def test_the_document_describes_every_route(client, specification):
    rules = {
        rule.rule.split("<")[0].rstrip("/")
        for rule in client.application.url_map.iter_rules()
        if rule.endpoint not in ("static", "get_root")
    }
    paths = {path.split("{")[0].rstrip("/") for path in specification["paths"]}
    assert rules == paths


def test_the_document_allows_what_is_asked_with_null(specification, system):
    properties = specification["components"]["schemas"]["Mission"]["properties"]
    assert len(properties) > 50
    for name, schema in properties.items():
        values = schema["additionalProperties"]
        assert values["nullable"] is True, name
        if "enum" in values:
            assert None in values["enum"], name


def test_the_document_gives_examples_that_hold(client, specification):
    schemas = specification["components"]["schemas"]
    example = schemas["SituationInput"]["example"]
    answer = client.post("/calculate", json=copy.deepcopy(example))
    assert answer.status_code == 200
    axis = {"name": "contract_monthly_allowance", "period": "ETERNITY"}
    example["axes"] = [[{**axis, "count": "many", "min": 0, "max": 1}]]
    refusal = client.post("/calculate", json=example).json
    assert refusal == schemas["Refusal"]["example"]


def test_every_code_of_a_refusal_is_described(specification):
    import re  # noqa: PLC0415

    import openfisca_isv.web.api as package  # noqa: PLC0415

    text = "".join(
        path.read_text("utf-8") for path in Path(package.__path__[0]).glob("*.py")
    )
    raised = set(re.findall(r'RefusalError\(\s*\d{3},\s*"([a-z_]+)"', text))
    codes = specification["components"]["schemas"]["Refusal"]["properties"]["code"]
    assert raised
    assert raised <= set(codes["enum"])


#: What is asked as /calculate is, with the same parameters and the same body.
LIKE_CALCULATE = ("/questions", "/trace")


@pytest.mark.parametrize("path", LIKE_CALCULATE)
def test_a_situation_is_described_alike_wherever_it_is_asked(specification, path):
    one, other = (specification["paths"][of]["post"] for of in (path, "/calculate"))
    assert one["requestBody"] == other["requestBody"]
    assert one["parameters"] == other["parameters"]


@pytest.mark.parametrize(
    ("options", "selected"),
    [
        (["--phases=examples,fuzzing,stateful"], 12),
        # The phase tries thousands of bodies, the same ones where they are alike.
        (
            ["--phases=coverage", *(f"--exclude-path={one}" for one in LIKE_CALCULATE)],
            10,
        ),
    ],
    ids=["drawn", "covered"],
)
def test_the_live_server_keeps_to_the_document(server, options, selected):
    """All of schemathesis but one check: a schema cannot say all (see below)."""
    command = [
        Path(sys.executable).parent / "schemathesis",
        "run",
        f"{server.address}/spec",
        "--max-examples=10",
        "--exclude-checks=positive_data_acceptance",
        "--generation-deterministic",
        "--no-color",
        *options,
    ]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    assert f"Operations:       {selected} selected / 12 total" in done.stdout


@pytest.fixture(scope="module")
def contract(client):
    """Read the document as schemathesis does."""
    return schemathesis.openapi.from_wsgi("/spec", client.application)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_what_fits_the_document_is_refused_only_for_what_it_cannot_say(
    client, contract, data
):
    operation = contract["/calculate"]["POST"]
    case = data.draw(operation.as_strategy())
    answer = client.post("/calculate", json=case.body)
    assert answer.status_code in (200, 400, 422), answer.text
    if answer.status_code != 200:
        for problem in answer.json["problems"]:
            # Nor which variables that vary along an axis are whole numbers.
            of_axes = ("is not a whole number",) * problem["path"].startswith("/axes")
            beyond = (*BEYOND_A_SCHEMA, *of_axes)
            assert any(part in problem["reason"] for part in beyond), problem
