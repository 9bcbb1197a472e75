"""The section of the law: text by text, article by article, version by version."""

from collections import defaultdict
from collections.abc import Iterable

from openfisca_isv.law.documentation import REASONS
from openfisca_isv.web.site.pages import Pages

_INDEX = "law/index.html"


def write(pages: Pages) -> None:
    """Write the section."""
    law, t = pages.law, pages.language.text
    register = law.provisions.values()
    computed = sum(text.computed for text in law.texts)
    trail = [(t("nav_law"), _INDEX)]
    pages.write(
        _INDEX,
        t("law_title"),
        computed=computed,
    )
    pages.write(
        "law/not-computed.html",
        t("not_computed_title"),
        "law/not_computed.html",
        trail=trail,
        reasons=_not_computed(register),
        total=len(register) - computed,
    )
    for text in law.texts:
        pages.write(
            text.url,
            text.about["short_title"],
            "law/text.html",
            trail=trail,
            text=text,
        )
    _write_articles(pages)


def _write_articles(pages: Pages) -> None:
    law, language = pages.law, pages.language
    texts = {text.name: text for text in law.texts}
    around = [None, *law.articles, None]
    for before, article, after in zip(around, law.articles, around[2:], strict=False):
        text = texts[article.text]
        pages.write(
            article.url,
            language.title(article.title),
            "law/article.html",
            trail=[
                (language.text("nav_law"), _INDEX),
                (text.about["short_title"], text.url),
            ],
            article=article,
            before=before,
            after=after,
            rules_first=lambda names: sorted(
                names, key=lambda name: law.variables[name].formula is None
            ),
            text=text,
        )


def _not_computed(register: Iterable[dict]) -> dict[str, list[dict]]:
    """Put the provisions that are not computed by the reason, as many first."""
    found = defaultdict(list)
    for one in register:
        if "not_computed" in one:
            found[one["not_computed"]["reason"]].append(one)
    return {reason: found[reason] for reason in REASONS if found[reason]}
