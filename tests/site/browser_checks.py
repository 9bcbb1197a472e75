"""The windows that pages are opened in, and what axe finds wrong with a page."""

from pathlib import Path

import axe_playwright_python

PHONE = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"}

_AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"


def violations(page):
    """List what axe finds wrong: the rule, and the first element that breaks it."""
    page.evaluate(_AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [(one["id"], one["nodes"][0]["html"][:120]) for one in found["violations"]]
