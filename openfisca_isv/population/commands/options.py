"""What the commands have in common: options, messages and exit statuses."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import click

from openfisca_isv.command_options import with_language
from openfisca_isv.command_statuses import BAD_USAGE, INTERRUPTED, STATUSES, WORKER_LOST
from openfisca_isv.json_log import write_to
from openfisca_isv.population.arguments import bands_of, names_of, shares_of
from openfisca_isv.population.bad_input import RequestError, TableError
from openfisca_isv.population.labels.reading_scripts import read_tools
from openfisca_isv.population.language import (
    LANGUAGES,
    language,
    say,
    speaking,
    translated,
)
from openfisca_isv.population.model.outputs import outputs_listed, read_years
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.runs.workers import WorkerLostError
from openfisca_isv.population.tables.formats import FILE_NAME
from openfisca_isv.population.tables.writing import FILE_FORMATS
from openfisca_isv.situations.problems import UnfitError

TABLE = click.Path(exists=True, readable=True, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

#: Under what a command that runs finds its language.
_LANGUAGE = f"{__name__}.language"
#: What the help says of reforms.
REFORM = (
    "Reform of the law: a YAML file of dated parameter values, a workbook of"
    " openfisca-excel-reform (book.xlsx, or book.xlsx:sheet), or a Reform class: its"
    " dotted name, or its file as my.py"
)


class Stopped(click.ClickException):
    """Ends a command with a message, in the language that is spoken.

    What the user gave cannot be used, unless another status says otherwise.
    """

    def __init__(self, message: str, status: int = BAD_USAGE) -> None:
        super().__init__(translated(message))
        self.exit_code = status
        self._line = say("Error: {message}", message=self.message)

    def show(self, file: TextIO | None = None) -> None:
        """Write the message."""
        click.echo(self._line, file=file, err=file is None)


class Command(click.Command):
    """A command that speaks the language asked for until it ends."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the language first: what is wrong with the others is told in it."""
        ctx.meta[_LANGUAGE] = _language_of(args)
        with speaking(ctx.meta[_LANGUAGE]), _refusals_translated():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what stops it is one message and an exit status."""
        spoken = speaking(ctx.meta[_LANGUAGE])
        with spoken, _refusals_translated(), explained(whole=True):
            return super().invoke(ctx)


def command(function: Callable) -> Command:
    """Make a command; its last option is the language, which it reads first."""
    with_shown_language = with_language(
        "what is shown: messages, tables, dictionary, report", expose=False
    )
    made = click.command(cls=Command, epilog=STATUSES)(function)
    return with_shown_language(made)


def _language_of(words: Sequence[str]) -> str:
    """Return the language that a command asks for, English if none is known."""
    after = [*words[1:], ""]
    for word, following in zip(words, after, strict=False):
        option, _, value = word.partition("=")
        if option == "--language" and (value or following) in LANGUAGES:
            return value or following
    return "en"


@contextmanager
def _refusals_translated() -> Iterator[None]:
    """Refuse the words of a command in the language that is spoken.

    In English it stands below the usage of the command.
    """
    try:
        yield
    except click.UsageError as error:
        if language() == "en":
            raise
        raise Stopped(error.format_message()) from error


def _read_as(name: str, read: Callable) -> Callable:
    """Return the type of what a function reads from a text, as the help calls it."""

    def convert(given: object) -> object:
        try:
            return read(given)
        except RequestError as error:
            raise click.BadParameter(translated(str(error))) from error

    convert.__name__ = name
    return convert


def _read_shares(given: str | tuple[float, ...]) -> tuple[float, ...]:
    if isinstance(given, tuple):
        return given
    try:
        return shares_of(float(one) for one in given.split(",") if one.strip())
    except ValueError as error:
        message = f'"{given}" is not shares from 0 to 1, e.g. 0.1,0.5'
        raise RequestError(message) from error


SHARES, BOUNDS = _read_as("shares", _read_shares), _read_as("euros", bands_of)


def _group(*options: Callable) -> Callable:
    """Return what adds several options to a command, in this order."""

    def added(function: Callable) -> Callable:
        for option in reversed(options):
            function = option(function)
        return function

    return added


#: The tables beside the missions, and how all are written.
with_tables = _group(
    *(
        click.option(f"--{name}", type=TABLE, help=f"Table by {what_it_has}.")
        for name, what_it_has in {
            "volunteers": "volunteer: birth date, nationality",
            "organisations": "organisation: legal form, accreditation",
            "monthly": "volunteer, month: what changes from month to month",
        }.items()
    ),
    click.option(
        "--format-of-cells",
        help="How the tables are written: french (31/12/2024; 1 250,50), or part by"
        " part, as days=dd/mm/yyyy,decimal=comma,thousands=space,separator=tab,"
        f"encoding=cp1252. By default what {FILE_NAME} beside MISSIONS declares, else"
        " 2024-12-31; 1250.50; UTF-8.",
    ),
)
#: Columns of the tables that are left out.
with_ignore = _group(
    click.option(
        "--ignore",
        multiple=True,
        metavar="NAMES",
        help="Columns of the tables that are not read, e.g. phone,remarks.",
    ),
    click.option(
        "--ignore-unknown",
        is_flag=True,
        help="Read no column that the model does not know and no option names; a"
        " warning lists them.",
    ),
)
#: Columns that the tables may have beside the inputs of the model.
with_columns = _group(
    click.option(
        "--by",
        multiple=True,
        metavar="NAMES",
        help="Columns to sum up by, crossed by commas, as host_country,age_band;"
        " repeated for several. Of missions, volunteers or organisations, your own"
        " ones too; year, age, age_band (of departure); conclusions that do not change"
        " over time.",
    ),
    click.option(
        "--weight",
        help="Column of weights, of volunteers or missions: counts and sums are"
        " weighted.",
    ),
    with_ignore,
)
with_log = click.option(
    "--log",
    type=click.Choice(["text", "json"]),
    default="text",
    is_eager=True,
    expose_value=False,
    callback=lambda _context, _option, kind: kind == "json" and write_to(sys.stderr),
    help="What standard error has: text, or a JSON object per line (start, step,"
    " progress, warning, problem, error, end with the counts).",
)
with_workers = click.option(
    "--workers", type=click.IntRange(1, 256), default=1, help="Processes at work."
)
#: The options of a run.
with_run = _group(
    click.option(
        "--years",
        type=_read_as("years", read_years),
        help="First and last year to sum up, e.g. 2019:2025; by default all that the"
        " tables touch.",
    ),
    click.option(
        "--min-cell",
        type=click.IntRange(0),
        default=0,
        help="Mask figures that describe fewer volunteers than this.",
    ),
    click.option(
        "--rejects",
        type=FILE,
        help="CSV for the rows at fault, which are set aside with all the rows of the"
        " same volunteers; else they stop the run.",
    ),
    click.option(
        "--max-rejects",
        type=click.FloatRange(0, 1),
        default=1.0,
        help="Share of the missions that --rejects may set aside, e.g. 0.01; else they"
        " stop the run, as they do where no mission would be left.",
    ),
    with_workers,
    click.option("--scheduler", help="Dask scheduler, as tcp://host:8786."),
    click.option(
        "--part-size",
        type=click.IntRange(1),
        help="Missions computed at once, about; by default what memory allows.",
    ),
    click.option(
        "--workbook",
        type=FILE,
        help="Workbook (.xlsx) for the summaries, in addition to the folder.",
    ),
    click.option(
        "--labels",
        type=_read_as("tools", read_tools),
        default=(),
        help="Scripts that read the results with labels, e.g. r,sas,stata:"
        " read_results.R, .sas and .do, in the folder. SAS and Stata read CSV alone.",
    ),
    click.option("--replace", is_flag=True, help="Replace the results of another run."),
    click.option("--quiet", is_flag=True, help="Show no progress and no summary."),
    with_log,
    click.option("--out", type=FOLDER, required=True, help="Folder for the results."),
)
#: The option of the format of tables, and that of commands that write no Parquet.
with_format, with_csv_format = (
    click.option(
        "--format",
        "file_format",
        type=click.Choice(formats),
        default="csv",
        help="Format of the tables written; csv-french is CSV as French Excel opens it:"
        " semicolons, decimal commas, 31/12/2024, UTF-8 with a mark.",
    )
    for formats in (FILE_FORMATS, [one for one in FILE_FORMATS if one != "parquet"])
)


def with_outputs(about: str, *entities: str) -> Callable:
    """Return the option that names outputs of some entities, or lists them."""

    def list_outputs(
        context: click.Context, _option: click.Parameter, names: tuple[str, ...]
    ) -> tuple[str, ...]:
        if names == ("help",):
            click.echo("\n".join(outputs_listed(tax_benefit_system(), entities)))
            context.exit()
        return names

    return click.option(
        "--outputs",
        type=_read_as("names", names_of),
        default="",
        is_eager=True,
        callback=list_outputs,
        help=f'{about}; "help" lists them: entity, period, unit, label.',
    )


@contextmanager
def explained(out: Path | None = None, *, whole: bool = False) -> Iterator[None]:
    """Turn what stops a command, whole or in part, into one message and a status."""
    again = "the same command goes on where it was"
    try:
        yield
    except UnfitError as error:
        message = f"{translated(error.reason)}. {translated(error.remedy)}"
        raise Stopped(message) from error
    except (TableError, RequestError) as error:
        raise Stopped(str(error)) from error
    except WorkerLostError as error:
        message = f"{error}; {again}"
        raise Stopped(message, WORKER_LOST) from error
    except KeyboardInterrupt as error:
        message = f"stopped; {again}" if out else "stopped"
        raise Stopped(message, INTERRUPTED) from error
    except OSError as error:
        if isinstance(error, BrokenPipeError) or (whole and error.filename is None):
            # The command line says what is wrong with the output.
            raise
        reason = translated(os.strerror(error.errno) if error.errno else str(error))
        file = error.filename
        is_of_results = out and (not file or Path(file).is_relative_to(out.absolute()))
        message = f"{file or say('the output, or a temporary file')}: {reason}"
        if is_of_results:
            message = f"the results cannot be written in {out}: {reason}"
        raise Stopped(message) from error
