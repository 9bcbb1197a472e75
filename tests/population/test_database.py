"""The database of the tables fails as everything else does."""

import errno
import resource
import signal
import subprocess
import sys
import time

import pyarrow as pa
import pytest

from openfisca_isv.population import check, simulate
from openfisca_isv.population.tables.database import database, sql_name
from openfisca_isv.population.tables.writing import write_table

#: It would take hours.
ENDLESS = "SELECT count(*) FROM range(10000000000000) t(x) WHERE x % 7 = 3"
MUCH = "SELECT hash(x) AS h FROM range(1000000) r(x)"


@pytest.mark.parametrize("opened", ["database()", "cursor()", "cursor(kept)"])
def test_ctrl_c_stops_a_query(opened):
    """In a process of its own: what other tests left in this one takes signals too."""
    script = (
        "from openfisca_isv.population.tables.database import cursor, database\n"
        "whole = database()\n"
        "kept = whole.__enter__()\n"
        f"with {opened} as connection:\n"
        "    print('started', flush=True)\n"
        f"    connection.execute({ENDLESS!r})\n"
    )
    line = [sys.executable, "-c", script]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.readline() == "started\n"
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode != 0
    assert errors.splitlines()[-1] == "KeyboardInterrupt"


def test_a_full_disk_is_told_as_such(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        with pytest.raises(OSError, match="too large") as told:  # noqa: PT012, SIM117
            with database(tmp_path / "d") as connection:
                resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
                connection.execute(f"CREATE TABLE t AS {MUCH}")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.errno == errno.EFBIG


def test_no_column_is_taken_for_another():
    names = ["Region", "region", "REGION", "^region", 'a "quoted" one', "é;--", "É;--"]
    with database() as connection:
        columns = ", ".join(
            f"{place} AS {sql_name(one)}" for place, one in enumerate(names)
        )
        for place, one in enumerate(names):
            query = f"SELECT {sql_name(one)} FROM (SELECT {columns})"
            assert connection.sql(query).fetchall() == [(place,)]


#: Columns that the database would take for others, or for its own.
CLASHES = {"MY": ["1", "1"], "my": ["2", "2"], "file_row_number": ["3", "3"]}


@pytest.mark.parametrize("clashes", [{}, CLASHES], ids=["plain", "clashes"])
@pytest.mark.parametrize(
    "name", ['it\'s "here"; --.csv', "it's.parquet", "*[a].parquet"]
)
def test_what_the_user_names_is_no_part_of_a_query(tmp_path, name, clashes):
    labels = {'My "label"': ["it's; --", 'a "b"'], "my^label": ["x", "y"]} | clashes
    table = pa.table(
        {
            "mission": ["m'1", "m2"],
            "volunteer": ['v"', "v'"],
            "organisation": ["o", "o"],
            "start_date": ["2022-01-01", "2022-01-01"],
            "end_date": ["2022-12-31", "2022-12-31"],
        }
        | labels
    )
    path = tmp_path / name
    write_table(table, path)
    found = simulate(path, by=[*labels], years=2022)
    for label, values in labels.items():
        groups = found[f"summary_by_{label}"][label].unique().to_pylist()
        assert {*groups} == {*values}
    assert found["missions"]["mission"].to_pylist() == ["m'1", "m2"]
    bad = table.set_column(3, "start_date", pa.array(["2022-02-30", "it's"]))
    write_table(bad, path)
    problems = check(path, by=[*labels]).to_pylist()
    assert [one["value"] for one in problems] == ["2022-02-30", "it's"]
    assert {one["file"] for one in problems} == {str(path)}
