"""The lives of drawn volunteers, as arrays.

A life is a row and a contract a column: arrays have the shape ``(lives,)`` or
``(lives, contracts)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy

from openfisca_isv.dates import DAY, NEVER
from openfisca_isv.population.synthetic.codes import NONE

NEVER_DAY = numpy.datetime64(NEVER)
_DAYS_PER_YEAR = 365.2425


@dataclass
class Careers:
    """The contracts of each life in order of time, shape ``(lives, contracts)``.

    Attributes:
        is_held: There is such a contract.
        start: First day.
        end: Last day agreed.
        termination: Last day served where it was ended early, else 9999-12-31.
        reason: Rank of the reason why it was ended early.
        notice: Day of the notice, or 9999-12-31.
    """

    is_held: numpy.ndarray
    start: numpy.ndarray
    end: numpy.ndarray
    termination: numpy.ndarray
    reason: numpy.ndarray
    notice: numpy.ndarray

    @property
    def columns(self) -> list[numpy.ndarray]:
        """The arrays, in their order."""
        return [getattr(self, field.name) for field in fields(self)]

    @property
    def last_served(self) -> numpy.ndarray:
        """The last day served of each contract."""
        return numpy.minimum(self.end, self.termination)

    @property
    def next_start(self) -> numpy.ndarray:
        """The first day of the contract after each, 9999-12-31 after the last one."""
        following = numpy.full(self.start.shape, NEVER_DAY)
        following[:, :-1] = numpy.where(
            self.is_held[:, 1:], self.start[:, 1:], NEVER_DAY
        )
        return following

    @property
    def ends_engagement(self) -> numpy.ndarray:
        """Tell of each contract whether no other follows it at once."""
        return self.is_held & (self.next_start > self.last_served + DAY)

    def is_in_mission(self, day: numpy.datetime64) -> numpy.ndarray:
        """Tell of each life whether it is in mission on a day, shape ``(lives,)``."""
        is_served = self.is_held & (self.start <= day) & (self.last_served >= day)
        return is_served.any(axis=1)

    def as_known_on(self, day: numpy.datetime64) -> "Careers":
        """Forget the contracts and the terminations that come after a day."""
        is_to_come = (self.termination > day) & (self.termination != NEVER_DAY)
        return Careers(
            self.is_held & (self.start <= day),
            self.start,
            self.end,
            numpy.where(is_to_come, NEVER_DAY, self.termination),
            numpy.where(is_to_come, NONE, self.reason),
            numpy.where(is_to_come, NEVER_DAY, self.notice),
        )


@dataclass
class Lives:
    """Volunteers and their contracts; codes are ranks in their lists.

    Attributes:
        volunteers: Inputs of the volunteers by name, each of shape ``(lives,)``.
        terms: ``organisation`` and the inputs of the contracts other than their days,
            by name, each of shape ``(lives, contracts)``.
        careers: The days of the contracts.
        fault: Rank of the condition that the first contract breaks.
    """

    volunteers: dict[str, numpy.ndarray]
    terms: dict[str, numpy.ndarray]
    careers: Careers
    fault: numpy.ndarray

    def take(self, kept: slice | numpy.ndarray) -> "Lives":
        """Keep some of the lives."""
        return Lives(
            {name: values[kept] for name, values in self.volunteers.items()},
            {name: values[kept] for name, values in self.terms.items()},
            Careers(*(values[kept] for values in self.careers.columns)),
            self.fault[kept],
        )


def birth_dates(days: numpy.ndarray, ages: numpy.ndarray) -> numpy.ndarray:
    """Give the birth dates of persons who have an age in years, on days."""
    return days - numpy.floor(ages * _DAYS_PER_YEAR).astype(numpy.int64) * DAY


def join(parts: Sequence[Lives]) -> Lives:
    """Put lives together, one part after the other."""
    careers = zip(*(part.careers.columns for part in parts), strict=True)
    return Lives(
        {
            name: numpy.concatenate([part.volunteers[name] for part in parts])
            for name in parts[0].volunteers
        },
        {
            name: numpy.concatenate([part.terms[name] for part in parts])
            for name in parts[0].terms
        },
        Careers(*(numpy.concatenate(column) for column in careers)),
        numpy.concatenate([part.fault for part in parts]),
    )
