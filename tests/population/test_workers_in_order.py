"""Processes give the results of parts in order, hold few, and are told when lost."""

import os
import signal
import time

import pytest

from openfisca_isv.population.runs.workers import WorkerLostError, Workers


class Counted:
    """Parts that know how many of them were taken."""

    taken = 0

    def __len__(self):
        return 20

    def __iter__(self):
        for part in range(20):
            self.taken += 1
            yield part


def slower_first(job, part):
    """Give the part and the process; the first parts take long."""
    if part == 0:
        time.sleep(0.3)
    return job + part, os.getpid()


def test_processes_give_parts_in_order_and_hold_few():
    parts = Counted()
    with Workers(2) as workers:
        results = workers.run(slower_first, 100, parts, in_order=True)
        _, (first, process) = next(results)
        assert first == 100
        assert process != os.getpid()
        assert parts.taken <= 2 * 2 + 1
        others = [one for _, one in results]
    assert [one for one, _ in others] == list(range(101, 120))
    assert len({process, *(process for _, process in others)}) <= 2


def killed(job, part):
    """End the process without a word, at one of the parts."""
    if part == job:
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_a_process_that_is_killed_is_told():
    with pytest.raises(WorkerLostError, match="killed"), Workers(2) as workers:
        list(workers.run(killed, 3, range(5), in_order=True))
