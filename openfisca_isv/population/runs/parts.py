"""One part of a population: checked, computed, and written whole or not at all."""

import gc
import json
import shutil
import time
import uuid
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.population.model.outputs import (
    Request,
    ResultTable,
    calculate_table,
    result_tables,
    value_in,
)
from openfisca_isv.population.model.results import calculate_contracts, calculate_year
from openfisca_isv.population.model.simulation import build_simulation
from openfisca_isv.population.model.summary import (
    count_unmet_conditions,
    exact_sum,
    summarise,
)
from openfisca_isv.population.runs.staging import read_part
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.population import Tables, complete
from openfisca_isv.population.tables.row_checks import check_rows, set_aside
from openfisca_isv.population.tables.writing import TableWriter

#: The order of the rows of each table.
SORTED_BY = {
    "missions": [("volunteer", "ascending"), ("mission", "ascending")],
    "volunteers": [("volunteer", "ascending")],
    "organisations": [("organisation", "ascending")],
    "monthly": [("volunteer", "ascending"), ("month", "ascending")],
}


@dataclass(frozen=True)
class Job:
    """What a process needs to know to do one part.

    Attributes:
        work: The folder of the run: ``staged`` and ``parts`` are in it.
        names: The tables that were given.
        request: What is asked of the engine.
        file_format: ``csv`` or ``parquet``.
        reform: The reform of the law, as the name of a class to import.
        keep_rejects: Rows at fault are set aside; else there is none.
        metadata: What made the results, for the Parquet files.
    """

    work: Path
    names: tuple[str, ...]
    request: Request
    file_format: str
    reform: str | None
    keep_rejects: bool
    metadata: tuple[tuple[str, str], ...]

    def folder_of(self, part: int) -> Path:
        """Where the results of a part are, once they are whole."""
        return self.work / "parts" / f"{part:05}"


@lru_cache(maxsize=2)
def law(reform: str | None = None) -> TaxBenefitSystem:
    """Give the law, or a reform of it; built once a process. Not to be modified."""
    system = CountryTaxBenefitSystem()
    return system if reform is None else system.apply_reform(reform)


def check_part(job: Job, part: int) -> pa.Table:
    """Find what is wrong between the rows of a part."""
    tables = _rows_of(job, part)
    return _of_part(check_rows(table_kinds(law()), tables, _repeated(job)), part)


def compute_part(job: Job, part: int) -> dict[str, float]:
    """Compute a part and write its results.

    They are written beside their place and renamed: the results of a part are there
    whole, or not at all.

    Returns:
        The seconds that each step took; nothing where the part was there already.
    """
    place = job.folder_of(part)
    if place.exists():
        return {}
    draft = place.with_name(f".{place.name}-{uuid.uuid4().hex}")
    draft.mkdir()
    clock = _Clock()
    try:
        _write_part(job, part, draft, clock)
        try:
            draft.rename(place)
        except OSError:
            # Another process did the same part: the same bytes.
            if not place.exists():
                raise
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        gc.collect()
    return clock.seconds


class _Clock:
    """Where the time of a part goes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Count the time since the last lap for a step."""
        now = time.perf_counter()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._last
        self._last = now


def _write_part(job: Job, part: int, folder: Path, clock: _Clock) -> None:
    """Write the results of a part in a folder."""
    system = law(job.reform)
    kinds = table_kinds(system)
    rows = _rows_of(job, part)
    clock.lap("read")
    found = check_rows(kinds, rows, _repeated(job)) if job.keep_rejects else None
    rows, others = set_aside(rows, found if found is not None else _none())
    clock.lap("check")
    if found is not None:
        aside = pa.concat_tables([found, others])
        write_ipc(_of_part(aside, part), folder / "rejects.arrow")
    counts = {
        name: len(table)
        for name, table in rows.items()
        if name != "organisations" or part == 0
    }
    if "organisations" not in rows:
        rows["organisations"] = read_part(job.work / "staged", "organisations")
    rows = {name: _sorted(table, SORTED_BY[name]) for name, table in rows.items()}
    tables = complete(kinds, rows)
    simulation = build_simulation(system, tables, job.request.whole_time)
    clock.lap("prepare")
    contracts = calculate_contracts(simulation)
    years = [calculate_year(simulation, year) for year in job.request.years]
    summary = {
        "rows": counts,
        "volunteers": len(tables.volunteers),
        "by_year": summarise(contracts, years).to_pydict(),
        "unmet": count_unmet_conditions(contracts, job.request.years).to_pydict(),
    }
    clock.lap("compute")
    for table in result_tables(system, job.request):
        if table.entity == "organisation":
            write_ipc(
                organisation_values(simulation, table, tables.organisations),
                folder / f"{table.name}.arrow",
            )
        else:
            _write_results(job, folder, simulation, table, tables, clock)
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    clock.lap("write")


def _write_results(  # noqa: PLR0913, PLR0917 - one table, and all that it comes from
    job: Job,
    folder: Path,
    simulation: Simulation,
    table: ResultTable,
    tables: Tables,
    clock: _Clock,
) -> None:
    """Write one table of results of a part."""
    path = folder / f"{table.name}.{job.file_format}"
    writer = None
    for rows in calculate_table(simulation, table, getattr(tables, f"{table.entity}s")):
        clock.lap("compute")
        writer = writer or TableWriter(path, rows.schema, dict(job.metadata))
        writer.write(rows)
        clock.lap("write")
    writer.close()
    clock.lap("write")


def organisation_values(
    simulation: Simulation, table: ResultTable, organisations: pa.Table
) -> pa.Table:
    """Give what a part knows of all the organisations; amounts are not rounded.

    What adds up the missions of an organisation is the amount of those of the part.
    """
    columns: dict[str, list] = {"organisation": [], table.when or "": []}
    values: dict[str, list] = {one.name: [] for one in table.variables}
    for when in table.periods or (None,):
        columns["organisation"] += organisations["organisation"].to_pylist()
        columns[table.when or ""] += [str(when)] * len(organisations)
        for variable in table.variables:
            found = value_in(simulation, variable, when)
            if variable.value_type is float:
                found = numpy.array([exact_sum(one) for one in found])
            values[variable.name] += numpy.asarray(found).tolist()
    if table.when is None:
        del columns[""]
    return pa.table(columns | values)


def _rows_of(job: Job, part: int) -> dict[str, pa.Table]:
    """Read the rows of a part, and all the organisations."""
    staged = job.work / "staged"
    found = {
        name: read_part(staged, name, 0 if name == "organisations" else part)
        for name in job.names
    }
    return {name: table for name, table in found.items() if table is not None}


def _repeated(job: Job) -> pa.Table:
    return read_part(job.work / "staged", "repeated")


def _of_part(found: pa.Table, part: int) -> pa.Table:
    """Leave the faults of organisations, which all parts find, to the first part."""
    if part == 0:
        return found
    return found.filter(pc.not_equal(found["table"], "organisations"))


def _none() -> pa.Table:
    return check_rows({}, {})


def _sorted(table: pa.Table, keys: list[tuple[str, str]]) -> pa.Table:
    """Sort a table, so that the order of the rows of the files does not matter."""
    return table.combine_chunks().sort_by(keys).combine_chunks()


def write_ipc(table: pa.Table, path: Path) -> None:
    """Write a table for another step of the same run."""
    with (
        pa.OSFile(str(path), "wb") as file,
        pa.ipc.new_stream(file, table.schema) as stream,
    ):
        stream.write_table(table)


def read_ipc(path: Path) -> pa.Table:
    """Read a table of an earlier step of the same run."""
    with pa.memory_map(str(path)) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_all()
