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
    mission, volunteer, organisation = (
        {name: values for name, values in one.items() if _is_fact(values)}
        for ones in contract_abroad.values()
        for one in ones.values()
    )
    mission |= {variable: {"ETERNITY": None} for variable in _QUESTIONS}
    names = [f"mission{number}" for number in range(missions)]
    return {
        "missions": {name: copy.deepcopy(mission) for name in names},
        "volunteers": {
            f"of_{name}": {**copy.deepcopy(volunteer), "missions": [name]}
            for name in names
        },
        "organisations": {"association": {**organisation, "missions": names}},
    }


def half_told(count: int) -> list[dict]:
    """Ask the same of contracts with half of their facts, another half each time."""
    bodies = []
    rng = random.Random(11)
    for _ in range(count):
        body = contract_question()
        told = [
            (one, name)
            for ones in body.values()
            for one in ones.values()
            for name, values in one.items()
            if _is_fact(values)
        ]
        for one, name in rng.sample(told, len(told) // 2):
            del one[name]
        bodies.append(body)
    return bodies


def bad_bodies() -> list[str]:
    """Return bodies that are refused: wrong in a fact or two, cut short, not JSON."""
    wrong = contract_question()
    mission = wrong["missions"]["mission0"]
    mission["start_date"] = {"ETERNITY": "2023"}
    mission["strat_date"] = {"ETERNITY": "2024-01-01"}
    mission["contract_monthly_allowance"] = {"ETERNITY": "10*10"}
    return [json.dumps(wrong), '{"missions": {', "[" * 5_000, "{}", ""]


def _is_fact(values: object) -> bool:
    """Return whether a situation states something, and does not ask for it."""
    return isinstance(values, dict) and None not in values.values()
