"""Faults of rows: found by the thousand, told in a few lines or row by row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.cells import nearest
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.problems import Problem

#: Different wrong values that are reported of one column; the others are counted.
_MOST_VALUES = 5
#: What is found, in the order in which it is told. The last ones are not told of
#: tables that are refused: they say which rows go with those that are at fault.
CHECKS = ("cell", "uneven", "order", "early", "late", "empty", "duplicate", "overlap")
CHECKS += ("reference", "duplicated", "overlapped", "party", "life")
_SAID = CHECKS.index("reference")
_TABLES = ("organisations", "missions", "volunteers", "monthly")
_SCHEMA = pa.schema(
    {
        "table": pa.string(),
        "file": pa.string(),
        "row": pa.int64(),
        "column": pa.string(),
        "value": pa.string(),
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
        details: What the reason adds.
    """
    count = len(rows)
    sides = {
        "table": table,
        "file": file,
        "row": pa.array(rows, pa.int64()),
        "column": column,
        "value": values,
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

    def explain(  # noqa: C901, PLR0911 - one for each kind of fault
        self, check: str, table: str, column: str, value: str, detail: str
    ) -> tuple[str, str]:
        """Give the reason and the remedy of a fault."""
        kind = self.kinds[table]
        match check:
            case "cell":
                return kind.cells[column].explain(value)
            case "uneven":
                return detail, "Leave no cell out, and quote those that hold a comma"
            case "order":
                return "is before the start_date", "Correct one of the two days"
            case "early":
                return "is before the start_date", "Give the last day served"
            case "late":
                return "is after the end_date", "Give the last day served"
            case "empty":
                return "is empty", "Every row needs one"
            case "duplicate" | "duplicated":
                reason = f"is already in {detail}" if detail else "is in other rows too"
                if len(kind.key) > 1:
                    reason += f" for the same {kind.key[1]}"
                return reason, "Keep one row of the two"
            case "overlap":
                reason = f"is before the end of mission {detail} of the same volunteer"
                return reason, "Correct the days of one of the two"
            case "overlapped":
                return f"goes on when mission {detail} starts", "Correct the days"
            case "reference":
                target = kind.references[column]
                known = self.known.get(target, pa.array([], pa.string()))
                close = nearest(value, known.to_pylist())
                mend = f'Did you mean "{close}"?' if close else "Add a row for it there"
                return f"is not in {self.files.get(target, target)}", mend
            case "party":
                return "names an organisation whose row is rejected", "Mend that row"
        return "another row of the same volunteer is rejected", "Mend that row"

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
            reason, mend = self.explain(
                CHECKS[check], table, column, one["value"], one["detail"]
            )
            more = one["row_count"] - 1
            row, value = one["row_min"], one["value"]
            yield Problem(file, reason, mend, column, row, value, more)
        if others := groups[_MOST_VALUES:]:
            reason = f"{len(others):,} other values are wrong too"
            more = sum(one["row_count"] for one in others) - 1
            row, mend = others[0]["row_min"], "Correct them likewise"
            yield Problem(file, reason, mend, column, row, None, more)

    def rejects(self, found: pa.Table) -> pa.Table:
        """Give a row for each row at fault: table, file, row and all its reasons."""
        said = cache(self._reason)
        sides = ["check", "table", "column", "value", "detail"]
        places = found.select(sides).group_by(sides).aggregate([])
        reasons = [said(*place.values()) for place in places.to_pylist()]
        # The join keeps no order, and takes no null for equal to another.
        keys = {
            tuple(one.values()): text
            for one, text in zip(places.to_pylist(), reasons, strict=True)
        }
        texts = [keys[tuple(one.values())] for one in found.select(sides).to_pylist()]
        rows = found.select(["table", "file", "row", "check"]).append_column(
            "reason", pa.array(texts, pa.string())
        )
        order = [(one, "ascending") for one in ("table", "file", "row", "check")]
        rows = rows.sort_by([*order, ("reason", "ascending")])
        grouped = rows.group_by(["table", "file", "row"], use_threads=False).aggregate(
            [("reason", "list")]
        )
        return pa.table(
            {
                "table": grouped["table"],
                "file": grouped["file"],
                "row": grouped["row"],
                "reasons": pc.binary_join(grouped["reason_list"], "; "),
            }
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
