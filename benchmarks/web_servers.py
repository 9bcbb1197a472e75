"""The servers that are compared, each a process on a free port of this machine."""

import json
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

from benchmarks.start_up import ROOT, install_template

HOST = "127.0.0.1"
_OURS = "from openfisca_isv.web.server.commands import serve; serve()"
_SECONDS_TO_START = 30


class ServerError(Exception):
    """A server does not start, or does not answer as it should."""


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
        """Give the memory that the processes of the server have to themselves."""
        parent = psutil.Process(self.process.pid)
        family = [parent, *parent.children(recursive=True)]
        return sum(each.memory_full_info().uss for each in family) / 1e6


@contextmanager
def serving(name: str, workers: int, *options: str) -> Iterator[Server]:
    """Run a server, and stop it by its process.

    Args:
        name: ``ours``, ``engine`` (the same model, as ``openfisca serve`` serves it) or
            ``template``.
        workers: The number of its processes.
        options: Further options of the command.

    Raises:
        ServerError: It does not start.
    """
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*_command(name, port, workers), *options],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT) if name != "template" else ""},
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


def example_of(server: Server) -> dict:
    """Give the situation that a server itself gives as an example."""
    specification = json.loads(server.ask(None, "/spec")[1])
    return specification["components"]["schemas"]["SituationInput"]["example"]


def _command(name: str, port: int, workers: int) -> list[str]:
    if name == "ours":
        python = [sys.executable, "-c", _OURS]
        return [*python, "--port", str(port), "--workers", str(workers)]
    package, folder = "openfisca_isv", Path(sys.executable).parent
    if name == "template":
        package = "openfisca_country_template"
        folder = Path(install_template()).parent
    serve = [str(folder / "openfisca"), "serve", "--country-package", package]
    return [*serve, "--bind", f"{HOST}:{port}", "--workers", str(workers)]


def _wait_for(server: Server) -> None:
    """Wait until a server answers."""
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
    message = f"The server {server.name} does not start."
    raise ServerError(message)
