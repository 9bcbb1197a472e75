"""On a real scheduler with workers of their own, one of which is killed."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

from tests.population.test_commands import run as isv
from tests.population.test_runs import command, content, population, run

__all__ = ["population"]


def wait_for(condition, process, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.fixture
def cluster(tmp_path):
    """Give the address of a scheduler, and its two workers."""
    log = tmp_path / "scheduler.log"
    with log.open("w") as file:
        words = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        program = "from distributed.cli.dask_{0} import main; main()"
        distributed = [sys.executable, "-c"]
        scheduler = subprocess.Popen(
            [*distributed, program.format("scheduler"), *words],
            stdout=file,
            stderr=subprocess.STDOUT,
        )
        processes = [scheduler]
        try:
            pattern = re.compile(r"Scheduler at:\s+(tcp://\S+)")
            wait_for(lambda: pattern.search(log.read_text()), scheduler)
            address = pattern.search(log.read_text())[1]
            words = ["--nthreads", "1", "--no-dashboard", "--no-nanny"]
            words += ["--local-directory", str(tmp_path)]
            processes += [
                subprocess.Popen(
                    [*distributed, program.format("worker"), address, *words],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
                for _ in range(2)
            ]
            yield address, processes[1:]
        finally:
            for process in reversed(processes):
                process.kill()
                process.wait()


def test_a_worker_that_is_killed_changes_nothing(population, cluster, tmp_path):
    address, workers = cluster
    words = ("--part-size", "100", "--format", "parquet")
    run(population, tmp_path / "alone", *words)
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(population, out, *words, "--scheduler", address),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    parts = out / ".run" / "parts"
    wait_for(lambda: len(list(parts.glob("[0-9]*"))) > 1, process)
    done = len(list(parts.glob("[0-9]*")))
    workers[0].send_signal(signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert done < len(list((out / "missions.parquet").iterdir()))
    assert content(out) == content(tmp_path / "alone")


def test_a_scheduler_that_is_not_there_is_told(population, tmp_path, monkeypatch):
    monkeypatch.setattr("openfisca_isv.population.runs.workers._PATIENCE", "1s")
    result = run(
        population, tmp_path / "out", "--scheduler", "tcp://127.0.0.1:9", status=3
    )
    assert "cannot be reached" in result.stderr


@pytest.mark.parametrize(
    "address", ["localhost", "", "http://host:8786", "tcp://", "tcp://host", "host:1"]
)
def test_what_is_no_address_is_told_at_once(tmp_path, address):
    missions = tmp_path / "missions.csv"
    missions.write_text(
        "mission,volunteer,organisation,start_date,end_date\n"
        "m,v,o,2022-01-01,2022-12-31\n"
    )
    words = ("--scheduler", address, "--out", tmp_path / "out")
    result = isv("simulate", missions, *words)
    assert result.exit_code == 2
    assert f'"{address}" is not the address of a scheduler' in result.stderr
    assert len(result.stderr.splitlines()) == 1


FLOOR = """
from openfisca_core.reforms import Reform

class nothing(Reform):
    def apply(self):
        pass
"""


def test_a_class_that_the_workers_lack_is_told(population, cluster, tmp_path):
    address, workers = cluster
    (tmp_path / "only_here.py").write_text(FLOOR)
    words = ("--scheduler", address, "--reform", "only_here.nothing")
    process = subprocess.run(
        command(population.absolute(), tmp_path / "out", *words),
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert process.returncode == 3, process.stderr
    (line,) = process.stderr.splitlines()
    assert f"the workers of {address} cannot load what they are given" in line
    assert "No module named 'only_here'" in line
    # None of them ended of it.
    assert [one.poll() for one in workers] == [None, None]
