"""How pictures look.

They are told apart by shape, hatching and labels, not by colour alone: the colours
are those that colour-blind people tell apart, and differ in grey too.
"""

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

#: Blue, vermilion, green, orange, purple and sky blue of Okabe and Ito.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9")
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
LAW_COLOUR = "#222222"
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


@contextmanager
def own_style() -> Iterator[None]:
    """Draw in the style of this project, whatever the user's settings are."""
    with mpl.rc_context(), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        yield


def make_figure(
    height: float, rows: int = 1, columns: int = 1, heights: Sequence[float] = ()
) -> tuple[Figure, list[Axes]]:
    """Make a figure as wide as a page, so many inches high, of rows and columns.

    Returns:
        The figure and its places, row after row; ``heights`` compares the rows.
    """
    figure = Figure(figsize=(_WIDTH, height))
    axes = figure.subplots(rows, columns, squeeze=False, height_ratios=heights or None)
    return figure, list(axes.flat)


def png_of(figure: Figure) -> bytes:
    """Write a figure; the same figure gives the same bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=160, metadata={"Software": None})
    return file.getvalue()


def draw_bars(
    axes: Axes,
    values: Sequence[float],
    labels: Sequence[str],
    *,
    is_loss: Sequence[bool],
    size: float = 7,
) -> None:
    """Draw horizontal bars, one below the other: losses hatched, gains plain."""
    looks = [_look(is_loss=one) for one in is_loss]
    bars = axes.barh(
        range(len(values)),
        values,
        0.75,
        color=[one["facecolor"] for one in looks],
        hatch=[one["hatch"] for one in looks],
        edgecolor="white",
    )
    axes.bar_label(bars, labels, fontsize=size)


def set_few_ticks(axes: Axes) -> None:
    """Place few ticks below, at whole numbers."""
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))


def swatch(label: str, *, is_loss: bool) -> Patch:
    """Make an entry of a legend."""
    return Patch(label=label, edgecolor="white", **_look(is_loss=is_loss))


def _look(*, is_loss: bool) -> dict[str, str]:
    return {
        "facecolor": COLOURS[1 if is_loss else 0],
        "hatch": "///" if is_loss else "",
    }
