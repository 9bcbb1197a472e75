"""What every answer says beside its body, on every path."""

import json

import pytest

from openfisca_isv.situations.limits import Limits
from openfisca_isv.web.api.application import create_application

PATHS = [
    "/",
    "/entities",
    "/spec",
    "/health",
    "/ready",
    "/nothing",
    "/variable/nothing",
]
SECURE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_the_headers(client, path):
    answer = client.get(path)
    for name, value in SECURE.items():
        assert answer.headers[name] == value
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Country-Package"] == "openfisca-isv"
    assert len(answer.headers["Request-Id"]) == 16


@pytest.mark.parametrize(
    ("path", "method"),
    [("/entities", "GET"), ("/calculate", "OPTIONS"), ("/nothing", "GET")],
)
@pytest.mark.parametrize("origin", [None, "https://page.example"])
def test_other_origins_may_ask_as_they_may_ask_openfisca(
    client, engine, path, method, origin
):
    headers = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
        **({"Origin": origin} if origin else {}),
    }
    ours = client.open(path, method=method, headers=headers).headers
    theirs = engine.open(path, method=method, headers=headers).headers
    examined = 0
    for name in {*ours.keys(), *theirs.keys()}:
        if name.startswith("Access-Control"):
            assert ours.get(name) == theirs.get(name), name
            examined += 1
    assert examined


def test_what_tells_of_a_person_is_not_kept(client, situation):
    assert client.post("/calculate", json=situation).headers["Cache-Control"] == (
        "no-store"
    )
    assert client.post("/calculate", json={}).headers["Cache-Control"] == "no-store"
    assert client.get("/entities").headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("/varibles", "variables"),
        ("/variable/strat_date", "start_date"),
        ("/parameter/allowance/minimum_abrod", "allowance/minimum_abroad"),
        ("/parameter/allowance.minimum_abrod", "allowance/minimum_abroad"),
        ("/static/x", "Write one of"),
        ("/qqqqqqqqqqqqqq", "Write one of"),
        ("/variable/", "variable"),
        ("/variable/<script>alert(1)</script>", "121 of them"),
        ("/parameter/../../etc/passwd", "of them"),
        ("/%2e%2e/%2e%2e/etc/passwd", "Write one of"),
    ],
)
def test_a_path_that_leads_nowhere_is_answered_in_json(system, client, path, remedy):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json["code"] == "not_found"
    found = answer.json["problems"][0]["remedy"]
    assert remedy.replace("121", str(len(system.variables))) in found


def test_the_files_of_a_site_are_not_offered_as_a_path(site):
    remedy = site.get("/nothing").json["problems"][0]["remedy"]
    assert remedy.startswith("Write one of calculate, entities, ")


@pytest.mark.parametrize(
    ("path", "method", "allowed"),
    [
        ("/calculate", "GET", "OPTIONS, POST"),
        ("/calculate", "PUT", "OPTIONS, POST"),
        ("/calculate", "TRACE", "OPTIONS, POST"),
        ("/entities", "POST", "GET, HEAD, OPTIONS"),
        ("/health", "DELETE", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_answered_in_json(client, path, method, allowed):
    answer = client.open(path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == allowed
    assert answer.json["code"] == "method_not_allowed"


def test_a_slash_at_the_end_is_redirected_as_by_openfisca(client, engine):
    for path in ("/entities/", "/variable/start_date/", "/parameter/allowance/"):
        ours, theirs = client.get(path), engine.get(path)
        assert ours.status_code == theirs.status_code == 302
        assert ours.headers["Location"] == theirs.headers["Location"]
        assert not ours.data


@pytest.mark.parametrize(
    "path", ["//elsewhere.example/", "/\\elsewhere.example/", "///elsewhere.example//"]
)
def test_no_slash_leads_to_another_server(client, engine, path):
    wsgi = {"PATH_INFO": path}
    answer = client.get("/", environ_overrides=wsgi)
    assert answer.status_code == 404
    assert "Location" not in answer.headers


def test_a_situation_may_be_sent_to_a_path_with_a_slash(client, situation):
    assert client.post("/calculate/", json=situation).status_code == 200


def test_an_error_of_the_server_shows_nothing_of_it(system, situation, caplog):
    app = create_application(system, limits=Limits())

    def fail():
        secret = "the allowance of Camille"
        raise RuntimeError(secret)

    app.view_functions["get_entities"] = fail
    answer = app.test_client().get("/entities")
    assert answer.status_code == 500
    assert answer.json["code"] == "internal_error"
    assert "Camille" not in answer.text
    assert "RuntimeError" not in answer.text
    assert "Traceback" not in answer.text


def test_the_state_of_the_server_is_told(system, client):
    assert client.get("/health").json == {"status": "ok"}
    assert client.get("/ready").json == {
        "status": "ready",
        "variables": len(system.variables),
    }


@pytest.fixture
def site(system, tmp_path):
    """Give an application with a folder of pages."""
    folder = tmp_path / "pages"
    for name in ("index.html", "law/index.html", "static/style.css", "spec/a.html"):
        page = folder / name
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<p>{name}</p>")
    (tmp_path / "secret.txt").write_text("secret")
    return create_application(system, folder, Limits()).test_client()


def test_pages_are_served_beside_the_api(site, engine):
    page = site.get("/", headers=BROWSER)
    assert page.text == "<p>index.html</p>"
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert site.get("/law/index.html").text == "<p>law/index.html</p>"
    assert site.get("/static/style.css").mimetype == "text/css"
    assert site.get("/law").headers["Location"] == "/law/index.html"
    assert site.get("/law/").headers["Location"] == "/law"
    for headers in ({}, {"Accept": "application/json"}, {"Accept": "*/*"}):
        answer = site.get("/", headers=headers)
        assert (answer.status_code, answer.data) == (300, engine.get("/").data)
    assert site.get("/entities", headers=BROWSER).mimetype == "application/json"


BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing.html", 404, "not_found"),
        ("/variable/<script>alert(1)</script>", 404, "not_found"),
        ("/calculate", 405, "method_not_allowed"),
    ],
)
def test_a_browser_gets_a_page_where_there_is_none(client, path, status, code):
    page = client.get(path, headers=BROWSER)
    assert page.status_code == status
    assert page.mimetype == "text/html"
    assert '<a href="/">' in page.text
    assert "<script>" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Vary"] == "Accept"
    assert ("Allow" in page.headers) == (status == 405)
    for accepted in ("application/json", "*/*"):
        answer = client.get(path, headers={"Accept": accepted})
        assert (answer.status_code, answer.json["code"]) == (status, code)


@pytest.mark.parametrize(
    ("accepted", "title", "language"),
    [
        ("fr-FR,fr;q=0.9", "Page introuvable", "fr"),
        ("de", "Page not found", "en"),
        (None, "Page not found", "en"),
    ],
)
def test_the_page_is_in_the_language_of_the_browser(client, accepted, title, language):
    headers = BROWSER | ({"Accept-Language": accepted} if accepted else {})
    page = client.get("/nothing.html", headers=headers).text
    assert f'<html lang="{language}">' in page
    assert f"<h1>{title}</h1>" in page


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/fr/nothing", "en-GB", "fr"),
        ("/en/law/nothing", "fr-FR", "en"),
        ("/france", "en", "en"),
    ],
)
def test_below_a_language_the_page_is_in_that_language(site, path, accepted, language):
    page = site.get(path, headers=BROWSER | {"Accept-Language": accepted}).text
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize(
    "path", ["/nothing.html", "/../secret.txt", "/law/../../secret.txt", "//secret.txt"]
)
def test_no_file_outside_the_pages_is_served(site, path):
    answer = site.get("/", environ_overrides={"PATH_INFO": path})
    assert answer.status_code == 404
    assert json.loads(answer.text)["code"] == "not_found"
