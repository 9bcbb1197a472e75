"""Folders of parts: compressed files, folders of a value, and pipes."""

import gzip
import os
import subprocess
import sys

import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from openfisca_isv.population import check
from tests.population.reading import TableError, read_tables
from tests.population.test_tables import HEADER, ROW

ISV = [sys.executable, "-c", "from openfisca_isv.cli import main; main()"]


def row(number, *more):
    return f"m{number},v{number},o1,2022-01-01,2022-12-31{''.join(more)}"


def hive(folder, of_parts, header=HEADER):
    """Write parts by the names of their folders; as Parquet where the name says so."""
    for name, lines in of_parts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = "\n".join([header, *lines]) + "\n"
        if path.suffix == ".parquet":
            options = pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(header.split(","), "string")
            )
            source = pyarrow.BufferReader(text.encode())
            table = pyarrow.csv.read_csv(source, convert_options=options)
            pq.write_table(table, path)
        elif path.suffix.lower() == ".gz":
            path.write_bytes(gzip.compress(text.encode()))
        else:
            path.write_text(text)
    return folder


def told(system, folder, **others):
    with pytest.raises(TableError) as error:
        read_tables(folder, asked=others)
    return [str(one).replace(f"{folder.parent}/", "") for one in error.value.problems]


def test_compressed_parts_are_read(system, tmp_path):
    folder = hive(tmp_path / "missions", {"a.csv": [row(1)], "b.CSV.GZ": [row(2)]})
    names = read_tables(folder).missions["mission"].to_pylist()
    assert names == ["m1", "m2"]
    alone = read_tables(folder / "b.CSV.GZ").missions
    assert alone["mission"].to_pylist() == ["m2"]


@pytest.mark.parametrize("size", [0, 5, 40, -9])
def test_a_compressed_file_that_is_not_whole_is_told(system, tmp_path, size):
    folder = hive(tmp_path / "missions", {"a.csv.gz": [row(n) for n in range(5000)]})
    path = folder / "a.csv.gz"
    path.write_bytes(path.read_bytes()[:size])
    (said,) = told(system, folder)
    expected = "is empty" if size == 0 else "is not a whole gzip file"
    assert said.startswith(f"missions/a.csv.gz: {expected}")
    path.write_text(f"{HEADER}\n{ROW}\n")
    (said,) = told(system, folder)
    assert said.startswith("missions/a.csv.gz: is not a whole gzip file")


def test_folders_of_a_value_give_a_column(system, tmp_path):
    parts = {
        "host_country=MG/domain=other/a.csv": [row(1)],
        "host_country=FR/domain=__HIVE_DEFAULT_PARTITION__/b.parquet": [row(2)],
        "host_country=K%48/domain=humanitarian_action/c.csv.gz": [row(3)],
    }
    tables = read_tables(hive(tmp_path / "missions", parts))
    found = {
        one["mission"]: (one["host_country"], one["domain"])
        for one in tables.missions.to_pylist()
    }
    assert found == {
        "m1": ("MG", "other"),
        "m2": ("FR", None),
        "m3": ("KH", "humanitarian_action"),
    }


def test_the_value_of_a_folder_is_checked_as_a_cell(system, tmp_path):
    parts = {"host_country=Mars/a.csv": [row(1)]}
    (said,) = told(system, hive(tmp_path / "missions", parts))
    assert said.startswith(
        'missions/host_country=Mars/a.csv, row 2, column host_country: "Mars" is not a'
    )


def test_a_folder_of_years_is_grouped_by_or_ignored(system, tmp_path):
    parts = {"cohort=2024/a.csv": [row(1)], "cohort=2025/b.parquet": [row(2)]}
    folder = hive(tmp_path / "missions", parts)
    (said,) = told(system, folder)
    assert "column cohort: is not a column of the missions. Remove it, name it" in said
    tables = read_tables(folder, asked={"by": (("cohort",),)})
    assert tables.missions["cohort"].to_pylist() == ["2024", "2025"]
    tables = read_tables(folder, asked={"ignore": ("cohort",)})
    assert tables.missions.column_names == HEADER.split(",")


def test_a_folder_and_a_column_of_one_name_clash(system, tmp_path):
    parts = {"domain=other/a.csv": [row(1, ",other")]}
    folder = hive(tmp_path / "missions", parts, f"{HEADER},domain")
    assert told(system, folder) == [
        (
            "missions/domain=other/a.csv, column domain: is in the folder domain=other,"
            " and has the column too. Remove the column, or name the folder otherwise"
        )
    ]


def test_parts_in_folders_of_other_keys_are_told(system, tmp_path):
    parts = {"a.csv": [row(1)], "domain=other/b.csv": [row(2)]}
    folder = hive(tmp_path / "missions", parts)
    assert told(system, folder) == [
        (
            "missions/domain=other/b.csv: has not the columns of the other parts:"
            " domain. Give all parts the same"
        )
    ]


def test_own_columns_that_are_ignored_may_differ_from_part_to_part(system, tmp_path):
    folder = hive(tmp_path / "missions", {"a.csv": [row(1, ",x")]}, f"{HEADER},remark")
    hive(folder, {"b.csv": [row(2)]})
    assert "b.csv: has not the columns of the other parts: remark" in "".join(
        told(system, folder)
    )
    for others in ({"ignore_unknown": True}, {"ignore": frozenset({"remark"})}):
        tables = read_tables(folder, asked=others)
        assert len(tables.missions) == 2


def test_a_column_mistyped_in_all_parts_is_told_once(tmp_path):
    lines = {f"{one}.csv": [row(one, ",MG,1")] for one in (1, 2)}
    folder = hive(tmp_path / "missions", lines, f"{HEADER},Host Country,phone")
    (problem,) = check(folder, ignore_unknown=True).to_pylist()
    assert (problem["file"], problem["column"]) == (
        str(folder / "1.csv"),
        "Host Country",
    )


def test_a_pipe_is_refused_in_one_sentence(tmp_path):
    pipe = tmp_path / "missions.csv"
    os.mkfifo(pipe)
    (found,) = check(pipe).to_pylist()
    assert found["reason"].startswith("is not a file: a table is read more than once")
    os.mkfifo(tmp_path / "missions.xlsx")
    (found,) = check(tmp_path / "missions.xlsx").to_pylist()
    assert found["reason"].startswith("is not a file")
    words = ["simulate", "/dev/stdin", "--out", str(tmp_path / "out")]
    result = subprocess.run(
        [*ISV, *words],
        input=f"{HEADER}\n{ROW}\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr == (
        "Error: 1 problem in the tables\n  /dev/stdin: is not a file: a table is read"
        " more than once, a pipe only once. Write the table to a file first\n"
    )
