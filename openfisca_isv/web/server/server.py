"""The server: gunicorn, with the log and the application of this package.

Its workers are gunicorn's own of the kind ``sync``: processes that answer one request
at a time. A computation holds Python's global lock, so that threads would answer no
more of them, and only the main thread of a process can be stopped when its time is
over. A client that sends or reads slowly holds a worker up: nginx in front of the
server prevents that (see ``nginx.conf``).

``openfisca serve`` goes on serving OpenFisca's own application.
"""

import gc
import logging
import os
from pathlib import Path

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.json_log import write_to
from openfisca_isv.reasons import explain
from openfisca_isv.situations.limits import Limits
from openfisca_isv.web.api.application import create_application

#: Seconds beyond those of an answer after which a worker that is silent is ended.
PATIENCE_SECONDS = 10
#: Requests after which a worker is replaced by a fresh one.
_MOST_REQUESTS = 50_000


def default_workers() -> int:
    """Return two workers a processor: one may be busy with a heavy request."""
    return 2 * (os.cpu_count() or 1)


class ServerLogger(Logger):
    """Writes what gunicorn says as JSON, and no line of its own for each request."""

    def setup(self, _cfg: object) -> None:
        """Send the messages of gunicorn to the journal of the server."""
        handler = write_to()
        handler.addFilter(_without_request)
        self.error_log.handlers = [handler]
        self.error_log.setLevel(logging.INFO)
        self.access_log.handlers = []

    def access(self, *_arguments: object) -> None:
        """Write nothing: the application writes down each request."""

    def reopen_files(self) -> None:
        """Reopen nothing: the log is a stream."""


def _without_request(record: logging.LogRecord) -> bool:
    """Cut off what gunicorn quotes of a request: it may tell of a person."""
    if str(record.msg).startswith(("Invalid request", "Error handling request")):
        record.msg, record.args = " ".join(record.msg.split()[:2]), ()
    return True


class Server(BaseApplication):
    """The server.

    Attributes:
        limits: How much a client may ask.

    Args:
        bind: The address and the port to listen on, e.g. ``127.0.0.1:5000``.
        workers: How many processes answer.
        limits: How much a client may ask.
        site_folder: A folder of static files to serve with the API.
    """

    def __init__(
        self,
        bind: str = "127.0.0.1:5000",
        workers: int | None = None,
        limits: Limits | None = None,
        site_folder: str | Path | None = None,
    ) -> None:
        self.limits = limits or Limits.from_environment()
        self._site_folder = site_folder
        self._settings = {
            "bind": bind,
            "workers": workers or default_workers(),
            "logger_class": ServerLogger,
            # nginx takes no more than 20 kB of headers, however many there are.
            "limit_request_fields": 5_000,
            # The model is loaded once, and its memory shared by the workers.
            "preload_app": True,
            # The engine keeps each day and period that it has read, indefinitely.
            "max_requests": _MOST_REQUESTS,
            "max_requests_jitter": _MOST_REQUESTS // 10,
            "timeout": int(self.limits.seconds) + PATIENCE_SECONDS,
            "graceful_timeout": int(self.limits.seconds) + 5,
        }
        super().__init__()

    def load_config(self) -> None:
        """Take the settings of this server, and no file or variable of gunicorn."""
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Load the model and create the application."""
        system = CountryTaxBenefitSystem()
        app = create_application(system, self._site_folder, self.limits)
        # A first explanation builds what the next ones use: once, for all workers.
        explain(system, system.open_api_config["simulation_example"])
        # What is loaded stays: the collector need not look at it in each worker.
        gc.collect()
        gc.freeze()
        return app
