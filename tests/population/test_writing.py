"""Files are written whole, or not at all."""

import csv
from datetime import date

import pyarrow as pa
import pytest

from openfisca_isv.population.tables.writing import all_or_nothing, write_table


def test_cells_are_written_in_full_and_quoted_where_they_need_it(tmp_path):
    path = tmp_path / "table.csv"
    names = ['a,"b"', None, "two\nlines", "é"]
    table = pa.table(
        {
            "name": names,
            "amount": [4597.97, None, float("inf"), 123456789012.25],
            "count": [1, 0, None, -2],
            "is_so": [True, False, None, True],
            "day": [date(9999, 12, 31), None, date(2024, 2, 29), date(1990, 1, 1)],
            "code": pa.array(["x", None, "y", "x"]).dictionary_encode(),
        }
    )
    write_table(table, path)
    assert path.read_bytes().decode() == (
        "name,amount,count,is_so,day,code\n"
        '"a,""b""",4597.97,1,true,9999-12-31,x\n'
        ",,0,false,,\n"
        '"two\nlines",inf,,,2024-02-29,y\n'
        "é,123456789012.25,-2,true,1990-01-01,x\n"
    )
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] or None for row in rows] == names


def test_whole_numbers_have_no_decimals(tmp_path):
    path = tmp_path / "table.csv"
    write_table(pa.table({"amount": [0.0, 100.0, 3700.5, 0.1 + 0.2]}), path)
    assert path.read_text() == "amount\n0\n100\n3700.5\n0.3\n"


def test_a_table_without_rows_is_its_header(tmp_path):
    path = tmp_path / "table.csv"
    write_table(pa.table({"a": pa.array([], pa.string()), "b": [][:0]}), path)
    assert path.read_text() == "a,b\n"


def test_files_come_together_and_leave_the_others(tmp_path):
    out = tmp_path / "new" / "out"
    out.mkdir(parents=True)
    (out / "notes.txt").write_text("kept")
    (out / "one.csv").write_text("old")
    with all_or_nothing(out) as folder:
        (folder / "one.csv").write_text("new")
        (folder / "two.csv").write_text("new")
        assert (out / "one.csv").read_text() == "old"
    assert {path.name: path.read_text() for path in out.iterdir()} == {
        "notes.txt": "kept",
        "one.csv": "new",
        "two.csv": "new",
    }
    assert [path.name for path in out.parent.iterdir()] == ["out"]


def test_an_error_leaves_nothing(tmp_path):
    out = tmp_path / "out"

    def fail():
        with all_or_nothing(out) as folder:
            (folder / "one.csv").write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert list(tmp_path.iterdir()) == []
