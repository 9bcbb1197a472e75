"""The site, built once; the server that serves it; and a browser to open it with."""

import fcntl
import shutil
import threading
from io import BytesIO
from pathlib import Path

import pytest
from browser_checks import DESKTOP
from click.testing import CliRunner
from debian import apt_get
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request

from openfisca_isv.web.api.application import create_application
from openfisca_isv.web.site.commands import site as site_command
from openfisca_isv.web.site.content.site_content import SiteContent


@pytest.fixture(scope="session")
def law(system):
    """Give what the site is about."""
    return SiteContent(system)


@pytest.fixture(scope="session")
def site(tmp_path_factory, worker_id):
    """Build the site with the command, over an earlier one, and give its folder.

    The processes that share the tests share it: the first one builds it.
    """
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    folder, built = shared / "site", shared / "site_is_built"
    with (shared / "site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            stale = folder / "en" / "variables" / "renamed_since.html"
            stale.parent.mkdir(parents=True, exist_ok=True)
            stale.write_text("of an earlier site")
            result = CliRunner().invoke(site_command, ["--out", str(folder)])
            assert result.exit_code == 0, result.output
            built.touch()
    return folder


class Remembering:
    """An application that works each question out once, for all windows that ask it."""

    def __init__(self, application):
        self.application, self.answers = application, {}

    def __call__(self, environ, start_response):
        if environ["REQUEST_METHOD"] != "POST":
            return self.application(environ, start_response)
        request = Request(environ)
        asked = request.full_path, request.get_data(cache=True)
        if asked not in self.answers:
            environ["wsgi.input"] = BytesIO(asked[1])
            self.answers[asked] = run_wsgi_app(self.application, environ, buffered=True)
        body, status, headers = self.answers[asked]
        start_response(status, list(headers))
        return list(body)


@pytest.fixture(scope="session")
def server(site, system):
    """Serve the site and the Web API together, and give their address."""
    application = Remembering(create_application(system, site))
    listening = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}"
    listening.shutdown()
    thread.join()


@pytest.fixture(scope="session")
def chromium():
    """Find Debian's Chromium, or install it."""
    found = shutil.which("chromium")
    if found is None:
        apt_get(["install", "--yes", "chromium"])
        found = shutil.which("chromium")
    assert found, "chromium could not be installed"
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    """Start the browser."""
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--lang=en-US",
    ]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def contexts(browser):
    """Keep the windows' contexts, so that pages of one kind share what they loaded."""
    kept = {}
    yield kept
    for context in kept.values():
        context.close()


@pytest.fixture(scope="session")
def open_page(browser, contexts):
    """Give a function that opens pages in a new window, and notes what it asks for."""

    def opened(options=DESKTOP, **more):
        key = repr((options, more))
        if key not in contexts:
            contexts[key] = browser.new_context(locale="en-GB", **options, **more)
        page = contexts[key].new_page()
        page.set_default_timeout(15_000)
        page.errors, page.asked = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: _note(page, said))
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    return opened


def _note(page, said):
    """Keep what a page says is wrong."""
    if said.type == "error":
        page.errors.append(said.text)


@pytest.fixture(scope="session")
def every_html(site):
    """Read every page: its path below the site, and its source."""
    pages = {
        path.relative_to(site).as_posix(): path.read_text("utf-8")
        for path in sorted(Path(site).rglob("*.html"))
    }
    assert len(pages) > 500
    return pages
