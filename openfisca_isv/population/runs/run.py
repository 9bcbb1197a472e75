"""A run: tables in, parts of whole volunteers, results out, whatever happens.

It can be killed at any moment. What was divided and what was computed stays in a work
folder beside the results; the same command goes on from there, with the same results
to the byte.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openfisca_isv.population.bad_input import ReformError, RequestError, TableError
from openfisca_isv.population.labels.reading_scripts import write_scripts
from openfisca_isv.population.language import translated
from openfisca_isv.population.model.calculation import Calculation, metadata_of
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
from openfisca_isv.population.runs.staging import Staged
from openfisca_isv.population.runs.warnings import of_tables, warnings_before
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.store import (
    STAGED,
    FolderStore,
    MemoryStore,
    ResultFiles,
    Results,
    ResultTables,
    Store,
)
from openfisca_isv.population.tables.typed_tables import Tables, complete
from openfisca_isv.population.tables.writing import is_french


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
    """Run a calculation into a folder, or go on with a run that was interrupted.

    Tables that fit in one part are computed in memory: if that is interrupted, the
    same command starts over.

    Args:
        asked: The tables, and what is asked of them.
        out: The folder of the results.
        workers: Who does the parts.
        progress: Told of the progress.
        command: The words of the command, for the account of the run.
        replace: Start over whatever the folder holds.

    Raises:
        TableError: The tables cannot be used; nothing is left of the run.
        RequestError: What is asked cannot be computed, or another run, or a file that
            no run made, is in the way.
        WorkerLostError: A process was killed; the same command goes on.
        OSError: A file cannot be read or written; the same command goes on.
    """
    out = out.absolute()
    if workers.count > 1 or workers.scheduler:
        _check_reforms(asked)
    begun = _Run(asked, workers, progress)
    with locked(out) as work, workers, ExitStack() as opened:
        claim(out, begun.makers, replace=replace)
        french = is_french(asked.calculation.file_format)
        results = ResultFiles(work / "made", french=french)
        shutil.rmtree(results.folder, ignore_errors=True)
        results.folder.mkdir()
        folder = FolderStore(work, french=french)
        stores = [opened.enter_context(closing(folder))]
        if asked.is_small and not workers.scheduler and not folder.account_of(STAGED):
            stores.insert(0, opened.enter_context(closing(MemoryStore(results))))
        try:
            done = begun.computed(*begun.divided(stores), results)
        except (TableError, RequestError):
            # Once corrected, it is another run: nothing is left of this one.
            (work / "manifest.json").unlink(missing_ok=True)
            raise
        account = done.account
        write_scripts(results.folder, asked.labels, asked.calculation.laws(), out.name)
        account["command_line"] = list(command)
        account["results"] = sorted(one.name for one in results.folder.iterdir())
        text = json.dumps(account, indent=1, ensure_ascii=False)
        (results.folder / RUN).write_text(f"{text}\n", "utf-8")
        publish(out, results.folder, replace=replace)
    return done


def run_in_memory(
    asked: RunRequest, workers: int = 1
) -> tuple[Done, dict[str, pa.Table]]:
    """Run a calculation that writes no file.

    Several processes share the parts in a temporary folder.

    Returns:
        What it came to, and the tables of results by name.
    """
    if workers > 1:
        _check_reforms(asked)
    with ProgressReporter(quiet=True) as progress:
        if workers > 1 and not asked.is_small:
            with tempfile.TemporaryDirectory(prefix="openfisca-isv-") as folder:
                out = Path(folder) / "results"
                done = run(asked, out, Workers(workers), progress)
                files = sorted(out.glob("*.parquet"))
                return done, {one.stem: pq.read_table(one) for one in files}
        results = ResultTables()
        begun = _Run(asked, Workers(), progress)
        with closing(MemoryStore(results)) as store:
            done = begun.computed(*begun.divided([store]), results)
        return done, results.tables()


def read(asked: RunRequest) -> Tables:
    """Read and check tables that fit in memory, and compute nothing."""
    with ProgressReporter(quiet=True) as progress:
        store = MemoryStore(ResultTables())
        with closing(store):
            task, _ = _checked(asked, store, Workers(), progress)
            return complete(asked.calculation.kinds(), task.rows_of(0))


def check(
    asked: RunRequest, workers: Workers, progress: ProgressReporter
) -> tuple[dict[str, int], list[str]]:
    """Check tables alone.

    Returns:
        The rows of each table, and warnings of what is odd.
    """
    with workers, ExitStack() as opened:
        store = MemoryStore(ResultTables())
        if not asked.is_small:
            folder = tempfile.TemporaryDirectory(prefix="openfisca-isv-")
            store = FolderStore(Path(opened.enter_context(folder)))
        opened.enter_context(closing(store))
        task, odd = _checked(asked, store, workers, progress)
    told = [*of_tables(asked, task.staged), *odd]
    return task.staged.rows, [*map(translated, told)]


def _checked(
    asked: RunRequest, store: Store, workers: Workers, progress: ProgressReporter
) -> tuple[PartTask, list[str]]:
    """Divide and check tables; return how their parts are read, and what is odd."""
    staged = divide(asked, inspect_headers(asked), store, progress)
    task = PartTask(store, staged, asked.calculation)
    return task, check_parts(asked, task, workers, progress)


class _Run:
    """What is asked, once it is known that the headers of the tables answer it."""

    def __init__(
        self, asked: RunRequest, workers: Workers, progress: ProgressReporter
    ) -> None:
        self._asked, self._workers, self._progress = asked, workers, progress
        self._headers = inspect_headers(asked)
        progress.start("digests", len(asked.sources), "tables")
        self._stamps = stamps(asked)
        self.makers = manifest(asked)

    def divided(self, stores: Sequence[Store]) -> tuple[Store, Staged]:
        """Divide the tables in the first store, in the next if that makes parts."""
        for store in stores:
            staged = divide(self._asked, self._headers, store, self._progress)
            if staged.parts == 1 or store is stores[-1]:
                break
            store.close()
        if stamps(self._asked) != self._stamps:
            message = "a table was changed while it was read: start again"
            raise RequestError(message)
        return store, staged

    def computed(self, store: Store, staged: Staged, results: Results) -> Done:
        """Check and compute the parts, and put their results together."""
        asked, shared = self._asked, (self._workers, self._progress)
        task = PartTask(store, staged, asked.calculation)
        # What is wrong with cells comes before what follows from it.
        odd = check_parts(asked, task, *shared)
        calculation = _over_years(asked, staged)
        years = calculation.years
        account = self.makers | {
            "years": [years.start, years.stop - 1],
            "rows": {name: {"in": count} for name, count in staged.rows.items()},
        }
        known = replace(asked, calculation=calculation)
        told = warnings_before(known, years, staged)
        account["warnings"] = [*map(translated, told)]
        metadata = metadata_of(account)
        task = PartTask(store, staged, calculation, bool(asked.rejects), metadata)
        compute_parts(task, *shared)
        if further := calculation.further(store):
            calculation = further
            more = replace(task, calculation=further, further=True)
            compute_parts(more, *shared)
        self._progress.start("gather", staged.parts, "parts")
        parts = [store.account_of(task.name_of(part)) for part in range(staged.parts)]
        kept = {
            name: sum(one["rows"].get(name, 0) for one in parts) for name in staged.rows
        }
        rejected = write_rejects(asked, task, kept) if asked.rejects else {}
        account["rows"] = {
            name: {"in": count, "out": kept[name], "rejected": rejected.get(name, 0)}
            for name, count in staged.rows.items()
        }
        account["warnings"] += map(translated, odd)
        account["volunteers"] = sum(one["volunteers"] for one in parts)
        found = calculation.gather(store, results, account)
        account["warnings"] += map(translated, calculation.warnings(found))
        account |= in_force(asked, staged.first_year or years.start, years.stop - 1)
        return Done(found, account)


def _check_reforms(asked: RunRequest) -> None:
    """Refuse reforms that other processes cannot have."""
    for one in asked.calculation.reforms:
        if one is not None and not one.travels:
            reason = "is known to this process alone: other workers cannot import it"
            remedy = "Put it in a Python file, or use one worker"
            raise ReformError.of(one.origin, reason, remedy)


def _over_years(asked: RunRequest, staged: Staged) -> Calculation:
    """Complete what is asked with the years of the tables, or name their last end."""
    try:
        return asked.calculation.over(staged.first_year, staged.last_year)
    except RequestError as error:
        if not staged.last_end:
            raise
        file, row, day = staged.last_end
        message = f"{error}. The last end, {day}, is in {file}, row {row}"
        raise RequestError(message) from error
