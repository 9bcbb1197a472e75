"""Run the server of this package as a process, and ask it what a client would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import pytest

ROOT = Path(__file__).parent.parent.parent
COMMAND = "from openfisca_isv.web.server.commands import serve; serve()"
JSON = {"Content-Type": "application/json"}


@dataclass
class Answer:
    """What a server answered."""

    status: int
    headers: dict
    text: str

    @property
    def json(self):
        """Read the answer as strict JSON."""
        return json.loads(self.text, parse_constant=pytest.fail)


@dataclass
class Running:
    """A server that runs."""

    address: str
    port: int
    process: subprocess.Popen
    log: Path

    def ask(self, path, body=None, method=None, headers=None):
        """Send a request, and give the answer whatever its status."""
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        request = Request(
            self.address + path, data=body, headers=headers or JSON, method=method
        )
        try:
            with urlopen(request, timeout=30) as response:
                return _answer(response)
        except HTTPError as error:
            with error:
                return _answer(error)

    def workers(self, count):
        """Return the processes that answer, once all are there.

        The server starts them one by one, and the first answers before the last is up.
        """
        server = psutil.Process(self.process.pid)
        for _ in range(200):
            found = server.children()
            if len(found) == count:
                return found
            time.sleep(0.05)
        return pytest.fail(f"the server has {len(found)} workers and not {count}")

    def lines(self):
        """Read the log, a JSON object a line."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]


def _answer(response):
    """Copy an answer."""
    text = response.read().decode()
    return Answer(response.status, dict(response.headers), text)


@contextmanager
def serving(folder, *options, command=COMMAND):
    """Run the server on a free port, and stop it by its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / f"server-{port}.log"
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, "-c", command, "--port", str(port), *map(str, options)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=stream,
            stderr=subprocess.STDOUT,
        )
    running = Running(f"http://127.0.0.1:{port}", port, process, log)
    try:
        for _ in range(300):
            if process.poll() is not None:
                pytest.fail(f"the server stopped at once: {log.read_text()}")
            try:
                running.ask("/ready")
                break
            except URLError:
                time.sleep(0.1)
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)
