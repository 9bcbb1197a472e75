"""Why a contract is lawful or not: conditions, figures, articles, what would change."""

import pytest
from explained import (
    add_mission,
    answer,
    changes,
    figure,
    situation,
    step,
    steps,
)

from openfisca_isv.reasons import as_text, explain

ASKED = {"contract_is_lawful": "ETERNITY"}
CONDITIONS = [
    "law_not_in_force",
    "organisation_not_entitled",
    "volunteer_not_adult",
    "contract_not_written",
    "other_professional_activity",
    "domain_not_eligible",
    "host_country_closed",
    "contract_too_long",
    "lifetime_exceeded",
    "allowance_too_low",
    "allowance_too_high",
]


def conditions(explained):
    """Give the conditions of a contract, and whether each is met, in their order."""
    first = step(explained, "contract_first_unmet_condition")
    return {one["condition"]: one["met"] for one in first["rests_on"]}


def test_a_lawful_contract_meets_the_eleven_conditions_in_the_order_of_the_law(system):
    explained = answer(system, situation(asked=ASKED))
    assert explained["question"] == {
        "entity": "missions",
        "of": "mali",
        "variable": "contract_is_lawful",
        "period": "ETERNITY",
    }
    assert explained["favourable"] is True
    assert explained["changes"] is None
    assert explained["reasons"]["value"] is True
    assert list(conditions(explained)) == CONDITIONS
    assert all(conditions(explained).values())


def test_a_contract_one_day_too_long(system):
    explained = answer(system, situation(asked=ASKED, end_date="2026-01-15"))
    assert explained["reasons"]["value"] is False
    unmet = [name for name, met in conditions(explained).items() if not met]
    assert unmet == ["contract_too_long"]
    duration = step(explained, "contract_duration_is_lawful")
    assert duration["legal_date"] == "2024-01-15"
    maximum = figure(
        explained, "contract_duration_is_lawful", "duration.contract_maximum_months"
    )
    assert maximum["label"] == "Maximum length of a contract"
    assert (maximum["value"], maximum["text"]) == (24, "24 months")
    assert maximum["since"] == "2005-05-24"
    assert maximum["certainty"] == "primary"
    assert maximum["last_known_valid"] == "2026-01-28"
    reference = maximum["references"][0]
    assert reference["title"] == "Loi n° 2005-159 du 23 février 2005, art. 4, al. 1"
    assert reference["address"].startswith("https://www.legifrance.gouv.fr/")
    (provision,) = duration["provisions"]
    assert provision["id"] == "loi-2005-159-art-4-al-1"
    assert provision["title"] == "Loi 2005-159, art. 4, al. 1"
    assert provision["from"] == "2021-08-06"
    assert provision["certainty"] == "primary"
    assert provision["in_force"] is True
    assert "concluded for two years at most" in provision["summary"]
    readings = [one["id"] for one in duration["readings"]]
    assert "reading-02-contract-maximum" in readings
    # The first day may also be the day after, and then up to the last day.
    assert changes(explained) == [
        (
            "if the first day of the contract were 16 January 2024 or later, but not "
            "after 15 January 2026"
        ),
        (
            "if the last day agreed in the contract were 14 January 2026 or earlier, "
            "but not before 15 January 2024"
        ),
    ]
    last_day = explained["changes"]["any_of"][1]
    assert last_day["value"] == "2026-01-15"
    assert last_day["nearest"] == last_day["to"] == "2026-01-14"
    assert last_day["from"] == "2024-01-15"


def test_what_decides_is_told_apart_from_what_does_not(system):
    explained = answer(system, situation(asked=ASKED, end_date="2026-01-15"))
    duration = step(explained, "contract_duration_is_lawful")
    decisive = {one["variable"] for one in duration["rests_on"] if "decisive" in one}
    assert decisive == {"start_date", "end_date"}
    adult = step(explained, "volunteer_is_adult")
    assert not any("decisive" in one for one in adult["rests_on"])


def test_an_allowance_one_euro_too_low(system):
    asked = situation(asked=ASKED, contract_monthly_allowance=149)
    explained = answer(system, asked)
    unmet = [name for name, met in conditions(explained).items() if not met]
    assert unmet == ["allowance_too_low"]
    minimum = figure(explained, "allowance_minimum", "allowance.minimum_abroad")
    assert (minimum["value"], minimum["text"]) == (150, "€150 a month")
    assert minimum["since"] == "2022-12-09"
    # What is in force in France alone is not compared with a mission abroad.
    names = [
        one["parameter"]
        for one in step(explained, "allowance_minimum")["compared_with"]
    ]
    assert names == ["allowance.minimum_abroad"]
    assert changes(explained) == [
        # And not: a contract of less than a year, which has no bounds.
        "if the monthly allowance agreed were €150 or more",
    ]
    change = explained["changes"]["any_of"][0]
    assert (change["value"], change["nearest"], change["to"]) == (149, 150, None)


def test_the_floor_of_the_day_before_it_rose(system):
    asked = situation(
        asked={"allowance_is_lawful": "ETERNITY"},
        start_date="2022-12-08",
        end_date="2023-12-07",
        contract_monthly_allowance=99.5,
    )
    explained = answer(system, asked)
    minimum = figure(explained, "allowance_minimum", "allowance.minimum_abroad")
    assert (minimum["value"], minimum["since"]) == (100, "2005-12-25")
    provisions = step(explained, "allowance_minimum")["provisions"]
    assert [one["id"] for one in provisions] == [
        "loi-2005-159-art-7-al-2",
        "arrete-2005-12-21-allowance",
    ]


def test_a_maximum_that_no_source_gives_is_undetermined(system):
    explained = answer(system, situation(asked=ASKED))
    assert explained["undetermined"] is True
    assert explained["reasons"]["text"].startswith("yes, as far as is known")
    maximum = step(explained, "allowance_maximum")
    assert maximum["undetermined"] is True
    assert maximum["value"] is None
    assert maximum["text"] == "undetermined (no text seen gives it)"
    part = step(explained, "maximum_allowance_abroad")
    assert part["text"] == "none known"
    mali = next(one for one in part["compared_with"] if one["since"] is None)
    assert (mali["label"], mali["text"]) == ("Country supplement, Mali", "none known")


def test_a_maximum_that_is_known_leaves_no_doubt(system):
    asked = situation(
        asked=ASKED,
        start_date="2020-03-01",
        end_date="2021-02-28",
        host_country="TN",
        contract_monthly_allowance=1689,
    )
    explained = answer(system, asked)
    assert explained["undetermined"] is False
    # 723.99 and 964.99
    assert step(explained, "allowance_maximum")["value"] == pytest.approx(1688.98)
    assert changes(explained) == [
        "if the monthly allowance agreed were €1,688.98 or less, but not below €100",
    ]


def test_france_was_closed_before_6_august_2021(system):
    asked = situation(
        asked=ASKED,
        start_date="2021-08-05",
        end_date="2022-08-04",
        host_country="FR",
        residence_country="SN",
        volunteer={"nationality": "SN"},
    )
    explained = answer(system, asked)
    unmet = [name for name, met in conditions(explained).items() if not met]
    assert unmet == ["host_country_closed"]
    host = step(explained, "host_country_is_open")
    opening = figure(
        explained, "host_country_is_open", "host_country.open_parts_of_france"
    )
    assert opening["since"] is None
    assert opening["text"] == "none in force yet (the first from 6 August 2021)"
    labels = {one["label"]: one["text"] for one in host["compared_with"]}
    assert labels["France in the European Union"] == "yes"
    assert labels["Member of the European Union, Senegal"] == "not in the list"
    # The version of article 2 before the law of 2021.
    (provision,) = host["provisions"]
    assert (provision["from"], provision["to"]) == ("2005-05-24", "2021-08-05")
    assert (
        "if the first day of the contract were 6 August 2021 or later, but not after "
        "4 August 2022"
    ) in changes(explained)


def test_several_conditions_that_fail_are_met_together(system):
    asked = situation(
        asked=ASKED,
        end_date="2026-03-14",
        contract_monthly_allowance=99,
        contract_is_written=False,
    )
    explained = answer(system, asked)
    assert explained["changes"]["any_of"] == []
    assert explained["changes"]["text"] == (
        "No single change would be enough; these together would:"
    )
    assert [one["text"] for one in explained["changes"]["all_of"]] == [
        "if the contract were in writing",
        (
            "if the last day agreed in the contract were 14 January 2026 or earlier, "
            "but not before 15 January 2024"
        ),
        "if the monthly allowance agreed were €150 or more",
    ]
    assert explained["standing"]["settled"] is True


def test_the_missions_of_a_life_are_told_with_the_contract(system):
    asked = situation(asked=ASKED, end_date="2025-12-31")
    # 24, 24 and 6 months: 18 remain.
    add_mission(asked, "niger", start_date="2010-01-01", end_date="2011-12-31")
    add_mission(asked, "togo", start_date="2012-01-01", end_date="2013-12-31")
    add_mission(asked, "tchad", start_date="2015-01-01", end_date="2015-06-30")
    explained = answer(system, asked)
    life = step(explained, "lifetime_duration_is_lawful")
    assert life["met"] is False
    told = {(one["of"], one["variable"]) for one in life["rests_on"]}
    assert told >= {
        (mission, day)
        for mission in ("mali", "niger", "togo", "tchad")
        for day in ("start_date", "end_date")
    }
    # 18 months from 15 January 2024.
    assert (
        "if the last day agreed in the contract were 14 July 2025 or earlier, but not "
        "before 15 January 2024"
    ) in changes(explained)


def test_a_step_is_told_once_and_then_referred_to(system):
    asked = situation(
        asked={**ASKED, "contract_first_unmet_condition": "ETERNITY"},
        end_date="2026-01-15",
    )
    first, second = explain(system, asked, detail="full")["answers"]
    told = [
        (one["variable"], one["of"], one["period"])
        for explained in (first, second)
        for one in steps(explained["reasons"])
        if "rule" in one
    ]
    twice = {one for one in told if told.count(one) > 1}
    # An answer is told with what it rests on, even if it was part of another.
    assert twice == {("contract_first_unmet_condition", "mali", "ETERNITY")}
    assert step(second, "law_applies")["told_before"] is True


def test_the_text_says_the_conclusion_the_change_the_reason_and_the_source(system):
    asked = situation(asked=ASKED, end_date="2026-01-15")
    text = as_text(explain(system, asked, detail="full"))
    lines = text.splitlines()
    assert lines[0] == "mali: The contract meets every condition of the law: no"
    assert lines[2] == "One of these changes would be enough:"
    assert "  ✗ The contract is agreed for no longer than the maximum: no" in text
    assert "= Maximum length of a contract: 24 months, since 24 May 2005 [" in text
    assert "Last day agreed in the contract, included: 15 January 2026  ← decisive" in (
        text
    )
    assert "https://www.legifrance.gouv.fr/loda/article_lc/LEGIARTI000043904046" in text
    assert "(reading-02-contract-maximum)" in text
    long = [line for line in lines if len(line) > 100 and "https://" not in line]
    assert not long


def test_the_text_in_french(system):
    asked = situation(asked=ASKED, end_date="2026-01-15")
    text = as_text(explain(system, asked, "fr", "full")).replace("\u00a0", " ")
    lines = text.splitlines()
    assert lines[0] == "mali : Le contrat remplit toutes les conditions de la loi : non"
    assert lines[2] == "L'un de ces changements suffirait :"
    assert "= Durée maximale du contrat : 24 mois, depuis le 24 mai 2005 [" in text
    assert "Premier jour de l'agrément par le ministre des affaires étrangères" in text
    assert ": 1er janvier 2005" in text
    assert "Deux ans font vingt-quatre mois, de quantième à quantième" in text
