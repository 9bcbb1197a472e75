"""Measure populations: ``python -m benchmarks``; ``--sizes 10000`` is quick."""

import argparse
import tempfile
from pathlib import Path

from benchmarks import tables
from benchmarks.report import Measure, show
from benchmarks.start_up import start_up

_SIZES = (1_000_000, 10_000_000)
_MOST_MEGABYTES = 1024**3 / 1e6

_EXPLANATION = """
Model: openfisca-isv simulate --no-summary, which also checks and sorts the rows. Other:
what an analyst would write in DuckDB for the same six outputs, of which one for twelve
months: benchmarks/analyst.sql. From Parquet to Parquet, results compared, equal.
Seconds are of the processor, of all threads, but where the line says otherwise.
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
        help="about how many missions (1000000 and 10000000)",
    )
    print(_EXPLANATION.strip(), flush=True)
    measures, seconds = [], {}
    sizes = sorted(parser.parse_args().sizes)
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="openfisca-isv-") as folder:
            missions, of_size = _measured(
                size, Path(folder), with_two_workers=size == sizes[-1]
            )
        measures += of_size
        seconds[missions] = of_size[0]
    measures += _growth(seconds)
    measures.append(
        Measure("start to first answer, seconds", *start_up().values(), aim=1.5)
    )
    show(measures)


def _measured(
    size: int, folder: Path, *, with_two_workers: bool
) -> tuple[int, list[Measure]]:
    """Run both programs on a population; return how many missions it has."""
    missions = tables.make_tables(size, folder / "tables")
    ours = tables.simulate(folder / "tables", folder / "ours")
    other = tables.script(folder / "tables", folder / "script")
    tables.check_equal(folder / "ours", folder / "script")
    print(f"{missions:,} missions: equal results.", flush=True)
    floor = tables.copy(folder / "script", folder / "copy")
    what = f"{missions:,} missions"
    measures = [
        Measure(f"{what}, seconds", ours.processor, other.processor, aim=0.9),
        Measure(f"{what}, other: writing alone", ours.processor, floor.processor),
        Measure(
            f"{what}, peak memory in MB",
            ours.megabytes,
            other.megabytes,
            _MOST_MEGABYTES,
            aim_is_on_the_model=True,
        ),
    ]
    if with_two_workers:
        two = tables.simulate(folder / "tables", folder / "two", workers=2)
        tables.check_equal(folder / "two", folder / "script")
        what = "two workers, other: one, by the clock"
        measures.append(Measure(what, two.wall, ours.wall, 0.588))
    return missions, measures


def _growth(seconds: dict[int, Measure]) -> list[Measure]:
    """Compare the largest population with the smallest."""
    small, large = min(seconds), max(seconds)
    if small == large:
        return []
    least, most = seconds[small], seconds[large]
    return [
        Measure(
            f"seconds at {large:,} for one at {small:,}",
            most.model / least.model,
            most.other / least.other,
            large / small,
            aim_is_on_the_model=True,
        )
    ]


if __name__ == "__main__":
    main()
