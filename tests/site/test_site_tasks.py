"""Ten questions of volunteers and officers, typed in, with their answers.

Each is typed at both sizes and in both languages. The answers are worked out by hand
from the texts, as the comments say; what no text settles must not be said as certain.
"""

import re

import pytest
from browser_checks import DESKTOP, PHONE

SIZES = {"phone": PHONE, "desktop": DESKTOP}
VOLUNTEER = {
    "birth_date": "1993-11-30",
    "nationality": "FR",
    "second_nationality": "none",
    "is_civil_servant": "0",
}
#: A lawful mission of one student to Senegal, with an accredited association.
MISSION = {
    "host_country": "SN",
    "residence_country": "FR",
    "domain": "humanitarian_action",
    "contract_monthly_allowance": "300",
    "contract_is_written": "1",
    "has_other_professional_activity": "0",
    "status_before_departure": "student",
    "legal_form": "french_law_association",
    "accreditation_start_date": "2015-01-01",
    "accreditation_end_date": "2030-12-31",
}
#: What the verdict begins with. No maximum is known for Senegal: never a plain yes.
SIGNED = {"en": "As far as is known", "fr": "En l'état des sources"}
REFUSED = {"en": "This contract may not be signed", "fr": "Ce contrat ne peut pas"}
BY_READING = {"en": "By the reading chosen", "fr": "Selon l'interprétation retenue"}
NONE = {"en": "None", "fr": "Aucun"}


#: The first field of each part of the form that is folded.
FOLDED = {
    "early_termination_date",
    "integration_premium_request_date",
    "is_registered_jobseeker",
}


class Simulator:
    """The simulator in one window and one language, as a person uses it."""

    def __init__(self, page, address, language):
        self.page, self.address, self.language = page, address, language

    def ask(self, *missions, **volunteer):
        """Type a life in, ask, and give the summaries: of each mission, of the life."""
        page = self.page
        page.goto("about:blank")
        page.goto(self.address)
        page.locator("#form").wait_for()
        for name, value in (VOLUNTEER | volunteer).items():
            self._type(name, value)
        for number, (start, end, more) in enumerate(missions, 1):
            if number > 1:
                page.locator("#add").click()
            days = {"start_date": start, "end_date": end}
            for name, value in (days | MISSION | more).items():
                self._type(f"{number}-{name}", value)
        page.locator("#submit").click()
        page.locator(".summary").first.wait_for()
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"]
        assert page.errors == []
        found = page.locator(".summary").all_inner_texts()
        return [plain(one) for one in found]

    def advice(self):
        """Say what the page advises for the last contract."""
        return plain(self.page.locator(".changes").last.text_content())

    def _type(self, identifier, value):
        """Type a value into a field, which is unfolded first where it is folded."""
        field = self.page.locator(f"[id='{identifier}']")
        if identifier.partition("-")[2] in FOLDED or identifier in FOLDED:
            field.locator("xpath=ancestor::details").locator("summary").click()
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            # The day as the keyboard gives it: month, day, year.
            year, month, day = value.split("-")
            field.focus()
            self.page.keyboard.type(month + day + year)
        elif identifier.endswith("allowance"):
            field.press_sequentially(value)
        else:
            field.select_option(value)


def plain(text):
    """Return a text with plain spaces and apostrophes."""
    text = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return re.sub(r"\s+", " ", text)


def euros(amount, language):
    """Write an amount as the pages of a language do."""
    if language == "en":
        return f"€{amount:,}"
    return f"{amount:,} €".replace(",", " ")


@pytest.fixture(
    scope="module", params=[(size, one) for size in SIZES for one in ("en", "fr")]
)
def simulator(request, open_page, server):
    size, language = request.param
    page = open_page(SIZES[size])
    return Simulator(page, f"{server}/{language}/simulator.html", language)


def test_a_year_in_senegal(simulator):
    """Twelve months: 800 euros (order of 2022), the premium to ask for in a year."""
    language = simulator.language
    mission, life = simulator.ask(("2025-02-01", "2026-01-31", {}))
    assert SIGNED[language] in mission
    assert euros(800, language) in mission
    deadline = {"en": "by 31 January 2027", "fr": "au plus tard le 31 janvier 2027"}
    assert deadline[language] in mission
    assert {"en": "up to €2,001", "fr": "jusqu'à 2 001 €"}[language] in mission
    # SiteContent, art. 4: six years less one.
    assert {"en": "60 months left", "fr": "60 mois restants"}[language] in life


def test_six_years_and_a_month_more(simulator):
    """24 + 24 + 24 + 1: 73 of 72 months. Nothing that was done can be undone."""
    language = simulator.language
    *missions, life = simulator.ask(
        ("2018-01-01", "2019-12-31", {}),
        ("2020-01-01", "2021-12-31", {}),
        ("2022-01-01", "2023-12-31", {}),
        ("2024-01-01", "2024-01-31", {}),
    )
    assert [REFUSED[language] in one for one in missions] == [False] * 3 + [True]
    assert {"en": "more than six years", "fr": "six ans"}[language] in missions[-1]
    at_the_end = {"en": "at the end of the last", "fr": "à la fin de la dernière"}
    assert [at_the_end[language] in one for one in missions] == [True] * 3 + [False]
    assert {"en": "73 months", "fr": "73 mois"}[language] in life
    assert {"en": "0 months left", "fr": "0 mois restants"}[language] in life
    no_change = {
        "en": "No change to this contract",
        "fr": "Aucun changement de ce seul",
    }
    assert simulator.advice().startswith(no_change[language])
    # Nor does any reason advise on the missions of the past, or name them as code.
    page = simulator.page
    page.evaluate("window.print = () => {}")
    page.locator("#print-annex").click()
    assert "mission-1" not in page.locator("#shown").text_content()


def test_back_for_health_after_seven_months(simulator):
    """Decree of 2022, art. 14: from six months on; no text gives the amount."""
    language = simulator.language
    mission, _ = simulator.ask(
        (
            "2024-01-01",
            "2024-12-31",
            {
                "early_termination_date": "2024-07-31",
                "early_termination_reason": "health",
                "notice_date": "2024-06-30",
            },
        )
    )
    right = {"en": "The right exists; no text", "fr": "Le droit existe ; aucun texte"}
    assert right[language] in mission
    assert "800" not in mission


def test_a_senegalese_in_france_for_750_euros(simulator):
    """Order of 2022: 800 to 1 600 euros in France, whose missions have no premium."""
    language = simulator.language
    mission, _ = simulator.ask(
        (
            "2024-02-01",
            "2025-01-31",
            {
                "host_country": "FR",
                "residence_country": "SN",
                "contract_monthly_allowance": "750",
            },
        ),
        nationality="SN",
    )
    assert REFUSED[language] in mission
    below = {"en": "below the minimum", "fr": "inférieure au minimum"}
    assert below[language] in mission
    advice = simulator.advice()
    assert euros(800, language) in advice
    assert euros(1_600, language) in advice
    assert "Afghanistan" not in advice
    assert "2 001" not in mission
    assert "2,001" not in mission


def test_the_united_kingdom_in_2020(simulator):
    """Closed to 31 December 2020, by a reading; the British may go to Senegal."""
    language = simulator.language
    mission, _ = simulator.ask(("2020-03-01", "2021-02-28", {"host_country": "GB"}))
    assert BY_READING[language] in mission
    assert {"en": "not open", "fr": "n'est pas ouvert"}[language] in mission
    other = {"en": "Open from 1 February 2020", "fr": "Ouvert à compter du 1er février"}
    assert other[language] in mission
    mission, _ = simulator.ask(("2021-01-01", "2021-12-31", {"host_country": "GB"}))
    assert SIGNED[language] in mission
    mission, _ = simulator.ask(("2020-03-01", "2021-02-28", {}), nationality="GB")
    assert SIGNED[language] in mission


def test_a_civil_servant_has_no_resettlement_allowance(simulator):
    """Decree of 2022, art. 14; a public agent by the fiche: a reading."""
    language = simulator.language
    mission, _ = simulator.ask(("2023-01-01", "2024-12-31", {}), is_civil_servant="1")
    why = {"en": "The volunteer is a civil servant", "fr": "Le volontaire est fonct"}
    assert f"{NONE[language]}" in mission
    assert why[language] in mission
    assert euros(3_700, language) not in mission
    agent = {"status_before_departure": "public_agent"}
    mission, _ = simulator.ask(("2023-01-01", "2024-12-31", agent))
    assert euros(3_700, language) not in mission
    assert {"en": "by a reading", "fr": "selon une interprétation"}[language] in mission


def test_a_jobseeker_who_asks_on_10_march(simulator):
    """Order of 2022, art. 3: 2 001 euros in nine months, from the month after."""
    language = simulator.language
    mission, _ = simulator.ask(
        (
            "2024-02-01",
            "2025-01-31",
            {"integration_premium_request_date": "2025-03-10"},
        ),
        is_registered_jobseeker="1",
        meets_rsa_conditions="0",
        receives_other_job_search_aid="0",
    )
    said = {
        "en": "€2,001 at most, in 9 months from April 2025 to December 2025",
        "fr": "2 001 € au plus, en 9 mois, premier mois : avril 2025, dernier :",
    }
    assert said[language] in mission


def test_two_missions_two_months_apart(simulator):
    """Decree of 2022, art. 14: a second allowance needs more than twelve months."""
    language = simulator.language
    first, second, _ = simulator.ask(
        ("2023-01-01", "2023-12-31", {}), ("2024-03-01", "2025-02-28", {})
    )
    assert euros(800, language) in first
    assert euros(800, language) not in second
    why = {
        "en": "None: an earlier engagement",
        "fr": "Aucune : un engagement antérieur",
    }
    assert why[language] in second


def test_from_29_february_to_28_february(simulator):
    """731 days, and a month without a 29th: refused by a reading, and others named."""
    language = simulator.language
    mission, _ = simulator.ask(("2024-02-29", "2026-02-28", {}))
    assert BY_READING[language] in mission
    assert REFUSED[language] not in mission
    other = {"en": "Where the month lacks the day", "fr": "À défaut de quantième"}
    assert other[language] in mission
    advice = simulator.advice()
    assert {"en": "27 February 2026", "fr": "27 février 2026"}[language] in advice


def test_a_minor(simulator):
    """Law, art. 1: a person of full age. It is no contract of this law: no aid."""
    language = simulator.language
    mission, life = simulator.ask(
        ("2025-09-01", "2026-08-31", {}), birth_date="2007-09-02"
    )
    assert REFUSED[language] in mission
    assert {"en": "not an adult", "fr": "n'est pas majeur"}[language] in mission
    assert "800" not in mission
    assert "2,001" not in mission
    assert "2 001" not in mission
    assert {"en": "no quarter", "fr": "aucun trimestre"}[language] in life
    advice = simulator.advice()
    assert {"en": "2 September 2025", "fr": "2 septembre 2025"}[language] in advice
    assert {"en": "birth", "fr": "naiss"}[language] not in advice
