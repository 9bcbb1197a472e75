"""Why the volunteer has the rights on return or not, and the organisation its aid."""

import pytest
from explained import add_mission, answer, changes, figure, situation, step, steps

#: From the month of the end to the month that is asked.
MONTHS = [f"2025-{month:02}" for month in range(1, 13)] + [
    f"2026-{month:02}" for month in range(1, 4)
]


def premium(request, **values):
    """Ask for the premium of March 2026 after a mission that ends in January 2025."""
    return situation(
        asked={"occupational_integration_premium": "2026-03"},
        end_date="2025-01-14",
        integration_premium_request_date=request,
        volunteer={
            "is_registered_jobseeker": dict.fromkeys(MONTHS, False) | {"2026-03": True},
            "receives_other_job_search_aid": dict.fromkeys(MONTHS, False),
            "meets_rsa_conditions": dict.fromkeys(MONTHS, False),
        },
        **values,
    )


def test_the_premium_asked_for_a_day_late(system):
    explained = answer(system, premium("2026-01-15"))
    assert explained["reasons"]["value"] == 0
    assert explained["favourable"] is False
    right = step(explained, "is_entitled_to_integration_premium")
    assert right["met"] is False
    assert right["legal_date"] == "2025-01-14"
    decisive = [one["variable"] for one in right["rests_on"] if "decisive" in one]
    assert "integration_premium_request_date" in decisive
    delay = figure(
        explained,
        "integration_premium_request_deadline",
        "integration_premium.maximum_request_delay_months",
    )
    assert (delay["value"], delay["since"]) == (12, "2022-07-31")
    provisions = [one["id"] for one in right["provisions"]]
    assert "decret-2022-1067-art-13" in provisions
    assert "decret-2005-600-art-13" not in provisions
    # Without a day of the first month, which a request in time would give.
    first = step(explained, "integration_premium_first_month")
    assert first["text"] == "none"
    assert "if the premium were asked for on 14 January 2026 or earlier" in (
        changes(explained)
    )


def test_the_premium_asked_for_on_the_last_day(system):
    explained = answer(system, premium("2026-01-14"))
    assert explained["favourable"] is True
    assert explained["reasons"]["value"] == pytest.approx(222.33, abs=0.01)
    assert explained["reasons"]["text"] == "€222.33"
    assert explained["changes"] is None


def test_months_before_are_told_as_one(system):
    explained = answer(system, premium("2025-01-20"))
    months = [
        one
        for one in explained["reasons"]["rests_on"]
        if one["variable"] == "meets_integration_premium_conditions"
    ]
    before = next(one for one in months if "until" in one)
    assert len(months) == 2
    assert (before["period"], before["until"]) == ("2026-01", "2026-02")
    assert before["period_text"] == "January 2026 to February 2026"
    assert before["met"] is False
    (earlier,) = (
        one
        for one in explained["reasons"]["rests_on"]
        if one["variable"] == "integration_premium_months_before_year"
    )
    assert (earlier["period"], earlier["value"]) == ("2026", 0)


def test_the_premium_never_asked_for(system):
    explained = answer(system, premium(None))
    request = step(explained, "integration_premium_request_date")
    assert request["given"] is False
    assert request["text"] == "never asked for"
    assert "if the premium were asked for on 14 January 2026 or earlier" in (
        changes(explained)
    )


def test_an_undetermined_resettlement_allowance_is_not_nil(system):
    asked = situation(
        asked={"resettlement_allowance": "2024-08"},
        early_termination_date="2024-08-14",
        early_termination_reason="health",
    )
    explained = answer(system, asked)
    assert explained["undetermined"] is True
    assert explained["reasons"]["value"] is None
    assert explained["reasons"]["text"] == "undetermined (no text seen gives it)"
    months = step(explained, "engagement_months")
    # 15 January to 14 August, included.
    assert months["value"] == 7
    assert months["decisive"] is True
    amount = figure(explained, "resettlement_amount", "resettlement_allowance.amount")
    assert amount["text"] == (
        "€800 from 12 months; €1,500 from 18 months; €3,700 from 24 months"
    )
    assert changes(explained) == [
        (
            "if the last day served, the contract being ended early, were 14 January "
            "2025 or later, but not after 14 January 2026"
        ),
    ]
    readings = [one["id"] for one in step(explained, "resettlement_amount")["readings"]]
    assert "reading-10-undetermined-amounts" in readings


def test_no_amount_is_claimed_where_the_right_itself_is_open(system):
    """Nobody said whether the volunteer is a civil servant, who has no such right."""
    asked = situation(
        asked={"resettlement_allowance": "2024-08"},
        early_termination_date="2024-08-14",
        early_termination_reason="health",
        volunteer={"is_civil_servant": None},
    )
    explained = answer(system, asked)
    assert explained["reasons"]["text"] == "cannot be said yet"
    assert explained["reasons"]["value"] is None
    assert explained["favourable"] is None
    assert explained["changes"] is None


def test_in_another_month_nothing_is_undetermined(system):
    asked = situation(
        asked={"resettlement_allowance": "2024-09"},
        early_termination_date="2024-08-14",
        early_termination_reason="health",
    )
    explained = answer(system, asked)
    assert explained["undetermined"] is False
    assert explained["reasons"]["value"] == 0


def test_a_cost_beside_what_is_undetermined(system):
    asked = situation(
        asked={"state_cost": "2024-08"},
        early_termination_date="2024-08-14",
        early_termination_reason="health",
    )
    explained = answer(system, asked)
    assert explained["undetermined"] is True
    # (390 + 150) x 14 / 31, 358 of support, 420 x 14 / 366 of insurance
    assert explained["reasons"]["value"] == pytest.approx(617.94, abs=0.01)
    assert explained["reasons"]["text"] == (
        "€617.94, plus an amount that is undetermined"
    )


def test_what_is_due_in_another_month(system):
    asked = situation(asked={"resettlement_allowance": "2026-03"})
    explained = answer(system, asked)
    assert explained["changes"]["text"] == (
        "It is due, and not for the month that is asked."
    )
    assert step(explained, "resettlement_amount")["text"] == "€3,700"


def test_a_second_allowance_too_soon(system):
    asked = situation(
        asked={"is_entitled_to_resettlement_allowance": "ETERNITY"},
        end_date="2025-12-31",
    )
    add_mission(asked, "niger", start_date="2022-01-01", end_date="2023-06-30")
    explained = answer(system, asked)
    earlier = step(explained, "meets_resettlement_conditions", of="niger")
    assert earlier["value"] is True
    assert earlier["decisive"] is True
    assert earlier["legal_date"] == "2023-06-30"
    # That it should have begun after 30 June 2024 helps nobody who has begun.
    assert explained["changes"]["any_of"] == []
    assert explained["changes"]["text"] == (
        "It hangs on facts that the parties cannot change: First day of the contract "
        "(date d'effet)."
    )


def test_a_resignation_for_ten_months(system):
    asked = situation(
        asked={"opens_legitimate_resignation": "ETERNITY"},
        end_date="2024-11-14",
        status_before_departure="private_employee_resigning",
    )
    explained = answer(system, asked)
    assert step(explained, "engagement_agreed_months")["text"] == "10 months"
    assert (
        "if the last day agreed in the contract were 14 January 2025 or later,"
        " but not after 14 January 2026"
    ) in changes(explained)


def test_nobody_is_told_to_have_been_somebody_else(system):
    asked = situation(
        asked={"opens_legitimate_resignation": "ETERNITY"},
        end_date="2024-11-14",
        status_before_departure="student",
    )
    explained = answer(system, asked)
    assert explained["changes"]["any_of"] == explained["changes"]["all_of"] == []
    assert explained["changes"]["text"] == (
        "No single change to what the conclusion rests on would be enough and keep to"
        " the law."
    )


def test_a_notice_too_short(system):
    asked = situation(
        asked={"notice_is_respected": "ETERNITY"},
        early_termination_date="2024-06-30",
        early_termination_reason="personal_convenience",
        notice_date="2024-06-15",
    )
    explained = answer(system, asked)
    assert step(explained, "earliest_termination_date")["text"] == "15 July 2024"
    # The notice is given; what can still change is the last day.
    assert changes(explained) == [
        (
            "if the last day served, the contract being ended early, were 15 July 2024 "
            "or later, but not after 14 January 2026"
        )
    ]


def test_unemployment_of_a_volunteer(system):
    asked = situation(
        status_before_departure="private_employee_resigning",
        volunteer={
            "unemployment_rights_are_open": {"2026-02": None},
            "meets_other_unemployment_conditions": {"2026-02": False},
        },
    )
    explained = answer(system, asked)
    assert explained["reasons"]["of"] == "camille"
    assert explained["reasons"]["period_text"] == "February 2026"
    assert step(explained, "opens_legitimate_resignation")["of"] == "mali"
    assert explained["changes"]["any_of"] == []
    assert "conditions of unemployment insurance" in explained["changes"]["text"]


def test_an_organisation_without_two_criteria(system):
    asked = situation(
        organisation={
            "meets_accreditation_criteria": {"2024-01": None},
            "years_of_activity_abroad": 2,
            "budget_is_balanced": True,
            "private_resources_share": 0.15,
        }
    )
    explained = answer(system, asked)
    assert explained["reasons"]["of"] == "association"
    floor = figure(
        explained,
        "meets_accreditation_criteria",
        "organisation.accreditation.private_resources_share_floor",
    )
    assert floor["text"] == "15%"
    assert step(explained, "budget_is_balanced")["met"] is True
    # And not: that the association become a public interest group.
    assert [one["variable"] for one in explained["changes"]["all_of"]] == [
        "years_of_activity_abroad",
        "private_resources_share",
    ]


def add_volunteer(asked, number):
    """Add another volunteer of the organisation, with a mission like the first one."""
    name = f"m{number}"
    asked["missions"][name] = asked["missions"]["mali"]
    volunteer = asked["volunteers"]["camille"] | {"missions": [name]}
    asked["volunteers"][f"v{number}"] = volunteer
    asked["organisations"]["association"]["missions"].append(name)


def test_what_would_change_is_not_sought_among_too_many_missions(system):
    asked = situation(organisation={"organisation_state_aid": {"2004-01": None}})
    for number in range(60):
        add_volunteer(asked, number)
    explained = answer(system, asked)
    assert explained["favourable"] is False
    assert explained["changes"]["any_of"] == []
    assert "was not sought" in explained["changes"]["text"]


def test_many_missions_are_counted_and_not_all_told(system):
    asked = situation(organisation={"organisation_state_aid": {"2024-01": None}})
    for number in range(9):
        add_volunteer(asked, number)
    explained = answer(system, asked)
    aids = [
        one for one in steps(explained["reasons"]) if one["variable"] == "state_aid"
    ]
    assert len(aids) == 6
    assert explained["reasons"]["missions_left_out"] == 4
