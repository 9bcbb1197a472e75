"""What each answer of an explanation hangs on: facts, readings, sources, days."""

import json

import pytest
from explained import LAWFUL, add_mission, answer, ask_everything, situation, steps

from openfisca_isv import situation_examples
from openfisca_isv.reasons import as_text, explain

#: One question in the short form.
MOST_BYTES = 8_000


def standing(system, **changes):
    """Return the standing of whether a contract is lawful."""
    asked = situation(asked={"contract_is_lawful": "ETERNITY"}, **changes)
    return answer(system, asked)["standing"]


def test_a_contract_told_in_full_is_settled(system):
    found = standing(system)
    assert (found["settled"], found["value"], found["missing"]) == (True, True, [])


def test_a_fact_left_out_is_missing_and_nothing_is_claimed(system):
    asked = situation(
        asked={"contract_is_lawful": "ETERNITY"}, volunteer={"second_nationality": None}
    )
    found = answer(system, asked)
    (fact,) = found["standing"]["missing"]
    assert (fact["variable"], fact["of"]) == ("second_nationality", "camille")
    assert (found["standing"]["settled"], found["standing"]["value"]) == (False, None)
    assert found["favourable"] is None
    assert found["changes"] is None
    assert found["reasons"]["text"] == "cannot be said yet"
    told = {step["variable"]: step for step in steps(found["reasons"])}
    assert told["second_nationality"]["text"] == "not stated"
    assert told["host_country_is_open"]["met"] is None
    assert told["volunteer_is_adult"]["met"] is True


def test_an_exclusion_left_out_is_not_established(system):
    asked = situation(
        asked={"is_entitled_to_resettlement_allowance": "ETERNITY"},
        volunteer={"is_civil_servant": None},
    )
    found = answer(system, asked)
    assert found["standing"]["settled"] is False
    (fact,) = found["standing"]["missing"]
    assert fact["variable"] == "is_civil_servant"


def test_an_event_left_out_did_not_happen(system):
    asked = situation(asked={"notice_is_respected": "ETERNITY"})
    assert answer(system, asked)["standing"]["value"] is True


def test_the_readings_that_change_an_answer_are_named_with_it(system):
    """15 January 2024 to 14 January 2026 is 731 days, as 2024 is a leap year."""
    (reading,) = standing(system)["readings"]
    assert (reading["id"], reading["value"]) == ("contract-of-730-days", False)
    assert standing(system, end_date="2026-01-13")["readings"] == []


def test_a_reading_may_settle_what_is_open(system):
    found = standing(system, volunteer={"second_nationality": None})
    assert found["settled"] is False
    readings = {one["id"]: one["value"] for one in found["readings"]}
    assert readings == {"contract-of-730-days": False}


def test_a_reading_may_leave_open_what_is_settled(system):
    """A day too long: no; were the same day of the year allowed, who knows."""
    changes = {"end_date": "2026-01-15", "volunteer": {"second_nationality": None}}
    found = standing(system, **changes)
    assert (found["settled"], found["value"]) == (True, False)
    readings = {one["id"]: one["value"] for one in found["readings"]}
    assert readings == {"contract-to-the-same-day": None}
    asked = situation(asked={"contract_is_lawful": "ETERNITY"}, **changes)
    said = answer(system, asked)["under_other_readings"]
    assert [text.endswith("cannot be said yet") for text in said] == [True]


def test_a_computed_value_that_is_stated_holds_under_every_reading(system):
    asked = situation(asked={"leave_days_total": "ETERNITY"}, leave_days_per_month=3)
    found = answer(system, asked)["standing"]
    assert (found["value"], found["readings"]) == (72, [])


def test_another_reading_of_leave(system):
    """Two contracts of five and seven months: 14 days along the engagement."""
    asked = situation(
        start_date="2024-01-01",
        end_date="2024-05-31",
        asked={"leave_days_total": "ETERNITY"},
    )
    asked["missions"]["niger"] = asked["missions"]["mali"] | {
        "start_date": {"ETERNITY": "2024-06-01"},
        "end_date": {"ETERNITY": "2024-12-31"},
    }
    for group in (
        asked["volunteers"]["camille"],
        asked["organisations"]["association"],
    ):
        group["missions"] = ["mali", "niger"]
    first, second = explain(system, asked)["answers"]
    assert (first["standing"]["value"], second["standing"]["value"]) == (0, 14)
    readings = {one["id"]: one["value"] for one in first["standing"]["readings"]}
    assert readings["leave-along-the-engagement"] == 10


def test_the_weakest_source_and_the_last_day_known(system):
    """The allowance of a month rests on the contract alone, its minimum on an order."""
    due = answer(system, situation(asked={"allowance_due": "2024-03"}))["standing"]
    assert (due["known_until"], due["is_beyond_known_law"]) == (None, False)
    asked = situation(asked={"allowance_minimum": "ETERNITY"})
    minimum = answer(system, asked)["standing"]
    metadata = system.parameters.allowance.minimum_abroad.metadata
    assert minimum["known_until"] <= metadata["last_value_still_valid_on"]
    assert minimum["certainty"] in ("secondary", "inferred", "official-secondary")


@pytest.mark.parametrize(
    ("start", "is_beyond"), [("2026-01-28", False), ("2026-01-29", True)]
)
def test_a_legal_date_after_the_last_check_is_said(system, start, is_beyond):
    asked = situation(
        asked={"allowance_minimum": "ETERNITY"}, start_date=start, end_date="2027-06-30"
    )
    found = explain(system, asked)
    standing = found["answers"][0]["standing"]
    assert standing["known_until"] == "2026-01-28"
    assert standing["is_beyond_known_law"] is is_beyond
    assert ("what came after is not known" in as_text(found)) is is_beyond


def test_the_longest_accreditation_counts_where_no_end_is_stated_alone(system):
    """Its figure of the decree of 2005 says nothing of an end that is stated."""
    asked = {"organisation_is_entitled": "ETERNITY"}
    told = {"start_date": "2024-01-15", "end_date": "2025-01-14", "asked": asked}
    years = system.parameters.organisation.accreditation.maximum_years
    last_known = years.metadata["last_value_still_valid_on"]
    for end, is_read in (("2026-09-30", False), (None, True), ("9999-12-31", True)):
        accreditation = {
            "accreditation_start_date": "2022-10-01",
            "accreditation_end_date": end,
        }
        found = answer(system, situation(organisation=accreditation, **told))
        assert (found["standing"]["known_until"] == last_known) is is_read


def test_the_parts_of_france_count_for_those_to_whom_they_may_be_open(system):
    asked = {"host_country_is_open": "ETERNITY"}
    parts = system.parameters.host_country.open_parts_of_france.metadata
    for nationality, is_read in (("FR", False), ("SN", True)):
        volunteer = {"nationality": nationality}
        told = situation(volunteer=volunteer, host_country="ML", asked=asked)
        standing = answer(system, told)["standing"]
        assert (standing["certainty"] == parts["certainty"]) is is_read


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize(
    "name", ["contract_abroad", "mission_in_france", "return_after_two_years"]
)
def test_one_question_is_answered_in_short(system, name, language):
    example = getattr(situation_examples, name)
    everything = ask_everything(system, example, ["2024-03"], ["2024"])
    found = explain(system, everything, language)
    assert (found["format"], found["detail"]) == (2, "short")
    for one in found["answers"]:
        size = len(json.dumps(one, ensure_ascii=False).encode())
        assert size < MOST_BYTES, (one["question"], size)
    full = explain(system, everything, language, "full")
    assert len(json.dumps(full)) > 2 * len(json.dumps(found))


def test_the_branch_that_decides_is_told_in_short(system):
    asked = situation(
        asked={"contract_is_lawful": "ETERNITY"}, contract_monthly_allowance=149
    )
    found = answer(system, asked, detail="short")
    told = [one.get("condition") for one in steps(found["reasons"])]
    assert "allowance_too_low" in told
    assert "host_country_closed" not in told


@pytest.mark.parametrize(
    ("name", "month", "figure", "title"),
    [
        ("state_management_contribution", "2024-02", "€150 a month", "art. 3"),
        ("state_social_cover_contribution", "2024-02", "€390 a month", "art. 2"),
        (
            "resettlement_allowance",
            "2026-01",
            "€800 from 12 months; €1,500 from 18 months; €3,700 from 24 months",
            "article not seen: resettlement allowance",
        ),
    ],
)
def test_an_amount_is_told_in_short_with_its_figure_and_article(
    system, name, month, figure, title
):
    found = answer(system, situation(asked={name: month}), detail="short")
    sources = [
        [one["title"] for one in step["provisions"]]
        for step in steps(found["reasons"])
        if figure in [one["text"] for one in step.get("compared_with", ())]
    ]
    assert any(f"Arrêté du 1er décembre 2022, {title}" in one for one in sources)


def test_what_holds_is_not_told_by_what_fails_in_another_mission(system):
    asked = situation(asked={"is_entitled_to_resettlement_allowance": "ETERNITY"})
    add_mission(asked, "niger", start_date="2021-01-15", end_date="2021-03-14")
    found = answer(system, asked, detail="short")["reasons"]
    assert found["met"] is True
    assert "gap" in found["compared_with"][0]["label"]
    assert not any("rests_on" in one for one in found["rests_on"])


def test_a_detail_that_is_not_there_is_refused(system):
    with pytest.raises(ValueError, match="none of short, full"):
        explain(system, LAWFUL, detail="long")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_answer_that_rests_on_everything_is_short_too(system, language):
    """The cost of a mission of which little is told: all rules, and all readings."""
    asked = situation(
        asked={"state_cost": "2026-01"},
        residence_country=None,
        contract_is_written=None,
        volunteer={"nationality": None, "is_civil_servant": None},
        organisation={"accreditation_end_date": None},
    )
    found = explain(system, asked, language)
    assert found["answers"][0]["standing"]["missing"]
    # As the Web API writes it, and as a terminal of forty lines shows it.
    assert len(json.dumps(found)) < MOST_BYTES
    assert len(as_text(found).splitlines()) <= 40
