"""Input that cannot be used: where it is wrong, what, why, and the remedy."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import pyarrow as pa

from openfisca_isv.population.language import language, say, speaking, translated
from openfisca_isv.population.wording import amount, counted

#: Problems that a message lists; the rest are counted.
MOST_LISTED = 30
#: The columns of problems that are listed one by one.
_COLUMNS = ("file", "row", "column", "value", "reason", "remedy", "identifier")
#: What problems of a whole reform are about.
WHOLE = "the reform"
LISTED = pa.schema(dict.fromkeys(_COLUMNS, pa.string()) | {"row": pa.int64()})


@dataclass(frozen=True)
class TableProblem:
    """One thing to correct in a file.

    Attributes:
        file: The file, as the user named it.
        reason: What is wrong.
        remedy: What to do about it.
        column: The column, where the problem is in one.
        row: The first row concerned, as a spreadsheet counts: the header is row 1.
        value: What stands in the cell.
        more_rows: How many other rows have the same problem.
    """

    file: str
    reason: str
    remedy: str
    column: str | None = None
    row: int | None = None
    value: str | None = None
    more_rows: int = 0

    def __str__(self) -> str:
        """Return the place, the value, the reason and the remedy, on one line."""
        place = [self.file]
        if self.row is not None and self.more_rows:
            more = amount(self.more_rows, 0)
            place.append(say("row {row} and {more} more", row=self.row, more=more))
        elif self.row is not None:
            place.append(say("row {row}", row=self.row))
        if self.column is not None:
            place.append(say("column {column}", column=self.column))
        return say(
            "{place}: {value}{reason}. {remedy}", place=", ".join(place), **self.said()
        )

    def shown(self) -> Self:
        """Return the problem in the language that is spoken."""
        told = {"reason": self.reason, "remedy": self.remedy}
        return replace(self, **{name: translated(one) for name, one in told.items()})

    def said(self) -> dict[str, str]:
        """Return what is wrong with which value, and the remedy, as they are shown."""
        quoted = "" if self.value is None else say('"{value}" ', value=self.value)
        told = self.shown()
        return {"value": quoted, "reason": told.reason, "remedy": told.remedy}


class TableError(Exception):
    """The tables cannot be used; every problem found in them is listed.

    Attributes:
        problems: All that was found, file by file; of a column at fault in many rows,
            the first ones and how many others.
        rows: The faults of rows one by one, as tables: ``file``, ``row``, ``column``,
            ``value``, ``reason``, ``remedy``, ``identifier``.
        language: In which it is told; by default the one that is spoken.
    """

    language: str | None = None
    _about = "{count} in the tables"

    def __init__(
        self, problems: Sequence[TableProblem], rows: Sequence[pa.Table] = ()
    ) -> None:
        super().__init__(problems)
        self.problems = list(problems)
        self.rows = list(rows)

    @property
    def count(self) -> int:
        """How many there are, each row for one."""
        return sum(1 + one.more_rows for one in self.problems)

    def listed(self) -> Iterator[pa.Table]:
        """Yield every problem: those of whole files, then those of ``rows``."""
        of_files = [vars(one.shown()) for one in self.problems if one.row is None]
        yield pa.Table.from_pylist(of_files, LISTED)
        yield from (one.cast(LISTED) for one in self.rows)

    def __str__(self) -> str:
        """Return the first problems, one a line, and the number of the others."""
        with speaking(self.language or language()):
            lines = [say(self._about, count=counted(self.count, "problem"))]
            lines += [f"  {self.line(one)}" for one in self.problems[:MOST_LISTED]]
            if others := self.problems[MOST_LISTED:]:
                more = amount(sum(1 + one.more_rows for one in others), 0)
                lines.append(say("  and {more} more.", more=more))
        return "\n".join(lines)

    def line(self, problem: TableProblem) -> str:
        """Write one problem."""
        return str(problem)


class ReformError(TableError):
    """The reform cannot be used; every problem found in it is listed."""

    _about = "{count} in the reform"

    @classmethod
    def of(cls, place: str | Path, reason: str, remedy: str) -> Self:
        """Return the error of a reform of which one thing is wrong."""
        return cls([TableProblem(str(place), reason, remedy)])

    def line(self, problem: TableProblem) -> str:
        """Write one problem: file, line, what it is about."""
        place = problem.file
        if problem.row is not None:
            place = say("{file}, line {row}", file=place, row=problem.row)
        said = problem.said()
        if problem.column is not None:
            # All else are keys of the file.
            column = say(WHOLE) if problem.column == WHOLE else problem.column
            said["value"] = say("{column}: ", column=column) + said["value"]
        return say("{place}: {value}{reason}. {remedy}", place=place, **said)


class RequestError(ValueError):
    """What is asked of the tables is not available; the message says why."""
