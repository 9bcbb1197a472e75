"""What the scripts of the pages read: the index of the search, the history of values.

Files of JavaScript that assign one constant: a page that is opened from disk may load
a script, and may not fetch a file.
"""

import json
from textwrap import shorten
from typing import NamedTuple

from openfisca_isv.web.site.content import places
from openfisca_isv.web.site.content.days import kind_of_provision, kind_of_version
from openfisca_isv.web.site.content.figures import CERTAINTIES, Figure
from openfisca_isv.web.site.content.law import Law
from openfisca_isv.web.site.languages import Language, fold


class Entry(NamedTuple):
    """Something that can be found.

    Attributes:
        kind: ``text``, ``provision``, ``figure``, ``rule``, ``reading`` or ``day``.
        title: What it is called.
        place: Where it is.
        words: What it says: the words that lead to it.
        extract: What is shown of it: a value, the beginning of a summary.
        is_repealed: Whether it is no longer in force.
    """

    kind: str
    title: str
    place: str
    words: str
    extract: str = ""
    is_repealed: bool = False


def search_index(law: Law, language: Language) -> str:
    """Write what can be found, with the words that lead to it and what is shown."""
    entries = [
        *_articles(law, language),
        *_figures(law, language),
        *_rules(law, language),
        *(
            Entry("reading", title, places.reading(one["id"]), chosen)
            for one in law.readings
            for title, chosen in [language.words.reading(one)]
        ),
        *(
            Entry("day", language.span(day.day, day.end), day.place, str(day.day))
            for day in law.days
        ),
    ]
    return _constant(
        "searchIndex",
        {
            "kinds": {
                kind: language.text(f"found_{kind}")
                for kind in ("text", "provision", "figure", "rule", "reading", "day")
            },
            "synonyms": json.loads(language.raw("search_synonyms")),
            "repealed": language.text("repealed_mark"),
            "entries": [
                (
                    one.kind,
                    one.title,
                    one.place,
                    " ".join(fold(f"{one.title} {one.words}").split()),
                    one.extract,
                    int(one.is_repealed),
                )
                for one in entries
            ],
        },
    )


def history(law: Law, language: Language) -> str:
    """Write every version of every parameter and provision, for the comparison."""
    t = language.text
    kinds = {
        "texts": t("texts"),
        "figures": t("nav_parameters"),
        "memberships": t("kind_memberships"),
        "known": t("kind_known"),
    }
    return _constant(
        "lawHistory",
        {
            "certainties": {name: t(f"certainty_{name}") for name in CERTAINTIES},
            "kinds": kinds,
            "entries": [
                *(_provision_history(one, language) for one in law.provisions.values()),
                *(_figure_history(one, language) for one in law.figures.values()),
            ],
        },
    )


def _provision_history(provision: dict, language: Language) -> dict[str, object]:
    """Return the versions of a provision, with what stands for none."""
    kind = kind_of_provision(provision)
    return {
        "kind": kind,
        "name": language.title(provision["title"]),
        "place": places.provision(provision["id"]),
        "none": language.text("not_in_force" if kind == "texts" else "none_known"),
        "versions": [
            (
                str(version["from"]),
                str(version.get("to", "")),
                language.summary(version),
                version["certainty"],
            )
            for version in provision["versions"]
        ],
    }


def _figure_history(figure: Figure, language: Language) -> dict[str, object]:
    """Return the values of a parameter, with what stands for none."""
    found = {kind_of_version(figure, version) for version in figure.versions}
    (kind,) = found if len(found) == 1 else ("texts",)
    return {
        "kind": "figures" if kind == "texts" else kind,
        "name": language.figure(figure),
        "place": figure.place,
        "none": language.text("no" if figure.is_membership else "none_known"),
        "versions": [
            (
                str(version.start),
                str(version.end or ""),
                language.value(figure, version.value),
                version.certainty,
            )
            for version in figure.versions
        ],
    }


def _articles(law: Law, language: Language) -> list[Entry]:
    """List the texts and their provisions."""
    found = []
    for text in law.texts:
        title = text.about["short_title"]
        is_repealed = "repealed" in text.about
        found.append(
            Entry(
                "text",
                title,
                text.place,
                text.about["title"],
                text.about["title"],
                is_repealed,
            )
        )
        found += [
            Entry(
                "provision",
                language.title(one["title"]),
                places.provision(one["id"]),
                " ".join(language.summary(version) for version in one["versions"]),
                _extract(language.summary(one["versions"][-1])),
                "to" in one["versions"][-1],
            )
            for one in text.provisions
        ]
    return found


def _extract(text: str) -> str:
    """Return the beginning of a text, to a whole word."""
    return shorten(text, width=160, placeholder="\N{HORIZONTAL ELLIPSIS}")


def _figures(law: Law, language: Language) -> list[Entry]:
    """List the parameters, found by name and by value."""
    return [
        Entry(
            "figure",
            language.figure(figure),
            figure.place,
            " ".join(
                [
                    figure.name.replace(".", " ").replace("_", " "),
                    figure.name,
                    *(
                        language.value(figure, version.value)
                        for version in figure.versions
                    ),
                ]
            ),
            _extract(language.value(figure, figure.latest.value)),
        )
        for figure in law.figures.values()
    ]


def _rules(law: Law, language: Language) -> list[Entry]:
    """List the variables, found by name and by what they say."""
    return [
        Entry(
            "rule",
            language.label(rule.variable),
            rule.place,
            " ".join(
                [
                    rule.name,
                    rule.name.replace("_", " "),
                    language.words.rule(rule.variable) or "",
                    language.prose("variables", rule.name, rule.documentation)[0],
                ]
            ),
            _extract(language.words.rule(rule.variable) or ""),
        )
        for rule in law.rules.values()
    ]


def _constant(name: str, value: object) -> str:
    """Write a script that gives a name to a value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"const {name}={text};\n"
