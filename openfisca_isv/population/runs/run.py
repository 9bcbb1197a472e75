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

from openfisca_isv.population.bad_input import RequestError, TableError, TableProblem
from openfisca_isv.population.labels.scripts import write_scripts
from openfisca_isv.population.language import translated
from openfisca_isv.population.model.merge_parts import metadata_of
from openfisca_isv.population.reforms.source import ReformError
from openfisca_isv.population.runs.calculation import Calculation
from openfisca_isv.population.runs.folder import RUN, claim, locked, publish
from openfisca_isv.population.runs.manifest import in_force, manifest, stamps
from openfisca_isv.population.runs.parts import PartTask
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.runs.run_stages import (
    RunRequest,
    check_parts,
    compute_parts,
    divide,
    inspect_headers,
    write_rejects,
)
from openfisca_isv.population.runs.staging import Staged, tables_closed
from openfisca_isv.population.runs.warnings import of_tables, warnings_before
from openfisca_isv.population.runs.workers import Workers


@dataclass(frozen=True)
class Done:
    """What a run came to.

    Attributes:
        results: What the calculation has to show.
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
    progress: ProgressReporter,
    *,
    command: Sequence[str] = (),
    replace: bool = False,
) -> Done:
    """Calculation a population into a folder, or go on with a run that was interrupted.

    Args:
        asked: The tables, and what is asked of them.
        out: The folder of the results.
        workers: Who does the parts.
        progress: Told of the progress.
        command: The words of the command, for the account of the run.
        replace: Start over whatever the folder holds.

    Raises:
        TableError: The tables cannot be used; nothing is left of the run.
        RequestError: The groupings or the weights are not to be had.
        RequestError: The outputs or the periods are not to be had.
        RequestError: The folder is taken by another run.
        WorkerLostError: A process was killed; the same command goes on.
        OSError: A file cannot be read or written; the same command goes on.
    """
    out = out.absolute()
    # What cannot be answered is told before the inputs are read.
    inspected = inspect_headers(asked)
    if workers.count > 1 or workers.scheduler:
        _check_reforms(asked)
    progress.start("digests", len(asked.sources), "tables")
    try:
        before = stamps(asked)
        makers = manifest(asked)
    except TableError as error:
        raise TableError(error.problems) from error
    with locked(out) as work, workers, tables_closed():
        claim(out, makers, replace=replace)
        with _forgotten_if_refused(work):
            staged = divide(asked, inspected, work, progress)
            _check_unchanged(asked, before)
            task = PartTask(work, staged, asked.calculation)
            # What is wrong with cells comes before what follows from it.
            odd = check_parts(asked, task, workers, progress)
            calculation = _over_years(asked, staged)
            account = makers | _known(asked, staged, calculation)
            metadata = tuple(metadata_of(account).items())
            task = PartTask(work, staged, calculation, bool(asked.rejects), metadata)
        with _forgotten_if_refused(work):
            calculation, folders = _compute(task, workers, progress)
        progress.start("gather", staged.parts, "parts")
        of_parts = [task.account_of(part) for part in range(staged.parts)]
        kept = {
            name: sum(one["rows"].get(name, 0) for one in of_parts)
            for name in staged.rows
        }
        rejected = write_rejects(asked, task, kept) if asked.rejects else {}
        account["rows"] = {
            name: {"in": count, "out": kept[name], "rejected": rejected.get(name, 0)}
            for name, count in staged.rows.items()
        }
        account["warnings"] += map(translated, odd)
        account["volunteers"] = sum(one["volunteers"] for one in of_parts)
        made = work / "made"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        results = calculation.gather(folders, made, account)
        account["warnings"] += map(translated, calculation.warnings(results))
        write_scripts(made, asked.labels, calculation.laws(), out.name)
        span = staged.first_year or calculation.years.start, calculation.years.stop - 1
        account["command_line"] = list(command)
        account["results"] = sorted(one.name for one in made.iterdir())
        account |= in_force(asked, *span)
        text = json.dumps(account, indent=1, ensure_ascii=False)
        (made / RUN).write_text(f"{text}\n", "utf-8")
        publish(out, made, replace=replace)
    return Done(results, account)


def check(
    asked: RunRequest, work: Path, workers: Workers, progress: ProgressReporter
) -> tuple[dict[str, int], list[str]]:
    """Check tables alone.

    Args:
        asked: The tables, and the calculation that says which columns they may have.
        work: An empty folder.
        workers: Who looks at the parts.
        progress: Told of the progress.

    Returns:
        The rows of each table, and warnings of what they leave out, and is odd.

    Raises:
        TableError: Something is wrong; it lists every problem.
    """
    with workers, tables_closed():
        staged = divide(asked, inspect_headers(asked), work, progress)
        task = PartTask(work, staged, asked.calculation)
        odd = check_parts(asked, task, workers, progress)
    return staged.rows, [*map(translated, [*of_tables(asked, staged), *odd])]


def _compute(
    task: PartTask, workers: Workers, progress: ProgressReporter
) -> tuple[Calculation, list[Path]]:
    """Compute the parts, and what is left once they are known.

    Returns:
        The calculation as it then is, and the folders of the parts.
    """
    compute_parts(task, workers, progress)
    parts = range(task.staged.parts)
    folders = [task.folder_of(part) for part in parts]
    calculation = task.calculation.further(folders)
    if calculation is None:
        return task.calculation, folders
    task = replace(task, calculation=calculation, further=True)
    compute_parts(task, workers, progress)
    return calculation, folders + [task.folder_of(part) for part in parts]


@contextmanager
def _forgotten_if_refused(work: Path) -> Iterator[None]:
    """Leave nothing of a run that is refused: once corrected, it is another one."""
    try:
        yield
    except (TableError, RequestError):
        (work / "manifest.json").unlink(missing_ok=True)
        raise


def _check_reforms(asked: RunRequest) -> None:
    """Refuse reforms that other processes cannot have."""
    for one in asked.calculation.reforms:
        if one is not None and not one.travels:
            reason = "is known to this process alone: other workers cannot import it"
            remedy = "Put it in a Python file, or use one worker"
            raise ReformError([TableProblem(one.origin, reason, remedy)])


def _check_unchanged(asked: RunRequest, before: list) -> None:
    """Refuse tables that are not those whose digests were taken."""
    if stamps(asked) != before:
        message = "a table was changed while it was read: start again"
        raise RequestError(message)


def _over_years(asked: RunRequest, staged: Staged) -> Calculation:
    """Complete what is asked with the years that the tables touch.

    Raises:
        RequestError: They do not say; it names the row that ends last, if one does.
    """
    try:
        return asked.calculation.over(staged.first_year, staged.last_year)
    except RequestError as error:
        if not staged.last_end:
            raise
        file, row, day = staged.last_end
        message = f"{error}. The last end, {day}, is in {file}, row {row}"
        raise RequestError(message) from error


def _known(
    asked: RunRequest, staged: Staged, calculation: Calculation
) -> dict[str, object]:
    """Say what is known of a run before anything is computed."""
    asked, years = replace(asked, calculation=calculation), calculation.years
    return {
        "years": [years.start, years.stop - 1],
        "rows": {name: {"in": count} for name, count in staged.rows.items()},
        "warnings": [*map(translated, warnings_before(asked, years, staged))],
    }
