"""Inputs whose period is written in several ways are one input.

The engine gathers an input under the period as it is written and keeps it under the
usual writing: of two missions whose days are given for ``eternity``, the second loses
those of the first (openfisca-core#1295). Here the period is written in the usual way
before it is gathered, ``ETERNITY`` for what does not change over time.
"""

from functools import wraps

from openfisca_core.entities import Entity
from openfisca_core.errors import SituationParsingError
from openfisca_core.periods import DateUnit
from openfisca_core.periods import period as to_period
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.variables import Variable

_add = SimulationBuilder.add_variable_value


@wraps(_add)
def _add_under_usual_period(  # noqa: PLR0913, PLR0917 - as the engine has it
    builder: SimulationBuilder,
    entity: Entity,
    variable: Variable,
    index: int,
    identifier: str,
    written: str,
    value: object,
) -> None:
    """Gather one value.

    Raises:
        SituationParsingError: The period was given before, written in another way,
            with another value.
    """
    is_eternal = variable.definition_period == DateUnit.ETERNITY
    period = "ETERNITY" if is_eternal else str(to_period(written))
    given = builder.__dict__.setdefault("_given", {})
    key = (variable.name, index, period)
    if value is not None and given.setdefault(key, value) != value:
        path = [entity.plural, identifier, variable.name, str(written)]
        message = f'"{given[key]}" and "{value}" are given for one period, {period}'
        raise SituationParsingError(path, message)
    _add(builder, entity, variable, index, identifier, period, value)


def unify_input_periods() -> None:
    """Make the engine take every writing of a period for the same period."""
    SimulationBuilder.add_variable_value = _add_under_usual_period
