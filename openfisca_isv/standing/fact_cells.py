"""The values that a fact left out may have, divided into cells that cover them all.

The borders of the cells are where the rules that were read may tell values apart: the
days on which a parameter changes, the days that the situation states, either of them
a duration of the law earlier or later, the numbers of the law. They need not be all
borders: what is concluded of a cell holds for each of its values, whatever they are.
"""

from datetime import date
from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.anchors import Anchors, classes
from openfisca_isv.counterfactuals.life import Life, TracedValue, domain, members_of

#: Members of an enumeration that are all tried; of larger ones, some of each class.
MOST_MEMBERS = 24


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
        """Return the cell of each value."""
        place = numpy.searchsorted(self.low, values, side="right") - 1
        return numpy.clip(place, 0, len(self.low) - 1)


def cells(life: Life, fact: TracedValue, anchors: Anchors, most: int) -> Cells:
    """Divide the values that a fact may have into cells, of days at most ``most``."""
    variable = life.system.variables[fact.variable]
    lowest, highest = domain(variable)
    if variable.value_type is Enum:
        return _cells_of_members(life, variable)
    if variable.value_type is bool:
        both = numpy.array([False, True])
        return Cells(both, both, cover=True)
    if variable.value_type is date:
        return _cells_of_days(variable, anchors, most)
    numbers = [*anchors.numbers(variable.unit)[:most], float(variable.default_value)]
    dtype = numpy.dtype(variable.dtype).type

    def beside(number: numpy.ndarray, side: int) -> numpy.ndarray:
        if variable.value_type is int:
            return number + side
        return numpy.nextafter(number, dtype(side * numpy.inf))

    borders = [lowest, *numbers, *(beside(dtype(one), 1) for one in numbers)]
    low = numpy.unique(
        numpy.array([one for one in borders if lowest <= one <= highest], dtype)
    )
    high = numpy.append(beside(low[1:], -1), dtype(highest))
    return Cells(low, high, cover=True)


def _cells_of_days(variable: Variable, anchors: Anchors, most: int) -> Cells:
    """Divide the calendar; of too many borders, those of the law and the stated."""
    lowest, highest = (numpy.datetime64(day, "D") for day in domain(variable))
    day = numpy.timedelta64(1, "D")
    default = numpy.array([variable.default_value], dtype="datetime64[D]")
    first = numpy.concatenate([default, anchors.days, anchors.days_of_the_law])
    borders = numpy.unique(numpy.concatenate([first, first + day]))
    around = anchors.around(anchors.days)
    around = numpy.setdiff1d(numpy.concatenate([around, around + day]), borders)
    room = max(most - len(borders), 0)
    if len(around) > room:
        around = around[numpy.linspace(0, len(around) - 1, room).astype(int)]
    borders = numpy.union1d(borders, around)
    borders = borders[(borders > lowest) & (borders <= highest)]
    low = numpy.concatenate([[lowest], borders])
    return Cells(low, numpy.append(borders - day, highest), cover=True)


def _cells_of_members(life: Life, variable: Variable) -> Cells:
    """Take each member, or of many those stated and two of each class."""
    members = members_of(variable)
    if len(members) <= MOST_MEMBERS:
        every = numpy.arange(len(members))
        return Cells(every, every, cover=True)
    some = {*members_stated(life), 0}
    for group in classes(life.system, members):
        some.update(group[:2])
    some = numpy.array(sorted(some))
    return Cells(some, some, cover=False)


def members_stated(life: Life) -> list[int]:
    """List the members stated of large enumerations."""
    return [
        value
        for key, (values, is_stated) in life.stated.items()
        if (members := members_of(life.system.variables[key.variable]))
        and len(members) > MOST_MEMBERS
        for value in values[is_stated].tolist()
    ]
