"""An analyst's script: ``python -m benchmarks.analyst TABLES RESULTS``, Parquet both.

With ``--copy`` before the folders, it reads results and writes them again.
"""

import sys
from pathlib import Path

import duckdb

TABLES = ("missions", "volunteers", "organisations")
RESULTS = ("missions", "missions_by_month")
_SCRIPT = Path(__file__).with_suffix(".sql")


def compute(tables: Path, results: Path) -> None:
    """Write the six outputs of ``analyst.sql``, with one thread."""
    results.mkdir()
    with duckdb.connect(config={"threads": 1}) as connection:
        for name in TABLES:
            file = str(tables / f"{name}.parquet")
            connection.read_parquet(file).create_view(name)
        connection.execute(_SCRIPT.read_text("utf-8"))
        for name in RESULTS:
            rows = connection.table(f"results_{name}")
            rows.write_parquet(str(results / f"{name}.parquet"), compression="zstd")


def copy(results: Path, target: Path) -> None:
    """Write results again, with one thread."""
    target.mkdir()
    with duckdb.connect(config={"threads": 1}) as connection:
        for name in RESULTS:
            rows = connection.read_parquet(str(results / f"{name}.parquet"))
            rows.write_parquet(str(target / f"{name}.parquet"), compression="zstd")


if __name__ == "__main__":
    *words, given, made = sys.argv[1:]
    (copy if words == ["--copy"] else compute)(Path(given), Path(made))
