"""How far a run is: a bar on a terminal, else a plain line now and then, or JSON."""

import sys
import time
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from openfisca_isv.json_log import is_kept, log
from openfisca_isv.population.language import say, words
from openfisca_isv.population.wording import amount

#: Seconds between two plain lines; a run that is shorter has none.
_EVERY = 10.0
#: From so many a second on, decimals say nothing.
_MANY = 100


class ProgressReporter:
    """Tells of the steps of a run on the error output."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._bar = None
        quiet = quiet or is_kept()
        if sys.stderr.isatty() and not quiet:
            self._bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
        self._quiet = quiet
        self._said = time.monotonic()
        self._name = ""

    def __enter__(self) -> Self:
        """Show the bar, on a terminal."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away."""
        self._end()
        if self._bar is not None:
            self._bar.stop()

    def start(self, name: str, total: int | None, unit: str) -> None:
        """Start a step of so many rows or parts, where that is known."""
        self._end()
        self._name, self._total, self._unit, self._done = name, total, unit, 0
        self._began = time.monotonic()
        log("step", name=name, total=total, unit=unit)
        if self._bar is not None:
            self._task = self._bar.add_task(say(name), total=total, rate="")

    def advance(self, count: int = 1) -> None:
        """Tell that so many more are done."""
        self._done += count
        if self._unit == "parts":
            log("progress", name=self._name, done=self._done, total=self._total)
        now = time.monotonic()
        rate = self._done / max(now - self._began, 1e-6)
        if self._bar is not None:
            text = f"{rate:,.3g}" if rate < _MANY else f"{rate:,.0f}"
            text = f"{words().figures(text)} {say(self._unit)}/s"
            self._bar.update(self._task, advance=count, rate=text)
        elif not self._quiet and now - self._said > _EVERY:
            self._said = now
            line = "{name}: {done} {unit}, {rate} a second"
            told = {"done": amount(self._done, 0), "rate": amount(rate, 1)}
            if self._total:
                line = (
                    "{name}: {done} of {total} {unit}, {left} s left, {rate} a second"
                )
                told["total"] = amount(self._total, 0)
                told["left"] = amount((self._total - self._done) / rate, 0)
            line = say(line, name=say(self._name), unit=say(self._unit), **told)
            sys.stderr.write(f"{line}\n")

    def _end(self) -> None:
        if self._name and self._bar is not None:
            self._bar.remove_task(self._task)
        self._name = ""
