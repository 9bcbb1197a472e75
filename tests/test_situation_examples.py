"""The situation examples answer, alone and through the Web API of a real server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from openfisca_core.simulations import SimulationBuilder

from openfisca_isv import situation_examples
from openfisca_isv.law import cite

# Worked out by hand; one line a question asked in the example.
EXPECTED = {
    "contract_abroad": {
        ("missions", "madagascar", "contract_is_lawful", "ETERNITY"): True,
        (
            "missions",
            "madagascar",
            "contract_first_unmet_condition",
            "ETERNITY",
        ): "none",
        ("missions", "madagascar", "allowance_minimum", "ETERNITY"): 150,
        # 24 complete months, two days each
        ("missions", "madagascar", "leave_days_total", "ETERNITY"): 48,
        # 17 days of 31, then a whole month
        ("missions", "madagascar", "allowance_due", "2024-01"): 700 * 17 / 31,
        ("missions", "madagascar", "allowance_due", "2024-02"): 700,
        # six years less the two served
        ("volunteers", "camille", "remaining_lifetime_months", "2026-01"): 48,
        # (390 + 150) x 17 / 31, 780 of training, 420 x 17 / 366 of insurance
        ("organisations", "association", "organisation_state_aid", "2024-01"): (
            540 * 17 / 31 + 780 + 420 * 17 / 366
        ),
    },
    "return_after_two_years": {
        ("missions", "first_year", "opens_legitimate_resignation", "ETERNITY"): True,
        ("missions", "second_year", "engagement_months", "ETERNITY"): 24,
        (
            "missions",
            "second_year",
            "is_entitled_to_resettlement_allowance",
            "ETERNITY",
        ): True,
        ("missions", "second_year", "resettlement_allowance", "2024-01"): 3700,
        ("missions", "second_year", "occupational_integration_premium", "2024-03"): (
            2001 / 9
        ),
        ("missions", "second_year", "occupational_integration_premium", "2024-04"): (
            2001 / 9
        ),
        ("volunteers", "sam", "unemployment_rights_are_open", "2024-03"): True,
        # blocks of 90 days four to eight end in 2023: five, of which four count
        ("volunteers", "sam", "retirement_quarters", "2023"): 4,
    },
    "mission_in_france": {
        ("missions", "france", "host_country_is_open", "ETERNITY"): True,
        ("missions", "france", "contract_is_lawful", "ETERNITY"): True,
        ("missions", "france", "allowance_maximum", "ETERNITY"): 1600,
        # 390 + 150 + 600, 2 000 to settle, 780 of training, 420 x 30 / 366
        ("missions", "france", "state_aid", "2024-09"): (
            1140 + 2000 + 780 + 420 * 30 / 366
        ),
    },
}
ROOT = Path(__file__).parent.parent


def questions(situation):
    """List what a situation asks: entity, name, variable, period."""
    return {
        (plural, name, variable, when)
        for plural, ones in situation.items()
        for name, one in ones.items()
        for variable, values in one.items()
        if isinstance(values, dict)
        for when, value in values.items()
        if value is None
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_answers_what_it_asks(system, name):
    situation = getattr(situation_examples, name)
    assert questions(situation) == set(EXPECTED[name])
    simulation = SimulationBuilder().build_from_entities(system, situation)
    for (plural, one, variable, when), expected in EXPECTED[name].items():
        values = simulation.calculate(variable, when)
        values = getattr(values, "decode_to_str", lambda values=values: values)()
        found = values[simulation.get_population(plural).get_index(one)]
        assert found == (
            expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-6)
        )


def test_every_example_is_examined():
    files = (ROOT / "openfisca_isv" / "situation_examples").glob("*.json")
    assert {path.stem for path in files} == set(EXPECTED)


@pytest.fixture(scope="module")
def server():
    """Serve the Web API as the README says, on a free port, and stop it after."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = Path(sys.executable).parent / "openfisca"
    process = subprocess.Popen(
        [command, "serve", "-c", "openfisca_isv", "--bind", f"127.0.0.1:{port}"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urlopen(f"{address}/entities", timeout=5)
                break
            except URLError:
                time.sleep(0.1)
        yield address
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def get(address):
    """Get a document of the Web API."""
    with urlopen(address, timeout=30) as response:
        return json.load(response)


def post(address, body):
    """Send a situation to the Web API."""
    request = Request(
        address,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=30) as response:
        return json.load(response)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_web_api_answers_the_examples(server, name):
    answer = post(f"{server}/calculate", getattr(situation_examples, name))
    for (plural, one, variable, when), expected in EXPECTED[name].items():
        found = answer[plural][one][variable][when]
        assert found == (
            expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-6)
        )


def test_the_trace_tells_the_value_in_force_and_since_when(server):
    trace = post(f"{server}/trace", situation_examples.contract_abroad)["trace"]
    minimum = trace["allowance_minimum<ETERNITY>"]["parameters"]
    assert minimum["allowance.minimum_abroad<2022-12-09>"] == 150
    duration = trace["contract_duration_is_lawful<ETERNITY>"]["parameters"]
    assert duration == {"duration.contract_maximum_months<2005-05-24>": 24}


def test_the_specification_carries_the_examples(server):
    specification = get(f"{server}/spec")
    text = json.dumps(specification)
    assert "madagascar" in text
    assert "contract_is_lawful" in text
    assert "allowance.minimum_abroad" in text or "allowance/minimum_abroad" in text


def test_a_parameter_and_a_variable_tell_their_sources(server):
    parameter = get(f"{server}/parameter/allowance/minimum_abroad")
    assert parameter["values"] == {"2005-12-25": 100, "2022-12-09": 150}
    assert parameter["metadata"]["certainty"]["2022-12-09"] == "official-secondary"
    variable = get(f"{server}/variable/contract_duration_is_lawful")
    (reference,) = variable["references"]
    assert [reference] == cite("loi-2005-159-art-4-al-1")
