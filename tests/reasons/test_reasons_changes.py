"""What is said to change a conclusion does, and the value beyond it does not.

Each change told is made in the situation, which is calculated without explanation.
"""

import copy
from datetime import date, timedelta

import pytest
from explained import add_mission, answer, ask_everything, situation
from openfisca_core.simulations import SimulationBuilder

from openfisca_isv import situation_examples
from openfisca_isv.counterfactuals.trial_values import step_of
from openfisca_isv.reasons import explain
from openfisca_isv.reasons.declared import declared, is_favourable

LAWFUL = {"contract_is_lawful": "ETERNITY"}


def chain_of_missions():
    """Two engagements, the second too soon after the first and too short."""
    asked = situation(start_date="2024-01-15", end_date="2024-08-31")
    return add_mission(asked, "niger", start_date="2022-01-01", end_date="2023-06-30")


SITUATIONS = {
    "abroad": situation_examples.contract_abroad,
    "two years": situation_examples.return_after_two_years,
    "in France": situation_examples.mission_in_france,
    "two engagements": chain_of_missions(),
    "ended early": situation(
        early_termination_date="2024-08-14",
        early_termination_reason="personal_convenience",
        integration_premium_request_date="2026-02-01",
    ),
    "minor": situation(volunteer={"birth_date": "2006-01-16"}),
    "without a birth": situation(volunteer={"birth_date": None}),
    "never accredited": situation(organisation={"accreditation_start_date": None}),
    "accredited too late": situation(
        organisation={"accreditation_start_date": "2024-01-16"}
    ),
    "group too early": situation(
        start_date="2021-08-05",
        end_date="2022-08-04",
        organisation={"legal_form": "public_interest_group"},
    ),
    "too much in France": situation(
        host_country="FR",
        residence_country="SN",
        volunteer={"nationality": "SN"},
        contract_monthly_allowance=1600.01,
    ),
    "at home": situation(residence_country="ML"),
    "before the law": situation(start_date="2005-05-23", end_date="2006-05-22"),
    "three faults": situation(
        end_date="2026-03-14", contract_monthly_allowance=99, domain="other"
    ),
    "student": situation(end_date="2024-11-14", status_before_departure="student"),
    "nothing given": {
        "missions": {"m": {}},
        "volunteers": {"v": {"missions": ["m"]}},
        "organisations": {"o": {"missions": ["m"]}},
    },
}


def changed(asked, change, value):
    """Make a change in a situation."""
    made = copy.deepcopy(asked)
    plural = f"{change['entity']}s"
    one = made[plural][change["of"]].setdefault(change["variable"], {})
    one[change["period"]] = value
    return made


def is_good(system, asked, question):
    """Tell whether a situation has a favourable answer to a question."""
    simulation = SimulationBuilder().build_from_entities(system, asked)
    row = list(simulation.get_population(question["entity"]).ids).index(question["of"])
    # What is paid in a month is sought as what is due, whatever the month.
    name = declared("due_by").get(question["variable"], question["variable"])
    values = simulation.calculate(name, question["period"])[[row]]
    return bool(is_favourable(system.variables[name], values)[0])


def beyond(variable, value, ticks):
    """Give the next day or number."""
    if isinstance(value, str):
        return (date.fromisoformat(value) + timedelta(ticks)).isoformat()
    return round(value + ticks * step_of(variable), 4)


def is_in_doubt(system, asked):
    """Tell whether a maximum is not known, which is no remedy where one was."""
    simulation = SimulationBuilder().build_from_entities(system, asked)
    name = "allowance_maximum_is_undetermined"
    return bool(simulation.calculate(name, "ETERNITY").any())


def faults(system, asked):
    """List the conditions that contracts do not meet, each with its row."""
    simulation = SimulationBuilder().build_from_entities(system, asked)

    def value(name):
        return simulation.calculate(name, "ETERNITY")

    allowance = value("contract_monthly_allowance")
    conditions = {
        "too low": allowance >= value("allowance_minimum"),
        "too high": allowance <= value("allowance_maximum"),
        **{
            name: value(name)
            for name in (
                "contract_duration_is_lawful",
                "domain_is_eligible",
                "has_no_other_activity",
                "host_country_is_open",
                "law_applies",
                "lifetime_duration_is_lawful",
                "organisation_is_entitled",
                "volunteer_is_adult",
            )
        },
    }
    return {
        (name, row)
        for name, met in conditions.items()
        for row in range(len(met))
        if not met[row]
    }


def is_in_order(system, asked, before):
    """Tell whether a change breaks no condition of a contract, and is possible."""
    simulation = SimulationBuilder().build_from_entities(system, asked)
    found = simulation.calculate("input_contradiction", "ETERNITY").decode_to_str()
    possible = {"none", "termination_without_reason"}
    return faults(system, asked) <= before and set(found) <= possible


def test_no_change_makes_the_contract_longer_than_the_law_allows(system):
    """The decree of 2005 asks 24 months; the law allows two years: one day does."""
    asked = situation(
        start_date="2008-01-15",
        end_date="2008-12-14",
        volunteer={"birth_date": "1980-01-01"},
        asked={"is_entitled_to_resettlement_allowance": "ETERNITY"},
    )
    (one,) = explain(system, asked)["answers"]
    assert [change["text"] for change in one["changes"]["any_of"]] == [
        "if the last day agreed in the contract were 14 January 2010"
    ]


def test_no_change_makes_missions_overlap(system):
    """Leave needs six months, and the next mission starts on 1 September."""
    asked = situation(end_date="2024-06-14", asked={"leave_days_per_month": "ETERNITY"})
    asked = add_mission(asked, "niger", start_date="2024-09-01", end_date="2025-08-31")
    (one,) = explain(system, asked)["answers"]
    (change,) = one["changes"]["any_of"]
    assert change["text"] == (
        "if the last day agreed in the contract were 14 July 2024 or later,"
        " but not after 31 August 2024"
    )


@pytest.mark.parametrize(
    "name", [name for name in SITUATIONS if name != "nothing given"]
)
def test_each_change_is_enough_and_the_next_value_is_not(system, name):
    asked = ask_everything(system, SITUATIONS[name], ["2024-03"], ["2024"])
    examined, before = 0, faults(system, SITUATIONS[name])
    for one in explain(system, asked, detail="full")["answers"]:
        question = one["question"]
        for change in one["changes"]["any_of"] if one["changes"] else ():
            variable = system.variables[change["variable"]]
            do = [change["nearest"], change["from"], change["to"], *change["members"]]
            for value in [value for value in do[:8] if value is not None]:
                made = changed(asked, change, value)
                told = question, change["text"]
                assert is_good(system, made, question), told
                assert is_in_order(system, made, before), told
                examined += 1
            for value, ticks in ((change["from"], -1), (change["to"], 1)):
                if value is not None:
                    value = beyond(variable, value, ticks)  # noqa: PLW2901
                    made = changed(asked, change, value)
                    assert (
                        not is_good(system, made, question)
                        or is_in_doubt(system, made)
                        or not is_in_order(system, made, before)
                    ), (question, change["text"])
                    examined += 1
    assert examined, "no change was told"


@pytest.mark.parametrize("name", ["three faults"])
def test_changes_that_go_together_are_enough_together(system, name):
    asked = ask_everything(system, SITUATIONS[name], ["2024-03"], ["2024"])
    examined = 0
    for one in explain(system, asked, detail="full")["answers"]:
        together = one["changes"]["all_of"] if one["changes"] else []
        made = asked
        for change in together:
            made = changed(made, change, change["nearest"])
        if together:
            assert is_good(system, made, one["question"]), one["question"]
            examined += 1
    assert examined, "no changes go together"


def told(system, asked):
    """Give the changes to a contract, by input."""
    (one,) = explain(system, asked, detail="full")["answers"]
    return {change["variable"]: change for change in one["changes"]["any_of"]}


def test_a_birth_that_is_not_stated_is_asked_and_not_changed(system):
    asked = situation(asked=LAWFUL, volunteer={"birth_date": None})
    (one,) = explain(system, asked)["answers"]
    assert one["changes"] is None
    assert [fact["variable"] for fact in one["standing"]["missing"]] == ["birth_date"]


def test_nothing_is_to_be_changed_where_nothing_is_stated(system):
    asked = ask_everything(system, SITUATIONS["nothing given"], ["2024-03"], ["2024"])
    answers = explain(system, asked, detail="full")["answers"]
    assert any(one["standing"]["missing"] for one in answers)
    for one in answers:
        assert not one["changes"] or one["standing"]["settled"]


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        (
            {"volunteer": {"birth_date": "2010-05-02"}},
            "It hangs on facts that the parties cannot change: Day of birth.",
        ),
        # Where the volunteer lives may be in order: it is missing.
        ({"residence_country": None}, None),
    ],
)
def test_what_the_parties_can_change_is_no_fact_that_decides(system, changed, text):
    asked = situation(asked=LAWFUL, contract_is_written=False, **changed)
    told = answer(system, asked)["changes"]
    assert (told and told["text"]) == text


def test_an_accreditation_that_starts_a_day_late(system):
    asked = situation(
        asked=LAWFUL, organisation={"accreditation_start_date": "2024-01-16"}
    )
    changes = told(system, asked)
    assert changes["start_date"]["from"] == "2024-01-16"
    # What the parties agree on is told, and not what they do not choose.
    assert list(changes) == ["start_date"]


def test_a_cent_too_much_in_france(system):
    asked = situation(
        asked=LAWFUL,
        host_country="FR",
        residence_country="SN",
        volunteer={"nationality": "SN"},
        contract_monthly_allowance=1600.01,
    )
    change = told(system, asked)["contract_monthly_allowance"]
    assert (change["from"], change["to"], change["nearest"]) == (800, 1600, 1600)
    assert change["text"] == (
        "if the monthly allowance agreed were €1,600 or less, but not below €800"
    )
