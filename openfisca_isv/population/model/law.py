"""The law in force and its reforms, each built once a process."""

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.tables.problems import Problem

_BUILT: dict[str | None, TaxBenefitSystem] = {}


def law(reform: ReformSource | None = None) -> TaxBenefitSystem:
    """Give the law in force, or as a reform changes it. It is not to be modified.

    Raises:
        ReformError: The reform is a class that fails.
    """
    key = None if reform is None else reform.key
    if key not in _BUILT:
        _BUILT[key] = CountryTaxBenefitSystem() if reform is None else _apply(reform)
    return _BUILT[key]


def _apply(reform: ReformSource) -> TaxBenefitSystem:
    """Apply a reform; a class that fails is the user's, not the program's."""
    try:
        return reform.apply(law())
    except (Exception, SystemExit) as error:
        reason = f"fails: {type(error).__name__}: {error}"
        raise ReformError([Problem(reform.origin, reason, "Correct it")]) from error
