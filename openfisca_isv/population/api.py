"""The same in Python: tables in, tables out."""

import warnings
from collections.abc import Iterable, Mapping

import pyarrow as pa

from openfisca_isv.population.arguments import (
    Law,
    calculation_of,
    count_of,
    in_language,
    reform_in,
    sources_of,
)
from openfisca_isv.population.bad_input import LISTED, TableError
from openfisca_isv.population.comparison.compare_readings import comparison_of
from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.effects import BANDS
from openfisca_isv.population.groups.figures import QUANTILES
from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.model.simulate import Simulate
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.runs.run import check as check_tables
from openfisca_isv.population.runs.run import run_in_memory
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.synthetic.drawn_population import (
    BUNDLED_SEED,
    VOLUNTEERS_AT_SCALE_1,
    synthetic_population,
)
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.template import (
    code_list,
    data_dictionary,
    empty_tables,
)


def _run(
    calculation: Calculation, given: Mapping[str, object]
) -> tuple[object, dict[str, pa.Table]]:
    asked = RunRequest(sources_of(given), calculation)
    workers = count_of(given["workers"], "workers", 1)
    done, tables = run_in_memory(asked, workers)
    _warn(done.account["warnings"], stacklevel=5)
    return done.results, tables


def _warn(lines: Iterable[str], stacklevel: int = 4) -> None:
    """Warn the caller of a call that ``in_language`` wraps."""
    for line in lines:
        warnings.warn(line, stacklevel=stacklevel)


@in_language
def simulate(  # noqa: PLR0913 - the four tables, and what is asked of them
    missions: object,
    volunteers: object = None,
    organisations: object = None,
    monthly: object = None,
    *,
    years: Iterable[int] | int | str | None = None,
    outputs: Iterable[str] | str = (),
    periods: Iterable[str | int] | str | int = (),
    reform: Law | None = None,
    readings: Iterable[str] | str = (),
    by: Iterable[Iterable[str] | str] | str = (),
    weight: str | None = None,
    quantiles: Iterable[float] = QUANTILES,
    min_cell: int = 0,
    standing: bool = False,
    no_summary: bool = False,
    format_of_cells: str | None = None,
    ignore: Iterable[str] | str = (),
    ignore_unknown: bool = False,
    workers: int = 1,
) -> dict[str, pa.Table]:
    """Apply the law to a population, and sum it up.

    Args:
        missions: One row per contract: ``mission``, ``volunteer``, ``organisation``,
            ``start_date``, ``end_date``, and other inputs. A table of pyarrow, a data
            frame of pandas or polars, a dictionary of columns, or the path of a CSV or
            Parquet file or of a folder of parts; so are the others.
        volunteers: One row per volunteer.
        organisations: One row per organisation.
        monthly: One row per volunteer and month: inputs that change.
        years: The years summed up, which follow one another, e.g. ``range(2019, 2026)``
            or ``"2019:2025"``; by default all that the tables touch.
        outputs: Names of outputs; by default the usual ones.
        periods: Months and years of the outputs that change over time, as
            ``2019:2025`` or ``2024-01``.
        reform: The reform of the law: a YAML file, a class, its dotted name, its
            Python file, or what ``read_reform`` gives.
        readings: Identifiers of other readings of the register, under which the law,
            or its reform, is read.
        by: Groupings, each a column or several that are crossed, as
            ``["year", ("host_country", "age_band")]`` or ``"host_country,age_band"``.
        weight: The column of weights.
        quantiles: Shares from 0 to 1, for the figures by group.
        min_cell: Mask figures that describe fewer volunteers than this.
        standing: Say of each result whether it is settled, or hangs on an empty cell:
            a column beside each output, and the tables ``settled`` and
            ``missing_facts``.
        no_summary: Give the outputs alone, without ``by_year`` and
            ``unmet_conditions``, whose months take much of the time.
        format_of_cells: How texts are written: ``"french"`` (31/12/2024; 1 250,50),
            or part by part, ``"days=dd/mm/yyyy,decimal=comma"``; by default what
            ``format.yaml`` beside the file of the missions declares, if any.
        ignore: Columns of the tables that are not read.
        ignore_unknown: Read no column that the model does not know and that is neither
            in ``by`` nor the weight; a warning lists them.
        workers: Processes at work.
        language: Of warnings and problems, ``en`` or ``fr``.

    Returns:
        The tables that ``openfisca-isv simulate`` writes, by name: ``missions``,
        ``by_year``, ``unmet_conditions``, those of the periods and of the groupings.
        Rows are in the order of the identifiers. ``.to_pandas()`` makes a data frame.

    Raises:
        TableError: The tables or the reform cannot be used; it lists every problem.
        RequestError: A grouping, the weights, the outputs or the periods are not
            available.
    """
    given = locals()
    own = {"reform": reform_in(given), "file_format": "parquet"}
    _, tables = _run(calculation_of(Simulate, given, **own), given)
    return tables


@in_language
def compare(  # noqa: PLR0913 - the four tables, and what is asked of them
    missions: object,
    volunteers: object = None,
    organisations: object = None,
    monthly: object = None,
    *,
    reforms: Iterable[Law] | Law = (),
    readings: Iterable[str] | str = (),
    years: Iterable[int] | int | str | None = None,
    by: Iterable[Iterable[str] | str] | str = (),
    weight: str | None = None,
    min_cell: int = 0,
    format_of_cells: str | None = None,
    ignore: Iterable[str] | str = (),
    ignore_unknown: bool = False,
    outputs: Iterable[str] | str = (),
    bootstrap: int = 0,
    seed: int = 1,
    bands: Iterable[float] | str = BANDS,
    together: bool = False,
    raise_allowances_to_minimum: bool = False,
    each_reading: Iterable[str] | str | bool = False,
    workers: int = 1,
) -> Comparison:
    """Set reforms beside the law in force: what they cost, who gains, who loses.

    Args:
        missions: As ``simulate`` takes it; so are the other tables.
        volunteers: One row per volunteer.
        organisations: One row per organisation.
        monthly: One row per volunteer and month.
        reforms: One or more: a YAML file, a class, its dotted name, its Python file,
            or what ``read_reform`` gives.
        readings: Identifiers of other readings of the register. The law under them
            stands beside the law in force, and so does each reform of the law so read.
        years: The years that are added up; by default all that the tables touch.
        by: Groupings, each a column or several that are crossed; by default age at
            departure, host country, organisation and status before departure, where
            the tables have them.
        weight: The column of weights; where it is of missions, contracts and what they
            cost count with it, people and what they gain with the mean of theirs.
        min_cell: Mask figures that describe fewer volunteers than this.
        format_of_cells: As ``simulate`` takes it.
        ignore: Columns of the tables that are not read.
        ignore_unknown: Nor is any that the model does not know.
        outputs: Outputs of missions or volunteers to compare as well: ``outputs``.
        bootstrap: How many times the volunteers are drawn again for standard errors.
        seed: Of these draws.
        bands: Bounds in euros of the bands of gains; losses have the same.
        together: Compute all the reforms at once too: ``package`` has what each is
            worth alone, all together, and what they do to each other.
        raise_allowances_to_minimum: Assume that under a reform the organisations raise
            allowances agreed that are below the minimum to the minimum.
        each_reading: Compute what each other reading of the register is worth, one at
            a time and all together: ``readings`` of what is returned. Or the
            identifiers of some of them.
        workers: Processes at work.
        language: Of the report, the pictures, labels, warnings and problems.

    Returns:
        Tables (``cost_by_year``, ``gainers_and_losers`` and so on, or all of them by
        name with ``.tables()``), ``.pictures()`` and ``.report()``, one HTML file.

    Raises:
        TableError: The tables or a reform cannot be used; it lists every problem.
        RequestError: A grouping, the weights or the years are not available, or there
            is no reform.
    """
    given = locals()
    results, _ = _run(comparison_of(given, report=False), given)
    return results


@in_language
def check(  # noqa: PLR0913 - the four tables, and your own columns
    missions: object,
    volunteers: object = None,
    organisations: object = None,
    monthly: object = None,
    *,
    by: Iterable[Iterable[str] | str] | str = (),
    weight: str | None = None,
    format_of_cells: str | None = None,
    ignore: Iterable[str] | str = (),
    ignore_unknown: bool = False,
) -> pa.Table:
    """Check the tables of a population, and compute nothing: ``simulate``.

    The reasons and remedies are in English, or in French with ``language="fr"``.

    Returns:
        One row per problem: ``file``, ``row``, ``column``, ``value``, ``reason``,
        ``remedy``, and the ``identifier`` of the row. No row: no problem.
    """
    given = locals()
    calculation = calculation_of(Simulate, given)
    asked = RunRequest(sources_of(given), calculation)
    try:
        with ProgressReporter(quiet=True) as progress:
            _, odd = check_tables(asked, Workers(), progress)
    except TableError as error:
        return pa.concat_tables(error.listed())
    _warn(odd)
    return LISTED.empty_table()


def generate(
    volunteers: int = VOLUNTEERS_AT_SCALE_1, seed: int = BUNDLED_SEED
) -> dict[str, pa.Table]:
    """Generate a synthetic population calibrated to published statistics.

    Args:
        volunteers: About how many; above 100,000 they are copies, under other
            identifiers. Tables too large to be held are made by the command
            ``openfisca-isv generate``, in files.
        seed: The same seed and number give the same tables.

    Returns:
        ``missions``, ``volunteers``, ``organisations`` and ``monthly``, which
        ``simulate``, ``compare`` and ``check`` take.
    """
    scale = volunteers / VOLUNTEERS_AT_SCALE_1
    return vars(synthetic_population(tax_benefit_system(), seed, scale))


@in_language
def template() -> dict[str, pa.Table]:
    """Return empty tables to fill, and the dictionary of what goes in them.

    The dictionary is in English, or in French with ``language="fr"``.

    Returns:
        The four tables, without a row, in the types of the model; ``dictionary``, a
        row per column, and ``codes``, one row per code.
    """
    system = tax_benefit_system()
    kinds = table_kinds(system)
    tables = {
        name: pa.schema({one: kinds[name].cells[one].type for one in columns})
        for name, columns in empty_tables(system).items()
    }
    return {name: schema.empty_table() for name, schema in tables.items()} | {
        "dictionary": data_dictionary(system),
        "codes": code_list(system),
    }
