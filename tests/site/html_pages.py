"""A reader of HTML that says what is wrong with it, and what it points to."""

import re
from html import unescape
from html.parser import HTMLParser

VOID = {"br", "col", "hr", "img", "input", "link", "meta"}
#: What no paragraph may hold.
BLOCKS = {
    "article",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "form",
    "main",
    "nav",
}
BLOCKS |= {"h1", "h2", "h3", "h4", "ol", "p", "pre", "section", "table", "ul"}


class Reader(HTMLParser):
    """Reads a page: identifiers, addresses, and mistakes."""

    def __init__(self, source):
        super().__init__(convert_charrefs=True)
        self.mistakes, self.ids, self.links, self.loads = [], [], [], []
        self.title, self.headings = "", 0
        self._open = []
        self.feed(source)
        self.close()
        self.mistakes += [f"<{tag}> is never closed" for tag in self._open]

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.mistakes += self._mistakes(tag, attributes, given)
        self._collect(tag, given)
        self.headings += tag == "h1"
        if tag not in VOID:
            self._open.append(tag)

    def _mistakes(self, tag, attributes, given):
        """Say what is wrong with a start tag."""
        if len(given) < len(attributes):
            yield f"<{tag}> has an attribute twice: {attributes}"
        if tag in BLOCKS and "p" in self._open:
            yield f"<{tag}> stands in a paragraph"
        if tag == "a" and "a" in self._open:
            yield "a link stands in a link"
        if "style" in given or any(name.startswith("on") for name in given):
            yield f"<{tag}> has a style or a script of its own"
        is_data = given.get("type") == "application/json"
        if tag == "script" and "src" not in given and not is_data:
            yield "a script stands in the page"

    def _collect(self, tag, given):
        """Keep the identifiers and the addresses of a start tag."""
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") in ("stylesheet", "icon"):
            self.loads.append(given["href"])
        if tag in ("script", "img", "iframe") and "src" in given:
            self.loads.append(given["src"])

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self._open.pop()

    def handle_endtag(self, tag):
        if not self._open or self._open[-1] != tag:
            self.mistakes.append(f"</{tag}> closes {self._open[-1:]}")
        else:
            self._open.pop()

    def handle_data(self, data):
        if self._open[-1:] == ["title"] and "svg" not in self._open:
            self.title += data


def text_of(source):
    """Return the text of a page: no tags, plain spaces and apostrophes."""
    source = re.sub(r"(?s)<(script|style|svg|title)\b.*?</\1>", " ", source)
    text = unescape(re.sub(r"<[^>]+>", " ", source)).replace(
        "\N{RIGHT SINGLE QUOTATION MARK}", "'"
    )
    return " ".join(text.split())
