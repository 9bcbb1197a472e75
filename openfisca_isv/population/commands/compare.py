"""The command ``compare``."""

import click

from openfisca_isv.command_options import with_readings
from openfisca_isv.population.commands.options import (
    BOUNDS,
    REFORM,
    TABLE,
    command,
    with_columns,
    with_csv_format,
    with_outputs,
    with_run,
    with_tables,
)
from openfisca_isv.population.commands.running import asked_of, run_into, told_rejected
from openfisca_isv.population.comparison.compare_readings import comparison_of
from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.effects import BANDS
from openfisca_isv.population.comparison.sentences import key_sentences
from openfisca_isv.population.language import say, translated
from openfisca_isv.population.subject import COST, TOTAL
from openfisca_isv.population.tables.text import text_table
from openfisca_isv.population.volunteer.display import make_console, show_readings
from openfisca_isv.population.wording import span_text


@command
@click.argument("missions", type=TABLE)
@click.option(
    "--reform", "reforms", multiple=True, help=f"{REFORM}; repeated for several."
)
@with_readings
@click.option(
    "--readings",
    "each_reading",
    is_flag=True,
    help="Compute what each other reading of the register is worth, one at a time and"
    " all together.",
)
@with_outputs(
    "Outputs of the model to compare as well, in outputs.csv, e.g."
    " contract_is_lawful,leave_days_total",
    "mission",
    "volunteer",
)
@click.option(
    "--bootstrap",
    type=click.IntRange(2, 10_000),
    help="Standard errors of the figures of everyone, from this many draws of the"
    " volunteers: standard_errors.csv.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=1,
    help="Of the draws of --bootstrap.",
)
@click.option(
    "--bands",
    type=BOUNDS,
    default=BANDS,
    help="Bounds in euros of the bands of gains and losses, e.g. 0,50,200; losses have"
    " the same.",
)
@click.option(
    "--raise-allowances-to-minimum",
    is_flag=True,
    help="Assume that under a reform the organisations raise allowances below the"
    " minimum to the minimum; without it, nobody acts otherwise.",
)
@click.option(
    "--together",
    is_flag=True,
    help="Compute all the reforms at once too: package.csv has what each costs alone,"
    " all together, and the interaction.",
)
@with_csv_format
@with_tables
@with_columns
@with_run
def compare(**options: object) -> None:
    """Set reforms beside the law in force: what it costs, who gains, who loses.

    MISSIONS is a table as simulate takes it. Writes in the folder: report.html, one
    file for a note; its tables as CSV (cost_by_year, cost_by_rule, gainers_and_losers,
    gain_distribution, unmet_conditions, parameters); its pictures as PNG; and run.json,
    what made them. With --reading, the law under those readings stands beside the law
    in force, and so does each reform of the law so read. With --readings, readings.csv,
    readings.png and a section of the report rank all readings of the register by what
    each is worth, in euros and in people. Without --by, gainers and
    losers are told apart by age_band, host_country, organisation and
    status_before_departure, where the tables have them. Interrupted, the same command
    goes on where it was.
    """
    if not any(options[one] for one in ("reforms", "readings", "each_reading")):
        message = "Missing option '--reform', '--reading' or '--readings'."
        raise click.UsageError(translated(message))
    calculation = comparison_of(options, bootstrap=options["bootstrap"] or 0)
    done = run_into(asked_of(calculation, options), options)
    if not options["quiet"]:
        _show(done.results)
        report = say("Report in {file}.", file=options["out"] / "report.html")
        click.echo(told_rejected(done) + report)


def _show(found: Comparison) -> None:
    for source in found.reforms:
        everyone, *_ = found.rows_of(source.name)["gainers_and_losers"]
        click.secho(source.title, bold=True)
        for sentence in key_sentences(everyone, span_text(found.years)):
            click.echo(f"  {sentence}")
        click.echo()
    if found.readings is not None:
        show_readings(make_console(), found.readings)
    if not found.reforms:
        return
    shown = []
    if found.package is not None:
        names = ["part", *(f"{one}_change" for one in (TOTAL, *COST)), "masked"]
        shown.append(found.package.select(names))
    if found.outputs is not None:
        shown.append(found.outputs.drop_columns(["entity", "masked"]))
    if found.standard_errors is not None:
        shown.append(found.standard_errors)
    names = ["scenario", "year", "state_cost", "state_cost_change", "masked"]
    for table in (*shown, found.cost_by_year.select(names)):
        click.echo(text_table(table) + "\n")
