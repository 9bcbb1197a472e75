"""The site, built once; the server that serves it; and a browser to open it with."""

import os
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
from browser_checks import DESKTOP
from click.testing import CliRunner
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from openfisca_isv.web.api.application import create_application
from openfisca_isv.web.site.commands import site as site_command
from openfisca_isv.web.site.content.law import Law


@pytest.fixture(scope="session")
def law(system):
    """Give what the site is about."""
    return Law(system)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the site with the command, over an earlier one, and give its folder."""
    folder = tmp_path_factory.mktemp("site") / "pages"
    stale = folder / "en" / "variables" / "renamed_since.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("of an earlier site")
    result = CliRunner().invoke(site_command, ["--out", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(scope="session")
def server(site, system):
    """Serve the site and the Web API together, and give their address."""
    application = create_application(system, site)
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
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "chromium"]):
            subprocess.run(["apt-get", *command], check=True, env=environment)
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
def open_page(browser, server):
    """Give a function that opens pages in a new window, and notes what it asks for."""
    contexts = []

    def opened(options=DESKTOP, **more):
        context = browser.new_context(locale="en-GB", **options, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.errors, page.asked = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("console", lambda said: _note(page, said))
        page.on("request", lambda request: page.asked.append(request.url))
        return page

    yield opened
    for context in contexts:
        context.close()


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
