"""Every mistake in a request is named: its place, value, reason and remedy."""

import json
from datetime import date

import pytest
from click.testing import CliRunner
from mistakes import ETERNITY, MISTAKES, axis, drop, of_first, of_sam, put
from refused import problems

from openfisca_isv import situation_examples
from openfisca_isv.situations.problems import RefusalError
from openfisca_isv.standing import questions
from openfisca_isv.standing.commands import questions_command


@pytest.mark.parametrize(
    "mistake",
    [mistake[1:] for mistake in MISTAKES],
    ids=[mistake[0] for mistake in MISTAKES],
)
def test_a_mistake_is_named_with_its_place_reason_and_remedy(
    system, situation, mistake
):
    change, path, reason, remedy = mistake
    assert problems(system, situation) == []
    change(situation)
    found = {problem.path: problem for problem in problems(system, situation)}
    assert path in found, found
    assert reason in found[path].reason
    assert remedy in found[path].remedy


@pytest.mark.parametrize(
    "change", [mistake[1] for mistake in MISTAKES], ids=[m[0] for m in MISTAKES]
)
@pytest.mark.parametrize("route", ["/calculate", "/trace", "/explain"])
def test_every_route_refuses_a_mistake(client, situation, change, route):
    change(situation)
    answer = client.post(route, json=situation)
    assert answer.status_code in (400, 404), answer.text
    body = json.loads(answer.text, parse_constant=pytest.fail)
    assert body["count"] == len(body["problems"]) >= 1
    for problem in body["problems"]:
        assert set(problem) == {"path", "value", "reason", "remedy"}
        assert problem["reason"]
        assert problem["remedy"]


def test_all_mistakes_are_found_at_once(system, situation):
    situation["missions"]["first"]["start_date"] = {ETERNITY: "2023"}
    situation["missions"]["second"]["host_contry"] = {ETERNITY: "MG"}
    situation["volunteers"]["sam"]["dependants_count"] = {"2024-01": 18.7, "x": 1}
    situation["organisations"]["association"]["missions"] = ["first"]
    situation["axes"] = []
    assert [problem.path for problem in problems(system, situation)] == [
        "/missions/first/start_date/ETERNITY",
        "/missions/second/host_contry",
        "/volunteers/sam/dependants_count/2024-01",
        "/volunteers/sam/dependants_count/x",
        "/organisations",
        "/axes",
    ]


def test_many_mistakes_are_listed_up_to_a_hundred_and_counted(client, situation):
    for number in range(300):
        situation["missions"]["first"][f"wrong_{number}"] = {}
    body = client.post("/calculate", json=situation).json
    assert len(body["problems"]) == 100
    assert body["count"] == 300


def test_an_unknown_variable_alone_is_404_as_openfisca_has_it(client, situation):
    situation["missions"]["first"]["strat_date"] = {}
    assert client.post("/calculate", json=situation).status_code == 404
    situation["missions"]["first"]["end_date"] = {ETERNITY: 3}
    assert client.post("/calculate", json=situation).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "not_json"),
        (b"{", 400, "not_json"),
        (b"{'missions': {}}", 400, "not_json"),
        (b'{"missions": {}} {}', 400, "not_json"),
        (b"\xff\xfe", 400, "not_json"),
        ('{"missions": {}}'.encode("utf-16"), 400, "not_json"),
        (b"9" * 5000, 400, "not_json"),
        (b"null", 400, "wrong_request"),
        (b"[]", 400, "wrong_request"),
        (b'"missions"', 400, "wrong_request"),
        (b"NaN", 400, "wrong_request"),
        (b"{}", 400, "wrong_request"),
        (b'{"missions": {"a": {}}, "missions": {"b": {}}}', 400, "wrong_request"),
        (b'{"missions": {"a": {}, "a": {}}}', 400, "wrong_request"),
        (
            b'{"missions": {"a": {"domain": {"2024": "other", "2024": "other"}}}}',
            400,
            "wrong_request",
        ),
        (
            b'{"missions": {"a": {"contract_monthly_allowance": {"ETERNITY": NaN}}}}',
            400,
            "wrong_request",
        ),
        (
            b'{"missions": {"a": {"contract_monthly_allowance": {"ETERNITY": 1e999}}}}',
            400,
            "wrong_request",
        ),
        (
            b'{"volunteers": {"a": {"dependants_count": {"2024-01": -Infinity}}}}',
            400,
            "wrong_request",
        ),
        (b"[" * 100_000, 400, "too_deep"),
        (b'{"a":' * 100_000, 400, "too_deep"),
        (
            b'{"missions": {"a": {"end_date": {"ETERNITY": '
            + b"[" * 50
            + b"]" * 50
            + b"}}}}",
            400,
            "too_deep",
        ),
        (b'{"axes": ' + b"[" * 50 + b"]" * 50 + b"}", 400, "too_deep"),
    ],
)
def test_a_body_that_is_no_situation_is_refused(client, body, status, code):
    answer = client.post("/calculate", data=body, content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "json", None])
def test_a_body_that_does_not_say_it_is_json_is_refused(client, situation, kind):
    answer = client.post("/calculate", data=json.dumps(situation), content_type=kind)
    assert answer.status_code == 415
    assert "application/json" in answer.json["problems"][0]["remedy"]


@pytest.mark.parametrize(
    "kind",
    ["application/json; charset=utf-8", "application/JSON", "application/ld+json"],
)
def test_a_body_that_says_it_is_json_in_another_way_is_taken(client, situation, kind):
    answer = client.post("/calculate", data=json.dumps(situation), content_type=kind)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        # The model has a rule for each of these.
        of_first("integration_premium_request_date", "2021-01-01"),
        of_first("notice_date", "2023-01-09"),
        of_sam("birth_date", "2022-01-10"),
        of_sam("birth_date", "9999-12-31"),
        of_first("end_date", "1970-01-01"),
        of_first("start_date", "1970-01-01"),
        of_first("end_date", "2022-01-10"),
        drop("missions", "first", "end_date"),
        drop("missions", "first", "start_date"),
        drop("volunteers"),
        put("volunteers", {}),
        put("volunteers", "alex", {"missions": []}),
        # OpenFisca takes all of these.
        put("organisations", "association", "missions", ["second", "first"]),
        put("missions", "first", "contract_is_written", {}),
        put("missions", "first", {}),
        of_first("contract_is_lawful", None, "2024-01"),
        of_first("contract_is_lawful", None, "eternity"),
        of_first("host_country", "KH", "2024"),
        of_sam("dependants_count", 2.0, "2024-01"),
        of_sam("dependants_count", 2, "2024"),
        of_sam("dependants_count", 2, "year:2024:3"),
        of_sam("dependants_count", 2, "month:2024-03:6"),
        of_sam("retirement_quarters", None, "2024"),
        of_sam("birth_date", None),
        put("missions", "first", "served_months", {ETERNITY: None}),
        axis(),
        axis(count=1),
        axis(min=1000, max=0),
        axis(index=1),
    ],
)
def test_a_correct_situation_is_not_refused(system, client, situation, change):
    change(situation)
    assert problems(system, situation) == []
    assert client.post("/calculate", json=situation).status_code == 200


def test_numbers_name_missions_where_openfisca_reads_them_so(system):
    body = {"missions": {"1": {}}, "volunteers": {"a": {"missions": [1]}}}
    assert problems(system, body) == []
    body["volunteers"]["a"]["missions"] = "1"
    assert problems(system, body) == []


@pytest.mark.parametrize(
    "name", ["contract_abroad", "return_after_two_years", "mission_in_france"]
)
def test_the_examples_are_correct(system, name):
    assert problems(system, getattr(situation_examples, name)) == []


def test_a_problem_is_short_and_always_json(client):
    long = "x" * 100_000
    body = {long: {}, "missions": {long + "/": {long: long}, "\udfff": 10**300}}
    answer = client.post(
        "/calculate", data=json.dumps(body), content_type="application/json"
    )
    assert answer.status_code == 400
    assert len(answer.text) < 5_000


def test_every_input_can_be_given_its_default(system, client):
    """No check may refuse what the model itself takes for unknown."""
    missions, volunteers, organisations = {}, {"missions": ["a"]}, {"missions": ["a"]}
    owners = {
        "mission": missions,
        "volunteer": volunteers,
        "organisation": organisations,
    }
    examined = 0
    for name, variable in system.variables.items():
        if variable.formulas:
            continue
        examined += 1
        value = variable.default_value
        value = getattr(value, "name", value)
        period = "2024-01" if variable.definition_period == "month" else ETERNITY
        value = value.isoformat() if isinstance(value, date) else value
        owners[variable.entity.key][name] = {period: value}
    assert examined > 20
    body = {
        "missions": {"a": missions},
        "volunteers": {"a": volunteers},
        "organisations": {"a": organisations},
    }
    answer = client.post("/calculate", json=body)
    assert answer.status_code == 200
    assert answer.json == body


def test_every_variable_has_a_period_and_a_type_that_the_checks_know(system):
    for name, variable in system.variables.items():
        assert variable.definition_period in ("month", "year", "eternity"), name
        spread = getattr(variable.set_input, "__name__", None)
        assert spread in (None, "dispatch_by_month"), name


@pytest.mark.parametrize("route", ["/calculate", "/trace", "/explain", "/questions"])
def test_every_route_refuses_facts_that_contradict_each_other(client, situation, route):
    situation["missions"]["first"]["early_termination_reason"] = {"ETERNITY": "health"}
    answer = client.post(route, json=situation)
    assert answer.status_code == 400
    (problem,) = answer.json["problems"]
    assert problem["path"] == "/missions/first/early_termination_reason"
    assert problem["value"] == "health"
    assert problem["remedy"] == "Give the last day served, or leave the reason out"


@pytest.mark.parametrize("route", ["/explain", "/questions"])
def test_what_is_odd_is_a_warning_and_refused_nowhere(client, situation, route):
    situation["volunteers"]["sam"] |= {
        "nationality": {"ETERNITY": "FR"},
        "second_nationality": {"ETERNITY": "FR"},
    }
    assert client.post("/calculate", json=situation).status_code == 200
    warnings = client.post(route, json=situation).json["warnings"]
    assert [warning["path"] for warning in warnings] == [
        "/volunteers/sam/second_nationality"
    ]
    del situation["volunteers"]["sam"]["second_nationality"]
    assert client.post(route, json=situation).json["warnings"] == []


def command_for_questions(body, *options):
    """Run the command for questions on a body."""
    text = json.dumps(body)
    return CliRunner().invoke(questions_command, ["-", *options], input=text)


def test_command_and_call_for_questions_refuse_as_the_route_does(
    client, system, situation
):
    situation["missions"]["first"]["end_date"] = {ETERNITY: "2021-01-01"}
    refused = client.post("/questions", json=situation).json["problems"]
    assert refused
    with pytest.raises(RefusalError) as refusal:
        questions(system, situation)
    assert [problem.as_json() for problem in refusal.value.problems] == refused
    for options in ((), ("--format", "json")):
        result = command_for_questions(situation, *options)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.splitlines() == [
            f"<stdin>: {problem}" for problem in refusal.value.problems
        ]


def test_command_and_call_for_questions_warn_as_the_route_does(
    client, system, situation
):
    situation["volunteers"]["sam"] |= {
        "nationality": {ETERNITY: "FR"},
        "second_nationality": {ETERNITY: "FR"},
    }
    answered = client.post("/questions", json=situation).json
    assert answered["warnings"]
    assert questions(system, situation) == answered
    in_json = command_for_questions(situation, "--format", "json")
    assert json.loads(in_json.stdout) == answered
    assert not in_json.stderr
    in_words = command_for_questions(situation).stderr
    for warning in answered["warnings"]:
        assert f"Warning: {warning['path']}: " in in_words
        assert warning["remedy"] in in_words
