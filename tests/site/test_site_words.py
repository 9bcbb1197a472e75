"""Both languages say everything, and nothing is said that no page asks for."""

import ast
import re
from pathlib import Path
from string import Formatter

import pytest
from english_texts import english_texts

from openfisca_isv.web import site as package
from openfisca_isv.web.site.french import catalogue, fingerprint
from openfisca_isv.web.site.languages import Language, strings

FOLDER = Path(package.__file__).parent
#: Keys that a page makes of a name of the model: their beginnings.
MADE = re.compile(
    "because|certainty|door|kind|entity|example|found|group|hint|item|nav|period|reason|subject"
    "|role|type|unit|about_reading|about_limits|checked_|tests_|words_|row_|js_unmet"
)


@pytest.fixture(scope="module")
def sources():
    files = [
        *FOLDER.rglob("*.py"),
        *FOLDER.rglob("*.html"),
        *FOLDER.rglob("*.js"),
    ]
    return {file: file.read_text("utf-8") for file in files}


def test_every_string_is_in_both_languages_with_the_same_parts():
    assert len(strings()) > 200
    for key, words in strings().items():
        assert set(words) == {"en", "fr"}, key
        parts = [
            {name for _, name, _, _ in Formatter().parse(text) if name}
            for text in words.values()
        ]
        assert parts[0] == parts[1], key
        assert all(text.strip() for text in words.values()), key


def test_every_string_is_used(sources):
    text = "\n".join(sources.values())
    unused = set()
    for key in strings():
        name = key.removeprefix("js_")
        name = re.sub("_(one|many)$", "", name)
        if MADE.match(key) or f'"{name}"' in text or f"'{name}'" in text:
            continue
        unused.add(key)
    assert unused == set()


def test_every_key_that_a_page_names_is_a_string(sources):
    asked = set()
    for file, text in sources.items():
        if file.suffix == ".html":
            asked |= set(re.findall(r"\bt\([\"']([a-z_-]+)[\"']\s*[,)]", text))
        if file.suffix == ".py":
            asked |= set(re.findall(r"(?:\bt|\.text)\(\s*\"([a-z_-]+)\"", text))
        if file.suffix == ".js":
            asked |= {f"js_{key}" for key in re.findall(r"say\(\"(\w+)\"", text)}
    assert len(asked) > 150
    assert asked - set(strings()) == set()


def test_every_name_of_the_model_that_a_page_shows_has_its_words(law):
    wanted = {f"subject_{rule.subject}" for rule in law.variables.values()}
    wanted |= {f"group_{name.replace('.', '_')}" for name in law.all_groups}
    wanted |= {f"entity_{entity.key}" for entity in law.system.entities}
    assert len(wanted) > 40
    assert wanted - set(strings()) == set()


def test_the_french_of_every_english_text_is_there_and_up_to_date(law):
    texts = list(english_texts(law))
    assert len(texts) > 200
    behind = {
        (one.kind, one.name): f"bring it up to date, of: {fingerprint(one.text)}"
        for one in texts
        if catalogue(one.kind).get(one.name, {}).get("of") != fingerprint(one.text)
    }
    assert behind == {}
    for kind in {one.kind for one in texts}:
        named = {one.name for one in texts if one.kind == kind}
        assert set(catalogue(kind)) - named == set(), f"{kind}: of nothing any more"


def test_no_prose_of_a_french_page_is_english(every_html):
    french = {path: text for path, text in every_html.items() if path[:3] == "fr/"}
    assert len(french) > 300
    assert [path for path, text in french.items() if 'class="spoken"' in text] == []


def test_every_test_of_the_law_has_its_french_name(law):
    french = Language("fr", law.members)
    names = [test.name for test in law.tests]
    assert len(names) > 300
    assert [name for name in names if french.test(name)[1] != "fr"] == []
    places = {french.test(name)[0].partition("\u00a0: ")[0] for name in names}
    english = re.compile(r"\b(and|reading|in a|before|arts)\b")
    assert [place for place in places if english.search(place)] == []
    said = {name.partition(": ")[2] for name in names}
    assert set(catalogue("tests")) - said == set(), "of nothing any more"


def test_every_module_has_its_docstring():
    modules = list(FOLDER.rglob("*.py"))
    assert len(modules) > 20
    for module in modules:
        assert ast.get_docstring(ast.parse(module.read_text("utf-8"))), module
