"""Other readings of the register, as laws that a population can be read under."""

from collections.abc import Iterable
from dataclasses import dataclass

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import TableProblem
from openfisca_isv.population.language import say, words
from openfisca_isv.population.model.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.situations.chosen_readings import system_under
from openfisca_isv.situations.problems import RefusalError


@dataclass(frozen=True)
class ReadLaw(ReformSource):
    """The law under other readings of the register, and a reform of it, if any.

    Attributes:
        readings: Identifiers of the alternatives.
        inner: The reform that is applied to the law so read.
    """

    readings: tuple[str, ...] = ()
    inner: ReformSource | None = None

    @property
    def key(self) -> tuple:
        """Tell one from another: its readings, and its reform."""
        return self.readings, self.inner and self.inner.key

    @property
    def travels(self) -> bool:
        """Return whether another process can have it, too."""
        return self.inner is None or self.inner.travels

    def account(self) -> dict[str, object]:
        """Return what was read in another way, for those who read the results."""
        known = {"name": self.name, "title": self.title, "readings": [*self.readings]}
        return known | ({"reform": self.inner.account()} if self.inner else {})

    def apply(self, system: TaxBenefitSystem) -> TaxBenefitSystem:
        """Return the law so read and reformed; the law itself stays as it is."""
        system = system_under(system, self.readings)
        return self.inner.apply(system) if self.inner else system


def under_readings(
    identifiers: Iterable[str], reform: ReformSource | None = None
) -> ReformSource | None:
    """Return the law under other readings, or a reform of the law so read.

    Args:
        identifiers: Those of alternatives of the register; where there are none, the
            reform is returned as it is.
        reform: A reform to apply to the law so read.

    Raises:
        ReformError: A reading is unknown, or two of them change the same rule.
    """
    chosen = tuple(dict.fromkeys(identifiers))
    if not chosen:
        return reform
    try:
        system_under(tax_benefit_system(), chosen)
    except RefusalError as error:
        found = [
            TableProblem("readings", one.reason, one.remedy) for one in error.problems
        ]
        raise ReformError(found) from error
    titles = [
        words().said(alternatives()[one].entry, "title").removesuffix(".")
        for one in chosen
    ]
    reform_of = [] if reform is None else [reform]
    return ReadLaw(
        name="+".join([*(one.name for one in reform_of), *chosen]),
        title=say("; ").join([*(one.title for one in reform_of), *titles]),
        description="",
        origin=", ".join([*(one.origin for one in reform_of), *chosen]),
        values=reform.values if reform else {},
        reform=reform.reform if reform else None,
        readings=chosen,
        inner=reform,
    )


def compared_under(
    identifiers: Iterable[str], reforms: Iterable[ReformSource]
) -> tuple[ReformSource, ...]:
    """Return the law under other readings, then each reform of the law so read.

    Raises:
        ReformError: A reading is unknown, or two of them change the same rule.
    """
    chosen = tuple(identifiers)
    read = under_readings(chosen)
    alone = () if read is None else (read,)
    return *alone, *(under_readings(chosen, one) for one in reforms)
