"""The outputs of the benchmarks, computed by the model."""

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.simulations import Simulation

from benchmarks.outputs import EVERY_OUTPUT, Results
from benchmarks.population import Population
from openfisca_isv import CountryTaxBenefitSystem


def compute(system: CountryTaxBenefitSystem, population: Population) -> Results:
    """Return every output, from a simulation built on the arrays of a population."""
    simulation = make_simulation(system, population)
    return {
        (name, period): simulation.calculate(name, period).view(numpy.ndarray)
        for name, period in EVERY_OUTPUT
    }


def make_simulation(
    system: CountryTaxBenefitSystem, population: Population
) -> Simulation:
    """Build a simulation on the arrays of a population, without a copy."""
    populations = system.instantiate_entities()
    groups = {
        "mission": population.missions,
        "volunteer": population.volunteers,
        "organisation": population.organisations,
    }
    for key, inputs in groups.items():
        populations[key].count = len(next(iter(inputs.values())))
    populations["volunteer"].members_entity_id = population.mission_volunteer
    populations["organisation"].members_entity_id = population.mission_organisation
    simulation = Simulation(system, populations)
    for inputs in groups.values():
        for name, values in inputs.items():
            _set_input(simulation, name, "ETERNITY", values)
    return simulation


def _set_input(
    simulation: Simulation, name: str, period: str, values: numpy.ndarray
) -> None:
    """Give the simulation an input; the ranks of a list become members of it."""
    variable = simulation.tax_benefit_system.get_variable(name)
    if variable.value_type == Enum:
        values = EnumArray(values, variable.possible_values)
    simulation.set_input(name, period, values)
