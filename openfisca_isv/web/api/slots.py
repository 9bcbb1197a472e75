"""Room for a few heavy requests at a time, so that light ones do not wait for them."""

import fcntl
import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openfisca_isv.situations.problems import Problem, RefusalError


class Slots:
    """Slots that the processes of a server share.

    Made before the workers are forked. A slot is a lock on one byte of a file without
    a name: the system frees it where a worker dies.

    Args:
        count: How many requests have a slot at the same time.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._file, path = tempfile.mkstemp(prefix="openfisca-isv-")
        Path(path).unlink()
        weakref.finalize(self, os.close, self._file)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold a slot.

        Raises:
            RefusalError: All are taken.
        """
        slot = self._take()
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, slot)

    def _take(self) -> int:
        for slot in range(self._count):
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, slot)
            except OSError:
                continue
            return slot
        reason = "the server is busy with other heavy requests"
        remedy = "Send it again a little later, or in smaller parts"
        problem = Problem("", None, reason, remedy)
        raise RefusalError(429, "busy", problem, headers={"Retry-After": "2"})
