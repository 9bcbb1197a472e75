"""A second process that asks a server as fast as it can, for a few seconds.

``python -m benchmarks.web_load PORT SECONDS CLIENTS`` reads the bodies from its
standard input, a JSON list of texts, and prints the number of answers by status.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from http.client import HTTPConnection, HTTPException

from benchmarks.start_up import ROOT
from benchmarks.web_servers import HOST

#: More than that is never asked of a server in one run.
_MOST_REQUESTS = 200_000


def load(port: int, bodies: list[str], seconds: float, clients: int) -> Counter:
    """Ask a server from so many clients at once; count the answers by status."""
    process = start(port, bodies, seconds, clients)
    return finish(process)


def start(
    port: int, bodies: list[str], seconds: float, clients: int
) -> subprocess.Popen:
    """Start the second process, which asks for so many seconds."""
    command = [sys.executable, "-m", "benchmarks.web_load"]
    process = subprocess.Popen(
        [*command, str(port), str(seconds), str(clients)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    process.stdin.write(json.dumps(bodies))
    process.stdin.close()
    return process


def finish(process: subprocess.Popen) -> Counter:
    """Wait for the second process, and give what it counted."""
    found = json.loads(process.stdout.read())
    process.wait()
    return Counter(found)


def _ask(
    port: int, bodies: list[bytes], until: float, counts: Counter, seed: int
) -> None:
    """Ask one after the other until the time is over."""
    rng = random.Random(seed)
    # Each client has an address of its own on the loopback: nginx counts by address.
    source = (f"127.0.0.{seed + 2}", 0)
    headers = {"Content-Type": "application/json"}
    while time.monotonic() < until and counts.total() < _MOST_REQUESTS:
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


def main() -> None:
    """Ask, and print what was counted."""
    # It gives way to the server, as clients on other machines do.
    os.nice(19)
    port, seconds, clients = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    bodies = [body.encode() for body in json.load(sys.stdin)]
    counts: Counter = Counter()
    until = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_ask, args=(port, bodies, until, counts, seed))
        for seed in range(clients)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(counts))


if __name__ == "__main__":
    main()
