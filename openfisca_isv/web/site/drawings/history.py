"""The history of a parameter as a picture: steps of a number, bars of what holds."""

from collections.abc import Callable
from datetime import date

from markupsafe import Markup

from openfisca_isv.web.site.content.figures import Figure, Version
from openfisca_isv.web.site.drawings.plot import (
    PLOT,
    TOP,
    Mark,
    Segment,
    across,
    draw_marks,
    draw_steps,
)
from openfisca_isv.web.site.drawings.svg import element, percent, picture
from openfisca_isv.web.site.languages import Language

_ROW, _BAR = 40, 12

Place = Callable[[date], float]


def draw_history(language: Language, figure: Figure) -> list[Markup]:
    """Draw the history of a parameter; of a scale, each of its versions apart."""
    if isinstance(figure.latest.value, tuple):
        return [
            _draw_scale(language, figure, version, number)
            for number, version in enumerate(figure.versions)
        ]
    values = [version.value for version in figure.versions]
    if all(isinstance(value, bool | list) for value in values):
        return [draw_spans(language, [figure], figure.name)]
    return [_draw_number(language, figure)]


def draw_spans(language: Language, figures: list[Figure], name: str) -> Markup:
    """Draw a bar for each thing that holds: a parameter, or an item of its lists."""
    first = min(figure.versions[0].start for figure in figures)
    last = max(figure.last_check for figure in figures)
    place = _scale_of_days(first, last)
    is_alone = len(figures) == 1
    rows = [row for one in figures for row in _rows(language, one, is_alone=is_alone)]
    drawn = []
    days = {first}
    for number, (label, spans) in enumerate(rows):
        top = number * _ROW
        drawn.append(element("text", label, class_="row", x="1%", y=top + 16))
        for start, end, holds in spans:
            days.add(start)
            left, right = across(place(start)), across(place(end or last))
            drawn.append(
                element(
                    "rect",
                    class_="holds" if holds else "holds-not",
                    x=percent(left),
                    width=percent(max(right - left, 0.005)),
                    y=top + 22,
                    height=_BAR,
                    rx=2,
                )
            )
    marks = [Mark(place(day), _short(language, day)) for day in days]
    marks.append(Mark(1, _checked(language, last), "checked"))
    top = len(rows) * _ROW + 4
    below, height = draw_marks(marks, top)
    return picture(
        name.replace(".", "-"),
        language.text("picture_title", name=_name(language, figures, name)),
        " ".join(_sentences(language, figure) for figure in figures),
        top + height,
        *drawn,
        *below,
    )


def _draw_number(language: Language, figure: Figure) -> Markup:
    """Draw a number as steps from day to day."""
    first = figure.versions[0].start
    last = max(figure.last_check, figure.latest.start)
    place = _scale_of_days(first, last)
    segments = [
        Segment(
            place(version.start),
            place(version.end or last),
            version.value,
            language.text("no_figure")
            if version.value is None
            else language.bare_value(figure, version.value),
        )
        for version in figure.versions
    ]
    marks = [
        Mark(place(version.start), _short(language, version.start))
        for version in figure.versions
    ]
    marks.append(Mark(1, _checked(language, figure.last_check), "checked"))
    below, height = draw_marks(marks, TOP + PLOT)
    return picture(
        figure.name.replace(".", "-"),
        language.text("picture_title", name=language.figure(figure)),
        _sentences(language, figure),
        TOP + PLOT + height,
        *draw_steps(segments),
        *below,
    )


def _draw_scale(
    language: Language, figure: Figure, version: Version, number: int
) -> Markup:
    """Draw the steps of one version of a scale."""
    widest = 1.25 * max(
        threshold for one in figure.versions for threshold, _ in one.value
    )
    steps = list(version.value)
    ends = [threshold for threshold, _ in steps[1:]] + [widest]
    segments = [
        Segment(
            threshold / widest,
            end / widest,
            amount,
            language.bare_value(figure, amount),
        )
        for (threshold, amount), end in zip(steps, ends, strict=True)
    ]
    marks = [
        Mark(threshold / widest, language.words.quantity(threshold, "month"))
        for threshold, _ in steps
    ]
    below, height = draw_marks(marks, TOP + PLOT)
    return picture(
        f"{figure.name.replace('.', '-')}-{number}",
        language.text(
            "picture_scale",
            name=language.figure(figure),
            span=language.span(version.start, version.end),
        ),
        language.value(figure, version.value),
        TOP + PLOT + height,
        *draw_steps(segments),
        *below,
    )


def _rows(
    language: Language, figure: Figure, *, is_alone: bool = True
) -> list[tuple[str, list[tuple[date, date | None, bool]]]]:
    """List what holds: the parameter itself, or each item that it ever lists."""
    if isinstance(figure.latest.value, bool):
        spans = [(one.start, one.end, bool(one.value)) for one in figure.versions]
        is_line = figure.is_of_a_country and not is_alone
        name = language.country(figure.key) if is_line else language.figure(figure)
        return [(name, spans)]
    items = dict.fromkeys(item for one in figure.versions for item in one.value)
    return [
        (
            language.item(item),
            [(one.start, one.end, item in one.value) for one in figure.versions],
        )
        for item in items
    ]


def _scale_of_days(first: date, last: date) -> Place:
    """Give the function that places a day between two, from 0 to 1."""
    length = max((last - first).days, 1)
    return lambda day: min((day - first).days / length, 1)


def _sentences(language: Language, figure: Figure) -> str:
    """Say a history in words."""
    return " ".join(
        language.text(
            "history_sentence",
            value=language.value(figure, version.value),
            span=language.span(version.start, version.end),
        )
        for version in figure.versions
    )


def _name(language: Language, figures: list[Figure], name: str) -> str:
    """Name what a picture is of: a parameter, or a group of them."""
    return (
        language.figure(figures[0]) if len(figures) == 1 else language.words.node(name)
    )


def _short(language: Language, day: date) -> str:
    """Write a day short, for a mark."""
    month = language.text("short_months").split()[day.month - 1]
    return f"{day.day} {month} {day.year}"


def _checked(language: Language, day: date) -> str:
    """Write when a value was last checked, for a mark."""
    return language.text("checked_short", day=_short(language, day))
