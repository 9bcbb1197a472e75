"""A second process that floods a server for a few seconds, and what it sends."""

import json
import os
import random
import threading
import time
from collections import Counter
from concurrent.futures import Future
from http.client import HTTPConnection, HTTPException

from benchmarks.start_up import in_own_process
from benchmarks.web_bodies import bad_bodies, contract_question
from benchmarks.web_servers import HOST

#: More than that is never asked of a server in one run.
_MOST_REQUESTS = 200_000


def load(port: int, bodies: list[str], seconds: float, clients: int) -> Future:
    """Start to ask a server from so many clients at once.

    Args:
        port: Of the server.
        bodies: What is asked, at random.
        seconds: How long.
        clients: How many ask, each from an address of its own on the loopback.

    Returns:
        The answers by status, once the time is over.
    """
    return in_own_process(_load, port, bodies, seconds, clients)


def _load(port: int, bodies: list[str], seconds: float, clients: int) -> Counter:
    # It gives way to the server, as clients on other machines do.
    os.nice(19)
    counts: Counter = Counter()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_ask, args=(port, bodies, until, counts, number))
        for number in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def _ask(
    port: int, bodies: list[str], until: float, counts: Counter, number: int
) -> None:
    """Ask one after the other until the time is over."""
    rng = random.Random(number)
    headers = {"Content-Type": "application/json"}
    while time.monotonic() < until and counts.total() < _MOST_REQUESTS:
        source = (f"127.0.0.{number + 2}", 0)
        connection = HTTPConnection(HOST, port, 60, source)
        try:
            connection.request("POST", "/calculate", rng.choice(bodies), headers)
            answer = connection.getresponse()
            answer.read()
            counts[str(answer.status)] += 1
        except (OSError, HTTPException):
            counts["cut off"] += 1
        finally:
            connection.close()


def floods() -> dict[str, list[str]]:
    """Return the bodies of each flood, by its name."""
    months = {f"{1990 + month // 12}-{month % 12 + 1:02}" for month in range(600)}
    long = contract_question()
    long["missions"]["mission0"]["state_cost"] = dict.fromkeys(months)
    return {
        "good": [json.dumps(contract_question())],
        "bad": bad_bodies(),
        "huge": [
            json.dumps(contract_question(1_000)),
            json.dumps(long),
            json.dumps({"missions": {"a": {}}, "volunteers": "x" * 900_000}),
            " " * 5_000_000,
        ],
    }
