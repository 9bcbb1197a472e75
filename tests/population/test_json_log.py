"""The log for machines has one JSON object per line, and nothing else."""

import json
import logging
import subprocess
import sys

import pytest

from tests.population.test_commands import run as isv

ISV = [sys.executable, "-c", "from openfisca_isv.cli import main; main()"]


@pytest.fixture(autouse=True)
def root_logger():
    """Keep no log once a test is over: the other commands of the process have none."""
    logger = logging.getLogger()
    handlers = logger.handlers
    yield
    logger.handlers = handlers
    logging.captureWarnings(capture=False)


def logged(status, *words):
    result = isv(*words)
    assert result.exit_code == status, result.stderr
    return [json.loads(line) for line in result.stderr.splitlines()]


def logged_apart(*words):
    """Run a process, of which also what is said before the command must be JSON."""
    result = subprocess.run(
        [*ISV, *map(str, words)], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in result.stderr.splitlines()]


def simulate(folder, out, *more):
    words = ("simulate", folder / "missions.csv", "--out", out, "--log", "json")
    return (*words, "--years", "2023:2024", *more)


def test_a_run_is_told_from_start_to_end(folder, tmp_path):
    words = simulate(
        folder, tmp_path / "out", "--volunteers", folder / "volunteers.csv"
    )
    lines = logged_apart(*words, "--part-size", "1")
    assert all({"time", "level", "event"} <= set(line) for line in lines)
    first, *middle, last = lines
    assert first["event"] == "start"
    assert first["command"][0] == "openfisca-isv"
    events = {line["event"] for line in middle}
    assert events == {"step", "progress", "warning"}
    parts = [one for one in middle if one["event"] == "progress"]
    assert parts[-1]["name"] == "compute"
    assert parts[-1]["done"] == parts[-1]["total"]
    account = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    told = [one["message"] for one in middle if one["event"] == "warning"]
    assert told == account["warnings"] != []
    assert last["event"] == "end"
    for name in ("rows", "volunteers", "results"):
        assert last[name] == account[name]


def test_an_error_is_told_in_the_log(folder, tmp_path):
    *_, last = logged(2, *simulate(folder, tmp_path / "out", "--outputs", "state_cots"))
    assert last["event"] == last["level"] == "error"
    assert "state_cost" in last["message"]


def test_a_table_at_fault_is_told_in_the_log(folder, tmp_path):
    missions = tmp_path / "wrong.csv"
    text = (folder / "missions.csv").read_text("utf-8")
    missions.write_text(text.replace("2022-", "022-"), "utf-8")
    *_, last = logged(2, "simulate", missions, "--log", "json", "--out", tmp_path / "o")
    assert last["event"] == "error"
    assert "row 2" in last["message"]


def test_what_is_wrong_with_the_words_is_told_in_the_log(folder, tmp_path):
    (line,) = logged(2, *simulate(folder, tmp_path / "out", "--min-cell", "few"))
    assert line["event"] == "error"
    assert "--min-cell" in line["message"]


def test_check_is_told_from_start_to_end(folder):
    words = ("check", folder / "missions.csv", "--log", "json")
    first, *middle, last = logged(0, *words)
    assert first["event"] == "start"
    assert {"step", "progress", "warning"} == {line["event"] for line in middle}
    told = [one["message"] for one in middle if one["event"] == "warning"]
    assert told[0].startswith("Without --volunteers and --organisations no contract")
    assert (last["event"], last["rows"]) == ("end", {"missions": 2})


def test_the_problems_of_check_are_told_one_by_one(folder):
    path = folder / "missions.csv"
    path.write_text(path.read_text().replace(",KH,", ",Mars,"))
    *_, problem, last = logged(2, "check", path, "--log", "json")
    assert problem["event"] == "problem"
    found = {name: problem[name] for name in ("file", "row", "column", "value")}
    place = {"file": str(path), "row": 3, "column": "host_country", "value": "Mars"}
    assert found == place
    assert last["event"] == "error"
    assert last["message"] == "1 problem in the tables"
