"""The section of the dates: the law on each day, and what differs between two."""

import json
from collections import defaultdict
from datetime import date

from openfisca_isv.law import version_on
from openfisca_isv.web.site import scripts
from openfisca_isv.web.site.content.articles import Text
from openfisca_isv.web.site.content.dates_of_change import KINDS
from openfisca_isv.web.site.content.parameter_pages import ParameterPage, Version
from openfisca_isv.web.site.pages import Pages

_INDEX = "days/index.html"

Dated = dict[str, list[tuple[ParameterPage, Version]]]


def write(pages: Pages) -> None:
    """Write the section."""
    law, t = pages.law, pages.language.text
    trail = [(t("nav_days"), _INDEX)]
    entry = law.entry_into_force.day
    index = json.dumps([str(day.day) for day in law.days])
    parts = [
        (t("under_the_law"), [day for day in law.days if day.day >= entry]),
        (t("before_the_law"), [day for day in law.days if day.day < entry]),
    ]
    pages.write(
        _INDEX,
        t("days_title"),
        parts=parts,
        days_index=index,
        counts={
            kind: sum(kind in day.kinds for day in law.days if day.day >= entry)
            for kind in KINDS
        },
    )
    pages.write(
        "days/changes.html",
        t("all_changes"),
        trail=trail,
    )
    pages.write("days/compare.html", t("compare_two"), trail=trail)
    pages.save("days/history.js", scripts.history(law, pages.language))
    around = [None, *law.days, None]
    for before, day, after in zip(around, law.days, around[2:], strict=False):
        parameters, countries = _in_force(pages, day.day)
        pages.write(
            day.url,
            t("law_on", span=pages.language.span(day.day, day.end)),
            "days/day.html",
            trail=trail,
            day=day,
            before=before,
            after=after,
            parameters=parameters,
            countries=countries,
            texts=_texts_on(law.texts, day.day),
            days_index=index,
        )


def _in_force(pages: Pages, day: date) -> tuple[Dated, Dated]:
    """Put the parameters in force on a day by subject; those of countries by table.

    A country that is out of the Union or the Area is left out.
    """
    alone, countries = defaultdict(list), defaultdict(list)
    for parameter in pages.law.parameters.values():
        version = parameter.on(day)
        if version is None or (parameter.is_of_a_country and version.value is False):
            continue
        if parameter.is_of_a_country:
            countries[parameter.group].append((parameter, version))
        else:
            alone[parameter.subject].append((parameter, version))
    return alone, countries


def _texts_on(
    texts: list[Text], day: date
) -> list[tuple[Text, list[tuple[dict, dict]]]]:
    found = [
        (
            text,
            [
                (one, version)
                for one in text.provisions
                if (version := version_on(one, day))
            ],
        )
        for text in texts
    ]
    return [(text, provisions) for text, provisions in found if provisions]
