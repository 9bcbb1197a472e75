"""The facts left out on which an answer hangs are named, whatever else is asked."""

import pytest

from openfisca_isv.standing import questions

ETERNITY = "ETERNITY"
#: What a contract of volunteering, and State aid for it, hang on.
OF_AID = {
    *("start_date", "end_date", "birth_date"),
    *("legal_form", "accreditation_start_date", "accreditation_end_date"),
}
#: What the right to resettlement asks beside it.
OF_RETURN = {"is_civil_servant", "status_before_departure"}


@pytest.fixture
def missing(system):
    """Return what each value asked of a mission hangs on; None if it is settled."""

    def ask(asked, **stated):
        mission = {name: {ETERNITY: value} for name, value in stated.items()}
        mission |= {name: {when: None} for name, when in asked.items()}
        found = questions(system, {"missions": {"m": mission}})
        return {
            one["question"]["variable"]: None
            if one["settled"]
            else {fact["variable"] for fact in one["missing"]}
            for one in found["answers"]
        }

    return ask


def test_a_cost_hangs_on_what_opens_any_of_its_aids(missing):
    asked = {"state_cost": "2024-01"}
    facts = OF_AID | OF_RETURN | {"host_country"}
    assert missing(asked)["state_cost"] == facts


@pytest.mark.parametrize(
    "told",
    [
        {"host_country": "MG"},
        {"start_date": "2023-01-15", "host_country": "MG"},
        {"contract_is_written": True, "domain": "humanitarian_action"},
    ],
)
@pytest.mark.parametrize("month", ["2024-01", "2024-06", "2025-01"])
def test_a_cost_of_which_little_is_told_hangs_on_what_is_due_on_return(
    missing, told, month
):
    """Due in the month of the end alone, which is rare among contracts."""
    assert missing({"state_cost": month}, **told)["state_cost"] >= OF_RETURN


def test_what_a_cost_hangs_on_is_named_beside_other_questions(missing):
    asked = {"law_applies": ETERNITY, "contract_is_lawful": ETERNITY}
    found = missing(asked | {"state_cost": "2024-01"})
    assert found["law_applies"] == {"start_date"}
    assert found["state_cost"] >= OF_AID | {"host_country"}


def test_a_right_that_needs_much_is_seen_to_hang_on_all_of_it(missing):
    asked = {"resettlement_allowance": "2024-01"}
    assert missing(asked)["resettlement_allowance"] == OF_AID | OF_RETURN
    # Within that month, and long enough.
    found = missing(asked, start_date="2023-01-01", end_date="2024-01-20")
    known = {"start_date", "end_date"}
    assert found["resettlement_allowance"] == (OF_AID | OF_RETURN) - known


def test_a_contract_hangs_on_its_allowance_and_accreditation_beside_others(missing):
    asked = {"contract_is_lawful": ETERNITY, "contract_months": ETERNITY}
    asked["allowance_maximum_is_undetermined"] = ETERNITY
    found = missing(asked, host_country="GB")
    assert found["contract_months"] == {"start_date", "end_date"}
    assert found["contract_is_lawful"] >= OF_AID | {
        *("contract_monthly_allowance", "contract_is_written", "domain"),
        *("nationality", "residence_country", "has_other_professional_activity"),
    }


def test_a_sum_is_settled_where_each_of_its_terms_is(missing):
    # No order gives State aid an amount before 25 December 2005.
    assert missing({"state_aid": "2005-11"}) == {"state_aid": None}
    assert missing({"state_aid": "2006-01"})["state_aid"] >= OF_AID


def test_an_engagement_hangs_on_the_days_of_the_mission_before(system):
    """The missions make one engagement if one starts the day after the other ends."""
    asked = {"first": {}, "second": {"engagement_months": {ETERNITY: None}}}
    volunteer = {"missions": [*asked]}
    body = {"missions": asked, "volunteers": {"v": volunteer}}
    (found,) = questions(system, body)["answers"]
    assert {(one["of"], one["variable"]) for one in found["missing"]} == {
        (mission, day) for mission in asked for day in ("start_date", "end_date")
    }


def test_a_fact_that_matters_late_is_named_from_the_first_question_on(system):
    """The allowance decides where all other conditions are met, which is rare."""
    stated = {"start_date": "2022-01-10", "end_date": "2023-12-20"}
    more = [{}, {"contract_is_written": True}, {"domain": "humanitarian_action"}]
    asked = dict.fromkeys(("contract_is_lawful", "contract_first_unmet_condition"))
    organisation = {
        "legal_form": "french_law_association",
        "accreditation_start_date": "2000-01-01",
        "accreditation_end_date": "2040-01-01",
    }
    for one in more:
        stated |= one | {"has_other_professional_activity": False}
        body = {
            "missions": {"m": at_all_times(stated | asked)},
            "volunteers": {
                "v": {"missions": ["m"]} | at_all_times({"birth_date": "1990-01-01"})
            },
            "organisations": {"o": {"missions": ["m"]} | at_all_times(organisation)},
        }
        for answer in questions(system, body)["answers"]:
            named = {fact["variable"] for fact in answer["missing"]}
            assert "contract_monthly_allowance" in named, (stated, answer["question"])


def at_all_times(facts):
    return {name: {ETERNITY: value} for name, value in facts.items()}


def premium(system, month, **of_volunteer):
    """Ask for the premium of the second of two missions that make one engagement."""
    asked = {"occupational_integration_premium": {month: None}}
    days = {
        "first": ("2021-03-01", "2022-02-28"),
        "second": ("2022-03-01", "2023-02-28"),
    }
    missions = {
        name: {"start_date": {ETERNITY: start}, "end_date": {ETERNITY: end}}
        | {"integration_premium_request_date": {ETERNITY: "2023-03-20"}}
        | {"host_country": {ETERNITY: "MG"}, **asked}
        for name, (start, end) in days.items()
    }
    organisation = {
        "legal_form": {ETERNITY: "french_law_association"},
        "accreditation_start_date": {ETERNITY: "2010-01-01"},
        "accreditation_end_date": {ETERNITY: "2030-12-31"},
    }
    volunteer = {"birth_date": {ETERNITY: "1995-06-15"}, **of_volunteer}
    body = {
        "missions": missions,
        "volunteers": {"v": volunteer | {"missions": [*missions]}},
        "organisations": {"o": organisation | {"missions": [*missions]}},
    }
    found = questions(system, body)["answers"]
    return [one["value"] if one["settled"] else "open" for one in found]


def test_no_premium_for_a_mission_that_is_followed_by_another(system):
    assert premium(system, "2026-10") == [0, "open"]


def test_no_premium_years_after_it_was_paid_in_full(system):
    nine = {f"2023-{month:02}": True for month in range(4, 13)}
    known = {
        "meets_rsa_conditions": {"2023-02": False},
        "is_registered_jobseeker": nine,
        "receives_other_job_search_aid": dict.fromkeys(nine, False),
    }
    assert premium(system, "2023-12", **known) == [0, pytest.approx(2001 / 9)]
    assert premium(system, "2026-10", **known) == [0, 0]
    # With one month less there may still be one to pay.
    del known["is_registered_jobseeker"]["2023-12"]
    assert premium(system, "2026-10", **known) == [0, "open"]
