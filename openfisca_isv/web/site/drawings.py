"""The history of parameters as a picture: bars, with the days on which they change.

Widths are shares of the width of the page, heights are pixels: the picture follows
the page, and its letters keep their size. Colours are those of the style sheet.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from markupsafe import Markup, escape

from openfisca_isv.web.site.content.parameter_pages import ParameterPage, Version
from openfisca_isv.web.site.languages import Language

#: The height of a line of text and of a bar, and the space below a bar.
_LINE, _BAR, _SPACE = 18, 14, 10
#: The margin of the picture, its width, and the width of a letter on a narrow page.
_LEFT, _WIDTH, _LETTER = 0.01, 0.97, 0.021


class Bar(NamedTuple):
    """A value on some days: what stands above its bar, and the class of the bar."""

    version: Version
    label: str
    kind: str


class Mark(NamedTuple):
    """A word at a place from 0 to 1."""

    at: float
    label: str
    kind: str


def draw_history(
    language: Language, parameters: list[ParameterPage], name: str
) -> Markup:
    """Draw what parameters were, with bars; one below the other, and in words."""
    first = min(parameter.versions[0].start for parameter in parameters)
    last = max(
        max(parameter.last_check, parameter.latest.start) for parameter in parameters
    )
    length = max((last - first).days, 1)

    def across(day: date) -> float:
        return min((day - first).days / length, 1)

    top, drawn, days = 0, [], {first}
    for title, bars in (
        row for parameter in parameters for row in _rows(language, parameter)
    ):
        if title and (
            len(parameters) > 1 or title != language.parameter(parameters[0])
        ):
            drawn.append(_element("text", title, class_="row", x="1%", y=top + 14))
            top += _LINE
        labels = [Mark(across(bar.version.start), bar.label, "value") for bar in bars]
        above, height = _draw_marks(labels, top)
        drawn += above
        top += height
        for bar in bars:
            start, end = across(bar.version.start), across(bar.version.end or last)
            days.add(bar.version.start)
            width = _percent(max((end - start) * _WIDTH, 0.005))
            place = {"x": _percent(_LEFT + start * _WIDTH), "y": top + 4}
            drawn.append(
                _element("rect", class_=bar.kind, width=width, height=_BAR, **place)
            )
        top += _BAR + _SPACE
    marks = [Mark(across(day), language.short_day(day), "mark") for day in days]
    checked = language.text("checked_short", day=language.short_day(last))
    below, height = _draw_marks([*marks, Mark(1, checked, "checked")], top)
    title = (
        language.parameter(parameters[0])
        if len(parameters) == 1
        else language.words.node(name)
    )
    said = " ".join(language.history(parameter) for parameter in parameters)
    return _element(
        "svg",
        _element("title", language.text("picture_title", name=title), id="drawn-title"),
        _element("desc", said, id="drawn-words"),
        *drawn,
        *below,
        class_="picture",
        role="img",
        width="100%",
        height=top + height + 6,
        aria_labelledby="drawn-title drawn-words",
    )


def _rows(
    language: Language, parameter: ParameterPage
) -> Iterable[tuple[str, list[Bar]]]:
    """List the rows of a parameter: itself, its steps, or the items that it lists."""
    versions, latest = parameter.versions, parameter.latest.value
    if isinstance(latest, bool):
        title = (
            language.country(parameter.key)
            if parameter.is_of_a_country
            else language.parameter(parameter)
        )
        yield title, [Bar(one, "", _kind(holds=bool(one.value))) for one in versions]
    elif isinstance(latest, list):
        for item in dict.fromkeys(item for one in versions for item in one.value):
            bars = [Bar(one, "", _kind(holds=item in one.value)) for one in versions]
            yield language.item(item), bars
    elif isinstance(latest, tuple):
        for step in sorted({step for one in versions for step, _ in one.value}):
            said = language.words.quantity(step, parameter.threshold_unit)
            bars = [_amount(language, parameter, one, step) for one in versions]
            yield language.text("picture_step", threshold=said), bars
    else:
        yield "", [_amount(language, parameter, one) for one in versions]


def _amount(
    language: Language,
    parameter: ParameterPage,
    version: Version,
    step: float | None = None,
) -> Bar:
    """Return the bar of a number, or of a step; a gap where none is known."""
    value = version.value if step is None else dict(version.value).get(step)
    if value is None:
        label = language.text("no_figure") if step is None else ""
        return Bar(version, label, "gap")
    return Bar(version, language.words.quantity(value, parameter.unit), "holds")


def _kind(*, holds: bool) -> str:
    return "holds" if holds else "holds-not"


def _draw_marks(marks: Iterable[Mark], top: float) -> tuple[list[Markup], float]:
    """Write words on as few lines as keep them apart; return them and their height."""
    lines: list[float] = []
    drawn = []
    for mark in sorted(mark for mark in marks if mark.label):
        at, room = _LEFT + mark.at * _WIDTH, len(mark.label) * _LETTER + 0.03
        is_last = at + room > 1
        if is_last and mark.kind == "value":
            # A value stands above its bar, of which this is the end.
            at = _LEFT + _WIDTH
        start = max(at - room, 0) if is_last else at
        line = next((n for n, end in enumerate(lines) if end < start), len(lines))
        lines[line : line + 1] = [at if is_last else at + room]
        drawn.append(
            _element(
                "text",
                mark.label,
                class_=mark.kind,
                x=_percent(at),
                y=top + (line + 1) * _LINE - 4,
                text_anchor="end" if is_last else "start",
            )
        )
    return drawn, _LINE * len(lines)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}%"


def _element(name: str, *children: object, **attributes: object) -> Markup:
    """Write an element; ``class_`` is its class, and ``_`` in a name is a dash."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), value)
        for key, value in attributes.items()
    )
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inside)
