"""The register, article by article: the provisions of each text, and its dates."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher

from openfisca_isv.law import TEXTS
from openfisca_isv.web.site.content import urls

#: A word or a sign, with the space before it.
_WORD = re.compile(r"\s*(?:[\w'\u2019-]+|[^\w\s])")
#: A run of words: whether the other wording lacks them, and the words.
Run = tuple[bool, str]


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
    def url(self) -> str:
        """The page of the article."""
        return urls.article(self.name)

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
    def url(self) -> str:
        """The page of the text."""
        return urls.text(self.name)

    @property
    def provisions(self) -> list[dict]:
        """The provisions of all its articles, in order."""
        return [one for article in self.articles for one in article.provisions]

    @property
    def computed(self) -> int:
        """The number of its provisions that are computed."""
        return sum("computed_by" in one for one in self.provisions)

    @property
    def last_day(self) -> date | None:
        """The last day on which it is in force, where it was repealed."""
        repealed = self.about.get("repealed")
        return repealed - timedelta(days=1) if repealed else None


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


def compare_words(before: str, after: str) -> tuple[list[Run], list[Run]]:
    """Return which words two wordings do not share: those of each, in runs.

    Wordings that share less than a third of their words are easier to read whole, and
    have no words marked.
    """
    sides = _WORD.findall(before), _WORD.findall(after)
    matcher = SequenceMatcher(None, *sides, autojunk=False)
    shared = sum(block.size for block in matcher.get_matching_blocks())
    if shared * 3 < min(map(len, sides)):
        return [(False, before)], [(False, after)]
    runs: tuple[list[Run], list[Run]] = [], []
    for kind, *bounds in matcher.get_opcodes():
        for words, found, start, end in zip(
            sides, runs, bounds[::2], bounds[1::2], strict=True
        ):
            text = "".join(words[start:end])
            # A comma more or less is no other wording.
            is_marked = kind != "equal" and re.search(r"\w", text) is not None
            if is_marked and text[0] == " " and found:
                # A mark begins with a word: the space stays before it.
                found[-1] = (False, f"{found[-1][1]} ")
                text = text[1:]
            if text:
                found.append((is_marked, text))
    return runs
