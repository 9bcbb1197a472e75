"""Faults of rows: found by the thousand, told in a few lines or row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.cells import nearest
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.problems import Problem

#: Different wrong values that are reported of one column; the others are counted.
_MOST_VALUES = 5
#: What is found, in the order in which it is told. The last ones are not told of
#: tables that are refused: they say which rows go with those that are at fault, and
#: what is odd, which is no fault.
CHECKS = ("cell", "uneven", "empty", "duplicate", "contradiction", "reference")
CHECKS += ("duplicated", "party", "life", "oddity")
_SAID = CHECKS.index("reference")
#: A row that is not divided into as many cells as the header.
UNEVEN = CHECKS.index("uneven")
#: Rows that are told of at once.
_ROWS_AT_ONCE = 262_144
#: Between a reason and its remedy, where a detail has both.
_BESIDE = "\x1f"
_TABLES = ("organisations", "missions", "volunteers", "monthly")
_SCHEMA = pa.schema(
    {
        "table": pa.string(),
        "file": pa.string(),
        "row": pa.int64(),
        "column": pa.string(),
        "value": pa.string(),
        "key": pa.string(),
        "check": pa.int8(),
        "detail": pa.string(),
    }
)
NO_FAULTS = _SCHEMA.empty_table()


def faults(  # noqa: PLR0913 - a fault has as many sides
    check: str,
    table: str,
    file: pa.Array | str,
    rows: numpy.ndarray,
    *,
    column: str | None = None,
    values: pa.Array | None = None,
    keys: pa.Array | None = None,
    details: pa.Array | str | None = None,
) -> pa.Table:
    """Make a table of faults of one kind, in one column.

    Args:
        check: One of ``CHECKS``.
        table: The name of the table.
        file: What problems call the file, or the file of each row.
        rows: The numbers of the rows, shape ``(n,)``.
        column: The column, where the fault is in one.
        values: What stands there, as texts.
        keys: The identifiers of the rows.
        details: What the reason adds.
    """
    count = len(rows)
    sides = {
        "table": table,
        "file": file,
        "row": pa.array(rows, pa.int64()),
        "column": column,
        "value": values,
        "key": keys,
        "check": CHECKS.index(check),
        "detail": details,
    }
    return pa.table(
        [
            one
            if isinstance(one, pa.Array | pa.ChunkedArray)
            else pa.repeat(pa.scalar(one, field.type), count)
            for one, field in zip(sides.values(), _SCHEMA, strict=True)
        ],
        schema=_SCHEMA,
    )


def with_remedy(reason: str, remedy: str) -> str:
    """Give the detail of a fault for which the model has both words."""
    return f"{reason}{_BESIDE}{remedy.removesuffix('.')}"


def parted(found: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Part the faults from what is odd, and no fault."""
    is_odd = pc.equal(found["check"], CHECKS.index("oddity"))
    return found.filter(pc.invert(is_odd)), found.filter(is_odd)


def oddity_warnings(odd: pa.Table) -> list[str]:
    """Say what is odd: the first row, how many others, and what to do."""
    rows: dict[tuple[str, str], list[dict]] = {}
    for one in odd.to_pylist():
        reason, _, remedy = one["detail"].partition(_BESIDE)
        rows.setdefault((reason.partition(" (")[0], remedy), []).append(one)
    told = []
    for (reason, remedy), some in sorted(rows.items()):
        first = min(some, key=lambda one: (one["file"], one["row"]))
        more = f" and {len(some) - 1:,} more" if len(some) > 1 else ""
        told.append(f"{first['file']}, row {first['row']}{more}: {reason}. {remedy}.")
    return told


@dataclass(frozen=True)
class Wording:
    """How faults are put into words.

    Attributes:
        kinds: What each table may hold.
        files: What problems call each table that was given.
        known: The names that a table has, for the nearest one.
    """

    kinds: Mapping[str, TableKind]
    files: Mapping[str, str]
    known: Mapping[str, pa.Array]

    def explain(  # noqa: PLR0911 - one for each kind of fault
        self, check: str, table: str, column: str, value: str, detail: str
    ) -> tuple[str, str]:
        """Give the reason and the remedy of a fault."""
        kind = self.kinds[table]
        match check:
            case "cell":
                return kind.cells[column].explain(value)
            case "uneven":
                return detail, "Leave no cell out, and quote those that hold a comma"
            case "empty":
                return "is empty", "Every row needs one"
            case "duplicate" | "duplicated":
                reason = f"is already in {detail}" if detail else "is in other rows too"
                if len(kind.key) > 1:
                    reason += f" for the same {kind.key[1]}"
                return reason, "Keep one row of the two"
            case "contradiction":
                reason, _, remedy = detail.partition(_BESIDE)
                return f"cannot be right: {reason}", remedy
            case "reference":
                target = kind.references[column]
                known = self.known.get(target, pa.array([], pa.string()))
                close = nearest(value, known.to_pylist())
                remedy = (
                    f'Did you mean "{close}"?' if close else "Add a row for it there"
                )
                return f"is not in {self.files.get(target, target)}", remedy
            case "party":
                return "names an organisation whose row is rejected", "Correct that row"
        return "another row of the same volunteer is rejected", "Correct that row"

    def problems(self, found: pa.Table) -> Iterator[Problem]:
        """Report each wrong value once, with its first row, and count the others."""
        found = found.filter(pc.less_equal(found["check"], _SAID))
        sides = ["table", "file", "column", "value", "check", "detail"]
        groups = found.group_by(sides).aggregate([("row", "min"), ("row", "count")])
        places: dict[tuple, list[dict]] = {}
        for one in groups.sort_by("row_min").to_pylist():
            place = one["check"], one["table"], one["file"], one["column"]
            places.setdefault(place, []).append(one)
        columns = {name: list(kind.cells) for name, kind in self.kinds.items()}

        def order(place: tuple) -> tuple:
            check, table, file, column = place
            rank = columns[table].index(column) if column in columns[table] else -1
            return check == _SAID, _TABLES.index(table), file, check, rank

        for place in sorted(places, key=order):
            yield from self._at(place, places[place])

    def _at(self, place: tuple, groups: list[dict]) -> Iterator[Problem]:
        """Report the wrong values of one column."""
        check, table, file, column = place
        for one in groups[:_MOST_VALUES]:
            reason, remedy = self.explain(
                CHECKS[check], table, column, one["value"], one["detail"]
            )
            more = one["row_count"] - 1
            row, value = one["row_min"], one["value"]
            yield Problem(file, reason, remedy, column, row, value, more)
        if others := groups[_MOST_VALUES:]:
            reason = f"{len(others):,} other values are wrong too"
            more = sum(one["row_count"] for one in others) - 1
            row, remedy = others[0]["row_min"], "Correct them likewise"
            yield Problem(file, reason, remedy, column, row, None, more)

    def listed(self, found: pa.Table) -> Iterator[pa.Table]:
        """Give every fault, in the order of the tables' names, files and rows.

        Yields:
            Some of them: ``file``, ``row``, ``column``, ``value``, ``reason``,
            ``remedy`` and the ``identifier`` of the row.
        """
        found = found.filter(pc.less_equal(found["check"], _SAID))
        places, different = _told_apart(found)
        said = [
            self.explain(CHECKS[one.pop("check")], **one)
            for one in different.to_pylist()
        ]
        reasons, remedies = (pa.array(one, pa.string()) for one in _columns(said))
        order, _ = _in_order(found, places)
        for first in range(0, len(order), _ROWS_AT_ONCE):
            some = pa.array(order[first : first + _ROWS_AT_ONCE])
            rows, place = found.take(some), pa.array(places).take(some)
            yield pa.table(
                {name: rows[name] for name in ("file", "row", "column", "value")}
                | {"reason": reasons.take(place), "remedy": remedies.take(place)}
                | {"identifier": rows["key"]}
            )

    def rejects(self, found: pa.Table) -> Iterator[pa.Table]:
        """Give a row for each row at fault, with all its reasons.

        Yields:
            Some of the rows, in the order of the tables' names, files and rows:
            ``table``, ``file``, ``row``, ``identifier`` and ``reasons``.
        """
        places, different = _told_apart(found)
        # Each reason is put into words once, and then stands for its number.
        said = pa.array(
            [self._reason(**one) for one in different.to_pylist()], pa.string()
        )
        order, is_new = _in_order(found, _ranks(said)[places])
        starts = numpy.flatnonzero(is_new)
        for some in range(0, len(starts) - 1, _ROWS_AT_ONCE):
            limits = starts[some : some + _ROWS_AT_ONCE + 1]
            rows = pa.array(order[limits[0] : limits[-1]])
            offsets = pa.array((limits - limits[0]).astype(numpy.int32))
            reasons = said.take(pa.array(places).take(rows))
            of_row = pa.ListArray.from_arrays(offsets, reasons)
            chosen = found.take(pa.array(order[limits[:-1]]))
            yield pa.table(
                {name: chosen[name] for name in ("table", "file", "row")}
                | {"identifier": chosen["key"]}
                | {"reasons": pc.binary_join(of_row, "; ")}
            )

    def _reason(
        self, check: int, table: str, column: str | None, value: str | None, detail: str
    ) -> str:
        """Say in one phrase what is wrong with a row."""
        name = CHECKS[check]
        if name == "reference":
            target = self.kinds[table].references[column]
            reason = f"is not in {self.files.get(target, target)}"
        else:
            reason, _ = self.explain(name, table, column, value, detail)
        place = f"{column}: " if column else ""
        return (
            f"{place}{'' if value is None else f'{chr(34)}{value}{chr(34)} '}{reason}"
        )


def _told_apart(found: pa.Table) -> tuple[numpy.ndarray, pa.Table]:
    """Number the faults that are told alike; give these, and what is told of each."""
    sides = found.select(["check", "table", "column", "value", "detail"])
    texts = [column.cast(pa.string()).fill_null("\0") for column in sides.columns]
    keys = pc.binary_join_element_wise(*texts, "\x1f").combine_chunks()
    places = keys.dictionary_encode().indices.to_numpy()
    _, first = numpy.unique(places, return_index=True)
    return places, sides.take(pa.array(first))


def _in_order(
    found: pa.Table, reason: numpy.ndarray
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Sort faults by table, file, row, check and reason.

    Returns:
        The order, shape ``(n,)``; and where another row begins, shape ``(n + 1,)``.
    """
    heads = [found["row"].to_numpy()]
    for name in ("file", "table"):
        texts = found[name].combine_chunks().dictionary_encode()
        heads.append(_ranks(texts.dictionary)[texts.indices.to_numpy()])
    order = numpy.lexsort((reason, found["check"].to_numpy(), *heads))
    is_new = numpy.ones(len(order) + 1, bool)
    sorted_heads = [one[order] for one in heads]
    is_new[1:-1] = numpy.any([one[1:] != one[:-1] for one in sorted_heads], axis=0)
    return order, is_new


def _columns(pairs: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Give the first and the second of each pair."""
    return [one for one, _ in pairs], [one for _, one in pairs]


def _ranks(texts: pa.Array) -> numpy.ndarray:
    """Give the rank of each text in their order."""
    order = pc.sort_indices(texts).to_numpy()
    ranks = numpy.empty(len(order), numpy.int64)
    ranks[order] = numpy.arange(len(order))
    return ranks
