"""The register of provisions: a loop from the law to the code and back, closed.

Each check says in words what is wrong, and that it looked at something.
"""

import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest
import yaml

import openfisca_isv
from openfisca_isv.law import TEXTS, cited, computed_provisions, provisions
from openfisca_isv.law.documentation import REASONS
from openfisca_isv.law.evidence import yaml_tests

PACKAGE = Path(openfisca_isv.__file__).parent
LAW = PACKAGE / "law"
PARAMETERS = PACKAGE / "parameters"
NOT_TEXTS = {"index", "readings"}

CERTAINTIES = {"primary", "official-secondary", "secondary", "inferred"}
TEXT_FIELDS = {"title", "short_title", "address"}
OPTIONAL_TEXT_FIELDS = {
    *("title_fr", "nor", "legifrance", "articles", "published", "in_force"),
    *("repealed", "repealed_by"),
}
VERSION_FIELDS = {"from", "summary", "summary_fr", "certainty"}
OPTIONAL_VERSION_FIELDS = {"to", "day_certainty", "address", "read_at", "as_of"}
#: Words by which a summary would lean on another version, or speak of its own state.
REFERENCES_BACK = re.compile(
    r"\bthe same (?:\w+ )?(?:limits?|dut(?:y|ies)|risks?|notice|accreditation|rules?)\b"
    r"|^the same\b|\bunchanged|\bno change|\bas (?:before|today|above)|\btoday\b"
    r"|(?:^|\. )repealed|\bnot seen|\bwas read|\bread in\b"
    r"|\bsans changement|\binchang|\baujourd'hui|\bcomme (?:avant|précédemment)"
    r"|^l(?:es|a|e) (?:\w+ )?mêmes?\b|(?:^|\. )abrogé|\bpas été vue?s?\b|\blue? dans\b",
    re.IGNORECASE,
)
#: Nodes whose values are facts older than the law that uses them.
FACTS_OLDER_THAN_THE_LAW = (
    "host_country.european_union",
    "host_country.european_economic_area",
)


def load(file):
    """Read a YAML file."""
    return yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)


@pytest.fixture(scope="module")
def register():
    """Read the provisions, in the order of the texts, duplicates included."""
    found = [one for text in TEXTS for one in load(LAW / f"{text}.yaml")["provisions"]]
    assert found, "the register is empty"
    return found


@pytest.fixture(scope="module")
def versions(register):
    """List the versions of all provisions, each with its provision's identifier."""
    return [(one["id"], version) for one in register for version in one["versions"]]


def parameter_leaves(node, name):
    """Go through the parameters of a loaded file: name and content of each."""
    if "values" in node or "brackets" in node:
        yield name, node
    elif isinstance(node, dict):
        for key, child in node.items():
            if isinstance(child, dict):
                yield from parameter_leaves(child, f"{name}.{key}")


def parameter_citations():
    """List what parameters cite: file, parameter, day, provision.

    A file that holds several parameters is named in the register, and not each.
    """
    found = []
    for path in sorted(PARAMETERS.rglob("*.yaml")):
        name = ".".join(path.relative_to(PARAMETERS).with_suffix("").parts)
        for parameter, content in parameter_leaves(load(path), name):
            for day, references in content["metadata"]["reference"].items():
                found += [
                    (name, parameter, day, reference["provision"])
                    for reference in references
                    if "provision" in reference
                ]
    assert found, "no parameter cites a provision"
    return found


def variable_citations(system):
    """List what variables cite: variable and provision."""
    found = [
        (name, cited(reference))
        for name, variable in system.variables.items()
        for reference in variable.reference
    ]
    assert found, "no variable cites a provision"
    return found


@pytest.fixture(scope="module")
def computed(system):
    """List the provisions that a variable or a parameter cites."""
    found = [
        one for one in computed_provisions(system).values() if "computed_by" in one
    ]
    assert found, "nothing cites a provision"
    return found


# The texts.


def test_each_text_has_its_file_and_each_file_its_text():
    """No text of the index without provisions, no file outside the index."""
    files = {file.stem for file in LAW.glob("*.yaml")} - NOT_TEXTS
    assert files, "no file of provisions"
    assert files == set(TEXTS), "files and texts of the index differ: " + ", ".join(
        sorted(files ^ set(TEXTS))
    )
    empty = [text for text in TEXTS if not load(LAW / f"{text}.yaml")["provisions"]]
    assert not empty, f"texts without a provision: {empty}"


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_says_what_it_is(text):
    """A text has a title and an address, and days in their order."""
    about = TEXTS[text]
    assert TEXT_FIELDS <= set(about) <= TEXT_FIELDS | OPTIONAL_TEXT_FIELDS, (
        f"{text} has fields missing or unknown: {sorted(about)}"
    )
    assert about["address"].startswith("http"), f"{text} has no address"
    days = [about[key] for key in ("published", "in_force", "repealed") if key in about]
    assert all(type(day) is date for day in days), f"{text}: a day is not a date"
    assert days == sorted(days), f"{text}: published, in force, repealed: {days}"
    assert ("repealed" in about) == ("repealed_by" in about)
    if "repealed" in about:
        assert TEXTS[about["repealed_by"]]["in_force"] == about["repealed"]


# The provisions.


def test_each_identifier_stands_once(register):
    """No two provisions have one identifier."""
    twice = [name for name, n in Counter(o["id"] for o in register).items() if n > 1]
    assert not twice, f"identifiers that stand twice: {twice}"


def test_identifiers_say_the_place(register):
    """A provision is an article, or one of its paragraphs, counted from 1."""
    paragraphs = defaultdict(list)
    for text in TEXTS:
        for one in load(LAW / f"{text}.yaml")["provisions"]:
            assert one["article"].startswith(f"{text}-"), (
                f"{one['id']} stands in the file of {text}, which its article is not of"
            )
    for one in register:
        place = re.fullmatch(re.escape(one["article"]) + r"(?:-al-(\d+))?", one["id"])
        assert place, f"{one['id']} is not a place in the article {one['article']}"
        paragraphs[one["article"]].append(place[1])
    assert paragraphs
    for article, numbers in paragraphs.items():
        expected = [str(number) for number in range(1, len(numbers) + 1)]
        assert numbers in (expected, [None]), (
            f"the paragraphs of {article} are not 1 to {len(numbers)}: {numbers}"
        )


def test_each_provision_is_computed_or_says_why_not(system):
    """A provision is cited, or says why nothing computes it, in two languages."""
    for one in computed_provisions(system).values():
        where = one["id"]
        assert ("computed_by" in one) != ("not_computed" in one), (
            f"{where} is neither cited nor said not to be computed, or both: "
            f"{one.get('computed_by')}"
        )
        if "not_computed" in one:
            why = one["not_computed"]
            assert set(why) == {"reason", "explanation", "explanation_fr"}, where
            assert why["reason"] in REASONS, f"{where}: reason {why['reason']!r}"
            assert all(text.strip() for text in why.values()), where


def test_versions_have_two_summaries_and_a_known_certainty(versions):
    """A version says what the text says, in two languages, and how sure it is."""
    for name, version in versions:
        where = f"{name}, version of {version.get('from')}"
        assert (
            VERSION_FIELDS <= set(version) <= VERSION_FIELDS | OPTIONAL_VERSION_FIELDS
        ), f"{where}: fields missing or unknown: {sorted(version)}"
        assert version["summary"].strip(), f"{where}: no summary in English"
        assert version["summary_fr"].strip(), f"{where}: no summary in French"
        assert version["summary"] != version["summary_fr"], f"{where}: one language"
        assert version["certainty"] in CERTAINTIES, f"{where}: {version['certainty']}"
        assert version.get("day_certainty", "inferred") in CERTAINTIES, where
        if version["certainty"] != "inferred":
            assert "read_at" in version, f"{where}: where was it read?"
        if "as_of" in version:
            assert type(version["as_of"]) is date, f"{where}: {version['as_of']!r}"
            assert "read_at" in version, f"{where}: where was it read?"


def test_a_summary_stands_alone(versions):
    """A summary says all that its own version says, and nothing of its sources."""
    lean = [
        f"{name}, version of {version['from']}: {version[key]}"
        for name, version in versions
        for key in ("summary", "summary_fr")
        if REFERENCES_BACK.search(version[key])
    ]
    assert not lean, "\n".join(lean)


@pytest.mark.parametrize(
    "text",
    [
        "The same two limits, two years and six years.",
        "A commission is set up. Repealed.",
        "The same risks as today.",
        "Sans changement, sinon que la collaboration lie le groupement.",
        "Les trois mêmes devoirs, qui incombent aussi aux groupements.",
        "Les mêmes risques qu'aujourd'hui.",
    ],
)
def test_a_reference_back_is_found(text):
    """The check of summaries finds what it is there to find."""
    assert REFERENCES_BACK.search(text)


def test_an_unseen_text_says_nothing(register):
    """What was not seen is said to be unknown, and not guessed."""
    unseen = [
        (one["id"], version)
        for one in register
        for version in one["versions"]
        if "read_at" not in version and "not_computed" in one
    ]
    assert unseen, "every text was seen"
    for name, version in unseen:
        assert version["certainty"] == "inferred", name
        assert version["summary"] == "What it says is unknown.", name


def test_a_title_that_is_partly_english_is_also_french(register):
    """A title that says more than a place in a text is said in both languages."""
    wrong = [
        one["id"]
        for one in register
        if ("title_fr" in one) != bool(re.search(r"[:]| and those", one["title"]))
    ]
    assert not wrong, f"French title missing, or for nothing: {wrong}"


def test_provisions_live_while_their_text_does(register):
    """No version starts before its text is in force, or outlives its repeal."""
    looked_at = 0
    for one in register:
        text = TEXTS[next(text for text in TEXTS if one["id"].startswith(f"{text}-"))]
        first, last = one["versions"][0]["from"], one["versions"][-1].get("to")
        if "in_force" in text:
            looked_at += 1
            assert first >= text["in_force"], f"{one['id']} starts before its text"
        if "repealed" in text:
            assert last, f"{one['id']} is in force, and its text is repealed"
            assert last < text["repealed"], f"{one['id']} outlives its text"
    assert looked_at


# The loop between the register and the code.


def test_citations_exist_in_the_register(system):
    """What a variable or a parameter cites is a provision of the register."""
    register = provisions()
    unknown = [
        f"{who} cites {what}"
        for who, what in [
            *variable_citations(system),
            *((parameter, what) for _, parameter, _, what in parameter_citations()),
        ]
        if what not in register
    ]
    assert not unknown, "not in the register: " + "; ".join(unknown)


def test_parameters_cite_provisions_in_force_on_their_day():
    """A value cites a provision that is in force on the day the value applies."""
    register = provisions()
    looked_at = 0
    wrong = []
    for name, parameter, day, what in parameter_citations():
        first = register[what]["versions"][0]["from"]
        if name in FACTS_OLDER_THAN_THE_LAW and day < first:
            continue
        looked_at += 1
        if not any(
            version["from"] <= day <= version.get("to", date.max)
            for version in register[what]["versions"]
        ):
            wrong.append(f"{parameter} of {day} cites {what}, not in force that day")
    assert looked_at
    assert not wrong, "; ".join(wrong)


# The loop between the register and the tests.


def test_each_computed_provision_is_tested(computed):
    """A provision that is computed is cited by a YAML test."""
    tests = yaml_tests()
    assert tests, "there is no YAML test"
    untested = [
        one["id"] for one in computed if not any(test.cites(one) for test in tests)
    ]
    assert not untested, (
        "computed, and cited by no YAML test (by itself in `keywords`, or by its "
        f"article in a test of a variable that computes it): {untested}"
    )


def test_each_keyword_is_a_provision_or_an_article(register):
    """What a YAML test cites exists."""
    known = {name for one in register for name in (one["id"], one["article"])}
    unknown = [
        f"{test.file}, {test.name!r}: {keyword}"
        for test in yaml_tests()
        for keyword in sorted(test.keywords - known)
    ]
    assert any(test.keywords for test in yaml_tests()), "no YAML test has a keyword"
    assert not unknown, "keywords that are no provision: " + "; ".join(unknown)
