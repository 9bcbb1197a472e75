"""The model on a situation told in part: bounds of each value.

What is left out may be anything that its variable takes. Each formula is run with
bounds of what it reads; where it cannot be, as it is for the copies of the situation
in which all that it reads is known, and otherwise nothing is known of its value.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import reduce
from typing import NoReturn, Self

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import Period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.life import (
    Key,
    Life,
    TracedValue,
    key_of,
    members_of,
)
from openfisca_isv.standing.bounded.arithmetic import UndeterminedError
from openfisca_isv.standing.bounded.bounds import Bounds, ends
from openfisca_isv.standing.bounded.formulas import Formulas
from openfisca_isv.standing.bounded.paths import each_way

#: What running a formula on bounds may end in.
_FAILURES = (
    UndeterminedError,
    ArithmeticError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)
_FORMULAS = Formulas()
#: The arguments of a formula that takes no parameters.
_WITHOUT_PARAMETERS = 2


class BoundsSimulation(Simulation):
    """Copies of a situation, each value known between bounds.

    Args:
        life: The entities that are copied.
        count: The number of copies.
        changes: Of some facts, both bounds for each copy.

    Attributes:
        life: The entities that are copied.
        known: Bounds of each value calculated.
        reads: What the formula of each value read.
        failed: The values whose formula could not be run with bounds.
        parameters_read: The names of the parameters read.
    """

    def __init__(
        self,
        life: Life,
        count: int = 1,
        changes: Mapping[TracedValue, tuple] | None = None,
    ) -> None:
        super().__init__(life.system, life.system.instantiate_entities())
        life.populate(self, count)
        for population in self.populations.values():
            population.filled_array = _filler(population.count)
        self.life = life
        self._count = count
        self._changes = changes or {}
        self.known: dict[Key, Bounds] = {}
        self.reads: dict[Key, dict[Key, None]] = {}
        self.failed: set[Key] = set()
        self.parameters_read: set[str] = set()
        self._stack: list[dict[Key, None]] = []
        self._exactly: _ExactSimulation | None = None

    def calculate(self, variable_name: str, period: Period) -> Bounds:
        """Return bounds of a variable, for a period."""
        variable = self.tax_benefit_system.variables[variable_name]
        key = key_of(variable, period)
        if self._stack:
            self._stack[-1][key] = None
        if key not in self.known:
            self.known[key] = self._evaluate(variable, key, period)
        return self.known[key]

    def value(self, place: TracedValue) -> object:
        """Return the value of a place in the first copy; None where it has several."""
        bounds = self.calculate(place.variable, place.period)
        position = self.life.position(place)
        return bounds.low[position] if bounds.exact_rows[position] else None

    def get_holder(self, variable_name: str) -> NoReturn:
        """Refuse to say what is stored: nothing is, of what may be anything.

        Raises:
            UndeterminedError: Always.
        """
        message = f"what is stored of {variable_name} is not known"
        raise UndeterminedError(message)

    def _evaluate(self, variable: Variable, key: Key, period: Period) -> Bounds:
        population = self.populations[variable.entity.key]
        if variable.is_input_variable() or key in self.life.stated:
            return self._as_stated(key)
        formula = variable.get_formula(period)
        if formula is None:
            default = variable.default_array(population.count)
            return Bounds(default.view(numpy.ndarray), None, members_of(variable))
        read = self.reads[key] = {}
        self._stack.append(read)
        # A value that rests on itself is not known.
        self.known[key] = anything(variable, population.count)
        try:
            made = _FORMULAS[formula]
            results = each_way(lambda: _run(made, population, period))
            return reduce(
                _span, (_cast(variable, one, population.count) for one in results)
            )
        except _FAILURES:
            self.failed.add(key)
            return self._where_all_is_known(variable, formula, period, read)
        finally:
            self._stack.pop()

    def _as_stated(self, key: Key) -> Bounds:
        """Return bounds of an input: of a fact left out, all that it may be."""
        lowest, highest = self.life.ends(key)
        size = len(lowest)
        low = numpy.tile(lowest, self._count)
        high = low if highest is lowest else numpy.tile(highest, self._count)
        for fact, (lowest, highest) in self._changes.items():
            if fact.key == key:
                if high is low:
                    high = high.copy()
                low[self.life.position(fact) :: size] = lowest
                high[self.life.position(fact) :: size] = highest
        return Bounds(low, high, members_of(self.tax_benefit_system.variables[key[0]]))

    def _where_all_is_known(
        self, variable: Variable, formula: Callable, period: Period, read: dict
    ) -> Bounds:
        """Run a formula as it is, for the copies in which all it reads is known.

        In a single copy, in which facts left out are looked for, it is run for what it
        reads, even where there are none: it may have stopped early.
        """
        population = self.populations[variable.entity.key]
        unknown = anything(variable, population.count)
        if self._count > 1 and not self._known_copies(read).any():
            return unknown
        if self._exactly is None:
            self._exactly = _ExactSimulation(self.life, self._count, self)
        population = self._exactly.populations[variable.entity.key]
        try:
            result = _run(formula, population, period)
            exact = _cast(variable, result, population.count).exact()
        except _FAILURES:
            return unknown
        size = self.life.size(variable.entity.key)
        rows = numpy.repeat(self._known_copies(read), size)
        return Bounds(
            numpy.where(rows, exact, unknown.low),
            numpy.where(rows, exact, unknown.high),
            members_of(variable),
        )

    def _known_copies(self, keys: dict[Key, None]) -> numpy.ndarray:
        """Return whether all of some values are known, copy by copy."""
        known = numpy.ones(self._count, dtype=bool)
        for key in keys:
            bounds = self.known[key]
            if not bounds.is_exact:
                known &= bounds.exact_rows.reshape(self._count, -1).all(axis=1)
        return known


class _ExactSimulation(Simulation):
    """One possible situation for each copy: of each input, the lowest value."""

    def __init__(self, life: Life, count: int, bounds: BoundsSimulation) -> None:
        super().__init__(life.system, life.system.instantiate_entities())
        life.populate(self, count)
        self._life = life
        self._bounds = bounds

    get_holder = BoundsSimulation.get_holder

    def calculate(self, variable_name: str, period: Period) -> numpy.ndarray:
        variable = self.tax_benefit_system.variables[variable_name]
        is_given = variable.is_input_variable() or (
            key_of(variable, period) in self._life.stated
        )
        # It is noted as read by the formula that is run.
        bounds = self._bounds.calculate(variable_name, period)
        if is_given or bounds.is_exact:
            low, members = bounds.low, members_of(variable)
            return low if members is None else EnumArray(low, members)
        return super().calculate(variable_name, period)


def anything(variable: Variable, count: int) -> Bounds:
    """Return bounds between which any value of a variable lies."""
    low, high = _EXTREMES[variable.value_type]
    members = members_of(variable)
    if variable.value_type is Enum:
        high = len(members) - 1
    is_whole = variable.value_type in (int, Enum)
    dtype = numpy.int64 if is_whole else variable.dtype
    low, high = (numpy.full(count, end, dtype) for end in (low, high))
    return Bounds(low, high, members)


_EXTREMES = {
    bool: (False, True),
    float: (-numpy.inf, numpy.inf),
    int: (-(2**31), 2**31 - 1),
    date: (numpy.datetime64(-(10**7), "D"), numpy.datetime64(10**7, "D")),
    Enum: (0, 0),
}


def _run(formula: Callable, population, period: Period) -> object:
    if formula.__code__.co_argcount == _WITHOUT_PARAMETERS:
        return formula(population, period)
    system = population.simulation.tax_benefit_system
    return formula(population, period, system.get_parameters_at_instant)


def _span(one: Bounds, other: Bounds) -> Bounds:
    return Bounds(
        numpy.minimum(one.low, other.low),
        numpy.maximum(one.high, other.high),
        one.possible_values,
    )


def _cast(variable: Variable, result: object, count: int) -> Bounds:
    """Return the result of a formula the type of its variable, as the engine does."""
    low, high = ends(result)
    if low is None:
        low = high = variable.default_value
    members = members_of(variable)
    parts = []
    for part in (low,) if low is high else (low, high):
        values = numpy.asarray(part)
        if values.dtype.kind not in "biufmM":
            message = "is not an array of values"
            raise UndeterminedError(message)
        if values.ndim == 0:
            values = numpy.full(count, values)
        # Whole numbers keep their size: the widest bounds must not go round.
        is_whole = values.dtype.kind in "iu" and variable.value_type in (int, Enum)
        if values.dtype != variable.dtype and not is_whole:
            values = values.astype(variable.dtype)
        parts.append(values)
    is_single = len(parts) == 1 or bool((parts[0] == parts[1]).all())
    return Bounds(parts[0], parts[0] if is_single else parts[1], members)


def _filler(count: int) -> Callable:
    """Make what makes an array of one value; it can hold bounds."""
    return lambda value, dtype=None: Bounds(numpy.full(count, value, dtype))


class Pinned:
    """The values of a situation whose two bounds are equal.

    It takes one calculation of each life, and says nothing wrong: a value of which the
    bounds are too wide to tell is not pinned.
    """

    def __init__(self, lives: Iterable[Life]) -> None:
        self.bounds_of_lives = [BoundsSimulation(life) for life in lives]
        self._by_entity = {
            (kind, row): bounds
            for bounds in self.bounds_of_lives
            for kind, rows in bounds.life.rows.items()
            for row in rows.tolist()
        }

    def under(
        self, system: TaxBenefitSystem, is_reached: Callable[[Key], bool]
    ) -> Self:
        """Return what the same facts pin down under a reform.

        Args:
            system: The reform.
            is_reached: Whether the reform can change the value of a key; the bounds
                of the others are taken over.
        """
        other = type(self)(one.life.under(system) for one in self.bounds_of_lives)
        for mine, theirs in zip(
            self.bounds_of_lives, other.bounds_of_lives, strict=True
        ):
            theirs.known |= {
                key: bounds for key, bounds in mine.known.items() if not is_reached(key)
            }
        return other

    def is_pinned(self, place: TracedValue) -> bool:
        """Return whether a value is the same whatever is left out."""
        system = self.bounds_of_lives[0].life.system
        kind = system.variables[place.variable].entity.key
        return self._by_entity[kind, place.row].value(place) is not None
