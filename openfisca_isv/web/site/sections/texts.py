"""The section of the law: text by text, article by article, version by version."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from openfisca_isv.law.documentation import REASONS
from openfisca_isv.web.site.content.articles import Text
from openfisca_isv.web.site.pages import Pages

_INDEX = "law/index.html"


def write(pages: Pages) -> None:
    """Write the section."""
    law, t = pages.law, pages.language.text
    register = law.provisions.values()
    computed = sum("computed_by" in one for one in register)
    trail = [(t("nav_law"), _INDEX)]
    pages.write(
        _INDEX,
        t("law_title"),
        computed=computed,
        computed_in=_computed_in,
        text_end=_last_day,
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
            text_end=_last_day,
            paragraph_of=lambda one: _paragraph(pages, one),
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
            paragraph_of=lambda one: _paragraph(pages, one),
            rules_first=lambda names: sorted(
                names, key=lambda name: law.variables[name].formula is None
            ),
            text=text,
            groups_named=lambda names: _named(names, law.all_groups),
        )


def _not_computed(register: Iterable[dict]) -> dict[str, list[dict]]:
    """Put the provisions that are not computed by the reason, as many first."""
    found = defaultdict(list)
    for one in register:
        if "not_computed" in one:
            found[one["not_computed"]["reason"]].append(one)
    return {reason: found[reason] for reason in REASONS if found[reason]}


def _computed_in(text: Text) -> int:
    return sum("computed_by" in one for one in text.provisions)


def _last_day(text: Text) -> date | None:
    """Return the last day on which a text is in force, where it was repealed."""
    repealed = text.about.get("repealed")
    return repealed - timedelta(days=1) if repealed else None


def _paragraph(pages: Pages, provision: dict) -> str:
    """Name a provision inside its article: its paragraph."""
    title = pages.language.title(provision["title"])
    _, comma, number = title.partition(", al. ")
    return pages.language.text("paragraph", number=number) if comma else title


def _named(names: Iterable[str], among: dict) -> list[str]:
    """List the names that stand for one of some things."""
    return [name for name in names if name in among]
