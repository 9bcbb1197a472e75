"""From a request that came in to its answer: what is let in, and for how long."""

import fcntl
import os
import signal
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import FrameType

from flask import Flask, Response, g, jsonify, request
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from werkzeug.exceptions import HTTPException

from openfisca_isv.situations.body.strict_json import parse
from openfisca_isv.situations.chosen_readings import system_under
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.situation import Situation

#: What is read of a body that nobody wants: so many parts, for so long.
_DROPPED_PARTS, _DROPPED_PART_BYTES, _DROPPED_SECONDS = 100, 100_000, 1


class RequestGate:
    """Reads the requests that hold a situation, within the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._slots = Slots(limits.heavy_requests)

    def answer(
        self,
        system: TaxBenefitSystem,
        compute: Callable[[TaxBenefitSystem, Situation, dict], object],
        options: Iterable[str] = (),
    ) -> Response:
        """Answer the request at hand.

        Args:
            system: The model.
            compute: What to do with the model, the situation and the body.
            options: Keys of the body that are no part of the situation.

        Raises:
            RefusalError: The request is wrong, or too large, or comes at a bad time.
        """
        self._check_type()
        system = system_under(system, request.args.getlist("reading"))
        with ExitStack() as held, deadline(self._limits.seconds):
            is_heavy = (request.content_length or 0) > self._limits.heavy_bytes
            if is_heavy:
                held.enter_context(self._slots.one())
            data = self._read()
            body = parse(data)
            chosen = {}
            if isinstance(body, dict):
                chosen = {key: body.pop(key) for key in options if key in body}
            situation = read_situation(system, body, self._limits)
            g.cells = situation.cells(system)
            if not is_heavy and self._is_heavy(situation, g.cells):
                held.enter_context(self._slots.one())
            return jsonify(compute(system, situation, body | chosen))

    def _is_heavy(self, situation: Situation, cells: int) -> bool:
        """Return whether an answer takes long, whatever the size of the body."""
        limits = self._limits
        is_long = situation.questions > limits.heavy_questions
        return is_long or cells > limits.heavy_cells

    def _check_type(self) -> None:
        if not request.is_json:
            problem = Problem(
                "",
                request.mimetype[:80] or None,
                "the request does not say that its body is JSON",
                "Add the header Content-Type: application/json",
            )
            raise RefusalError(415, "not_json", problem)

    def _read(self) -> bytes:
        """Read the body, no further than the limit."""
        most = self._limits.body_bytes
        size = request.content_length
        # The length is not known of a body that is sent in chunks.
        data = request.stream.read(most + 1) if (size or 0) <= most else b""
        if (size or len(data)) > most:
            remedy = "Send the situation in parts"
            problem = Problem("", size, f"a body may have {most} bytes", remedy)
            raise RefusalError(413, "body_too_large", problem)
        return data


def drop_rest_of_body(app: Flask) -> None:
    """Let an application read what a client still sends before it answers.

    A connection that is closed with bytes unread is reset, and the answer is lost.
    """

    @app.after_request
    def drop(response: Response) -> Response:
        gone = (RefusalError, HTTPException, OSError)
        if request.content_length or "Transfer-Encoding" in request.headers:
            with suppress(*gone), deadline(_DROPPED_SECONDS):
                for _ in range(_DROPPED_PARTS):
                    if not request.stream.read(_DROPPED_PART_BYTES):
                        break
        return response


#: Where something in the way has caught the first signal, others follow.
_REPEAT_SECONDS = 0.5


class _TooSlow(BaseException):
    """The time is over; no ``except Exception`` of a formula may catch it."""


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Stop what is computed inside when its time is over.

    It works in the main thread, in which the workers of the server answer; in another,
    nothing is stopped.

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
