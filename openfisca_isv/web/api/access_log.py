"""What the server writes down: a JSON object a line, and nothing about a person.

Of a request: the method, the route, the status, the code of a refusal, the time, the
sizes. Never a body, an identifier, a path as it was asked for, or an address.
"""

import json
import logging
import os
import secrets
import sys
import time
import traceback
from datetime import UTC, datetime
from types import TracebackType

from flask import Flask, Response, g, request

LOGGER = logging.getLogger("openfisca_isv.web")
_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "process": record.process,
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line.update(error_facts(record.exc_info))
        return json.dumps(line)


def write_to(stream: object = sys.stdout) -> logging.Handler:
    """Let all that is logged go to a stream, as JSON.

    Returns:
        The handler, for loggers that do not hand their records on.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    return handler


def error_facts(
    error: tuple[type[BaseException], BaseException, TracebackType | None],
) -> dict[str, object]:
    """Tell what failed, and where, without the values: they may tell of a person."""
    frames = traceback.extract_tb(error[2])
    return {
        "error": error[0].__name__,
        "where": [
            f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"  # noqa: PTH119
            for frame in frames
        ],
    }


def keep_access_log(app: Flask) -> None:
    """Let an application write down each request, and each error of its own."""

    def begin() -> None:
        g.began = time.perf_counter()
        g.request_id = secrets.token_hex(8)

    app.before_request_funcs.setdefault(None, []).insert(0, begin)

    @app.after_request
    def write(response: Response) -> Response:
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        facts = {
            "request": g.get("request_id"),
            "method": request.method if request.method in _METHODS else "other",
            "route": request.url_rule.rule if request.url_rule else None,
            "status": response.status_code,
            "milliseconds": round(seconds * 1000, 2),
            "bytes_in": request.content_length,
            "bytes_out": response.content_length,
        }
        if "code" in g:
            facts["code"] = g.code
        if "cells" in g:
            facts["cells"] = g.cells
        LOGGER.info("request", extra={"facts": facts})
        response.headers["Request-Id"] = g.get("request_id", "")
        return response

    def log_exception(error: tuple) -> None:
        LOGGER.error("failure", exc_info=error)

    app.log_exception = log_exception
