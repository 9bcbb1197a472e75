"""Tables divided on disk into parts of whole volunteers.

A part holds the volunteers whose identifiers lie between two others, in the order of
their bytes. Where the limits lie has no effect on the results: they are computed
volunteer by volunteer, and handed over in the order of the identifiers.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.runs.keys import hashes, sorting_keys
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.faults import NO_FAULTS
from openfisca_isv.population.tables.loading import FILE, ROW, load, schema_of
from openfisca_isv.population.tables.sources import count_at_most, files_of, read_file

_LIVES = ("missions", "volunteers", "monthly")
#: Months of a volunteer weigh less than missions.
_MONTHS_FOR_ONE_MISSION = 6
#: Each part keeps a file open while tables are divided.
_MOST_PARTS = 900
_SAMPLE_FOR_A_PART = 200


@dataclass
class Staged:
    """What was divided.

    Attributes:
        parts: How many parts there are.
        rows: The rows of each table that was given.
        first_year: The year of the first start of a mission.
        last_year: The year of the last end, or of the last monthly fact.
    """

    parts: int
    rows: dict[str, int] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None

    def save(self, folder: Path) -> None:
        """Say on the disk that all is divided."""
        (folder / "staged.json").write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def saved(cls, folder: Path) -> "Staged | None":
        """Give what was divided before, if all was."""
        path = folder / "staged.json"
        return cls(**json.loads(path.read_text("utf-8"))) if path.exists() else None


def stage(
    kinds: Mapping[str, TableKind],
    sources: Mapping[str, tuple[Path, list[str]]],
    folder: Path,
    part_size: int,
    advance: Callable[[int], None],
) -> tuple[Staged, pa.Table]:
    """Read the tables once, and divide them into parts.

    Args:
        kinds: What each table may hold.
        sources: The path and the known columns of each table that was given.
        folder: Where the parts go; it exists, and is empty.
        part_size: Missions of a part, about.
        advance: Told of the rows that were read.

    Returns:
        What was divided, and the faults of single rows.
    """
    limits = _limits(sources, part_size)
    staged = Staged(parts=len(limits) + 1)
    found, numbers, organisations = [NO_FAULTS], [], None
    for name, (path, columns) in sources.items():
        staged.rows[name] = 0
        is_life = name in _LIVES and "volunteer" in columns
        count = staged.parts if is_life else 1
        with _Writers(folder, name, schema_of(kinds[name], columns), count) as writers:
            for rows, wrong in load(kinds[name], path, columns):
                staged.rows[name] += len(rows) + _uneven(wrong)
                found += wrong
                writers.write(rows, limits if is_life else limits[:0])
                years = staged.first_year, staged.last_year
                staged.first_year, staged.last_year = note_years(years, rows)
                if name == "missions":
                    if "mission" in columns:
                        numbers.append(hashes(rows["mission"].combine_chunks()))
                    if "organisation" in columns:
                        named = rows["organisation"].unique().drop_null()
                        organisations = _union(organisations, named)
                advance(len(rows))
    if organisations is not None and "organisations" not in sources:
        table = pa.table({"organisation": organisations}).sort_by("organisation")
        with _Writers(folder, "organisations", table.schema, 1) as writers:
            writers.write(table, limits[:0])
    repeated = _repeated(folder, staged.parts, numbers)
    with _Writers(folder, "repeated", repeated.schema, 1) as writers:
        writers.write(repeated, limits[:0])
    return staged, pa.concat_tables(found)


def read_part(folder: Path, name: str, part: int = 0) -> pa.Table | None:
    """Read the rows of a table in a part, or ``None`` where it was not given."""
    path = folder / f"{name}-{part:05}.arrow"
    if not path.exists():
        return None
    with pa.memory_map(str(path)) as file, pa.ipc.open_stream(file) as stream:
        return stream.read_all()


class _Writers:
    """The open files of a table, one a part."""

    def __init__(self, folder: Path, name: str, schema: pa.Schema, count: int) -> None:
        self._files = [
            pa.OSFile(str(folder / f"{name}-{part:05}.arrow"), "wb")
            for part in range(count)
        ]
        self._streams = [pa.ipc.new_stream(file, schema) for file in self._files]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in self._streams:
            stream.close()
        for file in self._files:
            file.close()

    def write(self, rows: pa.Table, limits: numpy.ndarray) -> None:
        """Write each row to its part."""
        rows = rows.combine_chunks()
        if not len(limits):
            self._streams[0].write_table(rows)
            return
        keys = sorting_keys(rows["volunteer"].chunk(0)) if len(rows) else limits[:0]
        parts = numpy.searchsorted(limits, keys, side="right")
        if (parts[1:] < parts[:-1]).any():
            # Few values: sorted by counting.
            order = numpy.argsort(parts.astype(numpy.int16), kind="stable")
            rows, parts = rows.take(pa.array(order)), parts[order]
        present, starts = numpy.unique(parts, return_index=True)
        for part, start, end in zip(
            present, starts, [*starts[1:], len(rows)], strict=True
        ):
            self._streams[part].write_table(rows.slice(start, end - start))


def _limits(
    sources: Mapping[str, tuple[Path, list[str]]], part_size: int
) -> numpy.ndarray:
    """Choose the volunteers with whom parts begin, from a sample of the missions."""
    path, columns = sources["missions"]
    nothing = numpy.zeros(0, "S1")
    most = sum(count_at_most(file) for file in files_of(path))
    if most <= part_size or "volunteer" not in columns:
        return nothing
    every = max(part_size // _SAMPLE_FOR_A_PART, 1)
    count, sample = 0, []
    for file in files_of(path):
        for batch in read_file(file, "volunteer"):
            names = batch.columns["volunteer"].combine_chunks()
            if pa.types.is_dictionary(names.type):
                names = names.cast(names.type.value_type)
            picked = numpy.arange(-count % every, len(names), every)
            sample.append(sorting_keys(names.cast(pa.string()).take(pa.array(picked))))
            count += len(names)
    parts = min(-(-count // part_size), _MOST_PARTS)
    sample = numpy.sort(numpy.concatenate(sample)) if sample else nothing
    ranks = numpy.arange(1, parts) * len(sample) // max(parts, 1)
    return numpy.unique(sample[ranks])


def _repeated(folder: Path, parts: int, numbers: list[numpy.ndarray]) -> pa.Table:
    """Give the mission identifiers of more than one row, and their first rows."""
    ordered = numpy.sort(numpy.concatenate([numpy.zeros(0, numpy.uint64), *numbers]))
    doubtful = numpy.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    schema = pa.schema({"mission": pa.string(), "first": pa.string()})
    found = [schema.empty_table()]
    rows = []
    for part in range(parts if len(doubtful) else 0):
        missions = read_part(folder, "missions", part)
        if missions is not None and len(missions):
            names = missions["mission"].combine_chunks()
            is_doubtful = numpy.isin(hashes(names), doubtful)
            kept = missions.select(["mission", FILE, ROW]).filter(pa.array(is_doubtful))
            rows.append(kept.filter(kept["mission"].is_valid()))
    if rows:
        rows = pa.concat_tables(rows)
        many = pc.count_distinct(rows[FILE]).as_py() > 1
        rows = rows.sort_by([(FILE, "ascending"), (ROW, "ascending")])
        firsts = rows.group_by("mission", use_threads=False).aggregate(
            [(ROW, "first"), (FILE, "first"), (ROW, "count")]
        )
        firsts = firsts.filter(pc.greater(firsts[f"{ROW}_count"], 1))
        words = pc.binary_join_element_wise(
            "row", firsts[f"{ROW}_first"].cast(pa.string()), " "
        )
        if many:
            words = pc.binary_join_element_wise(words, firsts[f"{FILE}_first"], " of ")
        found.append(pa.table({"mission": firsts["mission"], "first": words}))
    return pa.concat_tables(found).combine_chunks()


def note_years(
    span: tuple[int | None, int | None], rows: pa.Table
) -> tuple[int | None, int | None]:
    """Widen a span of years to the first start, and the last end or month, of rows."""
    first, last = span
    for column in {"start_date", "end_date", "month"} & set(rows.column_names):
        ends = pc.min_max(rows[column])
        if column == "start_date" and (day := ends["min"].as_py()):
            first = day.year if first is None else min(first, day.year)
        elif column != "start_date" and (day := ends["max"].as_py()):
            last = day.year if last is None else max(last, day.year)
    return first, last


def _uneven(found: list[pa.Table]) -> int:
    """Count the rows that could not even be divided into cells."""
    return sum(len(one) for one in found if len(one) and not one["column"][0].is_valid)


def _union(known: pa.Array | None, more: pa.Array) -> pa.Array:
    """Give all the names of two lists."""
    if known is None:
        return more
    return pa.chunked_array([known, more]).unique()
