"""From the results of the parts to those of the population."""

import json
import os
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.model.outputs import ResultTable, result_tables
from openfisca_isv.population.model.summary import add_up
from openfisca_isv.population.runs.parts import Job, read_ipc
from openfisca_isv.population.tables.writing import write_table


def gather(job: Job, system: TaxBenefitSystem, parts: int, made: Path) -> dict:
    """Put the results of the parts together in a folder.

    CSV parts make one file; Parquet parts stay files of one folder, named after the
    table, which any reader of Parquet takes for one table.

    Returns:
        What the parts come to: ``rows``, by table, and the summaries ``by_year`` and
        ``unmet``.
    """
    folders = [job.folder_of(part) for part in range(parts)]
    for table in result_tables(system, job.request):
        if table.entity == "organisation":
            _gather_organisations(job, table, folders, made)
        elif job.file_format == "csv":
            _join([one / f"{table.name}.csv" for one in folders], made)
        else:
            target = made / f"{table.name}.parquet"
            target.mkdir()
            for part, one in enumerate(folders):
                _link(one / target.name, target / f"part-{part:05}.parquet")
    found = [json.loads((one / "summary.json").read_text("utf-8")) for one in folders]
    by_year = add_up(pa.table(one["by_year"]) for one in found)
    unmet = add_up(pa.table(one["unmet"]) for one in found)
    for name, table in (("by_year", to_the_cent(by_year)), ("unmet_conditions", unmet)):
        path = made / f"{name}.{job.file_format}"
        write_table(table, path, dict(job.metadata))
    rows: dict[str, int] = {}
    for one in found:
        for name, count in one["rows"].items():
            rows[name] = rows.get(name, 0) + count
    volunteers = sum(one["volunteers"] for one in found)
    return {"rows": rows, "volunteers": volunteers, "by_year": by_year, "unmet": unmet}


def to_the_cent(table: pa.Table) -> pa.Table:
    """Round the sums to two decimals."""
    return pa.table(
        {
            field.name: pc.round(table[field.name], 2)
            if pa.types.is_floating(field.type)
            else table[field.name]
            for field in table.schema
        }
    )


def _gather_organisations(
    job: Job, table: ResultTable, folders: list[Path], made: Path
) -> None:
    """Add up what the parts know of the organisations."""
    total = None
    for folder in folders:
        part = read_ipc(folder / f"{table.name}.arrow")
        if total is None:
            total = part
            continue
        for place, name in enumerate(part.column_names):
            if pa.types.is_floating(part[name].type):
                total = total.set_column(place, name, pc.add(total[name], part[name]))
    write_table(
        to_the_cent(total), made / f"{table.name}.{job.file_format}", dict(job.metadata)
    )


def _join(files: list[Path], made: Path) -> None:
    """Join CSV files, with the header of the first."""
    with (made / files[0].name).open("wb") as joined:
        for place, one in enumerate(files):
            with one.open("rb") as file:
                if place:
                    file.readline()
                shutil.copyfileobj(file, joined, 1 << 20)
        joined.flush()
        os.fsync(joined.fileno())


def _link(source: Path, target: Path) -> None:
    """Give a file a second place, without a copy where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
