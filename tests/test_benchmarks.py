"""The programs that the benchmarks compare compute the same things."""

import re
import shutil

import pyarrow.parquet as pq
import pytest

from benchmarks import tables
from benchmarks.report import Measure, show

MISSIONS = 2000


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """Give the results of the command and of the script, on a small population."""
    folder = tmp_path_factory.mktemp("benchmark")
    tables.make_tables(MISSIONS, folder / "tables")
    tables.simulate(folder / "tables", folder / "ours")
    tables.script(folder / "tables", folder / "script")
    return folder / "ours", folder / "script"


def test_the_command_and_the_script_give_the_same_rows(results):
    """Whole tables, of about the size that is asked for."""
    tables.check_equal(*results)
    rows = pq.read_table(results[1] / "missions.parquet")
    assert MISSIONS * 0.9 < len(rows) < MISSIONS * 1.1
    by_month = pq.read_table(results[1] / "missions_by_month.parquet")
    assert len(by_month) == 12 * len(rows)


def test_the_population_is_varied(results):
    """No output is the same for all."""
    rows = pq.read_table(results[1] / "missions.parquet")
    outputs = rows.column_names[3:]
    assert len(outputs) == 5
    for name in outputs:
        assert len(rows[name].unique()) > 1, name
    by_month = pq.read_table(results[1] / "missions_by_month.parquet")
    assert len(by_month["allowance_due"].unique()) > 10


@pytest.mark.parametrize(
    ("table", "column"),
    [("missions", "volunteer_is_adult"), ("missions_by_month", "allowance_due")],
)
def test_one_row_that_differs_is_named(results, tmp_path, table, column):
    """The comparison sees a single row, a boolean or a cent."""
    ours, script = results
    changed = shutil.copytree(script, tmp_path / "changed")
    rows = pq.read_table(script / f"{table}.parquet")
    values = rows[column].to_pylist()
    values[7] = not values[7] if isinstance(values[7], bool) else values[7] + 0.01
    place = rows.column_names.index(column)
    pq.write_table(
        rows.set_column(place, column, [values]), changed / f"{table}.parquet"
    )
    with pytest.raises(AssertionError, match=f"{table}: {column} differs"):
        tables.check_equal(ours, changed)


def test_a_row_that_is_missing_is_seen(results, tmp_path):
    """The comparison sees that one side has a row less."""
    ours, script = results
    changed = shutil.copytree(script, tmp_path / "changed")
    file = changed / "missions.parquet"
    pq.write_table(pq.read_table(file)[1:], file)
    with pytest.raises(AssertionError, match="missions: "):
        tables.check_equal(ours, changed)


def test_a_program_that_fails_is_told(tmp_path):
    """No time is taken of what did not run to its end."""
    with pytest.raises(RuntimeError, match="failed with status"):
        tables.script(tmp_path, tmp_path / "results")


def test_the_table_says_whether_an_aim_is_met(capsys):
    """An aim is met up to its limit, the limit included, on the right figure."""
    show(
        [
            Measure("at the limit", 3, 2, aim=1.5),
            Measure("above it", 3.02, 2, aim=1.5),
            Measure("of the model", 11, 5, aim=11, aim_is_on_the_model=True),
            Measure("no aim", 1234.5, 2),
        ]
    )
    lines = [one.strip() for one in capsys.readouterr().out.splitlines() if one.strip()]
    assert [re.split("  +", line) for line in lines[-4:]] == [
        ["at the limit", "3", "2", "1.50", "<= 1.5", "met"],
        ["above it", "3.02", "2", "1.51", "<= 1.5", "not met"],
        ["of the model", "11", "5", "2.20", "model <= 11", "met"],
        ["no aim", "1,234", "2", "617.25"],
    ]
