"""From the text of a column to values: days, months, codes, truths and numbers.

A kind of cell parses a whole column at once, and explains a single text that it
could not read. An empty cell is no error: it reads as unknown, a null.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection
from difflib import get_close_matches
from functools import cached_property

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.dates import MONTHS_PER_YEAR

#: What stands for "never" where a day is asked for.
NEVER_TEXT = "9999-12-31"
#: Outside these years a day is more likely a slip of the hand.
FIRST_YEAR, LAST_YEAR = 1900, 2199
#: More would not fit the engine's numbers, and counts or pays nothing real.
_HIGHEST_COUNT = 1_000_000
#: A name is compared with so many others at most.
MOST_NAMES = 20_000
#: Usual in European statistics, and not in ISO 3166-1.
_OTHER_CODES = {"UK": "GB", "EL": "GR"}


class Cell(ABC):
    """A kind of cell.

    Attributes:
        type: The Arrow type of the values.
    """

    type: pa.DataType

    @abstractmethod
    def parse(self, texts: pa.Array) -> pa.Array:
        """Read trimmed texts; what is null or cannot be read is null.

        Args:
            texts: Strings, shape ``(n,)``.

        Returns:
            Values of ``type``, shape ``(n,)``.
        """

    @abstractmethod
    def explain(self, text: str) -> tuple[str, str]:
        """Say why a text cannot be read, and the remedy."""


class Identifier(Cell):
    """A name that the user gives to a mission, a volunteer or an organisation."""

    type = pa.string()

    def parse(self, texts: pa.Array) -> pa.Array:
        """Keep the texts; one of several lines is a quote that was left open."""
        is_whole = pc.invert(pc.match_substring(texts, "\n"))
        return pc.if_else(is_whole, texts, pa.scalar(None, self.type))

    def explain(self, text: str) -> tuple[str, str]:
        """Say that a name has one line."""
        del text
        return (
            "has more than one line",
            "Close the quotes of the cell, or of one before",
        )


class Day(Cell):
    """A calendar day, ``2024-02-29``; ``9999-12-31`` says never."""

    type = pa.date32()

    def parse(self, texts: pa.Array) -> pa.Array:
        """Read year, month and day, where such a day exists."""
        is_shaped = pc.match_substring_regex(texts, r"^\d{4}-\d{2}-\d{2}$")
        shaped = pc.if_else(is_shaped, texts, "1970-00-00").fill_null("1970-00-00")
        year, month, day = (
            pc.utf8_slice_codeunits(shaped, *place).cast(pa.int64()).to_numpy()
            for place in ((0, 4), (5, 7), (8, 10))
        )
        is_month = (month >= 1) & (month <= MONTHS_PER_YEAR)
        months = (year - 1970) * MONTHS_PER_YEAR + numpy.where(is_month, month - 1, 0)
        first = months.astype("datetime64[M]").astype("datetime64[D]")
        next_first = (months + 1).astype("datetime64[M]").astype("datetime64[D]")
        days = first + (day - 1).astype("timedelta64[D]")
        is_year = (year >= FIRST_YEAR) & (year <= LAST_YEAR)
        is_never = days == numpy.datetime64(NEVER_TEXT)
        exists = is_month & (day >= 1) & (days < next_first) & (is_year | is_never)
        return pa.array(days, mask=~exists)

    def explain(self, text: str) -> tuple[str, str]:
        """Say whether the writing, the day or the year is at fault."""
        parts = text.split("-")
        if [len(part) for part in parts] != [4, 2, 2] or not text.isascii():
            return "is not a day", "Write year-month-day, as 2024-09-01"
        year = parts[0]
        if year.isdigit() and not FIRST_YEAR <= int(year) <= LAST_YEAR:
            remedy = f"Give a year from {FIRST_YEAR} to {LAST_YEAR}"
            return "is out of the calendar", f"{remedy}, or {NEVER_TEXT} for never"
        return "is no day of the calendar", "Write year-month-day, as 2024-09-01"


class Month(Cell):
    """A calendar month, ``2024-02``."""

    type = pa.date32()

    def parse(self, texts: pa.Array) -> pa.Array:
        """Read the first day of the month."""
        return Day().parse(pc.binary_join_element_wise(texts, "01", "-"))

    def explain(self, text: str) -> tuple[str, str]:
        """Say how to write a month."""
        if Day().parse(pa.array([text]))[0].is_valid:
            return "is a day", f'Write the month, "{text[:7]}"'
        return "is no month", "Write year-month, as 2024-09"


class Member(Cell):
    """A code of a closed list, such as a country or a reason."""

    def __init__(self, members: type[Enum]) -> None:
        self.members = members
        self._names = pa.array([member.name for member in members])
        self.type = pa.dictionary(pa.int16(), pa.string())

    def parse(self, texts: pa.Array) -> pa.Array:
        """Give each code its rank in the list; the list is the dictionary."""
        ranks = pc.index_in(texts, value_set=self._names).cast(pa.int16())
        return pa.DictionaryArray.from_arrays(ranks, self._names)

    def explain(self, text: str) -> tuple[str, str]:
        """Name the code that was meant, or the codes that there are."""
        if self.members is Country:
            reason = "is not a country code"
            if code := self._country_codes.get(text.casefold()):
                return reason, f'Write "{code}"'
            return reason, "Write an ISO 3166-1 alpha-2 code, as MG for Madagascar"
        reason = "is not one of the codes"
        names = self._names.to_pylist()
        if close := nearest(text.lower(), names):
            return reason, f'Did you mean "{close}"?'
        return reason, f"Write one of {', '.join(names)}"

    @cached_property
    def _country_codes(self) -> dict[str, str]:
        codes = {key.casefold(): code for key, code in _OTHER_CODES.items()}
        for code, row in COUNTRIES.items():
            for key in (code, row["name"], row["name_fr"]):
                codes[key.casefold()] = code
        return codes


class Truth(Cell):
    """``true`` or ``false``, or a usual spelling of them, in French too."""

    type = pa.bool_()
    _TRUE = pa.array(["true", "1", "yes", "vrai", "oui"])
    _FALSE = pa.array(["false", "0", "no", "faux", "non"])

    def parse(self, texts: pa.Array) -> pa.Array:
        """Read either, whatever the case."""
        lower = pc.utf8_lower(texts)
        is_true = pc.is_in(lower, value_set=self._TRUE)
        is_read = pc.or_(is_true, pc.is_in(lower, value_set=self._FALSE))
        return pc.if_else(is_read, is_true, pa.scalar(None, pa.bool_()))

    def explain(self, text: str) -> tuple[str, str]:
        """Say what is read, whatever the text."""
        del text
        return "is neither true nor false", "Write true or false"


class Number(Cell):
    """A number, 0 or more: an amount in euros, years, or a share from 0 to 1."""

    type = pa.float64()
    _SHAPE = r"^\d{1,15}(\.\d{1,15})?$"

    def __init__(self, *, is_share: bool = False) -> None:
        self.highest = 1 if is_share else _HIGHEST_COUNT

    def parse(self, texts: pa.Array) -> pa.Array:
        """Read digits and a decimal point."""
        is_number = pc.match_substring_regex(texts, self._SHAPE)
        nothing = pa.scalar(None, pa.string())
        return self.fitting(pc.if_else(is_number, texts, nothing).cast(self.type))

    def fitting(self, values: pa.Array) -> pa.Array:
        """Keep the numbers that such a cell may hold; the others are null."""
        fits = pc.and_(
            pc.greater_equal(values, 0.0), pc.less_equal(values, self.highest)
        )
        return pc.if_else(fits, values, pa.scalar(None, self.type))

    def explain(self, text: str) -> tuple[str, str]:
        """Say whether the writing, the sign or the size is at fault."""
        try:
            value = float(text)
        except ValueError:
            return "is not a number", "Write digits and a decimal point, as 1250.50"
        if value < 0:
            return "is negative", "Write 0 or more"
        if value > self.highest:
            if self.highest == 1:
                return "is not a share", "Write 0 to 1, as 0.15 for 15 %"
            return "is absurdly high", f"Write {_HIGHEST_COUNT} or less"
        return "is not a number as written here", "Write it as 1250.50"


class Weight(Number):
    """How many people a row stands for, 0 or more.

    A sum of weights is one of whole steps of a millionth: what is much smaller
    than 1 would be rounded off.
    """

    _LOWEST = 0.01

    def fitting(self, values: pa.Array) -> pa.Array:
        """Keep 0 and the weights that are not too small."""
        is_tiny = pc.and_(pc.greater(values, 0.0), pc.less(values, self._LOWEST))
        nothing = pa.scalar(None, self.type)
        return super().fitting(pc.if_else(is_tiny, nothing, values))

    def explain(self, text: str) -> tuple[str, str]:
        """Say whether the weight is too small, or no number: ``Number``."""
        try:
            is_tiny = 0 < float(text) < self._LOWEST
        except ValueError:
            is_tiny = False
        if is_tiny:
            return "is too small", "Multiply all the weights by the same number"
        return super().explain(text)


class WholeNumber(Cell):
    """A whole number, 0 or more."""

    type = pa.int64()
    highest = _HIGHEST_COUNT

    def parse(self, texts: pa.Array) -> pa.Array:
        """Read digits."""
        is_number = pc.match_substring_regex(texts, r"^\d{1,15}$")
        nothing = pa.scalar(None, pa.string())
        values = pc.if_else(is_number, texts, nothing).cast(self.type)
        is_small = pc.less_equal(values, self.highest)
        return pc.if_else(is_small, values, pa.scalar(None, self.type))

    def explain(self, text: str) -> tuple[str, str]:
        """Say what is read, whatever the text."""
        del text
        return "is no whole number", f"Write digits alone, 0 to {_HIGHEST_COUNT}"


def cell_of(variable: Variable) -> Cell:
    """Give the kind of cell that holds the values of an input of the model."""
    if variable.value_type is Enum:
        return Member(variable.possible_values)
    if variable.value_type is bool:
        return Truth()
    if variable.value_type is int:
        return WholeNumber()
    if variable.value_type is float:
        return Number(is_share=variable.unit == "/1")
    return Day()


def nearest(text: str, names: Collection[str]) -> str | None:
    """Give the name most like a text, or ``None`` where none comes near.

    Of too many names none is compared: it would keep the user waiting.
    """
    if len(names) > MOST_NAMES:
        return None
    close = get_close_matches(text, names, n=1)
    return close[0] if close else None
