"""What a situation asks, and whether it can be asked: one clear sentence if not.

A situation is that of the Web API's ``/calculate``: entities by their plural, each
with its variables, each with its periods; ``null`` stands where a value is asked.
"""

import math
import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from openfisca_core.errors import PeriodMismatchError, SituationParsingError
from openfisca_core.periods import DateUnit
from openfisca_core.periods import period as to_period
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

#: What the engine raises on a situation of the wrong shape, beside its own errors.
_SHAPE_ERRORS = (
    *(AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError),
)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EXAMPLES = {DateUnit.MONTH: "2024-01", DateUnit.YEAR: "2024"}


class SituationError(ValueError):
    """A situation that cannot be explained.

    Args:
        reason: What is wrong, and how to correct it.
        path: Where, from the plural of an entity on.
    """

    def __init__(self, reason: str, *path: str) -> None:
        super().__init__(f"{'/'.join(path)}: {reason}" if path else reason)
        self.path = path
        self.reason = reason


class Question(NamedTuple):
    """One value that is asked."""

    plural: str
    of: str
    variable: str
    when: str


def read(
    system: TaxBenefitSystem, situation: object
) -> tuple[Simulation, list[Question]]:
    """Build the simulation of a situation, and list what it asks.

    Raises:
        SituationError: It asks nothing, or something in it is not what it should be.
    """
    if not isinstance(situation, dict):
        reason = "a situation is an object of missions, volunteers and organisations"
        raise SituationError(reason)
    if "axes" in situation:
        reason = "a situation with axes has no single explanation; take them away"
        raise SituationError(reason, "axes")
    questions = _questions(system, situation)
    simulation = _build(system, situation)
    if not questions:
        reason = "nothing is asked; set to null the values to be explained"
        raise SituationError(reason)
    return simulation, questions


def _build(system: TaxBenefitSystem, situation: dict) -> Simulation:
    """Build the simulation of a situation, as the engine reads it."""
    try:
        return SimulationBuilder().build_from_entities(system, situation)
    except SituationParsingError as error:
        reason, path = error.error, []
        while isinstance(reason, dict) and reason:
            key, reason = next(iter(reason.items()))
            path.append(str(key))
        raise SituationError(" ".join(str(reason).split()), *path) from error
    except (PeriodMismatchError, *_SHAPE_ERRORS) as error:
        reason = " ".join(str(getattr(error, "message", error)).split())
        raise SituationError(reason, "situation") from error


def _questions(system: TaxBenefitSystem, situation: dict) -> list[Question]:
    """List what a situation asks, and check the values that it gives."""
    questions = []
    for question, value in _values(system, situation):
        variable = system.variables[question.variable]
        fault = _fault_of_period(variable, question.when, value)
        if fault is None and value is not None:
            fault = _fault_of_value(variable, value)
        if fault is not None:
            raise SituationError(fault, *question)
        if value is None:
            questions.append(question)
    return questions


def _values(
    system: TaxBenefitSystem, situation: dict
) -> Iterator[tuple[Question, object]]:
    """Go through the values of a situation; the engine says what else is wrong."""
    for plural, ones in situation.items():
        for of, one in ones.items() if isinstance(ones, dict) else ():
            for name, dated in one.items() if isinstance(one, dict) else ():
                if name in system.variables and isinstance(dated, dict):
                    for when, value in dated.items():
                        yield Question(plural, str(of), name, str(when)), value


def _fault_of_period(variable: Variable, when: str, value: object) -> str | None:
    """Say what is wrong with the period of a value, given or asked."""
    try:
        period = to_period(when)
    except ValueError:
        return "is not a period; a month is written 2024-01, eternity ETERNITY"
    wanted = variable.definition_period
    is_one = period.unit == wanted and period.size == 1
    if value is None and wanted != DateUnit.ETERNITY and not is_one:
        return f"is to be asked for one {wanted}, as {_EXAMPLES[wanted]}"
    return None


def _fault_of_value(variable: Variable, value: object) -> str | None:
    """Say what is wrong with a value that is given."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if variable.value_type in (int, float):
        is_right = is_number and math.isfinite(value)
        return None if is_right else f"{value!r} is not a number"
    if variable.value_type is bool:
        is_right = isinstance(value, bool)
        return None if is_right else f"{value!r} is neither true nor false"
    if variable.value_type is date:
        is_right = isinstance(value, str) and _is_day(value)
        return None if is_right else f"{value!r} is not a day, as 2024-01-15"
    return None


def _is_day(text: str) -> bool:
    """Tell whether a text is a day of the calendar, written out."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return bool(_DAY.fullmatch(text))
