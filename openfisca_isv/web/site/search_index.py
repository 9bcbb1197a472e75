"""The index of the search: what can be found, by which words, and what is shown."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import shorten
from typing import NamedTuple

import yaml

from openfisca_isv.countries import COUNTRIES
from openfisca_isv.law import TEXTS
from openfisca_isv.names import fold
from openfisca_isv.web.site.content import urls
from openfisca_isv.web.site.content.site_content import LAW, SiteContent
from openfisca_isv.web.site.languages import Language
from openfisca_isv.web.site.scripts import constant

#: By language, what words mean the same in the pages.
_SYNONYMS = Path(__file__).parent / "search_words.yaml"
_KINDS = ("text", "provision", "figure", "rule", "reading", "country", "day")
#: What an entry of a kind weighs; of a provision, by its text: the law weighs most.
_WEIGHTS = {"figure": 2, "country": 2, "rule": 0.5, "reading": -1, "day": 0}
_OPENING = "host_country.open_parts_of_france"
_UNIONS = ("host_country.european_union", "host_country.european_economic_area")


class Entry(NamedTuple):
    """Something that can be found.

    Attributes:
        kind: One of the kinds of the index.
        title: What it is called.
        url: Where it is.
        words: What it says: the words that lead to it.
        extract: What is shown of it: a value, the beginning of a summary.
        certainty: How sure that is, where it has a source.
        is_repealed: Whether it is no longer in force.
        weight: What is added to how well it answers.
    """

    kind: str
    title: str
    url: str
    words: str
    extract: str = ""
    certainty: str = ""
    is_repealed: bool = False
    weight: float = 0


def search_index(law: SiteContent, language: Language) -> str:
    """Write what can be found, with the words that lead to it and what is shown."""
    found = (_texts, _provisions, _parameters, _rules, _readings, _countries, _days)
    entries = [entry for list_some in found for entry in list_some(law, language)]
    return constant(
        language,
        "searchIndex",
        {
            "kinds": {kind: language.text(f"found_{kind}") for kind in _KINDS},
            "certainties": language.certainties(),
            "synonyms": yaml.safe_load(_SYNONYMS.read_text("utf-8"))[language.code],
            "repealed": language.text("repealed_mark"),
            "entries": [
                one._replace(
                    words=fold(f"{one.title} {one.words}"),
                    weight=_WEIGHTS.get(one.kind, one.weight),
                )
                for one in entries
            ],
        },
    )


def _weight(text: str) -> float:
    """Return what a text weighs: the law, what applies it, other texts, the fiche."""
    if text == LAW:
        return 3
    return 1.5 if "in_force" in TEXTS[text] else -1


def _extract(text: str) -> str:
    return shorten(text, width=160, placeholder="\N{HORIZONTAL ELLIPSIS}")


def _texts(law: SiteContent, language: Language) -> Iterator[Entry]:
    for text in law.texts:
        about = text.about
        title = language.title(about["title"])
        name = language.text("site") if text.name == LAW else ""
        yield Entry(
            "text",
            about["short_title"],
            text.url,
            f"{title} {name}",
            title,
            is_repealed="repealed" in about,
            weight=_weight(text.name) + 1,
        )


def _provisions(law: SiteContent, language: Language) -> Iterator[Entry]:
    """Go through the provisions, found by what each version says."""
    for one in law.provisions.values():
        last = one["versions"][-1]
        yield Entry(
            "provision",
            language.title(one["title"]),
            urls.provision(one["id"]),
            " ".join(language.said(version, "summary") for version in one["versions"]),
            _extract(language.said(last, "summary")),
            last["certainty"],
            "to" in last,
            _weight(one["text"]),
        )


def _parameters(law: SiteContent, language: Language) -> Iterator[Entry]:
    """Go through the parameters, found by name and by value; States apart."""
    for parameter in law.parameters.values():
        if parameter.is_membership:
            continue
        values = [language.value(parameter, one.value) for one in parameter.versions]
        yield Entry(
            "figure",
            language.parameter(parameter),
            parameter.url,
            " ".join([parameter.name, parameter.name.replace("_", " "), *values]),
            _extract(values[-1]),
            parameter.latest.certainty,
        )


def _rules(law: SiteContent, language: Language) -> Iterator[Entry]:
    """Go through the variables, found by name and by what they say."""
    for rule in law.variables.values():
        said = language.words.rule(rule.variable) or ""
        documentation, _ = language.prose("variables", rule.name, rule.documentation)
        yield Entry(
            "rule",
            language.label(rule.variable),
            rule.url,
            " ".join([rule.name, rule.name.replace("_", " "), said, documentation]),
            _extract(said),
        )


def _readings(law: SiteContent, language: Language) -> Iterator[Entry]:
    for one in law.readings:
        title, chosen = (language.words.said(one, key) for key in ("title", "chosen"))
        yield Entry("reading", title, urls.reading(one["id"]), chosen, _extract(chosen))


def _countries(law: SiteContent, language: Language) -> Iterator[Entry]:
    """Go through the countries: what of the host country is known of each."""
    rule = law.variables["host_country_is_open"].url
    for code, name in language.countries():
        state = COUNTRIES[code]["sovereign"]
        member = next(
            (
                parameter
                for union in _UNIONS
                if (parameter := law.parameters.get(f"{union}.{state}"))
                and parameter.latest.value
            ),
            None,
        )
        said = language.text("country_in_union" if member else "country_outside")
        if state != code:
            said = language.text("country_of_state", state=language.country(state))
        if code == "FR":
            said = language.text("country_france")
        place = member.url if member else rule
        if state == "FR":
            place = law.parameters[_OPENING].url
        certainty = member.latest.certainty if member else ""
        yield Entry("country", name, place, code, said, certainty)


def _days(law: SiteContent, language: Language) -> Iterator[Entry]:
    for day in law.days:
        kinds = ", ".join(language.text(f"kind_{kind}") for kind in day.kinds)
        span = language.span(day.day, day.end)
        yield Entry("day", span, day.url, str(day.day), kinds)
