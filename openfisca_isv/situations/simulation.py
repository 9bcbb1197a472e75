"""From a situation to a simulation of the engine, in linear time."""

import numpy
from openfisca_core.populations import Population
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.situations.situation import Axis, Situation


def build_simulation(system: TaxBenefitSystem, situation: Situation) -> Simulation:
    """Build the simulation of a situation, and of its repetitions along axes.

    Returns:
        A simulation in which nothing is computed yet. Repetitions follow one another:
        with ``n`` missions, the second one's are ``n`` to ``2n - 1``.
    """
    simulation = Simulation(system, system.instantiate_entities())
    repetitions = situation.repetitions
    for population in simulation.populations.values():
        names = situation.names[population.entity.plural]
        population.count = len(names) * repetitions
        population.ids = _repeat_names(names, situation)
        if not population.entity.is_person:
            plural = population.entity.plural
            group_of = numpy.array(situation.groups[plural])
            role_of = numpy.array(situation.roles[plural])
            join(population, group_of, role_of, repetitions)
    for name, by_period in situation.given.items():
        population = simulation.get_variable_population(name)
        holder = population.get_holder(name)
        for period, values in by_period.items():
            array = holder.variable.default_array(population.count // repetitions)
            array[list(values)] = numpy.array(list(values.values()), array.dtype)
            holder.set_input(period, numpy.tile(array, repetitions))
    _set_axes(simulation, situation)
    return simulation


def _repeat_names(names: list[str], situation: Situation) -> list[str]:
    """Name the entities; the copies that axes make are numbered, as by the engine."""
    if not situation.axes:
        return names
    repeated = names * situation.repetitions
    return [f"{name}{number}" for number, name in enumerate(repeated)]


def join(
    population: Population,
    group_of: numpy.ndarray,
    role_of: numpy.ndarray,
    copies: int,
) -> None:
    """Set the members of a population of groups, in copies of a situation.

    Args:
        population: The population, whose ``count`` is that of all copies.
        group_of: The place of the group of each person, in one copy.
        role_of: The number of the role of each, among all roles of the entity.
        copies: How many copies follow one another.
    """
    shift = numpy.arange(copies) * (population.count // copies)
    members = numpy.add.outer(shift, group_of).reshape(-1)
    population.members_entity_id = members.astype(numpy.int32)
    roles = numpy.array(population.entity.flattened_roles)
    population.members_role = numpy.tile(roles[role_of], copies)


def _set_axes(simulation: Simulation, situation: Situation) -> None:
    """Give the variables of the axes their values, over those of the body."""
    if not situation.axes:
        return
    steps = [numpy.arange(len(parallel[0].values)) for parallel in situation.axes]
    meshes = numpy.meshgrid(*steps)
    for parallel, mesh in zip(situation.axes, meshes, strict=True):
        for axis in parallel:
            _set_axis(simulation, situation, axis, axis.values[mesh.reshape(-1)])


def _set_axis(
    simulation: Simulation, situation: Situation, axis: Axis, values: numpy.ndarray
) -> None:
    population = simulation.get_variable_population(axis.variable)
    holder = population.get_holder(axis.variable)
    stride = len(situation.names[population.entity.plural])
    for period in axis.periods:
        array = holder.get_array(period)
        array = holder.default_array() if array is None else array.copy()
        array[axis.index :: stride] = values
        holder.delete_arrays(period)
        holder.set_input(period, array)
