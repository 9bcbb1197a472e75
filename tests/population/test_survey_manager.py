"""The page on openfisca-survey-manager, in an environment of its own."""

import csv
import re
import subprocess

from tests.population.test_docs import ROOT, blocks, run_commands

PAGE = "docs/survey_manager.md"


def column(path, name):
    with path.open(encoding="utf-8", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


def test_its_aggregates_are_those_of_the_commands(part_of_examples, tmp_path):
    subprocess.run(["make", ".venv-survey/installed"], cwd=ROOT, check=True)
    run_commands(PAGE, tmp_path, part_of_examples)
    (block,) = blocks(PAGE, "python")
    (tmp_path / "survey.py").write_text(block, "utf-8")
    done = subprocess.run(
        [ROOT / ".venv-survey/bin/python", "survey.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = re.fullmatch(r"state_cost (\d+), change (\d+)\n", done.stdout)
    (cost,) = column(tmp_path / "simulated" / "by_year.csv", "state_cost")
    law, reform = column(tmp_path / "compared" / "cost_by_year.csv", "state_cost")
    change = float(reform) - float(law)
    assert float(cost) == float(law) > 1_000_000
    assert change > 1_000
    assert abs(int(found[1]) - float(cost)) <= 2
    assert abs(int(found[2]) - change) <= 2
