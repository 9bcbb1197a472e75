"""What a cell may hold: days, months, codes, booleans and numbers.

A kind of cell says in SQL what a column comes to, and explains a single text that it
does not take. An empty cell is not an error: it reads as unknown, a null.
"""

import re
from collections.abc import Collection
from datetime import date
from difflib import get_close_matches

import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.names import meant, plain
from openfisca_isv.population.tables.country_names import codes_by_name
from openfisca_isv.population.tables.database import literal
from openfisca_isv.population.tables.formats import FORMATS, USUAL, CellFormat, Writing

#: What stands for "never" where a day is asked for.
NEVER_TEXT = "9999-12-31"
#: Outside these years a day is more likely a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1900, 2199
_LONGEST_CODE = 3
#: What programs write where a value is missing, in lower case: R, pandas, polars,
#: databases, spreadsheets; SAS and Stata write a point, or one with a letter.
_MISSING = ("na", "<na>", "#n/a", "n/a", "nan", "-nan", "nat", "null", "none", "nil")
_IS_MISSING = re.compile("|".join(map(re.escape, _MISSING)) + r"|\.[a-z_]?")


class Cell:
    """A kind of cell.

    Args:
        written: How the tables write cells.
    """

    #: The Arrow type of the values.
    type: pa.DataType
    #: The SQL of the value of a trimmed text ``{0}``; of what is wrong, a null.
    sql: str
    #: The reason and the remedy, where they are the same whatever the text; of numbers
    #: with decimals, of those that are too high.
    said: tuple[str, str]
    #: What of a format says how it is written, if one does: of ``CellFormat``.
    noun = ""

    def __init__(self, written: CellFormat = USUAL) -> None:
        self.written = written

    def writing(self, written: CellFormat) -> Writing:
        """Return how a format writes such cells."""
        return getattr(written, self.noun) if self.noun else Writing("")

    def of_text(self, text: str) -> str:
        """Return the SQL of the value of a trimmed text; of what is wrong, a null."""
        return self.sql.format(text)

    def of_typed(self, value: str, kind: pa.DataType) -> str | None:
        """Return the SQL of the value of a column that holds no texts.

        Args:
            value: The SQL of the column.
            kind: Its type in Arrow.

        Returns:
            Nothing where values of the type are read as texts.
        """
        del value, kind

    def explain(self, text: str) -> tuple[str, str]:
        """Return why a text cannot be read, and the remedy."""
        del text
        return self.said


class Label(Cell):
    """A text of the user's own, to make groups by."""

    type = pa.string()
    # A text of several lines is a quote that was left open.
    sql = "CASE WHEN NOT contains({0}, chr(10)) THEN {0} END"
    said = "has more than one line", "Close the quotes of the cell, or of one before"


class Identifier(Label):
    """A name that the user gives to a mission, a volunteer or an organisation.

    It is not one of the texts that say that there is none: what is missing in several
    rows would be one volunteer.
    """

    sql = (
        f"CASE WHEN length({{0}}) > {max(map(len, _MISSING))}"
        f" OR NOT regexp_full_match(lower({{0}}), {literal(_IS_MISSING.pattern)})"
        f" THEN {Label.sql} END"
    )


class Day(Cell):
    """A calendar day, ``2024-02-29``; ``9999-12-31`` says never."""

    type = pa.date32()
    noun = "day"

    def of_text(self, text: str) -> str:
        """Read year, month and day, where such a day exists."""
        how = self.writing(self.written)
        is_written_so = f"regexp_full_match({text}, {literal(how.pattern)})"
        day = f"CAST(try_strptime({text}, {literal(how.directives)}) AS DATE)"
        return _in_calendar(day, is_written_so)

    def of_typed(self, value: str, kind: pa.DataType) -> str | None:
        """Read days; of an instant, the day that starts with it where it is."""
        if not pa.types.is_date(kind) and not pa.types.is_timestamp(kind):
            return None
        if getattr(kind, "tz", None):
            value = f"timezone({literal(kind.tz)}, {value})"
        day = f"CAST({value} AS DATE)"
        is_whole = f"CAST({day} AS TIMESTAMP) = CAST({value} AS TIMESTAMP)"
        return _in_calendar(day, is_whole)

    def explain(self, text: str) -> tuple[str, str]:
        """Return whether the writing, the day or the year is at fault."""
        how = self.writing(self.written)
        found = re.fullmatch(how.pattern, text, re.ASCII)
        if not found:
            return f"is not a {self.noun}", how.remedy
        if not FIRST_YEAR <= int(max(found.groups(), key=len)) <= LAST_YEAR:
            remedy = f"Give a year from {FIRST_YEAR} to {LAST_YEAR}"
            return "is out of the calendar", f"{remedy}, or 9999 for never"
        return f"is not a {self.noun} of the calendar", how.remedy


class Month(Day):
    """A calendar month, ``2024-02``."""

    noun = "month"

    def of_typed(self, value: str, kind: pa.DataType) -> str | None:
        """Read the first days of months."""
        day = super().of_typed(value, kind)
        return day and f"CASE WHEN day({day}) = 1 THEN {day} END"


class Member(Cell):
    """A code of a closed list, such as a country or a reason."""

    def __init__(self, *lists: type[Enum]) -> None:
        super().__init__()
        self.type = pa.dictionary(pa.int16(), pa.string())
        # A reform may have a list of its own; the engine takes two lists of the same
        # name to be equal.
        self.lists = tuple({id(one): one for one in lists}.values())
        self.members = lists[0]
        self.codes = [*dict.fromkeys(one.name for some in lists for one in some)]
        #: Those that some law lacks.
        known = [some.__members__ for some in self.lists]
        self.partial = [one for one in self.codes if not all(one in k for k in known)]
        # Each code has its rank in the list.
        self.sql = f"TRY_CAST({{0}} AS {enum_of(self.codes)})"

    def explain(self, text: str) -> tuple[str, str]:
        """Name the code that was meant, or the codes that there are."""
        if self.members is Country:
            return "is not a country code", _country_meant(text)
        reason = "is not one of the codes"
        listed = f"Write one of {', '.join(self.codes)}"
        return reason, meant(text, self.codes) or listed


class BooleanCell(Cell):
    """``true`` or ``false``, or a usual spelling of them, in French too."""

    type = pa.bool_()
    sql = (
        "CASE WHEN lower({0}) IN ('true', '1', 'yes', 'vrai', 'oui') THEN true"
        " WHEN lower({0}) IN ('false', '0', 'no', 'faux', 'non') THEN false END"
    )
    said = "is neither true nor false", "Write true or false"

    def of_typed(self, value: str, kind: pa.DataType) -> str | None:
        """Keep booleans."""
        return value if pa.types.is_boolean(kind) else None


class Number(Cell):
    """A number, 0 or more: an amount in euros, or years."""

    type = pa.float64()
    #: The lowest number above 0, and the highest: more would not fit the engine's
    #: numbers, and counts or pays nothing real.
    lowest, highest = 0, 1_000_000
    noun = "number"
    said = f"exceeds {highest:,}", f"Write {highest} or less"

    def of_text(self, text: str) -> str:
        """Read digits and a decimal sign."""
        digits = text
        if self.written.decimal != "." or self.written.thousands:
            signs = literal(self.written.decimal + self.written.thousands)
            digits = f"translate({text}, {signs}, '.')"
        pattern = literal(self.writing(self.written).pattern)
        is_written_so = f"regexp_full_match({text}, {pattern})"
        return self._fitting(f"TRY_CAST({digits} AS DOUBLE)", is_written_so)

    def of_typed(self, value: str, kind: pa.DataType) -> str | None:
        """Read numbers that are finite, not negative and not absurd."""
        if not is_number(kind):
            return None
        number = f"CAST({value} AS DOUBLE)"
        # The statistics of a Parquet file do not tell that there is a NaN in it, and
        # the database would take it for one of the numbers that fit.
        return self._fitting(number, f"isfinite({number})")

    def _fitting(self, number: str, is_one: str) -> str:
        """Return the SQL of a number, of those that are one and not absurd."""
        fits = f"({number} = 0 OR {number} BETWEEN {self.lowest} AND {self.highest})"
        return f"CASE WHEN {is_one} AND {fits} THEN {number} END"

    def explain(self, text: str) -> tuple[str, str]:
        """Return whether the writing, the sign or the size is at fault."""
        signs = str.maketrans(self.written.decimal, ".", self.written.thousands)
        remedy = self.written.number.remedy
        try:
            value = float(text.translate(signs))
        except ValueError:
            return "is not a number", remedy
        if value < 0:
            return "is negative", "Write 0 or more"
        if 0 < value < self.lowest:
            return "is too small", "Multiply all the weights by the same number"
        if value > self.highest:
            return self.said
        return "is not a number as written here", remedy


class Share(Number):
    """A share from 0 to 1."""

    highest = 1
    said = "is not a share", "Write 0 to 1, e.g. 0.15 for 15 %"


class Weight(Number):
    """How many people a row stands for, 0 or more.

    A sum of weights is one of whole steps of a millionth: what is much smaller
    than 1 would be rounded off.
    """

    lowest = 0.01


class WholeNumber(Number):
    """A whole number, 0 or more."""

    type = pa.int64()
    noun = "whole_number"
    said = "is not a whole number", f"Write digits alone, 0 to {Number.highest}"

    def _fitting(self, number: str, is_one: str) -> str:
        return super()._fitting(number, f"{is_one} AND floor({number}) = {number}")

    explain = Cell.explain


def explain_cell(cell: Cell, text: str) -> tuple[str, str]:
    """Return why a cell does not take a text, which may stand for no value at all."""
    if _IS_MISSING.fullmatch(text.casefold()):
        reason = "is what programs write where a value is missing"
        return reason, 'Leave the cell empty (in R, na = "")'
    reason, remedy = cell.explain(text)
    is_usual, is_french = (
        re.fullmatch(cell.writing(written).pattern, text, re.ASCII)
        for written in (cell.written, FORMATS["french"])
    )
    if is_french and not is_usual:
        remedy += ", or read French tables with --format-of-cells french"
    return reason, remedy


def cell_of(variable: Variable, written: CellFormat = USUAL) -> Cell:
    """Return the kind of cell that holds the values of an input of the model."""
    if variable.value_type is Enum:
        return Member(variable.possible_values)
    of_float = Share if variable.unit == "/1" else Number
    kinds = {bool: BooleanCell, int: WholeNumber, float: of_float}
    return kinds.get(variable.value_type, Day)(written)


def day_of(text: str) -> date | None:
    """Return the day that a text says as ``Day`` reads it, if any."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    is_day = FIRST_YEAR <= day.year <= LAST_YEAR or text == NEVER_TEXT
    return day if is_day and str(day) == text else None


def _country_meant(text: str) -> str:
    codes = codes_by_name()
    # A code that is like another, or a name that is only somewhat, says nothing.
    names = [name for name in codes if len(name) > _LONGEST_CODE]
    if code := codes.get(plain(text)):
        remedy = f'Write "{code}"'
    elif close := get_close_matches(plain(text), names, n=1, cutoff=0.8):
        code = codes[close[0]]
        remedy = f'Did you mean "{code}", {COUNTRIES[code]["name"]}?'
    else:
        remedy = "Write an ISO 3166-1 alpha-2 code, as MG for Madagascar"
    return remedy


def _in_calendar(day: str, is_day: str) -> str:
    """Return the SQL of a day, of those that are one and not out of the calendar."""
    first, last = f"DATE '{FIRST_YEAR}-01-01'", f"DATE '{LAST_YEAR}-12-31'"
    is_near = f"{day} BETWEEN {first} AND {last} OR {day} = DATE '{NEVER_TEXT}'"
    return f"CASE WHEN {is_day} AND ({is_near}) THEN {day} END"


def enum_of(codes: Collection[str]) -> str:
    """Return the SQL type of a closed list of texts."""
    return f"ENUM({', '.join(map(literal, codes))})"


def is_number(kind: pa.DataType) -> bool:
    """Return whether a type of Arrow is one of numbers."""
    is_one = pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal
    return any(one(kind) for one in is_one)
