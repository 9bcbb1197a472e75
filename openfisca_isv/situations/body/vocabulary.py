"""What a body may name, once for a model, and what the readers of its parts share."""

from dataclasses import dataclass
from functools import lru_cache

from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problems
from openfisca_isv.situations.situation import Situation


class Vocabulary:
    """The names of a model.

    Attributes:
        entities: The entities by plural, the single one first.
        variables: The variables of each entity, by plural and name.
        roles: How a group lists its members, by plural.
        single: The plural of the single entity.
    """

    def __init__(self, system: TaxBenefitSystem) -> None:
        self.single = system.person_entity.plural
        self.entities = {self.single: system.person_entity}
        for entity in system.group_entities:
            self.entities[entity.plural] = entity
        self.variables: dict[str, dict[str, Variable]] = {
            plural: {} for plural in self.entities
        }
        for name, variable in sorted(system.variables.items()):
            self.variables[variable.entity.plural][name] = variable
        self.roles = {
            entity.plural: [role.plural or role.key for role in entity.roles]
            for entity in system.group_entities
        }

    def variable(self, name: object) -> tuple[str, Variable] | None:
        """Find a variable of any entity: the plural of the entity, and the variable."""
        for plural, variables in self.variables.items():
            if isinstance(name, str) and name in variables:
                return plural, variables[name]
        return None


@lru_cache(maxsize=8)
def vocabulary_of(system: TaxBenefitSystem) -> Vocabulary:
    """Return the names of a model."""
    return Vocabulary(system)


@dataclass
class PartReader:
    """Reads a part of a body, into a situation and the problems found."""

    vocabulary: Vocabulary
    limits: Limits
    situation: Situation
    found: Problems
