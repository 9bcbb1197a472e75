"""The part of a situation that a question is about, and copies of it.

A life holds all the missions, volunteers and organisations that are linked to one
another: nothing outside it can bear on what is inside.
"""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, Self

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, Period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.situations.simulation import join
from openfisca_isv.situations.situation import Situation
from openfisca_isv.situations.values import FIRST_DAY, HIGHEST_COUNT, HIGHEST_NUMBER
from openfisca_isv.standing.bounds import Bounds

#: A variable and its period.
Key = tuple[str, Period]
#: Values in the engine's own form, and which rows are stated, by key.
Stated = dict[Key, tuple[numpy.ndarray, numpy.ndarray]]
ETERNITY = Period.eternity()
#: What tells of an event: left out, it did not happen.
EVENTS = frozenset(
    {
        "early_termination_date",
        "early_termination_reason",
        "integration_premium_request_date",
        "notice_date",
    }
)
#: What is not known of an event that did happen, and the day that says it did.
_TOLD_BY = {"early_termination_reason": "early_termination_date"}
_SHARE = "/1"


class Fact(NamedTuple):
    """A fact that a situation may leave out.

    Attributes:
        variable: The name of an input.
        period: Its period.
        row: The place of the entity among those of the life.
    """

    variable: str
    period: Period
    row: int

    @property
    def key(self) -> Key:
        """The value that it is a row of."""
        return self.variable, self.period


class Asked(NamedTuple):
    """A value that is asked of an entity of a life."""

    variable: str
    period: Period
    row: int


def key_of(variable: Variable, period: Period) -> Key:
    """Give the key of a value: an eternal variable has one, whatever the period."""
    is_eternal = variable.definition_period == DateUnit.ETERNITY
    return variable.name, ETERNITY if is_eternal else period


def members_of(variable: Variable) -> type[Enum] | None:
    """Give the enumeration that a variable is a member of, if any."""
    return variable.possible_values if variable.value_type is Enum else None


def domain(variable: Variable) -> tuple[object, object]:
    """Give the lowest and highest value that an input takes, in the engine's form."""
    if variable.value_type is Enum:
        return 0, len(members_of(variable)) - 1
    if variable.value_type is float:
        return 0, 1 if variable.unit == _SHARE else HIGHEST_NUMBER
    return _DOMAINS[variable.value_type]


_DOMAINS = {
    bool: (False, True),
    int: (0, HIGHEST_COUNT),
    date: (numpy.datetime64(FIRST_DAY), numpy.datetime64(date.max)),
}


class Life:
    """Entities that are linked to one another, and what is stated of them.

    Args:
        system: The model.
        rows: The places of the entities among those of the whole, by kind.
        members: The place of the group of each mission, among those of the life, by
            kind of group.
        roles: The number of the role of each mission in its group, by kind of group.
        stated: The values stated, in the engine's own form, and which rows are stated.
    """

    def __init__(
        self,
        system: TaxBenefitSystem,
        rows: dict[str, numpy.ndarray],
        members: dict[str, numpy.ndarray],
        roles: dict[str, numpy.ndarray],
        stated: Stated,
    ) -> None:
        self.system = system
        self.rows = rows
        self.members = members
        self._roles = roles
        self.stated = stated

    @classmethod
    def of_situation(
        cls, system: TaxBenefitSystem, situation: Situation, missions: numpy.ndarray
    ) -> Self:
        """Take the life of missions that nothing links to others of a situation.

        Args:
            system: The model.
            situation: What a body says.
            missions: The places of the missions among those of the situation.
        """
        rows, members, roles = {system.person_entity.key: missions}, {}, {}
        for entity in system.group_entities:
            groups = numpy.asarray(situation.groups[entity.plural])[missions]
            rows[entity.key], members[entity.key] = numpy.unique(
                groups, return_inverse=True
            )
            roles[entity.key] = numpy.asarray(situation.roles[entity.plural])[missions]
        stated = _stated(system, situation.given, rows)
        return cls(system, rows, members, roles, stated)

    def part(self, missions: numpy.ndarray) -> Self:
        """Keep some missions, and the groups that they are members of.

        Args:
            missions: Their places among those of this life.
        """
        kept = {self.system.person_entity.key: missions}
        members, roles = {}, {}
        for kind, groups in self.members.items():
            kept[kind], members[kind] = numpy.unique(
                groups[missions], return_inverse=True
            )
            roles[kind] = self._roles[kind][missions]
        rows = {kind: self.rows[kind][some] for kind, some in kept.items()}
        stated = {}
        for key, (values, is_stated) in self.stated.items():
            some = kept[self.entity_key(key[0])]
            if is_stated[some].any():
                stated[key] = values[some], is_stated[some]
        return type(self)(self.system, rows, members, roles, stated)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """The variables that say in what facts contradict one another."""
        return getattr(self.system, "contradiction_variables", ())

    def size(self, kind: str) -> int:
        """Count the entities of a kind."""
        return len(self.rows[kind])

    def entity_key(self, name: str) -> str:
        """Give the kind of entity that a variable is of."""
        return self.system.variables[name].entity.key

    def populate(self, simulation: Simulation, count: int) -> None:
        """Fill a simulation with copies, which follow one another."""
        for key, population in simulation.populations.items():
            size = self.size(key)
            population.count = count * size
            population.ids = range(count * size)
            if key in self.members:
                join(population, self.members[key], self._roles[key], count)

    def is_left_out(self, key: Key) -> numpy.ndarray:
        """Tell of each entity whether an input of it is a fact left out."""
        name, period = key
        size = self.size(self.entity_key(name))
        _, is_stated = self.stated.get(key, (None, numpy.zeros(size, dtype=bool)))
        if name not in EVENTS:
            return ~is_stated
        if name not in _TOLD_BY:
            return numpy.zeros(size, dtype=bool)
        told_by = self.system.variables[_TOLD_BY[name]]
        days, happened = self.stated.get(
            (told_by.name, period), (None, numpy.zeros(size, dtype=bool))
        )
        if days is None:
            return happened
        return ~is_stated & happened & (days != numpy.datetime64(told_by.default_value))

    def left_out(self, key: Key) -> Bounds:
        """Give bounds of an input, for one copy: of a fact left out, all it takes."""
        variable = self.system.variables[key[0]]
        size = self.size(variable.entity.key)
        values = self.stated[key][0] if key in self.stated else None
        if values is None:
            values = variable.default_array(size).view(numpy.ndarray)
        is_left_out = self.is_left_out(key)
        members = members_of(variable)
        if not is_left_out.any():
            return Bounds(values, None, members)
        low, high = values.copy(), values.copy()
        low[is_left_out], high[is_left_out] = domain(variable)
        return Bounds(low, high, members)

    def tiled(self, key: Key, count: int, changes: Mapping[Fact, tuple]) -> Bounds:
        """Give bounds of an input for copies, with changes to some of its rows.

        Args:
            key: The input.
            count: The number of copies.
            changes: Of some facts, both bounds for each copy.
        """
        bounds = self.left_out(key)
        size = len(bounds.low)
        low = numpy.tile(bounds.low, count)
        high = low if bounds.high is bounds.low else numpy.tile(bounds.high, count)
        for fact, (lowest, highest) in changes.items():
            if fact.key == key:
                if high is low:
                    high = high.copy()
                low[fact.row :: size] = lowest
                high[fact.row :: size] = highest
        return Bounds(low, high, bounds.possible_values)

    def completed(self, count: int, values: Mapping[Fact, numpy.ndarray]) -> Simulation:
        """Build the simulation of copies in which facts left out are filled in.

        Args:
            count: The number of copies.
            values: The values of facts, one for each copy.
        """
        simulation = Simulation(self.system, self.system.instantiate_entities())
        self.populate(simulation, count)
        by_key: dict[Key, list[Fact]] = {}
        for fact in values:
            by_key.setdefault(fact.key, []).append(fact)
        for key in self.stated.keys() | by_key.keys():
            variable = self.system.variables[key[0]]
            size = self.size(variable.entity.key)
            stated = self.stated.get(key)
            base = variable.default_array(size) if stated is None else stated[0]
            array = numpy.tile(base.view(numpy.ndarray), count)
            for fact in by_key.get(key, ()):
                array[fact.row :: size] = values[fact]
            if variable.value_type is Enum:
                array = EnumArray(array, members_of(variable))
            simulation.get_holder(key[0]).put_in_cache(array, key[1])
        return simulation


def _stated(
    system: TaxBenefitSystem,
    given: Mapping[str, Mapping[Period, Mapping[int, object]]],
    rows: Mapping[str, numpy.ndarray],
) -> Stated:
    """Return what is stated of the entities of a life, as ``Life.stated``."""
    stated: Stated = {}
    for name, by_period in given.items():
        variable = system.variables[name]
        of_kind = rows[variable.entity.key].tolist()
        for period, values in by_period.items():
            array = variable.default_array(len(of_kind)).view(numpy.ndarray)
            is_stated = numpy.zeros(len(of_kind), dtype=bool)
            for place, row in enumerate(of_kind):
                if row in values:
                    array[place] = values[row]
                    is_stated[place] = True
            if is_stated.any():
                stated[key_of(variable, period)] = array, is_stated
    return stated


def lives(system: TaxBenefitSystem, situation: Situation) -> list[Life]:
    """Divide a situation into lives that nothing links."""
    single = system.person_entity.plural
    count = len(situation.names[single])
    # The lowest mission that each is linked to, by a group of any kind.
    linked = numpy.arange(count)
    kinds = [numpy.asarray(groups) for groups in situation.groups.values()]
    while True:
        before = linked
        for groups in kinds:
            lowest = numpy.full(groups.max(initial=-1) + 1, count)
            numpy.minimum.at(lowest, groups, linked)
            linked = numpy.minimum(linked, lowest[groups])
        if numpy.array_equal(before, linked):
            break
    return [
        Life.of_situation(system, situation, numpy.flatnonzero(linked == first))
        for first in numpy.unique(linked)
    ]
