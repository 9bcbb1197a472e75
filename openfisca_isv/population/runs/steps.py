"""The steps of a run, each of which can be gone on with: divide, check, compute."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.runs.folder import read_account, write_whole
from openfisca_isv.population.runs.limits import limits_of
from openfisca_isv.population.runs.parts import Job, check_part, compute_part
from openfisca_isv.population.runs.progress import Steps
from openfisca_isv.population.runs.staging import (
    Divided,
    Division,
    Staged,
    read_part,
    stage,
)
from openfisca_isv.population.runs.study import Study
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.faults import (
    NO_FAULTS,
    UNEVEN,
    Wording,
    oddity_warnings,
    parted,
)
from openfisca_isv.population.tables.loading import inspect
from openfisca_isv.population.tables.population import files_of_references
from openfisca_isv.population.tables.problems import Problem, TableError
from openfisca_isv.population.tables.sources import (
    Held,
    Source,
    UnreadableError,
)
from openfisca_isv.population.tables.writing import TableWriter, read_ipc, write_ipc

_CHECKED = "checked.json"
#: The columns of the rows that are set aside.
REJECTS = pa.schema(
    [
        ("table", pa.string()),
        ("file", pa.string()),
        ("row", pa.int64()),
        ("identifier", pa.string()),
        ("reasons", pa.string()),
    ]
)


@dataclass(frozen=True)
class Asked:
    """What the user asks of a run.

    Attributes:
        sources: Where each table that is given comes from, by name.
        study: What is computed.
        rejects: Where rows at fault are set aside; else they stop the run.
        part_size: Missions computed at once, about; by default what memory allows.
    """

    sources: Mapping[str, Source]
    study: Study
    rejects: Path | None = None
    part_size: int | None = None


def look(asked: Asked) -> tuple[dict[str, tuple[Source, list[str]]], list[Problem]]:
    """Look at the headers of the tables, and whether they answer what is asked.

    Returns:
        Each table with its columns, and what is wrong with them.

    Raises:
        SummaryError: What is asked needs a column that no table has.
        RequestError: What is asked cannot be had.
    """
    kinds = asked.study.kinds()
    problems: list[Problem] = []
    sources = {}
    for name, source in asked.sources.items():
        columns, wrong = inspect(kinds, name, source)
        problems += wrong
        if columns:
            sources[name] = source, columns
    try:
        asked.study.check({name: columns for name, (_, columns) in sources.items()})
    except SummaryError as error:
        if not problems:
            raise
        # A name that is mistyped may be why a column is not known.
        problems.append(Problem("the command", str(error), "Correct the name"))
    return sources, problems


def divide(
    asked: Asked, work: Path, workers: Workers, steps: Steps
) -> tuple[Staged, pa.Table]:
    """Divide the tables into parts, unless it was done before.

    Raises:
        TableError: The rows that are wrong cannot be set aside.
    """
    folder = work / "staged"
    if (staged := Staged.saved(folder)) is not None:
        return staged, read_ipc(folder / "faults.arrow")
    sources, problems = look(asked)
    # What was computed of parts that are divided again may be of other volunteers.
    for one in ("parts", "made", "staged"):
        shutil.rmtree(work / one, ignore_errors=True)
    (work / _CHECKED).unlink(missing_ok=True)
    folder.mkdir(parents=True)
    found = NO_FAULTS
    if "missions" in sources:
        steps.start("read", None, "rows")
        try:
            limits = limits_of(sources, asked.part_size, asked.study.months)
            division = Division(asked.study, sources, folder, limits)
            staged, found = stage(
                division, partial(_share_out, asked, workers), steps.advance
            )
            if not staged.rows["missions"]:
                path = str(asked.sources["missions"])
                problems.append(Problem(path, "has no mission", "Add a row"))
        except UnreadableError as error:
            problems += error.problems
    uneven = found.filter(pc.equal(found["check"], UNEVEN))
    if problems or (asked.rejects and len(uneven)):
        # Whose row it is that has too few cells, or too many, nobody can tell.
        raise _table_error(asked, folder, problems, found)
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
) -> list[str]:
    """Check what is between the rows of each part, before anything is computed.

    Returns:
        Warnings of what is odd.

    Raises:
        TableError: Something is wrong.
    """
    done = job.work / _CHECKED
    if (before := read_account(done)) and "odd" in before:
        return list(before["odd"])
    steps.start("check", staged.parts, "parts")
    all_found = {}
    for part, of_part in workers.run(check_part, job, range(staged.parts)):
        all_found[part] = of_part
        steps.advance()
    of_parts = [all_found[one] for one in sorted(all_found)]
    found, odd = parted(pa.concat_tables([found, *of_parts]))
    if len(found):
        raise _table_error(asked, job.staged, [], found)
    warnings = oddity_warnings(odd)
    write_whole(done, json.dumps({"odd": warnings}))
    return warnings


def compute_parts(job: Job, staged: Staged, workers: Workers, steps: Steps) -> None:
    """Compute the parts that are not there yet."""
    folder = job.work / "parts"
    folder.mkdir(exist_ok=True)
    for draft in folder.glob(".*"):
        shutil.rmtree(draft, ignore_errors=True)
    left = [one for one in range(staged.parts) if not job.is_done(one)]
    for part in left:
        # What was damaged meanwhile is computed again.
        shutil.rmtree(job.folder_of(part), ignore_errors=True)
    steps.start("compute", len(left), "parts")
    for _, seconds in workers.run(compute_part, job, left):
        steps.advance()
        for name, taken in seconds.items():
            key = f"part: {name}"
            steps.seconds[key] = steps.seconds.get(key, 0.0) + taken


def set_aside(
    asked: Asked, job: Job, staged: Staged, found: pa.Table, kept: Mapping[str, int]
) -> tuple[dict[str, int], list[str]]:
    """Write the rows at fault with their reasons.

    Returns:
        How many there are, by table; and warnings of what is odd.
    """
    parts = [job.rejects_of(part) for part in range(staged.parts)]
    found, odd = parted(pa.concat_tables([found, *parts]))
    counts = dict.fromkeys(staged.rows, 0)
    draft = asked.rejects.with_name(f".{asked.rejects.name}.draft")
    draft.unlink(missing_ok=True)
    with closing(TableWriter(draft, REJECTS)) as writer:
        for rejects in wording_of(asked, job.staged).rejects(found):
            writer.write(rejects)
            for name in counts:
                counts[name] += pc.sum(pc.equal(rejects["table"], name)).as_py()
    for name, count in staged.rows.items():
        if count != kept.get(name, 0) + counts[name]:
            message = f"rows of {name} were lost: {count} in, {kept} kept, {counts} not"
            raise RuntimeError(message)
    draft.replace(asked.rejects)
    return counts, oddity_warnings(odd)


def _table_error(
    asked: Asked, folder: Path, problems: Sequence[Problem], found: pa.Table
) -> TableError:
    """Say what is wrong with files, and with rows."""
    wording = wording_of(asked, folder)
    rows = list(wording.listed(found))
    return TableError([*problems, *wording.problems(found)], rows)


def wording_of(asked: Asked, folder: Path) -> Wording:
    """Say how faults are put into words; of many names none is the nearest."""
    kinds = asked.study.kinds()
    paths = dict.fromkeys(kinds) | dict(asked.sources)
    known = {}
    for column, table in kinds["missions"].references.items():
        source = table if table in asked.sources else "missions"
        rows = read_part(folder, source) if folder.exists() else None
        if rows is not None and column in rows.column_names:
            known[table] = rows[column].unique().drop_null()
    return Wording(kinds, files_of_references(kinds, paths), known)


def _share_out(
    asked: Asked, workers: Workers, do: Callable, division: Division, names: list[str]
) -> Iterator[tuple[str, Divided]]:
    """Divide each table, on this machine: only it needs to see the inputs."""
    if any(isinstance(one, Held) for one in asked.sources.values()):
        # What is held in memory is not sent to other processes.
        workers = Workers()
    yield from workers.run(do, division, names, here=True)
