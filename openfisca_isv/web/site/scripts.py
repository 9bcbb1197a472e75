"""What the scripts of the pages read: the index of the search, the history of values.

Files of JavaScript that assign one constant: a page that is opened from disk may load
a script, and may not fetch a file.
"""

import json

from openfisca_isv.web.site.content import places
from openfisca_isv.web.site.content.law import Law
from openfisca_isv.web.site.languages import Language, fold


def search_index(law: Law, language: Language) -> str:
    """Write what can be found: kind, title, place, and words that lead to it."""
    entries = [
        *_articles(law, language),
        *_figures(law, language),
        *_rules(law, language),
        *(
            ("reading", title, places.reading(one["id"]), chosen)
            for one in law.readings
            for title, chosen in [language.words.reading(one)]
        ),
        *(
            ("day", language.span(day.day, day.end), day.place, str(day.day))
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
            "entries": [
                (kind, title, place, " ".join(fold(f"{title} {words}").split()))
                for kind, title, place, words in entries
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


def _articles(law: Law, language: Language) -> list[tuple[str, str, str, str]]:
    """List the texts and their provisions."""
    found = []
    for text in law.texts:
        title = text.about["short_title"]
        found.append(("text", title, text.place, text.about["title"]))
        found += [
            (
                "provision",
                language.title(one["title"]),
                places.provision(one["id"]),
                " ".join(language.summary(version) for version in one["versions"]),
            )
            for one in text.provisions
        ]
    return found


def _figures(law: Law, language: Language) -> list[tuple[str, str, str, str]]:
    """List the parameters, found by name and by value."""
    return [
        (
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
        )
        for figure in law.figures.values()
    ]


def _rules(law: Law, language: Language) -> list[tuple[str, str, str, str]]:
    """List the variables, found by name and by what they say."""
    return [
        (
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
        )
        for rule in law.rules.values()
    ]


def _constant(name: str, value: object) -> str:
    """Write a script that gives a name to a value."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"const {name}={text};\n"
