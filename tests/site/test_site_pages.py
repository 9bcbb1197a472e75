"""The pages in a real browser: from disk, at both sizes, with nothing in the way."""

import re
import time

import pytest
from browser_checks import DESKTOP, PHONE, violations

#: A page of every kind.
KINDS = (
    "../index.html",
    "index.html",
    "law/index.html",
    "law/loi-2021-1031.html",
    "law/loi-2005-159-art-4.html",
    "law/not-computed.html",
    "parameters/index.html",
    "parameters/allowance.minimum_abroad.html",
    "parameters/resettlement_allowance.amount.html",
    "parameters/organisation.allowed_legal_forms.html",
    "parameters/social_cover.dependants_risks.html",
    "variables/index.html",
    "variables/allowance_maximum.html",
    "variables/domain.html",
    "days/index.html",
    "days/2005-05-24.html",
    "days/changes.html",
    "days/compare.html#2022-12-08,2022-12-09",
    "readings.html",
    "tests.html",
    "checked.html",
    "search.html?q=1600",
    "about.html",
    "tests/leave.html",
    "simulator.html",
)


@pytest.mark.parametrize(
    ("options", "language"), [(PHONE, "fr"), (DESKTOP, "en")], ids=["phone", "desktop"]
)
def test_a_page_of_every_kind_is_accessible_and_fits(
    site, open_page, options, language
):
    page = open_page(options)
    width = options["viewport"]["width"]
    found = {}
    for kind in KINDS:
        page.goto(f"{site.as_uri()}/{language}/{kind}")
        if wrong := violations(page):
            found[kind] = wrong
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{kind} is {wide} wide"
    assert found == {}


def test_without_scripts_everything_is_there_but_the_simulator(site, open_page):
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(f"{site.as_uri()}/en/days/2022-12-09.html")
    assert page.get_by_text("€150 a month").first.is_visible()
    assert not page.locator("#day-picker").is_visible()
    page.goto(f"{site.as_uri()}/en/days/compare.html")
    assert page.get_by_role("link", name="All changes, day by day").is_visible()
    page.goto(f"{site.as_uri()}/en/simulator.html")
    assert page.locator("#needs-server").is_visible()
    assert not page.locator("#simulator").is_visible()


def test_from_disk_the_simulator_says_that_it_needs_the_server(site, open_page):
    page = open_page()
    page.goto(f"{site.as_uri()}/fr/simulator.html")
    assert (
        "besoin de JavaScript et de son serveur"
        in page.locator("#needs-server").inner_text()
    )
    assert not page.locator("#form").is_visible()


def test_search_finds_from_disk(site, open_page):
    page = open_page()
    page.goto(f"{site.as_uri()}/en/index.html")
    page.get_by_role("searchbox").fill("notice")
    page.keyboard.press("Enter")
    first = page.locator("#results a").first
    first.wait_for()
    assert "otice" in first.inner_text()
    page.get_by_role("searchbox").fill("notice xyzzy")
    assert page.get_by_role("status").inner_text() == "Nothing found."
    first.wait_for(state="detached")
    page.goto(f"{site.as_uri()}/fr/search.html?q=PREAVIS")
    page.locator("#results a").first.click()
    page.wait_for_url("**/fr/**/*.html*")
    assert "préavis" in page.locator("main").inner_text().lower()
    page.goto(f"{site.as_uri()}/fr/search.html?q=1600")
    names = page.locator("#results a").all_inner_texts()
    assert "Indemnité maximale en France" in names
    assert page.errors == []


def test_a_day_leads_to_the_law_of_that_day(site, open_page):
    page = open_page()
    page.goto(f"{site.as_uri()}/en/days/index.html")
    page.get_by_label("The law on").fill("2022-12-08")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/en/days/2022-12-08.html")
    row = page.locator("#figures ~ table tr", has_text="Minimum allowance abroad")
    assert "€100 a month" in row.inner_text()
    page.get_by_label("The law on").fill("2023-02-01")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/en/days/2022-12-09.html#2023-02-01")
    assert "1 February 2023" in page.locator("#asked").inner_text()
    assert "€150 a month" in row.inner_text()
    assert page.errors == []


def test_two_days_are_compared(site, open_page):
    page = open_page()
    page.goto(f"{site.as_uri()}/en/days/compare.html#2022-12-08,2022-12-09")
    found = page.locator(".differences li", has_text="Minimum allowance abroad")
    assert "€100 a month" in found.inner_text()
    assert "€150 a month" in found.inner_text()
    page.get_by_label("Second day").fill("2022-12-08")
    page.get_by_role("button", name="Compare").click()
    assert "Nothing differs" in page.locator("#differences").inner_text()
    page.get_by_label("First day").fill("2000-01-01")
    page.keyboard.press("Enter")
    assert "not in force" in page.locator("#differences").inner_text()
    assert page.errors == []


def test_each_day_is_compared_with_another(every_html):
    offered = {
        path: re.search(r"compare\.html#([\d-]+),([\d-]+)", page).groups()
        for path, page in every_html.items()
        if re.search(r"days/\d", path)
    }
    assert offered["en/days/1958-01-01.html"] == ("1958-01-01", "1973-01-01")
    assert offered["fr/days/2022-12-09.html"] == ("2022-12-08", "2022-12-09")
    assert all(one < other for one, other in offered.values())


def test_on_a_phone_the_days_of_a_figure_stand_on_few_lines(site, open_page):
    """From 25 December 2005 to 8 December 2022: some 300 of the 350 pixels."""
    page = open_page(PHONE)
    page.goto(f"{site.as_uri()}/en/law/arrete-2005-12-21-allowance.html")
    days = page.locator(".figures td:last-child").first
    assert days.bounding_box()["width"] > 200
    assert days.bounding_box()["height"] < 60


def test_every_page_opens_fast_and_the_other_language_is_a_step_away(server, open_page):
    page = open_page(PHONE)
    start = time.monotonic()
    page.goto(f"{server}/en/law/loi-2005-159-art-7.html")
    page.get_by_role("link", name="Français").click()
    page.wait_for_url("**/fr/law/loi-2005-159-art-7.html")
    assert time.monotonic() - start < 10
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.errors == []


def test_the_pages_run_under_the_policy_of_the_server(server, open_page):
    page = open_page()
    for kind in ("days/index.html", "search.html?q=3700", "simulator.html"):
        answer = page.goto(f"{server}/en/{kind}")
        assert "script-src 'self'" in answer.headers["content-security-policy"]
    page.locator("#form").wait_for()
    assert page.errors == []
    assert all(url.startswith(server) for url in page.asked)
