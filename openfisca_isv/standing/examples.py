"""Values of the facts left out, drawn so that the rules tell many of them apart.

A day is drawn near another day of the same copy, of the situation or of the law, often
a duration of the law away from it; a number near one of the law. What is drawn proves
that an answer may differ; that it may not is never concluded from what is drawn.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.anchors import (
    EARLIEST,
    LATEST,
    Anchors,
    classes,
)
from openfisca_isv.counterfactuals.life import Life, TracedValue, domain, members_of
from openfisca_isv.dates import add_months
from openfisca_isv.standing.fact_cells import MOST_MEMBERS, members_stated

#: How often a day is drawn near one of the law, a duration of the law away, as it
#: reads when it is left out; and how far off others are drawn.
_OF_THE_LAW, _BY_MONTHS, _BY_LENGTH, _AS_LEFT_OUT = 0.25, 0.5, 0.3, 0.02
_DAYS_AROUND = 1200
#: How often a member is drawn from each of the largest classes, and is one stated.
_OF_A_CLASS, _STATED = 0.25, 0.15
_LARGEST_CLASSES = 8
_HALF = 0.5
#: What is just below or above an amount; how often it is nothing at all, as no minimum
#: admits: where the law has many amounts, few of those drawn are below a low one.
_CENT, _NOTHING = 0.01, 0.1
_MOST_COUNTED = 6


class Drawing:
    """Draws values of facts.

    Attributes:
        random: The source of chance.
    """

    def __init__(
        self, life: Life, anchors: Anchors, random: numpy.random.Generator
    ) -> None:
        self._life = life
        self._anchors = anchors
        self._members_stated = members_stated(life)
        self.random = random

    def every(
        self, facts: Iterable[TracedValue], count: int
    ) -> dict[TracedValue, numpy.ndarray]:
        """Draw a value of each fact for each copy, days near one another."""
        values: dict[TracedValue, numpy.ndarray] = {}
        for fact in facts:
            values[fact] = self.one(fact, values, count)
        return values

    def one(
        self, fact: TracedValue, others: Mapping[TracedValue, numpy.ndarray], count: int
    ) -> numpy.ndarray:
        """Draw a value of a fact for each copy."""
        variable = self._life.system.variables[fact.variable]
        if variable.value_type is bool:
            return self._happens(_HALF, count)
        if variable.value_type is Enum:
            return self._member(variable, count)
        if variable.value_type is date:
            days = [
                values
                for other, values in others.items()
                if other != fact and values.dtype.kind == "M"
            ]
            return self._day(variable, days, count)
        return self._number(variable, count)

    def another(
        self,
        fact: TracedValue,
        values: Mapping[TracedValue, numpy.ndarray],
        tried: tuple,
    ) -> numpy.ndarray:
        """Draw another value of a fact for each copy.

        Args:
            fact: The fact.
            values: The values of all facts, one for each copy.
            tried: Both ends of cells to draw a third of the values from; a third are
                members of a large enumeration that the copy has elsewhere, or days
                next to others of the copy.
        """
        value = values[fact]
        if value.dtype.kind == "b":
            return ~value
        count = len(value)
        low, high = tried
        place = self.random.integers(0, len(low), count)
        drawn = self.one(fact, values, count)
        ways = [
            self.within(low[place], high[place]),
            self._like_another(fact, values, drawn),
            drawn,
        ]
        return numpy.choose(numpy.arange(count) % len(ways), ways)

    def _like_another(
        self,
        fact: TracedValue,
        values: Mapping[TracedValue, numpy.ndarray],
        drawn: numpy.ndarray,
    ) -> numpy.ndarray:
        """Draw a day or a member of a large enumeration like one that stands elsewhere.

        A day is the same, the one before or the one after.
        """
        variables, count = self._life.system.variables, len(drawn)
        members = members_of(variables[fact.variable])
        is_day = drawn.dtype.kind == "M"
        if not is_day and (members is None or len(members) <= MOST_MEMBERS):
            return drawn
        stated = self._anchors.days if is_day else self._members_stated
        same = [numpy.full(count, one) for one in stated]
        same += [
            elsewhere
            for other, elsewhere in values.items()
            if other != fact
            and elsewhere.dtype == drawn.dtype
            and members_of(variables[other.variable]) is members
        ]
        if not same:
            return drawn
        chosen = self.random.integers(0, len(same), count)
        found = numpy.stack(same)[chosen, numpy.arange(count)]
        if is_day:
            lowest, highest = (
                numpy.datetime64(day, "D") for day in domain(variables[fact.variable])
            )
            found = found + self.random.integers(-1, 2, count).astype("m8[D]")
            found = numpy.clip(found, lowest, highest)
        return found

    def within(self, low: numpy.ndarray, high: numpy.ndarray) -> numpy.ndarray:
        """Draw a value between two bounds, and often one of the bounds, of each copy.

        Days are drawn from the part of the calendar in which files are.
        """
        part = self._choice([0, _HALF, 1, self.random.random()], len(low))
        if low.dtype.kind == "M":
            low = numpy.clip(low, numpy.minimum(EARLIEST, high), None)
            high = numpy.clip(high, None, numpy.maximum(LATEST, low))
            width = (high - low).astype(numpy.int64)
            return low + numpy.rint(width * part).astype("m8[D]")
        if low.dtype.kind == "b":
            return numpy.where(part > _HALF, high, low)
        between = low + (high.astype(float) - low) * part
        if low.dtype.kind in "iu":
            between = numpy.rint(between)
        return numpy.clip(between.astype(low.dtype), low, high)

    def _choice(self, among: Sequence, count: int) -> numpy.ndarray:
        """Draw some items of a sequence, quicker than the generator's own method."""
        return numpy.asarray(among)[self.random.integers(0, len(among), count)]

    def _happens(self, chance: float, count: int) -> numpy.ndarray:
        return self.random.random(count) < chance

    def _member(self, variable: Variable, count: int) -> numpy.ndarray:
        members = members_of(variable)
        drawn = self.random.integers(0, len(members), count)
        if len(members) <= MOST_MEMBERS:
            return drawn
        groups = classes(self._life.system, members)
        for group in groups[:_LARGEST_CLASSES]:
            rows = self._happens(_OF_A_CLASS, count)
            drawn[rows] = self._choice(group, rows.sum())
        if self._members_stated:
            rows = self._happens(_STATED, count)
            drawn[rows] = self._choice(self._members_stated, rows.sum())
        return drawn

    def _day(
        self, variable: Variable, others: list[numpy.ndarray], count: int
    ) -> numpy.ndarray:
        anchors = self._anchors
        near = [numpy.full(count, day) for day in anchors.days] + others
        days = self._choice(anchors.days_of_the_law, count)
        if near:
            which = self.random.integers(0, len(near), count)
            chosen = numpy.stack(near)[which, numpy.arange(count)]
            is_far = (chosen < EARLIEST) | (chosen > LATEST)
            is_replaced = is_far | self._happens(_OF_THE_LAW, count)
            days = numpy.where(is_replaced, days, chosen)
        sign = self._choice([-1, 1], count)
        months = self._choice(anchors.months, count) * sign
        lengths = self._choice(anchors.lengths, count) * sign
        offset = self.random.integers(-_DAYS_AROUND, _DAYS_AROUND, count)
        by_months = self._happens(_BY_MONTHS, count)
        offset = numpy.where(self._happens(_BY_LENGTH, count), lengths, offset)
        offset = numpy.where(by_months, 0, offset) + self.random.integers(-1, 2, count)
        days = numpy.where(by_months, add_months(days, months), days)
        days = days + offset.astype("m8[D]")
        lowest, highest = (numpy.datetime64(day, "D") for day in domain(variable))
        days = numpy.clip(days, max(lowest, EARLIEST), min(highest, LATEST))
        default = numpy.datetime64(variable.default_value, "D")
        return numpy.where(self._happens(_AS_LEFT_OUT, count), default, days)

    def _number(self, variable: Variable, count: int) -> numpy.ndarray:
        lowest, highest = domain(variable)
        numbers = self._anchors.numbers(variable.unit)
        if variable.value_type is int and not numbers:
            return self.random.integers(0, _MOST_COUNTED, count)
        numbers = [one for one in numbers if lowest <= one <= highest] or [1.0]
        near = self._choice(numbers, count)
        near = near + self._choice([-_CENT, 0, _CENT], count)
        some = self.random.random(count) * 2 * max(numbers)
        drawn = numpy.where(self._happens(_HALF, count), near, some)
        drawn[self._happens(_NOTHING, count)] = lowest
        return numpy.clip(drawn, lowest, highest).astype(variable.dtype)
