"""The commands ``compare`` and ``summarise``, and the list of those of the analyst.

What each does is also a call in Python: ``compare``, ``html_report`` and ``pictures``;
``summarise_by``.
"""

import json
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.command_statuses import STATUSES
from openfisca_isv.population.commands.made import generate, template, told
from openfisca_isv.population.commands.options import (
    FOLDER,
    TABLE,
    BadInput,
    Years,
    with_tables,
)
from openfisca_isv.population.commands.table_files import (
    read_table,
    text_table,
    write_table,
)
from openfisca_isv.population.comparison.compare import Comparison
from openfisca_isv.population.comparison.compare import compare as compare_laws
from openfisca_isv.population.groups.grouped_summary import QUANTILES, summarise_by
from openfisca_isv.population.groups.grouping import join_tables
from openfisca_isv.population.tables.population import read_tables
from openfisca_isv.population.tables.writing import all_or_nothing, write_csv

_MIN_CELL = click.option(
    "--min-cell",
    type=click.IntRange(0),
    default=0,
    help="Mask figures that describe fewer people than this.",
)
_RESULT = click.Path(dir_okay=False, path_type=Path)


class Names(click.ParamType):
    """Names of columns, as ``year,host_country``."""

    name = "names"

    def convert(
        self,
        value: str | tuple,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, ...]:
        """Read names between commas."""
        del param, ctx
        if isinstance(value, tuple):
            return value
        return tuple(one.strip() for one in value.split(",") if one.strip())


class Shares(click.ParamType):
    """Shares from 0 to 1, as ``0.1,0.5,0.9``."""

    name = "shares"

    def convert(
        self,
        value: str | tuple,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[float, ...]:
        """Read numbers between commas."""
        if isinstance(value, tuple):
            return value
        try:
            shares = tuple(float(one) for one in value.split(",") if one.strip())
        except ValueError:
            shares = (-1.0,)
        if not all(0 <= one <= 1 for one in shares):
            self.fail(f'"{value}" is not shares from 0 to 1, as 0.1,0.5', param, ctx)
        return shares


@click.command(epilog=STATUSES)
@click.argument("missions", type=TABLE)
@click.option(
    "--reform",
    "reforms",
    multiple=True,
    required=True,
    help="YAML file of dated parameter values, or dotted name of a Reform class;"
    " repeat it for several.",
)
@with_tables
@click.option("--years", type=Years(), help="First and last year, as 2021:2025.")
@click.option(
    "--by",
    type=Names(),
    help="Columns by which gainers and losers are told apart, of any of the tables, or"
    " age_band, age, year (of departure).",
)
@click.option("--weights", type=TABLE, help="Table by volunteer: weight.")
@_MIN_CELL
@click.option("--out", type=FOLDER, required=True, help="Folder for the results.")
def compare(
    missions: Path, reforms: tuple[str, ...], out: Path, **options: object
) -> None:
    """Set reforms beside the law in force: what it costs, who gains, who loses.

    Writes in the folder: report.html, one file for a note; its tables as CSV
    (cost_by_year, gainers_and_losers, gain_distribution, unmet_conditions,
    parameters); its pictures as PNG; and compare.json, what made them.
    """
    names = ("volunteers", "organisations", "monthly")
    paths = {"missions": missions} | {name: options[name] for name in names}
    files = [*paths.values(), options["weights"], *map(Path, reforms)]
    given = [one for one in files if one is not None and one.exists()]
    _spare(out, given)
    system = CountryTaxBenefitSystem()
    with told():
        tables = read_tables(system, **paths)
        weights = options["weights"] and read_table(options["weights"])
        found = compare_laws(
            tables,
            reforms,
            years=options["years"],
            by=options["by"],
            weights=weights,
            min_cell=options["min_cell"],
            system=system,
        )
    with told(out):
        write_comparison(found, out, given)
    _show(found)
    click.echo(f"Report in {out / 'report.html'}.")


def write_comparison(
    comparison: Comparison, folder: Path, inputs: Iterable[Path] = ()
) -> None:
    """Write the tables, the pictures and the report of a comparison in a folder.

    Args:
        comparison: What was found.
        folder: Where to; made if need be. All of it is written, or nothing.
        inputs: The files that it was made from, for the report and ``compare.json``.
    """
    try:
        from openfisca_isv.population.comparison.pictures import pictures  # noqa: PLC0415
        from openfisca_isv.population.comparison.provenance import provenance  # noqa: PLC0415
        from openfisca_isv.population.comparison.report import html_report  # noqa: PLC0415

        drawn = pictures(comparison)
    except ModuleNotFoundError as error:
        message = f'{error.name} is missing: pip install "openfisca-isv[population]"'
        raise BadInput(message) from error
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    made = provenance(command, inputs)
    made |= {"rows": comparison.rows, "min_cell": comparison.min_cell}
    with all_or_nothing(folder) as scratch:
        for name, table in comparison.tables().items():
            write_csv(table, scratch / f"{name}.csv")
        for name, png in drawn.items():
            (scratch / f"{name}.png").write_bytes(png)
        report = html_report(comparison, made, drawn)
        (scratch / "report.html").write_text(report, "utf-8", newline="\n")
        text = json.dumps(made, indent=2, ensure_ascii=False) + "\n"
        (scratch / "compare.json").write_text(text, "utf-8", newline="\n")


@click.command(epilog=STATUSES)
@click.argument("tables", type=TABLE, nargs=-1, required=True)
@click.option(
    "--values",
    type=Names(),
    required=True,
    help="Columns to sum up: numbers, truths or codes.",
)
@click.option(
    "--by",
    type=Names(),
    default=(),
    help="Columns that make the groups, or year, age, age_band (at departure).",
)
@click.option("--weight", help="Column of weights.")
@click.option(
    "--quantiles", type=Shares(), default=QUANTILES, help="As 0.1,0.5,0.9; default too."
)
@_MIN_CELL
@click.option("--out", type=_RESULT, help="CSV or Parquet file; else on the screen.")
def summarise(tables: tuple[Path, ...], out: Path | None, **options: object) -> None:
    """Count, sum, mean and quantiles of any columns, by any others.

    TABLES are CSV or Parquet files: results of simulate, say, then the tables that
    they come from, joined by mission, volunteer or organisation. The first one sets
    the rows.
    """
    if out and out.resolve() in {one.resolve() for one in tables}:
        message = f"the summary would replace the table {out}: change --out"
        raise BadInput(message)
    by, values = options.pop("by"), options.pop("values")
    with told():
        joined = join_tables([read_table(one) for one in tables])
        summary = summarise_by(joined, by, values, **options)
    if out is None:
        click.echo(text_table(summary))
        return
    with told(out.parent):
        write_table(summary, out)


def _spare(out: Path, inputs: Iterable[Path]) -> None:
    """Refuse to write the results over the tables that they come from."""
    given = {path.resolve() for path in inputs}
    if out.resolve() in given:
        message = f"{out} is one of the tables: change --out"
        raise BadInput(message)
    names = ("cost_by_year", "gainers_and_losers", "gain_distribution")
    names += ("unmet_conditions", "parameters")
    for name in names:
        if (out / f"{name}.csv").resolve() in given:
            message = f"the results would replace {out / name}.csv: change --out"
            raise BadInput(message)


def _show(found: Comparison) -> None:
    """Show what a comparison comes to."""
    from openfisca_isv.population.comparison.report import key_sentences  # noqa: PLC0415

    years = found.years
    span = f"{years.start} to {years.stop - 1}"
    rows = found.gainers_and_losers.to_pylist()
    for source in found.reforms:
        everyone = next(
            row for row in rows if row["by"] == "all" and row["reform"] == source.name
        )
        click.secho(source.title, bold=True)
        for sentence in key_sentences(everyone, span):
            click.echo(f"  {sentence}")
        click.echo()
    names = ["scenario", "year", "state_cost", "state_cost_change", "masked"]
    click.echo(text_table(found.cost_by_year.select(names)))
    click.echo()


COMMANDS: Sequence[click.Command] = (compare, summarise, template, generate)
