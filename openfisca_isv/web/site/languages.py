"""The words of the pages in each language: their own, and those of the reasons."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.variables import Variable

from openfisca_isv.countries import COUNTRIES
from openfisca_isv.law import CERTAINTIES
from openfisca_isv.names import fold
from openfisca_isv.reasons.words import LANGUAGES, Words
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.typeset import typeset
from openfisca_isv.web.site.content.parameter_pages import ParameterPage, Value
from openfisca_isv.web.site.french import catalogue, french_of

_FOLDER = Path(__file__).parent
#: The durations that the law gives in years, and the model in months.
_IN_YEARS = ("duration.contract_maximum_months", "lifetime.maximum_months")

#: What stands in English in the places of tests, and its French.
_PLACES = (
    ("another reading", "autre interprétation"),
    (
        "before and after the law of 4 August 2021",
        "avant et après la loi du 4 août 2021",
    ),
    (", and the accreditation of décret", ", et l'agrément du décret"),
    ("Reform, ", "Réforme, "),
    ("arts 1 and 2", "art. 1 et 2"),
    ("in a contract abroad", "dans un contrat à l'étranger"),
    ("in a contract in France", "dans un contrat en France"),
    (" and ", " et "),
)

__all__ = ["LANGUAGES", "Language", "strings"]


class Language:
    """The words of the pages in one language.

    Args:
        code: ``en`` or ``fr``.
        members: The members of all enumerations but countries, by name.
    """

    def __init__(self, code: str, members: dict[str, Enum]) -> None:
        self.code = code
        self.words = Words(code)
        self._members = members

    def text(self, key: str, **parts: object) -> str:
        """Return a string of the catalogue, with its parts filled in."""
        return self._spaced(strings()[key][self.code].format(**parts))

    def raw(self, key: str) -> str:
        """Return a string with its {parts} as they stand, for a script to fill in."""
        return self._spaced(strings()[key][self.code])

    def count(self, key: str, number: int) -> str:
        """Return a string that counts things: ``key_one`` or ``key_many``."""
        end = "one" if self.words.is_singular(number) else "many"
        return self.text(f"{key}_{end}", number=self.words.number(number))

    def day(self, day: date) -> str:
        """Write a day in full."""
        return self.words.day(day)

    def certainties(self) -> dict[str, str]:
        """Say how sure each kind of source is, the surest first."""
        return {name: self.text(f"certainty_{name}") for name in CERTAINTIES}

    def subject(self, file: str) -> str:
        """Name the subject of a file of tests, by its folder or its name."""
        folder, slash, name = file.removesuffix(".yaml").rpartition("/")
        return self.text(f"tests_{folder}" if slash else f"subject_{name}")

    def test(self, name: str) -> tuple[str, str]:
        """Return what a test is about, and in which language that is.

        The name of a test is a place in the law and what it tests there: a sentence, or
        the identifier of another reading.
        """
        place, _, said = name.partition(": ")
        if other := alternatives().get(said):
            said = self.said(other.entry, "title")
        elif self.code == "fr":
            if said not in catalogue("tests"):
                return name, "en"
            said = catalogue("tests")[said]
        for english, french in _PLACES if self.code == "fr" else ():
            place = place.replace(english, french)
        return self._spaced(f"{place}: {said}"), self.code

    def short_day(self, day: date) -> str:
        """Write a day short."""
        month = self.text("short_months").split()[day.month - 1]
        return f"{day.day} {month} {day.year}"

    def span(self, start: date, end: date | None) -> str:
        """Write a span of days: from one to another, or since one."""
        if end is None:
            return self.text("since", day=self.day(start))
        if end == start:
            return self.text("on_day", day=self.day(start))
        return self.text("from_to", start=self.day(start), end=self.day(end))

    def label(self, variable: Variable) -> str:
        """Return what a variable is."""
        return self.words.label(variable)

    def parameter(self, parameter: ParameterPage) -> str:
        """Name a parameter."""
        return self.words.parameter(parameter.metadata, parameter.name)

    def value(self, parameter: ParameterPage, value: Value) -> str:
        """Return a value of a parameter in words; the steps of a scale in order."""
        if value is None:
            return self.text("no_figure")
        if isinstance(value, bool):
            return self.text("yes" if value else "no")
        if isinstance(value, list):
            names = [self.item(name) for name in value]
            return self.words.phrase("semicolon").join(names)
        if isinstance(value, tuple):
            return self.words.phrase("semicolon").join(
                self.text("step", threshold=threshold, amount=amount)
                for threshold, amount in self.steps(parameter, value)
            )
        text = self._per(parameter, self.words.quantity(value, parameter.unit))
        if parameter.name in _IN_YEARS:
            text += f" ({self.words.quantity(value / 12, 'year')})"
        return text

    def history(self, parameter: ParameterPage) -> str:
        """Return the values of a parameter in words, one after another."""
        return " ".join(
            self.text(
                "history_sentence",
                value=self.value(parameter, version.value),
                span=self.span(version.start, version.end),
            )
            for version in parameter.versions
        )

    def steps(
        self, parameter: ParameterPage, value: Iterable[tuple[float, float]]
    ) -> list[tuple[str, str]]:
        """Return the thresholds and the amounts of a scale in words."""
        return [
            (
                self.words.quantity(threshold, parameter.threshold_unit),
                self.words.quantity(amount, parameter.unit),
            )
            for threshold, amount in value
        ]

    def item(self, name: str) -> str:
        """Name an item of a list: a country, a member of an enumeration, or another."""
        if name in COUNTRIES:
            return self.country(name)
        if name in self._members:
            return self.words.member(self._members[name])
        return self.text(f"item_{name}")

    def country(self, code: str) -> str:
        """Name a country."""
        return COUNTRIES[code]["name_fr" if self.code == "fr" else "name"]

    def countries(self) -> list[tuple[str, str]]:
        """List the countries, codes and names, in the order of the language."""
        named = [(code, self.country(code)) for code in COUNTRIES]
        return sorted(named, key=lambda one: fold(one[1]))

    def said(self, entry: dict, key: str) -> str:
        """Return what an entry of the register says under a key."""
        return self._spaced(self.words.said(entry, key))

    def title(self, title: str) -> str:
        """Return the title of a provision, of a text or of a source."""
        return self.words.title(title)

    def paragraph(self, provision: dict) -> str:
        """Name a provision inside its article: its paragraph."""
        title = self.title(provision["title"])
        _, comma, number = title.partition(", al. ")
        return self.text("paragraph", number=number) if comma else title

    def period(self, variable: Variable) -> str:
        """Return how often a variable is computed: each month, each year, or once."""
        unit = variable.definition_period
        if unit == DateUnit.ETERNITY:
            return self.text("for_ever")
        return self.text(
            "for_each_month" if unit == DateUnit.MONTH else "for_each_year"
        )

    def prose(self, kind: str, name: str, english: str) -> tuple[str, str]:
        """Return a text that the model has in English only, and its language.

        Args:
            kind: What it is of, e.g. ``notes`` or ``descriptions``.
            name: The name of that, in the French catalogue.
            english: The text.
        """
        if self.code == "fr":
            french = french_of(kind, name, english)
            if french is not None:
                return self._spaced(french), "fr"
        return english, "en"

    def _spaced(self, text: str) -> str:
        return typeset(text, self.code)

    def _per(self, parameter: ParameterPage, text: str) -> str:
        """Add what a quantity is counted for, where that is a part of saying it."""
        is_counted = parameter.unit in ("currency-EUR", "day", "none")
        if parameter.period == "none" or not is_counted:
            return text
        if parameter.unit != "currency-EUR" and parameter.period not in (
            "month",
            "year",
        ):
            return text
        return self.words.phrase(f"per_{parameter.period}", amount=text)


@cache
def strings() -> dict[str, dict[str, str]]:
    """Read the catalogue of strings: by key, the text in each language."""
    text = (_FOLDER / "strings.yaml").read_text("utf-8")
    return yaml.load(text, yaml.CSafeLoader)
