"""How pictures look.

They are told apart by shape, hatching and labels, not by colour alone: the colours
are those that colour-blind people tell apart, and differ in grey too.
"""

from __future__ import annotations

import io
import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Blue, vermilion, green, orange, purple and sky blue of Okabe and Ito.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9")
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++")
LAW_COLOUR = "#222222"
STYLE = {
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
_DPI = 160


@contextmanager
def own_style() -> Iterator[None]:
    """Draw in the style of this project, whatever the user's settings are."""
    # A backend that is not there would stop the import; none is needed.
    backend = os.environ.pop("MPLBACKEND", None)
    try:
        import matplotlib as mpl  # noqa: PLC0415 - heavy, and for pictures alone
    finally:
        if backend is not None:
            os.environ["MPLBACKEND"] = backend
    with mpl.rc_context(), warnings.catch_warnings():
        # A letter that the font lacks is drawn as a box.
        warnings.filterwarnings("ignore", message="Glyph")
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        yield


def make_figure(
    height: float, rows: int = 1, columns: int = 1, heights: Sequence[float] = ()
) -> tuple[Figure, list[Axes]]:
    """Make a figure for the width of a page, without a display.

    Args:
        height: Of the figure, in inches.
        rows: Of places in it.
        columns: Of places in it.
        heights: Of the rows, one against the other.

    Returns:
        The figure and its places, row after row.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415 - heavy, and for pictures alone
    from matplotlib.figure import Figure  # noqa: PLC0415 - as above

    figure = Figure(figsize=(_WIDTH, height))
    FigureCanvasAgg(figure)
    axes = figure.subplots(rows, columns, squeeze=False, height_ratios=heights or None)
    return figure, list(axes.flat)


def png_of(figure: Figure) -> bytes:
    """Write a figure; the same figure gives the same bytes."""
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DPI, metadata={"Software": None})
    return file.getvalue()


def bar_style(*, is_loss: bool) -> dict[str, str]:
    """Return the look of losses, hatched, and of gains, plain."""
    return {
        "color": COLOURS[1] if is_loss else COLOURS[0],
        "hatch": "///" if is_loss else "",
        "edgecolor": "white",
    }


def few_ticks() -> object:
    """Place few ticks, at whole numbers."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - as above

    return MaxNLocator(nbins=4, integer=True)


def number_or_gap(value: float | None) -> float:
    """Return a number that is left out of a picture where there is none."""
    return numpy.nan if value is None else value
