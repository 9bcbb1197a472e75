"""The simulator, as a volunteer uses it: by hand, by keyboard, by its address."""

import re

import pytest
from browser_checks import DESKTOP, PHONE, violations
from playwright.sync_api import expect

from openfisca_isv import situation_examples
from openfisca_isv.web.site.sections.simulator import address_of

#: One day too long, and ten euros short.
UNLAWFUL = (
    "birth_date=1993-11-30&nationality=FR&1.start_date=2023-01-10&1.end_date=2025-01-10"
    "&1.host_country=KH&1.residence_country=FR&1.domain=humanitarian_action"
    "&1.contract_monthly_allowance=140&1.contract_is_written=1"
    "&1.legal_form=french_law_association&1.accreditation_start_date=2023-01-01"
)
#: What a lawful contract needs beside.
REST = (
    "&second_nationality=none&is_civil_servant=0&1.has_other_professional_activity=0"
    "&1.status_before_departure=student&1.accreditation_end_date=2026-12-31"
)


@pytest.fixture
def ask(server, open_page):
    """Give a function that opens the simulator with a situation in its address."""

    def opened(language, situation="", options=DESKTOP, **more):
        page = open_page(options, **more)
        page.goto(f"{server}/{language}/simulator.html#{situation}")
        page.locator("#form").wait_for()
        if situation:
            page.locator(".verdict").first.wait_for()
        return page

    return opened


def test_an_example_is_answered_with_its_reasons(ask, server):
    page = ask("en")
    page.get_by_role("link", name="the return after two years").click()
    page.locator(".verdict").first.wait_for()
    answers = page.locator("#answers").inner_text()
    assert "€3,700" in answers
    assert (
        "48 months left, of 72 months" in answers or "48 months left of 72" in answers
    )
    reason = page.locator("[data-variable=resettlement_allowance] summary").last
    reason.click()
    why = page.locator("[data-variable=resettlement_allowance]").last
    why.locator(".why").first.wait_for()
    why.get_by_role("link", name="Décret 2022-1067, art. 14").first.click()
    page.wait_for_url("**/en/law/decret-2022-1067-art-14.html#*")
    assert page.errors == []
    assert all(url.startswith(server) for url in page.asked)


def test_an_unlawful_contract_says_what_fails_first(ask):
    page = ask("fr", UNLAWFUL)
    verdict = page.locator(".verdict").inner_text()
    assert "ne peut pas être signé" in verdict
    assert "dépasse deux ans" in verdict
    assert "dates manquent" not in verdict
    assert "inférieure au minimum" in verdict
    unmet = page.locator(".answer .reasons > li.unmet").all_inner_texts()
    assert any("durée" in text for text in unmet)
    assert any("indemnité convenue atteint le minimum" in text for text in unmet)
    # Apostrophes and spaces are those of print, whoever says it.
    shown = printed(page).locator("#shown").inner_text()
    assert "articles non vus\u00a0: bornes" in shown
    assert not re.search(r"\w'\w| [;:?!»€]", shown)
    lawful = UNLAWFUL.replace("2025-01-10", "2025-01-09").replace("=140", "=150")
    page = ask("fr", lawful)
    assert "On ne peut pas encore répondre" in page.locator(".verdict").inner_text()
    page = ask("fr", lawful + REST)
    assert "peut être signé" in page.locator(".verdict").inner_text()
    assert "ne peut pas" not in page.locator(".verdict").inner_text()


def test_the_keyboard_alone_is_enough(ask):
    page = ask("en")
    keys = page.keyboard
    page.locator("#birth_date").focus()
    # Month, day, year: the browser is started in American English.
    keys.type("05021996")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("France")
    while page.evaluate("document.activeElement.id") != "1-start_date":
        keys.press("Tab")
    keys.type("01152024")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("01142026")
    keys.press("Tab")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.dataset.name") == "host_country"
    keys.type("Madagascar")
    keys.press("Tab")
    keys.type("France")
    keys.press("Tab")
    keys.type("Humanitarian")
    keys.press("Tab")
    keys.type("700")
    keys.press("Tab")
    keys.type("yes")
    while page.evaluate("document.activeElement.id") != "submit":
        keys.press("Tab")
    keys.press("Enter")
    page.locator(".verdict").wait_for()
    assert page.evaluate("document.activeElement.id") == "answers-title"
    assert "birth_date=1996-05-02" in page.url
    assert "1.host_country=MG" in page.url
    assert "1.end_date=2026-01-14" in page.url
    assert "1.contract_is_written=1" in page.url
    verdict = page.locator(".verdict").inner_text()
    assert "It cannot be said yet" in verdict
    assert "Legal form of the organisation" in verdict
    while page.evaluate("document.activeElement.tagName") != "SUMMARY":
        keys.press("Tab")
    keys.press("Enter")
    page.locator(".answer details[open] .why").first.wait_for()


def test_mistakes_are_tied_to_their_fields(ask):
    page = ask("en", options=PHONE)
    start = page.get_by_label("First day of the contract")
    start.fill("1850-02-01")
    page.get_by_label("Monthly allowance").fill("seven hundred")
    page.get_by_role("button", name="See the answers").click()
    assert "2 things to correct" in page.locator("#problems").inner_text()
    assert page.evaluate("document.activeElement.id") == "problems"
    assert start.get_attribute("aria-invalid") == "true"
    described = start.get_attribute("aria-describedby").split()
    messages = [page.locator(f"[id='{name}']").inner_text() for name in described]
    assert "Give a date from 1900 to 2199." in messages
    assert violations(page) == []
    page.locator("#problems a").first.click()
    assert page.evaluate("document.activeElement.id") == "1-start_date"
    start.fill("2024-02-01")
    page.get_by_label("Last day agreed").fill("2024-01-31")
    page.get_by_role("button", name="See the answers").click()
    said = page.locator("#problems").inner_text()
    assert "The last day comes before the first." in said
    assert "Write a number" in said
    page.get_by_label("Last day agreed").fill("2025-01-31")
    page.get_by_label("Monthly allowance").fill("1 250,50")
    page.get_by_role("button", name="See the answers").click()
    page.locator(".verdict").wait_for()
    assert start.get_attribute("aria-invalid") is None
    assert page.locator("#problems").inner_text() == ""


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("en", "1,600", "€1,600 a month"),
        ("en", "1,600.50", "€1,600.50 a month"),
        ("en", "850,5", "€850.50 a month"),
        ("fr", "1 600", "1 600 € par mois"),
        ("fr", "850,50", "850,50 € par mois"),
    ],
)
def test_a_number_is_read_by_language_and_said_back(ask, language, typed, read):
    page = ask(language)
    field = page.locator("[id='1-contract_monthly_allowance']")
    field.fill(typed)
    said = page.locator("[id='echo-1-contract_monthly_allowance']").inner_text()
    assert re.sub(r"\s", " ", said) == read


@pytest.mark.parametrize(
    ("language", "typed"), [("en", "1.600"), ("fr", "1.600"), ("fr", "1,600")]
)
def test_an_ambiguous_number_is_refused(ask, language, typed):
    page = ask(language)
    page.locator("[id='1-contract_monthly_allowance']").fill(typed)
    page.locator("#submit").click()
    assert typed in page.locator("#problems").inner_text()
    assert not page.locator("#answers").is_visible()


def test_an_empty_form_is_not_told_no(ask):
    for language, said in (("en", "It cannot be said yet"), ("fr", "On ne peut pas")):
        page = ask(language, options=PHONE)
        page.locator("#submit").click()
        page.locator(".verdict").wait_for()
        assert said in page.locator(".verdict").inner_text()
        missing = page.locator(".verdict .missing a")
        assert missing.count() == 5
        asked = missing.first.get_attribute("href").removeprefix("#")
        missing.first.click()
        focused = page.evaluate("document.activeElement.dataset.name")
        assert asked.endswith(f"-{focused}")
        assert page.locator(".reasons .unmet").count() == 0
        assert violations(page) == []


def test_a_nationality_is_that_of_a_state(ask):
    page = ask("fr")
    found = page.locator("#nationality").inner_text()
    assert "Kosovo" in found
    assert "Guadeloupe" not in found
    assert "Antarctique" not in found
    assert "Guadeloupe" in page.locator("[id='1-host_country']").inner_text()


def test_a_right_under_an_unlawful_contract_supposes_the_mission(ask):
    """The right to an aid does not fall with the clause, by a reading."""
    due = ask("fr", UNLAWFUL + REST).locator(".summary .due").first.inner_text()
    assert "3\u00a0700" in due.replace("\u202f", "\u00a0")
    assert "si la mission est tout de même accomplie" in due
    assert "selon une interprétation" in due


def test_two_facts_may_be_enough(ask):
    page = ask("en", "1.start_date=2022-01-01&1.end_date=2024-01-01")
    verdict = page.locator(".verdict").inner_text()
    # The same day two years later: by the reading chosen, one day too many.
    assert "By the reading chosen, this contract may not be signed" in verdict
    assert page.locator(".verdict .missing").count() == 0
    page = ask("en", "1.host_country=DE")
    assert "This contract may not be signed" in page.locator(".verdict").inner_text()


def test_a_volunteer_who_returns_reads_what_she_is_owed(ask):
    """Twelve months from 1 February 2025: 800 euros; the premium by 31 January 2027."""
    back = UNLAWFUL.replace("2023-01-10", "2025-02-01").replace(
        "2025-01-10", "2026-01-31"
    )
    back = back.replace("=140", "=300").replace("=KH", "=SN")
    page = ask("en", f"role=returned&{back}{REST}", options=PHONE)
    due = page.locator(".summary .due").first.inner_text()
    assert "€800, due on return" in due
    assert "Possible, up to €2,001, to be asked for by 31 January 2027" in due
    assert (
        page.locator(".summary .due").first.bounding_box()["y"]
        < (page.locator(".answer").first.bounding_box()["y"])
    )
    tops = [
        page.locator(name).first.bounding_box()["y"]
        for name in (".summary .due", ".summary .verdict")
    ]
    assert tops == sorted(tops)
    assert page.get_by_label("Number of dependants").count() == 1
    assert not page.get_by_label("Number of dependants").is_visible()
    # Nothing that was not done is shown as failed.
    assert page.locator(".reasons .unmet").count() == 0
    assert "resign" not in page.locator("#answers").inner_text().lower()


def test_the_same_in_french_with_the_days_that_remain(ask):
    back = UNLAWFUL.replace("2025-01-10", "2024-01-20")
    page = ask("fr", back)
    left = page.locator(".summary .due").last.inner_text()
    assert "12 mois et 11 jours" in left
    assert "59 mois et 19 jours" in left


@pytest.mark.parametrize(
    ("language", "known"), [("en", "is known until"), ("fr", "loi connu au")]
)
def test_what_is_due_beyond_the_law_known_says_so(ask, language, known):
    """The contract of 10 January 2023 is of a day on which the law is known, and its
    end is not: the text is known in its state of 3 December 2024. What the State pays
    was last checked on 9 December 2022."""
    lawful = UNLAWFUL.replace("2025-01-10", "2024-12-04").replace("=140", "=150")
    page = ask(language, f"role=organisation&{lawful}{REST}")
    rows = page.locator(".summary .due").first.locator(":scope > div").all_inner_texts()
    assert [known in row for row in rows] == [True, True, True]
    assert known not in page.locator(".verdict").first.inner_text()
    page = ask(language, (lawful + REST).replace("2024-12-04", "2024-12-03"))
    due = page.locator(".summary .due").first.inner_text()
    assert known not in due


def test_where_no_condition_decides_the_right_itself_is_said(ask):
    """Six months under the decree of 2005, before an order set the premium."""
    early = UNLAWFUL.replace("2023-01-10", "2005-06-01").replace("2023", "2005")
    early = early.replace("2025-01-10", "2005-11-30").replace("1993", "1970") + REST
    due = ask("en", early).locator(".summary .due").first.inner_text()
    assert "None. The return from this mission opens the premium, if it is" in due


def test_each_mission_of_an_engagement_says_where_the_right_is(ask):
    first = UNLAWFUL.replace("2025-01-10", "2024-01-09") + REST
    second = "".join(
        f"&2.{one[2:]}" for one in first.split("&") if one.startswith("1.")
    )
    second = second.replace("2023-01-10", "2024-01-10").replace(
        "2024-01-09", "2024-06-30"
    )
    page = ask("en", first + second)
    dues = page.locator(".summary .due").all_inner_texts()
    assert "assessed at the end of the last" in dues[0]
    assert "€800" in dues[1]


def test_a_public_agent_is_asked_and_not_paid(ask):
    back = UNLAWFUL.replace("2025-01-10", "2025-01-09") + REST
    page = ask("en", back.replace("=student", "=public_agent"))
    assert "€3,700" not in page.locator("#answers").inner_text()
    page = ask("en", back.replace("&is_civil_servant=0", ""))
    assert "cannot be said yet" in page.locator(".summary .due").first.inner_text()


def test_an_answer_by_a_reading_says_so(ask):
    """731 days are two years to the day, and more than 730."""
    lawful = UNLAWFUL.replace("2023-01-10", "2024-01-10")
    lawful = lawful.replace("2025-01-10", "2026-01-09").replace("=140", "=150")
    page = ask("fr", lawful + REST)
    verdict = page.locator(".verdict").inner_text()
    assert "interprétation retenue" in verdict
    assert "Selon une autre interprétation" in verdict
    assert "Deux ans font 730 jours" in verdict


def test_the_address_holds_the_situation_in_both_languages(ask):
    page = ask("en", UNLAWFUL, options=PHONE)
    assert page.get_by_label("First day of the contract").input_value() == "2023-01-10"
    assert page.get_by_label("Monthly allowance").input_value() == "140"
    assert page.get_by_label("The contract is in writing").input_value() == "1"
    english = page.locator(".verdict").inner_text()
    page.get_by_role("link", name="Français").click()
    page.locator(".verdict").wait_for()
    assert page.url.endswith(f"fr/simulator.html#{UNLAWFUL}")
    french = page.locator(".verdict").inner_text()
    assert english != french
    page.evaluate(f"location.hash = {UNLAWFUL.replace('=140', '=150')!r}")
    page.wait_for_function(
        "document.getElementById('1-contract_monthly_allowance').value === '150'"
    )
    assert page.errors == []


def test_missions_are_added_and_removed(ask):
    page = ask("en", UNLAWFUL)
    page.get_by_role("button", name="Add a mission").click()
    second = page.get_by_role("group", name="Mission 2")
    assert page.evaluate("document.activeElement.id") == "2-start_date"
    assert page.locator("#status").inner_text() == "Mission 2 added."
    # It begins on the day after, with the same organisation.
    assert second.get_by_label("First day of the contract").input_value() == (
        "2025-01-11"
    )
    second.get_by_label("Last day agreed").fill("2025-07-10")
    page.get_by_role("button", name="See the answers").click()
    page.locator(".verdict").nth(1).wait_for()
    assert page.locator("svg.timeline .mission-bar").count() == 3
    assert "2.end_date=2025-07-10" in page.url
    page.get_by_role("button", name="Remove mission 1").click()
    assert page.get_by_role("group", name="Mission 2").count() == 0
    only = page.get_by_role("group", name="Mission 1")
    assert only.get_by_label("First day of the contract").input_value() == "2025-01-11"


def test_the_answers_are_accessible_on_a_phone_and_at_a_desk(ask):
    for options in (PHONE, DESKTOP):
        page = ask("fr", UNLAWFUL, options=options, bypass_csp=True)
        page.locator(".answer summary").nth(1).click()
        page.locator(".answer details[open] .why").first.wait_for()
        assert violations(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= options["viewport"]["width"]
        drawing = page.get_by_role("img", name="Les missions dans le temps")
        assert "Cambodge" in drawing.locator("desc").text_content()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_paper_is_one_page_for_the_file(ask, language):
    page = ask(language, UNLAWFUL + REST)
    page.emulate_media(media="print")
    assert not page.locator("#form").is_visible()
    assert not page.locator("#print").is_visible()
    paper = page.locator("#answers").inner_text()
    # What was stated and what was not, the verdict, the articles, the last check.
    for said in ("2023", "Cambod", "Loi 2005-159, art. 4", "2.0.0"):
        assert said in paper
    state = {"en": "in its state of 3 December 2024", "fr": "état du 3 décembre 2024"}
    assert state[language] in paper
    assert page.locator(".situation").is_visible()
    assert page.locator(".not-stated").first.is_visible()
    assert page.locator(".verdict").is_visible()
    assert page.locator("table.conditions").is_visible()
    assert page.locator(".signature").is_visible()
    assert not page.locator(".answer").first.is_visible()
    assert pages_of(page.pdf(format="A4")) == 1


@pytest.mark.parametrize(
    ("language", "read", "page_of", "inferred"),
    [
        ("en", "text read", "official page", "inferred"),
        ("fr", "texte lu", "page officielle", "déduit"),
    ],
)
def test_each_condition_has_its_article_and_the_weakest_of_its_sources(
    ask, language, read, page_of, inferred
):
    """In 2022 the minimum was 100 euros: no text read gives it, and it is inferred."""
    page = ask(language, address_of(situation_examples.return_after_two_years)[1:])
    first, second = (
        [row.split("\t") for row in table.inner_text().splitlines()]
        for table in printed(page).locator("table.conditions").all()
    )
    for rows in (first, second):
        assert len(rows) == 11
        assert all(article and certainty for _, _, article, certainty in rows)
        assert rows[3][2:] == ["Loi 2005-159, art. 1, al. 2", read]
        assert rows[6][2:] == ["Loi 2005-159, art. 2", page_of]
        assert rows[7][2:] == ["Loi 2005-159, art. 4, al. 1", read]
    assert "2005" in first[9][2].partition(";")[2]
    assert first[9][3] == inferred
    page.emulate_media(media="screen")
    conditions = page.locator(".answer").first.locator(".reasons > li > details")
    conditions.nth(3).locator("summary").click()
    # What is opened is filled in after the click.
    expect(conditions.nth(3).get_by_text("art. 1, al. 2").first).to_be_visible()
    conditions.nth(9).locator("summary").click()
    conditions.nth(9).locator("[data-variable=allowance_minimum] summary").click()
    order = page.locator(".why p:has([href*=arrete-2005-12-21-allowance])")
    assert order.inner_text().endswith(page_of)


def printed(page):
    """Show a page as it is printed."""
    page.emulate_media(media="print")
    return page


def test_the_annex_has_every_reason(ask):
    page = ask("fr", UNLAWFUL)
    page.evaluate("window.print = () => {}")
    page.locator("#print-annex").click()
    page.emulate_media(media="print")
    closed = page.locator(".answer > .reasons > li > details:not([open])")
    assert closed.count() == 0
    assert page.locator(".answer > .reasons .why").first.is_visible()
    assert pages_of(page.pdf(format="A4")) > 1


def pages_of(paper):
    """Count the pages of a PDF."""
    return len(re.findall(rb"/Type\s*/Page\b", paper))


def test_what_the_server_refuses_is_said_at_its_field(ask, server):
    page = ask("en")
    refusal = {
        "error": "…",
        "problems": [
            {
                "path": "/missions/mission-1/end_date/ETERNITY",
                "value": "2024-12-31",
                "reason": "is not welcome",
                "remedy": "Write another day",
            }
        ],
    }
    page.route(
        f"{server}/explain*", lambda route: route.fulfill(status=400, json=refusal)
    )
    page.get_by_label("First day of the contract").fill("2024-01-01")
    page.get_by_label("Last day agreed").fill("2024-12-31")
    page.get_by_role("button", name="See the answers").click()
    page.locator("#problems li").wait_for()
    assert "is not welcome. Write another day" in page.locator("#problems").inner_text()
    assert page.get_by_label("Last day agreed").get_attribute("aria-invalid") == "true"
    page.unroute(f"{server}/explain*")
    page.route(f"{server}/explain*", lambda route: route.abort())
    page.get_by_role("button", name="See the answers").click()
    page.locator("#problems li").wait_for()
    assert "The server did not answer" in page.locator("#problems").inner_text()
    assert not page.locator("#answers").is_visible()


def test_a_server_with_its_hands_full_is_asked_again(ask):
    page = ask("en")
    asked = []

    def busy_at_first(route):
        asked.append(route.request.url)
        if len(asked) > 1:
            return route.continue_()
        busy = {"error": "another heavy request is computed", "problems": []}
        return route.fulfill(status=429, headers={"Retry-After": "1"}, json=busy)

    page.route("**/explain*", busy_at_first)
    page.goto(f"{page.url.partition('#')[0]}#{UNLAWFUL}")
    page.reload()
    page.locator(".verdict").first.wait_for()
    assert "may not be signed" in page.locator(".verdict").inner_text()
    assert len(asked) == 2


def test_starting_again_empties_everything(ask):
    page = ask("en", UNLAWFUL)
    page.get_by_role("button", name="Start again").click()
    assert page.get_by_label("First day of the contract").input_value() == ""
    assert not page.locator("#answers").is_visible()
    assert "#" not in page.url


#: Six months, and sixty euros below the minimum that binds contracts of a year.
SHORT = (UNLAWFUL + REST).replace("2025-01-10", "2023-07-09").replace("=140", "=90")


@pytest.mark.parametrize(
    ("language", "label", "option", "said"),
    [
        (
            "en",
            "Reading of the law",
            "The bounds bind every contract, whatever its length.",
            "may not be signed. First condition not met: The allowance is below",
        ),
        (
            "fr",
            "Interprétation de la loi",
            "Les bornes valent pour tout contrat, quelle que soit sa durée.",
            "est inférieure au minimum",
        ),
    ],
)
def test_another_reading_is_chosen(ask, language, label, option, said):
    page = ask(language, SHORT)
    held = page.locator(".verdict").first.inner_text()
    assert said not in held
    assert page.locator(".under-reading").count() == 0
    assert not page.get_by_label(label, exact=True).is_visible()
    page.locator("#readings > summary").click()
    page.get_by_label(label, exact=True).select_option(label=option)
    page.locator("#submit").click()
    page.locator(".under-reading").wait_for()
    assert said in page.locator(".verdict").first.inner_text()
    assert "reading=bounds-for-every-contract" in page.url
    told = page.locator(".under-reading")
    assert option.rstrip(".") in told.inner_text()
    assert violations(page) == []
    place = told.locator("a").first.get_attribute("href")
    assert place == "readings.html#reading-07-contracts-of-a-year"
    other = page.locator(".language a").get_attribute("href")
    assert "reading=bounds-for-every-contract" in other
    page.emulate_media(media="print")
    assert told.is_visible()
    assert not told.locator("a").first.is_visible()
    page.emulate_media(media="screen")
    told.locator("a").last.click()
    told.wait_for(state="detached")
    page.locator(".verdict").first.wait_for()
    assert page.locator(".verdict").first.inner_text() == held
    assert "reading=" not in page.url
    assert page.errors == []


def test_an_answer_leads_to_all_answers_under_its_other_reading(ask):
    page = ask("en", SHORT)
    under = page.locator(".verdict .other-readings li")
    line = under.filter(has_text="The bounds bind every contract")
    assert "no" in line.inner_text().split(":")[1]
    line.get_by_role("link", name="All answers under it").click()
    page.locator(".under-reading").wait_for()
    assert page.locator("#reading").input_value() == "bounds-for-every-contract"
    assert "may not be signed" in page.locator(".verdict").first.inner_text()
    # What changes the same rule cannot be read together with it.
    left = " ".join(page.locator(".other-readings li").all_inner_texts())
    assert "bounds bind every contract" not in left
    assert page.get_by_role("link", name="All answers under it").count() == 0


def test_a_reading_that_is_not_there_is_told(ask):
    page = ask("en")
    page.goto(f"{page.url}reading=bounds-for-no-contract&{SHORT}")
    page.locator("#problems li").wait_for()
    said = page.locator("#problems").inner_text()
    assert "“bounds-for-no-contract”, that cannot be computed here" in said
    assert page.locator("#answers").is_hidden()
    assert page.locator("#reading").input_value() == ""
    page.locator("#submit").click()
    page.locator(".verdict").first.wait_for()
    assert page.locator(".under-reading").count() == 0
    assert "reading=" not in page.url
