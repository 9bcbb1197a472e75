"""The picture of two sides: who loses to the left, who gains to the right."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import numpy

from openfisca_isv.population.comparison.groupings import (
    group_title,
    grouping_name,
    grouping_title,
    is_in_order,
)
from openfisca_isv.population.comparison.report.drawing import (
    bar_style,
    few_ticks,
    make_figure,
)
from openfisca_isv.population.language import say
from openfisca_isv.population.wording import amount

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_GROUPS = 10
#: In letters.
_WIDEST_NAME, _WIDEST_TITLE = 24, 32


def draw_sides(
    rows: Sequence[dict],
    by: Sequence[tuple[str, ...]],
    columns: tuple[str, str],
    labels: tuple[str, str],
) -> Figure | None:
    """Draw, grouping by grouping, a line a group and two bars a line.

    Args:
        rows: The gainers and losers of a reform.
        by: The groupings.
        columns: What goes to the left, and what to the right.
        labels: What both are.

    Returns:
        The figure, or nothing where all bars would be empty.
    """
    panels = []
    for one in by:
        groups = [row for row in rows if row["by"] == grouping_name(one)]
        shown = [row for row in groups if any(row[name] for name in columns)]
        if not is_in_order(one):
            shown.sort(key=lambda row: -sum(row[name] or 0 for name in columns))
        if shown:
            panels.append((one, shown[:_MOST_GROUPS], len(shown)))
    if not panels:
        return None
    pairs = [panels[first : first + 2] for first in range(0, len(panels), 2)]
    heights = [max(len(shown) for _, shown, _ in pair) + 3 for pair in pairs]
    figure, axes = make_figure(
        0.22 * sum(heights) + 0.3, len(pairs), len(pairs[0]), heights
    )
    for rank, (place, panel) in enumerate(zip(axes, panels, strict=False)):
        _draw_panel(place, panel, columns, heights[rank // 2] - 3)
    swatches = [
        _swatch(label, is_loss=column is columns[0])
        for label, column in zip(labels, columns, strict=True)
        if any(row[column] for row in rows)
    ]
    for place in axes[len(panels) :]:
        place.set_visible(False)
    figure.legend(handles=swatches, loc="outside lower left", ncols=2, frameon=False)
    return figure


def _draw_panel(
    place: Axes,
    panel: tuple[tuple[str, ...], list[dict], int],
    columns: tuple[str, str],
    tallest: int,
) -> None:
    """Draw one grouping."""
    by, shown, total = panel
    names = [
        textwrap.fill(group_title(by, row["group"]), _WIDEST_NAME) for row in shown
    ]
    ranks = numpy.arange(len(shown))
    ends = []
    for column in columns:
        is_loss = column is columns[0]
        values = numpy.array([row[column] or 0 for row in shown])
        bars = place.barh(
            ranks, -values if is_loss else values, 0.75, **bar_style(is_loss=is_loss)
        )
        labels = [f" {amount(value, 0)} " if value else "" for value in values]
        place.bar_label(bars, labels, fontsize=7)
        ends.append(values.max())
    margin = 0.35 * max(ends)
    place.set_xlim(
        *(
            side * (end + margin if end else 0)
            for side, end in zip((-1, 1), ends, strict=True)
        )
    )
    place.set_yticks(ranks, names, fontsize=7, linespacing=0.9)
    place.set_ylim(tallest - 0.4, -0.6)
    place.axvline(0, color="black", linewidth=0.8)
    place.xaxis.set_major_formatter(lambda value, _: amount(abs(value), 0))
    place.xaxis.set_major_locator(few_ticks())
    place.tick_params(axis="x", labelsize=7.5)
    title = grouping_title(by)
    if total > len(shown):
        title += say(" ({some} of {total})", some=len(shown), total=total)
    place.set_title(textwrap.fill(title, _WIDEST_TITLE), fontsize=9)


def _swatch(label: str, *, is_loss: bool) -> object:
    """Make an entry of a legend."""
    from matplotlib.patches import Patch  # noqa: PLC0415 - heavy, and for pictures alone

    bar = bar_style(is_loss=is_loss)
    colour = bar.pop("color")
    return Patch(facecolor=colour, label=label, **bar)
