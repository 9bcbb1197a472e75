"""Python, with its words told apart and what it names linked."""

import io
import keyword
import tokenize
from collections.abc import Callable

from markupsafe import Markup, escape

#: Gives the address of what a text or a name of the source stands for, if anything.
Find = Callable[[str], str | None]

_KINDS = {
    tokenize.COMMENT: "comment",
    tokenize.STRING: "string",
    tokenize.NUMBER: "number",
}


def highlight(source: str, find: Find) -> list[Markup]:
    """Write a piece of Python as lines of HTML.

    Args:
        source: Whole statements.
        find: Gives the address of a variable or a parameter by its name.
    """
    lines = source.splitlines()
    written = [Markup() for _ in lines]
    ends = [0] * len(lines)
    before = ""
    for token in tokenize.generate_tokens(io.StringIO(source + "\n").readline):
        (first, start), (last, end) = token.start, token.end
        if not token.string.strip() or first > len(lines):
            continue
        for row in range(first, last + 1):
            line = lines[row - 1]
            begin = start if row == first else 0
            stop = end if row == last else len(line)
            written[row - 1] += escape(line[ends[row - 1] : begin])
            is_named = before == "class" or token.type == tokenize.STRING
            address = find(token.string.strip("\"'")) if is_named else None
            written[row - 1] += _dress(token, line[begin:stop], address)
            ends[row - 1] = stop
        before = token.string
    return [
        done + escape(line[end:])
        for done, line, end in zip(written, lines, ends, strict=True)
    ]


def _dress(token: tokenize.TokenInfo, text: str, address: str | None) -> Markup:
    """Write one word of the source, as a link where it has an address."""
    if address:
        return Markup('<a href="{}">{}</a>').format(address, text)
    kind = _KINDS.get(token.type)
    if token.type == tokenize.NAME and keyword.iskeyword(text):
        kind = "keyword"
    if kind is None:
        return escape(text)
    return Markup('<span class="{}">{}</span>').format(kind, text)
