"""What the scripts of the pages read: files of JavaScript that assign one constant.

A page that is opened from disk may load a script, and may not fetch a file.
"""

import json
from itertools import combinations

from openfisca_isv.typeset import typeset_all
from openfisca_isv.web.site.content import urls
from openfisca_isv.web.site.content.articles import compare_words
from openfisca_isv.web.site.content.dates_of_change import (
    kind_of_provision,
    kind_of_version,
)
from openfisca_isv.web.site.content.parameter_pages import ParameterPage
from openfisca_isv.web.site.content.site_content import SiteContent
from openfisca_isv.web.site.languages import Language

#: What stands for no value: a State is no member, no text set one, or none is known.
_NONE = {"memberships": "no", "texts": "not_set", "known": "none_known"}


def history(law: SiteContent, language: Language) -> str:
    """Write every version of every parameter and provision, for the comparison."""
    t = language.text
    kinds = {
        "texts": t("texts"),
        "figures": t("nav_parameters"),
        "memberships": t("kind_memberships"),
        "known": t("kind_known"),
    }
    return constant(
        language,
        "lawHistory",
        {
            "certainties": language.certainties(),
            "kinds": kinds,
            "marks": {mark: t(f"words_{mark}") for mark in ("del", "ins")},
            "entries": [
                *(_provision_history(one, language) for one in law.provisions.values()),
                *(_parameter_history(one, language) for one in law.parameters.values()),
            ],
        },
    )


def _provision_history(provision: dict, language: Language) -> dict[str, object]:
    """Return the versions of a provision, how two differ, and what stands for none."""
    kind = kind_of_provision(provision)
    said = [language.said(version, "summary") for version in provision["versions"]]
    words = {
        f"{first},{second}": compare_words(said[first], said[second])
        for first, second in combinations(range(len(said)), 2)
    }
    return {
        "kind": kind,
        "name": language.title(provision["title"]),
        "place": urls.provision(provision["id"]),
        "none": language.text("not_in_force" if kind == "texts" else "none_known"),
        "words": words,
        "versions": [
            (
                str(version["from"]),
                str(version.get("to", "")),
                summary,
                version["certainty"],
            )
            for version, summary in zip(provision["versions"], said, strict=True)
        ],
    }


def _parameter_history(
    parameter: ParameterPage, language: Language
) -> dict[str, object]:
    """Return the values of a parameter, with what stands for none."""
    found = {kind_of_version(parameter, version) for version in parameter.versions}
    (kind,) = found if len(found) == 1 else ("texts",)
    return {
        "kind": "figures" if kind == "texts" else kind,
        "name": language.parameter(parameter),
        "place": parameter.url,
        "none": language.text(_NONE[kind]),
        "versions": [
            (
                str(version.start),
                str(version.end or ""),
                language.value(parameter, version.value),
                version.certainty,
            )
            for version in parameter.versions
        ],
    }


def constant(language: Language, name: str, value: object) -> str:
    """Write a script that gives a name to a value, its texts typeset."""
    text = json.dumps(
        typeset_all(value, language.code), ensure_ascii=False, separators=(",", ":")
    )
    return f"const {name}={text};\n"
