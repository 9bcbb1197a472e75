"""Pictures of a comparison, as PNG files: what it costs, who gains, who loses."""

from collections.abc import Mapping, Sequence
from textwrap import fill, shorten

import numpy
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.groupings import (
    group_title,
    grouping_name,
    grouping_title,
    is_in_order,
)
from openfisca_isv.population.comparison.report.drawing import (
    COLOURS,
    HATCHES,
    LAW_COLOUR,
    draw_bars,
    make_figure,
    own_style,
    png_of,
    set_few_ticks,
    swatch,
)
from openfisca_isv.population.comparison.sentences import (
    MINUS,
    filled,
    has_effect,
    number,
)
from openfisca_isv.population.language import say, words
from openfisca_isv.population.wording import amount

#: More labels of bars would overlap; more years stand aslant.
_MOST_LABELS, _MOST_UPRIGHT = 21, 12
#: Readings and groups drawn.
_MOST_READINGS, _MOST_GROUPS = 20, 10
#: Letters of a line.
_WIDEST_READING, _WIDEST_GROUP, _WIDEST_TITLE = 46, 24, 32


def pictures(comparison: Comparison) -> dict[str, bytes]:
    """Draw what a comparison found: ``Comparison.pictures``."""
    with own_style():
        drawn = {}
        if comparison.readings is not None:
            drawn["readings"] = _draw_readings(comparison.readings.to_pylist())
        if comparison.reforms:
            drawn["cost_by_year"] = _draw_cost(comparison)
        for name in (source.name for source in comparison.reforms):
            groups, bands = (
                [row for row in table.to_pylist() if row["reform"] == name]
                for table in (
                    comparison.gainers_and_losers,
                    comparison.gain_distribution,
                )
            )
            sides = {
                "losers": say("Volunteers who lose"),
                "gainers": say("Volunteers who gain"),
            }
            drawn[f"{name}_gainers_and_losers"] = _draw_sides(
                groups, comparison.by, sides
            )
            drawn[f"{name}_amounts"] = _draw_amounts(bands)
            sides = {
                "contracts_become_unlawful": say("Contracts that become unlawful"),
                "contracts_become_lawful": say("Contracts that become lawful"),
            }
            drawn[f"{name}_lawfulness"] = _draw_sides(groups, comparison.by, sides)
        return {name: png_of(one) for name, one in drawn.items() if one is not None}


def _draw_cost(comparison: Comparison) -> Figure:
    """Draw the cost to the State by year, and its change under each reform."""
    by_law: dict[str, list[dict]] = {}
    for row in comparison.cost_by_year.to_pylist():
        by_law.setdefault(row["scenario"], []).append(row)
    years = numpy.array(comparison.years)
    figure, (above, below) = make_figure(5.4, rows=2)
    looks = [(LAW_COLOUR, ""), *zip(COLOURS, HATCHES, strict=True)]
    titles = [say("Law in force"), *(one.title for one in comparison.reforms)]
    laws = [*by_law.values()]
    for axes, name, unit, first in (
        (above, "state_cost", 1e6, 0),
        (below, "state_cost_change", 1e3, 1),
    ):
        width = 0.8 / len(laws[first:])
        for rank, rows in enumerate(laws[first:]):
            law = rank + first
            colour, hatch = looks[law if law == 0 else 1 + (law - 1) % len(COLOURS)]
            values = _numbers(rows, name) / unit
            bars = axes.bar(
                years + (rank - (len(laws[first:]) - 1) / 2) * width,
                values,
                width * 0.92,
                color=colour,
                edgecolor="white",
                hatch=hatch,
                label=titles[law],
            )
            if first and len(years) * len(laws) <= _MOST_LABELS:
                labels = ["" if numpy.isnan(one) else _signed(one) for one in values]
                labels = ["" if one[1:] == "0" else one for one in labels]
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
    figure, (costs, people) = make_figure(0.32 * len(shown) + 0.9, columns=2)
    values = _numbers(shown, "state_cost_change_per_year") / 1e3
    labels = [
        say("masked") if numpy.isnan(one) else f" {_signed(one)} " for one in values
    ]
    draw_bars(costs, values, labels, is_loss=[one < 0 for one in values])
    for column, sign in (("losers", -1), ("gainers", 1)):
        counts = _numbers(shown, column)
        labels = [f" {amount(one, 0)} " if one > 0 else "" for one in counts]
        draw_bars(people, sign * counts, labels, is_loss=[sign < 0] * len(shown))
    costs.set_title(say("State cost, thousand € a year"), fontsize=9)
    people.set_title(say("Volunteers who lose, who gain"), fontsize=9)
    for axes, shown_names in ((costs, names), (people, [""] * len(names))):
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.margins(x=0.25)
        _place_names(axes, shown_names, _WIDEST_READING)
        if 0 < len(alone) < len(shown):
            axes.axhline(len(alone) - 0.5, color="#888888", linewidth=0.6)
    people.xaxis.set_major_formatter(lambda value, _: amount(abs(value), 0))
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
    figure, (axes,) = make_figure(2.6)
    draw_bars(
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
    set_few_ticks(axes)
    title = say("Volunteers by what they receive more or less in all")
    if unchanged is not None:
        title += say("; {number} unchanged", number=number(unchanged))
    axes.set_title(title)
    return figure


def _draw_sides(
    rows: Sequence[dict], by: Sequence[tuple[str, ...]], sides: Mapping[str, str]
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
    figure, axes = make_figure(
        0.22 * sum(heights) + 0.3, len(heights), min(len(panels), 2), heights
    )
    for rank, (place, panel) in enumerate(zip(axes, panels, strict=False)):
        _draw_panel(place, *panel, sides)
        place.set_ylim(tallest[rank // 2] - 0.4, -0.6)
    for place in axes[len(panels) :]:
        place.set_visible(False)
    swatches = [
        swatch(label, is_loss=rank == 0)
        for rank, (column, label) in enumerate(sides.items())
        if any(row[column] for row in rows)
    ]
    figure.legend(handles=swatches, loc="outside lower left", ncols=2, frameon=False)
    return figure


def _draw_panel(
    axes: Axes, by: tuple[str, ...], groups: list[dict], columns: Mapping[str, str]
) -> None:
    """Draw one grouping, losses to the left."""
    shown, limits = groups[:_MOST_GROUPS], []
    for column, sign in zip(columns, (-1, 1), strict=True):
        values = numpy.array([row[column] or 0 for row in shown])
        labels = [f" {amount(value, 0)} " if value else "" for value in values]
        draw_bars(axes, sign * values, labels, is_loss=[sign < 0] * len(shown))
        limits.append(values.max())
    margin = 0.35 * max(limits)
    left, right = (one + margin if one else 0 for one in limits)
    axes.set_xlim(-left, right)
    _place_names(axes, [group_title(by, row["group"]) for row in shown], _WIDEST_GROUP)
    axes.xaxis.set_major_formatter(lambda value, _: amount(abs(value), 0))
    title = grouping_title(by)
    if len(groups) > len(shown):
        title += say(" ({some} of {total})", some=len(shown), total=len(groups))
    axes.set_title(fill(title, _WIDEST_TITLE), fontsize=9)


def _place_names(axes: Axes, names: Sequence[str], widest: int) -> None:
    """Name the bars on both sides of a line."""
    names = [fill(one, widest) for one in names]
    axes.set_yticks(range(len(names)), names, fontsize=7, linespacing=0.9)
    axes.axvline(0, color="black", linewidth=0.8)
    set_few_ticks(axes)
    axes.tick_params(axis="x", labelsize=7.5)


def _numbers(rows: Sequence[dict], name: str) -> numpy.ndarray:
    """Return a column; what is masked is a gap in the picture."""
    return numpy.array([row[name] for row in rows], float)


def _signed(value: float) -> str:
    """Write a whole number with its sign."""
    return ("+" if value >= 0 else MINUS) + amount(abs(value), 0)
