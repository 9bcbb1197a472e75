"""Measure the model: ``python -m benchmarks``, or with ``--sizes 1000`` to be quick."""

import argparse

from benchmarks.measure import memory, speed
from benchmarks.outputs import EVERY_OUTPUT
from benchmarks.report import Measure, show
from benchmarks.start_up import in_own_process, start_up

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


def main() -> None:
    """Take every measure and print the table; fail where the results differ."""
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
    measures = [*_speeds(sizes), *_memories(sizes)]
    measures.append(
        Measure("start to first answer, seconds", *start_up().values(), aim=1.5)
    )
    show(measures)


def _speeds(sizes: list[int]) -> list[Measure]:
    """Time the model and the analyst's script on each size."""
    seconds = {}
    for size in sizes:
        seconds[size] = in_own_process(speed, size).result()
        print(f"{size:,} missions: {len(EVERY_OUTPUT)} outputs compared, equal.")
    measures = [
        Measure(
            f"{size:,} missions, seconds",
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
        what = f"seconds at {_LARGE:,} for one at {_SMALL:,}"
        measures.append(Measure(what, *growth.values(), 11, aim_is_on_the_model=True))
    return measures


def _memories(sizes: list[int]) -> list[Measure]:
    """Measure the peak memory of each program on each size."""
    return [
        Measure(
            f"{size:,} missions, peak memory in MB",
            *(
                in_own_process(memory, size, name).result()
                for name in ("model", "analyst")
            ),
        )
        for size in sizes
    ]


if __name__ == "__main__":
    main()
