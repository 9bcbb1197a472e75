"""Pictures of a comparison, as PNG files.

They are told apart by shape, hatching and labels, not by colour alone: the colours
are those that colour-blind people tell apart, and differ in grey too.
"""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING

import numpy

from openfisca_isv.population.comparison.tables import IN_ORDER
from openfisca_isv.population.groups.names import BY_NAMES, group_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pyarrow as pa
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from openfisca_isv.population.comparison.compare import Comparison

#: Blue, vermilion, green, orange, purple and sky blue of Okabe and Ito.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9")
_MARKERS = "osD^vP"
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (3, 2)))
_HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
_LAW_COLOUR = "#222222"
_WIDTH = 7.2
_MOST_GROUPS = 10
_DPI = 160
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
}


def pictures(comparison: Comparison) -> dict[str, bytes]:
    """Draw what a comparison found; a picture that would be empty is left out.

    Returns:
        PNG files by name, without the suffix: ``cost_by_year``; for each reform
        ``<reform>_gainers_and_losers``, ``<reform>_amounts`` and
        ``<reform>_lawfulness``.
    """
    import matplotlib as mpl  # noqa: PLC0415 -- heavy, and for pictures alone

    with mpl.rc_context(_STYLE):
        drawn = {"cost_by_year": _cost(comparison)}
        for source in comparison.reforms:
            groups = _of(comparison.gainers_and_losers, source.name)
            bands = _of(comparison.gain_distribution, source.name)
            name = source.name
            drawn[f"{name}_gainers_and_losers"] = _sides(
                groups,
                comparison.by,
                ("losers", "gainers"),
                ("who lose", "who gain"),
                "Volunteers",
            )
            drawn[f"{name}_amounts"] = _amounts(bands)
            drawn[f"{name}_lawfulness"] = _sides(
                groups,
                comparison.by,
                ("contracts_become_unlawful", "contracts_become_lawful"),
                ("that become unlawful", "that become lawful"),
                "Contracts",
            )
        return {name: _png(one) for name, one in drawn.items() if one is not None}


def _figure(
    height: float, rows: int = 1, columns: int = 1, heights: Sequence[float] = ()
) -> tuple[Figure, list[Axes]]:
    """Make a figure for the width of a page, without a display."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(_WIDTH, height))
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False, height_ratios=heights or None)
    return figure, list(axes.flat)


def _png(figure: Figure) -> bytes:
    """Write a figure; the same figure gives the same bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DPI, metadata={"Software": None})
    return file.getvalue()


def _of(table: pa.Table, reform: str) -> list[dict]:
    """Give the rows of one reform."""
    return [row for row in table.to_pylist() if row["reform"] == reform]


def _cost(comparison: Comparison) -> Figure:
    """Draw the cost to the State by year, and its change under each reform."""
    rows = comparison.cost_by_year.to_pylist()
    by_law: dict[str, list[dict]] = {}
    for row in rows:
        by_law.setdefault(row["scenario"], []).append(row)
    years = numpy.array(comparison.years)
    figure, (above, below) = _figure(5.4, rows=2)
    law, *reforms = by_law.items()
    above.plot(
        years,
        [row["state_cost"] / 1e6 for row in law[1]],
        color=_LAW_COLOUR,
        linewidth=3,
        alpha=0.55,
        label="Law in force",
    )
    width = 0.8 / max(len(reforms), 1)
    for rank, (name, given) in enumerate(reforms):
        title = _title(comparison, name)
        look = rank % len(_COLOURS)
        above.plot(
            years,
            [_number(row["state_cost"]) / 1e6 for row in given],
            color=_COLOURS[look],
            linestyle=_LINES[look],
            marker=_MARKERS[look],
            markersize=4,
            label=title,
        )
        changes = [_number(row["state_cost_change"]) / 1e3 for row in given]
        bars = below.bar(
            years + (rank - (len(reforms) - 1) / 2) * width,
            changes,
            width * 0.92,
            color=_COLOURS[look],
            edgecolor="white",
            hatch=_HATCHES[look],
            label=title,
        )
        if len(years) * len(reforms) <= 21:  # noqa: PLR2004 -- more would overlap
            labels = ["" if numpy.isnan(one) else f"{one:+,.0f}" for one in changes]
            labels = ["" if one in ("+0", "-0") else one for one in labels]
            labels = [one.replace("-", "\N{MINUS SIGN}") for one in labels]
            below.bar_label(bars, labels, fontsize=7, padding=2)
    above.set_ylim(bottom=0)
    above.set_title("Cost to the State, millions of euros a year")
    below.set_title("Change from the law in force, thousands of euros a year")
    below.axhline(0, color="black", linewidth=0.8)
    below.margins(y=0.15)
    for axes in (above, below):
        axes.set_xlim(years[0] - 0.6, years[-1] + 0.6)
        axes.set_xticks(years, [str(year) for year in years])
        axes.tick_params(axis="x", rotation=45 if len(years) > 12 else 0)  # noqa: PLR2004
        axes.grid(axis="y", color="#dddddd", linewidth=0.6)
    figure.legend(
        *above.get_legend_handles_labels(), loc="outside lower left", frameon=False
    )
    return figure


def _sides(
    rows: list[dict],
    by: tuple[str, ...],
    columns: tuple[str, str],
    verbs: tuple[str, str],
    what: str,
) -> Figure | None:
    """Draw, group by group, those who lose to the left and who gain to the right."""
    panels = []
    for one in by:
        groups = [row for row in rows if row["by"] == one]
        shown = [row for row in groups if any(row[name] for name in columns)]
        if one not in IN_ORDER:
            shown.sort(key=lambda row: -sum(row[name] or 0 for name in columns))
        if shown:
            panels.append((one, shown[:_MOST_GROUPS], len(shown)))
    if not panels:
        return None
    pairs = [panels[first : first + 2] for first in range(0, len(panels), 2)]
    heights = [max(len(shown) for _, shown, _ in pair) + 3 for pair in pairs]
    figure, axes = _figure(
        0.22 * sum(heights) + 0.3, len(pairs), len(pairs[0]), heights
    )
    for rank, (place, panel) in enumerate(zip(axes, panels, strict=False)):
        _panel(place, panel, columns, heights[rank // 2] - 3)
    swatches = [
        _swatch(f"{what} {verb}", is_loss=verb is verbs[0])
        for verb, column in zip(verbs, columns, strict=True)
        if any(row[column] for row in rows)
    ]
    for place in axes[len(panels) :]:
        place.set_visible(False)
    figure.legend(handles=swatches, loc="outside lower left", ncols=2, frameon=False)
    return figure


def _panel(
    place: Axes,
    panel: tuple[str, list[dict], int],
    columns: tuple[str, str],
    tallest: int,
) -> None:
    """Draw one grouping: a line a group, two bars a line."""
    by, shown, total = panel
    names = [textwrap.fill(group_name(by, row["group"]), 24) for row in shown]
    ranks = numpy.arange(len(shown))
    ends = []
    for column in columns:
        is_loss = column is columns[0]
        values = numpy.array([row[column] or 0 for row in shown])
        bars = place.barh(
            ranks, -values if is_loss else values, 0.75, **_look(is_loss=is_loss)
        )
        labels = [f" {value:,.0f} " if value else "" for value in values]
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
    place.xaxis.set_major_formatter(lambda value, _: f"{abs(value):,.0f}")
    place.xaxis.set_major_locator(_few_ticks())
    place.tick_params(axis="x", labelsize=7.5)
    more = f" ({len(shown)} of {total})" if total > len(shown) else ""
    place.set_title(f"{BY_NAMES.get(by, by)}{more}", fontsize=9)


def _look(*, is_loss: bool) -> dict[str, str]:
    """Give the look of losses, hatched, and of gains, plain."""
    return {
        "color": _COLOURS[1] if is_loss else _COLOURS[0],
        "hatch": "///" if is_loss else "",
        "edgecolor": "white",
    }


def _swatch(label: str, *, is_loss: bool) -> object:
    """Make an entry of a legend."""
    from matplotlib.patches import Patch  # noqa: PLC0415

    look = _look(is_loss=is_loss)
    colour = look.pop("color")
    return Patch(facecolor=colour, label=label, **look)


def _amounts(rows: list[dict]) -> Figure | None:
    """Draw how many volunteers gain or lose how much; the unchanged in the title."""
    shown = [row for row in rows if row["change"] != "unchanged"]
    if not any(row["volunteers"] for row in shown):
        return None
    unchanged = next(row["volunteers"] for row in rows if row["change"] == "unchanged")
    figure, (axes,) = _figure(2.6)
    values = [row["volunteers"] or 0 for row in shown]
    is_loss = [row["change"].startswith("loses") for row in shown]
    bars = axes.barh(
        [row["change"] for row in shown],
        values,
        0.75,
        color=[_look(is_loss=one)["color"] for one in is_loss],
        hatch=[_look(is_loss=one)["hatch"] for one in is_loss],
        edgecolor="white",
    )
    axes.bar_label(
        bars,
        [
            " masked" if row["volunteers"] is None else f" {row['volunteers']:,.0f}"
            for row in shown
        ],
        fontsize=8,
    )
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.xaxis.set_major_locator(_few_ticks())
    same = "" if unchanged is None else f"; {unchanged:,.0f} unchanged"
    axes.set_title(f"Volunteers by what they receive more or less in all{same}")
    return figure


def _few_ticks() -> object:
    """Place few ticks, at whole numbers."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    return MaxNLocator(nbins=4, integer=True)


def _title(comparison: Comparison, name: str) -> str:
    """Give the title of a reform."""
    return next(one.title for one in comparison.reforms if one.name == name)


def _number(value: float | None) -> float:
    """Give a number that is left out of a picture where there is none."""
    return numpy.nan if value is None else value
