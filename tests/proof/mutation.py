"""Run the YAML tests against every fault of ``mutants``, and list those that none sees.

Each fault is made in a process of its own, which stops at the first YAML test that
fails: those of the fault's own subject come first, and those that saw faults before.
`make mutation` runs it, and keeps its counts in the package once no fault is left
unexplained.
"""

import argparse
import importlib
import os
import signal
import sys
from collections import Counter
from pathlib import Path

import mutants
import pytest
import yaml
from openfisca_core.variables import Variable

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.law.checked import keep

HERE = Path(__file__).parent
#: Of one process; a fault that never ends is seen.
LONGEST_CPU_SECONDS = 60


def put_into(law, mutant):
    """Put the fault into the law, and wherever its module is imported.

    The module is run again in its own namespace; what others imported from it is
    replaced by what bears the name now, and so are the variables of the law.
    """
    if not mutant.file.endswith(".py"):
        mutant.make(law.parameters)
        return
    name = f"openfisca_isv.{mutant.file.removesuffix('.py').replace('/', '.')}"
    own = vars(importlib.import_module(name))
    before = dict(own)
    exec(compile(mutant.make(None), name, "exec"), own)
    for namespace in namespaces(law):
        for key in before.keys() & namespace.keys():
            if namespace[key] is before[key]:
                namespace[key] = own[key]
    for variable in law.variables.values():
        for key, value in before.items():
            if variable.set_input is value:
                variable.set_input = own[key]
    for one in own.values():
        is_class = isinstance(one, type) and issubclass(one, Variable)
        if is_class and one.__module__ == name:
            law.variables[one.__name__] = one()


def namespaces(law):
    """List those of the package: its modules, and the copies that hold the formulas."""
    found = [vars(one) for name, one in sys.modules.items() if "openfisca_isv" in name]
    for variable in law.variables.values():
        found += [formula.__globals__ for formula in variable.formulas.values()]
    return {id(one): one for one in found}.values()


def first_that_fails(items, law, mutant=None):
    """Return the place of the first test that sees the fault; None where none does."""
    try:
        if mutant is not None:
            put_into(law, mutant)
    except Exception:  # noqa: BLE001
        return 0
    for place, item in enumerate(items):
        item.baseline_tax_benefit_system = law
        try:
            item.runtest()
        except Exception:  # noqa: BLE001
            return place
    return None


class Runner:
    """A plugin of pytest that runs the collected tests against each fault."""

    def __init__(self, only: list[str], processes: int):
        self.only, self.processes = only, processes
        self.law = CountryTaxBenefitSystem()
        self.killers, self.kills = {}, Counter()
        self.survivors = []
        self.total = 0

    def pytest_runtestloop(self, session):
        """Try each fault, some at a time."""
        items = session.items
        faults = [fault for path in mutants.SOURCES for fault in mutants.in_code(path)]
        faults += mutants.in_figures(self.law.parameters)
        faults = [
            fault for fault in faults if any(word in fault.key for word in self.only)
        ]
        self.total = len(faults)
        running = {}
        self._start(items, None, running)
        self._wait(running)
        if not self.survivors:
            pytest.exit("a test fails without any fault", returncode=1)
        self.survivors.clear()
        for fault in faults:
            if len(running) >= self.processes:
                self._wait(running)
            self._start(items, fault, running)
        while running:
            self._wait(running)
        return True

    def _start(self, items, fault, running):
        ordered = self._ordered(items, fault)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            signal.setitimer(signal.ITIMER_PROF, LONGEST_CPU_SECONDS)
            sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
            place = first_that_fails(ordered, self.law, fault)
            os.write(writing, b"none" if place is None else str(place).encode())
            os._exit(0)
        os.close(writing)
        running[child] = fault, reading, ordered

    def _wait(self, running):
        child, _ = os.wait()
        fault, reading, ordered = running.pop(child)
        answer = os.read(reading, 100)
        os.close(reading)
        if answer == b"none":
            self.survivors.append(fault)
            print("survives", fault.key if fault else "no fault", flush=True)
        elif answer:
            killer = ordered[int(answer)]
            self.killers[fault.file, fault.place] = killer
            self.kills[killer] += 1

    def _ordered(self, items, fault):
        """Order the tests: those likely to see the fault come first."""
        if fault is None:
            return items
        subject = Path(fault.file).stem
        if fault.file == "parameters/":
            subject = fault.place.split(".")[0]
        last = self.killers.get((fault.file, fault.place))
        return sorted(
            items,
            key=lambda item: (
                item is not last,
                not item.path.stem.startswith(subject),
                -self.kills[item],
            ),
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words = "faults whose name has one of these in it, e.g. variables/leave"
    parser.add_argument("--only", nargs="+", default=[""], help=words)
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    runner = Runner(arguments.only, arguments.processes)
    tests = HERE.parent / "yaml"
    pytest.main(["-q", "-s", "--no-header", str(tests)], plugins=[runner])

    listed = (HERE / "equivalent_mutants.yaml").read_text("utf-8")
    equivalents = {
        change: [
            fault for fault in runner.survivors if mutants.is_named(fault.key, change)
        ]
        for reason in yaml.safe_load(listed)
        for change in reason["changes"]
    }
    explained = {fault.key for faults in equivalents.values() for fault in faults}
    unexplained = [one for one in runner.survivors if one.key not in explained]
    by_file = Counter(one.file for one in unexplained)
    equivalent = len(runner.survivors) - len(unexplained)
    killed = runner.total - len(runner.survivors)
    print(f"{runner.total} faults: {killed} killed, {equivalent} equivalent,", end=" ")
    print(f"{len(unexplained)} survive {dict(by_file)}")
    for one in sorted(unexplained, key=lambda one: one.key):
        print("-", one.key)
    if arguments.only == [""]:
        stale = [change for change, faults in equivalents.items() if not faults]
        for key in sorted(stale):
            print("listed as equivalent, and is none:", key)
        if not unexplained and not stale:
            counts = {"faults": runner.total, "killed": killed}
            keep("mutation", counts | {"equivalent": equivalent})
    return bool(unexplained)


if __name__ == "__main__":
    sys.exit(main())
