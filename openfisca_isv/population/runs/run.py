"""A run: tables in, parts of whole volunteers, results out, whatever happens.

It can be killed at any moment. What was divided and what was computed stays in a work
folder beside the results; the same command goes on from there, with the same results
to the byte.
"""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.model.merge_parts import metadata_of
from openfisca_isv.population.model.outputs import RequestError
from openfisca_isv.population.reforms.source import ReformError
from openfisca_isv.population.runs.folder import (
    RUN,
    FolderError,
    claim,
    locked,
    publish,
)
from openfisca_isv.population.runs.manifest import in_force, manifest, stamps
from openfisca_isv.population.runs.parts import Job
from openfisca_isv.population.runs.progress import Steps
from openfisca_isv.population.runs.staging import Staged, tables_closed
from openfisca_isv.population.runs.steps import (
    RunRequest,
    check_parts,
    compute_parts,
    divide,
    inspect_headers,
    write_rejects,
)
from openfisca_isv.population.runs.study import Study
from openfisca_isv.population.runs.warnings import warnings_before
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.tables.problems import TableError, TableProblem
from openfisca_isv.population.tables.sources import UnreadableError


@dataclass(frozen=True)
class Done:
    """What a run came to.

    Attributes:
        results: What the study has to show.
        account: What ``run.json`` says: what made the results, rows, warnings.
    """

    results: object
    account: dict

    @property
    def rejected(self) -> int:
        """Count the rows that were set aside, of all tables."""
        return sum(rows["rejected"] for rows in self.account["rows"].values())


def run(  # noqa: PLR0913 - what is asked, where, and by whom it is done
    asked: RunRequest,
    out: Path,
    workers: Workers,
    steps: Steps,
    *,
    command: Sequence[str] = (),
    replace: bool = False,
) -> Done:
    """Study a population into a folder, or go on with a run that was interrupted.

    Args:
        asked: The tables, and what is asked of them.
        out: The folder of the results.
        workers: Who does the parts.
        steps: Told of the progress.
        command: The words of the command, for the account of the run.
        replace: Start over whatever the folder holds.

    Raises:
        TableError: The tables cannot be used; nothing is left of the run.
        SummaryError: The groupings or the weights are not to be had.
        RequestError: The outputs or the periods are not to be had.
        FolderError: The folder is taken by another run.
        WorkerLostError: A process was killed; the same command goes on.
        OSError: A file cannot be read or written; the same command goes on.
    """
    out = out.absolute()
    # What cannot be answered is told before the inputs are read.
    inspected = inspect_headers(asked)
    if workers.count > 1 or workers.scheduler:
        _check_reforms(asked)
    steps.start("digests", len(asked.sources), "tables")
    try:
        before = stamps(asked)
        makers = manifest(asked)
    except UnreadableError as error:
        raise TableError(error.problems) from error
    with locked(out) as work, workers, tables_closed():
        claim(out, makers, replace=replace)
        with _forgotten_if_refused(work):
            staged = divide(asked, inspected, work, steps)
            _check_unchanged(asked, before)
            job = Job(work, staged, asked.study)
            # What is wrong with cells comes before what follows from it.
            odd = check_parts(asked, job, workers, steps)
            study = asked.study.over(staged.first_year, staged.last_year)
            account = makers | _known(asked, staged, study.years)
            metadata = tuple(metadata_of(account).items())
            job = Job(work, staged, study, bool(asked.rejects), metadata)
        with _forgotten_if_refused(work):
            study, folders = _compute(job, workers, steps)
        steps.start("gather", staged.parts, "parts")
        of_parts = [job.account_of(part) for part in range(staged.parts)]
        kept = {
            name: sum(one["rows"].get(name, 0) for one in of_parts)
            for name in staged.rows
        }
        rejected = write_rejects(asked, job, kept) if asked.rejects else {}
        account["rows"] = {
            name: {"in": count, "out": kept[name], "rejected": rejected.get(name, 0)}
            for name, count in staged.rows.items()
        }
        account["warnings"] += odd
        account["volunteers"] = sum(one["volunteers"] for one in of_parts)
        made = work / "made"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        results = study.gather(folders, made, account)
        account["warnings"] += study.warnings(results)
        span = staged.first_year or study.years.start, study.years.stop - 1
        account["command_line"] = list(command)
        account["results"] = sorted(one.name for one in made.iterdir())
        account |= in_force(asked, *span)
        text = json.dumps(account, indent=1, ensure_ascii=False)
        (made / RUN).write_text(f"{text}\n", "utf-8")
        publish(out, made, replace=replace)
    return Done(results, account)


def check(
    asked: RunRequest, work: Path, workers: Workers, steps: Steps
) -> tuple[dict[str, int], list[str]]:
    """Check tables alone.

    Args:
        asked: The tables, and the study that says which columns they may have.
        work: An empty folder.
        workers: Who looks at the parts.
        steps: Told of the progress.

    Returns:
        The rows of each table, and warnings of what is odd.

    Raises:
        TableError: Something is wrong; it lists every problem.
    """
    with workers, tables_closed():
        staged = divide(asked, inspect_headers(asked), work, steps)
        odd = check_parts(asked, Job(work, staged, asked.study), workers, steps)
    return staged.rows, odd


def _compute(job: Job, workers: Workers, steps: Steps) -> tuple[Study, list[Path]]:
    """Compute the parts, and what is left once they are known.

    Returns:
        The study as it then is, and the folders of the parts.
    """
    compute_parts(job, workers, steps)
    parts = range(job.staged.parts)
    folders = [job.folder_of(part) for part in parts]
    study = job.study.further(folders)
    if study is None:
        return job.study, folders
    job = replace(job, study=study, further=True)
    compute_parts(job, workers, steps)
    return study, folders + [job.folder_of(part) for part in parts]


@contextmanager
def _forgotten_if_refused(work: Path) -> Iterator[None]:
    """Leave nothing of a run that is refused: once corrected, it is another one."""
    try:
        yield
    except (TableError, RequestError, SummaryError, FolderError):
        (work / "manifest.json").unlink(missing_ok=True)
        raise


def _check_reforms(asked: RunRequest) -> None:
    """Refuse reforms that other processes cannot have."""
    for one in asked.study.reforms:
        if one is not None and not one.travels:
            reason = "is known to this process alone: other workers cannot import it"
            remedy = "Put it in a Python file, or use one worker"
            raise ReformError([TableProblem(one.origin, reason, remedy)])


def _check_unchanged(asked: RunRequest, before: list) -> None:
    """Refuse tables that are not those whose digests were taken."""
    if stamps(asked) != before:
        message = "a table was changed while it was read: start again"
        raise FolderError(message)


def _known(asked: RunRequest, staged: Staged, years: range) -> dict[str, object]:
    """Say what is known of a run before anything is computed."""
    return {
        "years": [years.start, years.stop - 1],
        "rows": {name: {"in": count} for name, count in staged.rows.items()},
        "warnings": warnings_before(asked, years, staged),
    }
