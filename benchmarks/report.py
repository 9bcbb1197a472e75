"""The table of measures, as plain text."""

from dataclasses import dataclass

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

    @property
    def ratio(self) -> float:
        """What the model takes for one of the other."""
        return self.model / self.other

    @property
    def verdict(self) -> str:
        """Whether the aim is met; nothing where there is none."""
        if self.aim is None:
            return ""
        figure = self.model if self.aim_is_on_the_model else self.ratio
        return "met" if figure <= self.aim else "not met"

    def cells(self) -> tuple[str, ...]:
        """Write the line out."""
        aim = "" if self.aim is None else f"<= {self.aim:g}"
        if self.aim_is_on_the_model:
            aim = f"model {aim}"
        figures = (_figure(self.model), _figure(self.other), f"{self.ratio:.2f}")
        return (self.what, *figures, aim, self.verdict)


def table(measures: list[Measure]) -> str:
    """Write the measures as a table in columns."""
    lines = [_HEADINGS, *(measure.cells() for measure in measures)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if 0 < place < len(line) - 2 else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def _figure(value: float) -> str:
    """Write a figure with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
