"""Rules are told in steps, tests in tables, and errors have an address."""

import re

import pytest
from click.testing import CliRunner
from html_pages import text_of

from openfisca_isv.web.site import build
from openfisca_isv.web.site.commands import site as site_command
from openfisca_isv.web.site.sections import others

LANGUAGES = ("en", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_is_a_table_in_the_language_of_the_page(every_html, language):
    source = every_html[f"{language}/tests/duration.html"]
    said = {"en": ("Situation", "Answer"), "fr": ("Situation", "Réponse")}[language]
    tables = re.findall(r'(?s)<table class="test-table">.*?</table>', source)
    assert len(tables) > 5
    for table in tables:
        assert all(word in text_of(table) for word in said[1:])
    day = {"en": "1 January 2022", "fr": "1er janvier 2022"}[language]
    assert day in text_of(source)
    assert "Loi 2005-159, art. 4" in text_of(source)
    source = text_of(every_html[f"{language}/tests/state_cost.html"])
    assert {"en": "Volunteer", "fr": "Volontaire"}[language] in source
    assert "ended 9999" not in source


def test_a_rule_is_told_in_steps_with_its_code_folded(every_html):
    source = every_html["fr/variables/allowance_minimum.html"]
    steps = re.findall(r"(?s)<ol class=\"steps\">.*?</ol>", source)
    assert len(steps) == 1
    assert "La mission s'accomplit en France" in text_of(steps[0])
    folded = re.findall(r'(?s)<details class="code-folded">.*?</details>', source)
    assert len(folded) == 1
    assert "def formula" in text_of(folded[0])
    assert "def formula" not in text_of(source.replace(folded[0], ""))


def test_the_address_for_errors_is_one_setting(tmp_path, every_html, monkeypatch):
    assert "No address is given for these pages" in every_html["en/about.html"]
    folder = tmp_path / "pages"
    monkeypatch.setattr(build, "_SECTIONS", (others,))
    asked = ["--out", str(folder), "--contact", "mailto:droit@example.org"]
    assert CliRunner().invoke(site_command, asked).exit_code == 0
    about = (folder / "fr" / "about.html").read_text("utf-8")
    assert 'href="mailto:droit@example.org"' in about
    wrong = CliRunner().invoke(site_command, [*asked[:3], "javascript:alert(1)"])
    assert wrong.exit_code == 2
    assert "javascript:alert(1) is not an address" in wrong.output
