"""The arguments and options that commands of several packages have."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

import click

from openfisca_isv.command_statuses import BAD_USAGE
from openfisca_isv.reasons.words import LANGUAGES, words_of
from openfisca_isv.situations.body.strict_json import parse
from openfisca_isv.situations.chosen_readings import check_readings
from openfisca_isv.situations.problems import RefusalError


def _checked(
    _context: click.Context, _option: click.Parameter, identifiers: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse a reading that cannot be computed, before anything is read."""
    try:
        return check_readings(identifiers)
    except RefusalError as refusal:
        raise click.BadParameter(" ".join(map(str, refusal.problems))) from None


with_readings = click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="ID",
    callback=_checked,
    help="Read the law as this alternative of the register does; repeated for several.",
)


def with_language(what: str, *, expose: bool = True) -> Callable:
    """Return the option of the language in which something is shown."""
    return click.option(
        "--language",
        type=click.Choice(list(LANGUAGES)),
        default="en",
        show_default=True,
        expose_value=expose,
        help=f"The language of {what}.",
    )


@contextmanager
def body_of(file: BinaryIO, language: str = "en") -> Iterator[object]:
    """Read the body that a file holds, and let the command work on it.

    The problems for which it is refused, in reading it or later, are written one per
    line, and the command ends with the status of bad usage.
    """
    name = getattr(file, "name", "<stdin>")
    try:
        yield parse(file.read())
    except RefusalError as refusal:
        say = words_of(language).refusal
        for one in refusal.problems:
            problem = replace(one, reason=say(one.reason), remedy=say(one.remedy))
            click.echo(f"{name}: {problem}", err=True)
        raise click.exceptions.Exit(BAD_USAGE) from None
