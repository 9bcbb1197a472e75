"""From a request that came in to its answer: what is let in, and for how long."""

from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress

from flask import Flask, Response, g, jsonify, request
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from werkzeug.exceptions import HTTPException

from openfisca_isv.situations.chosen_readings import system_under
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.situations.situation import Situation
from openfisca_isv.situations.strict_json import parse
from openfisca_isv.web.api.deadline import deadline
from openfisca_isv.web.api.slots import Slots

_JSON = "application/json"
#: What is read of a body that nobody wants: so many parts, for so long.
_DROPPED_PARTS, _DROPPED_PART_BYTES, _DROPPED_SECONDS = 100, 100_000, 1


class Admission:
    """Reads the requests that hold a situation, within the limits.

    Args:
        limits: How much a client may ask.
    """

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
        """Tell whether an answer takes long, whatever the size of the body."""
        limits = self._limits
        is_long = situation.questions > limits.heavy_questions
        return is_long or cells > limits.heavy_cells

    def _check_type(self) -> None:
        """Refuse a body that does not say it is JSON."""
        if not (request.mimetype == _JSON or request.is_json):
            problem = Problem(
                "",
                request.mimetype[:80] or None,
                "the request does not say that its body is JSON",
                f"Add the header Content-Type: {_JSON}",
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
