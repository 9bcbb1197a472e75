"""Correct requests get OpenFisca's own answers."""

import copy
import json
import math
from email.utils import parsedate_to_datetime

import pytest
from engine_body import plain
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openfisca_core.indexed_enums import Enum
from refused import problems
from sent_and_received import ETERNITY, problems_free, trace_of

from openfisca_isv import situation_examples
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.web.api.application import Provider

EXAMPLES = ["contract_abroad", "return_after_two_years", "mission_in_france"]
MONTHS = ["2021-12", "2022-12", "2024-02"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_answered_byte_for_byte_as_by_openfisca(client, engine, name):
    body = getattr(situation_examples, name)
    ours = client.post("/calculate", json=body)
    theirs = engine.post("/calculate", json=body)
    assert ours.status_code == 200
    assert ours.data == theirs.data
    for header in ("Content-Type", "Country-Package", "Country-Package-Version"):
        assert ours.headers[header] == theirs.headers[header]


@pytest.mark.parametrize("path", ["/", "/entities", "/parameters", "/variables"])
def test_a_list_is_given_byte_for_byte_as_by_openfisca(client, engine, path):
    ours, theirs = client.get(path), engine.get(path)
    assert (ours.status_code, ours.data) == (theirs.status_code, theirs.data)


def test_parameters_and_variables_are_given_as_by_openfisca(client, engine):
    paths = [f"/parameter/{name}" for name in client.get("/parameters").json]
    paths += [f"/variable/{name}" for name in client.get("/variables").json]
    assert len(paths) > 100
    for path in paths:
        theirs = engine.get(path).text.replace(":Infinity", ':"Infinity"')
        assert client.get(path).text == theirs, path


def test_a_parameter_is_found_by_either_of_its_names(client, engine):
    for path in ("/parameter/allowance/minimum_abroad", "/parameter/allowance"):
        assert client.get(path).data == engine.get(path).data
        assert client.get(path.replace("/", ".").replace(".", "/", 2)).data == (
            engine.get(path).data
        )


def days(first, last):
    """Draw days as a body has them."""
    return st.dates(first, last).map(str)


def lives(draw):
    """Draw the entities of a body, with days and codes that are right."""
    from datetime import date  # noqa: PLC0415

    count = draw(st.integers(1, 5))
    missions = {}
    for number in range(count):
        # Each in four years of its own: missions of one life do not overlap.
        year = 2004 + 4 * number
        start = draw(st.dates(date(year, 1, 1), date(year + 3, 12, 1)))
        end = draw(st.dates(start, date(year + 3, 12, 31)))
        missions[f"mission {number}"] = {
            "start_date": {ETERNITY: str(start)},
            "end_date": {ETERNITY: str(end)},
            "host_country": {ETERNITY: draw(st.sampled_from(["MG", "FR", "SN"]))},
            "domain": {
                ETERNITY: draw(st.sampled_from(["none", "humanitarian_action"]))
            },
            "contract_monthly_allowance": {ETERNITY: draw(st.integers(0, 2000)) / 4},
            "contract_is_written": {ETERNITY: draw(st.booleans())},
        }
        if draw(st.booleans()):
            missions[f"mission {number}"] |= {
                "early_termination_date": {ETERNITY: draw(days(start, end))},
                "early_termination_reason": {ETERNITY: "health"},
            }
    body = {"missions": missions}
    for plural in ("volunteers", "organisations"):
        groups = {f"{plural} {number}": [] for number in range(3)}
        for mission in missions:
            groups[draw(st.sampled_from(sorted(groups)))].append(mission)
        body[plural] = {name: {"missions": names} for name, names in groups.items()}
    for volunteer in body["volunteers"].values():
        volunteer["birth_date"] = {
            ETERNITY: draw(days(date(1950, 1, 1), date(2003, 1, 1)))
        }
        volunteer["is_registered_jobseeker"] = {
            month: draw(st.booleans()) for month in MONTHS
        }
        volunteer["dependants_count"] = {"2022": draw(st.integers(0, 3))}
    return body


@st.composite
def situations(draw, system):
    """Draw a correct body that asks for some of the variables of some entities."""
    body = lives(draw)
    for variable in draw(
        st.lists(st.sampled_from(sorted(system.variables)), min_size=1, max_size=8)
    ):
        described = system.variables[variable]
        asked = {"eternity": [ETERNITY], "month": MONTHS, "year": ["2022", "2024"]}
        for instance in body[described.entity.plural].values():
            if variable not in instance and draw(st.booleans()):
                periods = asked[str(described.definition_period)]
                instance[variable] = {draw(st.sampled_from(periods)): None}
    return body


def as_ours(system, body, theirs):
    """Write the days and infinite numbers of OpenFisca's answer as ours has them."""
    theirs = copy.deepcopy(theirs)
    for plural, name, variable, period in asked_of(body):
        place = theirs[plural][name][variable]
        kind = system.variables[variable].value_type.__name__
        if kind == "date":
            place[period] = parsedate_to_datetime(place[period]).date().isoformat()
        elif kind == "float" and math.isinf(place[period]):
            place[period] = "Infinity"
    return theirs


def asked_of(body):
    """List what a body asks."""
    return [
        (plural, name, variable, period)
        for plural, instances in body.items()
        for name, instance in instances.items()
        for variable, values in instance.items()
        if isinstance(values, dict)
        for period, value in values.items()
        if value is None
    ]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_correct_situations_are_answered_as_by_openfisca(system, client, engine, data):
    body = data.draw(situations(system))
    assert problems(system, body) == []
    ours = client.post("/calculate", json=body)
    theirs = engine.post("/calculate", json=body)
    assert (ours.status_code, theirs.status_code) == (200, 200)
    assert ours.json == as_ours(system, body, theirs.json)
    ours, theirs = client.post("/trace", json=body), engine.post("/trace", json=body)
    assert (ours.status_code, theirs.status_code) == (200, 200)
    assert trace_of(system, ours.json) == trace_of(system, theirs.json)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_a_body_written_anew_means_the_same_to_openfisca(system, client, engine, data):
    body = data.draw(situations(system))
    anew = plain(system, read_situation(system, body, Limits()))
    ours, theirs = client.post("/calculate", json=body).json, {}
    theirs = as_ours(system, anew, engine.post("/calculate", json=anew).json)
    for plural, name, variable, period in asked_of(body):
        assert (
            ours[plural][name][variable][period]
            == (theirs[plural][name][variable][period])
        )


def test_a_day_is_written_as_iso_8601(client, situation):
    situation["missions"]["first"]["effective_end_date"] = {ETERNITY: None}
    situation["missions"]["first"]["earliest_termination_date"] = {ETERNITY: None}
    answer = client.post("/calculate", json=situation).json["missions"]["first"]
    assert answer["effective_end_date"] == {ETERNITY: "2023-01-09"}
    assert answer["earliest_termination_date"] == {ETERNITY: "9999-12-31"}


def test_a_day_beyond_the_calendar_is_still_a_day(client, situation):
    first = situation["missions"]["first"]
    first["notice_date"] = {ETERNITY: "9999-12-20"}
    first["end_date"] = {ETERNITY: "9999-12-30"}
    situation["missions"]["second"].pop("start_date")
    first["earliest_termination_date"] = {ETERNITY: None}
    answer = client.post("/calculate", json=situation).json["missions"]["first"]
    assert answer["earliest_termination_date"] == {ETERNITY: "10000-01-20"}
    trace = client.post("/trace", json=situation).json["trace"]
    step = trace["earliest_termination_date<ETERNITY>"]
    assert step["value"] == ["10000-01-20", "9999-12-31"]


def test_an_infinite_number_is_a_word_and_may_be_sent_back(client, situation):
    situation["missions"] = {"first": situation["missions"]["first"]}
    for group in (situation["volunteers"]["sam"], *situation["organisations"].values()):
        group["missions"] = ["first"]
    situation["missions"]["first"]["start_date"] = {ETERNITY: "2015-01-01"}
    situation["missions"]["first"]["allowance_maximum"] = {ETERNITY: None}
    answer = client.post("/calculate", json=situation)
    found = json.loads(answer.text, parse_constant=pytest.fail)
    maximum = found["missions"]["first"]["allowance_maximum"]
    assert maximum == {ETERNITY: "Infinity"}
    trace = client.post("/trace", json=situation)
    steps = json.loads(trace.text, parse_constant=pytest.fail)["trace"]
    assert steps["allowance_maximum<ETERNITY>"]["value"] == ["Infinity"]
    found["missions"]["first"]["allowance_is_lawful"] = {ETERNITY: None}
    again = client.post("/calculate", json=found)
    assert again.status_code == 200
    assert again.json["missions"]["first"]["allowance_maximum"] == maximum
    assert again.json["missions"]["first"]["allowance_is_lawful"] == {ETERNITY: True}


def test_no_answer_holds_what_is_not_json(client):
    with client.application.app_context():
        provider = Provider(client.application)
        found = {"a": [math.inf, -math.inf, (math.nan, 1.5)]}
        assert json.loads(provider.dumps(found)) == {
            "a": ["Infinity", "-Infinity", ["NaN", 1.5]]
        }


def test_every_variable_answers_at_both_ends_of_the_calendar(system, client):
    """No day or period that is let in may break a formula."""
    examined = 0
    for start, end in (
        ("1900-01-01", "1900-01-01"),
        ("1900-01-01", "9999-12-31"),
        ("9999-12-31", "9999-12-31"),
        ("1970-01-01", "9999-12-30"),
    ):
        body = {"missions": {"a": {}}, "volunteers": {}, "organisations": {}}
        for plural in ("volunteers", "organisations"):
            body[plural]["g"] = {"missions": ["a"]}
        for name, variable in system.variables.items():
            place = next(iter(body[variable.entity.plural].values()))
            if name in ("early_termination_date", "birth_date"):
                continue
            if variable.value_type.__name__ == "date" and not variable.formulas:
                is_last = name in ("end_date", "accreditation_end_date")
                place[name] = {ETERNITY: end if is_last else start}
                continue
            place[name] = {
                "eternity": {ETERNITY: None},
                "month": {"1900-01": None, "2004-01": None, "9998-12": None},
                "year": {"1900": None, "9998": None},
            }[str(variable.definition_period)]
            examined += 1
        answer = client.post("/calculate", json=body)
        assert answer.status_code == 200, (start, end, answer.text[:300])
        assert not asked_of(answer.json)
    assert examined > 400


def test_a_hundred_missions_are_each_answered_for_themselves(client):
    body = copy.deepcopy(situation_examples.contract_abroad)
    mission = body["missions"].pop("madagascar")
    for number in range(100):
        one = copy.deepcopy(mission)
        one["contract_monthly_allowance"] = {ETERNITY: number * 3}
        body["missions"][f"m{number}"] = one
    names = list(body["missions"])
    body["volunteers"] = {
        f"v{name}": {"missions": [name], "birth_date": {ETERNITY: "1996-05-02"}}
        for name in reversed(names)
    }
    body["organisations"]["association"]["missions"] = names
    answer = problems_free(client, body)
    for number, name in enumerate(names):
        due = answer["missions"][name]["allowance_due"]["2024-02"]
        assert due == pytest.approx(number * 3)


def test_every_code_can_be_sent(system, client):
    examined = 0
    for name, variable in system.variables.items():
        if variable.value_type is not Enum or variable.formulas:
            continue
        for member in variable.possible_values:
            body = {"missions": {"a": {}}}
            group = {} if variable.entity.is_person else {"missions": ["a"]}
            body.setdefault(variable.entity.plural, {})["a"] = {
                **group,
                name: {ETERNITY: member.name},
            }
            if name == "early_termination_reason" and member.name != "none":
                body["missions"]["a"]["early_termination_date"] = {
                    ETERNITY: "2024-01-01"
                }
            assert problems(system, body) == []
            examined += 1
    assert examined > 500


def test_the_readings_are_listed_with_the_others(client):
    answer = client.get("/readings")
    assert answer.status_code == 200
    found = {one["id"]: one for one in answer.json["readings"]}
    rights = found["reading-01-rights-of-unlawful-contracts"]
    others = {other["id"]: other["is_computed"] for other in rights["alternatives"]}
    assert others["rights-need-a-lawful-contract"]
    assert others["rights-need-the-law-alone"]
    computed = [
        other["id"]
        for one in found.values()
        for other in one["alternatives"]
        if other["is_computed"]
    ]
    assert len(computed) == len(set(computed)) > 25
