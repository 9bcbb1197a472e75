"""The search finds first what was meant, and shows its value and its state."""

import pytest
from browser_checks import DESKTOP

#: What is typed, and what a reader of the law expects first.
ASKED = {
    "fr": {
        "article 4": "Loi 2005-159, art. 4, al. 1",
        "art. 7": "Loi 2005-159, art. 7, al. 1",
        "VSI": "Loi 2005-159",
        "CFE": "Décret 2022-1067, art. 11",
        "L. 742-1": "Décret 2005-600, art. 12",
        "2 ans": "Loi 2005-159, art. 4, al. 1",
        "6 ans": "Loi 2005-159, art. 4, al. 1",
        "durée maximale": "Durée maximale du contrat",
        "1600": "Indemnité maximale en France",
        "1 600 €": "Indemnité maximale en France",
        "PREAVIS": "Préavis minimal de rupture",
        "mutuelle": "L'assurance maladie complémentaire est due",
        "conjoint": "Protection sociale : risques couverts pour les ayants droit",
        "pension": "Retraite : jours pour un trimestre",
        "reinstalation": "Indemnité de réinstallation",
        "l'indemnité maximale": "Indemnité maximale en France",
        "Sénégal": "Sénégal",
        "Guadeloupe": "Guadeloupe",
    },
    "en": {
        "article 4": "Loi 2005-159, art. 4, al. 1",
        "2 years": "Loi 2005-159, art. 4, al. 1",
        "VSI": "Loi 2005-159",
        "pension": "Retirement: days for a quarter",
        "spouse": "Social security: risks covered for dependants",
        "resetlement": "Resettlement allowance",
        "Senegal": "Senegal",
        "Kosovo": "Kosovo",
    },
}


@pytest.fixture(scope="module")
def page(site, open_page):
    opened = open_page(DESKTOP)
    opened.base = site.as_uri()
    return opened


def results(page, language, asked):
    """List what is found, as plain text."""
    page.goto(f"{page.base}/{language}/search.html")
    page.get_by_role("searchbox").fill(asked)
    return [
        one.replace("\u00a0", " ").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for one in page.locator("#results li").all_inner_texts()
    ]


@pytest.mark.parametrize("language", ASKED)
def test_search_finds_first_what_was_meant(page, language):
    for asked, first in ASKED[language].items():
        found = results(page, language, asked)
        assert found, asked
        said = found[0].split("\n")[0]
        assert first in said, (asked, found[:3])
        assert page.errors == []


def test_a_short_word_is_found_whole(page):
    """RSA is not in anniversaire."""
    found = results(page, "fr", "RSA")
    assert len(found) > 3
    assert not any("nniversaire" in one for one in found)
    assert all("RSA" in one or "revenu minimum" in one for one in found[:4])


def test_a_result_shows_its_value_how_sure_it_is_and_what_was_repealed(page):
    first = results(page, "en", "maximum allowance in France")[0]
    assert "€1,600 a month" in first
    assert "official page" in first
    found = results(page, "en", "article 14")
    repealed = [place for place, one in enumerate(found) if "repealed" in one]
    in_force = [place for place, one in enumerate(found) if "2022-1067" in one]
    assert in_force
    assert repealed
    assert min(in_force) < min(repealed)


def test_a_country_says_whether_it_is_open(page):
    assert "exclues" in results(page, "fr", "Allemagne")[0]
    assert "ouvert, sauf" in results(page, "fr", "Sénégal")[0]
    assert "Counts as Denmark" in results(page, "en", "Greenland")[0]
    assert "Open since 6 August 2021" in results(page, "en", "France")[0]
