"""What the commands have in common: options, messages and exit statuses."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from openfisca_isv.population.model.outputs import RequestError
from openfisca_isv.population.runs.folder import FolderError
from openfisca_isv.population.runs.workers import WorkerLostError
from openfisca_isv.population.tables.cells import FIRST_YEAR, LAST_YEAR
from openfisca_isv.population.tables.problems import TableError

#: Years that can be summed up at once.
SPANS = range(1, 101)
TABLE = click.Path(exists=True, readable=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)


class BadInput(click.ClickException):
    """What the user gave cannot be used; the message says why."""

    exit_code = 2


class LostWorker(click.ClickException):
    """A process of the run was killed."""

    exit_code = 3


class Interrupted(click.ClickException):
    """The user stopped the run."""

    exit_code = 130


class Years(click.ParamType):
    """A span of years, as ``2019:2025``, or one."""

    name = "years"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> range:
        """Read the first and the last year."""
        first, colon, last = value.partition(":")
        try:
            years = range(int(first), int(last if colon else first) + 1)
        except ValueError:
            self.fail(f'"{value}" is no span of years, as 2019:2025', param, ctx)
        calendar = range(FIRST_YEAR, LAST_YEAR + 1)
        if len(years) not in SPANS or years.start not in calendar:
            self.fail(f'"{value}" is no span of years, as 2019:2025', param, ctx)
        return years


def with_tables(command: Callable) -> Callable:
    """Add the options that name the tables beside the missions."""
    for option, holds in (
        ("--monthly", "volunteer, month: what changes from month to month."),
        ("--organisations", "organisation: legal form, accreditation."),
        ("--volunteers", "volunteer: birth date, nationality."),
    ):
        text = f"Table by {holds}"
        command = click.option(option, type=TABLE, help=text)(command)
    return command


@contextmanager
def explained(out: Path | None = None) -> Iterator[None]:
    """Turn what stops a command into one message and an exit status."""
    again = "the same command goes on where it was"
    try:
        yield
    except (TableError, RequestError, FolderError) as error:
        raise BadInput(str(error)) from error
    except WorkerLostError as error:
        message = f"{error}; {again}"
        raise LostWorker(message) from error
    except KeyboardInterrupt as error:
        message = f"stopped; {again}" if out else "stopped"
        raise Interrupted(message) from error
    except OSError as error:
        reason = error.strerror or str(error)
        message = (
            f"the results cannot be written in {out}: {reason}"
            if out
            else f"{error.filename or 'a file'}: {reason}"
        )
        raise BadInput(message) from error
