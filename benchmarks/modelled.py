"""The outputs of the benchmarks, computed by the model."""

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.simulations import Simulation

from benchmarks.outputs import EVERY_OUTPUT, Results
from benchmarks.population import Population
from openfisca_isv import CountryTaxBenefitSystem


def compute(system: CountryTaxBenefitSystem, population: Population) -> Results:
    """Return every output, from a simulation built on the arrays without a copy."""
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
    for name, values in (one for inputs in groups.values() for one in inputs.items()):
        variable = system.get_variable(name)
        # The ranks of a list become its members.
        is_list = variable.value_type is Enum
        typed = EnumArray(values, variable.possible_values) if is_list else values
        simulation.set_input(name, "ETERNITY", typed)
    return {
        (name, period): simulation.calculate(name, period).view(numpy.ndarray)
        for name, period in EVERY_OUTPUT
    }
