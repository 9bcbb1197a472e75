"""The commands ``simulate`` and ``check``."""

import logging
from pathlib import Path

import click

from openfisca_isv.command_options import with_readings
from openfisca_isv.json_log import log
from openfisca_isv.population.arguments import calculation_of, reform_in, sources_of
from openfisca_isv.population.bad_input import LISTED, TableError
from openfisca_isv.population.commands.options import (
    FILE,
    REFORM,
    SHARES,
    TABLE,
    Stopped,
    command,
    explained,
    with_columns,
    with_csv_format,
    with_format,
    with_log,
    with_outputs,
    with_run,
    with_tables,
    with_workers,
)
from openfisca_isv.population.commands.running import (
    asked_of,
    command_line,
    keep_others,
    refuse_to_overwrite_inputs,
    run_into,
    tell_warnings,
    told_rejected,
)
from openfisca_isv.population.groups.figures import QUANTILES
from openfisca_isv.population.language import say
from openfisca_isv.population.model.outputs import ENTITIES, read_periods
from openfisca_isv.population.model.simulate import (
    BY_YEAR,
    MISSING,
    SETTLED,
    UNMET,
    Simulate,
)
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.runs.run import Done
from openfisca_isv.population.runs.run import check as check_tables
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.writing import is_french, write_files
from openfisca_isv.population.volunteer.display import (
    make_console,
    show_standing,
    show_summary,
    show_unmet_conditions,
)
from openfisca_isv.population.wording import counted
from openfisca_isv.population.workbooks.output import write_problems


@command
@click.argument("missions", type=TABLE)
@with_tables
@with_outputs("Names of outputs, e.g. a,b", *ENTITIES)
@click.option(
    "--periods",
    multiple=True,
    help="Months or years of the outputs that change over time, e.g. 2019:2025 or"
    " 2024-01:2024-12; several, or repeated.",
)
@with_format
@click.option("--reform", help=f"{REFORM}.")
@with_readings
@with_columns
@click.option(
    "--quantiles",
    type=SHARES,
    default=QUANTILES,
    help="Of the figures by group, e.g. 0.1,0.5,0.9; default"
    f" {','.join(map(str, QUANTILES))}.",
)
@click.option(
    "--standing",
    is_flag=True,
    help="Say of each result whether it is settled, or hangs on an empty cell: a"
    " column beside each output, and the tables settled and missing_facts. It takes"
    " about a tenth of a second a volunteer: name few outputs.",
)
@click.option(
    "--no-summary",
    is_flag=True,
    help="Give the outputs alone, without by_year and unmet_conditions, whose months"
    " take much of the time.",
)
@with_run
def simulate(**options: object) -> None:
    """Apply the law to a population, and sum it up.

    MISSIONS is a CSV or Parquet file, a workbook (.xlsx, .ods) that may have the other
    tables too, or a folder of parts; one row per contract: mission,
    volunteer, organisation, start_date, end_date, and other inputs. Writes in the
    folder: missions, the conclusions by mission; by_year, the summary;
    unmet_conditions; run.json, what made them. With --periods, missions_by_month and
    its like; with --by, summary_by_... Interrupted, the same command goes on where it
    was.
    """
    own = {"periods": read_periods(options["periods"]), "reform": reform_in(options)}
    asked = asked_of(calculation_of(Simulate, options, **own), options)
    done = run_into(asked, options)
    if not options["quiet"]:
        show_run(done, options["out"])


@command
@click.argument("missions", type=TABLE)
@with_tables
@with_columns
@with_workers
@with_csv_format
@with_log
@click.option("--quiet", is_flag=True, help="Show no progress.")
@click.option(
    "--out",
    type=FILE,
    help="CSV for every problem, a row each, or, as problems.xlsx, your workbook with"
    " each problem beside its cell; on the screen stand the first values at"
    " fault of each column, and how many others.",
)
def check(out: Path | None, **options: object) -> None:
    """Check the tables of a population, and compute nothing.

    Every problem is told with its file, row, column, value and remedy.
    """
    quiet, missions = options["quiet"], options["missions"]
    calculation, sources = calculation_of(Simulate, options), sources_of(options)
    refuse_to_overwrite_inputs(sources, "--out", out)
    asked = RunRequest(sources, calculation)
    is_book = out is not None and out.suffix.lower() == ".xlsx"
    if is_book and missions.suffix.lower() != ".xlsx":
        message = f"{out} would be the workbook of the missions, and {missions} is"
        message += " not one in .xlsx: write --out problems.csv"
        raise Stopped(message)
    if out is not None:
        keep_others(out, LISTED, "--out")
    log("start", command=command_line())
    with explained():
        with ProgressReporter(quiet=quiet) as steps:
            try:
                rows, odd = check_tables(asked, Workers(options["workers"]), steps)
            except TableError as error:
                for problem in error.problems:
                    click.echo(str(problem))
                    log("problem", logging.ERROR, **vars(problem.shown()))
                count = counted(error.count, "problem")
                message = say("{count} in the tables", count=count)
                if is_book:
                    write_problems(missions, error.listed(), out)
                elif out is not None:
                    listed = ((out.name, rows) for rows in error.listed())
                    french = is_french(options["file_format"])
                    write_files(out.parent, listed, french=french)
                if out is not None:
                    message += say(", all listed in {file}", file=out)
                raise Stopped(message) from error
        tell_warnings(odd, quiet=False)
        nouns = {name: name.removesuffix("s") for name in rows} | {"monthly": "month"}
        counts = [counted(rows[name], nouns[name]) for name in rows]
        if not quiet:
            click.echo(say("No problem found: {rows}.", rows=", ".join(counts)))
        log("end", rows=rows)


def show_run(done: Done, out: Path) -> None:
    """Show what a simulation comes to."""
    console, found = make_console(), done.results
    if BY_YEAR in found:
        show_summary(console, found[BY_YEAR])
        show_unmet_conditions(console, found[UNMET])
    if SETTLED in found:
        show_standing(console, found[SETTLED], found[MISSING])
    told = say(
        "{missions} of {volunteers}. {rejected}Results in {folder}.",
        missions=counted(done.account["rows"]["missions"]["out"], "mission"),
        volunteers=counted(done.account["volunteers"], "volunteer"),
        rejected=told_rejected(done),
        folder=out,
    )
    console.print(told, soft_wrap=True)
