"""How the cells of a table are written: declared by the user, and never guessed.

A format is named, ``french``; or given part by part, ``french,encoding=cp1252``; or
stands in a YAML file of the same parts, ``format.yaml`` beside the missions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

import yaml

from openfisca_isv.population.bad_input import TableError, TableProblem

#: The file that declares the format of the tables of its folder.
FILE_NAME = "format.yaml"


class Writing(NamedTuple):
    """How days, or months, are written.

    Attributes:
        name: The order of year, month and day.
        example: The 1st of September 2024, or its month.
        pattern: A regular expression.
        iso: What makes year-month-day of its groups.
    """

    name: str
    example: str
    pattern: str
    iso: str


#: How days are written, and months, by the name of how days are.
_WRITINGS = {
    "yyyy-mm-dd": (
        Writing("yyyy-mm-dd", "2024-09-01", r"(\d{4})-(\d{2})-(\d{2})", r"\1-\2-\3"),
        Writing("yyyy-mm", "2024-09", r"(\d{4})-(\d{2})", r"\1-\2-01"),
    ),
    "dd/mm/yyyy": (
        Writing("dd/mm/yyyy", "01/09/2024", r"(\d{2})/(\d{2})/(\d{4})", r"\3-\2-\1"),
        Writing("mm/yyyy", "09/2024", r"(\d{2})/(\d{4})", r"\2-\1-01"),
    ),
    "dd.mm.yyyy": (
        Writing("dd.mm.yyyy", "01.09.2024", r"(\d{2})\.(\d{2})\.(\d{4})", r"\3-\2-\1"),
        Writing("mm.yyyy", "09.2024", r"(\d{2})\.(\d{4})", r"\2-\1-01"),
    ),
}
_SPACES = " \u00a0\u202f"
#: What each part of a format may say, and what that stands for.
_PARTS = {
    "days": {name: name for name in _WRITINGS},
    "decimal": {"point": ".", "comma": ","},
    "thousands": {"none": "", "space": _SPACES, "point": ".", "comma": ","},
    "separator": {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"},
    "encoding": {
        one: one for one in ("utf-8", "utf-16", "cp1252", "latin-1", "iso-8859-15")
    },
}


@dataclass(frozen=True)
class CellFormat:
    """How days and numbers are written, and how the cells stand in a file.

    Attributes:
        days: The order of year, month and day, a key of ``_WRITINGS``.
        decimal: The decimal sign.
        thousands: The signs that part thousands, any of them; "" for none.
        separator: What stands between cells; by default commas, or semicolons where
            the header has no comma.
        encoding: How the texts of a file are encoded.
    """

    days: str = "yyyy-mm-dd"
    decimal: str = "."
    thousands: str = ""
    separator: str | None = None
    encoding: str = "utf-8"

    @property
    def day(self) -> Writing:
        """How a day is written."""
        return _WRITINGS[self.days][0]

    @property
    def month(self) -> Writing:
        """How a month is written."""
        return _WRITINGS[self.days][1]

    @property
    def number(self) -> str:
        """The number 1250.5, as it is written."""
        return f"1250{self.decimal}50"

    def account(self) -> dict[str, str]:
        """Return what differs from the usual, in the words that declare it."""
        return {
            part: word
            for part, values in _PARTS.items()
            for word, value in values.items()
            if getattr(self, part) == value != getattr(USUAL, part)
        }


USUAL = CellFormat()
FORMATS = {
    "usual": USUAL,
    "french": CellFormat(days="dd/mm/yyyy", decimal=",", thousands=_SPACES),
}


def format_of(text: str | None, missions: object) -> CellFormat:
    """Return the format that a text declares, or else a file beside the missions.

    Args:
        text: A name, and parts that differ from it, between commas, if one is given.
        missions: The table of missions; one that is held has nothing beside it.

    Raises:
        TableError: The format is not known, or the file not one of parts.
    """
    given, origin = {}, "--format-of-cells"
    reason = remedy = None
    if text is not None:
        words = [word.strip() for word in text.split(",") if word.strip()]
        given = dict(word.split("=", 1) for word in words if "=" in word)
        names = [word for word in words if "=" not in word]
        given |= dict(zip(["format"], names, strict=False))
        if len(names) > 1:
            reason, remedy = f"names two formats, {names[0]} and {names[1]}", "Name one"
    elif isinstance(missions, str | Path):
        file = Path(missions).parent / FILE_NAME
        origin = str(file)
        try:
            given = yaml.safe_load(file.read_text("utf-8")) if file.is_file() else {}
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            reason = f"is not YAML in UTF-8: {str(error).splitlines()[0]}"
            remedy = "Correct it"
        if not isinstance(given, dict):
            reason, remedy = "declares no format", 'Write e.g. "format: french"'
    if reason:
        raise TableError([TableProblem(origin, reason, remedy)])
    return _format_of({str(key): str(one) for key, one in given.items()}, origin)


def _format_of(given: Mapping[str, str], origin: str) -> CellFormat:
    """Return the format that parts declare."""
    base = _one_of(FORMATS, given.get("format", "usual"), origin, "format")
    parts = {}
    for part, value in given.items():
        if part != "format":
            values = _one_of(_PARTS, part, origin, None)
            parts[part] = _one_of(values, value.strip(), origin, part)
    found = replace(base, **parts)
    if found.decimal in found.thousands:
        reason = f'has "{found.decimal}" for decimals and for thousands'
        remedy = "Declare another sign for one of them"
        raise TableError([TableProblem(origin, reason, remedy)])
    return found


def _one_of(known: Mapping, name: str, origin: str, column: str | None) -> object:
    """Return what a name stands for, or say which names there are."""
    if name not in known:
        close = get_close_matches(name, known, n=1)
        listed = ", ".join(known)
        remedy = f'Did you mean "{close[0]}"?' if close else f"Write one of {listed}"
        reason = "is not a part of a format" if column is None else "is not known"
        problem = TableProblem(origin, reason, remedy, column=column, value=name)
        raise TableError([problem])
    return known[name]
