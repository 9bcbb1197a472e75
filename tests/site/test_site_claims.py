"""The pages claim no more than is known: of what time, how sure, until when."""

import re
from html import unescape

import pytest
from browser_checks import DESKTOP, PHONE
from click.testing import CliRunner

from openfisca_isv.web.site.commands import site as site_command

LANGUAGES = ("en", "fr")


def text_of(source):
    """Return the text of a page, its tags as spaces."""
    source = re.sub(r"(?s)<(script|style|svg|title)\b.*?</\1>", " ", source)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", source)).split())


def rows_of(source):
    """List the rows of the tables of figures of a page: texts, and sources."""
    return [
        row
        for table in re.findall(r'(?s)<table class="[^"]*figures.*?</table>', source)
        for row in re.findall(r"(?s)<tr><th scope=\"row\">.*?</tr>", table)
    ]


def test_a_repealed_article_shows_the_figures_of_its_own_time(every_html):
    """Decree of 2005, art. 14: 24 months, or 12; that of 2022: 12, or 6."""
    old = text_of(every_html["en/law/decret-2005-600-art-14.html"])
    assert "Repealed on 31 July 2022. Replaced by: Décret 2022-1067" in old
    assert "24 months from 30 May 2005 to 30 July 2022" in old
    assert "6 months" not in old
    new = text_of(every_html["en/law/decret-2022-1067-art-14.html"])
    assert "6 months since 31 July 2022" in new
    assert "24 months from" not in new
    order = text_of(every_html["fr/law/arrete-2005-12-21-allowance.html"])
    assert "100 € par mois du 25 décembre 2005 au 8 décembre 2022" in order.replace(
        "\u00a0", " "
    )
    assert "150 €" not in order.replace("\u00a0", " ")


def test_nothing_is_both_read_and_not_seen(every_html):
    examined = 0
    for path, source in every_html.items():
        for found in re.findall(r'(?s)<p class="source">(.*?)</p>', source):
            said = text_of(found)
            examined += 1
            if "Not seen" in said or "Non vu" in said:
                assert "Read at" not in said, path
                assert "Lu sur" not in said, path
    assert examined > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_says_how_sure_it_is(every_html, language):
    pages = ("index.html", "days/2022-12-09.html", "variables/allowance_minimum.html")
    for page in pages:
        rows = rows_of(every_html[f"{language}/{page}"])
        assert rows, page
        for row in rows:
            assert 'class="certainty ' in row, (page, text_of(row))


def test_every_page_says_when_the_law_was_last_checked(every_html, law):
    day = law.last_check
    assert str(day) == "2026-01-28"
    for path, source in every_html.items():
        if path.startswith("en/"):
            assert "Law last checked on 28 January 2026." in text_of(source), path


def test_what_is_not_known_is_not_said_to_be_not_yet(every_html):
    day = text_of(every_html["en/days/2020-01-01.html"])
    assert "not known" in day
    assert "none yet" not in day
    assert "pas encore →" not in text_of(every_html["fr/days/2020-01-01.html"])


def test_the_days_tell_apart_texts_states_and_what_is_known(law, every_html):
    kinds = {str(day.day): day.kind for day in law.days}
    assert kinds["2022-12-09"] == kinds["2021-08-06"] == "text"
    assert kinds["2013-07-01"] == "membership"
    assert kinds["2021-07-01"] == "known"
    index = text_of(every_html["fr/days/index.html"])
    assert "Les textes changent" in index
    assert "L'état de nos connaissances change" in index


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_is_a_table_in_the_language_of_the_page(every_html, language):
    source = every_html[f"{language}/source/tests/yaml/duration.yaml.html"]
    said = {"en": ("Situation", "Answer"), "fr": ("Situation", "Réponse")}[language]
    tables = re.findall(r'(?s)<table class="test-table">.*?</table>', source)
    assert len(tables) > 5
    for table in tables:
        assert all(word in text_of(table) for word in said[1:])
    day = {"en": "1 January 2022", "fr": "1er janvier 2022"}[language]
    assert day in text_of(source)
    assert "Loi 2005-159, art. 4" in text_of(source)


def test_a_rule_is_told_in_steps_with_its_code_folded(every_html):
    source = every_html["fr/variables/allowance_minimum.html"]
    steps = re.findall(r"(?s)<ol class=\"steps\">.*?</ol>", source)
    assert len(steps) == 1
    assert "La mission s'accomplit en France" in text_of(steps[0])
    folded = re.findall(r'(?s)<details class="code-folded">.*?</details>', source)
    assert len(folded) == 1
    assert "def formula" in text_of(folded[0])
    assert "def formula" not in text_of(source.replace(folded[0], ""))


def test_another_reading_is_named_where_it_changes_something(every_html):
    page = text_of(every_html["en/variables/leave_days_total.html"])
    assert "Under another reading" in page


def test_the_address_for_errors_is_one_setting(tmp_path, every_html):
    assert "No address is given for these pages" in every_html["en/about.html"]
    folder = tmp_path / "pages"
    asked = ["--out", str(folder), "--contact", "mailto:droit@example.org"]
    assert CliRunner().invoke(site_command, asked).exit_code == 0
    about = (folder / "fr" / "about.html").read_text("utf-8")
    assert 'href="mailto:droit@example.org"' in about
    wrong = CliRunner().invoke(site_command, [*asked[:3], "javascript:alert(1)"])
    assert wrong.exit_code == 2
    assert "javascript:alert(1) is not an address" in wrong.output
