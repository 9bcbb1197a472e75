"""The command ``compare`` gives the same files however it is run, or gives none.

It runs in a process of its own where that matters, and in this one otherwise.
"""

import csv
import json
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pytest

from openfisca_isv.population import compare
from tests.population.test_commands import run as isv

REPOSITORY = Path(__file__).parents[2]
EXAMPLE = REPOSITORY / "examples" / "population"
REFORMS = REPOSITORY / "examples" / "reforms"
STEEPER = REFORMS / "steeper_resettlement.yaml"
NINE_MONTHS = REFORMS / "aids_on_return_after_nine_months.yaml"
NAMES = ("missions", "volunteers", "organisations", "monthly")
ISV = [sys.executable, "-c", "from openfisca_isv.cli import main; main()"]
ASKED = ("--by", "host_country,age_band", "--by", "region", "--weight", "share")
ASKED += ("--min-cell", "3")


def write_population(source, folder, volunteers, seed):
    """Copy some volunteers, with a region and a weight each, in any order."""
    lines = (source / "volunteers.csv").read_text("utf-8").splitlines()
    # They stand in order of departure: some of each year.
    kept = {line.split(",")[0] for line in lines[1 :: len(lines) // volunteers]}
    generator = numpy.random.default_rng(seed)
    for name in NAMES:
        header, *lines = (source / f"{name}.csv").read_text("utf-8").splitlines()
        columns = header.split(",")
        if "volunteer" in columns:
            place = columns.index("volunteer")
            lines = [line for line in lines if line.split(",")[place] in kept]
        if name == "volunteers":
            header += ",region,share"
            lines = [
                f"{line},{'north' if hash_of(line) % 3 else 'south'},{weight_of(line)}"
                for line in lines
            ]
        lines = [lines[one] for one in generator.permutation(len(lines))]
        (folder / f"{name}.csv").write_text("\n".join([header, *lines, ""]), "utf-8")


def hash_of(line):
    return sum(line.encode())


def weight_of(line):
    return round(0.1 + hash_of(line) % 97 / 31, 4)


@pytest.fixture(scope="module")
def population(tmp_path_factory):
    folder = tmp_path_factory.mktemp("population")
    write_population(EXAMPLE, folder, 600, seed=1)
    return folder


def words_of(folder, out, *more):
    tables = [part for one in NAMES[1:] for part in (f"--{one}", f"{folder}/{one}.csv")]
    words = [folder / "missions.csv", *tables, "--out", out]
    words += ["--years", "2024:2025", "--reform", STEEPER, "--reform", NINE_MONTHS]
    return ["compare", *map(str, words), *map(str, more)]


def command(*arguments):
    return [*ISV, *words_of(*arguments)]


def run(*arguments, status=0):
    result = isv(*words_of(*arguments))
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
    found = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    account = json.loads(found["run.json"])
    assert str(folder) in account.pop("command_line")
    return found | {"run.json": account}


@pytest.fixture(scope="module")
def whole(population, tmp_path_factory):
    """Give the results of a run in one part and one process."""
    out = tmp_path_factory.mktemp("whole") / "out"
    run(population, out, *ASKED)
    return content(out)


def test_it_writes_everything(whole):
    tables = {"cost_by_year", "gainers_and_losers", "gain_distribution"}
    tables |= {"unmet_conditions", "parameters", "cost_by_rule"}
    pictures = {"cost_by_year"} | {
        f"{reform.stem}_{kind}"
        for reform in (STEEPER, NINE_MONTHS)
        for kind in ("gainers_and_losers", "amounts")
    }
    names = {f"{one}.csv" for one in tables} | {f"{one}.png" for one in pictures}
    assert set(whole) == names | {"report.html", "run.json"}
    for name in pictures:
        assert whole[f"{name}.png"].startswith(b"\x89PNG")
    rows = list(csv.DictReader(whole["cost_by_year.csv"].decode().splitlines()))
    assert [row["year"] for row in rows] == ["2024", "2025"] * 3
    rows = list(csv.DictReader(whole["gainers_and_losers.csv"].decode().splitlines()))
    assert {row["by"] for row in rows} == {"all", "host_country and age_band", "region"}
    assert {row["group"] for row in rows if row["by"] == "region"} == {"north", "south"}
    assert {row["masked"] for row in rows} == {"true", "false"}
    account = whole["run.json"]
    assert [one["name"] for one in account["law"]["reforms"]] == [
        "steeper_resettlement",
        "aids_on_return_after_nine_months",
    ]
    assert set(account["inputs"]) == set(NAMES)
    report = whole["report.html"].decode()
    for digests in account["inputs"].values():
        for digest in digests.values():
            assert digest in report
    assert "--by host_country,age_band --by region --weight share" in report


def test_parts_and_workers_do_not_change_a_byte(population, whole, tmp_path):
    out = tmp_path / "out"
    shared = ("--part-size", "100", "--workers", "2")
    result = run_apart(population, out, *ASKED, *shared)
    assert content(out) == whole
    assert "Resettlement allowance of 4,070 euros" in result.stdout
    assert result.stdout.endswith(f"Report in {out / 'report.html'}.\n")


def test_the_order_of_the_rows_does_not_matter(population, whole, tmp_path):
    write_population(EXAMPLE, tmp_path, 600, seed=2)
    missions = (tmp_path / "missions.csv").read_bytes()
    assert missions != (population / "missions.csv").read_bytes()
    out = tmp_path / "out"
    shared = ("--part-size", "150")
    result = run(tmp_path, out, *ASKED, *shared, "--quiet")
    assert result.stdout == ""
    found, expected = content(out), dict(whole)
    del found["run.json"], expected["run.json"]
    # What made the report is told at its end.
    for files in (found, expected):
        files["report.html"], _, _ = files["report.html"].partition(b'id="provenance"')
    assert found == expected


def test_the_python_call_gives_the_same(population, whole):
    found = compare(
        **{name: population / f"{name}.csv" for name in NAMES},
        reforms=[STEEPER, NINE_MONTHS],
        years=[2024, 2025],
        by=[["host_country", "age_band"], "region"],
        weight="share",
        min_cell=3,
    )
    for name, png in found.pictures().items():
        assert png == whole[f"{name}.png"]
    assert found.report() == whole["report.html"].decode()
    for name, table in found.tables().items():
        lines = whole[f"{name}.csv"].decode().splitlines()
        assert table.column_names == lines[0].split(",")
        assert len(table) == len(list(csv.DictReader(lines)))


@pytest.mark.parametrize("wanted", [0, 1, 3])
def test_a_comparison_that_was_killed_goes_on(population, whole, tmp_path, wanted):
    out = tmp_path / "out"
    more = (*ASKED, "--part-size", "100")
    words = command(population, out, *more)
    process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    parts = out / ".run" / "parts"
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if parts.exists() and len(list(parts.glob("[0-9]*"))) >= wanted:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert [path.name for path in out.iterdir()] == [".run"]
    other = run(population, out, "--years", "2022:2023", status=2)
    assert "unfinished run with other by, min_cell, weight, years:" in other.stderr
    run(population, out, *more)
    assert content(out) == whole


def test_rows_at_fault_are_set_aside(population, tmp_path):
    for name in NAMES:
        text = (population / f"{name}.csv").read_text("utf-8")
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    header = (population / "missions.csv").read_text("utf-8").splitlines()[0]
    cells = {"mission": "wrong", "volunteer": "nobody", "start_date": "yesterday"}
    line = ",".join(cells.get(name, "") for name in header.split(","))
    with (tmp_path / "missions.csv").open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    refused = run(tmp_path, tmp_path / "out", *ASKED, status=2)
    assert "yesterday" in refused.stderr
    assert not (tmp_path / "out").exists()
    rejects = ("--rejects", tmp_path / "rejects.csv")
    told = run(tmp_path, tmp_path / "out", *ASKED, *rejects)
    assert "\n1 row set aside. Report in" in told.stdout
    report = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "1 row was set aside" in report


FAULTS = """\
title: Faults
parameters:
  allowance.minimum_abrod:
    2025-01-01: 200
  allowance.minimum_abroad:
    2025-13-01: 200
"""


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--reform", "nope.yaml"], ["cannot be read"]),
        (["--reform", "nope"], ["is neither a file nor a class"]),
        (["--reform", STEEPER], ['has the same name, "steeper_resettlement", as']),
        (
            ["--reform", "faults.yaml", "--reform", "nope"],
            ["3 problems in the reform", "line 3", "minimum_abroad", "line 6", "nope"],
        ),
        (["--by", "host_contry"], ['Did you mean "host_country"?']),
        (["--by", "state_aid"], ["changes over time"]),
        (["--weight", "wight"], ['no table has a column of weights "wight"']),
        (["--years", "x"], ["not a range of years"]),
        (["--min-cell", "-1"], ["min-cell"]),
    ],
)
def test_bad_usage_leaves_nothing(population, tmp_path, monkeypatch, more, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "faults.yaml").write_text(FAULTS, "utf-8")
    bare = tmp_path / "bare"
    bare.mkdir()
    write_population(EXAMPLE, bare, 20, seed=1)
    text = (bare / "volunteers.csv").read_text("utf-8").splitlines()
    lines = [line.rpartition(",")[0].rpartition(",")[0] for line in text]
    (bare / "volunteers.csv").write_text("\n".join([*lines, ""]), "utf-8")
    result = run(bare, tmp_path / "out", *more, status=2)
    for words in said:
        assert words in result.stderr
    assert result.stderr.count("Error: ") == 1
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_results_do_not_replace_the_tables(population):
    before = {path.name for path in population.iterdir()}
    result = run(population, population, status=2)
    assert "change --out" in result.stderr
    assert {path.name for path in population.iterdir()} == before


def test_a_full_disk_leaves_nothing_by_halves(population, whole, tmp_path):
    out = tmp_path / "out"

    def little_room():
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    result = run_apart(population, out, *ASKED, status=2, preexec_fn=little_room)
    assert result.stderr.startswith(f"Error: the results cannot be written in {out}")
    assert not (out / "report.html").exists()
    run(population, out, *ASKED)
    assert content(out) == whole
