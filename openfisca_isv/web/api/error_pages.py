"""The page that a browser gets where there is nothing to show."""

from html import escape
from http import HTTPStatus

from flask import Response, request

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
    """Return the page for a status, in the language of the browser.

    Args:
        status: Of the answer, 404 or 405.

    Returns:
        The page; none where the status has none, or where a program asks.
    """
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
