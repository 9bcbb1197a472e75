"""Parts done one after another, by several processes, or on a cluster."""

import multiprocessing
import os
import pickle
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Self

import pyarrow as pa

#: How many parts wait for each process.
_AHEAD = 2
#: How long a scheduler may take to answer.
_PATIENCE = "20s"


class WorkerLostError(Exception):
    """A process was killed: the parts that are done stay."""


@dataclass
class Workers:
    """Who does the parts. As a context it starts nothing, and ends what it started.

    Attributes:
        count: Processes of this machine.
        scheduler: The address of a Dask scheduler, whose workers do them instead.
    """

    count: int = 1
    scheduler: str | None = None
    _pool: ProcessPoolExecutor | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        """Start nothing yet: a process is started when there is a part for it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None

    def run(
        self,
        do: Callable,
        job: object,
        parts: Sequence,
    ) -> Iterator[tuple[object, object]]:
        """Do ``do(job, part)`` for each part, and give each as it is done.

        Args:
            do: A function that a process can import.
            job: What all parts need to know.
            parts: The parts.

        Raises:
            WorkerLostError: A process was killed, or the scheduler cannot be reached.
        """
        if self.scheduler is not None:
            yield from _on_cluster(self.scheduler, do, job, parts)
        elif self.count == 1 or len(parts) <= 1:
            for part in parts:
                yield part, do(job, part)
        else:
            try:
                yield from self._in_processes(do, job, parts)
            except BrokenProcessPool as error:
                message = "a process was killed, or ran out of memory"
                raise WorkerLostError(message) from error

    def _in_processes(
        self, do: Callable, job: object, parts: Sequence
    ) -> Iterator[tuple[object, object]]:
        """Do the parts in processes; two at most for each are begun, or wait."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.count,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
                initargs=(os.getpid(),),
            )
        left = iter(parts)
        running: dict[Future, object] = {}
        try:
            while True:
                for part in islice(left, self.count * _AHEAD - len(running)):
                    # The first ones start the processes.
                    with _interrupts_kept():
                        running[self._pool.submit(do, job, part)] = part
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for one in done:
                    yield running.pop(one), one.result()
        finally:
            for one in running:
                one.cancel()


@contextmanager
def _interrupts_kept() -> Iterator[None]:
    """Leave Ctrl-C, which reaches the whole group, to this process.

    Processes that are started meanwhile never see it, not even while they import.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int) -> None:
    """Take one core, and end when the process that started this one does."""
    pa.set_cpu_count(1)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _problem_with(pickled: bytes) -> str | None:
    """Return why this process cannot load what it is to be given, if it cannot."""
    try:
        pickle.loads(pickled)  # noqa: S301 - from the process that asks for the work
    except Exception as error:  # noqa: BLE001 - code of users runs here
        return f"{type(error).__name__}: {error}"
    return None


def _on_cluster(
    address: str, do: Callable, job: object, parts: Sequence[int]
) -> Iterator[tuple[int, object]]:
    """Do the parts on the workers of a Dask scheduler.

    The scheduler gives the parts of a worker that is lost to another one.
    """
    try:
        from distributed import Client, KilledWorker, as_completed  # noqa: PLC0415
    except ModuleNotFoundError as error:
        message = (
            '--scheduler needs the extra "distributed":'
            ' pip install "openfisca-isv[distributed]"'
        )
        raise WorkerLostError(message) from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        message = f"the scheduler {address} cannot be reached: {error}"
        raise WorkerLostError(message) from error
    with client:
        # A worker that is given what it cannot load ends, and the others after it.
        given = pickle.dumps((do, job))
        for problem in client.run(_problem_with, given, on_error="return").values():
            if problem is not None:
                message = f"the workers of {address} cannot load what they are given"
                message += f" ({problem}): install the same on them"
                raise WorkerLostError(message)
        # Spread over the workers in order; a part lost with its worker is done again.
        running = {client.submit(do, job, part, pure=False): part for part in parts}
        try:
            for one in as_completed(running, loop=client.loop, raise_errors=False):
                yield running[one], one.result()
                one.release()
        except KilledWorker as error:
            message = f"a part ended several workers of {address}, one after the other"
            raise WorkerLostError(message) from error
        finally:
            client.cancel(list(running))
