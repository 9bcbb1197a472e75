"""The headers of every answer: what a browser may do with it, and for how long."""

from http import HTTPStatus

from flask import Flask, Response, request

#: For data, which runs nothing and shows nothing.
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"
#: For the pages of the site, which use what is beside them and nothing else.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    # The API answers pages of any origin, as OpenFisca's does.
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def add_headers(app: Flask) -> None:
    """Let an application add the headers to each of its answers."""

    @app.after_request
    def add(response: Response) -> Response:
        if response.calculate_content_length() == 0:
            # An empty answer has no type; OpenFisca's says that it is HTML.
            response.headers.pop("Content-Type", None)
        is_page = (response.content_type or "").startswith("text/html")
        policy = _PAGE_POLICY if is_page else _DATA_POLICY
        response.headers.update(_EVERYWHERE)
        response.headers["Content-Security-Policy"] = policy
        if request.method == "POST" or response.status_code != HTTPStatus.OK:
            # An answer tells of a person; a refused request may be corrected.
            response.headers["Cache-Control"] = "no-store"
        elif "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-cache"
        return response
