"""The commands that make tables: ``template`` and ``generate``.

What each does is also a call in Python: ``write_template``, ``data_dictionary``;
``synthetic_population`` and ``closeness``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.command_statuses import STATUSES
from openfisca_isv.population.commands.options import (
    FOLDER,
    BadInput,
    explained,
)
from openfisca_isv.population.commands.table_files import text_table, writer_of
from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.synthetic import synthetic_population
from openfisca_isv.population.synthetic.closeness import closeness
from openfisca_isv.population.synthetic.population import (
    BUNDLED_SEED,
    load_statistics,
)
from openfisca_isv.population.tables.population import Tables
from openfisca_isv.population.tables.template import write_template
from openfisca_isv.population.tables.writing import all_or_nothing, write_csv

#: Volunteers in a population of the size of the scheme, 2018 to 2025.
VOLUNTEERS_AT_SCALE_1 = 8_130
#: Smaller, the figures that are met would be noise.
_VOLUNTEERS = click.IntRange(500, 20_000_000)


@click.command(epilog=STATUSES)
@click.option("--out", type=FOLDER, required=True, help="Folder for the files.")
def template(out: Path) -> None:
    """Write empty tables to fill, and the dictionary of what goes in them."""
    present = [
        f"{name}.csv"
        for name in ("missions", "volunteers", "organisations", "monthly")
        if (out / f"{name}.csv").exists()
    ]
    if present:
        message = f"{out} has {', '.join(present)} already: change --out"
        raise BadInput(message)
    with told(out), all_or_nothing(out) as scratch:
        written = write_template(CountryTaxBenefitSystem(), scratch)
    click.echo(f"{', '.join(written)} in {out}.")


@click.command(epilog=STATUSES)
@click.option(
    "--volunteers",
    type=_VOLUNTEERS,
    default=VOLUNTEERS_AT_SCALE_1,
    show_default=True,
    help="About how many volunteers.",
)
@click.option(
    "--seed",
    type=click.IntRange(0, 2**63 - 1),
    default=BUNDLED_SEED,
    show_default=True,
    help="The same seed and number give the same tables.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["csv", "parquet"]),
    default="csv",
    help="Format of the tables.",
)
@click.option("--out", type=FOLDER, required=True, help="Folder for the tables.")
def generate(volunteers: int, seed: int, kind: str, out: Path) -> None:
    """Make up a population that resembles the published figures; nobody exists.

    Prints how close it came to each figure; closeness.csv names the sources too.
    """
    scale = volunteers / VOLUNTEERS_AT_SCALE_1
    system = CountryTaxBenefitSystem()
    with told():
        tables = synthetic_population(system, seed, scale)
        close = closeness(tables, load_statistics(system), scale)
    with told(out), all_or_nothing(out) as scratch:
        for name, table in _as_files(tables).items():
            path = scratch / f"{name}.{kind}"
            writer_of(path)(table, path)
        write_csv(close, scratch / "closeness.csv")
    click.echo(text_table(shown_closeness(close)))
    met = pc.sum(close["met"]).as_py() or 0
    stated = len(close) - close["met"].null_count
    click.echo(
        f"\n{met} of {stated} figures met; the model has no input for the others.\n"
        f"{len(tables.missions):,} missions of {len(tables.volunteers):,} volunteers"
        f" in {out}."
    )
    if met < stated:
        click.echo("A population this small is a rough sample.", err=True)


def shown_closeness(close: pa.Table) -> pa.Table:
    """Give the figures as a reader wants them: shares short, met or not in words."""
    words = {True: "yes", False: "NO", None: "not in the tables"}
    met = [words[one] for one in close["met"].to_pylist()]
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
    return f"{value:,.0f}" if is_count else f"{value:.3g}"


def _as_files(tables: Tables) -> dict[str, pa.Table]:
    """Give the tables as files have them: months without a day."""
    months = pc.strftime(tables.monthly["month"], "%Y-%m")
    place = tables.monthly.schema.get_field_index("month")
    return vars(tables) | {"monthly": tables.monthly.set_column(place, "month", months)}


@contextmanager
def told(out: Path | None = None) -> Iterator[None]:
    """Turn what the user can mend into one message and exit status 2."""
    with explained(out):
        try:
            yield
        except SummaryError as error:
            raise BadInput(str(error)) from error
