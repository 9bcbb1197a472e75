"""``openfisca-isv simulate`` beside an analyst's script: tables in, tables out.

Each runs in a process of its own, from Parquet files to Parquet files.
"""

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb

from benchmarks.analyst import RESULTS, TABLES

_OUTPUTS = (
    "volunteer_is_adult",
    "organisation_is_entitled",
    "contract_duration_is_lawful",
    "allowance_minimum",
    "leave_days_total",
    "allowance_due",
)
_COMMAND = str(Path(sys.executable).with_name("openfisca-isv"))
#: How many missions a volunteer of the generator has, on average.
_MISSIONS_EACH = 5 / 3
#: The unit of ``ru_maxrss``, in bytes: the kernel's own choice.
_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True)
class Cost:
    """What a program took.

    Attributes:
        wall: Seconds on the wall clock.
        processor: Seconds of the processor, of all its threads and processes.
        megabytes: The highest memory of its largest process.
    """

    wall: float
    processor: float
    megabytes: float


def make_tables(missions: int, folder: Path) -> int:
    """Write the tables of about so many missions, and return how many there are."""
    volunteers = str(round(missions / _MISSIONS_EACH))
    written = ("--format", "parquet", "--quiet", "--out", str(folder))
    _cost([_COMMAND, "generate", "--volunteers", volunteers, *written])
    with duckdb.connect() as connection:
        return connection.read_parquet(str(folder / "missions.parquet")).shape[0]


def simulate(tables: Path, results: Path, workers: int = 1) -> Cost:
    """Ask for six outputs, one of them for each month of 2024."""
    missions, *others = TABLES
    parties = [f"--{one}={tables / one}.parquet" for one in others]
    asked = ["--outputs", ",".join(_OUTPUTS), "--periods", "2024-01:2024-12"]
    how = ["--no-summary", "--format", "parquet", "--workers", str(workers)]
    written = ["--quiet", "--out", str(results)]
    source = f"{tables / missions}.parquet"
    return _cost([_COMMAND, "simulate", source, *parties, *asked, *how, *written])


def script(tables: Path, results: Path) -> Cost:
    """Run the script of an analyst, which answers the same."""
    program = [sys.executable, "-m", "benchmarks.analyst"]
    return _cost([*program, str(tables), str(results)])


def copy(results: Path, target: Path) -> Cost:
    """Read results and write them again: less, no program can take."""
    program = [sys.executable, "-m", "benchmarks.analyst", "--copy"]
    return _cost([*program, str(results), str(target)])


def check_equal(ours: Path, other: Path) -> None:
    """Check that two folders of results have the same rows, in any order.

    Raises:
        AssertionError: A table or a column differs; the message names it.
    """
    for table in RESULTS:
        sides = [_digests(one, table) for one in (ours, other)]
        assert sides[0].keys() == sides[1].keys(), f"{table} has other columns"
        for column, digest in sides[0].items():
            assert digest == sides[1][column], f"{table}: {column} differs"


def _digests(results: Path, table: str) -> dict[str, tuple]:
    """Return the type of each column, and a digest of its values by their row."""
    path = results / f"{table}.parquet"
    with duckdb.connect() as connection:
        rows = connection.read_parquet(f"{path}/*" if path.is_dir() else str(path))
        keys = [one for one in rows.columns if one not in _OUTPUTS]
        # A sum of whole numbers, whatever the order of the rows.
        sums = [f"sum(hash({', '.join([*keys, one])}))" for one in rows.columns]
        (found,) = rows.aggregate(f"count(*), {', '.join(sums)}").fetchall()
        return {
            column: (str(kind), found[0], digest)
            for column, kind, digest in zip(
                rows.columns, rows.types, found[1:], strict=True
            )
        }


def _cost(command: list[str]) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: It failed.
    """
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, used = os.wait4(process, 0)
    wall = time.perf_counter() - start
    if status:
        message = f"{' '.join(command)} failed with status {status}"
        raise RuntimeError(message)
    megabytes = used.ru_maxrss * _MEMORY_UNIT / 1e6
    return Cost(wall, used.ru_utime + used.ru_stime, megabytes)
