"""The commands: from files to results and words."""

from collections.abc import Callable, Iterable
from pathlib import Path

import click
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

import openfisca_isv
from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.population.cells import FIRST_YEAR, LAST_YEAR, nearest
from openfisca_isv.population.display import (
    make_console,
    show_file,
    show_summary,
    show_unmet_conditions,
)
from openfisca_isv.population.problems import TableError
from openfisca_isv.population.results import (
    calculate_contracts,
    calculate_year,
    missions_table,
)
from openfisca_isv.population.simulation import build_simulation
from openfisca_isv.population.summary import count_unmet_conditions, summarise
from openfisca_isv.population.tables import Tables, read_tables
from openfisca_isv.population.volunteer_file import volunteer_file
from openfisca_isv.population.writing import all_or_nothing, write_csv

#: What the demonstration shows: two contracts back to back, both aids on return.
DEMO_VOLUNTEER = "printed-premium"
DEMO_YEARS = range(2019, 2026)
_DEMO_TABLES = Path(openfisca_isv.__file__).parents[1] / "examples" / "population"
_RESULTS = ("missions.csv", "by_year.csv", "unmet_conditions.csv")
#: Years that can be summed up at once.
_SPANS = range(1, 101)

_STATUSES = """
\b
Exit status:
  0  done
  1  an error of the program
  2  the usage or the tables are wrong, or a file cannot be read or written
"""
_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


class BadInput(click.ClickException):
    """What the user gave cannot be used; the message says why."""

    exit_code = 2


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
        if len(years) not in _SPANS or years.start not in calendar:
            self.fail(f'"{value}" is no span of years, as 2019:2025', param, ctx)
        return years


def _with_tables(command: Callable) -> Callable:
    """Add the options that name the tables beside the missions."""
    for option, holds in (
        ("--monthly", "volunteer, month: what changes from month to month."),
        ("--organisations", "organisation: legal form, accreditation."),
        ("--volunteers", "volunteer: birth date, nationality."),
    ):
        command = click.option(option, type=_FILE, help=f"CSV by {holds}")(command)
    return command


@click.group(epilog=_STATUSES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="openfisca-isv")
def commands() -> None:
    """The French law on international solidarity volunteering, on populations.

    Tables are CSV: UTF-8, commas, a header. Their columns are the inputs of the
    model; an empty cell says unknown, and what is unknown grants no right.
    """


@commands.command(epilog=_STATUSES)
@click.argument("missions", type=_FILE)
@_with_tables
@click.option(
    "--years",
    type=Years(),
    help="First and last year to sum up, as 2019:2025; by default all that the"
    " tables touch.",
)
@click.option("--out", type=_FOLDER, required=True, help="Folder for the results.")
def simulate(
    missions: Path, years: range | None, out: Path, **others: Path | None
) -> None:
    """Apply the law to a population, and sum it up by year.

    MISSIONS is a CSV file, a row a contract: mission, volunteer, organisation,
    start_date, end_date, and other inputs. Writes in the folder: missions.csv, the
    conclusions by mission; by_year.csv, the summary; unmet_conditions.csv.
    """
    _spare(out, [missions, *others.values()])
    system = CountryTaxBenefitSystem()
    tables = _read(system, missions=missions, **others)
    parties = ("volunteers", "organisations")
    if missing := [f"--{name}" for name in parties if others[name] is None]:
        unknown = " and ".join(missing)
        click.echo(f"Without {unknown} no contract is known to be lawful.", err=True)
    _simulate(system, tables, years or _years_of(tables), out)


@commands.command(epilog=_STATUSES)
@click.argument("volunteer")
@click.option("--missions", type=_FILE, required=True, help="CSV by mission.")
@_with_tables
def volunteer(volunteer: str, missions: Path, **others: Path | None) -> None:
    """Show the file of one volunteer: every conclusion, with its provision.

    VOLUNTEER is the identifier in the tables.
    """
    system = CountryTaxBenefitSystem()
    tables = _read(system, missions=missions, **others)
    _show_volunteer(system, tables, volunteer)


@commands.command(epilog=_STATUSES)
@click.option("--out", type=_FOLDER, required=True, help="Folder for the results.")
def demo(out: Path) -> None:
    """Simulate the population that comes with the project, and show one volunteer."""
    paths = {
        name: _DEMO_TABLES / f"{name}.csv"
        for name in ("missions", "volunteers", "organisations", "monthly")
    }
    if not all(path.is_file() for path in paths.values()):
        message = (
            f"the bundled population is not in {_DEMO_TABLES}: it comes with the"
            " sources of the project, not with the installed package"
        )
        raise BadInput(message)
    _spare(out, paths.values())
    system = CountryTaxBenefitSystem()
    tables = _read(system, **paths)
    _simulate(system, tables, DEMO_YEARS, out)
    _show_volunteer(system, tables, DEMO_VOLUNTEER)


def _read(system: TaxBenefitSystem, **paths: Path | None) -> Tables:
    """Read the tables, or say what to mend in them."""
    try:
        return read_tables(system, **paths)
    except (TableError, OSError) as error:
        raise BadInput(str(error)) from error


def _spare(out: Path, inputs: Iterable[Path | None]) -> None:
    """Refuse to write the results over the tables that they come from."""
    given = {path.resolve() for path in inputs if path is not None}
    for name in _RESULTS:
        if (out / name).resolve() in given:
            message = f"the results would replace the table {out / name}: change --out"
            raise BadInput(message)


def _years_of(tables: Tables) -> range:
    """Give the years from the first mission to the last end or monthly fact."""
    first = pc.min(tables.missions["start_date"]).as_py()
    ends = (
        pc.max(tables.missions["end_date"]).as_py(),
        pc.max(tables.monthly["month"]).as_py(),
    )
    last = max((day for day in ends if day is not None), default=None)
    if first is None or last is None or last.year - first.year + 1 not in _SPANS:
        message = "the missions do not say which years to sum up: give --years"
        raise BadInput(message)
    return range(first.year, last.year + 1)


def _simulate(
    system: TaxBenefitSystem, tables: Tables, years: range, out: Path
) -> None:
    """Write the results in a folder, and show the summary."""
    simulation = build_simulation(system, tables, years)
    contracts = calculate_contracts(simulation)
    summary = summarise(contracts, [calculate_year(simulation, year) for year in years])
    unmet = count_unmet_conditions(contracts, years)
    results = (missions_table(simulation, tables), _to_the_cent(summary), unmet)
    try:
        with all_or_nothing(out) as folder:
            for name, table in zip(_RESULTS, results, strict=True):
                write_csv(table, folder / name)
    except OSError as error:
        message = f"the results cannot be written in {out}: {error.strerror}"
        raise BadInput(message) from error
    console = make_console()
    show_summary(console, summary)
    show_unmet_conditions(console, unmet)
    console.print(
        f"{len(tables.missions):,} missions of {len(tables.volunteers):,} volunteers."
        f" Results in {out}.",
        soft_wrap=True,
    )


def _to_the_cent(table: pa.Table) -> pa.Table:
    """Round the sums to two decimals."""
    return pa.table(
        {
            field.name: pc.round(table[field.name], 2)
            if pa.types.is_floating(field.type)
            else table[field.name]
            for field in table.schema
        }
    )


def _show_volunteer(system: TaxBenefitSystem, tables: Tables, volunteer: str) -> None:
    """Show the file of a volunteer, or say that there is none."""
    try:
        alone = tables.of_volunteer(volunteer)
    except KeyError as error:
        message = f'the tables have no volunteer "{volunteer}"'
        if close := nearest(volunteer, tables.volunteers["volunteer"].to_pylist()):
            message += f'. Did you mean "{close}"?'
        raise BadInput(message) from error
    show_file(make_console(), volunteer_file(system, alone))
