"""Runs give the same results whatever happens to them, and however they are shared.

They run in processes of their own where that matters, and in this one otherwise.
"""

import csv
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

import openfisca_isv
from openfisca_isv.population import simulate
from tests.population.test_commands import run as isv

EXAMPLE = Path(openfisca_isv.__file__).parents[1] / "examples" / "population"
NAMES = ("missions", "volunteers", "organisations", "monthly")
ISV = [sys.executable, "-c", "from openfisca_isv.cli import main; main()"]
KEPT_VOLUNTEERS = 600


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    """Give a folder with part of the population that comes with the project."""
    folder = tmp_path_factory.mktemp("population")
    kept = pa.csv.read_csv(EXAMPLE / "volunteers.csv")["volunteer"][:KEPT_VOLUNTEERS]
    for name in NAMES:
        header, *lines = (EXAMPLE / f"{name}.csv").read_text("utf-8").splitlines()
        column = header.split(",").index("volunteer") if "volunteer" in header else None
        names = set(kept.to_pylist())
        text = [
            line for line in lines if column is None or line.split(",")[column] in names
        ]
        (folder / f"{name}.csv").write_text("\n".join([header, *text, ""]), "utf-8")
    return folder


def words_of(folder, out, *more, suffix="csv"):
    tables = [
        part for one in NAMES[1:] for part in (f"--{one}", folder / f"{one}.{suffix}")
    ]
    words = [folder / f"missions.{suffix}", *tables, "--out", out]
    words += ["--years", "2023:2024", *more]
    return ["simulate", *map(str, words)]


def command(*arguments):
    return [*ISV, *words_of(*arguments)]


def run(*arguments, status=0, **options):
    result = isv(*words_of(*arguments, **options))
    assert result.exit_code == status, result.stderr
    return result


def run_apart(*arguments, status=0, **options):
    result = subprocess.run(
        command(*arguments), capture_output=True, text=True, check=False, **options
    )
    assert result.returncode == status, result.stderr
    return result


def content(folder):
    """Give all the files of a folder and what is in them, but the words typed."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    assert len(files) > 3
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    account = json.loads(found["run.json"])
    assert str(folder) in account.pop("command_line")
    return found | {"run.json": json.dumps(account)}


@pytest.fixture(scope="module")
def whole(population, tmp_path_factory):
    """Give the results of a run in one part and one process."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run(population, out, "--periods", "2023:2024,2024-03:2024-04")
    return content(out)


PERIODS = ("--periods", "2023:2024,2024-03:2024-04")


def test_parts_and_workers_do_not_change_a_byte(population, whole, tmp_path):
    assert set(whole) == {
        "by_year.csv",
        "missions.csv",
        "missions_by_month.csv",
        "missions_by_year.csv",
        "run.json",
        "unmet_conditions.csv",
        "volunteers_by_year.csv",
    }
    shared = ("--part-size", "500", "--workers", "2")
    run_apart(population, tmp_path / "out", *PERIODS, *shared)
    assert content(tmp_path / "out") == whole


def test_the_order_of_the_rows_does_not_matter_nor_the_format(
    population, whole, tmp_path
):
    generator = numpy.random.default_rng(7)
    texts = dict.fromkeys(
        ("start_date", "end_date", "month", "birth_date"), pa.string()
    )
    for name in NAMES:
        options = pa.csv.ConvertOptions(column_types=texts, strings_can_be_null=True)
        table = pa.csv.read_csv(population / f"{name}.csv", convert_options=options)
        table = table.take(generator.permutation(len(table)))
        parts = tmp_path / f"{name}.parquet"
        parts.mkdir()
        half = len(table) // 2
        pq.write_table(table[:half], parts / "a.parquet")
        pq.write_table(table[half:], parts / "b.parquet")
    out = tmp_path / "out"
    run(tmp_path, out, *PERIODS, suffix="parquet")
    found = content(out)
    assert found.pop("run.json") != whole["run.json"]
    assert found == {name: one for name, one in whole.items() if name != "run.json"}


def test_parquet_is_the_same_to_the_byte(population, tmp_path):
    words = ("--format", "parquet", "--part-size", "600", *PERIODS)
    run(population, tmp_path / "one", *words)
    run_apart(population, tmp_path / "two", *words, "--workers", "2")
    assert content(tmp_path / "one") == content(tmp_path / "two")
    path = tmp_path / "one" / "missions_by_year.parquet" / "part-00000.parquet"
    column = pq.read_table(path, read_dictionary=["organisation"])["organisation"]
    dictionary = column.chunk(0).dictionary.to_pylist()
    assert len(dictionary) == len(set(dictionary)) < 30


def test_parquet_results_say_what_made_them(population, whole, tmp_path):
    out = tmp_path / "out"
    run(population, out, "--format", "parquet", "--part-size", "600")
    parts = sorted((out / "missions.parquet").iterdir())
    assert len(parts) > 1
    account = json.loads((out / "run.json").read_text())
    for path in (parts[0], out / "by_year.parquet"):
        metadata = pq.read_metadata(path).metadata[b"openfisca_isv"]
        made_of = json.loads(metadata)
        for name in ("versions", "law", "command", "inputs", "years"):
            assert made_of[name] == account[name], name
        for name, rows in account["rows"].items():
            assert made_of["rows"][name]["in"] == rows["in"]
        assert set(made_of["warnings"]) <= set(account["warnings"])
    premium = account["parameters_in_force"]["law_in_force"]["allowance.minimum_abroad"]
    assert premium["2022-12-09"] == 150
    assert len(made_of["law"]["parameters_sha256"]) == 64
    assert len(made_of["inputs"]) == 4
    assert (
        account["rows"]["missions"]["in"]
        == pq.read_table(out / "missions.parquet").num_rows
    )
    rows = list(csv.DictReader(whole["missions.csv"].decode().splitlines()))
    names = pq.read_table(out / "missions.parquet")["mission"].to_pylist()
    assert names == [row["mission"] for row in rows]


@pytest.mark.parametrize("after", ["staged", "one", "some"])
def test_a_run_that_was_killed_goes_on(population, whole, tmp_path, after):
    out = tmp_path / "out"
    words = command(population, out, *PERIODS, "--part-size", "250")
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    wanted = {"staged": 0, "one": 1, "some": 3}[after]
    parts = out / ".run" / "parts"
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        done = list(parts.glob("[0-9]*")) if parts.exists() else []
        if parts.exists() and len(done) >= wanted:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert not (out / "missions.csv").exists()
    for part in parts.glob("[0-9]*"):
        assert (part / "missions_by_month.csv").read_bytes().endswith(b"\n")
        assert (part / "unmet_conditions.parquet").exists()
    done = {part: part.stat().st_ino for part in parts.glob("[0-9]*")}
    other = run(population, out, "--years", "2022:2023", status=2)
    assert "unfinished run with other periods, years" in other.stderr
    assert len(other.stderr.splitlines()) == 1
    assert len(done) >= wanted
    run(population, out, *PERIODS, "--part-size", "250")
    assert content(out) == whole


def test_the_second_of_two_runs_into_a_folder_refuses(population, tmp_path):
    out = tmp_path / "out"
    first = subprocess.Popen(
        command(population, out, "--part-size", "200"), stdout=subprocess.DEVNULL
    )
    while not (out / ".run" / "manifest.json").exists():
        assert first.poll() is None
        time.sleep(0.01)
    # It is at work for as long as the other one takes to start.
    first.send_signal(signal.SIGSTOP)
    second = run(population, out, "--part-size", "200", status=2)
    assert f"(process {first.pid})" in second.stderr
    assert "another run is writing" in second.stderr
    first.kill()
    first.wait()
    # What the lock says is stale: its process is gone.
    assert (out / ".run" / "lock").read_text() == str(first.pid)
    run(population, out)


def test_finished_results_are_not_replaced_by_another_command(population, tmp_path):
    out = tmp_path / "out"
    run(population, out)
    before = content(out)
    refused = run(population, out, "--format", "parquet", status=2)
    assert "the results of a run with other format: give" in refused.stderr
    run(population, out)
    assert content(out) == before
    run(population, out, "--format", "parquet", "--replace")


@pytest.mark.parametrize(
    "case",
    [
        (os.kill, signal.SIGINT, "2", 130),
        (os.kill, signal.SIGTERM, "1", 143),
        (os.kill, signal.SIGTERM, "2", 143),
        (os.killpg, signal.SIGTERM, "2", 143),
    ],
    ids=["ctrl_c", "terminated", "terminated_with_workers", "terminated_group"],
)
def test_a_signal_stops_cleanly(population, tmp_path, whole, case):
    send, sent, workers, status = case
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(population, out, *PERIODS, "--part-size", "100", "--workers", workers),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    parts = out / ".run" / "parts"
    while not list(parts.glob("[0-9]*")):
        assert process.poll() is None
        time.sleep(0.01)
    send(process.pid, sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == status, errors
    assert "leaked" not in errors
    assert "Traceback" not in errors
    # On a machine that is busy, how far the run is comes first.
    *_, last = errors.splitlines()
    assert last == "Error: stopped; the same command goes on where it was"
    run(population, out, *PERIODS)
    assert content(out) == whole


def test_a_full_disk_leaves_nothing_by_halves(population, tmp_path, whole):
    out = tmp_path / "out"

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000))

    result = run_apart(population, out, *PERIODS, status=2, preexec_fn=little_room)
    assert result.stderr.startswith(f"Error: the results cannot be written in {out}")
    assert len(result.stderr.splitlines()) == 1
    assert not (out / "missions.csv").exists()
    run(population, out, *PERIODS)
    assert content(out) == whole


def test_a_lost_worker_is_told_and_the_run_goes_on(population, tmp_path, whole):
    out = tmp_path / "out"
    words = command(population, out, *PERIODS, "--part-size", "200", "--workers", "2")
    process = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    parts = out / ".run" / "parts"
    while not list(parts.glob("[0-9]*")):
        assert process.poll() is None
        time.sleep(0.01)
    children = f"/proc/{process.pid}/task/{process.pid}/children"
    workers = [
        int(one)
        for one in Path(children).read_text().split()
        if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()
    ]
    os.kill(workers[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 3, errors
    assert "the same command goes on where it was" in errors
    run(population, out, *PERIODS)
    assert content(out) == whole


def test_the_python_call_gives_the_same_tables(population, whole):
    tables = {
        name: pa.csv.read_csv(
            population / f"{name}.csv",
            convert_options=pa.csv.ConvertOptions(strings_can_be_null=True),
        )
        for name in NAMES
    }
    results = simulate(**tables, years=[2023, 2024], periods=["2024-03"])
    rows = list(csv.DictReader(whole["missions.csv"].decode().splitlines()))
    assert results["missions"]["mission"].to_pylist() == [
        row["mission"] for row in rows
    ]
    assert results["missions"].column_names == list(rows[0])
    by_year = list(csv.DictReader(whole["by_year.csv"].decode().splitlines()))
    assert [float(row["state_cost"]) for row in by_year] == results["by_year"][
        "state_cost"
    ].to_pylist()
    assert len(results["missions_by_month"]) == len(rows)


NO_FILE = """
import resource, sys
from openfisca_isv.population import check, compare, simulate
# From here on no byte can be written in a file.
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
*tables, reform = sys.argv[1:]
assert check(*tables).num_rows == 0
found = simulate(*tables, years=2024, periods="2024", by="organisation")
compared = compare(*tables, years=2024, reforms=reform)
print(len(found["missions"]), len(compared.cost_by_year))
"""


def test_the_python_call_writes_no_file(population, whole, tmp_path):
    reform = EXAMPLE.parent / "reforms" / "allowance_floor_of_200_euros.yaml"
    words = [population / f"{name}.csv" for name in NAMES]
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", NO_FILE, *map(str, [*words, reform])],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"TMPDIR": str(tmp_path)},
    )
    assert result.returncode == 0, result.stderr
    missions = len(whole["missions.csv"].decode().splitlines()) - 1
    # The law in force and the reform, one year.
    assert result.stdout.split() == [str(missions), "2"]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--outputs", "state_cots"], 'Did you mean "state_cost"?'),
        (["--periods", "2024-13"], "is not a range of months or years"),
        (["--periods", "2024:2024-03"], "is not a range of months or years"),
        (["--periods", "2024-01", "--outputs", "retirement_quarters"], "by year"),
    ],
)
def test_a_request_that_cannot_be_met_leaves_nothing(
    population, tmp_path, options, said
):
    result = run(population, tmp_path / "out", *options, status=2)
    assert said in result.stderr
    assert not (tmp_path / "out").exists()


def test_what_adds_up_organisations_adds_up_the_parts(population, tmp_path):
    names = "organisation_state_aid,state_aid,private_resources_share"
    outputs = ("--outputs", names, "--periods", "2024")
    for name, size in (("one", "100000"), ("many", "300")):
        run(population, tmp_path / name, *outputs, "--part-size", size)
    assert content(tmp_path / "one") == content(tmp_path / "many")
    path = tmp_path / "one" / "organisations_by_year.csv"
    rows = list(csv.DictReader(path.read_text().splitlines()))
    total = sum(float(row["organisation_state_aid"]) for row in rows)
    path = tmp_path / "one" / "by_year.csv"
    summed = list(csv.DictReader(path.read_text().splitlines()))[-1]
    assert total == pytest.approx(float(summed["state_aid"]), abs=1)
    assert total > 0
    # What is no sum over missions is the same in all parts, and not added up.
    path = tmp_path / "many" / "organisations.csv"
    shares = list(csv.DictReader(path.read_text().splitlines()))
    assert 0 < max(float(row["private_resources_share"]) for row in shares) <= 1
    shutil.rmtree(tmp_path / "one")


def test_who_adds_up_the_rows_finds_the_summary(population, tmp_path):
    out = tmp_path / "out"
    run(population, out, "--periods", "2023:2024", "--by", "organisation")
    columns = ("allowance_due", "resettlement_allowance", "state_aid", "state_cost")
    with (out / "missions_by_year.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    with (out / "by_year.csv").open(newline="") as file:
        years = list(csv.DictReader(file))
    with (out / "summary_by_organisation.csv").open(newline="") as file:
        groups = list(csv.DictReader(file))
    for year in years:
        for name in columns:
            of_rows = sum(
                Decimal(row[name]) for row in rows if row["year"] == year["year"]
            )
            of_groups = sum(
                Decimal(row["sum"])
                for row in groups
                if (row["variable"], row["period"]) == (name, year["year"])
            )
            assert of_rows == Decimal(year[name]) > 0
            assert of_groups == pytest.approx(of_rows, abs=Decimal("0.01"))


def test_no_table_of_another_run_stays_beside_the_results(population, tmp_path):
    out = tmp_path / "out"
    run(population, out, "--by", "organisation", *PERIODS)
    (out / "notes.txt").write_text("mine")
    run(population, out, "--format", "parquet", "--replace")
    names = {path.name for path in out.iterdir()}
    assert names == {
        "by_year.parquet",
        "missions.parquet",
        "notes.txt",
        "run.json",
        "unmet_conditions.parquet",
    }
