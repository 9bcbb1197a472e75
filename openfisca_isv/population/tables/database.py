"""The database that reads, sorts, checks and divides tables: DuckDB, in the process."""

import errno
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import duckdb

#: What it holds in memory while tables are sorted, and while parts are read, one after
#: the other.
_TO_SORT, _TO_READ = "550MB", "250MB"
_DISK_ERRORS = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EIO, errno.EROFS)
_CONFIG = {
    # A name is never taken for a variable of Python, nor a file for an extension.
    "python_enable_replacements": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "temp_directory": "",
}
_UPPER = re.compile(r"[A-Z^]")

Connection = duckdb.DuckDBPyConnection


@contextmanager
def database(
    path: Path | None = None, *, threads: int = 1, read_only: bool = False
) -> Iterator[Connection]:
    """Open a database, in a file or in memory.

    Args:
        path: The file. What does not fit in memory is written beside it.
        threads: How many cores it takes.
        read_only: Let other processes read the file too.

    Raises:
        OSError: The disk is full, or memory.
    """
    # What is written is sorted first, and read in that order.
    config = {"threads": threads, "preserve_insertion_order": read_only}
    if path is not None:
        # Its files are small enough: they are not worth the time of compression.
        config |= {"force_compression": "uncompressed"}
        config["memory_limit"] = _TO_READ if read_only else _TO_SORT
        config["temp_directory"] = str(path.with_name(f"spill-{os.getpid()}"))
    name = ":memory:" if path is None else str(path)
    with _told_by_the_disk(), _connect(name, config, read_only=read_only) as opened:
        yield opened


@contextmanager
def cursor(opened: Connection | None = None) -> Iterator[Connection]:
    """Open a database that is kept open again, for a few queries, in no time.

    By default it is one in memory. Its temporary tables and views are its own.

    Raises:
        OSError: The disk is full, or memory.
    """
    with _told_by_the_disk(), (opened or _in_memory()).cursor() as connection:
        yield connection


def _connect(name: str, config: dict, *, read_only: bool) -> Connection:
    connection = duckdb.connect(name, read_only=read_only, config=_CONFIG | config)
    # The run shows its own progress. DuckDB would in a notebook; without ipywidgets it
    # does not, and refuses to be told.
    with suppress(duckdb.InvalidInputException):
        connection.execute("SET enable_progress_bar = false")
    return connection


@cache
def _in_memory() -> Connection:
    """Open the database of this process."""
    return _connect(":memory:", {"threads": 1}, read_only=False)


@contextmanager
def _told_by_the_disk() -> Iterator[None]:
    """Raise what stops a query as the system says it."""
    try:
        yield
    except RuntimeError as error:
        # What Ctrl-C becomes in the midst of a query.
        if str(error) == "Query interrupted":
            raise KeyboardInterrupt from error
        raise
    except duckdb.OutOfMemoryException as error:
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM)) from error
    except duckdb.Error as error:
        raise_disk_error(error)
        raise


def raise_disk_error(error: duckdb.Error) -> None:
    """Raise as an OSError what the disk said, where that is why a query failed."""
    for code in _DISK_ERRORS:
        if os.strerror(code) in str(error):
            raise OSError(code, os.strerror(code)) from error


def sql_name(column: str) -> str:
    """Return a column's name for a query: quoted, and told apart whatever its case."""
    return quoted(plain_name(column))


def plain_name(column: str) -> str:
    """Return the name that ``sql_name`` quotes, which has no upper case."""
    return _UPPER.sub(lambda found: f"^{found[0].lower()}", column)


def quoted(name: str) -> str:
    """Return a name for a query, as it is."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text for a query."""
    return "'" + text.replace("'", "''") + "'"


def fetch(
    connection: Connection, query: str, values: Sequence[object] = ()
) -> list[tuple]:
    """Return all the rows of a query."""
    return connection.execute(query, [*values]).fetchall()


def count(connection: Connection, rows: str) -> int:
    """Count the rows of ``FROM ...``."""
    return fetch(connection, f"SELECT count(*) {rows}")[0][0]
