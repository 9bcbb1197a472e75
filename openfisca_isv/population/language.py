"""The language in which messages, tables and reports are shown.

What is written stands in English in the code. ``french/`` has the French of it, keyed
by the English, with ``{}`` or ``{name}`` for each part that is filled in. A text is
rendered where it is shown: with ``say`` where it is put together there, and with
``translated`` where a whole message comes from elsewhere, e.g. from another process.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path

import yaml

from openfisca_isv import contradictions
from openfisca_isv.countries import COUNTRIES
from openfisca_isv.reasons.words import LANGUAGES, Words, words_of
from openfisca_isv.typeset import for_terminal

_CATALOGUE = Path(__file__).parent / "french"
_SPOKEN = ContextVar("language", default="en")
_HOLE = re.compile(r"\{\w*\}")
_FIRST_WORD = re.compile(r"[\w-]+ ")


def language() -> str:
    """Return the code of the language that is spoken, ``en`` or ``fr``."""
    return _SPOKEN.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Show all that is shown meanwhile in a language."""
    token = _SPOKEN.set(words_of(code).language)
    try:
        yield
    finally:
        _SPOKEN.reset(token)


def words() -> Words:
    """Return the words of the language that is spoken."""
    return words_of(language())


def say(english: str, **parts: object) -> str:
    """Return a text in the language that is spoken, its parts filled in."""
    text = english if language() == "en" else french().get(english, english)
    return text.format(**parts) if parts else text


def translated(message: str) -> str:
    """Return a message that was written in English in the language that is spoken.

    A message that is not of this package stays as it is.
    """
    return message if language() == "en" else _in_french(message)


@cache
def french() -> dict[str, str]:
    """Return the French texts by the English ones."""
    texts = dict(_of_the_model())
    for file in sorted(_CATALOGUE.glob("*.yaml")):
        texts |= yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)
    return {one: for_terminal(text) for one, text in texts.items()}


class _Part(str):
    """A part of a message: as it stands, or ``{:t}`` translated.

    ``{:n}`` writes a number, ``{:d}`` a day.
    """

    __slots__ = ()

    def __format__(self, how: str) -> str:
        if how == "t":
            return _in_french(str(self))
        if how == "d":
            with suppress(ValueError):
                return words_of("fr").iso_day(self)
            return str(self)
        return words_of("fr").figures(self) if how == "n" else str(self)


@lru_cache(maxsize=65_536)
def _in_french(message: str) -> str:
    if message in french():
        return french()[message]
    first = _FIRST_WORD.match(message)
    of_word = _patterns().get(first[0], ()) if first else ()
    for pattern, text in (*of_word, *_patterns().get("", ())):
        if found := pattern.fullmatch(message):
            return text.format(*map(_Part, found.groups()))
    return message


@cache
def _patterns() -> dict[str, list[tuple[re.Pattern, str]]]:
    """Return the texts with parts by their first word, those that say most first."""
    by_word: dict[str, list[tuple[re.Pattern, str]]] = {}
    for english, text in sorted(french().items(), key=lambda one: -len(one[0])):
        if "{}" in english:
            said = "(.*?)".join(map(re.escape, _HOLE.split(english)))
            first = _FIRST_WORD.match(english)
            pattern = re.compile(said, re.DOTALL)
            by_word.setdefault(first[0] if first else "", []).append((pattern, text))
    return by_word


def _of_the_model() -> Iterator[tuple[str, str]]:
    """Yield what the model has in both languages: contradictions, countries."""
    for kind in (
        contradictions.MissionContradiction,
        contradictions.VolunteerContradiction,
        contradictions.OrganisationContradiction,
        contradictions.MissionOddity,
    ):
        for member in kind:
            if member.name == "none":
                continue
            about = contradictions.details(member)
            said = member.value, words_of("fr").member(member)
            english, text = (f"{one[0].lower()}{one[1:]}" for one in said)
            yield english, text
            yield f"{english} ({{}})", f"{text} ({{}})"
            remedies = about.remedy, about.remedy_fr
            yield tuple(one.removesuffix(".") for one in remedies)
    for country in COUNTRIES.values():
        yield country["name"], country["name_fr"]


__all__ = ["LANGUAGES", "french", "language", "say", "speaking", "translated", "words"]
