"""The server's application: OpenFisca's own, with its weak places replaced."""

import math
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from flask import Flask, Response, jsonify, request
from flask.json.provider import DefaultJSONProvider
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_web_api.app import create_app

from openfisca_isv.reforms.readings import described
from openfisca_isv.situations.body.values import INFINITY
from openfisca_isv.situations.chosen_readings import readings_of
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.situation import Situation
from openfisca_isv.web.api.access_log import keep_access_log
from openfisca_isv.web.api.headers import add_headers
from openfisca_isv.web.api.refusals import answer_refusals
from openfisca_isv.web.api.request_gate import RequestGate, drop_rest_of_body
from openfisca_isv.web.api.route_answers import calculate, explanation, questions, trace
from openfisca_isv.web.api.routes import handle_slashes, serve_site
from openfisca_isv.web.api.specification import build_specification

#: What one of the routes that take a situation does with it.
Answer = Callable[[TaxBenefitSystem, Situation, dict], object]


def create_application(
    system: TaxBenefitSystem,
    site_folder: str | Path | None = None,
    limits: Limits | None = None,
) -> Flask:
    """Create the application, a WSGI callable.

    Args:
        system: The model.
        site_folder: A folder of static files to serve under ``/``, with the API.
        limits: How much a client may ask; by default, what the environment says.

    Returns:
        OpenFisca's application. Its routes answer correct requests as they always do;
        wrong ones are refused with all that is wrong in them.
    """
    limits = limits or Limits.from_environment()
    app = create_app(system)
    app.json = Provider(app)
    # The trace of an error, with the values in it, is never shown.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    gate = RequestGate(limits)

    def add_route(path: str, endpoint: str, answer: Answer, *options: str) -> None:
        """Let a route take a situation; a route of OpenFisca keeps its place."""

        def view() -> Response:
            return gate.answer(system, answer, options)

        if endpoint not in app.view_functions:
            app.add_url_rule(path, endpoint, methods=["POST"])
        app.view_functions[endpoint] = view

    add_route("/calculate", "calculate", calculate)
    add_route("/trace", "trace", lambda system, found, _: trace(system, found))
    add_route("/explain", "explain", explanation, "detail")
    add_route("/questions", "questions", questions)
    readings = described() if readings_of(system) else []
    ready = {"status": "ready", "variables": len(system.variables)}
    for name, answer in (
        ("readings", {"readings": readings}),
        ("health", {"status": "ok"}),
        ("ready", ready),
    ):
        app.add_url_rule(f"/{name}", name, partial(jsonify, answer))
    specification = build_specification(app, system, limits)

    def spec() -> Response:
        server = {"url": request.host_url.rstrip("/")}
        return jsonify({**specification, "servers": [server]})

    app.view_functions["get_spec"] = spec
    handle_slashes(app)
    drop_rest_of_body(app)
    keep_access_log(app)
    serve_site(app, site_folder)
    answer_refusals(app, system)
    add_headers(app)
    return app


class Provider(DefaultJSONProvider):
    """OpenFisca's JSON, with readable days and with words for infinite numbers."""

    @staticmethod
    def default(value: object) -> object:
        """Write what JSON has no form for."""
        if isinstance(value, date):
            return value.isoformat()
        return DefaultJSONProvider.default(value)

    def dumps(self, obj: object, **options: object) -> str:
        """Write an object; infinite numbers, which are rare, cost a second pass."""
        try:
            return super().dumps(obj, allow_nan=False, **options)
        except ValueError:
            return super().dumps(_finite(obj), allow_nan=False, **options)


def _finite(found: object) -> object:
    """Put words in place of the numbers that are not finite."""
    if isinstance(found, dict):
        return {key: _finite(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_finite(value) for value in found]
    if isinstance(found, float) and not math.isfinite(found):
        if math.isnan(found):
            return "NaN"
        return INFINITY if found > 0 else f"-{INFINITY}"
    return found
