"""A real server: many clients at once, bad ones, slow ones, and its end."""

import copy
import json
import os
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import psutil
import pytest
from running_server import serving

from openfisca_isv import situation_examples

ETERNITY = "ETERNITY"
#: What no line of the log may hold.
PERSONAL = "Camille-Personne"


def talk(port, *parts, pause=0.0):
    """Send parts of a request over a socket, and give all that comes back."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(pause)
        received = b""
        while part := connection.recv(65536):
            received += part
    return received


def post_bytes(body, *headers):
    """Write a request as it goes over a socket."""
    lines = ["POST /calculate HTTP/1.1", "Host: localhost", *headers]
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def heavy_body(months=240):
    """Give a correct situation that takes a while."""
    body = copy.deepcopy(situation_examples.contract_abroad)
    asked = {
        f"{1990 + month // 12}-{month % 12 + 1:02}": None for month in range(months)
    }
    for name in ("state_cost", "allowance_due", "leave_days_accrued"):
        body["missions"]["madagascar"][name] = dict(asked)
    return body


def test_the_examples_are_answered(server):
    for name in ("contract_abroad", "return_after_two_years", "mission_in_france"):
        for route in ("/calculate", "/trace"):
            answer = server.ask(route, getattr(situation_examples, name))
            assert answer.status == 200
            assert answer.json
    assert answer.headers["Server"] == "openfisca-isv"


def test_many_clients_get_their_own_answers(server):
    def ask(number):
        body = copy.deepcopy(situation_examples.contract_abroad)
        body["missions"]["madagascar"]["contract_monthly_allowance"] = {
            ETERNITY: number
        }
        answer = server.ask("/calculate", body).json["missions"]["madagascar"]
        return answer["allowance_due"]["2024-02"]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(100, 260))) == list(range(100, 260))


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"\r\n\r\n\r\n", 400),
        (b"GARBAGE\r\n\r\n", 400),
        (b"GET / HTTP/x.y\r\n\r\n", 400),
        (b"G\x00T / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nbad header\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 9000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 200 + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 90000, 400),
        (b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n\r\n0\r\n\r\n",
            405,
        ),
    ],
)
def test_what_is_no_request_is_refused_in_json(server, request_bytes, status):
    head, _, body = talk(server.port, request_bytes).partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"Content-Type: application/json" in head
    assert b"gunicorn" not in head + body
    found = json.loads(body)
    assert found["code"]
    assert found["problems"][0]["remedy"]


def test_a_huge_body_is_refused_before_it_is_there(server):
    head = post_bytes(b"").replace(b"Content-Length: 0", b"Content-Length: 99999999999")
    began = time.monotonic()
    received = talk(server.port, head + b"{" * 100_000)
    assert b" 413 " in received.partition(b"\r\n")[0]
    assert time.monotonic() - began < 5


def test_a_client_that_sends_on_still_reads_why_it_is_refused(server):
    received = talk(server.port, post_bytes(b" " * 6_000_000))
    assert b" 413 " in received.partition(b"\r\n")[0]
    assert b"body_too_large" in received


def test_a_body_in_chunks_is_taken(server):
    body = json.dumps(situation_examples.contract_abroad).encode()
    head = post_bytes(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    parts = [body[place : place + 500] for place in range(0, len(body), 500)]
    chunks = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
    received = talk(server.port, head, *chunks, b"0\r\n\r\n", pause=0.01)
    assert b" 200 " in received.partition(b"\r\n")[0]


@pytest.mark.parametrize(
    ("count", "end"), [(11, [b"0\r\n\r\n"]), (30, [b"0\r\n\r\n"]), (30, [])]
)
def test_a_huge_body_in_chunks_is_refused(server, count, end):
    head = post_bytes(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    chunk = b"186a0\r\n" + b" " * 100_000 + b"\r\n"
    received = talk(server.port, head, *[chunk] * count, *end)
    assert b" 413 " in received.partition(b"\r\n")[0]


def test_a_client_that_waits_to_be_told_is_told(server):
    body = json.dumps(situation_examples.contract_abroad).encode()
    request = post_bytes(body, "Expect: 100-continue")
    head, _, rest = request.partition(b"\r\n\r\n")
    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as client:
        client.sendall(head + b"\r\n\r\n")
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(rest)
        assert b"HTTP/1.1 200 OK" in client.recv(1000)
    request = request.replace(b"Content-Length: ", b"Content-Length: 99999999")
    assert b" 413 " in talk(server.port, request.partition(b"{")[0])


def test_slow_clients_hold_nobody_up(tmp_path):
    body = json.dumps(situation_examples.contract_abroad).encode()
    with serving(tmp_path, "--workers", 2, "--read-seconds", 2) as running:
        connections = [
            socket.create_connection(("127.0.0.1", running.port), timeout=20)
            for _ in range(60)
        ]
        try:
            for number, connection in enumerate(connections):
                connection.sendall(post_bytes(body)[: 10 + number * 12])
            times = []
            for _ in range(20):
                began = time.monotonic()
                answer = running.ask("/calculate", situation_examples.contract_abroad)
                assert answer.status == 200
                times.append(time.monotonic() - began)
            assert median(times) < 1
            # One goes on, and is answered; the others are told that they are late.
            connections[-1].sendall(post_bytes(body)[10 + 59 * 12 :])
            assert b" 200 " in connections[-1].recv(100).partition(b"\r\n")[0]
            assert b" 408 " in connections[0].recv(100).partition(b"\r\n")[0]
        finally:
            for connection in connections:
                connection.close()


def test_a_client_that_does_not_take_its_answer_holds_nobody_up(tmp_path):
    body = json.dumps(heavy_body(30)).encode()
    request = post_bytes(body).replace(b"/calculate", b"/trace")
    with serving(tmp_path, "--workers", 1) as running:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", running.port))
            client.sendall(request)
            time.sleep(0.5)
            for _ in range(5):
                began = time.monotonic()
                assert running.ask("/health").status == 200
                assert time.monotonic() - began < 3
            received = b""
            client.settimeout(20)
            while part := client.recv(65536):
                received += part
        head, _, text = received.partition(b"\r\n\r\n")
        assert b" 200 " in head.partition(b"\r\n")[0]
        assert len(text) > 50_000
        assert json.loads(text)["trace"]


def test_a_body_that_looks_like_many_last_chunks_takes_no_time(server):
    head = post_bytes(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    began = time.monotonic()
    received = talk(server.port, head + b"0\r\na" * 600_000)
    assert time.monotonic() - began < 5
    assert b" 4" in received.partition(b"\r\n")[0]


def test_a_worker_is_replaced_without_a_loss(tmp_path):
    command = (
        "import openfisca_isv.web.server.server as server; server._MOST_REQUESTS = 40; "
        "from openfisca_isv.web.server.commands import serve; serve()"
    )
    with serving(tmp_path, "--workers", 2, command=command) as running:
        before = {worker.pid for worker in running.workers(2)}
        with ThreadPoolExecutor(4) as pool:
            answers = list(pool.map(lambda _: running.ask("/entities"), range(400)))
        assert {answer.status for answer in answers} == {200}
        master = psutil.Process(running.process.pid)
        assert {worker.pid for worker in master.children()} != before


def test_heavy_requests_leave_room_for_light_ones(tmp_path):
    options = ("--workers", 3, "--heavy-questions", 50, "--heavy-requests", 1)
    with serving(tmp_path, *options) as running:
        statuses = []

        def ask_heavy():
            statuses.extend(running.ask("/calculate", heavy_body()) for _ in range(6))

        clients = [threading.Thread(target=ask_heavy) for _ in range(4)]
        for client in clients:
            client.start()
        times = []
        while any(client.is_alive() for client in clients):
            began = time.monotonic()
            light = running.ask("/calculate", situation_examples.mission_in_france)
            assert light.status == 200
            times.append(time.monotonic() - began)
        # A heavy one waits its turn, for some seconds, and is told so after that.
        assert len(statuses) == 24
        assert 200 in {answer.status for answer in statuses}
        assert {answer.status for answer in statuses} <= {200, 429}
        assert len(times) > 10
        assert median(times) < 1


def test_a_slot_is_free_again_where_a_worker_dies(tmp_path):
    options = ("--workers", 2, "--heavy-questions", 50, "--seconds", 60)
    with serving(tmp_path, *options) as running:

        def ask():
            """Ask what is not answered: the worker dies."""
            with pytest.raises(OSError, match=r"Remote end closed|reset"):
                running.ask("/calculate", heavy_body(2000))

        asked, busy, _ = _busiest(running, ask)
        busy.send_signal(signal.SIGKILL)
        asked.join(timeout=20)
        assert running.ask("/calculate", heavy_body(30)).status == 200
        assert running.ask("/health").status == 200


def _busiest(running, ask):
    """Ask for what takes a while, and find the worker that is at it."""
    workers = running.workers(2)
    before = {worker.pid: _seconds(worker) for worker in workers}
    asked = threading.Thread(target=ask)
    asked.start()
    for _ in range(1000):
        time.sleep(0.01)
        for worker in workers:
            if _seconds(worker) - before[worker.pid] > 0.1:
                return asked, worker, workers
    return pytest.fail("no worker works")


def _seconds(process):
    """Give the seconds of the processor that a process has used."""
    return sum(process.cpu_times()[:2])


def test_what_is_logged_tells_of_requests_and_not_of_people(tmp_path):
    with serving(tmp_path, "--workers", 1) as running:
        body = {"missions": {PERSONAL: {"start_date": {ETERNITY: PERSONAL}}}}
        headers = {
            "Content-Type": "application/json",
            "X-Forwarded-For": "203.0.113.77",
            "User-Agent": PERSONAL,
            "Cookie": PERSONAL,
        }
        assert running.ask("/calculate", body, headers=headers).status == 400
        running.ask(f"/variable/{PERSONAL}?q={PERSONAL}", headers=headers)
        running.ask(f"/{PERSONAL}", headers=headers)
        running.ask("/calculate", situation_examples.contract_abroad, headers=headers)
        talk(running.port, f"GET /{PERSONAL} HTTP/x\r\n\r\n".encode())
        talk(running.port, f"{PERSONAL} / HTTP/1.1\r\n\r\n".encode())
    text = running.log.read_text()
    assert PERSONAL not in text
    assert "203.0.113.77" not in text
    requests = [line for line in running.lines() if line["event"] == "request"]
    assert "127.0.0.1" not in json.dumps(requests)
    found = [line for line in requests if line.get("route") == "/calculate"]
    assert [line["status"] for line in found] == [400, 200]
    assert found[0]["code"] == "wrong_request"
    assert found[1]["milliseconds"] > 0
    assert found[1]["bytes_in"] > 100
    assert found[1]["request"]
    assert {line["level"] for line in running.lines()} <= {"info", "warning"}


def test_the_server_ends_well(tmp_path):
    with serving(tmp_path, "--workers", 2, "--seconds", 60) as running:
        answers = []

        def ask():
            answers.append(running.ask("/calculate", heavy_body(600)))

        asked, _, workers = _busiest(running, ask)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=60) == 0
        asked.join(timeout=5)
        # What was being answered is answered.
        assert [answer.status for answer in answers] == [200]
        assert not any(worker.is_running() for worker in workers)
        with pytest.raises(OSError, match="refused"):
            talk(running.port, b"GET / HTTP/1.1\r\n\r\n")


def test_the_server_uses_no_setting_of_gunicorn_from_outside(tmp_path):
    environment = dict(os.environ)
    os.environ["GUNICORN_CMD_ARGS"] = "--bind 0.0.0.0:1 --reload"
    try:
        with serving(tmp_path, "--workers", 1) as running:
            assert running.ask("/health").status == 200
    finally:
        os.environ.clear()
        os.environ.update(environment)
