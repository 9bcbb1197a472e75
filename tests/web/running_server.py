"""Run the server of this package as a process, and ask it what a client would."""

import copy
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import pytest
from debian import apt_get

from openfisca_isv import situation_examples

ROOT = Path(__file__).parent.parent.parent
COMMAND = "from openfisca_isv.web.server.commands import serve; serve()"
JSON = {"Content-Type": "application/json"}
ENV = {**os.environ, "PYTHONPATH": str(ROOT)}
#: What Debian has in /etc/nginx/nginx.conf, in a folder of its own.
NGINX = """
daemon off;
user {user};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/openfisca-isv.conf;
}}
"""


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
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def heavy_body(months=240):
    """Give a correct situation that takes a while."""
    body = copy.deepcopy(situation_examples.contract_abroad)
    asked = {
        f"{1990 + month // 12}-{month % 12 + 1:02}": None for month in range(months)
    }
    for name in ("state_cost", "allowance_due", "leave_days_accrued"):
        body["missions"]["madagascar"][name] = dict(asked)
    return body


def _answer(response):
    """Copy an answer."""
    text = response.read().decode()
    return Answer(response.status, dict(response.headers), text)


@contextmanager
def serving(folder, *options, command=COMMAND):
    """Run the server on a free port, and stop it by its process."""
    port = free_port()
    line = [sys.executable, "-c", command, "--port", str(port), *map(str, options)]
    with running_on(port, folder / f"server-{port}.log", line) as running:
        yield running


@contextmanager
def proxied(nginx, folder, *options):
    """Run the server with nginx in front of it, as the server configures it.

    Args:
        nginx: Where the program is.
        folder: Where both write.
        options: Those of the command ``serve``.

    Yields:
        nginx, and the server behind it.
    """
    with serving(folder, *options) as behind:
        line = [sys.executable, "-c", COMMAND, "--port", str(behind.port)]
        text = subprocess.check_output(
            [*line, *map(str, options), "--nginx-conf"], cwd=ROOT, text=True, env=ENV
        )
        port = free_port()
        # Only the address of nginx and the place of its log are not those of a machine.
        text = text.replace("listen [::]:80;", "")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{port};")
        text = text.replace("/var/log/nginx/", f"{folder}/")
        (folder / "openfisca-isv.conf").write_text(text)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, user=getuser()))
        line = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        with running_on(port, folder / "nginx.log", line) as front:
            yield front, behind


def find_nginx(folder):
    """Find nginx, or unpack Debian's: to install it would start a server."""
    found = shutil.which("nginx", path=os.defpath + ":/usr/sbin")
    if found is None:
        apt_get(["download", "nginx"], folder=folder)
        (package,) = folder.glob("nginx_*.deb")
        subprocess.run(["dpkg", "-x", package, folder], check=True)
        found = folder / "usr/sbin/nginx"
    return found


def free_port():
    """Find a port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def running_on(port, log, line):
    """Run a command that serves on a port, and stop it by its process."""
    with log.open("w") as stream:
        process = subprocess.Popen(
            line, cwd=ROOT, env=ENV, stdout=stream, stderr=subprocess.STDOUT
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
