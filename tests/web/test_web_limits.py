"""Each limit refuses what is beyond it, lets through what is not, and is adjustable."""

import copy
import json
import os
import time
from dataclasses import fields

import pytest
from click.testing import CliRunner

from openfisca_isv import situation_examples
from openfisca_isv.situations.limits import PREFIX, Limits
from openfisca_isv.web.api import request_gate
from openfisca_isv.web.api import route_answers as answers
from openfisca_isv.web.api.application import create_application
from openfisca_isv.web.api.request_gate import Slots
from openfisca_isv.web.server.commands import serve

ETERNITY = "ETERNITY"


@pytest.fixture
def limited(system):
    """Give a maker of applications with limits."""
    return lambda **limits: create_application(
        system, limits=Limits(**limits)
    ).test_client()


def refused(answer, status, code):
    """Check the form of a refusal, and give its problem."""
    assert answer.status_code == status, answer.text
    assert answer.json["code"] == code
    (problem,) = answer.json["problems"]
    assert problem["reason"]
    assert problem["remedy"]
    return problem


def test_a_body_of_too_many_bytes(limited, situation):
    size = len(json.dumps(situation))
    data = json.dumps(situation)
    post = {"data": data, "content_type": "application/json"}
    assert limited(body_bytes=size).post("/calculate", **post).status_code == 200
    answer = limited(body_bytes=size - 1).post("/calculate", **post)
    assert refused(answer, 413, "body_too_large")["value"] == size


def test_too_many_entities(limited, situation):
    assert limited(entities=4).post("/calculate", json=situation).status_code == 200
    answer = limited(entities=3).post("/calculate", json=situation)
    assert refused(answer, 422, "too_many_entities")["value"] == 4


def test_too_many_cells(limited, system, situation):
    # Five of the two missions given, two asked; two of the volunteer, one of the
    # organisation.
    assert limited(cells=15).post("/calculate", json=situation).status_code == 200
    answer = limited(cells=14).post("/calculate", json=situation)
    assert refused(answer, 422, "too_many_cells")["value"] == 15


def test_too_many_cells_of_a_value_that_is_spread(limited, situation):
    situation["volunteers"]["sam"]["dependants_count"] = {"year:2000:50": 1}
    assert limited().post("/calculate", json=situation).status_code == 200
    answer = limited(cells=500).post("/calculate", json=situation)
    refused(answer, 422, "too_many_cells")


def test_too_many_cells_of_axes(limited, situation):
    axis = {
        "name": "contract_monthly_allowance",
        "period": ETERNITY,
        "min": 0,
        "max": 1,
        "count": 20,
    }
    situation["axes"] = [[axis], [{**axis, "index": 1}]]
    assert limited(axis_cells=400).post("/calculate", json=situation).status_code == 200
    answer = limited(axis_cells=399).post("/calculate", json=situation)
    assert refused(answer, 422, "too_many_axis_cells")["path"] == "/axes"
    situation["axes"] = [[{**axis, "count": 10**30}]]
    refused(limited().post("/calculate", json=situation), 422, "too_many_axis_cells")


def test_too_deep(limited, situation):
    situation["missions"]["first"]["end_date"] = {ETERNITY: [[]]}
    answer = limited(nesting=6).post("/calculate", json=situation)
    assert answer.json["code"] == "wrong_request"
    answer = limited(nesting=5).post("/calculate", json=situation)
    path = "/missions/first/end_date/ETERNITY"
    assert refused(answer, 400, "too_deep")["path"] == path


def test_too_slow(limited, situation, monkeypatch):
    def spin(*_arguments):
        """Compute for ever, and catch what can be caught on the way."""
        while True:
            try:
                sum(range(1000))
            except Exception:  # noqa: BLE001
                continue

    monkeypatch.setattr(answers, "build_simulation", spin)
    began = time.monotonic()
    answer = limited(seconds=0.3).post("/calculate", json=situation)
    assert 0.3 <= time.monotonic() - began < 1.5
    refused(answer, 422, "too_slow")
    monkeypatch.undo()
    assert limited(seconds=3).post("/calculate", json=situation).status_code == 200


def test_many_questions_stop_at_the_limit_of_time(limited):
    body = copy.deepcopy(situation_examples.contract_abroad)
    body["missions"]["madagascar"]["state_cost"] = {
        f"{year}-{month:02}": None for year in range(1950, 2450) for month in (1, 7)
    }
    began = time.monotonic()
    answer = limited(seconds=0.2).post("/calculate", json=body)
    assert time.monotonic() - began < 2
    refused(answer, 422, "too_slow")


@pytest.fixture
def taken_slots():
    """Give slots of which another process, as another worker, holds the only one."""
    slots = Slots(1)
    ready_read, ready_write = os.pipe()
    end_read, end_write = os.pipe()
    child = os.fork()
    if not child:
        with slots.one():
            os.write(ready_write, b"x")
            os.read(end_read, 1)
        os._exit(0)
    os.read(ready_read, 1)
    yield slots
    os.write(end_write, b"x")
    os.waitpid(child, 0)
    for end in (ready_read, ready_write, end_read, end_write):
        os.close(end)


@pytest.mark.parametrize(
    "limits", [{"heavy_bytes": 100}, {"heavy_cells": 10}, {"heavy_questions": 1}]
)
def test_a_heavy_request_at_a_bad_time(
    limited, situation, taken_slots, monkeypatch, limits
):
    monkeypatch.setattr(request_gate, "Slots", lambda _: taken_slots)
    assert limited().post("/calculate", json=situation).status_code == 200
    answer = limited(**limits).post("/calculate", json=situation)
    refused(answer, 429, "busy")
    assert answer.headers["Retry-After"] == "2"


def test_a_slot_is_given_back():
    slots = Slots(1)
    for _ in range(3):
        with slots.one():
            pass


def test_the_environment_sets_each_limit():
    for limit in fields(Limits):
        variable = PREFIX + limit.name.upper()
        assert getattr(Limits.from_environment({variable: "7"}), limit.name) == 7
        assert limit.metadata["description"]
    assert Limits.from_environment({}) == Limits()


@pytest.mark.parametrize("value", ["", "many", "0", "-1"])
def test_a_limit_that_is_none_is_refused(value):
    with pytest.raises(ValueError, match=r"OPENFISCA_ISV_CELLS|cells"):
        Limits.from_environment({"OPENFISCA_ISV_CELLS": value})


def test_the_command_names_each_limit():
    text = CliRunner().invoke(serve, ["--help"], terminal_width=200).output
    for limit in fields(Limits):
        assert f"--{limit.name.replace('_', '-')}" in text
        assert PREFIX + limit.name.upper() in text


def test_the_command_refuses_a_limit_that_is_none():
    result = CliRunner().invoke(serve, ["--cells", "0"])
    assert result.exit_code == 2
    assert "cells" in result.output


def test_the_specification_names_each_limit(limited):
    text = limited(cells=54321).get("/spec").json["info"]["description"]
    for limit in fields(Limits):
        assert limit.metadata["description"] in text
    assert "54321" in text


@pytest.mark.parametrize("port", ["0", "99999", "-1", "http"])
def test_the_command_refuses_a_port_that_does_not_exist(port):
    done = CliRunner().invoke(serve, ["--port", port])
    assert done.exit_code == 2
    assert "'--port'" in done.output
