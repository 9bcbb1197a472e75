"""Measure the server: ``python -m benchmarks.web``.

Nothing is asked of any other machine. Each measure is bounded in number and in time.
"""

import argparse
import json
import random
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from benchmarks.report import Measure, show
from benchmarks.web_bodies import bad_bodies, contract_question, half_told
from benchmarks.web_servers import Server, serving

_CONTRACTS = 100
_CLIENTS = 4
_LOAD_SECONDS, _LOAD_ROUNDS = 1.5, 5
_FIRST, _HALVES = 30, 20
_WARM_UP_SECONDS, _MEMORY_SECONDS = 4, 40
_MILLISECONDS = 1000

_EXPLANATION = """
Model: this package's server. Other: the same model as `openfisca serve` serves it, or,
where the line says so, another request to the model's own server. Both have as many
workers, and are measured in turn. Times are in milliseconds, over a new connection a
request. What nginx in front of it keeps off is seen in tests/web/test_web_nginx.py.
"""


def main() -> None:
    """Take every measure, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web")
    parser.add_argument("--requests", type=int, default=300, help="to time, of each")
    requests = parser.parse_args().requests
    print(_EXPLANATION.strip(), flush=True)
    with serving("ours") as ours, serving("engine") as engine:
        measures = _latencies(ours, engine, requests)
        measures.append(_throughput(ours, engine))
    with serving("ours") as ours:
        measures.append(_memory(ours))
    show(measures)


def _latencies(ours: Server, engine: Server, requests: int) -> list[Measure]:
    """Time single requests: of one and of many contracts, told whole and in half."""
    one, many = [contract_question()], [contract_question(_CONTRACTS)]
    # Each of the questions as often as any other, and enough of them for one in 100.
    halves = half_told(_HALVES)
    contract, contracts = "one contract", f"{_CONTRACTS} contracts"
    asked = {
        contract: (ours, one, "/calculate"),
        f"{contract}, engine": (engine, one, "/calculate"),
        "half told": (ours, halves, "/calculate"),
        "half told, /questions": (ours, halves, "/questions"),
        "half told, /explain": (ours, halves, "/explain"),
        "all told, /explain": (ours, one, "/explain"),
    }
    times = _times(requests, asked) | _times(
        max(requests // 6, 20),
        {
            contracts: (ours, many, "/calculate"),
            f"{contracts}, engine": (engine, many, "/calculate"),
        },
    )
    median = {name: statistics.median(each) for name, each in times.items()}
    slow = {name: statistics.quantiles(each, n=100)[-1] for name, each in times.items()}
    lines = []
    for what, other, aim in (
        (contract, f"{contract}, engine", 1.2),
        (contracts, f"{contracts}, engine", 1.2),
        ("half told, /questions", "half told", 6),
        ("half told, /explain", "half told", None),
        ("all told, /explain", contract, None),
    ):
        beside = "" if aim == 1.2 else " beside /calculate"
        lines.append(
            Measure(f"{what}{beside}: median", median[what], median[other], aim)
        )
    lines += [
        Measure(f"{what}: 99th percentile beside its median", slow[what], each, 3)
        for what, each in median.items()
        if "engine" not in what
    ]
    return lines


def _throughput(ours: Server, engine: Server) -> Measure:
    """Return the milliseconds an answer under load, the median of several rounds."""
    bodies = [json.dumps(contract_question())]
    rounds: dict[str, list[float]] = {server.name: [] for server in (ours, engine)}
    for _ in range(_LOAD_ROUNDS):
        for server in (ours, engine):
            seconds = _LOAD_SECONDS / max(_answers(server, bodies, _LOAD_SECONDS), 1)
            rounds[server.name].append(seconds * _MILLISECONDS)
    each = {name: statistics.median(times) for name, times in rounds.items()}
    return Measure("under load, an answer", each["ours"], each["engine"], 1.2)


def _memory(server: Server) -> Measure:
    """Compare the memory of a server before and after many requests."""
    bodies = [json.dumps(contract_question()), *bad_bodies()]
    # The first requests fill caches.
    _answers(server, bodies, _WARM_UP_SECONDS)
    before = server.megabytes()
    answers = _answers(server, bodies, _MEMORY_SECONDS)
    what = f"memory in MB after {answers} requests"
    return Measure(what, server.megabytes(), before, 1.1)


def _answers(server: Server, bodies: list[str], seconds: float) -> int:
    """Count the answers to clients that ask one thing after the other for a while."""
    until = time.monotonic() + seconds

    def ask(client: int) -> int:
        rng = random.Random(client)
        answers = 0
        while time.monotonic() < until:
            server.ask(rng.choice(bodies).encode())
            answers += 1
        return answers

    with ThreadPoolExecutor(_CLIENTS) as clients:
        return sum(clients.map(ask, range(_CLIENTS)))


def _times(
    requests: int, asked: dict[str, tuple[Server, list[dict], str]]
) -> dict[str, list[float]]:
    """Time each of several questions so many times, in turn, in milliseconds.

    Args:
        requests: How many of each.
        asked: Of each, the server, the bodies in turn, and the path.
    """
    times: dict[str, list[float]] = {name: [] for name in asked}
    for server, bodies, path in asked.values():
        # Each worker has caches to fill.
        for _ in range(_FIRST):
            _time(server, bodies[0], path)
    for number in range(requests):
        for name, (server, bodies, path) in asked.items():
            body = bodies[number % len(bodies)]
            times[name].append(_time(server, body, path))
    return times


def _time(server: Server, body: dict, path: str) -> float:
    """Time a request, in milliseconds; end the benchmark if it is refused."""
    data = json.dumps(body).encode()
    began = time.perf_counter()
    status, answer = server.ask(data, path)
    milliseconds = (time.perf_counter() - began) * _MILLISECONDS
    if status != 200:
        sys.exit(f"{server.name}{path} answers {status}: {answer[:200]}")
    return milliseconds


if __name__ == "__main__":
    main()
