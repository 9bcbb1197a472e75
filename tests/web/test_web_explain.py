"""What ``/explain`` answers: format 2, in short or in full."""

import copy

import pytest

BODY = {
    "missions": {
        "m1": {
            "start_date": {"ETERNITY": "2025-01-01"},
            "end_date": {"ETERNITY": "2026-12-31"},
            "host_country": {"ETERNITY": "SN"},
            "contract_is_lawful": {"ETERNITY": None},
        }
    }
}
STANDING = {
    *("settled", "value", "missing", "readings"),
    *("certainty", "known_until", "is_beyond_known_law"),
}


def explained(client, body=BODY, query=""):
    return client.post(f"/explain{query}", json=copy.deepcopy(body))


def test_each_answer_has_its_standing(client):
    found = explained(client)
    assert found.status_code == 200
    assert (found.json["format"], found.json["detail"]) == (2, "short")
    (answer,) = found.json["answers"]
    assert set(answer["standing"]) == STANDING
    assert answer["question"] == {
        "entity": "missions",
        "of": "m1",
        "variable": "contract_is_lawful",
        "period": "ETERNITY",
    }


def test_what_is_missing_is_that_of_the_questions(client):
    (answer,) = explained(client).json["answers"]
    (asked,) = client.post("/questions", json=BODY).json["answers"]
    for key in ("settled", "value", "missing"):
        assert answer["standing"][key] == asked[key]
    assert asked["missing"]
    fact = asked["missing"][0]
    assert set(fact) == {"entity", "of", "variable", "period", "label", "why"}
    assert all("-art-" in provision for provision in fact["why"])


def test_a_state_of_the_union_alone_settles_it(client):
    body = copy.deepcopy(BODY)
    body["missions"]["m1"]["host_country"]["ETERNITY"] = "DE"
    (answer,) = explained(client, body).json["answers"]
    standing = answer["standing"]
    assert (standing["settled"], standing["value"]) == (True, False)
    assert standing["missing"] == []


@pytest.mark.parametrize("language", ["en", "fr"])
def test_one_question_has_under_8_kilobytes(client, language):
    short = explained(client, query=f"?language={language}")
    assert len(short.data) < 8_000
    full = explained(client, query=f"?language={language}&detail=full")
    assert full.json["detail"] == "full"
    assert len(full.data) > 3 * len(short.data)


def test_the_body_may_ask_for_every_step(client):
    found = explained(client, BODY | {"detail": "full"}, "?detail=short")
    assert found.json == explained(client, query="?detail=full").json


@pytest.mark.parametrize("detail", ["long", "", ["full"], None])
def test_another_detail_is_refused(client, detail):
    found = explained(client, BODY | {"detail": detail})
    assert found.status_code == 400
    (problem,) = found.json["problems"]
    assert problem["remedy"] == "Write detail=short or detail=full"
