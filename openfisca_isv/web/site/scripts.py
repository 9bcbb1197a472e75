"""What the scripts of the pages read: the index of the search, the history of values.

Files of JavaScript that assign one constant: a page that is opened from disk may load
a script, and may not fetch a file.
"""

import json
from textwrap import shorten
from typing import NamedTuple

from openfisca_isv.web.site.content import places
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
    """Write the values of every parameter, and of every provision, by first day."""
    return _constant(
        "lawHistory",
        {
            "figures": [
                {
                    "name": language.figure(figure),
                    "place": figure.place,
                    "versions": [
                        (str(version.start), language.value(figure, version.value))
                        for version in figure.versions
                    ],
                }
                for figure in law.figures.values()
            ],
            "provisions": [
                {
                    "name": language.title(one["title"]),
                    "place": places.provision(one["id"]),
                    "versions": [
                        (
                            str(version["from"]),
                            language.summary(version),
                            str(version.get("to", "")),
                        )
                        for version in one["versions"]
                    ],
                }
                for text in law.texts
                for one in text.provisions
            ],
        },
    )


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
