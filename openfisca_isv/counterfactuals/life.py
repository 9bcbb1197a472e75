"""The part of a situation that bears on an answer, and what is stated of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple, Self

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.situations.body.values import (
    FIRST_DAY,
    HIGHEST_COUNT,
    HIGHEST_NUMBER,
)
from openfisca_isv.situations.simulation import join
from openfisca_isv.situations.situation import Question, Situation

ETERNITY = Period.eternity()
_SHARE = "/1"


class Key(NamedTuple):
    """A variable and its period: the values of all entities."""

    variable: str
    period: Period


#: Values in the engine's own form, and which rows are stated, by key.
Stated = dict[Key, tuple[numpy.ndarray, numpy.ndarray]]


class TracedValue(NamedTuple):
    """The value of a variable for a period, of one entity.

    Attributes:
        variable: The name of the variable.
        period: The period.
        row: The position of the entity among those of its kind in the situation.
    """

    variable: str
    period: Period
    row: int

    @property
    def key(self) -> Key:
        """The variable and the period, whatever the entity."""
        return Key(self.variable, self.period)

    @property
    def when(self) -> str:
        """The period as a text."""
        return str(self.period)


def key_of(variable: Variable, period: Period) -> Key:
    """Return the key of a value: an eternal variable has one, whatever the period."""
    is_eternal = variable.definition_period == DateUnit.ETERNITY
    return Key(variable.name, ETERNITY if is_eternal else period)


def value_asked(system: TaxBenefitSystem, question: Question) -> TracedValue:
    """Return the place that a question asks for."""
    key = key_of(system.variables[question.variable], question.period)
    return TracedValue(*key, question.index)


def members_of(variable: Variable) -> type[Enum] | None:
    """Return the enumeration that a variable is a member of, if any."""
    return variable.possible_values if variable.value_type is Enum else None


def domain(variable: Variable) -> tuple[object, object]:
    """Return the lowest and highest value that an input takes, in the engine's form."""
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


@dataclass(eq=False)
class Life:
    """Missions with their volunteers and organisations, and what is stated of them.

    Attributes:
        system: The model.
        rows: The positions of the entities among those of the whole, by kind.
        members: The position of the group of each mission, among those of the life, by
            kind of group.
        roles: The number of the role of each mission in its group, by kind of group.
        stated: The values stated, in the engine's own form, and which rows are stated.
    """

    system: TaxBenefitSystem
    rows: dict[str, numpy.ndarray]
    members: dict[str, numpy.ndarray]
    roles: dict[str, numpy.ndarray]
    stated: Stated

    @classmethod
    def of_situation(
        cls,
        system: TaxBenefitSystem,
        situation: Situation,
        missions: numpy.ndarray,
        group: tuple[str, int] | None = None,
    ) -> Self:
        """Return the life of some missions of a situation.

        Args:
            system: The model.
            situation: What a body says.
            missions: The positions of the missions among those of the situation.
            group: The kind and the position of a group that counts even without a
                mission.
        """
        rows, members, roles = {system.person_entity.key: missions}, {}, {}
        for entity in system.group_entities:
            groups = numpy.asarray(situation.groups[entity.plural], int)[missions]
            alone = [group[1]] if group and group[0] == entity.key else []
            rows[entity.key] = numpy.unique([*groups, *alone]).astype(int)
            members[entity.key] = numpy.searchsorted(rows[entity.key], groups)
            role = numpy.asarray(situation.roles[entity.plural], int)[missions]
            roles[entity.key] = role
        stated = _stated(system, situation.given, rows)
        return cls(system, rows, members, roles, stated)

    def part(self, missions: numpy.ndarray) -> Self:
        """Keep some missions, and the groups that they are members of.

        Args:
            missions: Their positions among those of this life.
        """
        kept = {self.system.person_entity.key: missions}
        members, roles = {}, {}
        for kind, groups in self.members.items():
            kept[kind], members[kind] = numpy.unique(
                groups[missions], return_inverse=True
            )
            roles[kind] = self.roles[kind][missions]
        rows = {kind: self.rows[kind][some] for kind, some in kept.items()}
        stated = {}
        for key, (values, is_stated) in self.stated.items():
            some = kept[self.entity_key(key.variable)]
            if is_stated[some].any():
                stated[key] = values[some], is_stated[some]
        return type(self)(self.system, rows, members, roles, stated)

    @classmethod
    def around(
        cls, system: TaxBenefitSystem, situation: Situation, place: TracedValue
    ) -> Self:
        """Return what bears on one value, of an organisation the missions it signed.

        With the whole life of each volunteer, under any organisation: the first kind of
        group.
        """
        entity = system.variables[place.variable].entity
        if entity.is_person:
            missions, group = numpy.array([place.row]), None
        else:
            groups = numpy.asarray(situation.groups[entity.plural])
            missions = numpy.flatnonzero(groups == place.row)
            group = (entity.key, place.row)
        for first in system.group_entities[:1]:
            life = numpy.asarray(situation.groups[first.plural])
            missions = numpy.flatnonzero(numpy.isin(life, numpy.unique(life[missions])))
        return cls.of_situation(system, situation, missions, group)

    def under(self, system: TaxBenefitSystem) -> Self:
        """Return the same life under a reform."""
        return replace(self, system=system)

    @property
    def count(self) -> int:
        """The number of missions."""
        return self.size(self.system.person_entity.key)

    @property
    def contradictions(self) -> tuple[str, ...]:
        """The variables that say in what facts contradict one another."""
        return getattr(self.system, "contradiction_variables", ())

    def size(self, kind: str) -> int:
        """Count the entities of a kind."""
        return len(self.rows[kind])

    def entity_key(self, name: str) -> str:
        """Return the kind of entity that a variable is of."""
        return self.system.variables[name].entity.key

    def position(self, place: TracedValue) -> int:
        """Return the position of the entity of a value among those of the life."""
        return self._positions[self.entity_key(place.variable)][place.row]

    def of_copies(self, place: TracedValue, values: numpy.ndarray) -> numpy.ndarray:
        """Return the values of the entity of a place, one per copy."""
        return values[self.position(place) :: self.size(self.entity_key(place[0]))]

    @cached_property
    def _positions(self) -> dict[str, dict[int, int]]:
        return {
            kind: {row: at for at, row in enumerate(rows.tolist())}
            for kind, rows in self.rows.items()
        }

    def populate(self, simulation: Simulation, count: int) -> None:
        """Fill a simulation with copies, which follow one another."""
        for key, population in simulation.populations.items():
            size = self.size(key)
            population.count = count * size
            population.ids = range(count * size)
            if key in self.members:
                join(population, self.members[key], self.roles[key], count)

    def is_left_out(self, key: Key) -> numpy.ndarray:
        """Return whether an input is a fact left out, entity by entity."""
        name, period = key
        none = numpy.zeros(self.size(self.entity_key(name)), dtype=bool)
        _, is_stated = self.stated.get(key, (None, none))
        events = getattr(self.system, "event_variables", {})
        if name not in events:
            return ~is_stated
        if events[name] == name:
            return none
        told_by = self.system.variables[events[name]]
        days, happened = self.stated.get((told_by.name, period), (None, none))
        if days is None:
            return happened
        return ~is_stated & happened & (days != numpy.datetime64(told_by.default_value))

    def ends(self, key: Key) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return the lowest and the highest value that an input may have, by entity."""
        low = self.as_stated(key)
        is_left_out = self.is_left_out(key)
        if not is_left_out.any():
            return low, low
        low, high = low.copy(), low.copy()
        variable = self.system.variables[key[0]]
        low[is_left_out], high[is_left_out] = domain(variable)
        return low, high

    def as_stated(self, key: Key) -> numpy.ndarray:
        """Return the values of an input, its default where nothing is stated."""
        if key in self.stated:
            return self.stated[key][0]
        variable = self.system.variables[key[0]]
        return variable.default_array(self.size(variable.entity.key)).view(
            numpy.ndarray
        )


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
            for position, row in enumerate(of_kind):
                if row in values:
                    array[position] = values[row]
                    is_stated[position] = True
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


def lives_of(
    system: TaxBenefitSystem, situation: Situation, places: list[TracedValue]
) -> list[tuple[Life, list[TracedValue]]]:
    """Group values by what bears on them: each life, and those of it."""
    found: dict[tuple, tuple[Life, list[TracedValue]]] = {}
    for place in dict.fromkeys(places):
        life = Life.around(system, situation, place)
        key = tuple(tuple(rows.tolist()) for rows in life.rows.values())
        found.setdefault(key, (life, []))[1].append(place)
    return list(found.values())
