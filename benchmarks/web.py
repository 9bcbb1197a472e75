"""Measure the server: ``python -m benchmarks.web``.

Nothing is asked of any other machine. Each measure is bounded in number and in time.
"""

import argparse
import json
import os
import statistics
import sys
import time
from contextlib import ExitStack

from benchmarks.report import Measure, table
from benchmarks.start_up import TemplateMissingError, versions
from benchmarks.web_bodies import contract_question, floods, half_told, repeated
from benchmarks.web_load import finish, load, start
from benchmarks.web_servers import Server, ServerError, example_of, serving

_PERSONS = 100
_CLIENTS = 4
_LOAD_SECONDS, _LOAD_ROUNDS = 1.5, 5
_FIRST, _HALVES = 30, 20
_WARM_UP_SECONDS = 4
_FLOOD_SECONDS = 6
_MILLISECONDS = 1000

_EXPLANATION = """
Model: this package's server. Other: openfisca-country-template, as `openfisca serve`
serves it, or, where the line says so, the same model as `openfisca serve` serves it, or
the model's own server in another state. The servers have as many workers each, and are
measured in turn. Times are in milliseconds, over a new connection a request.
"""


def main() -> int:
    """Take every measure, print the table, and give the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web")
    count = {"type": int, "metavar": "COUNT"}
    parser.add_argument("--requests", default=300, help="to time, of each", **count)
    parser.add_argument(
        "--memory-requests", default=20_000, help="to watch memory over", **count
    )
    parser.add_argument("--workers", default=2 * (os.cpu_count() or 1), **count)
    options = parser.parse_args()
    print(_EXPLANATION.strip(), flush=True)
    try:
        with ExitStack() as stack:
            ours, engine, template = (
                stack.enter_context(serving(name, options.workers))
                for name in ("ours", "engine", "template")
            )
            print(f"{versions()}. {options.workers} workers each.", flush=True)
            measures = [
                *_latencies(ours, engine, template, options.requests),
                *_throughputs(ours, engine, template),
                *_flooded(ours),
            ]
        measures.append(_memory(options.workers, options.memory_requests))
    except (ServerError, TemplateMissingError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"\n{table(measures)}")
    return 0


def _latencies(
    ours: Server, engine: Server, template: Server, requests: int
) -> list[Measure]:
    """Time single requests of one and of many persons."""
    example, theirs = example_of(ours), example_of(template)
    persons = len(theirs["persons"])
    one, many = contract_question(), contract_question(_PERSONS)
    few = max(requests // 6, 20)
    timed = _times(
        requests,
        {
            "example": (ours, example),
            "example, engine": (engine, example),
            "example, template": (template, theirs),
            "contract": (ours, one),
            "contract, engine": (engine, one),
        },
    ) | _times(
        few,
        {
            "many": (ours, many),
            "many, engine": (engine, many),
            "many, template": (template, repeated(theirs, _PERSONS // persons)),
        },
    )
    # Each of the questions as often as any other, and enough of them for one in 100.
    halves = half_told(_HALVES)
    timed |= _times(
        requests,
        {
            "half": (ours, halves),
            "half, questions": (ours, halves, "/questions"),
            "half, explained": (ours, halves, "/explain"),
            "explained": (ours, one, "/explain"),
        },
    )
    median = {name: statistics.median(times) for name, times in timed.items()}
    slow = {name: _percentile(times) for name, times in timed.items()}
    hundred = f"{_PERSONS} contracts, all conditions"
    lines = []
    for what, name, other, aim in (
        ("example of its own", "example", "example, template", None),
        ("one contract, all conditions", "contract", "example, template", 2),
        (hundred, "many", "many, template", None),
        ("example, beside the engine's server", "example", "example, engine", 1.2),
        ("one contract, beside it", "contract", "contract, engine", 1.2),
        (f"{hundred}, beside it", "many", "many, engine", 1.2),
        ("half told, /questions beside /calculate", "half, questions", "half", 6),
        ("half told, /explain beside /calculate", "half, explained", "half", None),
        ("all told, /explain beside /calculate", "explained", "contract", None),
    ):
        lines.append(Measure(f"{what}: median", median[name], median[other], aim))
        lines.append(Measure(f"{what}: 99th percentile", slow[name], slow[other]))
    for what, name in (
        ("half told, /questions", "half, questions"),
        ("half told, /explain", "half, explained"),
        ("all told, /explain", "explained"),
    ):
        label = f"{what}: 99th percentile beside its median"
        lines.append(Measure(label, slow[name], median[name], 3))
    return lines


def _throughputs(ours: Server, engine: Server, template: Server) -> list[Measure]:
    """Count the answers of a second under load; more is better."""
    one = json.dumps(contract_question())
    theirs = json.dumps(example_of(template))
    asked = ((ours, one), (engine, one), (template, theirs))
    rounds: dict[str, list[float]] = {server.name: [] for server, _ in asked}
    for _ in range(_LOAD_ROUNDS):
        for server, body in asked:
            counts = load(server.port, [body], _LOAD_SECONDS, _CLIENTS)
            rounds[server.name].append(max(counts["200"], 1) / _LOAD_SECONDS)
    rates = {name: statistics.median(each) for name, each in rounds.items()}
    # Milliseconds an answer, so that less is better, as everywhere in the table.
    each = {name: _MILLISECONDS / rate for name, rate in rates.items()}
    for name, rate in rates.items():
        print(f"Under load, {name}: {rate:.0f} answers a second.", flush=True)
    return [
        Measure("under load, beside the template", each["ours"], each["template"]),
        Measure("under load, beside the engine's", each["ours"], each["engine"], 1.2),
    ]


def _flooded(ours: Server) -> list[Measure]:
    """Time good requests alone, and among those of four bad clients."""
    body = json.dumps(contract_question()).encode()
    lines = []
    for name, bodies in floods().items():
        alone = statistics.median(_times_of(ours, body, 150))
        flood = start(ours.port, bodies, _FLOOD_SECONDS, _CLIENTS)
        time.sleep(1)
        until = time.monotonic() + _FLOOD_SECONDS - 2
        times = []
        while time.monotonic() < until:
            times += _times_of(ours, body, 1)
        counts = finish(flood)
        print(f"Flood of {name} requests answered with: {dict(counts)}", flush=True)
        median = statistics.median(times)
        lines.append(Measure(f"among {name} requests: median", median, alone, 2))
        slow = _percentile(times)
        lines.append(Measure(f"among {name} requests: 99th percentile", slow, alone))
    return lines


def _memory(workers: int, requests: int) -> Measure:
    """Compare the memory of a server before and after many requests."""
    with serving("ours", workers) as ours:
        bodies = [json.dumps(contract_question()), json.dumps(example_of(ours))]
        bodies += floods()["bad"]
        # The first requests fill caches.
        load(ours.port, bodies, _WARM_UP_SECONDS, _CLIENTS)
        before = ours.megabytes()
        asked = 0
        while asked < requests:
            counts = load(ours.port, bodies, _WARM_UP_SECONDS, _CLIENTS)
            if not counts.total():
                message = "The server does not answer."
                raise ServerError(message)
            asked += counts.total()
        after = ours.megabytes()
    return Measure(f"memory in MB after {asked} requests", after, before, 1.1)


def _times(requests: int, asked: dict[str, tuple]) -> dict[str, list[float]]:
    """Time each of several questions so many times, in turn.

    Args:
        requests: How many of each.
        asked: Of each, the server, a body or several in turn, and perhaps a path.
    """
    bodies = {
        name: [
            json.dumps(body).encode()
            for body in (each[1] if isinstance(each[1], list) else [each[1]])
        ]
        for name, each in asked.items()
    }
    times: dict[str, list[float]] = {name: [] for name in asked}
    for name, (server, _, *path) in asked.items():
        # Each worker has caches to fill.
        _times_of(server, bodies[name][0], _FIRST, *path)
    for number in range(requests):
        for name, (server, _, *path) in asked.items():
            body = bodies[name][number % len(bodies[name])]
            times[name] += _times_of(server, body, 1, *path)
    return times


def _times_of(
    server: Server, body: bytes, requests: int, path: str = "/calculate"
) -> list[float]:
    """Time requests, in milliseconds.

    Raises:
        ServerError: One is not answered as it should be.
    """
    times = []
    for _ in range(requests):
        began = time.perf_counter()
        status, answer = server.ask(body, path)
        times.append((time.perf_counter() - began) * _MILLISECONDS)
        if status != 200:
            message = f"{server.name}{path} answers {status}: {answer[:200]}"
            raise ServerError(message)
    return times


def _percentile(times: list[float]) -> float:
    """Give the time that one request in a hundred exceeds."""
    return statistics.quantiles(times, n=100)[-1]


if __name__ == "__main__":
    sys.exit(main())
