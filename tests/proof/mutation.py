"""Run the YAML tests against every fault of ``mutants``, and list those that none sees.

Each fault is made in a process of its own, which stops at the first YAML test that
fails. The tests of the fault's own subject come first, and those that saw a fault in
the same place before. `make mutation` runs it.
"""

import argparse
import os
import signal
import sys
from collections import Counter
from importlib.machinery import SourceFileLoader
from pathlib import Path

import mutants
import pytest
import yaml

HERE = Path(__file__).parent
LONGEST_SECONDS = 60


def put_into(file, source):
    """Import the package anew, one of its files having another source."""
    for name in list(sys.modules):
        if name.split(".")[0] == "openfisca_isv":
            del sys.modules[name]
    where, read = str(mutants.PACKAGE / file), SourceFileLoader.get_code

    def get_code(loader, name):
        if loader.path == where:
            return compile(source, where, "exec")
        return read(loader, name)

    SourceFileLoader.get_code = get_code


def law_with(mutant):
    """Return the law with the fault."""
    if mutant is not None and mutant.file.endswith(".py"):
        put_into(mutant.file, mutant.make(None))
    from openfisca_isv import CountryTaxBenefitSystem  # noqa: PLC0415

    law = CountryTaxBenefitSystem()
    if mutant is not None and not mutant.file.endswith(".py"):
        mutant.make(law.parameters)
    return law


def first_that_fails(items, mutant):
    """Return the place of the first test that sees the fault; None where none does."""
    try:
        law = law_with(mutant)
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

    def __init__(self, only: str, processes: int):
        self.only, self.processes = only, processes
        self.killers = {}
        self.survivors = []
        self.total = 0

    def pytest_runtestloop(self, session):
        """Try each fault, some at a time."""
        items = session.items
        faults = [fault for path in mutants.SOURCES for fault in mutants.in_code(path)]
        faults += mutants.in_figures(law_with(None).parameters)
        faults = [fault for fault in faults if self.only in fault.key]
        self.total = len(faults)
        if first_that_fails(items, None) is not None:
            pytest.exit("a test fails without any fault", returncode=1)
        running = {}
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
            signal.alarm(LONGEST_SECONDS)
            sys.stdout = sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115
            place = first_that_fails(ordered, fault)
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
            print("survives", fault.key, flush=True)
        elif answer:
            self.killers[fault.file, fault.place] = ordered[int(answer)]

    def _ordered(self, items, fault):
        """Order the tests: the last that saw a fault here, its subject, the others."""
        subject = Path(fault.file).stem
        if fault.file == "parameters/":
            subject = fault.place.split(".")[0]
        last = self.killers.get((fault.file, fault.place))
        return sorted(
            items,
            key=lambda item: (item is not last, not item.path.stem.startswith(subject)),
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", help="faults whose name has this in it")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    runner = Runner(arguments.only, arguments.processes)
    tests = HERE.parent / "yaml"
    pytest.main(["-q", "-s", "--no-header", str(tests)], plugins=[runner])

    listed = HERE / "equivalent_mutants.yaml"
    equivalents = yaml.safe_load(listed.read_text("utf-8")) if listed.exists() else {}
    unexplained = [one for one in runner.survivors if one.key not in equivalents]
    by_file = Counter(one.file for one in unexplained)
    equivalent = len(runner.survivors) - len(unexplained)
    killed = runner.total - len(runner.survivors)
    print(f"{runner.total} faults: {killed} killed, {equivalent} equivalent,", end=" ")
    print(f"{len(unexplained)} survive {dict(by_file)}")
    for one in sorted(unexplained, key=lambda one: one.key):
        print("-", one.key)
    if not arguments.only:
        stale = set(equivalents) - {one.key for one in runner.survivors}
        for key in sorted(stale):
            print("listed as equivalent, and is none:", key)
    return bool(unexplained)


if __name__ == "__main__":
    sys.exit(main())
