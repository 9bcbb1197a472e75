"""What a run has done so far: in memory, or in a folder from which it can go on."""

import json
import os
import shutil
import threading
import uuid
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from openfisca_isv.population.tables.database import Connection, cursor, database
from openfisca_isv.population.tables.writing import write_files, write_whole

#: How many cores read, sort and check the tables, at most.
_CORES = 4
_DATABASE = "tables.duckdb"
#: The stages before the parts: tables divided, and checked.
STAGED, CHECKED = "staged", "checked"
_ACCOUNT = "account.json"
_AT_ONCE = 1 << 20
#: A file of results in Parquet is a folder of these.
_PART = "part-{:05}.parquet"
#: The database that the process keeps open, and which it is.
_KEPT: dict[tuple, tuple[ExitStack, Connection]] = {}
_LOCK = threading.Lock()

#: Names with some rows each, in any number; one with a suffix is a file of results,
#: the others are sums that are added up over the parts.
Computed = Iterable[tuple[str, pa.Table]]


class ResultFiles:
    """Results in a folder."""

    def __init__(self, folder: Path, *, french: bool = False) -> None:
        self.folder, self._french = folder, french

    def add(self, rows: Computed, metadata: Mapping[str, str]) -> None:
        """Write rows of files of results."""
        placed = self._placed(rows)
        write_files(self.folder, placed, dict(metadata), french=self._french)

    def _placed(self, rows: Computed) -> Computed:
        """Make the folders in which files go."""
        for name, some in rows:
            (self.folder / name).parent.mkdir(exist_ok=True)
            yield name, some


class ResultTables:
    """Results in memory, as Parquet would give them back: codes as texts."""

    def __init__(self) -> None:
        self._parts: dict[str, list[pa.Table]] = defaultdict(list)

    def add(self, rows: Computed, metadata: Mapping[str, str]) -> None:
        """Keep rows of files of results."""
        for name, some in rows:
            fields = [
                (one.name, getattr(one.type, "value_type", one.type))
                for one in some.schema
            ]
            stem = name.partition("/")[0].rpartition(".")[0]
            self._parts[stem].append(some.cast(pa.schema(fields, metadata)))

    def tables(self) -> dict[str, pa.Table]:
        """Return the tables by name."""
        return {one: pa.concat_tables(self._parts[one]) for one in sorted(self._parts)}


Results = ResultFiles | ResultTables


class MemoryStore:
    """What a run has done, in memory: one that is stopped starts over.

    Args:
        results: Where rows of results go as they are computed.
    """

    #: A file for what does not fit in memory.
    spill = None

    def __init__(self, results: Results) -> None:
        self._results = results
        self._opened = ExitStack()
        self._connection: Connection | None = None
        self._accounts: dict[str, object] = {}
        self._tables: dict[str, list[pa.Table]] = defaultdict(list)

    def close(self) -> None:
        """Forget all."""
        self._opened.close()
        self._tables.clear()

    @contextmanager
    def new_tables(self) -> Iterator[Connection]:
        """Make the database of what is divided."""
        opened = database(threads=min(os.cpu_count() or 1, _CORES))
        self._connection = self._opened.enter_context(opened)
        yield self._connection
        self._connection.execute("SET preserve_insertion_order = true")

    @contextmanager
    def tables(self) -> Iterator[Connection]:
        """Open the database of what is divided again."""
        with cursor(self._connection) as again:
            yield again

    def account_of(self, name: str) -> object:
        """Return what was told of a stage, or of a part; ``None`` if it is not done."""
        return self._accounts.get(name)

    def forget(self, *names: str) -> None:
        """Forget stages: here nothing is older than the run."""

    def add(
        self,
        name: str,
        account: object,
        computed: Computed = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Keep a stage or a part; rows of results go where these are."""
        self._results.add(self._apart(computed), metadata or {})
        self._accounts[name] = account

    def _apart(self, computed: Computed) -> Computed:
        """Keep the sums, and yield the rows of results."""
        for name, rows in computed:
            if name.endswith(".parquet"):
                yield f"{name}/{_PART.format(0)}", rows
            elif "." in name:
                yield name, rows
            else:
                self._tables[name].append(rows)

    def checked(self, name: str) -> pa.Table:
        """Return what was kept of the checks under a name."""
        return self._tables[name][0]

    def sums(self, name: str) -> list[pa.Table]:
        """Return what the parts have under a name."""
        return self._tables[name]

    def view(self, connection: Connection, name: str, view: str) -> None:
        """Make what the parts have under a name a view of another database."""
        connection.register(view, pa.concat_tables(self._tables[name]))

    def gather(self, name: str, results: Results) -> None:
        """Put rows of results together: they are where they should be."""


@dataclass(frozen=True)
class FolderStore:
    """What a run has done, in a folder, whole or not at all.

    A folder is added when it is whole, with the checksums of its files: what was
    damaged since is not there.
    """

    work: Path
    french: bool = False

    @property
    def spill(self) -> Path:
        """A file for what does not fit in memory."""
        return self.work / "parts" / ".sums.duckdb"

    def close(self) -> None:
        """Keep no database open: the disk would keep the room of its file."""
        for stack, _ in _KEPT.values():
            stack.close()
        _KEPT.clear()

    @contextmanager
    def new_tables(self) -> Iterator[Connection]:
        """Make the database of what is divided."""
        self.close()
        folder = self.work / STAGED
        folder.mkdir(parents=True)
        threads = min(os.cpu_count() or 1, _CORES)
        with database(folder / _DATABASE, threads=threads) as connection:
            yield connection

    @contextmanager
    def tables(self) -> Iterator[Connection]:
        """Open the database of what is divided; a process keeps it for its parts."""
        path = self.work / STAGED / _DATABASE
        file = path.stat()
        key = path, file.st_ino, file.st_mtime_ns
        with _LOCK:
            if key not in _KEPT:
                self.close()
                stack = ExitStack()
                _KEPT[key] = stack, stack.enter_context(database(path, read_only=True))
            _, connection = _KEPT[key]
        with cursor(connection) as again:
            yield again

    def account_of(self, name: str) -> object:
        """Return what was told of a folder; ``None`` unless it is as it was added."""
        folder = self.work / name
        try:
            crc, _, text = (folder / _ACCOUNT).read_text("utf-8").partition(" ")
            if crc != str(zlib.crc32(text.encode())):
                return None
            account = json.loads(text)
            is_whole = all(
                _length_and_crc(folder / name) == listed
                for name, listed in account["files"].items()
            )
        except (OSError, UnicodeDecodeError):
            return None
        return account["told"] if is_whole else None

    def forget(self, *names: str) -> None:
        """Remove folders, and what of parts is not whole."""
        for one in names:
            shutil.rmtree(self.work / one, ignore_errors=True)
        for draft in (self.work / "parts").glob(".*"):
            shutil.rmtree(draft, ignore_errors=True)

    def add(
        self,
        name: str,
        account: object,
        computed: Computed = (),
        metadata: Mapping[str, str] | None = None,
    ) -> None:
        """Write a folder beside its place and rename it; that of tables is there."""
        place = self.work / name
        if name == STAGED:
            _seal(place, account)
        if place.exists():
            return
        # Where ``forget`` finds what a process that was killed has left.
        draft = self.work / "parts" / f".{place.name}-{uuid.uuid4().hex}"
        draft.mkdir(parents=True)
        files = (
            (one if "." in one else f"{one}.parquet", rows) for one, rows in computed
        )
        try:
            write_files(draft, files, dict(metadata or {}), french=self.french)
            _seal(draft, account)
            try:
                draft.rename(place)
            except OSError:
                # Another process did the same part: the same bytes.
                if not place.exists():
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def checked(self, name: str) -> pa.Table:
        """Return what was kept of the checks under a name."""
        return pq.read_table(self.work / CHECKED / f"{name}.parquet")

    def sums(self, name: str) -> list[pa.Table]:
        """Return what the parts have under a name."""
        return [pq.read_table(one) for one in self._files(f"{name}.parquet")]

    def view(self, connection: Connection, name: str, view: str) -> None:
        """Make what the parts have under a name a view of another database."""
        files = [str(one) for one in self._files(f"{name}.parquet")]
        connection.read_parquet(files).create_view(view, replace=True)

    def gather(self, name: str, results: ResultFiles) -> None:
        """Put rows of results together.

        CSV parts make one file; Parquet parts stay files of one folder, which any
        reader of Parquet takes for one table.
        """
        target = results.folder / name
        if name.endswith(".csv"):
            _join(self._files(name), target)
            return
        target.mkdir()
        for part, file in enumerate(self._files(name)):
            _link(file, target / _PART.format(part))

    def _files(self, name: str) -> list[Path]:
        """List what the parts have under a name, in the order of the parts."""
        parts = [one for one in (self.work / "parts").iterdir() if one.name[0] != "."]
        parts.sort(key=lambda one: (len(one.name), one.name))
        return [one / name for one in parts if (one / name).exists()]


Store = MemoryStore | FolderStore


def _seal(folder: Path, told: object) -> None:
    """Say on the disk that a folder is whole, and tell something of it."""
    files = {
        one.name: _length_and_crc(one)
        for one in sorted(folder.iterdir())
        if one.is_file()
    }
    text = json.dumps({"told": told, "files": files})
    write_whole(folder / _ACCOUNT, f"{zlib.crc32(text.encode())} {text}")


def _length_and_crc(path: Path) -> list[int]:
    length = total = 0
    with path.open("rb") as file:
        while block := file.read(_AT_ONCE):
            length, total = length + len(block), zlib.crc32(block, total)
    return [length, total]


def _join(files: Iterable[Path], target: Path) -> None:
    """Join CSV files, with the header of the first."""
    with target.open("wb") as joined:
        for place, one in enumerate(files):
            with one.open("rb") as file:
                if place:
                    file.readline()
                shutil.copyfileobj(file, joined, _AT_ONCE)
        joined.flush()
        os.fsync(joined.fileno())


def _link(source: Path, target: Path) -> None:
    """Give a file a second place, without a copy where the disk allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
