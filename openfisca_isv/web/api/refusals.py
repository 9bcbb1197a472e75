"""The answers to what is refused: always JSON, in one form, and without a secret."""

from html import escape
from http import HTTPStatus
from urllib.parse import unquote

from flask import Flask, Response, g, jsonify, request
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from werkzeug.exceptions import HTTPException

from openfisca_isv.situations.problems import Problem, RefusalError, shown, suggestion

#: What each refusal of a path, a method or a request line is called.
_CODES = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    414: "address_too_long",
    415: "not_json",
    431: "headers_too_long",
}


def answer_refusals(app: Flask, system: TaxBenefitSystem) -> None:
    """Let an application answer what it refuses in the form of this package."""

    def refuse(refusal: RefusalError) -> Response:
        g.code = refusal.code
        response = jsonify(refusal.as_json())
        response.status_code = refusal.status
        response.headers.extend(refusal.headers)
        return response

    def refuse_http(error: HTTPException) -> Response:
        if error.response is not None:
            return error.response
        status = error.code or HTTPStatus.BAD_REQUEST
        code = _CODES.get(status, "bad_request")
        problem = _http_problem(status, system, app)
        refusal = RefusalError(status, code, problem)
        if allowed := getattr(error, "valid_methods", None):
            refusal.headers["Allow"] = ", ".join(sorted(allowed))
        if page := error_page(status):
            g.code = code
            page.headers.extend(refusal.headers)
            return page
        return refuse(refusal)

    def fail(_error: Exception) -> Response:
        remedy = "The fault is in the server, not in the request"
        problem = Problem("", None, "the server could not answer", remedy)
        return refuse(RefusalError(500, "internal_error", problem))

    app.register_error_handler(RefusalError, refuse)
    app.register_error_handler(HTTPException, refuse_http)
    # OpenFisca's handler of this status shows the message of the error.
    app.register_error_handler(500, fail)


def _http_problem(status: int, system: TaxBenefitSystem, app: Flask) -> Problem:
    """Return what is wrong with the path or the method of the request at hand."""
    path = shown(request.path)
    if status == HTTPStatus.NOT_FOUND:
        remedy = _place_meant(system, app)
        return Problem("", path, f"there is nothing at {path}", remedy)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        remedy = "Use a method of the header Allow"
        method = shown(request.method)
        return Problem("", method, f"{method} is not a method of {path}", remedy)
    remedy = "Send a request as /spec describes it"
    return Problem("", None, "the request cannot be read", remedy)


def _place_meant(system: TaxBenefitSystem, app: Flask) -> str:
    kind, _, name = unquote(request.path).strip("/").partition("/")
    if kind == "variable" and name:
        known = system.variables
    elif kind == "parameter" and name:
        nodes = system.parameters.get_descendants()
        known = [node.name.replace(".", "/") for node in nodes]
        name = name.replace(".", "/")
    else:
        name = kind
        known = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
        # The files of a site have a rule that is a pattern, and no path to offer.
        known = sorted(one for one in known - {"", "static"} if "<" not in one)
    return suggestion(name, known)


_WORDS = {
    "en": {
        HTTPStatus.NOT_FOUND: "Page not found",
        HTTPStatus.METHOD_NOT_ALLOWED: "This address is not a page",
        "home": "Go to the home page",
        "api": "Description of the Web API",
    },
    "fr": {
        HTTPStatus.NOT_FOUND: "Page introuvable",
        HTTPStatus.METHOD_NOT_ALLOWED: "Cette adresse n'est pas une page",
        "home": "Aller à la page d'accueil",
        "api": "Description de l'API web",
    },
}


def asks_for_page() -> bool:
    """Return whether the request at hand comes from a browser that shows pages."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def error_page(status: int) -> Response | None:
    """Return the page for a status, in the language of the path or of the browser.

    Args:
        status: Of the answer, 404 or 405.

    Returns:
        The page; none where the status has none, or where a program asks.
    """
    language = request.path.split("/")[1]
    if language not in _WORDS:
        language = request.accept_languages.best_match(["fr", "en"], "en")
    words = _WORDS[language]
    if status not in words or not asks_for_page():
        return None
    title = words[HTTPStatus(status)]
    page = (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{title}</title></head>\n<body>\n<main>\n<h1>{title}</h1>\n"
        f"<p><code>{escape(request.path)}</code></p>\n"
        f'<p><a href="/">{words["home"]}</a></p>\n'
        f'<p><a href="/spec">{words["api"]}</a></p>\n</main>\n</body>\n</html>\n'
    )
    return Response(page, status, mimetype="text/html", headers={"Vary": "Accept"})
