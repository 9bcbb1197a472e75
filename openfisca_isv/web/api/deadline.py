"""A bound on the time that one answer may take."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from openfisca_isv.situations.problems import Problem, RefusalError

#: Where something in the way has caught the first signal, others follow.
_REPEAT_SECONDS = 0.5


class _TooSlow(BaseException):
    """The time is over; no ``except Exception`` of a formula may catch it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Stop what is computed inside when its time is over.

    It works in the main thread, in which the workers of the server answer; in another,
    nothing is stopped.

    Args:
        seconds: How long it may take.

    Raises:
        RefusalError: It took longer.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _stop)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _REPEAT_SECONDS)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _TooSlow:
        # The signal may have come just before the timer was stopped.
        signal.setitimer(signal.ITIMER_REAL, 0)
        reason = f"the answer takes more than {seconds:g} seconds"
        remedy = "Send fewer entities, months or cells of axes at a time"
        problem = Problem("", None, reason, remedy)
        raise RefusalError(422, "too_slow", problem) from None
    finally:
        signal.signal(signal.SIGALRM, before)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow
