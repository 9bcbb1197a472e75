"""The commands that take tables of any size: ``simulate`` and ``check``."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console

from openfisca_isv.command_statuses import STATUSES
from openfisca_isv.population.commands.options import (
    FOLDER,
    TABLE,
    BadInput,
    Years,
    explained,
    with_tables,
)
from openfisca_isv.population.model.outputs import RequestError, read_periods
from openfisca_isv.population.runs.progress import Steps
from openfisca_isv.population.runs.run import PART_SIZE, Asked, Done, run, warnings
from openfisca_isv.population.runs.run import check as check_tables
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.problems import TableError
from openfisca_isv.population.volunteer.display import (
    make_console,
    show_summary,
    show_unmet_conditions,
)

#: Names that results may have.
RESULTS = frozenset(
    ["by_year", "unmet_conditions"]
    + [
        f"{one}{when}"
        for one in ("missions", "volunteers", "organisations")
        for when in ("", "_by_month", "_by_year")
    ]
)
_TABLES = ("missions", "volunteers", "organisations", "monthly")


@click.command(epilog=STATUSES)
@click.argument("missions", type=TABLE)
@with_tables
@click.option(
    "--years",
    type=Years(),
    help="First and last year to sum up, as 2019:2025; by default all that the"
    " tables touch.",
)
@click.option("--outputs", default="", help="Names of outputs, as a,b.")
@click.option(
    "--periods",
    multiple=True,
    help="Months or years of the outputs that change over time, as 2019:2025 or"
    " 2024-01:2024-12; several, or repeated.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    help="Format of the results.",
)
@click.option("--reform", help="Reform of the law, as the name of a class.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV for the rows at fault, which are set aside with all the rows of the same"
    " volunteers; else they stop the run.",
)
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, help="Processes at work."
)
@click.option("--scheduler", help="Dask scheduler, as tcp://host:8786.")
@click.option(
    "--part-size",
    type=click.IntRange(1),
    default=PART_SIZE,
    show_default=True,
    help="Missions computed at once, about.",
)
@click.option("--replace", is_flag=True, help="Replace the results of another run.")
@click.option("--quiet", is_flag=True, help="Show no progress and no summary.")
@click.option("--out", type=FOLDER, required=True, help="Folder for the results.")
def simulate(missions: Path, out: Path, **options: object) -> None:
    """Apply the law to a population, and sum it up by year.

    MISSIONS is a CSV or Parquet file, or a folder of parts, a row a contract: mission,
    volunteer, organisation, start_date, end_date, and other inputs. Writes in the
    folder: missions, the conclusions by mission; by_year, the summary;
    unmet_conditions; run.json, what made them. With --periods, missions_by_month and
    its like too. Interrupted, the same command goes on where it was.
    """
    sources = _sources(missions, options)
    quiet = options["quiet"]
    for line in [] if quiet else warnings(sources):
        click.echo(line, err=True)
    try:
        asked = Asked(
            sources,
            options["years"],
            tuple(one.strip() for one in options["outputs"].split(",") if one.strip()),
            read_periods(options["periods"]),
            options["file_format"],
            options["reform"],
            options["rejects"],
            options["part_size"],
        )
    except RequestError as error:
        raise BadInput(str(error)) from error
    _spare(out, sources)
    workers = Workers(options["workers"], options["scheduler"])
    done = run_into(out, asked, workers, quiet=quiet, replace=options["replace"])
    if not quiet:
        show_run(make_console(), done, out)


@click.command(epilog=STATUSES)
@click.argument("missions", type=TABLE)
@with_tables
@click.option(
    "--workers", type=click.IntRange(1, 256), default=1, help="Processes at work."
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def check(missions: Path, workers: int, quiet: bool, **others: Path | None) -> None:
    """Check the tables of a population, and compute nothing.

    Every problem is told with its file, row, column, value and remedy.
    """
    asked = Asked(_sources(missions, others))
    with explained(), tempfile.TemporaryDirectory(prefix="openfisca-isv-") as work:
        with Steps(quiet=quiet) as steps:
            try:
                rows = check_tables(asked, Path(work), Workers(workers), steps)
            except TableError as error:
                for problem in error.problems:
                    click.echo(str(problem))
                message = _count(len(error.problems), "problem")
                message += " in the tables"
                raise BadInput(message) from error
        counts = [_count(rows[name], name.removesuffix("s")) for name in rows]
        if not quiet:
            click.echo(f"No problem found: {', '.join(counts)}.")


def run_into(
    out: Path, asked: Asked, workers: Workers, *, quiet: bool, replace: bool
) -> Done:
    """Run a simulation; say in one message what stops it."""
    with explained(out), Steps(quiet=quiet) as steps:
        return run(asked, out, workers, steps, replace=replace)


def show_run(console: Console, done: Done, out: Path) -> None:
    """Show the summary of a run."""
    show_summary(console, done.by_year)
    show_unmet_conditions(console, done.unmet)
    rejected = f" {done.rejected:,} rows set aside." if done.rejected else ""
    console.print(
        f"{done.missions:,} missions of {done.volunteers:,} volunteers.{rejected}"
        f" Results in {out}.",
        soft_wrap=True,
    )


def _sources(missions: Path, others: Mapping[str, object]) -> dict[str, Path]:
    """Give the path of each table that was given."""
    paths = {"missions": missions} | {one: others[one] for one in _TABLES[1:]}
    return {name: path for name, path in paths.items() if path is not None}


def _spare(out: Path, sources: Mapping[str, Path]) -> None:
    """Refuse to write the results over the tables that they come from."""
    for path in sources.values():
        given = path.resolve()
        is_inside = out.resolve() in (given, given.parent)
        if is_inside and (given.stem in RESULTS or given == out.resolve()):
            message = f"the results would replace the table {path}: change --out"
            raise BadInput(message)


def _count(number: int, name: str) -> str:
    """Write a number of things."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"
