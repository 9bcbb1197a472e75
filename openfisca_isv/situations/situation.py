"""The situation that a body describes, as the engine needs it."""

from dataclasses import dataclass, field
from math import prod
from typing import NamedTuple

import numpy
from openfisca_core.periods import Period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem


class Question(NamedTuple):
    """A value that is asked for.

    Attributes:
        plural: The kind of entity.
        name: The identifier of the entity.
        index: Its place among those of its kind.
        variable: The name of the variable.
        key: The period, as it stands in the body.
        period: The period.
    """

    plural: str
    name: str
    index: int
    variable: str
    key: str
    period: Period

    def as_json(self) -> dict[str, str]:
        """Return what is asked, as the answers to it repeat it."""
        return {
            "entity": self.plural,
            "of": self.name,
            "variable": self.variable,
            "period": self.key,
        }


class Axis(NamedTuple):
    """A variable that takes evenly spaced values along a dimension.

    Attributes:
        variable: The name of the variable.
        periods: The periods for which it takes them.
        index: The place of the entity that takes them.
        values: The values, shape ``(count,)``.
    """

    variable: str
    periods: tuple[Period, ...]
    index: int
    values: numpy.ndarray


@dataclass
class Situation:
    """What a body says.

    Attributes:
        names: The identifiers of the entities of each kind, by plural, in order.
        groups: The place of the group of each mission, by the plural of the groups.
        roles: The number of the role of each mission in its group, among all roles.
        given: The values given, by variable, period and place of the entity.
        asked: The values asked, in the order of the body.
        axes: The dimensions along which the situation is repeated: in each, axes of
            one length.
    """

    names: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[int]] = field(default_factory=dict)
    roles: dict[str, list[int]] = field(default_factory=dict)
    given: dict[str, dict[Period, dict[int, object]]] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)
    axes: list[list[Axis]] = field(default_factory=list)

    @property
    def repetitions(self) -> int:
        """Count the situations that the axes make of one."""
        return prod(len(parallel[0].values) for parallel in self.axes)

    @property
    def questions(self) -> int:
        """Count the computations asked: one per variable and period."""
        return len({(asked.variable, asked.period) for asked in self.asked})

    def cells(self, system: TaxBenefitSystem) -> int:
        """Count the values given or asked, over all entities, months and axes."""
        periods = {name: set(by_period) for name, by_period in self.given.items()}
        for question in self.asked:
            periods.setdefault(question.variable, set()).add(question.period)
        cells = sum(
            len(found) * len(self.names[system.variables[name].entity.plural])
            for name, found in periods.items()
        )
        return cells * self.repetitions
