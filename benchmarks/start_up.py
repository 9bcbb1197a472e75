"""From the start of a process to its first answer, beside OpenFisca's own template.

``openfisca-country-template`` is installed from PyPI, once, in a virtual environment
of the benchmarks' own.
"""

import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".venv-bench"
_TEMPLATE = "openfisca-country-template"
_REPETITIONS = 7

#: Both packages answer the variable that they name as the example of their API.
ANSWERS = {
    "openfisca_isv": ("contract_is_lawful", "ETERNITY"),
    "openfisca_country_template": ("disposable_income", "2017-01"),
}
_PROGRAM = """
import importlib, sys
from openfisca_core.simulation_builder import SimulationBuilder
package, variable, period = sys.argv[1:]
system = importlib.import_module(package).CountryTaxBenefitSystem()
example = system.open_api_config["simulation_example"]
simulation = SimulationBuilder().build_from_dict(system, example)
print(simulation.calculate(variable, period)[0])
"""
_VERSIONS = """
from importlib.metadata import version
print(*(f"{name} {version(name)}" for name in ("openfisca-core", "numpy")), sep=", ")
"""


class TemplateMissingError(Exception):
    """The template cannot be had, so that there is nothing to compare with."""


def install_template() -> str:
    """Install the template, unless it was, and give the path of its Python.

    Raises:
        TemplateMissingError: With what pip said last.
    """
    python = str(FOLDER / "bin" / "python")
    if not (FOLDER / "installed").exists():
        venv.create(FOLDER, clear=True, with_pip=True)
        (FOLDER / ".gitignore").write_text("*\n", "utf-8")
        pip = [python, "-m", "pip", "--disable-pip-version-check", "install"]
        run = subprocess.run(
            [*pip, "--quiet", _TEMPLATE], capture_output=True, text=True, check=False
        )
        if run.returncode:
            lines = run.stderr.strip().splitlines() or ["pip failed, silently"]
            raise TemplateMissingError(lines[-1])
        (FOLDER / "installed").touch()
    return python


def start_up() -> dict[str, float]:
    """Give the median seconds of both packages, run in turn, on the wall clock."""
    pythons = dict(zip(ANSWERS, (sys.executable, install_template()), strict=True))
    times: dict[str, list[float]] = {package: [] for package in pythons}
    # The first run of each fills the caches of the disk, and is not counted.
    for _ in range(1 + _REPETITIONS):
        for package, python in pythons.items():
            times[package].append(_seconds(python, package))
    return {package: statistics.median(each[1:]) for package, each in times.items()}


def versions() -> str:
    """Say which versions the template runs on, and which the model."""
    pythons = {"model": sys.executable, "template": install_template()}
    return "; ".join(
        f"{name} on {_output(python, _VERSIONS)}" for name, python in pythons.items()
    )


def _seconds(python: str, package: str) -> float:
    """Time one process that imports the package and computes one variable."""
    start = time.perf_counter()
    _output(python, _PROGRAM, package, *ANSWERS[package])
    return time.perf_counter() - start


def _output(python: str, program: str, *arguments: str) -> str:
    """Run a program in a fresh process and give what it prints."""
    run = subprocess.run(
        [python, "-I", "-c", program, *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()
