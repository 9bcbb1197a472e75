"""Parts done one after another, by several processes, or on a cluster."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

import pyarrow as pa

#: How many parts wait for each process.
_AHEAD = 2


class WorkerLostError(Exception):
    """A process was killed: the parts that are done stay."""


@dataclass(frozen=True)
class Workers:
    """Who does the parts.

    Attributes:
        count: Processes of this machine.
        scheduler: The address of a Dask scheduler, whose workers do them instead.
    """

    count: int = 1
    scheduler: str | None = None

    def run(
        self, do: Callable, job: object, parts: Sequence[int]
    ) -> Iterator[tuple[int, object]]:
        """Do ``do(job, part)`` for each part, and give the results as they come.

        Raises:
            WorkerLostError: A process was killed, or the scheduler cannot be reached.
        """
        if self.scheduler is not None:
            yield from _on_cluster(self.scheduler, do, job, parts)
        elif self.count == 1 or len(parts) <= 1:
            for part in parts:
                yield part, do(job, part)
        else:
            yield from _in_processes(self.count, do, job, parts)


def _in_processes(
    count: int, do: Callable, job: object, parts: Sequence[int]
) -> Iterator[tuple[int, object]]:
    """Do the parts in processes of the standard library's pool."""
    pool = ProcessPoolExecutor(
        min(count, len(parts)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(os.getpid(),),
    )
    left = list(reversed(parts))
    running = {}
    try:
        while left or running:
            while left and len(running) < count * _AHEAD:
                part = left.pop()
                running[pool.submit(do, job, part)] = part
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for one in done:
                part = running.pop(one)
                yield part, one.result()
    except BrokenProcessPool as error:
        message = "a process was killed, or ran out of memory"
        raise WorkerLostError(message) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(parent: int) -> None:
    """Take one core, and end when the process that started this one does."""
    # Ctrl-C reaches the whole group: the process that started this one stops it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _on_cluster(
    address: str, do: Callable, job: object, parts: Sequence[int]
) -> Iterator[tuple[int, object]]:
    """Do the parts on the workers of a Dask scheduler.

    The scheduler gives the parts of a worker that is lost to another one.
    """
    try:
        from distributed import Client, as_completed  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = (
            '--scheduler needs the extra "distributed":'
            ' pip install "openfisca-isv[distributed]"'
        )
        raise WorkerLostError(message) from error
    try:
        client = Client(address, timeout="20s", set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"the scheduler {address} cannot be reached: {error}"
        raise WorkerLostError(message) from error
    with client:
        # Spread over the workers in order; a part lost with its worker is done again.
        running = {client.submit(do, job, part, pure=False): part for part in parts}
        try:
            for one in as_completed(running, loop=client.loop, raise_errors=False):
                if one.status != "finished":
                    raise one.exception()
                yield running[one], one.result()
                one.release()
        finally:
            client.cancel(list(running))
