"""Apostrophes, and spaces that keep a number with its unit or a sign with its word."""

import re
from html import escape, unescape

_SPACE = "\N{NO-BREAK SPACE}"
_APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
_UNITS = "€|%|euros?|mois|jours?|ans?|trimestres?|months?|days?|years?|quarters?"
_BOTH = (
    (re.compile(r"(?<=\w)'(?=[\w«])"), _APOSTROPHE),
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))"), _SPACE),
    (re.compile(r"\b(art\.|arts|al\.) (?=\w)"), rf"\1{_SPACE}"),
)
_FRENCH = (
    *_BOTH,
    (re.compile(r"(?<!\s) ?(?=[;:?!](?:\s|$))| (?=»)|(?<=«) |(?<=\bn°) "), _SPACE),
    (re.compile(r"(?<=\d) (?=\d{3}(?!\d))"), _SPACE),
)
#: Elements whose text stands as it is, those in a language of their own, other tags
#: with their attributes, and text.
_PARTS = re.compile(
    r"(?P<whole><(?P<name>code|pre|script|style|textarea)\b.*?</(?P=name)>)"
    r"|(?P<start><(?P<other>[a-z]\w*)(?<!html)\s(?:[^>]*\s)?lang=\"(?P<spoken>\w+)\"[^>]*>)"
    r"(?P<inside>.*?)(?=</(?P=other)>)"
    r"|(?P<tag><[^>]+>)|(?P<text>[^<]+)",
    re.DOTALL,
)
_SAID = re.compile(r'(\b(?:aria-label|title|content|data-[a-z]+)=")([^"]*)(?=")')


def typeset(text: str, language: str) -> str:
    """Return a text with the apostrophes and the spaces of print.

    What is typeset already stays as it is.

    Args:
        text: Words, without code or tags.
        language: ``en`` or ``fr``.
    """
    for found, put in _FRENCH if language == "fr" else _BOTH:
        text = found.sub(put, text)
    return text


def for_terminal(text: str) -> str:
    """Return a French text typeset, save the apostrophe: a terminal may not know it."""
    return typeset(text, "fr").replace(_APOSTROPHE, "'")


def typeset_html(page: str, language: str) -> str:
    """Return a page with its text, and what its attributes say, typeset."""

    def part(found: re.Match) -> str:
        if text := found["text"]:
            return escape(typeset(unescape(text), language), quote=False)
        if start := found["start"]:
            return start + typeset_html(found["inside"], found["spoken"])
        if tag := found["tag"]:
            return _SAID.sub(said, tag)
        return found["whole"]

    def said(found: re.Match) -> str:
        return found[1] + escape(typeset(unescape(found[2]), language))

    return _PARTS.sub(part, page)


def typeset_all(value: object, language: str) -> object:
    """Return a value of JSON with every text in it typeset."""
    if isinstance(value, str):
        return typeset(value, language)
    if isinstance(value, dict):
        return {key: typeset_all(one, language) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [typeset_all(one, language) for one in value]
    return value
