"""The pages claim no more than is known: of what time, how sure, until when."""

import re
from datetime import date

import pytest
from browser_checks import PHONE
from html_pages import Reader, text_of

from openfisca_isv.law import TEXTS

LANGUAGES = ("en", "fr")
UNSEEN = {"en": "Not seen.", "fr": "Non vu."}
TABLE = re.compile(r'<table class="[^"]*figures.*?</table>', re.DOTALL)
SUMMARY = re.compile(r'<p class="summary[^"]*">.*?</p>', re.DOTALL)
READ = {"en": re.compile("Read (in|at)"), "fr": re.compile(r"Lu (dans|sur)")}


def test_a_repealed_article_shows_the_values_of_its_own_time(every_html):
    """24 months and 12, not 12 and 6; 75 euros, not 150; and what replaced them."""
    page = every_html["fr/law/decret-2005-600-art-14.html"]
    table = text_of(*re.findall(r"<table.*?</table>", page, re.DOTALL))
    assert "24 mois" in table
    assert "6 mois" not in table
    assert "depuis le" not in table
    assert table.count("du 30 mai 2005 au 30 juillet 2022") == 5
    assert "Remplacé par" in page
    assert 'href="decret-2022-1067-art-14.html' in page
    page = every_html["en/law/arrete-2005-12-21-state-aid.html"]
    table = text_of(*re.findall(r"<table.*?</table>", page, re.DOTALL))
    for value in ("€272 a month", "€75 a month"):
        assert value in table
    for later in ("390", "150"):
        assert later not in table


@pytest.mark.parametrize("page", ["decret-2005-600", "decret-2005-600-art-1"])
def test_a_repealed_text_is_told_from_an_article_that_ended_before(every_html, page):
    """The decree ended on 30 July 2022, its first article on 31 December 2019."""
    said = text_of(every_html[f"en/law/{page}.html"])
    assert "text was repealed on 31 July 2022, and replaced by: Décret 2022" in said
    said = text_of(every_html[f"fr/law/{page}.html"])
    assert "Texte abrogé le 31 juillet 2022, remplacé par : Décret 2022-1067" in said
    assert "abrogé" not in text_of(every_html["fr/law/decret-2022-1067.html"])


def test_no_article_shows_a_value_after_its_own_end(law):
    """Of each provision that ended, every value begins before the end."""
    looked_at = 0
    for provision in law.provisions.values():
        end = provision["versions"][-1].get("to")
        for _, version in law.values_set_by(provision) if end else ():
            assert version.start <= end, provision["id"]
            looked_at += 1
    assert looked_at > 20


def test_what_was_not_seen_is_not_said_to_be_read(every_html, law):
    """On the page of an article, each version is either read or not seen."""
    looked_at = 0
    for article in law.articles:
        for code, unseen in UNSEEN.items():
            page = every_html[f"{code}/law/{article.name}.html"]
            sources = re.findall(r'<p class="source">(.*?)</p>', page, re.DOTALL)
            versions = [one for two in article.provisions for one in two["versions"]]
            assert len(sources) >= len(versions)
            for said in sources:
                is_unseen = unseen in said
                assert is_unseen != bool(READ[code].search(said)) or (
                    re.search("Inferred|Déduit", said)
                ), (article.name, said)
                looked_at += is_unseen
    assert looked_at >= 10


def test_what_was_not_read_in_its_own_text_is_counted(law, every_html):
    """Laws of 2010 (1) and 2021 (2); decrees of 2000 (1), 2008 (1), 2019 (2) and 2022,
    arts 4, 6, 7, 12 and from 15 on (5); orders of 2005 (4) and 2022 (5)."""
    for path, said in (
        ("en/index.html", "of 115 provisions, 21 were not read in their own text"),
        ("fr/index.html", "sur 115 dispositions, 21 n'ont pas été lues dans leur"),
        ("en/law/index.html", "21 were not read in their own text"),
        ("fr/law/index.html", "21 n'ont pas été lus dans leur texte même"),
    ):
        assert said in text_of(every_html[path]), path
    page = text_of(every_html["en/law/arrete-2022-12-01-premium.html"])
    assert "article not seen" in page
    assert "Read at cap-metiers.pro, which reports it." in page
    page = text_of(every_html["fr/law/arrete-2022-12-01-allowance.html"])
    assert "Lu sur github.com, qui le rapporte, état au 28 janvier 2026." in page


def test_every_figure_has_its_certainty_beside_it(every_html):
    """In each table of figures, each row has a badge in the cell of the value."""
    looked_at = 0
    for path, page in every_html.items():
        for table in re.findall(
            r'<table class="[^"]*figures.*?</table>', page, re.DOTALL
        ):
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL):
                if "<td>" not in row or "colspan" in row:
                    continue
                assert 'class="certainty ' in row, (path, row)
                looked_at += 1
    assert looked_at > 3_000


def test_every_summary_has_its_certainty_beside_it(every_html, law):
    looked_at = 0
    for code in UNSEEN:
        for text in law.texts:
            page = every_html[f"{code}/{text.url}"]
            for summary in re.findall(
                r'<p class="summary[^"]*">.*?</p>', page, re.DOTALL
            ):
                assert 'class="certainty ' in summary, summary
                looked_at += 1
        for article in law.articles:
            page = every_html[f"{code}/{article.url}"]
            for version in re.findall(r'<p class="when">.*?</p>', page, re.DOTALL):
                assert 'class="certainty ' in version, version
                looked_at += 1
    assert looked_at > 400


def test_a_sign_says_that_a_value_hangs_on_a_reading(every_html):
    """Under one alternative the right at twelve months begins in December 2022."""
    page = every_html["fr/parameters/resettlement_allowance.minimum_months.html"]
    assert "selon une interprétation" in page
    assert "24 mois, du 31 juillet 2022 au 8 décembre 2022" in text_of(page)
    page = every_html["fr/parameters/duration.contract_maximum_months.html"]
    assert "certainty reading" not in page.partition("<footer")[0]


def test_a_rule_names_the_other_readings_that_would_change_it(every_html):
    page = every_html["en/variables/retirement_quarters.html"]
    assert "Under another reading" in page
    page = every_html["en/variables/mission_days.html"]
    assert "Under another reading" not in page


def test_the_kinds_of_change_are_told_apart(law):
    """The law of 2021 is a text; Croatia joins; a supplement becomes known."""
    kinds = {day.day: set(day.kinds) for day in law.days}
    assert kinds[date(2021, 8, 6)] == {"texts"}
    assert kinds[date(2013, 7, 1)] == {"memberships"}
    assert kinds[date(2021, 7, 1)] == {"known"}
    assert kinds[date(2022, 12, 8)] == {"known"}
    # Three texts of 2005; 2009; 2010; 2013; 2020; 2021; two texts of 2022.
    assert law.changes_of_texts == 10


def test_unknown_is_never_said_to_be_not_yet(every_html):
    days = [page for path, page in every_html.items() if path.startswith("fr/days/")]
    assert len(days) > 30
    assert [page for page in days if "pas encore" in page] == []
    # An order sets the minimum in France; a supplement of 2020 was only seen.
    said = text_of(every_html["fr/days/2022-12-09.html"])
    assert "Indemnité minimale en France non fixé 800 €" in said
    said = text_of(every_html["fr/days/2020-01-01.html"])
    assert "Afghanistan aucun connu" in said


def test_the_last_page_of_the_dates_says_until_when_the_law_is_known(every_html, law):
    assert law.last_check == date(2026, 1, 28)
    page = every_html[f"fr/{law.days[-1].url}"]
    assert "connu au 28 janvier 2026 au plus tard" in page
    page = every_html[f"fr/{law.days[-2].url}"]
    assert "connu au 28 janvier 2026 au plus tard" not in page


def test_texts_of_the_register_name_what_replaced_them(law, every_html):
    repealed = [
        one
        for one in law.provisions.values()
        if "replaced_by" in one and TEXTS[one["text"]].get("repealed")
    ]
    assert len(repealed) > 8
    for one in repealed:
        for name in one["replaced_by"]:
            article = law.provisions[name]["article"]
            page = every_html[f"en/law/{article}.html"]
            assert f'{one["article"]}.html#{one["id"]}"' in page
            assert Reader(page).mistakes == []


def test_every_page_says_when_the_law_was_last_checked(every_html):
    for path, source in every_html.items():
        if path.startswith("en/"):
            said = text_of(source)
            assert "Text of the law in its state of 3 December 2024" in said, path
            assert "last check of a figure: 28 January 2026" in said, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_after_the_state_of_the_text_says_so(server, open_page, language):
    """The text is known in its state of 3 December 2024; a figure was checked later."""
    page = open_page(PHONE)
    page.goto(f"{server}/{language}/days/2024-01-01.html#2024-12-03")
    assert "2026" not in page.locator("#asked").inner_text()
    page.goto("about:blank")
    page.goto(f"{server}/{language}/days/2024-01-01.html#2024-12-04")
    assert "2026" in page.locator("#asked").inner_text()
    assert "2024" in page.locator("p.beyond").inner_text()
    page.goto(f"{server}/{language}/days/2023-07-01.html")
    assert page.locator("p.beyond").count() == 0
    for day, is_beyond in (("2024-12-03", False), ("2024-12-04", True)):
        page.goto("about:blank")
        page.goto(f"{server}/{language}/days/compare.html#2022-12-08,{day}")
        page.locator("#differences .lead").wait_for()
        assert page.locator("#beyond").is_visible() == is_beyond


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_day_after_the_last_check_says_so(server, open_page, language):
    page = open_page(PHONE)
    page.goto(f"{server}/{language}/days/index.html")
    page.locator("#day").fill("2030-05-01")
    page.locator("#day-picker button").click()
    page.wait_for_url("**#2030-05-01")
    said = page.locator("#asked").inner_text()
    assert "2026" in said
    assert "2030" in said
    assert "had not changed" not in said
    assert "n'avait pas changé" not in said
