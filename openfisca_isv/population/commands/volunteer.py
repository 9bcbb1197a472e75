"""The commands that show one volunteer, and the bundled population."""

from pathlib import Path

import click
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

import openfisca_isv
from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.command_statuses import STATUSES
from openfisca_isv.population.commands.options import (
    FOLDER,
    TABLE,
    BadInput,
    explained,
    with_tables,
)
from openfisca_isv.population.commands.simulate import run_into, show_run
from openfisca_isv.population.runs.run import Asked
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.cells import nearest
from openfisca_isv.population.tables.population import Tables, read_tables
from openfisca_isv.population.volunteer.display import make_console, show_file
from openfisca_isv.population.volunteer.file import volunteer_file

#: What the demonstration shows: two contracts back to back, both aids on return.
DEMO_VOLUNTEER = "printed-premium"
DEMO_YEARS = range(2019, 2026)
_DEMO_TABLES = Path(openfisca_isv.__file__).parents[1] / "examples" / "population"


@click.command(epilog=STATUSES)
@click.argument("volunteer")
@click.option("--missions", type=TABLE, required=True, help="Table by mission.")
@with_tables
def volunteer(volunteer: str, missions: Path, **others: Path | None) -> None:
    """Show the file of one volunteer: every conclusion, with its provision.

    VOLUNTEER is the identifier in the tables.
    """
    system = CountryTaxBenefitSystem()
    with explained():
        tables = read_tables(system, missions=missions, **others)
    _show_volunteer(system, tables, volunteer)


@click.command(epilog=STATUSES)
@click.option("--out", type=FOLDER, required=True, help="Folder for the results.")
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
    if out.resolve() == _DEMO_TABLES.resolve():
        message = f"the results would replace the tables in {out}: change --out"
        raise BadInput(message)
    asked = Asked(paths, DEMO_YEARS)
    done = run_into(out, asked, Workers(), quiet=True, replace=True)
    show_run(make_console(), done, out)
    system = CountryTaxBenefitSystem()
    tables = read_tables(system, **paths)
    _show_volunteer(system, tables, DEMO_VOLUNTEER)


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
