"""The servers that are compared, each a process on a free port of this machine."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from benchmarks.start_up import ROOT

HOST = "127.0.0.1"
_OURS = "from openfisca_isv.web.server.commands import serve; serve()"
_WORKERS = 2 * (os.cpu_count() or 1)
_SECONDS_TO_START = 30


@dataclass
class Server:
    """A server that runs."""

    name: str
    port: int
    process: subprocess.Popen

    def ask(self, body: bytes | None, path: str = "/calculate") -> tuple[int, bytes]:
        """Send one request, and give the status and the body of the answer."""
        connection = HTTPConnection(HOST, self.port, timeout=60)
        try:
            method = "GET" if body is None else "POST"
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def megabytes(self) -> float:
        """Return the memory that the processes of the server have to themselves."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        return sum(each.memory_full_info().uss for each in family) / 1e6


@contextmanager
def serving(name: str) -> Iterator[Server]:
    """Run a server, and stop it by its process.

    Args:
        name: ``ours``, or ``engine``: the same model as ``openfisca serve`` serves it.
    """
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        _command(name, port),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    server = Server(name, port, process)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=_SECONDS_TO_START)


def _command(name: str, port: int) -> list[str]:
    if name == "ours":
        python = [sys.executable, "-c", _OURS]
        return [*python, "--port", str(port), "--workers", str(_WORKERS)]
    openfisca = str(Path(sys.executable).parent / "openfisca")
    serve = [openfisca, "serve", "--country-package", "openfisca_isv"]
    return [*serve, "--bind", f"{HOST}:{port}", "--workers", str(_WORKERS)]


def _wait_for(server: Server) -> None:
    """Wait until a server answers, or end the benchmark."""
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        if server.process.poll() is not None:
            break
        try:
            server.ask(None, "/entities")
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"The server {server.name} does not start.")
