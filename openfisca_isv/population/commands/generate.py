"""The commands that make tables: ``template`` and ``generate``.

What each does is also a call in Python: ``write_template``, ``data_dictionary``;
``synthetic_population``, ``draw_population`` and ``closeness``.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pyarrow as pa

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.command_statuses import INTERRUPTED
from openfisca_isv.population.commands.options import (
    FOLDER,
    Stopped,
    command,
    with_format,
)
from openfisca_isv.population.language import say, translated, words
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.synthetic.closeness import closeness
from openfisca_isv.population.synthetic.drawn_population import (
    BUNDLED_SEED,
    VOLUNTEERS_AT_SCALE_1,
    draw_population,
    load_statistics,
    write_tiles,
)
from openfisca_isv.population.tables.columns import TABLES
from openfisca_isv.population.tables.template import write_template
from openfisca_isv.population.tables.text import text_table
from openfisca_isv.population.tables.writing import (
    all_or_nothing,
    is_french,
    suffix_of,
    write_table,
)
from openfisca_isv.population.wording import amount, counted
from openfisca_isv.population.workbooks.output import write_workbook_template

#: Smaller, the figures that are met would be noise; larger, a slip of the hand.
_VOLUNTEERS = click.IntRange(500, 100_000_000)


@command
@click.option("--out", type=FOLDER, required=True, help="Folder for the files.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "csv-french", "xlsx"]),
    default="csv",
    help="CSV tables, also as French Excel opens them, or one workbook, template.xlsx,"
    " with lists to choose from.",
)
def template(out: Path, kind: str) -> None:
    """Write empty tables to fill, and the dictionary of what goes in them."""
    system, names = CountryTaxBenefitSystem(), ["template.xlsx"]
    if kind != "xlsx":
        tables = (*TABLES, "dictionary", "codes")
        names = [*(f"{name}.csv" for name in tables), "dictionary.md"]
    _keep(out, names)
    with _whole(out) as scratch:
        if kind == "xlsx":
            write_workbook_template(system, scratch / "template.xlsx")
        else:
            write_template(system, scratch, french=is_french(kind))
    files = ", ".join(sorted(names))
    click.echo(say("{files} in {folder}.", files=files, folder=out))


@command
@click.option(
    "--volunteers",
    type=_VOLUNTEERS,
    default=VOLUNTEERS_AT_SCALE_1,
    show_default=True,
    help="About how many volunteers; above 100,000, copies of volunteers drawn.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=BUNDLED_SEED,
    show_default=True,
    help="The same seed and number give the same tables.",
)
@with_format
@click.option("--replace", is_flag=True, help="Replace tables of the same name.")
@click.option("--quiet", is_flag=True, help="Show no progress and no figures.")
@click.option("--out", type=FOLDER, required=True, help="Folder for the tables.")
def generate(volunteers: int, out: Path, **options: object) -> None:
    """Generate a synthetic population calibrated to published statistics.

    At most about 100,000 volunteers are drawn, each with a whole life. A larger
    population is these same volunteers several times over, each time under other
    identifiers, written copy after copy, so that any size fits in memory. Prints how
    close it came to each figure; closeness.csv names the sources too.
    """
    scale = volunteers / VOLUNTEERS_AT_SCALE_1
    quiet, file_format = options["quiet"], options["file_format"]
    if not options["replace"]:
        names = [f"{name}.{suffix_of(file_format)}" for name in TABLES]
        _keep(out, [*names, "closeness.csv"], ", or insist with --replace")
    with _whole(out) as scratch, ProgressReporter(quiet=quiet) as steps:
        system = CountryTaxBenefitSystem()
        steps.start("Writing", volunteers, "volunteers")
        made = draw_population(system, options["seed"], scale)
        write_tiles(made.tiles(), scratch, file_format, steps.advance)
        close = closeness(made.drawn, load_statistics(system), scale, made.copies)
        french = is_french(file_format)
        write_table(close, scratch / "closeness.csv", french=french)
    met = close["met"].to_pylist().count(True)
    stated = len(close) - close["met"].null_count
    if not quiet:
        click.echo(text_table(shown_closeness(close)))
        told = "{met} of {stated} figures met; the model has no input for the others."
        click.echo("\n" + say(told, met=met, stated=stated))
        missions = counted(made.copies * len(made.drawn.missions), "mission")
        people = counted(made.copies * len(made.drawn.volunteers), "volunteer")
        told = "{missions} of {volunteers} in {folder}."
        click.echo(say(told, missions=missions, volunteers=people, folder=out))
        if made.copies > 1:
            told = "They are {copies} copies of {volunteers} drawn."
            drawn = counted(len(made.drawn.volunteers), "volunteer")
            copies = amount(made.copies, 0)
            click.echo(say(told, copies=copies, volunteers=drawn))
    if met < stated and scale < 1:
        click.echo(translated("A population this small is a rough sample."), err=True)


def shown_closeness(close: pa.Table) -> pa.Table:
    """Return the figures as a reader wants them: shares short, met or not in words."""
    said = {True: "yes", False: "NO", None: "not in the tables"}
    met = [say(said[one]) for one in close["met"].to_pylist()]
    columns = {"statistic": close["statistic"]}
    for name in ("target", "got", "tolerance"):
        texts = [_figure(one) for one in close[name].to_pylist()]
        width = max(map(len, texts))
        columns[name] = [text.rjust(width) for text in texts]
    return pa.table(columns | {"met": met})


def _figure(value: float | None) -> str:
    """Write a figure: counts in full, shares and means in three digits."""
    if value is None:
        return ""
    is_count = value == round(value) or value >= 100  # noqa: PLR2004 -- a count
    return words().figures(f"{value:,.0f}" if is_count else f"{value:.3g}")


def _keep(out: Path, names: Iterable[str], otherwise: str = "") -> None:
    if present := [name for name in names if os.path.lexists(out / name)]:
        message = f"{out} has {', '.join(present)} already: change --out{otherwise}"
        raise Stopped(message)


@contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """Yield a folder to write in, as ``all_or_nothing``, and say why it is nothing."""
    try:
        with all_or_nothing(out) as scratch:
            yield scratch
    except OSError as error:
        reason = translated(error.strerror or str(error))
        message = f"the tables cannot be written in {out}: {reason}"
        raise Stopped(message) from error
    except KeyboardInterrupt as error:
        message = "stopped; nothing was written"
        raise Stopped(message, INTERRUPTED) from error
