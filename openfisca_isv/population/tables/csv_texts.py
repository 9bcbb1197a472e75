"""The header, the texts and the faults of a CSV file."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from openfisca_isv.population.tables.problems import Problem

#: The header is row 1, as in a spreadsheet.
FIRST_ROW = 2
_LONGEST_HEADER = 1 << 20
#: Bytes by which a text is told from what is none.
_LOOKED_AT = 4096


def delimiter_of(path: Path) -> str:
    """Tell what stands between the cells: commas, or semicolons as in French Excel."""
    _, header = first_line(path)
    return ";" if b";" in header and b"," not in header else ","


def first_line(path: Path) -> tuple[int, bytes]:
    """Give the first line that is not blank, and how many come before it."""
    blank = 0
    with path.open("rb") as content:
        while (line := content.readline(_LONGEST_HEADER)) and not line.strip():
            blank += 1
    return blank, line


def header_of(path: Path, *, strip: bool = True) -> list[str]:
    """Give the names of the columns of a CSV file: UTF-8, a header."""
    parsing = pyarrow.csv.ParseOptions(
        delimiter=delimiter_of(path),
        newlines_in_values=True,
        invalid_row_handler=lambda _: "skip",
    )
    blank, _ = first_line(path)
    one_thread = pyarrow.csv.ReadOptions(use_threads=False, skip_rows=blank)
    with pyarrow.csv.open_csv(path, one_thread, parsing) as reader:
        names = reader.schema.names
    return [name.strip() for name in names] if strip else names


def trimmed(texts: pa.Array) -> pa.Array:
    """Trim the texts; a blank one is empty."""
    shorter = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(shorter, ""), pa.scalar(None, pa.string()), shorter)


def unreadable(file: str, message: str) -> Problem:
    """Say why a text is no CSV table."""
    if "Empty CSV" in message:
        return Problem(file, "is empty", "Give a header, and a row for each case")
    if "UTF8" in message or "utf-8" in message:
        return Problem(file, "is not in UTF-8", "Save it as CSV UTF-8")
    return Problem(file, f"is not a CSV table: {message}", "Save it as CSV UTF-8")


def not_text(path: Path) -> Problem | None:
    """Say why a file is no text at all, before it is taken for a CSV."""
    with path.open("rb") as content:
        start = content.read(_LOOKED_AT)
    if start.startswith(b"PAR1"):
        return Problem(str(path), "is Parquet", "Name it .parquet")
    if start.startswith(b"PK"):
        return Problem(str(path), "is a spreadsheet", "Save it as CSV UTF-8")
    is_utf_16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if start.startswith(b"\x1f\x8b") or (b"\0" in start and not is_utf_16):
        reason = "is compressed, or of another format"
        return Problem(str(path), reason, "Give CSV in UTF-8, or Parquet")
    return None
