"""Documentation as HTML: paragraphs, words of code that link to their pages, addresses.

The model writes `` `names` `` in backquotes, *terms of art* between stars, and puts an
empty line between paragraphs and ``*`` or ``-`` before the items of a list.
"""

import re
from collections.abc import Callable

from markupsafe import Markup, escape

#: Gives the address of the page of a name, if there is one.
Find = Callable[[str], str | None]

_PARTS = re.compile(
    r"`+(?P<code>[^`]+)`+|(?<!\w)\*(?P<term>[^*\s][^*]*)\*|(?P<address>https?://\S+)"
)
_ITEM = re.compile(r"^[*-] ", re.MULTILINE)


def inline(text: str, find: Find) -> Markup:
    """Write a sentence."""
    written, done = Markup(), 0
    for part in _PARTS.finditer(text):
        written += escape(text[done : part.start()])
        written += _write(part, find)
        done = part.end()
    return written + escape(text[done:])


def paragraphs(text: str, find: Find) -> Markup:
    """Write a text of several paragraphs."""
    return Markup("\n").join(_block(one, find) for one in re.split(r"\n\s*\n", text))


def _block(text: str, find: Find) -> Markup:
    if not _ITEM.match(text):
        return Markup("<p>{}</p>").format(inline(text, find))
    items = Markup().join(
        Markup("<li>{}</li>").format(inline(item.strip(), find))
        for item in _ITEM.split(text)
        if item.strip()
    )
    return Markup("<ul>{}</ul>").format(items)


def _write(part: re.Match, find: Find) -> Markup:
    if term := part["term"]:
        return Markup("<em>{}</em>").format(inline(term, find))
    if address := part["address"]:
        end = address.rstrip(".,;)")
        shown = end.partition("//")[2].partition("/")[0]
        link = Markup('<a href="{0}" rel="external">{1}</a>').format(end, shown)
        return link + escape(address[len(end) :])
    code = Markup("<code>{}</code>").format(part["code"])
    if address := find(part["code"]):
        return Markup('<a href="{}">{}</a>').format(address, code)
    return code
