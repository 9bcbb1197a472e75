"""Fresh processes, and the time to their first answer beside OpenFisca's template."""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]
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


def in_own_process(function: Callable, *arguments: object) -> Future:
    """Call a function in a fresh process, which ends with it."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    called = pool.submit(function, *arguments)
    pool.shutdown(wait=False)
    return called


def start_up() -> dict[str, float]:
    """Return the median seconds of both packages, run in turn, on the wall clock."""
    times: dict[str, list[float]] = {package: [] for package in ANSWERS}
    # The first run of each fills the caches of the disk, and is not counted.
    for _ in range(1 + _REPETITIONS):
        for package in ANSWERS:
            times[package].append(_seconds(package))
    return {package: statistics.median(each[1:]) for package, each in times.items()}


def _seconds(package: str) -> float:
    """Time one process that imports the package and computes one variable."""
    command = [sys.executable, "-c", _PROGRAM, package, *ANSWERS[package]]
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - start
