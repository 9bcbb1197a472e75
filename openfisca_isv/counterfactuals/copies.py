"""Copies of a life in one simulation, each with other values of some facts."""

from collections.abc import Collection, Iterable, Mapping

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.simulations import Simulation

from openfisca_isv.counterfactuals.life import (
    ETERNITY,
    Key,
    Life,
    TracedValue,
    members_of,
)

#: Some copies, a place, and its value in each of them, in the engine's own form.
Change = tuple[int | slice, TracedValue, object]


class Copies:
    """Copies of a life in one simulation.

    Args:
        life: What is copied.
        count: The number of copies.
        values: What is known of one copy; an input has its default without.
        changes: What differs, copy by copy.
    """

    def __init__(
        self,
        life: Life,
        count: int,
        values: Mapping[Key, numpy.ndarray],
        changes: Iterable[Change],
    ) -> None:
        self._life = life
        self._count = count
        system = life.system
        self._simulation = Simulation(system, system.instantiate_entities())
        life.populate(self._simulation, count)
        changed: dict[Key, list[Change]] = {}
        for change in changes:
            changed.setdefault(change[1].key, []).append(change)
        for key in values.keys() | changed.keys():
            base = values[key] if key in values else life.as_stated(key)
            array = numpy.tile(base, count)
            by_copy = array.reshape(count, -1)
            for copies, place, value in changed.get(key, ()):
                by_copy[copies, life.position(place)] = value
            if members := members_of(system.variables[key.variable]):
                array = EnumArray(array, members)
            holder = self._simulation.get_holder(key.variable)
            holder.put_in_cache(array, key.period)

    def of(self, place: TracedValue) -> numpy.ndarray:
        """Return the values of a place, one per copy."""
        values = self._simulation.calculate(*place.key)
        return self._life.of_copies(place, values.view(numpy.ndarray))

    def again(self, place: TracedValue) -> numpy.ndarray:
        """Calculate a place again from what it rests on, and forget the result."""
        holder = self._simulation.get_holder(place.variable)
        kept = holder.get_array(place.period)
        holder.delete_arrays(place.period)
        values = self.of(place)
        if kept is not None:
            holder.put_in_cache(kept, place.period)
        return values

    def are_possible(self, besides: Collection[Enum] = ()) -> numpy.ndarray:
        """Return whether no facts of a copy contradict one another, copy by copy.

        Args:
            besides: Contradictions that do not count.
        """
        possible = numpy.ones(self._count, dtype=bool)
        for name in self._life.contradictions:
            found = self._simulation.calculate(name, ETERNITY)
            ignored = [
                one.index for one in besides if type(one) is found.possible_values
            ]
            is_found = ~numpy.isin(found.view(numpy.ndarray), [0, *ignored])
            possible &= ~is_found.reshape(self._count, -1).any(axis=1)
        return possible
