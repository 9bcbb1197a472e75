"""The command ``openfisca-isv``."""

import os
import signal
import sys
from contextlib import suppress
from typing import TextIO

from openfisca_isv.command_statuses import (
    BAD_USAGE,
    INTERRUPTED,
    NEEDS_EXTRA,
    OUTPUT_CLOSED,
    TERMINATED,
    WORKER_LOST,
)


def main() -> None:
    """Run the command; say which extra is missing where it cannot run.

    The model itself needs none of what the command needs, so that only the command
    imports it. Ctrl-C and SIGTERM end it in one line, also while it imports. An output
    that is closed, full or no longer read ends it without a traceback.
    """
    terminated = False

    def terminate(*_: object) -> None:
        nonlocal terminated
        terminated = True
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, terminate)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # It was closed before the command started: what is said is lost.
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
    out = sys.stdout
    # A sign that the terminal does not know, such as the euro, stops no command.
    out.reconfigure(errors="replace")
    status = _status_of_run(out)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = OUTPUT_CLOSED
    except OSError as error:
        status = status or _output_failed(error)
    # Sent to the whole group, SIGTERM ends the worker processes too.
    if terminated and status in (INTERRUPTED, WORKER_LOST):
        status = TERMINATED
    if status in (BAD_USAGE, OUTPUT_CLOSED):
        # What could not be written would be tried again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
    sys.exit(status)


def _status_of_run(out: TextIO) -> int | str | None:
    try:
        _run()
    except KeyboardInterrupt:
        sys.stderr.write("Error: stopped\n")
        return INTERRUPTED
    except SystemExit as stop:
        # The command line library puts another output in place of one that is closed.
        return OUTPUT_CLOSED if sys.stdout is not out else stop.code
    except OSError as error:
        if error.filename is not None:
            raise
        return _output_failed(error)
    return 0


def _output_failed(error: OSError) -> int:
    """Say that the output cannot be written, and return the exit status."""
    with suppress(OSError):
        sys.stderr.write(f"Error: the output cannot be written: {error.strerror}\n")
    return BAD_USAGE


def _run() -> None:
    """Import the commands, and run the one that is asked for."""
    try:
        from openfisca_isv.subcommands import commands  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write(f"{NEEDS_EXTRA.format(extra='population')}\n")
        sys.exit(BAD_USAGE)
    commands(prog_name="openfisca-isv")
