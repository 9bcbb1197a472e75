"""A real nginx in front of a real server: what it refuses, whom it holds up."""

import json
import re
import socket
import time
from contextlib import ExitStack, contextmanager, suppress
from statistics import median

import pytest
from flood import floods, load
from running_server import post_bytes, proxied, talk

from openfisca_isv import situation_examples
from openfisca_isv.situations.limits import Limits
from openfisca_isv.web.server.nginx import nginx_configuration

BODY = json.dumps(situation_examples.contract_abroad).encode()
#: Bytes of an answer that no buffer of a connection holds.
LARGE = 10_000_000
#: Seconds by which a machine that is busy may be late.
SLACK = 0.02
#: Seconds that no good client waits among bad ones.
LONGEST = 2


def refused(received, status, code):
    """Check that nginx refuses in the form of the Web API; give the headers."""
    head, _, body = received.partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status, received[:300]
    lines = head.decode().splitlines()[1:]
    headers = dict(line.split(": ", 1) for line in lines)
    assert headers["Content-Type"] == "application/json"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Access-Control-Allow-Origin"] == "*"
    found = json.loads(body)
    assert found["code"] == code
    (problem,) = found["problems"]
    assert found["error"] == f"{problem['reason'].capitalize()}. {problem['remedy']}"
    return headers


def seconds_of_good(running, count=15):
    """Give the median time of good requests, and the longest one.

    They are sent slowly enough for one client, and each is answered.
    """
    times = []
    for _ in range(count):
        began = time.monotonic()
        answer = running.ask("/calculate", situation_examples.contract_abroad)
        times.append(time.monotonic() - began)
        assert answer.status == 200
        time.sleep(0.25)
    return median(times), max(times)


def hold_nobody_up(running, bad):
    """Check that good clients keep their median within twice among bad ones.

    Args:
        running: Of the server that all ask.
        bad: Makes a context in which there are bad clients. What else the machine does
            may hold good clients up, but hardly three times.
    """
    found = []
    for _ in range(3):
        alone, _ = seconds_of_good(running)
        with bad():
            among, longest = seconds_of_good(running)
        if among < 2 * alone + SLACK and longest < LONGEST:
            return
        found.append((alone, among, longest))
    pytest.fail(f"seconds of good clients, alone and among bad ones: {found}")


@contextmanager
def bad_clients(port, count, *parts, pause=0.05):
    """Connect clients, each from one of four addresses, that send parts slowly."""
    with ExitStack() as stack:
        connected = []
        for number in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.bind((f"127.0.0.{2 + number % 4}", 0))
            client.settimeout(20)
            client.connect(("127.0.0.1", port))
            connected.append(client)
        for part in parts:
            for client in connected:
                client.sendall(part)
            time.sleep(pause)
        yield connected


def test_good_requests_are_answered_as_without_it(nginx, tmp_path):
    with proxied(nginx, tmp_path) as (front, behind):
        for name in ("contract_abroad", "return_after_two_years", "mission_in_france"):
            for route in ("/calculate", "/explain"):
                body = getattr(situation_examples, name)
                answer, direct = front.ask(route, body), behind.ask(route, body)
                assert answer.status == direct.status == 200
                assert answer.json == direct.json
                names = {*direct.headers} - {"Server", "Date", "Connection"}
                assert names <= {*answer.headers}
        assert front.ask("/spec").json["servers"] == [{"url": front.address}]
        refusal = front.ask("/calculate", {"missions": {}})
        assert (refusal.status, refusal.json["code"]) == (400, "wrong_request")
        lengthy = front.ask("/variables?" + "a" * 4000)
        assert lengthy.status == 200


HOST = b"Host: localhost\r\nConnection: close\r\n"


def test_what_nginx_refuses_has_a_code_of_the_document(client):
    codes = re.findall(
        r'"code": "(.*?)"', nginx_configuration("127.0.0.1:5000", Limits(), 20)
    )
    schemas = client.get("/spec").json["components"]["schemas"]
    assert len(codes) == 7
    assert {*codes} <= {*schemas["Refusal"]["properties"]["code"]["enum"]}


@pytest.mark.parametrize(
    ("request_bytes", "status", "code"),
    [
        (b"GARBAGE\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/x.y\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/3.0\r\n" + HOST + b"\r\n", 400, "bad_request"),
        (b"G\x00T / HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, "bad_request"),
        (b"GET / HTTP/1.1\r\n" + HOST + b"bad header\r\n\r\n", 400, "bad_request"),
        (b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 400, "bad_request"),
        (b"TRACE / HTTP/1.1\r\n" + HOST + b"\r\n", 405, "method_not_allowed"),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n", 414, "address_too_long"),
        (
            b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 9000 + b"\r\n\r\n",
            431,
            "headers_too_long",
        ),
        (
            b"GET / HTTP/1.1\r\n" + HOST + b"A: a\r\n" * 9000 + b"\r\n",
            431,
            "headers_too_long",
        ),
        (
            b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
            400,
            "bad_request",
        ),
        (
            b"POST / HTTP/1.1\r\n"
            + HOST
            + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            400,
            "bad_request",
        ),
        (
            b"POST / HTTP/1.1\r\n"
            + HOST
            + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400,
            "bad_request",
        ),
        (
            b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nx\r\n",
            400,
            "bad_request",
        ),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01", 400, "bad_request"),
    ],
)
def test_what_is_no_request_is_refused_in_json(front, request_bytes, status, code):
    refused(talk(front.port, request_bytes), status, code)


def test_many_headers_that_nginx_takes_are_taken(front):
    headers = b"".join(b"A%d: a\r\n" % number for number in range(900))
    received = talk(front.port, b"GET /health HTTP/1.1\r\n" + HOST + headers + b"\r\n")
    assert b" 200 " in received.partition(b"\r\n")[0]


def test_a_body_up_to_the_limit_is_taken(nginx, tmp_path):
    with proxied(nginx, tmp_path, "--body-bytes", len(BODY)) as (front, _):
        assert front.ask("/calculate", BODY).status == 200
        headers = refused(
            talk(front.port, post_bytes(BODY + b" ")), 413, "body_too_large"
        )
        assert "Retry-After" not in headers


@pytest.mark.parametrize("sent", [0, 100_000, 6_000_000])
def test_a_huge_body_is_refused_before_it_is_there(front, sent):
    head = post_bytes(b"").replace(b"Length: 0", b"Length: 99999999999")
    with socket.create_connection(("127.0.0.1", front.port), timeout=20) as client:
        began = time.monotonic()
        client.sendall(head)
        received = client.recv(65536)
        assert time.monotonic() - began < 2
        refused(received, 413, "body_too_large")
        client.sendall(b"{" * sent)


@pytest.mark.parametrize("end", [b"0\r\n\r\n", b""])
def test_a_huge_body_in_chunks_is_refused(front, end):
    head = post_bytes(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    chunk = b"186a0\r\n" + b" " * 100_000 + b"\r\n"
    refused(talk(front.port, head, *[chunk] * 11, end), 413, "body_too_large")


def test_a_body_in_chunks_is_taken(front):
    head = post_bytes(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    parts = [BODY[place : place + 500] for place in range(0, len(BODY), 500)]
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
    received = talk(front.port, head, *chunks, b"0\r\n\r\n", pause=0.01)
    assert b" 200 " in received.partition(b"\r\n")[0]


def test_a_client_that_waits_to_be_told_is_told(front):
    head, _, _ = post_bytes(BODY, "Expect: 100-continue").partition(b"\r\n\r\n")
    with socket.create_connection(("127.0.0.1", front.port), timeout=20) as client:
        client.sendall(head + b"\r\n\r\n")
        assert client.recv(1000).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.sendall(BODY)
        assert b"HTTP/1.1 200 OK" in client.recv(1000)


HEAD = post_bytes(BODY)[: -len(BODY)]
SLOW = {
    "heads": [HEAD[place : place + 3] for place in range(0, 60, 3)],
    "bodies": [HEAD, *(BODY[place : place + 3] for place in range(0, 60, 3))],
    "bodies in chunks": [
        HEAD.replace(b"Content-Length: %d" % len(BODY), b"Transfer-Encoding: chunked"),
        *[b"1\r\n{\r\n"] * 20,
    ],
}


@pytest.mark.parametrize("parts", SLOW.values(), ids=SLOW)
def test_slow_clients_hold_nobody_up(front, parts):
    hold_nobody_up(front, lambda: bad_clients(front.port, 60, *parts))


def test_slow_clients_are_sent_away(front):
    with ExitStack() as stack:
        # They wait for it at the same time.
        clients = {
            kind: stack.enter_context(bad_clients(front.port, 1, *parts[:2]))
            for kind, parts in SLOW.items()
        }
        for kind, (client,) in clients.items():
            with suppress(ConnectionResetError):
                assert not client.recv(65536), kind


def test_clients_that_do_not_take_their_answers_hold_nobody_up(nginx, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "large.txt").write_bytes(b"a" * LARGE)
    request = b"GET /large.txt HTTP/1.1\r\n" + HOST + b"\r\n"
    with proxied(nginx, tmp_path, "--workers", 1, "--site", site) as (front, _):
        hold_nobody_up(front, lambda: bad_clients(front.port, 12, request))
        with bad_clients(front.port, 1, request, pause=1) as (client,):
            received = b""
            while part := client.recv(65536):
                received += part
        head, _, text = received.partition(b"\r\n\r\n")
        assert b" 200 " in head.partition(b"\r\n")[0]
        assert len(text) == LARGE


@pytest.mark.parametrize("kind", [*floods()])
def test_a_flood_holds_nobody_up(front, kind):
    bodies = floods()[kind]
    counts = []

    @contextmanager
    def flood():
        answers = load(front.port, bodies, 6, 4)
        time.sleep(2)
        yield
        counts.append(answers.result())

    hold_nobody_up(front, flood)
    for each in counts:
        assert {*each} <= {"200", "400", "413", "429"}
        # Five a second of each of four clients, and twenty at once.
        assert each["200"] + each["400"] <= 4 * (20 + 5 * 8)


@pytest.mark.parametrize(
    ("method", "most"), [("GET", 100), ("POST", 30)], ids=["pages", "situations"]
)
def test_a_client_that_asks_too_often_is_told_so(front, method, most):
    request = f"{method} /health HTTP/1.1\r\n".encode() + HOST + b"\r\n"
    answers = []
    for _ in range(150):
        with socket.socket() as client:
            client.bind((f"127.0.0.{len(method) + 5}", 0))
            client.connect(("127.0.0.1", front.port))
            client.sendall(request)
            received = b""
            while part := client.recv(65536):
                received += part
        answers.append(received)
    many = [answer for answer in answers if b" 429 " in answer.partition(b"\r\n")[0]]
    assert 150 - most < len(many) < 150 - 20
    headers = refused(many[0], 429, "too_many_requests")
    assert headers["Retry-After"] == "2"
    # Another client is not concerned.
    assert front.ask("/health").status == 200


def test_a_server_that_does_not_answer_is_told_of(nginx, tmp_path):
    with proxied(nginx, tmp_path, "--workers", 1) as (front, behind):
        behind.process.terminate()
        behind.process.wait(timeout=20)
        headers = refused(talk(front.port, post_bytes(BODY)), 503, "unavailable")
        assert headers["Retry-After"] == "10"


def test_nginx_writes_down_nothing_about_a_person(nginx, tmp_path):
    with proxied(nginx, tmp_path, "--workers", 1) as (front, behind):
        front.ask("/calculate?who=Camille-Personne", BODY)
        talk(front.port, b"GET /Camille-Personne HTTP/x\r\n\r\n")
        talk(front.port, post_bytes(BODY + b" " * 2_000_000))
        behind.process.terminate()
        behind.process.wait(timeout=20)
        front.ask("/calculate?who=Camille-Personne", BODY)
    text = behind.log.read_text() + front.log.read_text()
    text += (tmp_path / "error.log").read_text()
    assert "request" in text
    assert "Camille" not in text
    requests = [line for line in text.splitlines() if '"route"' in line]
    assert not any(re.search(r"127\.0\.0\.1", line) for line in requests)
