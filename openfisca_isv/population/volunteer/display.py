"""Results on a terminal, or as plain text where there is none."""

import errno
import io
import os
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Collection, Sequence
from operator import itemgetter
from typing import TextIO

import pyarrow as pa
import pyarrow.compute as pc
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from openfisca_isv.population.comparison.compare_readings import ALONE
from openfisca_isv.population.comparison.sentences import (
    change,
    has_effect,
    readings_sentences,
)
from openfisca_isv.population.language import say, words
from openfisca_isv.population.model.summary import SHOWN
from openfisca_isv.population.subject import FACTS, group_name
from openfisca_isv.population.volunteer.volunteer_file import Chapter
from openfisca_isv.population.wording import amount, number

_WIDTH = 100
_GAP = 1


class _Console(Console):
    """Leaves it to the command to say that nobody reads on."""

    def on_broken_pipe(self) -> None:
        """Tell of a reader that closed the output: ``cli.main``.

        Raises:
            BrokenPipeError: Always.
        """
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


def make_console() -> Console:
    """Make a console that writes to the standard output, 100 columns wide at most.

    Colours and bold type are for terminals alone.
    """
    width, file = _WIDTH, _Trimmed(sys.stdout)
    if sys.stdout.isatty():
        width, file = min(shutil.get_terminal_size().columns, _WIDTH), sys.stdout
    return _Console(file=file, width=width, highlight=False, markup=False, emoji=False)


class _Trimmed(io.TextIOBase):
    """A stream without the blanks that fill the lines of a table."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        self._stream.write(re.sub(r" +$", "", text, flags=re.MULTILINE))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()


def show_summary(console: Console, summary: pa.Table) -> None:
    """Show the measures, a row each, and the years, a column each."""
    years = [str(year) for year in summary["year"].to_pylist()]
    rows: list[tuple[str, list[str]]] = []
    for name, measure in SHOWN.items():
        head = say(measure.subject), []
        if head not in rows:
            rows.append(head)
        cells = [number(value, 0) for value in summary[name].to_pylist()]
        rows.append((f"  {say(measure.label)}", cells))
    _show_by_year(console, say("By year"), years, rows)
    console.print(say("State aid is at its ceilings."))
    if pc.sum(summary["resettlement_undetermined"]).as_py():
        told = "Undetermined: a right to resettlement whose amount no text seen gives;"
        console.print(say(f"{told} it counts for 0 €."))
    console.print()


def show_unmet_conditions(console: Console, unmet: pa.Table) -> None:
    """Show how many of the contracts fail on which condition, and the years."""
    years = unmet.column_names[1:]
    rows = []
    for row in unmet.to_pylist():
        counts = [row[year] for year in years]
        if any(one is None or one for one in counts):
            name = group_name(FACTS["unmet"], row["condition"])
            rows.append((name, [number(one, 0) for one in counts]))
    if rows:
        title = say("Not lawful: first unmet condition")
        _show_by_year(console, title, years, rows)
        console.print()


def show_standing(console: Console, settled: pa.Table, missing: pa.Table) -> None:
    """Show how many results hang on empty cells, and which facts to ask for."""
    # Of each output the last one stays, which is asked first most often.
    facts = sorted(missing.to_pylist(), key=itemgetter("asked_first", "fact"))
    most = {(row["table"], row["output"]): row["fact"] for row in facts}
    titles = map(say, ("output", "settled", "not settled", "ask first"))
    shown = _table(*zip(titles, (46, 12, 12, 28), strict=True))
    for row in settled.to_pylist():
        if row["not_settled"]:
            fact = most.get((row["table"], row["output"]), "")
            counts = (amount(row[name], 0) for name in ("settled", "not_settled"))
            shown.add_row(row["output"], *counts, fact)
    _show_title(console, say("Settled whatever the empty cells are"))
    if shown.row_count:
        console.print(shown)
    else:
        console.print(say("Every result is settled by the cells that are filled in."))
    console.print()


def show_readings(console: Console, readings: pa.Table) -> None:
    """Show what each reading is worth; of those that change nothing, how many."""
    rows = readings.to_pylist()
    console.print(Text(say("Other readings of the law"), style="bold"))
    for sentence in readings_sentences(rows):
        console.print(Padding(Text(sentence), (0, 0, 0, 2)))
    console.print()
    table = _table()
    names = ("", "Other reading", "State, €\na year", "gain", "lose")
    for name in (*names, "newly\nlawful", "no longer\nlawful"):
        justify = "left" if name == "Other reading" else "right"
        table.add_column(Text(say(name), style="bold"), justify=justify)
    for row in rows:
        if not (has_effect(row) or row["taken"] != ALONE):
            continue
        told = Text(say("Together: {taken}", taken=say(row["taken"])))
        if row["taken"] == ALONE:
            about = f"\n{row['changes']}\n{row['articles']}"
            told = Text.assemble(row["title"], (about, "dim"))
        cells = [
            change(row["state_cost_change_per_year"], ""),
            *(number(row[one]) for one in ("gainers", "losers")),
            *(number(row[f"contracts_become_{one}"]) for one in ("lawful", "unlawful")),
        ]
        table.add_row(str(row["rank"] or ""), told, *cells)
    console.print(table)
    console.print()


def show_file(console: Console, chapters: Sequence[Chapter]) -> None:
    """Show the file of a volunteer, then the addresses of what it cites."""
    spoken, cited = words(), {}
    for chapter in chapters:
        _show_title(console, chapter.title)
        facts = _table((spoken.phrase("stated"), 46), ("", 53))
        for fact in chapter.facts.items():
            facts.add_row(*fact)
        console.print(facts)
        # The facts left out, and the readings with the conclusions that they change.
        missing: list[str] = []
        changed: defaultdict[str, list[str]] = defaultdict(list)
        for subject, some in chapter.sections.items():
            console.print()
            conclusions = _table((spoken.subject(subject), 46), ("", 26), ("", 26))
            for line in some:
                standing, step = line.answer["standing"], line.answer["reasons"]
                missing += line.missing
                for one in standing["readings"]:
                    changed[one["title"].rstrip(".")].append(line.label)
                sign = "≈ " if standing["readings"] else ""
                if line.is_open:
                    sign = "? "
                provisions = step.get("provisions", [])
                cited |= {one["title"]: one["address"] for one in provisions}
                titles = "\n".join(one["title"] for one in provisions)
                value = Text(sign + line.value)
                conclusions.add_row(line.label, value, Text(titles, style="dim"))
            console.print(conclusions)
        readings = [
            title + say(": ") + say("; ").join(some) for title, some in changed.items()
        ]
        _show_list(console, spoken.phrase("missing_in_file"), dict.fromkeys(missing))
        _show_list(console, spoken.phrase("changed_by_readings"), readings)
        console.print()
    if cited:
        _show_title(console, spoken.phrase("texts"))
    for title, address in cited.items():
        console.print(title)
        console.print(f"  {address}", soft_wrap=True)


def _show_list(console: Console, title: str, items: Collection[str]) -> None:
    if items:
        console.print()
        console.print(Text(title, style="bold"))
    for item in items:
        console.print(Padding(Text(f"- {item}"), (0, 0, 0, 2)))


def _show_title(console: Console, title: str) -> None:
    console.rule(Text(title, style="bold"), align="left", characters="=")


def _show_by_year(
    console: Console, title: str, years: list[str], rows: list[tuple[str, list[str]]]
) -> None:
    """Show rows of cells by year, in as many blocks as the width asks for."""
    rows = [(title, years), *rows]
    label = max(len(name) for name, _ in rows)
    width = max(len(cell) for _, cells in rows for cell in cells)
    together = max((console.width - label) // (width + _GAP), 1)
    for first in range(0, len(years), together):
        for name, cells in rows:
            line = name.ljust(label)
            for cell in cells[first : first + together]:
                line += cell.rjust(width + _GAP)
            is_head = name == title or not cells
            console.print(Text(line, style="bold" if is_head else ""))


def _table(*columns: tuple[str, int]) -> Table:
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False)
    for title, width in columns:
        table.add_column(Text(title, style="bold"), width=width, overflow="fold")
    return table
