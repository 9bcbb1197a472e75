"""The commands that show one volunteer, and the bundled population."""

from dataclasses import replace
from pathlib import Path

import click

import openfisca_isv
from openfisca_isv.names import meant
from openfisca_isv.population.arguments import calculation_of, sources_of
from openfisca_isv.population.checks.loading import some_names
from openfisca_isv.population.commands.options import (
    FOLDER,
    TABLE,
    Stopped,
    command,
    explained,
    with_ignore,
    with_tables,
)
from openfisca_isv.population.commands.running import run_into
from openfisca_isv.population.commands.simulate import show_run
from openfisca_isv.population.language import language
from openfisca_isv.population.model.simulate import Simulate
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.runs.run import read
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.tables.columns import TABLES
from openfisca_isv.population.volunteer.display import make_console, show_file
from openfisca_isv.population.volunteer.volunteer_file import (
    situation_body,
    volunteer_file,
)

#: What the demonstration shows: two contracts back to back, both aids on return.
DEMO_VOLUNTEER = "printed-premium"
DEMO_YEARS = range(2019, 2026)
_DEMO_TABLES = Path(openfisca_isv.__file__).parents[1] / "examples" / "population"


@command
@click.argument("volunteer")
@click.option("--missions", type=TABLE, required=True, help="Table by mission.")
@with_tables
@with_ignore
def volunteer(volunteer: str, **options: object) -> None:
    """Show the file of one volunteer: every conclusion, with its provision.

    VOLUNTEER is the identifier in the tables.
    """
    with explained():
        calculation = calculation_of(Simulate, options)
        _show_volunteer(RunRequest(sources_of(options), calculation), volunteer)


@command
@click.option("--replace", is_flag=True, help="Replace what the folder holds.")
@click.option("--out", type=FOLDER, required=True, help="Folder for the results.")
def demo(out: Path, *, replace: bool) -> None:
    """Simulate the population that comes with the project, and show one volunteer."""
    paths = {name: _DEMO_TABLES / f"{name}.csv" for name in TABLES}
    if not all(path.is_file() for path in paths.values()):
        message = f"the bundled population is not in {_DEMO_TABLES}: it comes with the"
        message += " sources of the project, not with the installed package"
        raise Stopped(message)
    if out.resolve() == _DEMO_TABLES.resolve():
        message = f"the results would replace the tables in {out}: change --out"
        raise Stopped(message)
    options = {"workers": 1, "scheduler": None, "quiet": True, "workbook": None}
    asked = RunRequest(paths, Simulate(years=DEMO_YEARS))
    done = run_into(asked, options | {"replace": replace, "out": out})
    show_run(done, out)
    _show_volunteer(asked, DEMO_VOLUNTEER)


def _show_volunteer(asked: RunRequest, volunteer: str) -> None:
    system, sources = tax_benefit_system(), asked.sources
    tables = read(replace(asked, only=volunteer))
    try:
        alone = tables.of_volunteer(volunteer)
    except KeyError as error:
        message = f'the tables have no volunteer "{volunteer}"'
        source = sources.get("volunteers", sources["missions"])
        names = some_names(source, "volunteer", asked.calculation.format_of_cells)
        raise Stopped(message + meant(volunteer, names, start=". ")) from error
    file = volunteer_file(system, situation_body(system, alone), language())
    show_file(make_console(), file)
