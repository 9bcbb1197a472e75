"""The law in force and its reforms, each built once a process."""

import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.eternal import EternalVariable
from openfisca_isv.population.bad_input import RequestError, TableError
from openfisca_isv.population.reforms.source import ReformError, ReformSource

#: What stops a run outside the formulas, whatever the law.
_OF_OTHERS = (OSError, MemoryError, TableError, RequestError)
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\n")
#: Signs that are shown of what an error says.
_LONGEST = 500
#: Each law, and the variables that there were before it was reformed.
_BUILT: dict[tuple, tuple[TaxBenefitSystem, Mapping[str, Variable]]] = {}


def tax_benefit_system(reform: ReformSource | None = None) -> TaxBenefitSystem:
    """Return the law in force, or as a reform changes it. It is not to be modified."""
    return _in_force() if reform is None else _reformed(reform)[0]


def variables_before(reform: ReformSource) -> Mapping[str, Variable]:
    """Return the variables before a reform, by name: those it did not change stay."""
    return _reformed(reform)[1]


@contextmanager
def blamed_on(reform: ReformSource | None) -> Iterator[None]:
    """Blame an error in what a reform computes on the reform."""
    try:
        yield
    except (Exception, SystemExit) as error:
        variable = _variable_of(error)
        is_of_others = variable is None and isinstance(error, _OF_OTHERS)
        if reform is None or not reform.has_class or is_of_others:
            raise
        about = f"in {variable}: " if variable else ""
        raise _failed(reform, error, about) from error


@cache
def _in_force() -> TaxBenefitSystem:
    return CountryTaxBenefitSystem()


def _reformed(reform: ReformSource) -> tuple[TaxBenefitSystem, Mapping[str, Variable]]:
    if reform.key not in _BUILT:
        # A class may write in what it is given: it has a law of its own.
        baseline = CountryTaxBenefitSystem() if reform.has_class else _in_force()
        before = dict(baseline.variables)
        try:
            system = reform.apply(baseline)
        except ReformError:
            raise
        except (Exception, SystemExit) as error:
            raise _failed(reform, error) from error
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


def _failed(reform: ReformSource, error: BaseException, about: str = "") -> ReformError:
    """Return the error of a reform that fails: its class is the user's."""
    # The first sentence, which may go over lines, and show many values.
    first, *_ = _END_OF_SENTENCE.split(str(error).strip())
    said = " ".join(first.split()).rstrip(".")
    if len(said) > _LONGEST:
        said = f"{said[: _LONGEST // 2]} ... {said[-_LONGEST // 2 :]}"
    said = ": ".join(filter(None, [type(error).__name__, said]))
    reason = f"fails: {about}{said}"
    return ReformError.of(reform.origin, reason, "Correct it")


def _variable_of(error: BaseException) -> str | None:
    """Name the variable whose formula failed, if the error comes from one."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "_run_formula":
            variable = frame.f_locals.get("variable")
            found = getattr(variable, "name", found)
    return found
