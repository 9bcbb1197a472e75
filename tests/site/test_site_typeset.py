"""French and English are set as they are printed, by one function."""

import re

import pytest

from openfisca_isv.typeset import typeset, typeset_html

APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("fr", "l'article", "l^article"),
        ("fr", "Pourquoi : non ; « oui »", "Pourquoi~: non~; «~oui~»"),
        ("fr", "Pourquoi: non", "Pourquoi~: non"),
        ("fr", "1 600 € par mois", "1~600~€ par mois"),
        ("fr", "Loi n° 2005-159, art. 4, al. 1", "Loi n°~2005-159, art.~4, al.~1"),
        ("fr", "24 mois, 2 ans, 3 700 euros", "24~mois, 2~ans, 3~700~euros"),
        ("fr", "https://a.example/b", "https://a.example/b"),
        ("fr", "9 décembre 2022", "9 décembre 2022"),
        ("en", "the volunteer's: 24 months", "the volunteer^s: 24~months"),
        ("en", "art. 4, al. 1; arts 3", "art.~4, al.~1; arts~3"),
    ],
)
def test_a_text_is_typeset_once_and_for_all(language, text, said):
    said = said.replace("~", "\u00a0").replace("^", APOSTROPHE)
    assert typeset(text, language) == said
    assert typeset(said, language) == said


def test_code_addresses_and_other_languages_stay_as_they_are():
    page = (
        "<p title=\"l'été ?\">L&#39;an : <code>f('a': 1)</code></p>"
        '<li lang="en">One: two</li><a href="x?y=l\'a">&amp; : b</a>'
    )
    assert typeset_html(page, "fr").replace("\u00a0", "~").replace(APOSTROPHE, "^") == (
        "<p title=\"l^été~?\">L^an~: <code>f('a': 1)</code></p>"
        '<li lang="en">One: two</li><a href="x?y=l\'a">&amp;~: b</a>'
    )


def test_no_french_page_has_a_straight_apostrophe_or_a_loose_sign(every_html):
    looked_at = 0
    for path, page in every_html.items():
        if not path.startswith("fr/"):
            continue
        text = re.sub(r"(?s)<(script|code|pre)\b.*?</\1>", "", page)
        text = re.sub(r'(?s)<(\w+)[^>]* lang="en".*?</\1>', "", text)
        text = re.sub(r"<[^>]+>", " ", text)
        assert not re.search(r"\w'\w|\w [;?!]|« ", text), path
        looked_at += 1
    assert looked_at > 400
