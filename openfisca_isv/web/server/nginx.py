"""The configuration of nginx, the proxy in front of the server."""

import json
from pathlib import Path

from jinja2 import Template

from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problem, RefusalError

_TEMPLATE = Path(__file__).parent / "nginx.conf"
_AS_DESCRIBED = "Send a request as /spec describes it"


def nginx_configuration(address: str, limits: Limits, answer_seconds: int) -> str:
    """Return the configuration for a server.

    Args:
        address: Where the server listens, e.g. ``127.0.0.1:5000``.
        limits: The limits of the server.
        answer_seconds: Seconds after which the server has answered or given up.
    """
    size = f"a body may have {limits.body_bytes} bytes"
    refusals = {
        400: ("bad_request", "the request cannot be read", _AS_DESCRIBED),
        405: ("method_not_allowed", "the method is not allowed", _AS_DESCRIBED),
        413: ("body_too_large", size, "Send the situation in parts"),
        414: ("address_too_long", "the address is too long", _AS_DESCRIBED),
        429: (
            "too_many_requests",
            "too many requests come from this address",
            "Wait a few seconds, and send fewer at a time",
        ),
        431: ("headers_too_long", "the headers are too long", _AS_DESCRIBED),
        503: ("unavailable", "the server does not answer", "Try again in a while"),
    }
    return Template(_TEMPLATE.read_text("utf-8"), keep_trailing_newline=True).render(
        address=address,
        body_bytes=limits.body_bytes,
        answer_seconds=answer_seconds,
        refusals={
            status: _as_json(status, *refusal) for status, refusal in refusals.items()
        },
    )


def _as_json(status: int, code: str, reason: str, remedy: str) -> str:
    problem = Problem("", None, reason, remedy)
    return json.dumps(RefusalError(status, code, problem).as_json())
