"""Why a file is not a table: not text, damaged, without a header."""

import codecs
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa

from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.tables.formats import CellFormat

BYTES_AT_ONCE = 8 << 20
#: What the reader says of a file without a row.
EMPTY = "Empty CSV file"
#: What a file may raise that is not compressed as its name says, or not to its end.
_NOT_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)
#: What any file may raise that is not a table, or not to its end.
NOT_A_TABLE = (*_NOT_GZIP, pa.ArrowException, UnicodeError)
#: Separators that are read where they are declared, and all else in a header.
_SEPARATORS, _SIGN = {"\t": "tab", "|": "bar"}, re.compile(r"[^\t|]")


def header_of(path: Path, written: CellFormat) -> tuple[int, str]:
    """Return how many lines of a file of texts are blank before its header, and this.

    Raises:
        TableError: The file has no text, or is in UTF-16, and not declared so.
    """
    encoding = "utf-8-sig" if written.encoding == "utf-8" else written.encoding
    blank = 0
    with open_bytes(path) as content:
        _check_text(path, content.read(4096), written)
        content.seek(0)
        lines = io.TextIOWrapper(content, encoding=encoding, newline="")
        while (line := lines.readline(1 << 20)) and not line.strip():
            blank += 1
    if not line:
        raise not_a_table(path, EMPTY, written)
    return blank, line


def _check_text(path: Path, start: bytes, written: CellFormat) -> None:
    """Refuse a file, before it is taken for a CSV, by how it starts."""
    is_utf_16 = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    if start.startswith(b"PAR1"):
        reason, remedy = "is Parquet", "Name it .parquet"
    elif start.startswith(b"PK"):
        reason = "is a zip archive, or a workbook of another name"
        remedy = "Unpack it, or name it .xlsx or .ods"
    elif is_utf_16 and written.encoding != "utf-16":
        reason = "is in UTF-16"
        remedy = "Declare --format-of-cells encoding=utf-16"
    elif start.startswith(b"\x1f\x8b") or (b"\0" in start and not is_utf_16):
        reason = "is compressed, or of another format"
        remedy = "Give CSV in UTF-8, or Parquet"
    else:
        return
    raise TableError([TableProblem(str(path), reason, remedy)])


def check_names(path: object, names: Sequence[str], keys: Mapping[str, str]) -> None:
    """Refuse a first row that is not a header, and names that are there twice.

    Args:
        path: The file.
        names: What stands in its first row.
        keys: What its folders tell of all its rows, by column.

    Raises:
        TableError: It cannot be read under such names.
    """
    first = names[0] if names else ""
    nameless = [str(place) for place, name in enumerate(names, 1) if not name]
    column = None
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
    elif twice := sorted(name for name, times in Counter(names).items() if times > 1):
        reason = f"has more than one column {', '.join(twice)}"
        remedy = "Keep one of each"
    elif clash := sorted({*names} & {*keys}):
        column = clash[0]
        reason = f"is in the folder {column}={keys[column]}, and has the column too"
        remedy = "Remove the column, or name the folder otherwise"
    else:
        return
    raise TableError([TableProblem(str(path), reason, remedy, column=column)])


def not_a_table(path: object, said: object, written: CellFormat) -> TableError:
    """Return why a file is not a table, from what the library says that reads it."""
    message, remedy = str(said), "Save it as CSV UTF-8"
    if isinstance(said, _NOT_GZIP):
        reason = "is not a whole gzip file: cut short, or of another format"
        remedy = "Compress the table again"
    elif is_parquet(path):
        reason = "is not a whole Parquet file: cut short, or of another format"
        remedy = "Write the table again"
        if path.stat().st_size == 0:
            reason = "is empty"
    elif EMPTY in message:
        reason, remedy = "is empty", "Give a header, and a row for each case"
    elif "UTF8" in message or "codec" in message or "UTF-16" in message:
        reason = f"is not in {written.encoding.upper()}"
        remedy += ", or declare its encoding, e.g. --format-of-cells"
        remedy += " french,encoding=cp1252"
    else:
        reason = f"is not a CSV table: {message}"
    return TableError([TableProblem(str(path), reason, remedy)])


def check_utf_8(path: Path) -> None:
    """Read a file to its end, for the reader tells of no row that is not in UTF-8.

    Raises:
        UnicodeDecodeError: The file is not in UTF-8.
    """
    with open_bytes(path) as content:
        chunks = iter(lambda: content.read(BYTES_AT_ONCE), b"")
        for _ in codecs.iterdecode(chunks, "utf-8"):
            pass


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file of texts, compressed or not."""
    return gzip.open(path) if is_gzip(path) else path.open("rb")


def is_gzip(path: Path) -> bool:
    """Return whether a file is compressed, by its name."""
    return path.suffix.lower() == ".gz"


def is_parquet(path: object) -> bool:
    """Return whether a file is Parquet, by its name."""
    return isinstance(path, Path) and path.suffix.lower() == ".parquet"
