"""Prove the model against the scalar reading, on every case of every family.

`make proof` runs it in two processes and keeps the counts in the package, for the page
of the site that shows them. It ends with status 1 where the two disagree.
"""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from enumeration import Family, Result, compare
from families import FAMILIES, SUBJECTS
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from openfisca_isv.law.checked import FILE, keep

#: Into how many parts a family of many days is divided: so many steps of progress.
PARTS = 50


def run(
    families: list[Family],
    console: Console,
    processes: int = 2,
    *,
    samples: bool = False,
) -> dict[str, Result]:
    """Compare families on all of their cases or on samples, and show how far it is."""
    results = {family.name: Result() for family in families}
    columns = (
        *Progress.get_default_columns(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with (
        Progress(*columns, console=console) as progress,
        ProcessPoolExecutor(processes) as pool,
    ):
        running = {}
        for family in families:
            step = family.one_day_in if samples else 1
            one_case_in = family.one_case_in if samples else 1
            count = min(PARTS, -(-len(family.days) // step))
            task = progress.add_task(f"{family.name:20}", total=count)
            for part in range(count):
                days = slice(part * step, None, count * step)
                place = FAMILIES.index(family)
                job = pool.submit(compare_part, place, days, one_case_in)
                running[job] = family.name, task
        for job in as_completed(running):
            name, task = running[job]
            results[name].add(job.result())
            progress.advance(task)
            if progress.tasks[task].finished and not console.is_terminal:
                progress.print(f"{name}: {results[name].answers:,} answers")
    return results


def compare_part(place: int, days: slice, one_case_in: int) -> Result:
    """Compare a part of a family, named by its place, which is short to send."""
    family = FAMILIES[place]
    return compare(family, family.days[days], one_case_in)


def counts(results: dict[str, Result]) -> Table:
    """Return what was compared as a table."""
    table = Table("family", "cases", "answers", "differences")
    for name, result in results.items():
        numbers = result.cases, result.answers, result.count_of_differences
        table.add_row(name, *(f"{number:,}" for number in numbers))
    answers = sum(result.answers for result in results.values())
    table.add_row("all", "", f"{answers:,}", "", style="bold")
    return table


def by_subject(results: dict[str, Result]) -> dict[str, dict]:
    """Return the counts of each family under what it is about."""
    return {
        subject: {
            family.name: {
                "cases": results[family.name].cases,
                "answers": results[family.name].answers,
            }
            for family in families
        }
        for subject, families in SUBJECTS.items()
    }


def counterexamples(name: str, result: Result) -> Table:
    """Return the first cases on which the two disagree, a column for each."""
    found = result.differences
    title = f"{name}: the first of {result.count_of_differences:,} differences"
    table = Table("", title=title)
    for difference in found:
        variable, period, rank = difference[:3]
        of = f"{variable}, {period}, mission {rank}"
        table.add_column(of, overflow="fold")
    for row, label in enumerate(("the model", "by hand"), 3):
        table.add_row(label, *(str(one[row]) for one in found), style="bold")
    for fact in found[0][-1]:
        table.add_row(fact, *(str(one[-1][fact]) for one in found))
    return table


def main(arguments: list[str] | None = None) -> int:
    """Run all families; return 1 where the model and the scalar reading disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="the family of this name, and keep no counts")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--out", type=Path, default=FILE)
    chosen = parser.parse_args(arguments)
    console = Console()
    families = [one for one in FAMILIES if chosen.only in {None, one.name}]
    results = run(families, console, chosen.processes)
    console.print(counts(results))
    differing = {k: v for k, v in results.items() if v.count_of_differences}
    for name, result in differing.items():
        console.print(counterexamples(name, result))
    if not differing and chosen.only is None:
        keep("proof", {"subjects": by_subject(results)}, chosen.out)
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
