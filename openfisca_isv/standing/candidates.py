"""Values that a fact left out may have: cells that cover them all, and some drawn.

The borders of the cells are where the rules that were read may tell values apart: the
days on which a parameter changes, the days that the situation states, either of them
a duration of the law earlier or later, the numbers of the law. They need not be all
borders: what is concluded of a cell holds for each of its values, whatever they are.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.dates import MONTHS_PER_YEAR, add_months
from openfisca_isv.standing.lives import Fact, Life, domain, members_of

#: Members of an enumeration that are all tried; of larger ones, some of each class.
MOST_MEMBERS = 24
_MONTHS_IN = {"month": 1, "year": MONTHS_PER_YEAR}
#: Days further off than this from all others are of no file.
_A_DAY = "2000-01-01"
_EARLIEST, _LATEST = numpy.datetime64("1930-01-01"), numpy.datetime64("2060-01-01")


class Cells(NamedTuple):
    """Ranges of values of a fact, in order.

    Attributes:
        low: The lowest value of each.
        high: The highest value of each.
        cover: Whether they hold all the values that the fact may have.
    """

    low: numpy.ndarray
    high: numpy.ndarray
    cover: bool

    def of(self, values: numpy.ndarray) -> numpy.ndarray:
        """Give the cell of each value."""
        place = numpy.searchsorted(self.low, values, side="right") - 1
        return numpy.clip(place, 0, len(self.low) - 1)


class Anchors:
    """The days, durations and numbers that rules and situation have.

    Args:
        life: What the situation states.
        names: The names of the parameters that were read.
    """

    def __init__(self, life: Life, names: Iterable[str]) -> None:
        days, months, lengths, numbers = set(), set(), set(), {}
        for name in sorted(names):
            found = _found(life.system, name)
            days |= found.days
            months |= found.months
            lengths |= found.lengths
            for unit, values in found.numbers.items():
                numbers.setdefault(unit, set()).update(values)
        self.days_of_the_law = numpy.array(sorted(days) or [_A_DAY], dtype="M8[D]")
        self.months = numpy.array(sorted(months) or [MONTHS_PER_YEAR])
        self.lengths = numpy.array(sorted(lengths) or [1])
        self._numbers = numbers
        stated = {
            day
            for (name, _), (values, is_stated) in life.stated.items()
            if life.system.variables[name].value_type is date
            for day in values[is_stated]
            if _EARLIEST <= day <= _LATEST
        }
        self.days_stated = numpy.array(sorted(stated), dtype="datetime64[D]")
        self.members_stated = [
            value
            for (name, _), (values, is_stated) in life.stated.items()
            if (members := members_of(life.system.variables[name]))
            and len(members) > MOST_MEMBERS
            for value in values[is_stated].tolist()
        ]

    def numbers(self, unit: str | None) -> list[float]:
        """List the numbers that the law has in a unit."""
        return sorted(self._numbers.get(unit, ()))

    def around(self, days: numpy.ndarray) -> numpy.ndarray:
        """List the days that are a duration of the law before or after some days."""
        months = numpy.concatenate([self.months, -self.months])
        lengths = numpy.concatenate([self.lengths, -self.lengths])
        return numpy.concatenate(
            [
                add_months(*_pairs(days, months)),
                _pairs(days, lengths)[0] + _pairs(days, lengths)[1].astype("m8[D]"),
            ]
        )


def cells(life: Life, fact: Fact, anchors: Anchors, most: int) -> Cells:
    """Divide the values that a fact may have into cells.

    Args:
        life: What the fact is of.
        fact: The fact.
        anchors: Where rules may tell values apart.
        most: The most cells of a day or a number.
    """
    variable = life.system.variables[fact.variable]
    lowest, highest = domain(variable)
    if variable.value_type is Enum:
        return _cells_of_members(life.system, variable, anchors)
    if variable.value_type is bool:
        both = numpy.array([False, True])
        return Cells(both, both, cover=True)
    if variable.value_type is date:
        return _cells_of_days(variable, anchors, most)
    numbers = [*anchors.numbers(variable.unit)[:most], float(variable.default_value)]
    step = (lambda one: one + 1) if variable.value_type is int else _next
    dtype = numpy.dtype(variable.dtype).type
    borders = [lowest, *numbers, *(step(dtype(one)) for one in numbers)]
    low = numpy.unique(
        numpy.array([one for one in borders if lowest <= one <= highest], dtype)
    )
    before = (lambda one: one - 1) if variable.value_type is int else _before
    high = numpy.append(before(low[1:]), dtype(highest))
    return Cells(low, high, cover=True)


def _cells_of_days(variable: Variable, anchors: Anchors, most: int) -> Cells:
    """Divide the calendar; of too many borders, those of the law and the stated."""
    lowest, highest = (numpy.datetime64(day, "D") for day in domain(variable))
    day = numpy.timedelta64(1, "D")
    default = numpy.array([variable.default_value], dtype="datetime64[D]")
    first = numpy.concatenate([default, anchors.days_stated, anchors.days_of_the_law])
    borders = numpy.unique(numpy.concatenate([first, first + day]))
    around = anchors.around(anchors.days_stated)
    around = numpy.setdiff1d(numpy.concatenate([around, around + day]), borders)
    room = max(most - len(borders), 0)
    if len(around) > room:
        around = around[numpy.linspace(0, len(around) - 1, room).astype(int)]
    borders = numpy.union1d(borders, around)
    borders = borders[(borders > lowest) & (borders <= highest)]
    low = numpy.concatenate([[lowest], borders])
    return Cells(low, numpy.append(borders - day, highest), cover=True)


def _cells_of_members(
    system: TaxBenefitSystem, variable: Variable, anchors: Anchors
) -> Cells:
    """Take each member, or of many those stated and two of each class."""
    members = members_of(variable)
    if len(members) <= MOST_MEMBERS:
        every = numpy.arange(len(members))
        return Cells(every, every, cover=True)
    some = {*anchors.members_stated, 0}
    for group in classes(system, members):
        some.update(group[:2])
    some = numpy.array(sorted(some))
    return Cells(some, some, cover=False)


class _Found(NamedTuple):
    """What a parameter has: its days, durations and numbers."""

    days: set
    months: set
    lengths: set
    numbers: dict


@lru_cache(maxsize=1024)
def _found(system: TaxBenefitSystem, name: str) -> _Found:
    """Find what a parameter has, in all its versions."""
    node = system.parameters
    for part in name.split("."):
        node = node.children[part]
    found = _Found(set(), set(), set(), {})
    _search(node, node.metadata.get("unit"), found)
    return found


def _search(
    node: Parameter | ParameterNode | ParameterScale, unit: object, found: _Found
) -> None:
    """Add what a parameter has, or each of its parts."""
    if isinstance(node, ParameterScale):
        for bracket in node.brackets:
            for part, key in (("threshold", "threshold_unit"), ("amount", "unit")):
                if part in bracket.children:
                    _search(bracket.children[part], node.metadata.get(key), found)
        return
    for child in getattr(node, "children", {}).values():
        _search(child, child.metadata.get("unit") or unit, found)
    for version in getattr(node, "values_list", ()):
        found.days.add(numpy.datetime64(version.instant_str))
        value = version.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            continue
        if unit in _MONTHS_IN:
            found.months.add(round(value * _MONTHS_IN[unit]))
        elif unit == "day":
            found.lengths.add(round(value))
        found.numbers.setdefault(unit, set()).add(float(value))


@lru_cache(maxsize=32)
def classes(system: TaxBenefitSystem, members: type[Enum]) -> list[list[int]]:
    """Group the members of an enumeration of which the parameters say the same.

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


def _pairs(days: numpy.ndarray, others: numpy.ndarray) -> tuple:
    """Pair each day with each of some durations."""
    return numpy.repeat(days, len(others)), numpy.tile(others, len(days))


def _next(number: numpy.ndarray) -> numpy.ndarray:
    return numpy.nextafter(numpy.float32(number), numpy.float32(numpy.inf))


def _before(number: numpy.ndarray) -> numpy.ndarray:
    return numpy.nextafter(numpy.float32(number), numpy.float32(-numpy.inf))
