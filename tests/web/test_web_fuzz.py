"""Whatever is sent, the server answers: no internal error, no hang, always JSON."""

import copy
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openfisca_isv import situation_examples

ALLOWED = {200, 400, 404, 413, 415, 422}
#: Seconds in which any answer to a small body is there.
SOON = 5

QUICK = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        [
            "ETERNITY",
            "2024",
            "2024-01",
            "2024-01-15",
            "year:2024:3",
            "month:2024-01:999",
            "missions",
            "madagascar",
            "Infinity",
            "NaN",
            "\ud800",
            "/",
            "*",
            "",
            10**400,
            -1,
        ]
    )
)
KEYS = st.text() | st.sampled_from(
    ["ETERNITY", "2024", "2024-01", "missions", "start_date", "allowance_due", "axes"]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
    ),
    max_leaves=12,
)


def check(client, data, route="/calculate"):
    """Send a body, and check that the answer is one that clients can count on."""
    began = time.monotonic()
    answer = client.post(route, data=data, content_type="application/json")
    assert time.monotonic() - began < SOON
    assert answer.status_code in ALLOWED, answer.text[:500]
    found = json.loads(answer.text, parse_constant=pytest.fail)
    if answer.status_code != 200:
        assert found["problems"]
        assert all(problem["reason"] for problem in found["problems"])
    return answer


def dumped(found):
    """Write what may hold half characters and what is not JSON."""
    return json.dumps(found).encode("utf-8", "surrogatepass")


def places(found, path=()):
    """List the places of a body."""
    yield path
    if isinstance(found, dict):
        for key, value in found.items():
            yield from places(value, (*path, key))
    elif isinstance(found, list):
        for number, value in enumerate(found):
            yield from places(value, (*path, number))


@QUICK
@given(body=ANYTHING, route=st.sampled_from(["/calculate", "/trace", "/explain"]))
def test_any_json_is_answered(client, body, route):
    check(client, dumped(body), route)


@QUICK
@given(data=st.binary(max_size=300))
def test_any_bytes_are_answered(client, data):
    check(client, data)


@QUICK
@given(data=st.data())
def test_any_change_of_a_correct_body_is_answered(client, data):
    body = copy.deepcopy(situation_examples.return_after_two_years)
    for _ in range(data.draw(st.integers(1, 4))):
        path = data.draw(st.sampled_from(list(places(body))[1:]))
        value = data.draw(ANYTHING)
        place = body
        for key in path[:-1]:
            place = place[key]
        change = data.draw(st.sampled_from(["value", "key", "delete"]))
        if change == "value" or isinstance(place, list):
            place[path[-1]] = value
        elif change == "delete":
            del place[path[-1]]
        else:
            place[data.draw(KEYS)] = place.pop(path[-1])
    check(client, dumped(body), data.draw(st.sampled_from(["/calculate", "/trace"])))


@QUICK
@given(data=st.data())
def test_any_cut_or_flip_of_a_correct_body_is_answered(client, data):
    body = bytearray(json.dumps(situation_examples.contract_abroad).encode())
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(body) - 1))
        if data.draw(st.booleans()):
            body[place] = data.draw(st.integers(0, 255))
        else:
            del body[place : place + data.draw(st.integers(1, 20))]
    check(client, bytes(body))


@QUICK
@given(
    axes=st.lists(
        st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "name": st.sampled_from(
                        ["contract_monthly_allowance", "dependants_count", "state_aid"]
                    )
                    | SCALARS,
                    "period": st.sampled_from(["ETERNITY", "2024-01"]) | SCALARS,
                    "min": st.integers(0, 9) | SCALARS,
                    "max": st.integers(0, 9) | SCALARS,
                    "count": st.integers(1, 9) | SCALARS,
                    "index": SCALARS,
                },
            ),
            max_size=3,
        ),
        max_size=3,
    )
)
def test_any_axes_are_answered(client, axes):
    body = {**copy.deepcopy(situation_examples.contract_abroad), "axes": axes}
    check(client, dumped(body))
    check(client, dumped(body), "/trace")


@QUICK
@given(path=st.text(max_size=60), method=st.sampled_from(["GET", "PUT", "POST"]))
def test_any_path_is_answered(client, path, method):
    # As a server decodes it: the client would take //name for the name of a server.
    decoded = "/" + path.encode("utf-8", "replace").decode("latin-1")
    answer = client.open("/", method=method, environ_overrides={"PATH_INFO": decoded})
    assert answer.status_code < 500
    if answer.status_code not in (302, 304):
        json.loads(answer.text)
