"""What the server writes down, and nothing about a person.

Of a request: the method, the route, the status, the code of a refusal, the time, the
sizes. Never a body, an identifier, a path as it was asked for, or an address.
"""

import logging
import secrets
import time

from flask import Flask, Response, g, request

LOGGER = logging.getLogger("openfisca_isv.web")
_METHODS = {"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"}


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
