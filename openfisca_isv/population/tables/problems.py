"""What is wrong with a table: where, what, why, and how to mend it."""

from dataclasses import dataclass

#: Problems that a message lists; the rest are counted.
MOST_LISTED = 30


@dataclass(frozen=True)
class Problem:
    """One thing to mend in a file.

    Attributes:
        file: The file, as the user named it.
        reason: What is wrong.
        mend: What to do about it.
        column: The column, where the problem is in one.
        row: The first row concerned, as a spreadsheet counts: the header is row 1.
        value: What stands in the cell.
        more_rows: How many other rows have the same problem.
    """

    file: str
    reason: str
    mend: str
    column: str | None = None
    row: int | None = None
    value: str | None = None
    more_rows: int = 0

    def __str__(self) -> str:
        """Give the place, the value, the reason and the remedy, on one line."""
        place = [self.file]
        if self.row is not None:
            more = f" and {self.more_rows:,} more" if self.more_rows else ""
            place.append(f"row {self.row}{more}")
        if self.column is not None:
            place.append(f"column {self.column}")
        value = "" if self.value is None else f'"{self.value}" '
        return f"{', '.join(place)}: {value}{self.reason}. {self.mend}"


class TableError(Exception):
    """The tables cannot be used; every problem found in them is listed.

    Attributes:
        problems: All that was found, file by file.
    """

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        """Give the first problems, one a line, and the number of the others."""
        count = len(self.problems)
        lines = [f"{count} problem{'s' if count > 1 else ''} in the tables"]
        lines += [f"  {problem}" for problem in self.problems[:MOST_LISTED]]
        if count > MOST_LISTED:
            lines.append(f"  and {count - MOST_LISTED:,} more.")
        return "\n".join(lines)
