"""What a user installs: a wheel in an empty environment, and OpenFisca's commands."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
from importlib.metadata import requires
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ANSWER = """
import json, sys
from openfisca_core.simulations import SimulationBuilder
from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv import situation_examples

system = CountryTaxBenefitSystem()
answers = {}
for example in ("contract_abroad", "return_after_two_years", "mission_in_france"):
    situation = getattr(situation_examples, example)
    simulation = SimulationBuilder().build_from_entities(system, situation)
    for variable in sorted(system.variables):
        yearly = system.variables[variable].definition_period == "year"
        for period in ["2023", "2024"] if yearly else ["2024-01", "2024-03"]:
            values = simulation.calculate(variable, period)
            values = getattr(values, "decode_to_str", lambda: values)()
            answers[f"{example} {variable} {period}"] = list(map(str, values.tolist()))
json.dump(answers, sys.stdout)
"""


def run(*command, **options):
    """Run a command and give its output, or fail with what it printed."""
    result = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **options
    )
    assert result.returncode == 0, f"{command}\n{result.stdout}\n{result.stderr}"
    return result.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build a wheel from what git tracks, and install it in an empty environment."""
    folder = tmp_path_factory.mktemp("wheel")
    checkout = folder / "checkout"
    for name in run("git", "ls-files", cwd=ROOT).splitlines():
        if (ROOT / name).is_file():
            (checkout / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, checkout / name)
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, checkout)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", wheel)
    return python


def test_the_wheel_computes_what_the_checkout_computes(installed, tmp_path):
    elsewhere = {"cwd": tmp_path, "env": {**os.environ, "PYTHONPATH": ""}}
    from_wheel = json.loads(run(installed, "-c", ANSWER, **elsewhere))
    from_checkout = json.loads(run(sys.executable, "-c", ANSWER, cwd=tmp_path))
    assert len(from_checkout) > 500
    assert from_wheel == from_checkout


def test_the_core_install_asks_for_three_libraries_only():
    needed = [line for line in requires("openfisca-isv") if "extra ==" not in line]
    names = {line.split(">")[0].split("<")[0].lower() for line in needed}
    assert names == {"openfisca-core", "numpy", "pyyaml"}


def test_the_command_says_which_extra_it_needs(installed):
    command = installed.parent / "openfisca-isv"
    result = subprocess.run(
        [command, "demo"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert "openfisca-isv[population]" in result.stderr
    assert "Traceback" not in result.stderr


def test_openfisca_test_runs_the_yaml_tests():
    command = Path(sys.executable).parent / "openfisca"
    output = run(command, "test", "-c", "openfisca_isv", "tests/yaml/reforms", cwd=ROOT)
    assert " passed" in output
    assert "failed" not in output


def test_the_oldest_libraries_that_are_tried_are_those_that_are_admitted():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = declared["optional-dependencies"]
    floors = {
        name: dict(
            re.match(r"([\w-]+)(?:\[.*\])?>=([\d.]+)", one).groups()
            for one in needed
            if not one.startswith("openfisca-isv")
        )
        for name, needed in {"": declared["dependencies"], **extras}.items()
    }
    of_tools = floors.pop("dev")
    admitted = {name: one for needed in floors.values() for name, one in needed.items()}
    lines = (ROOT / ".ci" / "lowest.txt").read_text("utf-8").splitlines()
    tried = dict(line.split("==") for line in lines if not line.startswith("#"))

    def whole(version):
        return f"{version}.0.0".split(".")[:3]

    assert admitted.keys() <= tried.keys()
    assert len(admitted) > 8
    for name, version in tried.items():
        assert whole(version) == whole((of_tools | admitted)[name]), name
