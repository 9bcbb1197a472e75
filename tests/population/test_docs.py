"""What the documentation shows can be typed as it stands."""

import csv
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from labelled import in_r

ROOT = Path(__file__).parents[2]


def blocks(page, language, start=""):
    """Give the blocks of a page in a language, those that start with some words."""
    text = (ROOT / page).read_text("utf-8")
    found = re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    kept = [one for one in found if one.startswith(start)]
    assert kept
    return kept


def run_commands(page, folder, population):
    """Run the commands of a page in a folder, on small populations.

    The tables of the examples are others under the same names, and no more than 2,000
    volunteers are generated.
    """
    (folder / "examples").mkdir()
    (folder / "examples" / "population").symlink_to(population)
    for name in ("examples/reforms", "openfisca_isv"):
        (folder / name).symlink_to(ROOT / name)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for block in blocks(page, "sh", "openfisca-isv "):
        small = re.sub(r"(generate --volunteers) \d{5,}\b", r"\1 2000", block)
        result = subprocess.run(
            ["bash", "-euc", small],
            cwd=folder,
            env=os.environ | {"PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        words = ("Results in", "Report in", "figures met")
        assert any(one in result.stdout for one in words)


def check_r(folder, script):
    """Run the blocks of R, and check what two of them show."""
    assert script.startswith("#")
    code = "\n".join(f"print({{\n{one}\n}})" for one in blocks("docs/r.md", "r"))
    shown = in_r(code, folder)
    with (folder / "results" / "by_year.csv").open(encoding="utf-8") as file:
        cost = {row["year"]: float(row["state_cost"]) for row in csv.DictReader(file)}
    for year, euros in cost.items():
        assert re.search(rf"^\d +{year} +{euros:.0f}", shown, re.MULTILINE), shown
    with (folder / "results" / "missions.csv").open(encoding="utf-8") as file:
        unmet = [row["contract_first_unmet_condition"] for row in csv.DictReader(file)]
    assert unmet.count("allowance_too_low") > 0
    assert "The allowance is below the minimum" in shown
    with (folder / "missions.csv").open(encoding="utf-8") as file:
        assert "NA" not in {cell for row in csv.reader(file) for cell in row}


def check_stata(folder, script):
    """Check that the blocks for Stata name what the script makes."""
    saved = {
        re.search(r'folder\'/(\w+)"\', replace', one)[1]: set(
            re.search(r"^order (.+)$", one, re.MULTILINE)[1].split()
        )
        for one in script.split("import delimited")[1:]
    }
    seen = set()
    for block in blocks("docs/stata.md", "stata", "use "):
        first, *lines = block.splitlines()
        columns = saved[re.fullmatch(r"use results/(\w+), clear", first)[1]]
        used = re.findall(r"\b[a-z_]+\b", re.sub('"[^"]*"', "", " ".join(lines)))
        used = set(used) - {"list", "keep", "if", "tabulate"}
        assert used <= columns
        seen |= used
    assert {"state_cost", "contract_is_lawful", "sum"} <= seen


def check_sas(folder, script):
    """Check that the blocks for SAS name what the script makes."""
    made = dict(
        re.findall(r"^data (\w+);\n(.*?)^run;", script, re.MULTILINE | re.DOTALL)
    )
    seen = set()
    for block in blocks("docs/sas.md", "sas", "proc "):
        inputs = made[re.search(r"data=(\w+)", block)[1]].partition("  input\n")[2]
        used = " ".join(
            re.findall(r"^  (?:var|where|tables) (.*);$", block, re.MULTILINE)
        )
        used = set(re.findall(r"\b[a-z_]+\b", re.sub("'[^']*'", "", used))) - {"and"}
        assert used <= set(inputs.split())
        seen |= used
    assert {"state_cost", "contract_is_lawful", "sum"} <= seen


#: What is checked of the pages for statisticians, once their commands were run.
SCRIPTS = {
    "docs/r.md": ("read_results.R", check_r),
    "docs/sas.md": ("read_results.sas", check_sas),
    "docs/stata.md": ("read_results.do", check_stata),
}


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/populations.md",
        "docs/reforms.md",
        "docs/r.md",
        "docs/sas.md",
        "docs/stata.md",
    ],
)
def test_the_commands_run_one_after_the_other(page, part_of_examples, tmp_path):
    run_commands(page, tmp_path, part_of_examples)
    if page in SCRIPTS:
        script, check = SCRIPTS[page]
        check(tmp_path, (tmp_path / "results" / script).read_text("utf-8"))


@pytest.mark.parametrize("page", ["docs/populations.md", "docs/reforms.md"])
def test_the_python_runs(page, tmp_path):
    for block in blocks(page, "python"):
        result = subprocess.run(
            [sys.executable, "-c", block],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert result.stdout
