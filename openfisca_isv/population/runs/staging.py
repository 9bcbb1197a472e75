"""Tables divided on disk into parts of whole volunteers.

A part holds the volunteers whose identifiers lie between two others, in the order of
their bytes. Where the limits lie has no effect on the results: they are computed
volunteer by volunteer, and handed over in the order of the identifiers.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.countries import Country
from openfisca_isv.population.runs.folder import read_account, write_whole
from openfisca_isv.population.runs.keys import hashes, sorting_keys
from openfisca_isv.population.runs.seals import is_whole, seal
from openfisca_isv.population.runs.study import Study
from openfisca_isv.population.tables.cells import Cell, Member
from openfisca_isv.population.tables.faults import NO_FAULTS
from openfisca_isv.population.tables.loading import FILE, ROW, load, schema_of
from openfisca_isv.population.tables.sources import Source
from openfisca_isv.population.tables.writing import read_ipc

_STAGED = "staged.json"
_LIVES = ("missions", "volunteers", "monthly")


@dataclass
class Staged:
    """What was divided.

    Attributes:
        parts: How many parts there are.
        rows: The rows of each table that was given.
        first_year: The year of the first start of a mission.
        last_year: The year of the last end, or of the last monthly fact.
        unknown: How many missions leave empty a column that the table must have.
        namibia: How many rows have ``NA`` as a country, by column.
    """

    parts: int
    rows: dict[str, int] = field(default_factory=dict)
    first_year: int | None = None
    last_year: int | None = None
    unknown: dict[str, int] = field(default_factory=dict)
    namibia: dict[str, int] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        """Say on the disk that all is divided."""
        account = {"staged": asdict(self), "files": seal(folder)}
        write_whole(folder / _STAGED, json.dumps(account))

    @classmethod
    def saved(cls, folder: Path) -> "Staged | None":
        """Give what was divided before, if all was, and all is as it was written."""
        account = read_account(folder / _STAGED) or {}
        if not is_whole(folder, account.get("files")):
            return None
        try:
            return cls(**account["staged"])
        except (KeyError, TypeError):
            return None


@dataclass(frozen=True)
class Division:
    """How tables are divided; what a process needs to know to divide one.

    Attributes:
        study: What is asked, hence what each table may hold.
        sources: Where each table that was given comes from, and its known columns.
        folder: Where the parts go; it exists, and is empty.
        limits: The volunteers with whom all parts but the first begin.
    """

    study: Study
    sources: Mapping[str, tuple[Source, list[str]]]
    folder: Path
    limits: numpy.ndarray


@dataclass(frozen=True)
class Divided:
    """What was found in one table that was divided.

    Attributes:
        rows: How many rows it has.
        found: The faults of single rows.
        span: The years of the first start, and of the last end or month.
        organisations: The organisations that missions name.
        unknown: How many rows leave empty a column that the table must have.
        namibia: How many rows have ``NA`` as a country, by column.
    """

    rows: int
    found: pa.Table
    span: tuple[int | None, int | None]
    organisations: pa.Array | None
    unknown: dict[str, int]
    namibia: dict[str, int]


def stage(
    division: Division,
    share_out: Callable[..., Iterable[tuple[str, Divided]]],
    advance: Callable[[int], None],
) -> tuple[Staged, pa.Table]:
    """Read the tables once, and divide them into parts.

    Args:
        division: How they are divided.
        share_out: Does ``divide_table`` for each table, here or elsewhere.
        advance: Told of the rows that were read.

    Returns:
        What was divided, and the faults of single rows.
    """
    sources, limits = division.sources, division.limits
    divided = {}
    for name, one in share_out(divide_table, division, list(sources)):
        divided[name] = one
        advance(one.rows)
    starts = [one.span[0] for one in divided.values() if one.span[0] is not None]
    ends = [one.span[1] for one in divided.values() if one.span[1] is not None]
    unknown = divided["missions"].unknown
    staged = Staged(
        parts=len(limits) + 1,
        rows={name: divided[name].rows for name in sources},
        first_year=min(starts, default=None),
        last_year=max(ends, default=None),
        unknown={one: count for one, count in unknown.items() if count},
        namibia={
            column: count
            for one in divided.values()
            for column, count in one.namibia.items()
            if count
        },
    )
    named = divided["missions"].organisations
    if named is not None and "organisations" not in sources:
        table = pa.table({"organisation": named}).sort_by("organisation")
        with _Writers(division.folder, "organisations", table.schema, 1) as writers:
            writers.write(table, limits[:0])
    found = [divided[name].found for name in sources]
    return staged, pa.concat_tables([NO_FAULTS, *found])


def divide_table(division: Division, name: str) -> Divided:
    """Read one table, and write each row to its part."""
    source, columns = division.sources[name]
    kind, folder = division.study.kinds()[name], division.folder
    is_life = name in _LIVES and "volunteer" in columns
    limits = division.limits if is_life else division.limits[:0]
    rows, span, found = 0, (None, None), [NO_FAULTS]
    numbers, organisations = [], None
    unknown = {
        one: 0 for one in kind.required if one in columns and one not in kind.filled
    }
    namibia = {one: 0 for one in columns if _is_country(kind.cells[one])}
    schema = schema_of(kind, columns)
    with _Writers(folder, name, schema, len(limits) + 1) as writers:
        for some, wrong in load(kind, source, columns):
            rows += len(some) + _uneven(wrong)
            found += wrong
            writers.write(some, limits)
            span = _note_years(span, some)
            for one in unknown:
                unknown[one] += some[one].null_count
            for one in namibia:
                namibia[one] += pc.sum(pc.equal(some[one], "NA")).as_py() or 0
            if name == "missions":
                if "mission" in columns:
                    numbers.append(hashes(some["mission"].combine_chunks()))
                if "organisation" in columns:
                    named = some["organisation"].unique().drop_null()
                    organisations = _union(organisations, named)
    if name == "missions":
        repeated = _repeated(folder, len(limits) + 1, numbers)
        with _Writers(folder, "repeated", repeated.schema, 1) as writers:
            writers.write(repeated, limits[:0])
    return Divided(rows, pa.concat_tables(found), span, organisations, unknown, namibia)


def read_part(folder: Path, name: str, part: int = 0) -> pa.Table | None:
    """Read the rows of a table in a part, or ``None`` where it was not given."""
    path = folder / f"{name}-{part:05}.arrow"
    return read_ipc(path) if path.exists() else None


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


def _note_years(
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


def _is_country(cell: Cell) -> bool:
    """Tell whether a column holds countries."""
    return isinstance(cell, Member) and cell.members is Country


def _uneven(found: list[pa.Table]) -> int:
    """Count the rows that could not even be divided into cells."""
    return sum(len(one) for one in found if len(one) and not one["column"][0].is_valid)


def _union(known: pa.Array | None, more: pa.Array) -> pa.Array:
    """Give all the names of two lists."""
    if known is None:
        return more
    return pa.chunked_array([known, more]).unique()
