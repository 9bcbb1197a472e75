"""The table of measures."""

from dataclasses import dataclass

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

_HEADINGS = ("what", "model", "other", "ratio", "aim", "")


@dataclass
class Measure:
    """One line of the table: the model, what it is compared with, and the aim."""

    what: str
    model: float
    other: float
    #: The highest ratio of the two that is aimed at, or none.
    aim: float | None = None
    #: The model's own figure is held against the aim, and not the ratio.
    aim_is_on_the_model: bool = False

    def cells(self) -> tuple[str, ...]:
        """Return the figures, their ratio, the aim, and whether it is met."""
        ratio = self.model / self.other
        aim = verdict = ""
        if self.aim is not None:
            held = self.model if self.aim_is_on_the_model else ratio
            verdict = "met" if held <= self.aim else "not met"
            aim = f"{'model ' if self.aim_is_on_the_model else ''}<= {self.aim:g}"
        both = [
            f"{figure:,.0f}" if figure >= 100 else f"{figure:.3g}"
            for figure in (self.model, self.other)
        ]
        return self.what, *both, f"{ratio:.2f}", aim, verdict


def show(measures: list[Measure]) -> None:
    """Print the measures as a table."""
    table = Table(*_HEADINGS, box=SIMPLE)
    for column in table.columns[1:4]:
        column.justify = "right"
    for measure in measures:
        table.add_row(*measure.cells())
    Console(width=110).print(table)
