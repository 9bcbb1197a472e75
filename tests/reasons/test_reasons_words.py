"""The catalogues are complete, and values are said as each language says them."""

import re
from datetime import date
from string import Formatter

import pytest
from explained import answer, situation, step
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.reasons.words import catalogue, words_of

ENGLISH = catalogue("en")
FRENCH = catalogue("fr")
#: Words that a French title does not have.
ENGLISH_WORDS = re.compile(
    r"\b(the|of|and|which|amounts|articles? not|seen|as modified|verified|aid|modified"
    r"|summary|by year|first published|countries|allowance|enlargement)\b",
    re.IGNORECASE,
)


def computed(system):
    """List the variables that are computed."""
    names = {
        name for name, one in system.variables.items() if not one.is_input_variable()
    }
    assert names
    return names


def test_every_variable_has_a_french_label(system):
    assert set(FRENCH["labels"]) == set(system.variables)


def test_every_computed_variable_has_a_french_rule(system):
    assert set(FRENCH["rules"]) == computed(system)
    assert set(ENGLISH["rules"]) <= computed(system)
    english = words_of("en")
    assert all(english.rule(system.variables[name]) for name in computed(system))


def test_every_member_of_an_enumeration_has_a_french_name(system):
    enumerations = {
        variable.possible_values
        for variable in system.variables.values()
        if variable.value_type is Enum
    }
    assert Country in enumerations
    for one in enumerations - {Country}:
        assert set(FRENCH["members"][one.__name__]) == set(one.__members__), one
    assert {one.__name__ for one in enumerations} == set(FRENCH["members"])
    french = words_of("fr")
    assert set(Country.__members__) == {"none", *COUNTRIES}
    assert french.member(Country.DE) == "Allemagne"
    assert words_of("en").member(Country.DE) == "Germany"


@pytest.mark.parametrize("section", ["phrases", "absent", "nodes", "if"])
def test_both_catalogues_have_the_same_keys(section):
    assert set(FRENCH[section]) == set(ENGLISH[section])
    assert FRENCH[section]


def test_phrases_have_the_same_parts():
    for key, english in ENGLISH["phrases"].items():
        parts = [
            {part for _, part, _, _ in Formatter().parse(text) if part}
            for text in (english, FRENCH["phrases"][key])
        ]
        assert parts[0] == parts[1], key


def test_every_input_has_a_supposition(system):
    inputs = set(system.variables) - computed(system)
    for sentences in (ENGLISH["if"], FRENCH["if"]):
        assert set(sentences) == inputs
        for name, said in sentences.items():
            is_bool = system.variables[name].value_type is bool
            assert isinstance(said, dict) is is_bool, name
            assert not is_bool or set(said) == {"true", "false"}, name


def test_every_day_that_may_be_none_says_so(system):
    inputs = {
        name
        for name, variable in system.variables.items()
        if variable.value_type is date
        and variable.is_input_variable()
        and variable.default_value.year == 9999
    }
    assert inputs == set(FRENCH["absent"])


def titles(system):
    """List the titles of the sources of parameters."""
    found = set()
    for parameter in system.parameters.get_descendants():
        for references in parameter.metadata.get("reference", {}).values():
            found |= {one["title"] for one in references}
    assert len(found) > 40
    return found


def test_every_title_of_a_source_is_french(system):
    french = words_of("fr")
    assert {one["en"] for one in FRENCH["titles"]} <= titles(system)
    wrong = [
        french.title(title)
        for title in titles(system)
        if ENGLISH_WORDS.search(french.title(title))
    ]
    assert not wrong


def test_every_table_of_countries_is_named(system):
    tables = {
        node.name
        for node in system.parameters.get_descendants()
        if isinstance(node, ParameterNode) and set(node.children) & set(COUNTRIES)
    }
    assert tables == set(FRENCH["nodes"])


def test_every_parameter_has_a_unit_and_period_that_can_be_said(system):
    for parameter in system.parameters.get_descendants():
        if isinstance(parameter, Parameter) and "unit" in parameter.metadata:
            per = parameter.metadata["period"]
            if parameter.metadata["unit"] == "currency-EUR" and per != "none":
                assert f"per_{per}" in FRENCH["phrases"]


SAID = [
    ("en", 1234.5, "currency-EUR", "€1,234.50"),
    ("fr", 1234.5, "currency-EUR", "1 234,50 €"),
    ("en", 150, "currency-EUR", "€150"),
    ("fr", 150, "currency-EUR", "150 €"),
    ("en", 1, "month", "1 month"),
    ("fr", 24, "month", "24 mois"),
    ("en", 0, "day", "0 days"),
    ("fr", 0, "day", "0 jour"),
    ("fr", 1.5, "year", "1,5 an"),
    ("en", 0.15, "/1", "15%"),
    ("fr", 0.548387, "/1", "54,84 %"),
    ("en", 4, "none", "4"),
]


@pytest.mark.parametrize(("language", "number", "unit", "said"), SAID)
def test_a_number_is_said_with_its_unit(language, number, unit, said):
    assert words_of(language).quantity(number, unit).replace("\u00a0", " ") == said


def test_a_day_is_said_in_full():
    assert words_of("en").day(date(2025, 12, 31)) == "31 December 2025"
    assert words_of("fr").day(date(2025, 12, 31)) == "31 décembre 2025"
    assert words_of("fr").day(date(2005, 1, 1)) == "1er janvier 2005"
    assert words_of("en").day(date(9999, 12, 31)) == "none"
    assert words_of("fr").day(date(1970, 1, 1)) == "inconnu"
    assert words_of("fr").period("2024-08") == "août 2024"
    assert words_of("fr").period("ETERNITY") is None


@pytest.mark.parametrize(("language", "said"), [("en", "none"), ("fr", "néant")])
def test_none_that_is_stated_is_not_unknown(system, language, said):
    asked = situation(host_country="FR", asked={"host_country_is_open": "ETERNITY"})
    explained = answer(system, asked, language)
    assert step(explained, "second_nationality")["text"] == said


def test_a_language_without_a_catalogue_is_refused():
    with pytest.raises(ValueError, match="'de' is none of en, fr"):
        words_of("de")
