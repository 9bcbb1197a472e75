"""A situation in a file, for the commands that take one."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import click

from openfisca_isv.command_statuses import BAD_USAGE
from openfisca_isv.situations.problems import RefusalError
from openfisca_isv.situations.strict_json import parse


@contextmanager
def body_of(file: BinaryIO) -> Iterator[object]:
    """Read the body that a file holds, and let the command work on it.

    What the body is refused for, in reading it or later, is written a problem a line,
    and the command ends with the status of bad usage.
    """
    name = getattr(file, "name", "<stdin>")
    try:
        yield parse(file.read())
    except RefusalError as refusal:
        for problem in refusal.problems:
            click.echo(f"{name}: {problem}", err=True)
        raise click.exceptions.Exit(BAD_USAGE) from None
