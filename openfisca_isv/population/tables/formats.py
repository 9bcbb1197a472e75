"""How the cells of a table are written: declared by the user, and never guessed.

A format is named, ``french``; or given part by part, ``french,encoding=cp1252``; or
stands in a YAML file of the same parts, ``format.yaml`` beside the missions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import yaml

from openfisca_isv.names import meant
from openfisca_isv.population.bad_input import TableError, TableProblem

#: The file that declares the format of the tables of its folder.
FILE_NAME = "format.yaml"


class Writing(NamedTuple):
    """How days, months or numbers are written.

    Attributes:
        pattern: A regular expression.
        remedy: What to do about one that is written otherwise.
        directives: Of days and months, the same as ``strptime`` has it.
    """

    pattern: str
    remedy: str = ""
    directives: str = ""


#: The order of year, month and day; months are written likewise, without the day.
_ORDERS = ("yyyy-mm-dd", "dd/mm/yyyy", "dd.mm.yyyy")
_SPACES = " \u00a0\u202f"
#: What each part of a format may say, and what that stands for.
_PARTS = {
    "days": {order: order for order in _ORDERS},
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
        days: The order of year, month and day, one of ``_ORDERS``.
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
        return _of_days(self.days)

    @property
    def month(self) -> Writing:
        """How a month is written."""
        return _of_days(self.days.replace("dd", "").strip("-/."))

    @property
    def number(self) -> Writing:
        """How a number is written."""
        pattern = rf"{self.whole_number.pattern}([{self.decimal}]\d{{1,15}})?"
        example = f"1250{self.decimal}50"
        return Writing(pattern, f"Write it as {example}")

    @property
    def whole_number(self) -> Writing:
        """How a number is written that has no decimals."""
        if not self.thousands:
            return Writing(r"\d{1,15}")
        return Writing(rf"(\d{{1,15}}|\d{{1,3}}([{self.thousands}]\d{{3}}){{1,4}})")

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


def _of_days(order: str) -> Writing:
    """Return how days are written, or months, whose parts stand in some order."""

    def with_parts(year: str, month: str, day: str) -> str:
        return order.replace("yyyy", year).replace("mm", month).replace("dd", day)

    pattern = with_parts(r"(\d{4})", r"(\d{2})", r"(\d{2})").replace(".", r"\.")
    remedy = f"Write {order}, e.g. {with_parts('2024', '09', '01')}"
    return Writing(pattern, remedy, with_parts("%Y", "%m", "%d"))


def format_of(text: str | None, missions: object) -> CellFormat:
    """Return the format that a text declares, or else a file beside the missions.

    Args:
        text: A name, and parts that differ from it, between commas, if one is given.
        missions: The table of missions; one that is held has nothing beside it.

    Raises:
        TableError: The format is not known, or the file not one of parts.
    """
    given, origin = {}, "--format-of-cells"
    if text is not None:
        words = [word.strip() for word in text.split(",") if word.strip()]
        names = [word for word in words if "=" not in word]
        if len(names) > 1:
            reason = f"names two formats, {names[0]} and {names[1]}"
            raise _refused(origin, reason, "Name one")
        given = dict(word.split("=", 1) for word in words if "=" in word)
        given |= dict(zip(["format"], names, strict=False))
    elif isinstance(missions, str | Path):
        origin = Path(missions).parent / FILE_NAME
        try:
            given = (
                yaml.safe_load(origin.read_text("utf-8")) if origin.is_file() else {}
            )
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            reason = f"is not YAML in UTF-8: {str(error).splitlines()[0]}"
            raise _refused(origin, reason, "Correct it") from error
        if not isinstance(given, dict):
            raise _refused(origin, "declares no format", 'Write e.g. "format: french"')
    return _format_of({str(key): str(one) for key, one in given.items()}, origin)


def _format_of(given: Mapping[str, str], origin: object) -> CellFormat:
    def one_of(known: Mapping, name: str, column: str | None = None) -> object:
        """Return what a name stands for, or say which names there are."""
        if name in known:
            return known[name]
        remedy = meant(name, known) or f"Write one of {', '.join(known)}"
        reason = "is not known" if column else "is not a part of a format"
        raise _refused(origin, reason, remedy, column=column, value=name)

    base = one_of(FORMATS, given.get("format", "usual"), "format")
    parts = {
        part: one_of(one_of(_PARTS, part), value.strip(), part)
        for part, value in given.items()
        if part != "format"
    }
    found = replace(base, **parts)
    if found.decimal in found.thousands:
        reason = f'has "{found.decimal}" for decimals and for thousands'
        raise _refused(origin, reason, "Declare another sign for one of them")
    return found


def _refused(origin: object, reason: str, remedy: str, **place: object) -> TableError:
    return TableError([TableProblem(str(origin), reason, remedy, **place)])
