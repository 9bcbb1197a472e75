"""Processes give the results of all parts, hold few, and are told when lost."""

import os
import signal

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


def with_process(job, part):
    """Give the part and the process."""
    return job + part, os.getpid()


def test_processes_give_all_parts_and_hold_few():
    parts = Counted()
    with Workers(2) as workers:
        results = workers.run(with_process, 100, parts)
        first = next(results)
        assert parts.taken <= 2 * 2 + 1
        found = [first, *results]
    assert {part for part, _ in found} == set(range(20))
    assert all(result == 100 + part for part, (result, _) in found)
    processes = {process for _, (_, process) in found}
    assert 1 <= len(processes) <= 2
    assert os.getpid() not in processes


def killed(job, part):
    """End the process without a word, at one of the parts."""
    if part == job:
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_a_process_that_is_killed_is_told():
    with pytest.raises(WorkerLostError, match="killed"), Workers(2) as workers:
        list(workers.run(killed, 3, range(5)))
