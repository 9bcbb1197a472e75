"""Where the rules may tell the values of a fact apart: days, durations and numbers.

They are those of the parameters that were read, in all their versions, and those of
the situation.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.dates import MONTHS_PER_YEAR, add_months

_MONTHS_IN = {"month": 1, "year": MONTHS_PER_YEAR}
#: The part of the calendar in which files are; a day of it, for want of another.
EARLIEST, LATEST = numpy.datetime64("1930-01-01"), numpy.datetime64("2060-01-01")
_A_DAY = "2000-01-01"


class Anchors:
    """The days, durations and numbers that rules and situation have.

    Args:
        system: The model.
        names: The names of the parameters that were read.
        days: The days of the situation; those of no file are left out.
        numbers: The numbers of the situation, each with its unit.

    Attributes:
        days: The days of the situation, in order.
        days_of_the_law: The days on which what was read changes, in order.
        months: The durations of the law in months.
        lengths: The durations of the law in days.
    """

    def __init__(
        self,
        system: TaxBenefitSystem,
        names: Iterable[str],
        days: Iterable[numpy.datetime64],
        numbers: Iterable[tuple[str | None, float]] = (),
    ) -> None:
        parts = [found for name in set(names) for found in _found(system, name)]
        self.days = _sorted((day for day in days if EARLIEST <= day <= LATEST), "M8[D]")
        self.days_of_the_law = _sorted({day for day, *_ in parts} or {_A_DAY}, "M8[D]")
        self._numbers: dict[str | None, set[float]] = {}
        for _, unit, number in parts:
            if number is not None:
                self._numbers.setdefault(unit, set()).add(number)
        months = {
            round(number * count)
            for unit, count in _MONTHS_IN.items()
            for number in self.numbers(unit)
        }
        self.months = _sorted(months or {MONTHS_PER_YEAR}, int)
        self.lengths = _sorted(set(map(round, self.numbers("day"))) or {1}, int)
        for unit, number in numbers:
            self._numbers.setdefault(unit, set()).add(number)

    def numbers(self, unit: str | None) -> list[float]:
        """List the numbers of a unit, in order."""
        return sorted(self._numbers.get(unit, ()))

    def around(self, days: numpy.ndarray) -> numpy.ndarray:
        """List the days that are a duration of the law before or after some days."""
        months = numpy.concatenate([self.months, -self.months])
        lengths = numpy.concatenate([self.lengths, -self.lengths])
        by_months = add_months(
            numpy.repeat(days, len(months)), numpy.tile(months, len(days))
        )
        by_length = numpy.add.outer(days, lengths.astype("m8[D]")).ravel()
        return numpy.concatenate([by_months, by_length])


class _Version(NamedTuple):
    """A day on which a parameter changes, and the number that it takes, if any."""

    day: str
    unit: str | None
    number: float | None


def _sorted(values: Iterable, dtype: object) -> numpy.ndarray:
    return numpy.unique(numpy.array([*values], dtype))


def find(
    system: TaxBenefitSystem, name: str
) -> Parameter | ParameterNode | ParameterScale | None:
    """Return a parameter by its dotted name; None if the law has none."""
    node = system.parameters
    for key in name.split("."):
        node = getattr(node, "children", {}).get(key)
    return node


@lru_cache(maxsize=1024)
def _found(system: TaxBenefitSystem, name: str) -> list[_Version]:
    """List the versions of a parameter, and of all its parts."""
    node = find(system, name)
    return list(_versions(node, node.metadata.get("unit")))


def first_days(node: Parameter | ParameterNode | ParameterScale) -> set[str]:
    """Return the days on which a parameter, or a part of it, takes a value."""
    return {version.day for version in _versions(node, None)}


def _versions(
    node: Parameter | ParameterNode | ParameterScale, unit: str | None
) -> Iterable[_Version]:
    if isinstance(node, ParameterScale):
        for bracket in node.brackets:
            for part, key in (("threshold", "threshold_unit"), ("amount", "unit")):
                if part in bracket.children:
                    yield from _versions(bracket.children[part], node.metadata.get(key))
        return
    for child in getattr(node, "children", {}).values():
        yield from _versions(child, child.metadata.get("unit") or unit)
    for version in getattr(node, "values_list", ()):
        is_number = isinstance(version.value, int | float)
        is_number = is_number and not isinstance(version.value, bool)
        number = float(version.value) if is_number else None
        yield _Version(version.instant_str, unit, number)


@lru_cache(maxsize=32)
def classes(system: TaxBenefitSystem, members: type[Enum]) -> list[list[int]]:
    """Group the members of an enumeration for which the parameters say the same.

    Two members are of one class where each list of the law has both or neither, and
    each node has the same values for both, on all days.
    """
    names = {member.name: member.index for member in members}
    said: dict[str, list] = {name: [] for name in names}
    for node in system.parameters.get_descendants():
        for version in getattr(node, "values_list", ()):
            if isinstance(version.value, list):
                for name in set(version.value) & names.keys():
                    said[name].append((node.name, version.instant_str))
        if isinstance(node, Parameter):
            parent, _, last = node.name.rpartition(".")
            if last in names:
                values = tuple((one.instant_str, one.value) for one in node.values_list)
                said[last].append((parent, values))
    groups: dict[tuple, list[int]] = {}
    for name, index in names.items():
        groups.setdefault(tuple(map(str, said[name])), []).append(index)
    return sorted(groups.values(), key=len, reverse=True)
