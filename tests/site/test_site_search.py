"""The search finds first what was meant, and shows its value and its state."""

import pytest
from browser_checks import DESKTOP


@pytest.mark.parametrize(
    ("language", "asked", "first"),
    [
        ("fr", "article 4", "Loi 2005-159, art. 4, al. 1"),
        ("fr", "art. 7", "Loi 2005-159, art. 7, al. 1"),
        ("en", "article 4", "Loi 2005-159, art. 4, al. 1"),
        ("fr", "RSA", "Fiche F11444 : droits au RSA"),
        ("fr", "mutuelle", "L'assurance maladie complémentaire est due"),
        ("en", "pension", "Retirement quarters for the year at most"),
        ("fr", "reinstalation", "Fiche F11444 : indemnité de réinstallation"),
    ],
)
def test_search_finds_first_what_was_meant(server, open_page, language, asked, first):
    page = open_page(DESKTOP)
    page.goto(f"{server}/{language}/search.html?q={asked}")
    found = page.locator("#results li a").all_inner_texts()
    assert found[0].replace("\u00a0", " ").startswith(first), found[:3]
    words = " ".join(found).lower()
    assert asked != "RSA" or "anniversaire" not in words


def test_a_result_shows_its_value_and_what_was_repealed(server, open_page):
    page = open_page(DESKTOP)
    page.goto(f"{server}/en/search.html?q=maximum allowance in France")
    assert "€1,600" in page.locator("#results li").first.inner_text()
    page.goto(f"{server}/en/search.html?q=article 14")
    results = page.locator("#results li").all_inner_texts()
    repealed = [place for place, one in enumerate(results) if "repealed" in one]
    in_force = [place for place, one in enumerate(results) if "2022-1067" in one]
    assert in_force
    assert repealed
    assert min(in_force) < min(repealed)
