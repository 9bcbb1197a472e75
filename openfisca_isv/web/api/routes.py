"""The paths that OpenFisca has not: a slash too many, and the pages of a site."""

from pathlib import Path
from urllib.parse import quote

from flask import Flask, Response, abort, request, send_from_directory
from werkzeug.exceptions import HTTPException

from openfisca_isv.web.api.refusals import asks_for_page


def handle_slashes(app: Flask) -> None:
    """Answer a path that ends with a slash as OpenFisca does, and no further.

    OpenFisca redirects any such path to what stands before the slash, and so from
    ``//elsewhere.example/`` to another server; and it makes a GET of a POST.
    """
    app.before_request_funcs[None] = []

    @app.before_request
    def remove_slash() -> Response | None:
        path = request.path
        if path == "/" or not path.endswith("/") or request.method == "POST":
            return None
        target = path.rstrip("/")
        if not target.isprintable() or target[1:2] in ("/", "\\"):
            abort(404)
        try:
            app.create_url_adapter(request).match(target, method="GET")
        except HTTPException:
            return None
        return Response(status=302, headers={"Location": quote(target)})


def serve_site(app: Flask, folder: str | Path | None) -> None:
    """Serve the files of a folder, where OpenFisca has no path of that name.

    The file ``index.html`` answers for ``/`` where a page is asked for; a program,
    which does not ask for one, gets OpenFisca's welcome.

    Args:
        app: The application of OpenFisca.
        folder: The folder; none serves no file.
    """

    def page(filename: str) -> Response:
        if folder is None:
            abort(404)
        directory = Path(folder).resolve()
        if (directory / filename).is_dir():
            location = quote(f"/{filename.strip('/')}/index.html")
            return Response(status=302, headers={"Location": location})
        return send_from_directory(directory, filename)

    # OpenFisca has an empty folder of static files.
    app.view_functions["static"] = lambda filename: page(f"static/{filename}")
    if folder is None:
        return
    app.add_url_rule("/<path:filename>", "page", page)
    welcome = app.view_functions["get_root"]

    def root() -> object:
        if asks_for_page():
            return page("index.html")
        return welcome()

    app.view_functions["get_root"] = root
