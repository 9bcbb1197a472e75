"""The values of the law that a step is compared with, said in words."""

from openfisca_core.indexed_enums import Enum

from openfisca_isv.counterfactuals.anchors import find
from openfisca_isv.counterfactuals.life import Place
from openfisca_isv.reasons.parameters import (
    Value,
    absences,
    first_days,
    values_read,
)
from openfisca_isv.reasons.sources import describe_source
from openfisca_isv.reasons.trace import Case
from openfisca_isv.reasons.words import Words


def compared_with(words: Words, case: Case, place: Place) -> list[dict]:
    """Describe the values of the law that a place is compared with.

    Args:
        words: The words of a language.
        case: The situation, traced.
        place: What was calculated, of which entity.

    Returns:
        One description a parameter; and one for each country that a list or table
        of countries does not hold, as the absence decides too.
    """
    figures = _Figures(words, case, place)
    return [figures.describe(value) for value in values_read(case, place)] + [
        figures.describe_absence(table, country)
        for table, country in absences(case, place)
    ]


class _Figures:
    """The values of the law that one place read."""

    def __init__(self, words: Words, case: Case, place: Place) -> None:
        self._words = words
        self._case = case
        self._place = place

    def describe(self, value: Value) -> dict:
        """Describe the value of a parameter that applies, or its absence so far."""
        parameter = find(self._case.system, value.name)
        metadata = parameter.metadata
        text = self._text(value.value, metadata)
        if value.since is None:
            first = min(first_days(parameter))
            text = self._words.phrase("not_yet", day=self._words.iso_day(first))
        return {
            "parameter": value.name,
            "label": self._words.parameter(metadata, value.name),
            "value": _plain(value.value),
            "text": text,
            "unit": metadata.get("unit"),
            "per": metadata.get("period"),
            "since": value.since,
            **describe_source(self._words, metadata, value.since),
        }

    def describe_absence(self, table: str, country: Enum) -> dict:
        """Say that a list or table of countries does not hold a country."""
        words = self._words
        one = next(iter(find(self._case.system, table).children.values()))
        is_list = one.metadata.get("unit") == "none"
        return {
            "parameter": table,
            "label": f"{words.node(table)}, {words.member(country)}",
            "value": None,
            "text": words.phrase("not_listed" if is_list else "none_known"),
            "unit": one.metadata.get("unit"),
            "per": one.metadata.get("period"),
            "since": None,
            "certainty": None,
            "last_known_valid": None,
            "references": [],
        }

    def _text(self, value: object, metadata: dict) -> str:
        """Say a value: a list of members, steps, a number or yes."""
        words, unit = self._words, metadata.get("unit")
        if value is None:
            return words.phrase("none_known")
        if isinstance(value, bool):
            return words.phrase("yes" if value else "no")
        if isinstance(value, list):
            return ", ".join(map(self._member, value))
        if isinstance(value, dict):
            threshold_unit = metadata.get("threshold_unit")
            return words.phrase("semicolon").join(
                words.phrase(
                    "from_step",
                    threshold=words.quantity(threshold, threshold_unit),
                    amount=words.quantity(amount, unit),
                )
                for threshold, amount in value.items()
            )
        text = words.quantity(value, unit)
        per = metadata.get("period")
        if unit == "currency-EUR" and per not in (None, "none"):
            return words.phrase(f"per_{per}", amount=text)
        return text

    def _member(self, name: str) -> str:
        """Name a member of the enumeration that a list of names is about."""
        for child in self._case.children(self._place):
            variable = self._case.variable(child.variable)
            members = getattr(variable, "possible_values", None)
            if members is not None and name in members.__members__:
                return self._words.member(members[name])
        return name


def _plain(value: object) -> object:
    """Give the value of a parameter in the types of JSON."""
    if isinstance(value, dict):
        return {
            str(threshold).removesuffix(".0"): float(amount)
            for threshold, amount in value.items()
        }
    return value
