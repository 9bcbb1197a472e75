"""A settled answer stays what it is, whatever the facts left out turn out to be.

Random lives are told in part; each answer that is said to be settled is compared with
those of many random completions, whose values come from wide ranges and not from what
the package tries itself.
"""

import copy
import random
from datetime import date, timedelta

import pytest
from openfisca_core.indexed_enums import Enum

from openfisca_isv.countries import COUNTRIES
from openfisca_isv.situations.body.values import as_json
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.simulation import build_simulation
from openfisca_isv.standing import questions

ETERNITY = "ETERNITY"
MONTHS = ("2006-01", "2022-12", "2024-03")
YEARS = ("2019", "2024")
#: What tells of an event: left out, it did not happen.
EVENTS = {
    "early_termination_date",
    "early_termination_reason",
    "notice_date",
    "integration_premium_request_date",
}
NUMBERS = {
    None: range(4),
    "/1": [0, 0.14, 0.15, 0.16, 1],
    "year": [0, 2, 2.5, 3, 10],
    "currency-EUR": [0, 99, 100, 149, 150, 700, 799, 800, 1600, 1601, 5000],
}
CODES = ["none", "FR", "DE", "NO", "SN", "MG", "GB", "CH", "NC", "GP", "AO", "XK"]


def day(draw, first=2003, last=2027):
    start = date(first, 1, 1)
    return start + timedelta(draw.randrange((date(last, 1, 1) - start).days))


def value(draw, variable):
    """Draw any value that an input may have."""
    if variable.value_type is bool:
        return draw.random() < 0.5
    if variable.value_type is Enum:
        members = [member.name for member in variable.possible_values]
        is_country = "FR" in members
        usual = CODES if draw.random() < 0.8 else sorted(COUNTRIES)
        return draw.choice(usual if is_country else members)
    if variable.value_type is date:
        years = {"birth_date": (1960, 2010), "start_date": (2003, 2027)}
        return str(day(draw, *years.get(variable.name, (2000, 2030))))
    return draw.choice(NUMBERS[variable.unit])


def inputs(system, entity):
    """List the inputs of an entity that are no event."""
    return [
        variable
        for variable in system.variables.values()
        if variable.is_input_variable()
        and variable.entity.key == entity
        and variable.name not in EVENTS
    ]


def life(draw):
    """Draw the missions of one volunteer, one after the other, and who signs them."""
    count = draw.choice([1, 1, 1, 2, 3])
    body = {"missions": {}, "volunteers": {}, "organisations": {}}
    start = day(draw, 2004, 2024)
    for number in range(count):
        length = draw.choice([30, 180, 364, 365, 366, 540, 729, 730, 731, 800])
        end = start + timedelta(length)
        mission = {
            "start_date": {ETERNITY: str(start)},
            "end_date": {ETERNITY: str(end)},
        }
        if draw.random() < 0.3:
            ended = start + timedelta(draw.randrange(length))
            mission["early_termination_date"] = {ETERNITY: str(ended)}
            reason = draw.choice(["health", "organisation_breach", "family"])
            mission["early_termination_reason"] = {ETERNITY: reason}
            end = ended
        if draw.random() < 0.3:
            asked = end + timedelta(draw.choice([10, 300, 400]))
            mission["integration_premium_request_date"] = {ETERNITY: str(asked)}
        body["missions"][f"m{number}"] = mission
        start = end + timedelta(draw.choice([1, 1, 30, 370, 500]))
    names = list(body["missions"])
    body["volunteers"]["v"] = {"missions": names}
    body["organisations"]["o"] = {"missions": names}
    return body


def told_in_part(draw, system):
    """Draw a life in which some facts are told, and the places of those left out."""
    body = life(draw)
    share = draw.choice([0.2, 0.5, 0.8, 0.95])
    left_out = []
    for plural, ones in body.items():
        for name, one in ones.items():
            for variable in inputs(system, plural.removesuffix("s")):
                eternal = str(variable.definition_period) == "eternity"
                for when in [ETERNITY] if eternal else MONTHS:
                    stated = one.setdefault(variable.name, {})
                    if draw.random() >= share:
                        stated.pop(when, None)
                        left_out.append((plural, name, variable, when))
                    elif when not in stated:
                        stated[when] = value(draw, variable)
                if not one[variable.name]:
                    del one[variable.name]
    return body, left_out


def ask(draw, system, body):
    """Ask some outputs of the life."""
    computed = [one for one in system.variables.values() if one.formulas]
    for variable in draw.sample(computed, 25):
        periods = {"eternity": [ETERNITY], "month": MONTHS, "year": YEARS}
        when = draw.choice(list(periods[str(variable.definition_period)]))
        for one in body[variable.entity.plural].values():
            one.setdefault(variable.name, {}).setdefault(when, None)


@pytest.mark.parametrize("seed", range(12))
def test_a_settled_answer_never_changes(system, seed):
    draw = random.Random(seed)
    settled = examined = 0
    while examined < 12:
        body, left_out = told_in_part(draw, system)
        ask(draw, system, body)
        simulation = build_simulation(system, read_situation(system, body, Limits()))
        if any(
            simulation.calculate(name, ETERNITY).any()
            for name in system.contradiction_variables
        ):
            continue
        examined += 1
        sure = [one for one in questions(system, body)["answers"] if one["settled"]]
        settled += len(sure)
        for one in sure:
            assert one["missing"] == []
        for _ in range(12):
            completed = copy.deepcopy(body)
            for plural, name, variable, when in left_out:
                # A fact left out may turn out to be as it reads when it is left out.
                if draw.random() < 0.85:
                    of = completed[plural][name].setdefault(variable.name, {})
                    of[when] = value(draw, variable)
            check(system, completed, sure)
    assert settled > 20


def check(system, body, sure):
    """Compare the settled answers with those of one completion."""
    situation = read_situation(system, body, Limits())
    simulation = build_simulation(system, situation)
    for one in sure:
        question = one["question"]
        variable = system.variables[question["variable"]]
        names = situation.names[question["entity"]]
        values = simulation.calculate(variable.name, question["period"])
        found = as_json(variable, values)[names.index(question["of"])]
        assert found == one["value"], (question, found, one["value"], body)
