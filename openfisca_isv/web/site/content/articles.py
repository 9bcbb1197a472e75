"""The register, article by article: the provisions of each text, and its dates."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openfisca_isv.law import TEXTS
from openfisca_isv.web.site.content import places


@dataclass(frozen=True)
class Article:
    """An article: its provisions, one a paragraph.

    Attributes:
        name: Its identifier.
        text: The identifier of the text that it belongs to.
        provisions: The entries of the register, in order.
    """

    name: str
    text: str
    provisions: list[dict]

    @property
    def place(self) -> str:
        """The page of the article."""
        return places.article(self.name)

    @property
    def title(self) -> str:
        """The title of the article: that of its provisions, without the paragraph."""
        return self.provisions[0]["title"].partition(", al. ")[0]


@dataclass(frozen=True)
class Text:
    """A text of law, with its articles."""

    name: str
    about: dict
    articles: list[Article]

    @property
    def place(self) -> str:
        """The page of the text."""
        return places.text(self.name)

    @property
    def provisions(self) -> list[dict]:
        """The provisions of all its articles, in order."""
        return [one for article in self.articles for one in article.provisions]


def read_texts(provisions: Iterable[dict]) -> list[Text]:
    """Put the provisions of the register by text, in the order of its index."""
    articles: dict[str, dict[str, list[dict]]] = {name: {} for name in TEXTS}
    for one in provisions:
        articles[one["text"]].setdefault(one["article"], []).append(one)
    return [
        Text(
            name=name,
            about=about,
            articles=[
                Article(article, name, found)
                for article, found in articles[name].items()
            ],
        )
        for name, about in TEXTS.items()
    ]


def version_on(provision: dict, day: date) -> dict | None:
    """Give the version of a provision that is in force on a day."""
    for version in provision["versions"]:
        if version["from"] <= day <= version.get("to", date.max):
            return version
    return None
