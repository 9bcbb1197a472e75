"""A log for machines: one JSON object per line."""

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime
from types import TracebackType

LOGGER = logging.getLogger("openfisca_isv")
# Without this a warning that is logged where no log is kept goes to standard error.
LOGGER.addHandler(logging.NullHandler())


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "process": record.process,
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            line.update(error_facts(record.exc_info))
        return json.dumps(line)


def write_to(stream: object = sys.stdout) -> logging.Handler:
    """Let all that is logged go to a stream, as JSON.

    Returns:
        The handler, for loggers that do not hand their records on.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
    logging.captureWarnings(capture=True)
    return handler


def is_kept() -> bool:
    """Return whether ``write_to`` was called."""
    return any(
        isinstance(one.formatter, JsonFormatter) for one in logging.getLogger().handlers
    )


def error_facts(
    error: tuple[type[BaseException], BaseException, TracebackType | None],
) -> dict[str, object]:
    """Return what failed, and where, without the values: they may tell of a person."""
    frames = traceback.extract_tb(error[2])
    return {
        "error": error[0].__name__,
        "where": [
            f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"  # noqa: PTH119
            for frame in frames
        ],
    }


def log(event: str, level: int = logging.INFO, **facts: object) -> None:
    """Write down an event, where ``write_to`` was called; else it is lost."""
    LOGGER.log(level, event, extra={"facts": facts})
