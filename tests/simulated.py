"""Simulations of volunteers written as the scalar reading has them."""

from datetime import date
from functools import cache

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.simulations import SimulationBuilder
from scalar import Mission, Organisation, Volunteer

from openfisca_isv import CountryTaxBenefitSystem

FIELDS = {
    "mission": set(vars(Mission())) - {"organisation"},
    "organisation": set(vars(Organisation())),
    "volunteer": set(vars(Volunteer())) - {"missions"},
}


@cache
def system():
    """Build the law once."""
    return CountryTaxBenefitSystem()


class Population:
    """A simulation of volunteers, their missions in an order of one's choice."""

    def __init__(self, volunteers, organisations=(), order=None):
        """Lay out the missions, in the order given or as they come."""
        self.volunteers = list(volunteers)
        pairs = [
            (volunteer, mission)
            for volunteer in self.volunteers
            for mission in volunteer.missions
        ]
        self.pairs = pairs if order is None else [pairs[place] for place in order]
        seen = {id(one): one for one in organisations}
        seen |= {id(mission.organisation): mission.organisation for _, mission in pairs}
        self.organisations = list(seen.values())
        self.simulation = self._build()

    def _build(self):
        builder = SimulationBuilder()
        builder.create_entities(system())
        builder.declare_person_entity("mission", range(len(self.pairs)))
        groups = {"volunteer": self.volunteers, "organisation": self.organisations}
        for name, ones in groups.items():
            population = builder.declare_entity(name, range(len(ones)))
            places = {id(one): place for place, one in enumerate(ones)}
            population.members_entity_id = numpy.array(
                [
                    places[
                        id(volunteer if name == "volunteer" else mission.organisation)
                    ]
                    for volunteer, mission in self.pairs
                ],
                dtype=numpy.int64,
            )
        simulation = builder.build(system())
        of_entity = groups | {"mission": [mission for _, mission in self.pairs]}
        for entity, ones in of_entity.items():
            for field in FIELDS[entity]:
                self._set(simulation, field, [getattr(one, field) for one in ones])
        return simulation

    @staticmethod
    def _set(simulation, field, values):
        variable = system().get_variable(field)
        if variable.definition_period != "month":
            days = variable.value_type is date
            array = numpy.array(values, dtype="datetime64[D]" if days else None)
            simulation.set_input(field, "ETERNITY", array)
            return
        for year, month in sorted({when for value in values for when in value}):
            array = [
                value[year, month]
                if isinstance(value, dict) and (year, month) in value
                else (year, month) in value
                for value in values
            ]
            simulation.set_input(field, f"{year}-{month:02}", numpy.array(array))

    def compute(self, name, when="ETERNITY"):
        """Compute an output, as plain Python values."""
        values = self.simulation.calculate(name, when)
        if system().get_variable(name).value_type is Enum:
            return values.decode_to_str().tolist()
        return values.tolist()
