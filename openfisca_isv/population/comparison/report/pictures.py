"""Pictures of a comparison, as PNG files: what it costs, who gains, who loses."""

from __future__ import annotations

from textwrap import fill, shorten
from typing import TYPE_CHECKING

import numpy

from openfisca_isv.population.comparison.report.diverging_bars import draw_sides
from openfisca_isv.population.comparison.report.drawing import (
    COLOURS,
    HATCHES,
    LAW_COLOUR,
    bar_style,
    few_ticks,
    make_figure,
    number_or_gap,
    own_style,
    png_of,
)
from openfisca_isv.population.comparison.sentences import (
    MINUS,
    filled,
    has_effect,
    number,
)
from openfisca_isv.population.language import say, words
from openfisca_isv.population.wording import amount

if TYPE_CHECKING:
    import pyarrow as pa
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from openfisca_isv.population.comparison.comparison import Comparison

#: More labels of bars would overlap; more years stand aslant.
_MOST_LABELS, _MOST_UPRIGHT = 21, 12
#: Readings drawn, and the letters of a line of their names.
_MOST_READINGS, _WIDEST_READING = 20, 46


def pictures(comparison: Comparison) -> dict[str, bytes]:
    """Draw what a comparison found: ``Comparison.pictures``."""
    with own_style():
        drawn = {}
        if comparison.readings is not None:
            drawn["readings"] = _draw_readings(comparison.readings.to_pylist())
        if comparison.reforms:
            drawn["cost_by_year"] = _draw_cost(comparison)
        for source in comparison.reforms:
            groups = _of(comparison.gainers_and_losers, source.name)
            bands = _of(comparison.gain_distribution, source.name)
            name = source.name
            drawn[f"{name}_gainers_and_losers"] = draw_sides(
                groups,
                comparison.by,
                ("losers", "gainers"),
                (say("Volunteers who lose"), say("Volunteers who gain")),
            )
            drawn[f"{name}_amounts"] = _draw_amounts(bands)
            drawn[f"{name}_lawfulness"] = draw_sides(
                groups,
                comparison.by,
                ("contracts_become_unlawful", "contracts_become_lawful"),
                (
                    say("Contracts that become unlawful"),
                    say("Contracts that become lawful"),
                ),
            )
        return {name: png_of(one) for name, one in drawn.items() if one is not None}


def signed(value: float) -> str:
    """Write a whole number with its sign."""
    return ("+" if value >= 0 else MINUS) + amount(abs(value), 0)


def _of(table: pa.Table, reform: str) -> list[dict]:
    """Return the rows of one reform."""
    return [row for row in table.to_pylist() if row["reform"] == reform]


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
            values = [number_or_gap(row[name]) / unit for row in rows]
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
                labels = ["" if numpy.isnan(one) else signed(one) for one in values]
                labels = ["" if one[1:] == "0" else one for one in labels]
                axes.bar_label(bars, labels, fontsize=7, padding=2)
    above.set_ylim(bottom=0)
    above.set_title(say("Cost to the State, millions of euros a year"))
    below.set_title(say("Change from the law in force, thousands of euros a year"))
    below.axhline(0, color="black", linewidth=0.8)
    above.margins(y=0.1)
    below.margins(y=0.15)
    for axes in (above, below):
        _set_years(axes, years)
        axes.yaxis.set_major_formatter(
            lambda value, _: words().number(value).replace("-", MINUS)
        )
    figure.legend(
        *above.get_legend_handles_labels(), loc="outside lower left", frameon=False
    )
    return figure


def _set_years(axes: Axes, years: numpy.ndarray) -> None:
    """Set the years below a picture, and lines across it."""
    axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    axes.set_xticks(years, [str(year) for year in years])
    axes.tick_params(axis="x", rotation=45 if len(years) > _MOST_UPRIGHT else 0)
    axes.grid(axis="y", color="#dddddd", linewidth=0.6)


def _draw_readings(rows: list[dict]) -> Figure | None:
    """Draw what the readings are worth: euros a year, and people who gain or lose."""
    alone = [row for row in rows if row["rank"] and has_effect(row)]
    shown = alone[:_MOST_READINGS] + [row for row in rows if not row["rank"]]
    if not shown:
        return None
    names = [
        f"{row['rank']}. {row['title']}"
        if row["rank"]
        else say("Together: {taken}", taken=say(row["taken"]))
        for row in shown
    ]
    names = [shorten(one, 2 * _WIDEST_READING, placeholder="...") for one in names]
    names = [fill(one, _WIDEST_READING) for one in names]
    figure, (costs, people) = make_figure(0.32 * len(shown) + 0.9, columns=2)
    ranks = numpy.arange(len(shown))
    values = [number_or_gap(row["state_cost_change_per_year"]) / 1e3 for row in shown]
    styles = [bar_style(is_loss=one < 0) for one in values]
    bars = costs.barh(
        ranks,
        values,
        0.75,
        color=[one["color"] for one in styles],
        hatch=[one["hatch"] for one in styles],
        edgecolor="white",
    )
    labels = [
        say("masked") if numpy.isnan(one) else f" {signed(one)} " for one in values
    ]
    costs.bar_label(bars, labels, fontsize=7)
    costs.set_title(say("State cost, thousand € a year"), fontsize=9)
    costs.set_yticks(ranks, names, fontsize=7, linespacing=0.9)
    for column, sign in (("losers", -1), ("gainers", 1)):
        counts = numpy.array([number_or_gap(row[column]) for row in shown])
        bars = people.barh(ranks, sign * counts, 0.75, **bar_style(is_loss=sign < 0))
        texts = [f" {amount(one, 0)} " if one > 0 else "" for one in counts]
        people.bar_label(bars, texts, fontsize=7)
    people.set_title(say("Volunteers who lose, who gain"), fontsize=9)
    people.set_yticks(ranks, [""] * len(shown))
    for axes in (costs, people):
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.margins(x=0.25)
        axes.axvline(0, color="black", linewidth=0.8)
        axes.xaxis.set_major_locator(few_ticks())
        axes.tick_params(axis="x", labelsize=7.5)
        if 0 < (apart := min(len(alone), _MOST_READINGS)) < len(shown):
            axes.axhline(apart - 0.5, color="#888888", linewidth=0.6)
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
    styles = [
        bar_style(is_loss=row["change_to"] is not None and row["change_to"] <= 0)
        for row in shown
    ]
    bars = axes.barh(
        [row["change"] for row in shown],
        [row["volunteers"] or 0 for row in shown],
        0.75,
        color=[one["color"] for one in styles],
        hatch=[one["hatch"] for one in styles],
        edgecolor="white",
    )
    axes.bar_label(
        bars,
        [f" {number(row['volunteers'])}" for row in shown],
        fontsize=8,
    )
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(lambda value, _: amount(value, 0))
    axes.xaxis.set_major_locator(few_ticks())
    same = say("Volunteers by what they receive more or less in all")
    if unchanged is not None:
        same += say("; {number} unchanged", number=number(unchanged))
    axes.set_title(same)
    return figure
