"""The law in force and its reforms, each built once a process."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import cache

from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.population.bad_input import RequestError, TableError
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.reforms.user_code import blamed, users_code

#: What stops a run outside the formulas, whatever the law.
_OF_OTHERS = (OSError, MemoryError, TableError, RequestError)
#: Each law, and the variables that there were before it was reformed.
_BUILT: dict[tuple, tuple[TaxBenefitSystem, Mapping[str, Variable]]] = {}


def tax_benefit_system(reform: ReformSource | None = None) -> TaxBenefitSystem:
    """Return the law in force, or as a reform changes it. It is not to be modified."""
    return _in_force() if reform is None else _reformed(reform)[0]


def variables_before(reform: ReformSource) -> Mapping[str, Variable]:
    """Return the variables before a reform, by name: those it did not change stay."""
    return _reformed(reform)[1]


def blamed_on(reform: ReformSource | None) -> AbstractContextManager[None]:
    """Blame an error in what a reform computes on the reform."""
    if reform is None or not reform.has_class:
        return nullcontext()
    return users_code(reform.origin, others=_OF_OTHERS)


@cache
def _in_force() -> TaxBenefitSystem:
    return CountryTaxBenefitSystem()


def _reformed(reform: ReformSource) -> tuple[TaxBenefitSystem, Mapping[str, Variable]]:
    if reform.key not in _BUILT:
        # A class may write in what it is given: it has a law of its own.
        baseline = CountryTaxBenefitSystem() if reform.has_class else _in_force()
        before = dict(baseline.variables)
        run = users_code if reform.has_class else blamed
        with run(reform.origin):
            system = reform.apply(baseline)
        for name, variable in system.variables.items():
            if isinstance(variable.label, tuple):
                # The engine makes one of the label of what it neutralizes.
                (variable.label,) = variable.label
            if (
                before.get(name) is not variable
                and variable.definition_period == DateUnit.ETERNITY
                and not isinstance(variable, EternalVariable)
            ):
                _answer_for_any_period(variable)
        _BUILT[reform.key] = system, before
    return _BUILT[reform.key]


def _answer_for_any_period(variable: Variable) -> None:
    """Let a plain variable of no period be asked for as an ``EternalVariable`` is."""
    variable.get_formula = lambda _period=None: Variable.get_formula(variable)
