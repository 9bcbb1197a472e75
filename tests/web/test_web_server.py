"""A real server by itself: many clients at once, heavy requests, its log, its end."""

import copy
import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import psutil
import pytest
from running_server import heavy_body, post_bytes, serving, talk

from benchmarks.web_bodies import contract_question
from openfisca_isv import situation_examples
from openfisca_isv.situations import chosen_readings
from openfisca_isv.web.server.server import Server

ETERNITY = "ETERNITY"
#: What no line of the log may hold.
PERSONAL = "Camille-Personne"


def test_the_examples_are_answered(server):
    for name in ("contract_abroad", "return_after_two_years", "mission_in_france"):
        for route in ("/calculate", "/trace"):
            answer = server.ask(route, getattr(situation_examples, name))
            assert answer.status == 200
            assert answer.json


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


def test_a_client_that_sends_on_still_reads_why_it_is_refused(server):
    received = talk(server.port, post_bytes(b" " * 6_000_000))
    assert b" 413 " in received.partition(b"\r\n")[0]
    assert b"body_too_large" in received


def test_a_body_that_comes_too_slowly_is_refused(tmp_path):
    with serving(tmp_path, "--workers", 1, "--seconds", 1) as running:
        request = post_bytes(b" " * 100)
        began = time.monotonic()
        received = talk(running.port, request[:-1])
        assert b" 422 " in received.partition(b"\r\n")[0]
        assert 1 <= time.monotonic() - began < 5
        assert running.ask("/health").status == 200


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


def test_the_laws_of_the_readings_are_built_before_the_workers_start(monkeypatch):
    """A worker that built them would be slow at its first explanation."""

    def build(*_):
        message = "a law is built for a request"
        raise AssertionError(message)

    client = Server().load().test_client()
    monkeypatch.setattr(chosen_readings, "with_readings", build)
    assert client.post("/explain", json=contract_question()).status_code == 200


def test_heavy_requests_leave_room_for_light_ones(tmp_path):
    options = ("--workers", 3, "--heavy-questions", 50, "--heavy-requests", 1)
    with serving(tmp_path, *options) as running:
        answers = []

        def ask_heavy():
            answers.extend(running.ask("/calculate", heavy_body()) for _ in range(6))

        clients = [threading.Thread(target=ask_heavy) for _ in range(4)]
        for client in clients:
            client.start()
        times = []
        while any(client.is_alive() for client in clients):
            began = time.monotonic()
            light = running.ask("/calculate", situation_examples.mission_in_france)
            assert light.status == 200
            times.append(time.monotonic() - began)
        assert len(answers) == 24
        # One at a time is answered; the others are told to come back.
        assert {answer.status for answer in answers} == {200, 429}
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
    assert text.count("Invalid request") == 2
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
