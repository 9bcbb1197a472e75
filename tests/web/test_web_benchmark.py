"""The bodies that the benchmark sends are what it says they are."""

import json

import pytest
from flood import floods

from benchmarks.web_bodies import bad_bodies, contract_question, half_told


@pytest.mark.parametrize("missions", [1, 3])
def test_the_contract_question_asks_for_every_condition(client, missions):
    answer = client.post("/calculate", json=contract_question(missions))
    assert answer.status_code == 200
    assert len(answer.json["missions"]) == missions
    for mission in answer.json["missions"].values():
        assert mission["contract_is_lawful"] == {"ETERNITY": True}
        assert None not in [v for dated in mission.values() for v in dated.values()]


def test_bad_requests_are_refused(client):
    statuses = [
        client.post("/calculate", data=body, content_type="application/json")
        for body in bad_bodies()
    ]
    assert {answer.status_code for answer in statuses} == {400}


def test_a_flood_of_huge_requests_is_huge():
    huge = floods()["huge"]
    assert any(len(body) > 1_000_000 for body in huge)
    assert any(
        len(json.loads(body)["missions"]) == 1_000
        for body in huge
        if body.startswith('{"missions"')
    )


def test_half_told_contracts_leave_half_the_facts_out(client):
    def told(body):
        return sum(
            isinstance(values, dict) and None not in values.values()
            for ones in body.values()
            for one in ones.values()
            for values in one.values()
        )

    bodies = half_told(5)
    assert len({json.dumps(body) for body in bodies}) == 5
    every = told(contract_question())
    assert [told(body) for body in bodies] == [every - every // 2] * 5
    answer = client.post("/questions", json=bodies[0])
    assert answer.status_code == 200
    assert not all(one["settled"] for one in answer.json["answers"])
