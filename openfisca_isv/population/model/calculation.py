"""What is asked of a population: what is done with each part, and with all of them.

``runs`` divides, checks, shares out and goes on after an interruption; a calculation
says what there is to compute. Calculations travel to other processes: they hold plain
values.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import ClassVar, Self

import pyarrow as pa
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.dates import MONTHS_PER_YEAR
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.model.grouped import check_groups
from openfisca_isv.population.model.yearly import codes_of
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.store import Results, Store
from openfisca_isv.population.subject import DERIVED, FACTS, SUMMED_UP
from openfisca_isv.population.tables.columns import Others, TableKind, table_kinds
from openfisca_isv.population.tables.formats import USUAL, CellFormat
from openfisca_isv.population.tables.typed_tables import Tables

_MOST_YEARS = 100
#: Attributes that are told with the law, or follow from the others.
_NO_OPTIONS = {"reform", "compared", "extremes"}


def metadata_of(account: Mapping[str, object]) -> dict[str, str]:
    """Return what made a table, for the files that can hold it."""
    return {"openfisca_isv": json.dumps(account, sort_keys=True)}


@dataclass(frozen=True, kw_only=True)
class Calculation(ABC):
    """What is asked of a population, under the names of the options that ask it.

    Attributes:
        name: The command that asks it.
        years: First and last year to add up; by default all that the tables touch.
        by: The groupings, each of one column or of several that are crossed.
        weight: The column of weights, if the results are to be weighted.
        min_cell: Withhold what is about fewer people than this; 0 for nothing.
        format_of_cells: How the tables write cells.
        file_format: ``csv``, ``csv-french`` or ``parquet``, of the results.
        ignore: Columns of the tables that are not read.
        ignore_unknown: Nor is any that the model does not know.
    """

    name: ClassVar[str]
    years: range | None = None
    by: tuple[tuple[str, ...], ...] = ()
    weight: str | None = None
    min_cell: int = 0
    format_of_cells: CellFormat = USUAL
    file_format: str = "csv"
    ignore: tuple[str, ...] = ()
    ignore_unknown: bool = False
    #: Missions computed at once, about, unless asked; by default what memory allows.
    part_size: ClassVar[int | None] = None

    @property
    @abstractmethod
    def reforms(self) -> tuple[ReformSource | None, ...]:
        """The laws that are applied; nothing stands for the law in force."""

    def options(self) -> dict[str, object]:
        """Return what changes the results beside the tables and the law, by name."""
        known = {one.name: _plain(getattr(self, one.name)) for one in fields(self)}
        told = {one: value for one, value in known.items() if one not in _NO_OPTIONS}
        return {"name": self.name, "format": told.pop("file_format")} | told

    @abstractmethod
    def compute(self, tables: Tables) -> Iterator[tuple[str, pa.Table]]:
        """Yield what a part of the population comes to: names, some rows.

        A name with a suffix is a file of results; under the others are sums, which
        ``gather`` adds up.

        Args:
            tables: The part, in the order of its identifiers, with all organisations.
        """

    @abstractmethod
    def gather(
        self, parts: Store, results: Results, account: Mapping[str, object]
    ) -> object:
        """Put the results of the parts together.

        Args:
            parts: What ``compute`` gave of each part, then what ``further`` did.
            results: Where files of results go.
            account: What made the results, how many rows, and warnings.

        Returns:
            What is shown of them.
        """

    def further(self, parts: Store) -> "Calculation | None":
        """Return what is left to compute once the parts are known, if anything."""
        del parts

    @property
    def months(self) -> int | None:
        """How many months the engine keeps of a part, if the years are known."""
        return None if self.years is None else MONTHS_PER_YEAR * len(self.years)

    def shown(self) -> set[str]:
        """Name the variables of the model that the results show, or are made of."""
        return {*SUMMED_UP, *(name for names in self.by for name in names)}

    def warnings(self, results: object) -> list[str]:
        """Return what a reader of the results should know of them."""
        del results
        return []

    def laws(self) -> tuple[TaxBenefitSystem, ...]:
        """Build the laws that are applied."""
        return tuple(tax_benefit_system(one) for one in self.reforms)

    @property
    def conditions(self) -> list[str]:
        """The codes of the first unmet condition under the laws, that of none first."""
        return codes_of(FACTS["unmet"], *self.laws())

    def kinds(self) -> dict[str, TableKind]:
        """Return the tables that the population may have."""
        return table_kinds(*self.laws(), others=self._others())

    def check(self, columns: Mapping[str, Sequence[str]]) -> None:
        """Check what is asked, given the columns that each table has."""
        names = [name for names in self.by for name in names]
        check_groups(self.laws(), columns, names, self.weight)

    def over(self, first: int | None, last: int | None) -> Self:
        """Complete what is asked with the years that the tables touch."""
        if self.years is not None:
            return self
        if first is None or last is None or last < first:
            message = "the missions do not say which years to add up, for lack of days"
            message += " of start or end: give --years"
            raise RequestError(message)
        if last - first >= _MOST_YEARS:
            message = f"the tables reach from {first} to {last}, more than"
            message += f" {_MOST_YEARS} years: give --years"
            raise RequestError(message)
        return replace(self, years=range(first, last + 1))

    def _others(self) -> Others:
        """Name the columns that the tables may have beside inputs."""
        known = {name for one in self.laws() for name in one.variables} | {*DERIVED}
        known |= {"mission", "volunteer", "organisation"}
        if self.weight in known or (self.weight or "").startswith("__"):
            message = f'"{self.weight}" is a name of the model: it cannot be the weight'
            raise RequestError(message)
        names = dict.fromkeys(name for names in self.by for name in names)
        if both := sorted({*names, self.weight} & {*self.ignore}):
            message = f'"{both[0]}" is in --ignore, and in --by or --weight: leave it'
            message += " out of one of them"
            raise RequestError(message)
        labels = tuple(name for name in names if name not in known)
        return Others(
            labels,
            self.weight,
            self.format_of_cells,
            frozenset(self.ignore),
            self.ignore_unknown,
        )


def _plain(value: object) -> object:
    """Return an option in the types of JSON."""
    if isinstance(value, CellFormat):
        return value.account()
    if isinstance(value, range):
        return [value.start, value.stop - 1]
    return [*map(_plain, value)] if isinstance(value, tuple) else value
