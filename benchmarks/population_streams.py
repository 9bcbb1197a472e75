"""Parquet to Parquet: ``python -m benchmarks.population_streams --missions 1000000``.

The command against a polars script with the same outputs, equal results asserted; two
processes against one; growth from a tenth of the size; where the time goes.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from benchmarks.outputs import ETERNAL, MONTHLY, MONTHS, YEARLY
from benchmarks.report import Measure, table
from benchmarks.start_up import ROOT
from benchmarks.stream_population import write_population

_TABLES = ("volunteers", "organisations", "monthly")
#: How many periods each row has, in the tables that are compared.
_PERIODS = {"missions": 1, "missions_by_month": len(MONTHS), "volunteers_by_year": 1}
#: One run in a process that reports its time, its memory and its steps.
_RUN = """
import json, sys
from pathlib import Path
from openfisca_isv.population.model.outputs import read_periods
from openfisca_isv.population.model.study import SimulationStudy
from openfisca_isv.population.runs.progress import Steps
from openfisca_isv.population.runs.run import run
from openfisca_isv.population.runs.steps import Asked
from openfisca_isv.population.runs.workers import Workers
if __name__ == "__main__":
    inputs, out, workers, outputs, periods = sys.argv[1:]
    names = ("missions", "volunteers", "organisations", "monthly")
    study = SimulationStudy(
        years=range(2024, 2025), outputs=tuple(outputs.split(",")),
        periods=read_periods((periods,)), file_format="parquet",
    )
    sources = {name: Path(inputs) / f"{name}.parquet" for name in names}
    with Steps(quiet=True) as steps:
        run(Asked(sources, study), Path(out), Workers(int(workers)), steps)
    print(json.dumps(steps.seconds))
"""


def main() -> int:
    """Take every measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missions", type=int, default=10_000_000)
    parser.add_argument("--no-polars", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="isv-streams-") as folder:
        _measure(Path(folder), options.missions, with_polars=not options.no_polars)
    return 0


def _measure(folder: Path, missions: int, *, with_polars: bool) -> None:
    """Measure on populations of a size and of a tenth of it."""
    sizes = {"large": missions, "small": missions // 10}
    for name, size in sizes.items():
        (folder / name).mkdir()
        write_population(folder / name, size)
    rows = pq.read_metadata(folder / "large" / "missions.parquet").num_rows
    print(f"{rows:,} missions, 12 months, {len(ETERNAL + MONTHLY + YEARLY)} outputs")
    one = _run(folder, "large", 1)
    two = _run(folder, "large", 2)
    small = _run(folder, "small", 1)
    print(f"peak memory of one process: {one['megabytes']:,.0f} MB (aim: 2 048)")
    print("where the time of one process goes, seconds:")
    for name, seconds in sorted(one["steps"].items(), key=lambda step: -step[1]):
        print(f"  {name:20} {seconds:8.2f}")
    growth = one["seconds"] / small["seconds"]
    gain = one["seconds"] / two["seconds"]
    print(f"ten times the missions take {growth:.1f} times as long (aim: <= 11)")
    print(f"two processes are {gain:.2f} times as fast as one (aim: >= 1.7)")
    if with_polars:
        script = _polars(folder)
        _compare(folder)
        print(f"polars script: {script['megabytes']:,.0f} MB; results equal")
        measure = Measure("seconds", one["seconds"], script["seconds"], aim=1.5)
        print(table([measure]))


def _run(folder: Path, size: str, workers: int) -> dict:
    """Run the command on a population."""
    outputs = ",".join(ETERNAL + MONTHLY + YEARLY)
    periods = f"2024,{MONTHS[0]}:{MONTHS[-1]}"
    script = folder / "run.py"
    script.write_text(_RUN, "utf-8")
    out = folder / f"{size}-{workers}"
    words = [script, folder / size, out, workers, outputs, periods]
    return _timed([sys.executable, *map(str, words)])


def _polars(folder: Path) -> dict:
    """Run the script."""
    (folder / "polars").mkdir()
    words = ["-m", "benchmarks.polars_program", folder / "large", folder / "polars"]
    return _timed([sys.executable, *map(str, words)])


def _timed(command: list[str]) -> dict:
    """Run a program; give its seconds, its highest memory and what it says."""
    start = time.perf_counter()
    process = subprocess.Popen(
        ["/usr/bin/env", "PYTHONPATH=" + str(ROOT), *command],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    peak = 0
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        lines = [one for one in status.read_text().splitlines() if "VmHWM" in one]
        if lines:
            peak = max(peak, int(lines[0].split()[1]))
        time.sleep(0.05)
    seconds = time.perf_counter() - start
    text = process.stdout.read()
    if process.returncode:
        message = f"{command[1]} ended with status {process.returncode}"
        raise RuntimeError(message)
    steps = json.loads(text) if text.startswith("{") else {}
    return {"seconds": seconds, "megabytes": peak / 1024, "steps": steps}


def _compare(folder: Path) -> None:
    """Assert that both give the same tables, column by column."""
    for name, periods in _PERIODS.items():
        ours, theirs = (
            folder / program / f"{name}.parquet" for program in ("large-1", "polars")
        )
        names = pq.ParquetFile(theirs).schema_arrow.names
        rows = pq.ParquetFile(theirs).metadata.num_rows
        assert rows > 0
        for column in names:
            left = _whole(pq.read_table(ours, columns=[column])[column])
            right = _whole(pq.read_table(theirs, columns=[column])[column])
            assert len(left) == len(right) == rows
            # Ours has the periods of a mission together, theirs the missions of one.
            for period in range(periods):
                some = left.take(pa.array(numpy.arange(period, rows, periods)))
                count = rows // periods
                _assert_equal(some, right.slice(period * count, count), column)


def _assert_equal(left: pa.Array, right: pa.Array, column: str) -> None:
    """Assert that two columns are equal, amounts to the cent."""
    if pa.types.is_floating(left.type):
        pair = [one.to_numpy(zero_copy_only=False) for one in (left, right)]
        numpy.testing.assert_allclose(*pair, rtol=1e-6, atol=0.011)
    else:
        assert pc.all(pc.equal(left, right.cast(left.type))).as_py(), column


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array, codes as texts."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(pa.string())
    if pa.types.is_string(column.type):
        # Ten million texts of a month are more bytes than 32 bits count.
        column = column.cast(pa.large_string())
    return column.combine_chunks()


if __name__ == "__main__":
    sys.exit(main())
