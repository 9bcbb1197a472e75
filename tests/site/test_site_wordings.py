"""Two versions side by side, with the changed words marked for eyes and ears."""

import re

import pytest
from browser_checks import DESKTOP, PHONE, violations
from html_pages import text_of

from openfisca_isv.web.site.content.articles import compare_words

#: The longest articles, and one of each kind beside.
ON_PAPER = (
    "loi-2005-159-art-1",
    "loi-2005-159-art-3",
    "loi-2005-159-art-4",
    "loi-2005-159-art-5",
    "decret-2005-600-art-14",
    "arrete-2022-12-01-art-1",
)


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("un an au plus", "un an au plus", [], []),
        ("un an au plus", "deux ans au plus", ["un an"], ["deux ans"]),
        ("à l'étranger.", "à l'étranger, ou en France.", [], [", ou en France"]),
        ("l'organisme, tenu ici", "l'organisme paie", [", tenu ici"], ["paie"]),
        ("un an, au plus", "un an au plus", [], []),
        # Nothing but small words in common: no word is marked.
        ("le chat de la voisine dort bien", "un vaste jardin de roses en mai", [], []),
    ],
)  # fmt: skip
def test_the_words_that_differ_are_found(before, after, removed, added):
    found = compare_words(before, after)
    sides = zip(found, (before, after), (removed, added), strict=True)
    for side, text, marked in sides:
        assert "".join(words for _, words in side) == text
        assert [words for is_marked, words in side if is_marked] == marked


def test_an_article_has_its_versions_side_by_side(site, open_page):
    """Article 1, paragraph 3: France and the goals of 2030 since 6 August 2021."""
    page = open_page(DESKTOP)
    page.goto(f"{site.as_uri()}/fr/law/loi-2005-159-art-1.html#loi-2005-159-art-1-al-3")
    pair = page.locator("[aria-labelledby=loi-2005-159-art-1-al-3] .wordings")
    old, new = pair.locator(".past"), pair.locator(".version:not(.past)")
    assert old.bounding_box()["x"] < new.bounding_box()["x"]
    assert old.locator("del").count() == 0
    added = [re.sub(r"\s", " ", one) for one in new.locator("ins").all_text_contents()]
    assert added[0] == "[ajouté : ou en France]"
    assert added[1].startswith("[ajouté : , en vue des objectifs")
    page.set_viewport_size(PHONE["viewport"])
    assert new.bounding_box()["y"] < old.bounding_box()["y"]
    assert violations(page) == []
    # Of three versions, the second stands in two pairs, and once in one column.
    page.goto(f"{site.as_uri()}/fr/law/loi-2005-159-art-9.html")
    assert page.locator(".version:visible").count() == 3
    page.set_viewport_size(DESKTOP["viewport"])
    assert page.locator(".version:visible").count() == 4


def test_the_words_of_two_days_are_marked_whichever_comes_first(site, open_page):
    page = open_page(PHONE)
    for days, lost, gained in (
        ("2021-08-05,2021-08-06", [], ["[added: or in France]"]),
        ("2021-08-06,2021-08-05", ["[removed: or in France]"], []),
    ):
        page.goto(f"{site.as_uri()}/en/days/compare.html#{days}")
        page.reload()
        found = page.locator(".differences li", has_text="Loi 2005-159, art. 1, al. 4")
        assert found.locator("del").all_text_contents() == lost
        assert found.locator("ins").all_text_contents() == gained
    assert page.errors == []


def test_a_day_shows_what_was_reworded(every_html):
    page = every_html["fr/days/2021-08-06.html"]
    assert page.count('<div class="wordings">') > 8
    assert "[ajouté : ou en France ]" in text_of(page)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_an_article_is_one_sheet_of_paper(site, open_page, language):
    page = open_page(DESKTOP)
    for name in ON_PAPER:
        page.goto(f"{site.as_uri()}/{language}/law/{name}.html")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1, name
    page.goto(f"{site.as_uri()}/{language}/law/loi-2005-159-art-4.html")
    page.emulate_media(media="print")
    for shown in (".summary", ".source", ".figures", ".readings", ".site-footer"):
        assert page.locator(shown).first.is_visible(), shown
    for hidden in ("nav", ".computed", ".tests"):
        assert not page.locator(hidden).first.is_visible(), hidden
