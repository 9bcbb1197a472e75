"""The steps of a run, each of which can be gone on with: divide, check, compute."""

import uuid
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.names import meant
from openfisca_isv.population.bad_input import RequestError, TableError, TableProblem
from openfisca_isv.population.checks.cell_faults import (
    NO_FAULTS,
    Wording,
    add_found,
    count_faults,
    count_rejects,
    oddity_warnings,
)
from openfisca_isv.population.checks.row_checks import set_aside
from openfisca_isv.population.checks.table_headers import inspect, no_mission
from openfisca_isv.population.language import say
from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.runs.parts import (
    ASIDE,
    FOUND,
    PartTask,
    check_part,
    compute_part,
)
from openfisca_isv.population.runs.progress import ProgressReporter
from openfisca_isv.population.runs.staging import Staged, stage
from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.store import CHECKED, STAGED, Store
from openfisca_isv.population.tables.database import Connection
from openfisca_isv.population.tables.sources import InMemoryTable, Source, files_of
from openfisca_isv.population.tables.writing import TableWriter, is_french
from openfisca_isv.population.workbooks.workbook_tables import is_workbook, with_sheets

#: Bytes of tables that hardly fill a part; compressed, a table is so much smaller.
_SMALL, _COMPRESSED = 8 << 20, 12
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
class RunRequest:
    """What the user asks of a run.

    Attributes:
        sources: Where each table that is given comes from, by name.
        calculation: What is computed.
        rejects: Where rows at fault are set aside; else they stop the run.
        max_rejects: The share of the missions that may be set aside.
        part_size: Missions computed at once, about; by default what memory allows.
        labels: The tools that get a script to read the results, with labels.
        only: The volunteer whose rows alone are read, with the organisations.
    """

    sources: Mapping[str, Source]
    calculation: Calculation
    rejects: Path | None = None
    max_rejects: float = 1.0
    part_size: int | None = None
    labels: tuple[str, ...] = ()
    only: str | None = None

    @property
    def is_small(self) -> bool:
        """Whether the tables are likely to fit in one part."""
        files = [one for source in self.sources.values() for one in files_of(source)]
        return self.part_size is None and sum(map(_size, files)) <= _SMALL

    def __post_init__(self) -> None:
        """Complete the size of parts, and take the sheets of workbooks for tables."""
        size = self.part_size or self.calculation.part_size
        object.__setattr__(self, "part_size", size)
        if any(map(is_workbook, self.sources.values())):
            sheets = with_sheets(self.sources, self.calculation.kinds())
            object.__setattr__(self, "sources", sheets)


def _size(file: Source) -> int:
    """Return about how many bytes a table would have as CSV."""
    if isinstance(file, InMemoryTable):
        return file.table.nbytes
    times = _COMPRESSED if file.suffix.lower() in {".gz", ".parquet"} else 1
    return times * file.stat().st_size


@dataclass(frozen=True)
class Inspected:
    """The headers of the tables.

    Attributes:
        sources: Where each table comes from that can be read, and the columns read.
        ignored: The columns of each table that are left out, as the user asks.
        problems: What is wrong with them.
    """

    sources: Mapping[str, tuple[Source, list[str]]]
    ignored: Mapping[str, list[str]]
    problems: Sequence[TableProblem]


def inspect_headers(asked: RunRequest) -> Inspected:
    """Look at the headers of the tables, and whether they answer what is asked.

    Raises:
        RequestError: What is asked is not available, or needs a column that no table
            has.
    """
    kinds = asked.calculation.kinds()
    headers = {
        name: inspect(kinds, name, source) for name, source in asked.sources.items()
    }
    problems = [problem for one in headers.values() for problem in one.problems]
    columns = {name: one.columns for name, one in headers.items() if one.columns}
    ignored = {name: one.ignored for name, one in headers.items() if one.ignored}
    try:
        asked.calculation.check(columns)
        _check_ignored(asked, columns, ignored)
    except RequestError as error:
        if not problems:
            raise
        # A name that is mistyped may be why a column is not known.
        problems.append(TableProblem(say("the command"), str(error), "Correct it"))
    sources = {name: (asked.sources[name], one) for name, one in columns.items()}
    return Inspected(sources, ignored, problems)


def _check_ignored(
    asked: RunRequest,
    columns: Mapping[str, Sequence[str]],
    ignored: Mapping[str, Sequence[str]],
) -> None:
    """Refuse to ignore a column that no table has."""
    found = {one for names in ignored.values() for one in names}
    for name in asked.calculation.ignore:
        if name not in found:
            message = f'no table has a column "{name}" to ignore'
            have = [one for names in columns.values() for one in names]
            raise RequestError(message + meant(name, [*found, *have], start=". "))


def divide(
    asked: RunRequest,
    inspected: Inspected,
    store: Store,
    progress: ProgressReporter,
) -> Staged:
    """Divide the tables into parts, unless it was done before."""
    if (told := store.account_of(STAGED)) is not None:
        return Staged(**told)
    sources, problems = inspected.sources, [*inspected.problems]
    # What was computed of parts that are divided again may be of other volunteers.
    store.forget("parts", STAGED, CHECKED)
    if "missions" not in sources:
        raise TableError(problems)
    progress.start("read", None, "rows")
    kinds, months = asked.calculation.kinds(), asked.calculation.months
    with store.new_tables() as connection:
        try:
            how = asked.part_size, months, progress.advance, asked.only
            staged = stage(connection, kinds, sources, *how)
            staged.ignored = dict(inspected.ignored)
        except TableError as error:
            raise TableError([*problems, *error.problems]) from error
        if not staged.rows["missions"] and asked.only is None:
            problems = [*problems, no_mission(asked.sources["missions"])]
        if problems or (asked.rejects and count_faults(connection, "uneven")):
            # Whose row it is that has too few cells, or too many, nobody can tell.
            raise _table_error(asked, connection, staged, problems)
    store.add(STAGED, asdict(staged))
    return staged


def check_parts(
    asked: RunRequest, task: PartTask, workers: Workers, progress: ProgressReporter
) -> list[str]:
    """Check what the facts of each part say together, before anything is computed.

    Returns:
        Warnings of what is odd.
    """
    staged, store = task.staged, task.store
    if (told := store.account_of(CHECKED)) is not None:
        return told
    store.forget(CHECKED)
    progress.start("check", staged.parts, "parts")
    found = [NO_FAULTS]
    for _, of_part in workers.run(check_part, task, range(staged.parts)):
        found.append(of_part)
        progress.advance()
    kept = {FOUND: pa.concat_tables(found)}
    with store.tables() as connection:
        add_found(connection, kept[FOUND])
        if count_faults(connection) and not asked.rejects:
            raise _table_error(asked, connection, staged, [])
        warnings = oddity_warnings(connection)
        if asked.rejects:
            set_aside(connection, staged.columns)
            _check_share(asked, connection, staged)
            kept[ASIDE] = connection.sql("FROM aside").to_arrow_table()
    store.add(CHECKED, warnings, kept.items())
    return warnings


def compute_parts(task: PartTask, workers: Workers, progress: ProgressReporter) -> None:
    """Compute the parts that are not there yet."""
    parts = range(task.staged.parts)
    left = [one for one in parts if task.store.account_of(task.name_of(one)) is None]
    # What was damaged meanwhile is computed again.
    task.store.forget(*map(task.name_of, left))
    progress.start("compute", len(left), "parts")
    for _ in workers.run(compute_part, task, left):
        progress.advance()


def write_rejects(
    asked: RunRequest, task: PartTask, kept: Mapping[str, int]
) -> dict[str, int]:
    """Write the rows at fault with their reasons.

    Returns:
        How many there are, by table.
    """
    staged = task.staged
    counts = dict.fromkeys(staged.rows, 0)
    draft = asked.rejects.with_name(f".{asked.rejects.name}-{uuid.uuid4().hex}")
    french = is_french(asked.calculation.file_format)
    try:
        with (
            task.store.tables() as connection,
            closing(TableWriter(draft, REJECTS, french=french)) as writer,
        ):
            add_found(connection, task.store.checked(FOUND))
            set_aside(connection, staged.columns)
            wording = Wording(
                connection, asked.calculation.kinds(), asked.sources, staged.columns
            )
            for rejects in wording.rejects():
                writer.write(rejects)
                for name in counts:
                    counts[name] += pc.sum(pc.equal(rejects["table"], name)).as_py()
        for name, count in staged.rows.items():
            if count != kept.get(name, 0) + counts[name]:
                message = (
                    f"rows of {name} were lost: {count} in, {kept} kept, {counts} not"
                )
                raise RuntimeError(message)
        draft.replace(asked.rejects)
    except OSError as error:
        if error.filename != str(draft):
            raise
        raise OSError(error.errno, error.strerror, str(asked.rejects)) from error
    finally:
        draft.unlink(missing_ok=True)
    return counts


def _check_share(asked: RunRequest, connection: Connection, staged: Staged) -> None:
    """Refuse to set aside all the missions, or a larger share than is allowed."""
    total = staged.rows["missions"]
    rejected = count_rejects(connection, "missions")
    if rejected < total and rejected <= asked.max_rejects * total:
        return
    reason = f"would lose {rejected:,} of its {total:,} rows to --rejects"
    if rejected < total:
        reason += f", more than --max-rejects {asked.max_rejects:g} allows"
    problem = TableProblem(str(asked.sources["missions"]), reason, "Correct the rows")
    raise _table_error(asked, connection, staged, [problem])


def _table_error(
    asked: RunRequest,
    connection: Connection,
    staged: Staged,
    problems: Sequence[TableProblem],
) -> TableError:
    kinds = asked.calculation.kinds()
    wording = Wording(connection, kinds, asked.sources, staged.columns)
    return TableError([*problems, *wording.problems()], [*wording.listed()])
