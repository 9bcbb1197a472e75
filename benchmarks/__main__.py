"""Measure the model: ``python -m benchmarks``, or with ``--sizes 1000`` to be quick."""

import argparse
import json
import subprocess
import sys

from benchmarks.report import Measure, table
from benchmarks.start_up import ROOT, TemplateMissingError, start_up, versions

_SIZES = (1_000, 100_000, 1_000_000)
_SMALL, _LARGE = _SIZES[1:]

_EXPLANATION = """
Timed, on both sides: from inputs held as arrays to all outputs held as arrays, the
construction of the simulation included on the model's side. Not timed: making the
population, importing, and building the system of the law, once a process (the last
line measures these). Other is a script of a hundred lines that an analyst would write
with numpy for six outputs, compared row by row: adult, entitled organisation, lawful
duration, minimum allowance, leave, and twelve months of allowance; seven volunteers
for ten missions. Seconds are of the processor, the best of three runs in turn.
Memory is the peak of a process that holds the population and all the outputs.
"""


class DifferentResultsError(Exception):
    """The model and the analyst's script do not agree."""


def main() -> int:
    """Take every measure, print the table, and give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=_SIZES,
        metavar="MISSIONS",
        help="sizes of the populations (1000, 100000 and 1000000)",
    )
    sizes = parser.parse_args().sizes
    print(_EXPLANATION.strip(), flush=True)
    try:
        measures = [*_speeds(sizes), *_memories(sizes)]
    except DifferentResultsError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        measures.append(_start_up())
        print(f"Template: openfisca-country-template; {versions()}.")
    except TemplateMissingError as error:
        print(f"Not measured: openfisca-country-template is not available ({error})")
    print(f"\n{table(measures)}")
    return 0


def _speeds(sizes: list[int]) -> list[Measure]:
    """Time the model and the analyst's script on each size."""
    seconds = {}
    for size in sizes:
        run = _measure("speed", size)
        if run["differences"]:
            lines = "\n  ".join(run["differences"])
            message = f"On {size} missions the results differ:\n  {lines}"
            raise DifferentResultsError(message)
        print(f"{_spaced(size)} missions: {run['compared']} outputs compared, equal.")
        seconds[size] = run["seconds"]
    measures = [
        Measure(
            f"{_spaced(size)} missions, seconds",
            each["model"],
            each["analyst"],
            aim=1.5 if size == _LARGE else None,
        )
        for size, each in seconds.items()
    ]
    if {_SMALL, _LARGE} <= seconds.keys():
        growth = {
            name: seconds[_LARGE][name] / seconds[_SMALL][name]
            for name in ("model", "analyst")
        }
        what = f"seconds at {_spaced(_LARGE)} for one at {_spaced(_SMALL)}"
        measures.append(Measure(what, *growth.values(), 11, aim_is_on_the_model=True))
    return measures


def _memories(sizes: list[int]) -> list[Measure]:
    """Measure the peak memory of each program on each size."""
    return [
        Measure(
            f"{_spaced(size)} missions, peak memory in MB",
            *(
                _measure("memory", size, "--of", name)["megabytes"]
                for name in ("model", "analyst")
            ),
        )
        for size in sizes
    ]


def _start_up() -> Measure:
    """Time the first answer of a process, beside OpenFisca's country template."""
    return Measure("start to first answer, seconds", *start_up().values(), aim=1.5)


def _measure(name: str, size: int, *options: str) -> dict:
    """Take one measure in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.measure", name, str(size), *options]
    run = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT
    )
    return json.loads(run.stdout)


def _spaced(number: int) -> str:
    """Write a number with a space between thousands."""
    return f"{number:,}".replace(",", " ")


if __name__ == "__main__":
    sys.exit(main())
