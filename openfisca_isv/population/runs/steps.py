"""The steps of a run, each of which can be gone on with: divide, check, compute."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.model.outputs import (
    Request,
    RequestError,
    is_dated,
)
from openfisca_isv.population.runs.manifest import manifest
from openfisca_isv.population.runs.parts import (
    Job,
    check_part,
    compute_part,
    law,
    read_ipc,
    write_ipc,
)
from openfisca_isv.population.runs.progress import Steps
from openfisca_isv.population.runs.staging import Staged, read_part, stage
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.columns import table_kinds
from openfisca_isv.population.tables.faults import NO_FAULTS, Wording
from openfisca_isv.population.tables.loading import inspect
from openfisca_isv.population.tables.population import files_of_references
from openfisca_isv.population.tables.problems import Problem, TableError
from openfisca_isv.population.tables.sources import UnreadableError
from openfisca_isv.population.tables.writing import write_table

PART_SIZE = 50_000
_MOST_YEARS = 100
_UNLAWFUL = "no contract is known to be lawful"


@dataclass(frozen=True)
class Asked:
    """What the user asks of a run.

    Attributes:
        sources: The path of each table that is given, by name.
        years: First and last year to sum up; by default all that the tables touch.
        outputs: Names of outputs; the usual ones by default.
        periods: Months and years, for the outputs that change over time.
        file_format: ``csv`` or ``parquet``.
        reform: The reform of the law, as the name of a class to import.
        rejects: Where rows at fault are set aside; else they stop the run.
        part_size: Missions computed at once, about.
    """

    sources: Mapping[str, Path]
    years: range | None = None
    outputs: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    file_format: str = "csv"
    reform: str | None = None
    rejects: Path | None = None
    part_size: int = PART_SIZE

    def options(self) -> dict:
        """Give the options that change the results."""
        return {
            "years": self.years and [self.years.start, self.years.stop - 1],
            "outputs": list(self.outputs),
            "periods": list(self.periods),
            "format": self.file_format,
            "rejects": self.rejects is not None,
        }


def warnings(sources: Mapping[str, Path]) -> list[str]:
    """Say what the tables that are not given leave unknown."""
    parties = ("volunteers", "organisations")
    if missing := [f"--{name}" for name in parties if name not in sources]:
        return [f"Without {' and '.join(missing)} {_UNLAWFUL}."]
    return []


def made_of(asked: Asked) -> dict:
    """Say what a run is made of."""
    try:
        return manifest(asked.sources, asked.options(), asked.reform)
    except UnreadableError as error:
        raise TableError(error.problems) from error


def divide(asked: Asked, work: Path, steps: Steps) -> tuple[Staged, pa.Table]:
    """Divide the tables into parts, unless it was done before."""
    folder = work / "staged"
    if (staged := Staged.saved(folder)) is not None:
        return staged, read_ipc(folder / "faults.arrow")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    kinds = table_kinds(law())
    problems: list[Problem] = []
    sources = {}
    for name, path in asked.sources.items():
        columns, wrong = inspect(kinds, name, path)
        problems += wrong
        if columns:
            sources[name] = path, columns
    found = NO_FAULTS
    steps.start("read", None, "rows")
    if "missions" in sources:
        try:
            staged, found = stage(
                kinds, sources, folder, asked.part_size, steps.advance
            )
            if not staged.rows["missions"]:
                path = str(asked.sources["missions"])
                problems.append(Problem(path, "has no mission", "Add a row"))
        except UnreadableError as error:
            problems += error.problems
    if problems:
        problems += wording_of(asked, folder).problems(found)
        raise TableError(problems)
    write_ipc(found, folder / "faults.arrow")
    staged.save(folder)
    return staged, found


def check_parts(  # noqa: PLR0913, PLR0917 - what is checked, and who does it
    asked: Asked,
    job: Job,
    staged: Staged,
    found: pa.Table,
    workers: Workers,
    steps: Steps,
) -> None:
    """Check what is between the rows of each part, before anything is computed."""
    done = job.work / "checked"
    if done.exists():
        return
    steps.start("check", staged.parts, "parts")
    all_found = {}
    for part, of_part in workers.run(check_part, job, range(staged.parts)):
        all_found[part] = of_part
        steps.advance()
    found = pa.concat_tables([found, *(all_found[one] for one in sorted(all_found))])
    if len(found):
        folder = job.work / "staged"
        raise TableError(list(wording_of(asked, folder).problems(found)))
    done.touch()


def compute_parts(job: Job, staged: Staged, workers: Workers, steps: Steps) -> None:
    """Compute the parts that are not there yet."""
    folder = job.work / "parts"
    folder.mkdir(exist_ok=True)
    for draft in folder.glob(".*"):
        shutil.rmtree(draft, ignore_errors=True)
    left = [one for one in range(staged.parts) if not job.folder_of(one).exists()]
    steps.start("compute", len(left), "parts")
    for _, seconds in workers.run(compute_part, job, left):
        steps.advance()
        for name, taken in seconds.items():
            key = f"part: {name}"
            steps.seconds[key] = steps.seconds.get(key, 0.0) + taken


def set_aside(
    asked: Asked, job: Job, staged: Staged, found: pa.Table, kept: dict[str, int]
) -> dict[str, int]:
    """Write the rows at fault with their reasons, and count them by table."""
    if asked.rejects is None:
        return {}
    parts = [
        read_ipc(job.folder_of(part) / "rejects.arrow") for part in range(staged.parts)
    ]
    found = pa.concat_tables([found, *parts])
    rejects = wording_of(asked, job.work / "staged").rejects(found)
    counts = {
        name: pc.sum(pc.equal(rejects["table"], name)).as_py() or 0
        for name in staged.rows
    }
    for name, count in staged.rows.items():
        if count != kept.get(name, 0) + counts[name]:
            message = f"rows of {name} were lost: {count} in, {kept} kept, {counts} not"
            raise RuntimeError(message)
    draft = asked.rejects.with_name(f".{asked.rejects.name}.draft")
    write_table(rejects, draft)
    draft.replace(asked.rejects)
    return counts


def request_of(asked: Asked, staged: Staged) -> Request:
    """Complete what is asked with the years of the tables."""
    years = asked.years
    if years is None:
        first, last = staged.first_year, staged.last_year
        if first is None or last is None or not 0 <= last - first < _MOST_YEARS:
            message = "the missions do not say which years to sum up: give --years"
            raise RequestError(message)
        years = range(first, last + 1)
    periods = asked.periods
    if not periods and any(is_dated(law(asked.reform), one) for one in asked.outputs):
        periods = tuple(str(year) for year in years)
    return Request(years.start, years.stop - 1, asked.outputs, periods)


def wording_of(asked: Asked, folder: Path) -> Wording:
    """Say how faults are put into words; of many names none is the nearest."""
    kinds = table_kinds(law())
    paths = dict.fromkeys(kinds) | dict(asked.sources)
    known = {}
    for column, table in kinds["missions"].references.items():
        source = table if table in asked.sources else "missions"
        rows = read_part(folder, source) if folder.exists() else None
        if rows is not None and column in rows.column_names:
            known[table] = rows[column].unique().drop_null()
    return Wording(kinds, files_of_references(kinds, paths), known)
