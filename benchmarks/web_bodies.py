"""The requests of the benchmark: right ones, of one and of many, and bad ones."""

import copy
import json
import random

from openfisca_isv.situation_examples import contract_abroad

#: Whether a contract is lawful, condition by condition.
_QUESTIONS = (
    "contract_is_lawful",
    "contract_first_unmet_condition",
    "law_applies",
    "organisation_is_entitled",
    "volunteer_is_adult",
    "domain_is_eligible",
    "host_country_is_open",
    "contract_duration_is_lawful",
    "lifetime_duration_is_lawful",
    "allowance_minimum",
    "allowance_maximum",
    "allowance_is_lawful",
)


def contract_question(missions: int = 1) -> dict:
    """Ask whether contracts are lawful, condition by condition."""
    given = {
        plural: {name: _given(one) for name, one in ones.items()}
        for plural, ones in contract_abroad.items()
    }
    mission = given["missions"]["madagascar"]
    for variable in _QUESTIONS:
        mission[variable] = {"ETERNITY": None}
    names = [f"mission{number}" for number in range(missions)]
    volunteer = given["volunteers"]["camille"]
    organisation = given["organisations"]["association"]
    return {
        "missions": {name: copy.deepcopy(mission) for name in names},
        "volunteers": {
            f"of_{name}": {**copy.deepcopy(volunteer), "missions": [name]}
            for name in names
        },
        "organisations": {"association": {**organisation, "missions": names}},
    }


def half_told(count: int) -> list[dict]:
    """Ask the same of a contract with half of its facts, another half each time.

    Args:
        count: How many such questions.
    """
    bodies = []
    rng = random.Random(11)
    for _ in range(count):
        body = contract_question()
        told = [
            (one, name)
            for ones in body.values()
            for one in ones.values()
            for name, values in one.items()
            if isinstance(values, dict) and None not in values.values()
        ]
        for one, name in rng.sample(told, len(told) // 2):
            del one[name]
        bodies.append(body)
    return bodies


def floods() -> dict[str, list[str]]:
    """Return the bodies of each flood, by its name."""
    wrong = contract_question()
    mission = wrong["missions"]["mission0"]
    mission["start_date"] = {"ETERNITY": "2023"}
    mission["strat_date"] = {"ETERNITY": "2024-01-01"}
    mission["contract_monthly_allowance"] = {"ETERNITY": "10*10"}
    months = {f"{1990 + month // 12}-{month % 12 + 1:02}" for month in range(600)}
    long = contract_question()
    long["missions"]["mission0"]["state_cost"] = dict.fromkeys(months)
    return {
        "bad": [json.dumps(wrong), '{"missions": {', "[" * 5_000, "{}", ""],
        "huge": [
            json.dumps(contract_question(1_000)),
            json.dumps(long),
            json.dumps({"missions": {"a": {}}, "volunteers": "x" * 900_000}),
            " " * 5_000_000,
        ],
    }


def _given(instance: dict) -> dict:
    """Keep what a situation says of an entity, and leave out what it asks."""
    return {
        key: values
        for key, values in instance.items()
        if not isinstance(values, dict) or None not in values.values()
    }
