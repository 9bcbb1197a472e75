"""What is measured of both programs, each measure in a process of its own.

Seconds are those of the processor, user and system, so that other programs on the
machine weigh less; neither side uses more than one thread.
"""

import gc
import resource
import sys
import time
from collections.abc import Callable

from benchmarks import analyst, modelled
from benchmarks.outputs import Results, check_equal
from benchmarks.population import make_population
from openfisca_isv import CountryTaxBenefitSystem

_REPETITIONS = 3
#: The unit of ``ru_maxrss``, in bytes: the kernel's own choice.
_MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024


def speed(missions: int) -> dict[str, float]:
    """Return the seconds of both programs on a population, run in turn.

    The first run of each is not timed; its results are compared.

    Raises:
        AssertionError: The results differ.
    """
    programs = _programs(missions)
    check_equal(*(program() for program in programs.values()))
    seconds = dict.fromkeys(programs, float("inf"))
    for _ in range(_REPETITIONS):
        for name, program in programs.items():
            seconds[name] = min(seconds[name], _seconds(program))
    return seconds


def memory(missions: int, name: str) -> float:
    """Return the highest memory of this process, in megabytes, for one program.

    The population and the results, all held at once, are part of it.
    """
    results = _programs(missions)[name]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    del results
    return peak * _MEMORY_UNIT / 1e6


def _programs(missions: int) -> dict[str, Callable[[], Results]]:
    """Make a population, and the two programs that compute its results."""
    population = make_population(missions)
    system = CountryTaxBenefitSystem()
    return {
        "model": lambda: modelled.compute(system, population),
        "analyst": lambda: analyst.compute(population),
    }


def _seconds(program: Callable[[], Results]) -> float:
    """Time one run. What earlier runs left in memory is cleared before."""
    gc.collect()
    start = time.process_time()
    results = program()
    elapsed = time.process_time() - start
    del results
    return elapsed
