"""Why a file is not a table: not text, damaged, without a header."""

import codecs
import gzip
import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.tables.formats import CellFormat

BYTES_AT_ONCE = 8 << 20
#: Bytes by which a text is told from what is none.
_LOOKED_AT = 4096
#: What the reader says of a file without a row.
EMPTY = "Empty CSV file"
#: Separators that are read where they are declared, and all else in a header.
_SEPARATORS, _SIGN = {"\t": "tab", "|": "bar"}, re.compile(r"[^\t|]")


def not_text(path: Path, written: CellFormat) -> TableProblem | None:
    """Return why a file is not text, or in UTF-16, before it is taken for a CSV."""
    with open_bytes(path) as content:
        start = content.read(_LOOKED_AT)
    if start.startswith(b"PAR1"):
        return TableProblem(str(path), "is Parquet", "Name it .parquet")
    if start.startswith(b"PK"):
        reason = "is a zip archive, or a workbook of another name"
        remedy = "Unpack it, or name it .xlsx or .ods"
        return TableProblem(str(path), reason, remedy)
    is_utf_16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if is_utf_16 and written.encoding != "utf-16":
        remedy = "Declare --format-of-cells encoding=utf-16"
        return TableProblem(str(path), "is in UTF-16", remedy)
    if start.startswith(b"\x1f\x8b") or (b"\0" in start and not is_utf_16):
        reason = "is compressed, or of another format"
        return TableProblem(str(path), reason, "Give CSV in UTF-8, or Parquet")
    return None


def no_header(path: object, names: Sequence[str]) -> TableProblem | None:
    """Return why the first row of a file is not a header, if it is none."""
    first = names[0] if names else ""
    nameless = [str(place) for place, name in enumerate(names, 1) if not name]
    reason = remedy = None
    if first.startswith(("[", "{", "<")):
        kind = "HTML or XML" if first[0] == "<" else "JSON"
        reason, remedy = f"is {kind}, not CSV", "Save the table as CSV UTF-8"
    elif first.startswith("sep="):
        reason, remedy = f'starts with "{first}"', "Delete that line"
    elif len(names) == 1 and (sign := _SEPARATORS.get(_SIGN.sub("", first)[:1])):
        reason = f"has {sign}s between its cells"
        remedy = f"Declare --format-of-cells separator={sign}"
    elif len(names) - len(nameless) == 1 and " " in first:
        reason = f'has one cell, "{first}", in row 1, and no header'
        remedy = "Delete what stands above the header"
    elif nameless:
        reason = f"has no name for column {', '.join(nameless)}"
        remedy = "Name it in row 1, or delete it"
    return reason and TableProblem(str(path), reason, remedy)


def not_a_table(path: Path, message: str, written: CellFormat) -> TableProblem:
    """Return why a file is not a table."""
    if is_parquet(path):
        if path.stat().st_size == 0:
            return TableProblem(str(path), "is empty", "Write the table again")
        reason = "is not a whole Parquet file: cut short, or of another format"
        return TableProblem(str(path), reason, "Write the table again")
    if EMPTY in message:
        reason, remedy = "is empty", "Give a header, and a row for each case"
        return TableProblem(str(path), reason, remedy)
    if "UTF8" in message or "codec" in message or "UTF-16" in message:
        reason = f"is not in {written.encoding.upper()}"
        remedy = "Save it as CSV UTF-8, or declare its encoding, e.g. --format-of-cells"
        return TableProblem(str(path), reason, f"{remedy} french,encoding=cp1252")
    return TableProblem(
        str(path), f"is not a CSV table: {message}", "Save it as CSV UTF-8"
    )


def damaged(path: Path) -> TableProblem:
    """Return the problem that a compressed file is not whole."""
    reason = "is not a whole gzip file: cut short, or of another format"
    return TableProblem(str(path), reason, "Compress the table again")


def check_utf_8(path: Path) -> None:
    """Read a file to its end, for the reader tells of no row that is not in UTF-8.

    Raises:
        UnicodeDecodeError: The file is not in UTF-8.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with open_bytes(path) as content:
        while chunk := content.read(BYTES_AT_ONCE):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file of texts, compressed or not."""
    return gzip.open(path) if is_gzip(path) else path.open("rb")


def is_gzip(path: Path) -> bool:
    """Return whether a file is compressed, by its name."""
    return path.suffix.lower() == ".gz"


def is_parquet(path: Path) -> bool:
    """Return whether a file is Parquet, by its name."""
    return path.suffix.lower() == ".parquet"
