"""A line that goes by steps, with a label on each step and marks below."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from openfisca_isv.web.site.drawings.svg import element, percent

#: Rows of pixels: above the plot for a label, the plot, a row of marks.
TOP, PLOT, ROW = 26, 150, 18
#: The margins of the plot, and the width of a letter, as shares of a narrow page.
_LEFT, _WIDTH, _LETTER = 0.01, 0.97, 0.021
_LINE_OF_TEXT = 17


class Segment(NamedTuple):
    """A step, from one place to another, both from 0 to 1; no value is a gap."""

    start: float
    end: float
    value: float | None
    label: str


class Mark(NamedTuple):
    """A mark below the plot, at a place from 0 to 1."""

    at: float
    label: str
    kind: str = "mark"


def across(share: float) -> float:
    """Place a share of the plot on the width of the page."""
    return _LEFT + share * _WIDTH


def draw_steps(segments: Sequence[Segment]) -> Iterable[Markup]:
    """Draw the steps from nought up, each with its label."""
    highest = max((one.value for one in segments if one.value is not None), default=0)
    base = TOP + PLOT
    yield element(
        "line", class_="axis", x1=0, x2="100%", y1=f"{base:g}", y2=f"{base:g}"
    )
    before: tuple[float, float] | None = None
    for one in segments:
        start, end = across(one.start), across(one.end)
        if one.value is None:
            yield _gap(start, end, one.label)
            before = None
            continue
        y = base - (PLOT - 14) * (one.value / highest if highest else 0)
        if before is not None:
            yield _line("riser", start, start, before[1], y)
        yield element(
            "rect",
            class_="under",
            x=percent(start),
            width=percent(end - start),
            y=f"{y:g}",
            height=f"{base - y:g}",
        )
        yield _line("step", start, end, y, y)
        is_crowded = (
            before is not None
            and abs(before[1] - y) < _LINE_OF_TEXT
            and start - before[0] < _room(one.label)
        )
        yield _label(start, y + (_LINE_OF_TEXT if is_crowded else -7), one.label)
        before = (start, y)


def draw_marks(marks: Iterable[Mark], top: float) -> tuple[list[Markup], float]:
    """Draw marks on as few rows as keep them apart; give them and their height."""
    rows: list[float] = []
    drawn = []
    for mark in sorted(marks):
        at, room = across(mark.at), _room(mark.label)
        is_last = at + room > 1
        start = max(at - room, 0) if is_last else at
        row = next((n for n, end in enumerate(rows) if end < start), len(rows))
        end = at if is_last else at + room
        rows[row : row + 1] = [end]
        y = top + (row + 1) * ROW
        drawn.append(_line("tick", at, at, top - 5, y + 3))
        drawn.append(
            element(
                "text",
                mark.label,
                class_=mark.kind,
                x=percent(at),
                dx="-4" if is_last else "4",
                y=f"{y:g}",
                text_anchor="end" if is_last else "start",
            )
        )
    return drawn, ROW * len(rows) + 8


def _room(label: str) -> float:
    """Give the width of a label on a narrow page, as a share of it."""
    return len(label) * _LETTER + 0.03


def _label(start: float, y: float, label: str) -> Markup:
    """Write the label of a step, inside the page."""
    is_last = start + _room(label) > 1
    return element(
        "text",
        label,
        class_="value",
        x="99%" if is_last else percent(start),
        dx=None if is_last else "4",
        y=f"{y:g}",
        text_anchor="end" if is_last else "start",
    )


def _gap(start: float, end: float, label: str) -> Markup:
    """Draw a stretch without a value."""
    top, height = TOP + PLOT - 22, 22
    return element(
        "rect",
        element("title", label),
        class_="gap",
        x=percent(start),
        width=percent(end - start),
        y=top,
        height=height,
    )


def _line(kind: str, x1: float, x2: float, y1: float, y2: float) -> Markup:
    """Draw a line between two places of the page."""
    return element(
        "line",
        class_=kind,
        x1=percent(x1),
        x2=percent(x2),
        y1=f"{y1:g}",
        y2=f"{y2:g}",
    )
