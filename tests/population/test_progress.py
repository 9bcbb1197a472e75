"""Progress, on a real terminal and elsewhere; and inputs that change meanwhile."""

import os
import pty
import subprocess

import pytest

from openfisca_isv.population.runs import progress, run_stages
from openfisca_isv.population.runs.progress import ProgressReporter
from tests.population.test_commands import run as isv
from tests.population.test_runs import command, population

__all__ = ["population"]


def on_a_terminal(words):
    """Run a command whose error output is a terminal; give what it shows there."""
    master, slave = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "100"}
    process = subprocess.Popen(
        words, stderr=slave, stdout=subprocess.PIPE, env=environment
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            some = os.read(master, 65536)
        except OSError:
            break
        if not some:
            break
        shown += some
    os.close(master)
    output = process.communicate()[0].decode()
    assert process.returncode == 0, shown
    return shown.decode(), output


def test_a_terminal_shows_a_bar_with_rate_and_time_left(population, tmp_path):
    words = command(population, tmp_path / "out", "--part-size", "100")
    shown, output = on_a_terminal(words)
    for step in ("read", "check", "compute", "gather"):
        assert step in shown
    assert "parts/s" in shown
    assert "0:00:0" in shown
    # The bar is taken away in the end, and warnings and results are no part of it.
    bar, _, _ = shown.partition("Warning: ")
    assert "\x1b[2K" in bar[-20:]
    assert "\x1b[?25h" in bar[-20:]
    assert "By year" in output
    assert "\x1b[2K" not in output


def test_quiet_shows_nothing_on_a_terminal(population, tmp_path):
    shown, output = on_a_terminal(command(population, tmp_path / "out", "--quiet"))
    assert (shown, output) == ("", "")


def test_plain_lines_elsewhere_now_and_then(capsys, monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])
    with ProgressReporter() as steps:
        steps.start("compute", 40, "parts")
        for _ in range(30):
            clock[0] += 1
            steps.advance()
        steps.start("read", None, "rows")
        clock[0] += 11
        steps.advance(5500)
    assert capsys.readouterr().err.splitlines() == [
        "compute: 11 of 40 parts, 29 s left, 1.0 a second",
        "compute: 22 of 40 parts, 18 s left, 1.0 a second",
        "read: 5,500 rows, 500.0 a second",
    ]


def test_a_table_that_changes_while_it_is_read_is_refused(
    folder, tmp_path, monkeypatch
):
    missions = folder / "missions.csv"
    stage = run_stages.stage

    def changed(*arguments):
        staged = stage(*arguments)
        missions.write_text(missions.read_text("utf-8") + "\n", "utf-8")
        return staged

    monkeypatch.setattr(run_stages, "stage", changed)
    out = tmp_path / "out"
    result = isv("simulate", missions, "--out", out)
    assert result.exit_code == 2
    assert "a table was changed while it was read" in result.stderr
    assert not out.exists()


@pytest.mark.parametrize("option", ["--rejects", "--out"])
def test_nothing_is_written_over_the_tables(folder, tmp_path, option):
    missions = folder / "missions.csv"
    before = missions.read_bytes()
    options = {"--out": tmp_path / "out", option: missions}
    if option == "--out":
        options[option] = folder
    words = [word for pair in options.items() for word in pair]
    result = isv("simulate", missions, *words)
    assert result.exit_code == 2
    assert f"change {option}" in result.stderr
    assert missions.read_bytes() == before
