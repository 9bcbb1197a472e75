"""Pictures of a comparison, as PNG files: what it costs, who gains, who loses.

They are told apart by shape, hatching and labels, not by colour alone: the colours
are those that colour-blind people tell apart, and differ in grey too.
"""

import io
import warnings
from collections.abc import Mapping, Sequence
from itertools import chain, cycle
from textwrap import fill, shorten

import matplotlib as mpl
import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.groupings import (
    group_title,
    grouping_name,
    grouping_title,
    is_in_order,
)
from openfisca_isv.population.comparison.sentences import MINUS, filled, has_effect
from openfisca_isv.population.language import say, words
from openfisca_isv.population.subject import LAW
from openfisca_isv.population.wording import amount, number

#: Blue, vermilion, green, orange, purple and sky blue of Okabe and Ito.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9")
_HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
_LAW_COLOUR = "#222222"
_STYLE = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "axes.axisbelow": True,
    "hatch.linewidth": 0.6,
    "figure.constrained_layout.use": True,
    # A dollar in a title or a label is a dollar.
    "text.parse_math": False,
}
#: In inches: the width of a page between its margins.
_WIDTH = 7.2
#: More labels of bars would overlap; more years stand aslant.
_MOST_LABELS, _MOST_UPRIGHT = 21, 12
#: Readings and groups drawn.
_MOST_READINGS, _MOST_GROUPS = 20, 10
#: Letters of a line.
_WIDEST_READING, _WIDEST_GROUP, _WIDEST_TITLE = 46, 24, 32


def pictures(comparison: Comparison) -> dict[str, bytes]:
    """Draw what a comparison found: ``Comparison.pictures``."""
    with mpl.rc_context(), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph")
        # Whatever the user's settings are.
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        drawn = {}
        if comparison.readings is not None:
            drawn["readings"] = _draw_readings(comparison.readings.to_pylist())
        if comparison.reforms:
            drawn["cost_by_year"] = _draw_cost(comparison)
        for name in (source.name for source in comparison.reforms):
            rows = comparison.rows_of(name)
            groups = rows["gainers_and_losers"], comparison.by
            drawn[f"{name}_gainers_and_losers"] = _draw_sides(
                *groups,
                losers=say("Volunteers who lose"),
                gainers=say("Volunteers who gain"),
            )
            drawn[f"{name}_amounts"] = _draw_amounts(rows["gain_distribution"])
            drawn[f"{name}_lawfulness"] = _draw_sides(
                *groups,
                contracts_become_unlawful=say("Contracts that become unlawful"),
                contracts_become_lawful=say("Contracts that become lawful"),
            )
        return {name: png_of(one) for name, one in drawn.items() if one is not None}


def png_of(figure: Figure) -> bytes:
    """Write a figure; the same figure gives the same bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=160, metadata={"Software": None})
    return file.getvalue()


def _draw_cost(comparison: Comparison) -> Figure:
    """Draw the cost to the State by year, and its change under each reform."""
    years, reforms = numpy.array(comparison.years), comparison.reforms
    names = [LAW, *(one.name for one in reforms)]
    titles = [say("Law in force"), *(one.title for one in reforms)]
    looks = chain([(_LAW_COLOUR, "")], cycle(zip(_COLOURS, _HATCHES, strict=True)))
    rows = [comparison.rows_of(one)["cost_by_year"] for one in names]
    laws = [*zip(rows, titles, looks, strict=False)]
    figure, (above, below) = _make_figure(5.4, rows=2)
    for axes, name, unit, shown in (
        (above, "state_cost", 1e6, laws),
        (below, "state_cost_change", 1e3, laws[1:]),
    ):
        width = 0.8 / len(shown)
        for rank, (by_year, title, (colour, hatch)) in enumerate(shown):
            values = _numbers(by_year, name) / unit
            bars = axes.bar(
                years + (rank - (len(shown) - 1) / 2) * width,
                values,
                width * 0.92,
                color=colour,
                edgecolor="white",
                hatch=hatch,
                label=title,
            )
            if axes is below and len(years) * len(laws) <= _MOST_LABELS:
                known = numpy.nan_to_num(values)
                labels = [_signed(one) if numpy.rint(one) else "" for one in known]
                axes.bar_label(bars, labels, fontsize=7, padding=2)
        axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
        axes.set_xticks(years, [str(year) for year in years])
        axes.tick_params(axis="x", rotation=45 if len(years) > _MOST_UPRIGHT else 0)
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
        axes.yaxis.set_major_formatter(
            lambda value, _: words().number(value).replace("-", MINUS)
        )
    above.set_ylim(bottom=0)
    above.set_title(say("Cost to the State, millions of euros a year"))
    above.margins(y=0.1)
    below.set_title(say("Change from the law in force, thousands of euros a year"))
    below.axhline(0, color="black", linewidth=0.8)
    below.margins(y=0.15)
    figure.legend(
        *above.get_legend_handles_labels(), loc="outside lower left", frameon=False
    )
    return figure


def _draw_readings(rows: list[dict]) -> Figure | None:
    """Draw what the readings are worth: euros a year, and people who gain or lose."""
    alone = [row for row in rows if row["rank"] and has_effect(row)][:_MOST_READINGS]
    shown = alone + [row for row in rows if not row["rank"]]
    if not shown:
        return None
    names = [
        f"{row['rank']}. {row['title']}"
        if row["rank"]
        else say("Together: {taken}", taken=say(row["taken"]))
        for row in shown
    ]
    names = [shorten(one, 2 * _WIDEST_READING, placeholder="...") for one in names]
    figure, (costs, people) = _make_figure(0.32 * len(shown) + 0.9, columns=2)
    values = _numbers(shown, "state_cost_change_per_year") / 1e3
    labels = [
        say("masked") if numpy.isnan(one) else f" {_signed(one)} " for one in values
    ]
    _draw_bars(costs, values, labels, is_loss=[one < 0 for one in values])
    _draw_counts(people, *(_numbers(shown, one) for one in ("losers", "gainers")))
    costs.set_title(say("State cost, thousand € a year"), fontsize=9)
    people.set_title(say("Volunteers who lose, who gain"), fontsize=9)
    for axes, shown_names in ((costs, names), (people, [""] * len(names))):
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.margins(x=0.25)
        _place_names(axes, shown_names, _WIDEST_READING)
        if 0 < len(alone) < len(shown):
            axes.axhline(len(alone) - 0.5, color="#888888", linewidth=0.6)
    costs.xaxis.set_major_formatter(
        lambda value, _: amount(value, 0).replace("-", MINUS)
    )
    return figure


def _draw_amounts(rows: list[dict]) -> Figure | None:
    """Draw how many volunteers gain or lose how much; the unchanged in the title."""
    shown = [row for row in filled(rows) if row["change_from"] != row["change_to"]]
    if not any(row["volunteers"] for row in shown):
        return None
    unchanged = next(
        row["volunteers"] for row in rows if row["change_from"] == row["change_to"]
    )
    figure, (axes,) = _make_figure(2.6)
    _draw_bars(
        axes,
        [row["volunteers"] or 0 for row in shown],
        [f" {number(row['volunteers'])}" for row in shown],
        is_loss=[
            row["change_to"] is not None and row["change_to"] <= 0 for row in shown
        ],
        size=8,
    )
    axes.set_yticks(range(len(shown)), [row["change"] for row in shown])
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(lambda value, _: amount(value, 0))
    axes.xaxis.set_major_locator(_few_ticks())
    title = say("Volunteers by what they receive more or less in all")
    if unchanged is not None:
        title += say("; {number} unchanged", number=number(unchanged))
    axes.set_title(title)
    return figure


def _draw_sides(
    rows: Sequence[dict], by: Sequence[tuple[str, ...]], **sides: str
) -> Figure | None:
    """Draw, grouping by grouping, one line per group and two bars per line.

    ``sides`` are the columns that go to the left and to the right, and what they are.
    Nothing is drawn where all bars would be empty.
    """
    panels = []
    for one in by:
        groups = [row for row in rows if row["by"] == grouping_name(one)]
        shown = [row for row in groups if any(row[name] for name in sides)]
        if not is_in_order(one):
            shown.sort(key=lambda row: -sum(row[name] or 0 for name in sides))
        if shown:
            panels.append((one, shown))
    if not panels:
        return None
    sizes = [min(len(shown), _MOST_GROUPS) for _, shown in panels]
    tallest = [max(sizes[first : first + 2]) for first in range(0, len(sizes), 2)]
    heights = [one + 3 for one in tallest]
    figure, axes = _make_figure(
        0.22 * sum(heights) + 0.3, len(heights), min(len(panels), 2), heights
    )
    for rank, (place, panel) in enumerate(zip(axes, panels, strict=False)):
        _draw_panel(place, *panel, sides)
        place.set_ylim(tallest[rank // 2] - 0.4, -0.6)
    for place in axes[len(panels) :]:
        place.set_visible(False)
    swatches = [
        Patch(label=label, edgecolor="white", **_look(is_loss=rank == 0))
        for rank, (column, label) in enumerate(sides.items())
        if any(row[column] for row in rows)
    ]
    figure.legend(handles=swatches, loc="outside lower left", ncols=2, frameon=False)
    return figure


def _draw_panel(
    axes: Axes, by: tuple[str, ...], groups: list[dict], columns: Mapping[str, str]
) -> None:
    """Draw one grouping, losses to the left."""
    shown = groups[:_MOST_GROUPS]
    counts = [numpy.nan_to_num(_numbers(shown, one)) for one in columns]
    _draw_counts(axes, *counts)
    limits = [one.max() for one in counts]
    margin = 0.35 * max(limits)
    left, right = (one + margin if one else 0 for one in limits)
    axes.set_xlim(-left, right)
    _place_names(axes, [group_title(by, row["group"]) for row in shown], _WIDEST_GROUP)
    title = grouping_title(by)
    if len(groups) > len(shown):
        title += say(" ({some} of {total})", some=len(shown), total=len(groups))
    axes.set_title(fill(title, _WIDEST_TITLE), fontsize=9)


def _make_figure(
    height: float, rows: int = 1, columns: int = 1, heights: Sequence[float] = ()
) -> tuple[Figure, list[Axes]]:
    """Make a figure as wide as a page, so many inches high, of rows and columns.

    Returns:
        The figure and its places, row after row; ``heights`` compares the rows.
    """
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.subplots(rows, columns, squeeze=False, height_ratios=heights or None)
    return figure, list(axes.flat)


def _draw_counts(axes: Axes, losers: numpy.ndarray, gainers: numpy.ndarray) -> None:
    """Draw those who lose to the left, those who gain to the right, line by line."""
    for counts, sign in ((losers, -1), (gainers, 1)):
        labels = [f" {amount(one, 0)} " if one > 0 else "" for one in counts]
        _draw_bars(axes, sign * counts, labels, is_loss=[sign < 0] * len(counts))


def _draw_bars(
    axes: Axes,
    values: Sequence[float],
    labels: Sequence[str],
    *,
    is_loss: Sequence[bool],
    size: float = 7,
) -> None:
    """Draw horizontal bars, one below the other: losses hatched, gains plain."""
    bars = axes.barh(range(len(values)), values, 0.75, edgecolor="white")
    for bar, one in zip(bars, is_loss, strict=True):
        bar.set(**_look(is_loss=one))
    axes.bar_label(bars, labels, fontsize=size)


def _look(*, is_loss: bool) -> dict[str, str]:
    rank = int(is_loss)
    return {"facecolor": _COLOURS[rank], "hatch": _HATCHES[rank]}


def _few_ticks() -> MaxNLocator:
    return MaxNLocator(nbins=4, integer=True)


def _place_names(axes: Axes, names: Sequence[str], widest: int) -> None:
    """Name the bars on both sides of a line."""
    names = [fill(one, widest) for one in names]
    axes.set_yticks(range(len(names)), names, fontsize=7, linespacing=0.9)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.xaxis.set_major_locator(_few_ticks())
    axes.xaxis.set_major_formatter(lambda value, _: amount(abs(value), 0))
    axes.tick_params(axis="x", labelsize=7.5)


def _numbers(rows: Sequence[dict], name: str) -> numpy.ndarray:
    """Return a column; what is masked is a gap in the picture."""
    return numpy.array([row[name] for row in rows], float)


def _signed(value: float) -> str:
    return ("+" if value >= 0 else MINUS) + amount(abs(value), 0)
