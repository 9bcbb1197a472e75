"""Many copies of one volunteer's life in one simulation, each changed in one point.

A copy holds the missions of a volunteer with their organisations, or those of an
organisation with their volunteers. What the changes cannot reach is not calculated
again: it is taken from the trace.
"""

from collections.abc import Iterable

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.simulations import Simulation

from openfisca_isv.reasons.trace import Case, Place, Step, to_period
from openfisca_isv.situations.simulation import join

#: A change: which copy, which place, and the value in the engine's own form.
Change = tuple[int, Place, object]
#: The most missions of which copies are made: those of a life, not of a large house.
_MOST_MISSIONS = 40


class Component:
    """The missions, volunteers and organisations that bear on a place.

    Args:
        case: The situation, traced.
        place: What was calculated, of which entity.
    """

    def __init__(self, case: Case, place: Place) -> None:
        populations = case.simulation.populations
        entity = case.variable(place.variable).entity
        members = {
            key: population.members_entity_id
            for key, population in populations.items()
            if not population.entity.is_person
        }
        self._person = case.system.person_entity.key
        groups = {key: {place.row} if key == entity.key else set() for key in members}
        if entity.is_person:
            missions = numpy.array([place.row])
        else:
            missions = numpy.flatnonzero(members[entity.key] == place.row)
        # The whole life of each volunteer, whoever signed: the first kind of group.
        life = next(iter(members.values()))
        missions = numpy.flatnonzero(numpy.isin(life, numpy.unique(life[missions])))
        self.rows = {self._person: missions}
        for key, group in groups.items():
            self.rows[key] = numpy.unique([*members[key][missions], *group]).astype(int)
        #: The place of each row among those of its population that are copied.
        self.places = {
            key: {row: at for at, row in enumerate(rows.tolist())}
            for key, rows in self.rows.items()
        }
        self.members = {
            key: numpy.searchsorted(self.rows[key], members[key][missions])
            for key in members
        }
        self.roles = {
            key: case.situation.roles[populations[key].entity.plural] for key in members
        }
        self.roles = {
            key: numpy.asarray(roles)[missions] for key, roles in self.roles.items()
        }

    @property
    def is_small(self) -> bool:
        """Tell whether many copies of it can be calculated in good time."""
        return len(self.rows[self._person]) <= _MOST_MISSIONS

    @property
    def key(self) -> tuple:
        """Tell components apart."""
        return tuple(tuple(rows.tolist()) for rows in self.rows.values())


def components(case: Case, places: Iterable[Place]) -> list[tuple[Component, list]]:
    """Group places by what bears on them: each component, and its places."""
    found: dict[tuple, tuple[Component, list[Place]]] = {}
    for place in dict.fromkeys(places):
        component = Component(case, place)
        found.setdefault(component.key, (component, []))[1].append(place)
    return list(found.values())


class Copies:
    """Copies of a component, with their changes.

    Args:
        case: The situation, traced.
        component: What is copied.
        count: The number of copies.
        changes: What differs from the situation, copy by copy.
        again: Steps that alone are calculated anew, with ``again``; otherwise all that
            rest on what is changed.
    """

    def __init__(
        self,
        case: Case,
        component: Component,
        count: int,
        changes: Iterable[Change],
        again: set[Step] | None = None,
    ) -> None:
        self._case = case
        self._component = component
        self._count = count
        self._simulation = self._build()
        changed: dict[Step, list[Change]] = {}
        for change in changes:
            changed.setdefault(change[1].step, []).append(change)
        # Inputs, and what the steps that are calculated anew rest on, beside these.
        anew = case.resting_on(set(changed)) - set(changed) if again is None else again
        needed = case.inputs | case.read_by(anew) | set(changed)
        for step in needed - anew if again is None else needed:
            self._put(step, self._tile(step, changed.get(step, ())))

    def of(self, place: Place) -> numpy.ndarray:
        """Give the values of a place, one a copy."""
        return self._of(place, self._calculate(place.step))

    def again(self, place: Place) -> numpy.ndarray:
        """Calculate a place anew from what it rests on, and forget the result."""
        holder = self._simulation.get_holder(place.variable)
        period = to_period(place.when)
        kept = holder.get_array(period)
        holder.delete_arrays(period)
        values = self._calculate(place.step)
        if kept is not None:
            holder.put_in_cache(kept, period)
        return self._of(place, values)

    def _calculate(self, step: Step) -> numpy.ndarray:
        """Calculate a step for all copies."""
        return self._simulation.calculate(step.variable, to_period(step.when))

    def _of(self, place: Place, values: numpy.ndarray) -> numpy.ndarray:
        """Pick the values of the entity of a place, one a copy."""
        key = self._case.variable(place.variable).entity.key
        places = self._component.places[key]
        return values[places[place.row] :: len(places)]

    def _build(self) -> Simulation:
        """Build the simulation, with nothing given."""
        system = self._case.system
        simulation = Simulation(system, system.instantiate_entities())
        for key, population in simulation.populations.items():
            size = len(self._component.rows[key])
            population.count = self._count * size
            population.ids = numpy.arange(population.count)
            if key in self._component.members:
                members = self._component.members[key]
                roles = self._component.roles[key]
                join(population, members, roles, self._count)
        return simulation

    def _put(self, step: Step, values: numpy.ndarray) -> None:
        """Give the simulation the values of a step."""
        holder = self._simulation.get_holder(step.variable)
        holder.put_in_cache(values, to_period(step.when))

    def _tile(self, step: Step, changes: Iterable[Change]) -> numpy.ndarray:
        """Repeat the values of a step for each copy, and make the changes."""
        variable = self._case.variable(step.variable)
        rows = self._component.rows[variable.entity.key]
        places = self._component.places[variable.entity.key]
        values = self._case.known[step]
        tiled = numpy.tile(values.view(numpy.ndarray)[rows], self._count)
        for copy, place, value in changes:
            tiled[copy * len(rows) + places[place.row]] = value
        if variable.value_type is Enum:
            return EnumArray(tiled, variable.possible_values)
        return tiled
