"""Values, labels and phrases in the words of a language.

The English labels are those of the model; every French text is in ``french.yaml``,
and what English needs beside the model in ``english.yaml``. French countries are in
``countries.csv``, French parameters and provisions beside the English ones.
"""

import re
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.periods import period as to_period
from openfisca_core.variables import Variable

from openfisca_isv import law
from openfisca_isv.contradictions import details
from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.dates import NEVER, UNKNOWN_DAY

LANGUAGES = {"en": "english", "fr": "french"}
#: The space that does not break, before French signs and between thousands.
_NO_BREAK = "\u00a0"
_TWO = 2


class Words:
    """The words of one language.

    Args:
        language: ``en`` or ``fr``.

    Raises:
        ValueError: There is no catalogue of that language.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            message = f"the language {language!r} is none of {', '.join(LANGUAGES)}"
            raise ValueError(message)
        self.language = language
        self._catalogue = catalogue(language)
        self._titles = _titles() if language == "fr" else {}

    def phrase(self, key: str, **parts: object) -> str:
        """Return a phrase of the catalogue, with its parts filled in."""
        return self._catalogue["phrases"][key].format(**parts)

    def subject(self, subject: str) -> str:
        """Name a subject of the file of a volunteer."""
        return self._catalogue.get("subjects", {}).get(subject, subject)

    def label(self, variable: Variable) -> str:
        """Return what a variable is."""
        return self._catalogue.get("labels", {}).get(variable.name, variable.label)

    def rule(self, variable: Variable) -> str | None:
        """Return what the formula of a variable does, in one sentence."""
        if variable.is_input_variable():
            return None
        if rule := self._catalogue.get("rules", {}).get(variable.name):
            return rule
        text = next(reversed(variable.formulas.values())).__doc__
        return text.strip().split("\n")[0] if text else None

    def member(self, member: Enum) -> str:
        """Name a member of an enumeration."""
        if isinstance(member, Country) and member.name in COUNTRIES:
            return COUNTRIES[member.name][
                "name_fr" if self.language == "fr" else "name"
            ]
        names = self._catalogue.get("members", {}).get(type(member).__name__, {})
        return names.get(member.name, member.value)

    def finding(self, member: Enum) -> tuple[str, str]:
        """Say what a contradiction or an oddity is, and what to do about it."""
        about = details(member)
        remedy = about.remedy_fr if self.language == "fr" else about.remedy
        return self.member(member), remedy

    def refusal(self, english: str) -> str:
        """Say why a situation is refused, or what to do; in English if need be."""
        for pattern, text in self._catalogue.get("refusals", {}).items():
            parts = map(re.escape, pattern.split("{}"))
            if found := re.fullmatch("(.*)".join(parts), english):
                for part in found.groups():
                    text = text.replace("{}", part, 1)  # noqa: PLW2901
                return text
        return english

    def parameter(self, metadata: dict, name: str) -> str:
        """Name a parameter by its short label."""
        key = "short_label_fr" if self.language == "fr" else "short_label"
        return metadata.get(key, name)

    def node(self, name: str) -> str:
        """Name a node of parameters that has one for each country."""
        return self._catalogue["nodes"].get(name, name)

    def title(self, title: str) -> str:
        """Return the title of a source; a few are partly English."""
        return self._titles.get(title, title)

    def said(self, entry: dict, key: str) -> str:
        """Return what an entry of the register says under a key, in the language.

        Args:
            entry: A text, a provision, a version or a reading of the register.
            key: The key of the English, e.g. ``summary``; that of the French ends in
                ``_fr``, and is missing where the two are the same.
        """
        if self.language == "fr":
            return entry.get(f"{key}_fr", entry[key]).strip()
        return entry[key].strip()

    def supposition(self, variable: Variable, value: str, key: str) -> str:
        """Return the "if ... were" clause of an input.

        Args:
            variable: The input.
            value: The value supposed, in words.
            key: ``true`` or ``false`` for a boolean, ``value`` otherwise.
        """
        said = self._catalogue["if"].get(variable.name)
        if isinstance(said, dict):
            return said.get(key) or said["value"]
        if said is None:
            said = self.phrase("if_other", label=self.label(variable))
        return f"{said} {value}"

    def value(self, variable: Variable, value: object) -> str:
        """Return a value of a variable in words; None is infinity."""
        if value is None:
            return self.phrase("none_known")
        if isinstance(value, bool):
            return self.phrase("yes" if value else "no")
        if isinstance(value, Enum):
            return self.member(value)
        if isinstance(value, date):
            return self.day(value, variable.name)
        return self.quantity(value, variable.unit)

    def stated(self, variable: Variable, value: object) -> str:
        """Return a value that is stated: ``none`` is none, and not unknown."""
        if isinstance(value, Enum) and value.name == "none":
            return self.phrase("stated_none")
        return self.value(variable, value)

    def json_value(self, variable: Variable, value: object) -> str:
        """Return a value of a variable, as JSON answers have it, in words."""
        return self.value(variable, of_json(variable, value))

    def law_value(self, value: object, metadata: dict) -> str:
        """Return the value of a parameter in words: a scale, a number, yes."""
        unit = metadata.get("unit")
        if isinstance(value, dict):
            threshold_unit = metadata.get("threshold_unit")
            return self.phrase("semicolon").join(
                self.phrase(
                    "from_step",
                    threshold=self.quantity(threshold, threshold_unit),
                    amount=self.quantity(amount, unit),
                )
                for threshold, amount in value.items()
            )
        if value is None or isinstance(value, bool):
            return self.phrase({None: "none_known", True: "yes", False: "no"}[value])
        text, per = self.quantity(value, unit), metadata.get("period")
        if unit == "currency-EUR" and per not in (None, "none"):
            return self.phrase(f"per_{per}", amount=text)
        return text

    def quantity(self, number: float, unit: str | None) -> str:
        """Return a number with its unit: 24 months, €1,234.50, 15 %."""
        if unit == "currency-EUR":
            return self.phrase("euros", number=self.number(number, 2))
        if unit == "/1":
            return self.phrase("percent", number=self.number(100 * number))
        text = self.number(number)
        if unit in ("month", "year", "day"):
            of_unit = unit if self.is_singular(number) else f"{unit}s"
            return self.phrase(of_unit, number=text)
        return text

    def is_singular(self, number: float) -> bool:
        """Return whether so many things are told of in the singular."""
        # French has the singular below two, English for one alone.
        return abs(number) < _TWO if self.language == "fr" else number == 1

    def number(self, number: float, decimals: int | None = None) -> str:
        """Write a number; without decimals said, as many as it has, up to two."""
        text = f"{number:,.{2 if decimals is None else decimals}f}"
        if decimals is None or text.endswith(".00"):
            text = text.rstrip("0").rstrip(".") if "." in text else text
        return self.figures(text)

    def figures(self, text: str) -> str:
        """Write a number that is written in English with the signs of the language."""
        if self.language == "fr":
            return text.replace(",", _NO_BREAK).replace(".", ",")
        return text

    def day(self, day: date, name: str = "") -> str:
        """Write a day in full, or say what its absence means for a variable."""
        if day.year == NEVER.year:
            return self._catalogue["absent"].get(name, self.phrase("no_day"))
        if day == UNKNOWN_DAY:
            return self.phrase("unknown")
        number = "1er" if self.language == "fr" and day.day == 1 else day.day
        return f"{number} {self._catalogue['months'][day.month - 1]} {day.year}"

    def iso_day(self, text: str) -> str:
        """Write in full a day given as ``2024-01-15``."""
        return self.day(date.fromisoformat(text))

    def period(self, when: str) -> str | None:
        """Return a month or a year in words; nothing for eternity."""
        period = to_period(when)
        if period.unit == DateUnit.ETERNITY:
            return None
        if period.unit == DateUnit.YEAR:
            return str(period.start.year)
        month = self._catalogue["months"][period.start.month - 1]
        return f"{month} {period.start.year}"


@cache
def _titles() -> dict[str, str]:
    entries = [*law.TEXTS.values(), *law.provisions().values()]
    return {one["en"]: one["fr"] for one in catalogue("fr")["titles"]} | {
        one["title"]: one["title_fr"] for one in entries if "title_fr" in one
    }


@cache
def catalogue(language: str) -> dict:
    """Read the catalogue of a language."""
    file = Path(__file__).parent / f"{LANGUAGES[language]}.yaml"
    return yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)


@cache
def words_of(language: str) -> Words:
    """Return the words of a language, read once."""
    return Words(language)


def of_json(variable: Variable, value: object) -> object:
    """Return a value as JSON answers have it in the form that ``Words.value`` takes."""
    if variable.value_type is Enum:
        return variable.possible_values[value]
    if variable.value_type is date:
        return min(date.fromisoformat(value), NEVER)
    # Infinity is a text: JSON has no number for it.
    return None if isinstance(value, str) else value
