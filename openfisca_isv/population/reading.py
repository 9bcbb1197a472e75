"""From a file to a table of texts, as they stand in it."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from openfisca_isv.population.problems import Problem

#: The header is row 1, as in a spreadsheet.
FIRST_ROW = 2
# Threads would lose the numbers of the rows that are skipped.
_ONE_THREAD = pyarrow.csv.ReadOptions(use_threads=False)


def read_csv(path: Path, file: str) -> tuple[pa.Table | None, list[Problem]]:
    """Read a CSV file: UTF-8, commas, a header, points in numbers.

    Args:
        path: Where the file is.
        file: What problems call it.

    Returns:
        Trimmed texts, empty cells as nulls; ``None`` where the file is not a table.
        And what is wrong with it.
    """
    uneven: list[pyarrow.csv.InvalidRow] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    parsing = pyarrow.csv.ParseOptions(
        newlines_in_values=True, invalid_row_handler=skip
    )
    try:
        with pyarrow.csv.open_csv(path, _ONE_THREAD, parsing) as reader:
            header = reader.schema.names
        names = [name.strip() for name in header]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            reason = f"has more than one column {', '.join(twice)}"
            return None, [Problem(file, reason, "Keep one of each")]
        uneven.clear()
        as_text = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
        )
        table = pyarrow.csv.read_csv(path, _ONE_THREAD, parsing, as_text)
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        return None, [_unreadable(path, file, str(error))]
    if uneven:
        return None, [_uneven(file, row) for row in uneven]
    return pa.table([_trimmed(column) for column in table.columns], names), []


def _trimmed(texts: pa.ChunkedArray) -> pa.Array:
    """Trim the texts; a blank one is empty."""
    trimmed = pc.utf8_trim_whitespace(texts.combine_chunks())
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _unreadable(path: Path, file: str, message: str) -> Problem:
    """Say why the file is no table."""
    with path.open("rb") as content:
        is_spreadsheet = content.read(2) == b"PK"
    if is_spreadsheet:
        return Problem(file, "is a spreadsheet", "Save it as CSV UTF-8")
    if "Empty CSV" in message:
        return Problem(file, "is empty", "Give a header, and a row for each case")
    if "UTF8" in message or "utf-8" in message:
        return Problem(file, "is not in UTF-8", "Save it as CSV UTF-8")
    return Problem(file, f"is not a CSV table: {message}", "Save it as CSV UTF-8")


def _uneven(file: str, row: pyarrow.csv.InvalidRow) -> Problem:
    """Say that a row has not as many cells as the header."""
    reason = f"has {row.actual_columns} cells where the header has"
    mend = "Leave no cell out, and quote those that hold a comma"
    return Problem(file, f"{reason} {row.expected_columns}", mend, row=row.number)
