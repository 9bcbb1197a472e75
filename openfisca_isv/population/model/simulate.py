"""The calculation of one law: results by mission and volunteer, summaries of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.periods import period
from openfisca_core.simulations import Simulation

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.groups.figures import QUANTILES, add_up
from openfisca_isv.population.model.beside import may_change
from openfisca_isv.population.model.calculation import Calculation, metadata_of
from openfisca_isv.population.model.grouped import (
    count_cells,
    figures_of,
    refused_column,
)
from openfisca_isv.population.model.outputs import (
    ResultTable,
    check_outputs,
    is_dated,
    result_tables,
)
from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.model.results import (
    add_up_organisations,
    calculate_table,
    organisation_sums,
    to_the_cent,
)
from openfisca_isv.population.model.standing import (
    StandingOfPart,
    count_settled,
    settled_in,
)
from openfisca_isv.population.model.summary import (
    by_year,
    count_unmet_conditions,
    summarise,
    unmet_conditions,
)
from openfisca_isv.population.model.yearly import (
    MONTHS_READ,
    Weights,
    outcome_of,
    volunteer_years,
)
from openfisca_isv.population.reforms.changes import first_change
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.reforms.tax_benefit_systems import (
    blamed_on,
    tax_benefit_system,
    variables_before,
)
from openfisca_isv.population.store import Results, Store
from openfisca_isv.population.subject import (
    NONE_LAWFUL,
    OF_VOLUNTEERS,
    UNDETERMINED,
)
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.tables.writing import suffix_of

#: The files of summaries.
BY_YEAR, UNMET = "by_year", "unmet_conditions"
SETTLED, MISSING = "settled", "missing_facts"
#: Bytes of the name of a grouping, in that of a file.
_LONGEST_NAME = 200


@dataclass(frozen=True, kw_only=True)
class Simulate(Calculation):
    """What one law gives a population.

    Attributes:
        outputs: Names of outputs; the usual ones by default.
        periods: Months and years, for the outputs that change over time.
        reform: The reform of the law, if it is not the law in force.
        quantiles: Shares from 0 to 1, for the figures by group.
        standing: Say of each result whether it is settled by the cells filled in.
        no_summary: Give the outputs alone, and no summary of the years.
    """

    name: ClassVar[str] = "simulate"
    outputs: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    reform: ReformSource | None = None
    quantiles: tuple[float, ...] = QUANTILES
    standing: bool = False
    no_summary: bool = False

    @property
    def reforms(self) -> tuple[ReformSource | None, ...]:
        """The one law that is applied."""
        return (self.reform,)

    @property
    def months(self) -> int | None:
        """How many months the engine keeps of a part, if that is known."""
        if self.years is None and not self.periods and self._is_dated:
            return None
        return MONTHS_READ + sum(period(one).size_in_months for one in self._periods)

    @property
    def _is_dated(self) -> bool:
        """Whether outputs are asked for that change over time."""
        return any(is_dated(self.laws()[0], one) for one in self.outputs)

    @property
    def _periods(self) -> tuple[str, ...]:
        """Complete the periods with those that the outputs need."""
        if self.periods or not self._is_dated:
            return self.periods
        return tuple(map(str, self.years))

    @property
    def _whole_time(self) -> range:
        """The years that the engine is asked for at all."""
        years = {int(one[:4]) for one in self._periods} | {*self.years}
        return range(min(years), max(years) + 1)

    def options(self) -> dict[str, object]:
        """Leave out the quantiles where nothing is grouped: ``Calculation.options``."""
        return super().options() | ({} if self.by else {"quantiles": []})

    def check(self, columns: Mapping[str, Sequence[str]]) -> None:
        """Check the outputs and periods too: ``Calculation.check``."""
        super().check(columns)
        for name in self._grouping_names:
            # It is part of the name of a file.
            too_long = len(name.encode()) > _LONGEST_NAME
            if "/" in name or not name.isprintable() or too_long:
                raise refused_column(name)
        system = self.laws()[0]
        check_outputs(system, self.outputs)
        if self.standing and self.min_cell:
            message = (
                "the standing of results is counted by value, and cannot be masked:"
                " leave out min_cell, or standing"
            )
            raise RequestError(message)
        if self.periods or not self._is_dated:
            result_tables(system, self.outputs, self.periods)

    def compute(self, tables: Tables) -> Iterator[tuple[str, pa.Table]]:
        """Yield the results, the sums by year, and the cells of the groups."""
        with blamed_on(self.reform):
            simulation = build_simulation(self.laws()[0], tables, self._whole_time)
            owner = simulation.populations["volunteer"].members_entity_id
            weights = Weights.of(tables, self.weight, owner)
            if not self.no_summary:
                yield from self._summed_up(simulation, weights)
            yield from self._shown(simulation, tables, weights)

    def _summed_up(
        self, simulation: Simulation, weights: Weights
    ) -> Iterator[tuple[str, pa.Table]]:
        years = self.years
        # While all months are known.
        credited = volunteer_years(simulation, years, weights, OF_VOLUNTEERS)
        kept = [*map(period, self._periods)]
        rows = outcome_of(simulation, years, weights, kept=kept).years
        yield BY_YEAR, summarise(years, rows, credited)
        yield UNMET, count_unmet_conditions(years, rows, self.conditions)

    def _shown(
        self, simulation: Simulation, tables: Tables, weights: Weights
    ) -> Iterator[tuple[str, pa.Table]]:
        of_part = None
        if self.standing:
            of_part = StandingOfPart(simulation, tables, self._whole_time)
        for table in self._tables():
            standing = of_part and of_part.of(table)
            if standing:
                yield MISSING, standing.missing_facts()
            if table.entity == "organisation":
                rows = organisation_sums(simulation, table, tables, standing)
                yield table.name, rows
                continue
            rows = calculate_table(
                simulation,
                table,
                getattr(tables, f"{table.entity}s"),
                *([standing.beside] if standing else []),
            )
            for some in rows:
                yield f"{table.name}.{suffix_of(self.file_format)}", some
            if standing:
                settled = count_settled(table.name, standing.settled)
                yield SETTLED, settled
        for rank, names in enumerate(self.by):
            cells, outputs = count_cells(
                simulation, tables, self._tables(), names, weights
            )
            yield f"cells-{rank}", cells
            yield f"outputs-{rank}", outputs

    def gather(
        self, parts: Store, results: Results, account: Mapping[str, object]
    ) -> dict[str, pa.Table]:
        """Put the results of the parts together, and add up the summaries.

        Returns:
            The summaries by the names of their files; those that were asked for.
        """
        metadata, suffix = metadata_of(account), suffix_of(self.file_format)
        tables, counts = {}, []
        for table in self._tables():
            if table.entity == "organisation":
                own = parts.sums(table.name)
                tables[table.name] = add_up_organisations(table, own)
                settled = settled_in(tables[table.name])
                counts.append(count_settled(table.name, settled))
            else:
                parts.gather(f"{table.name}.{suffix}", results)
        shown = {"is_weighted": self.weight is not None, "min_cell": self.min_cell}
        summaries = {}
        if not self.no_summary:
            summaries[BY_YEAR] = by_year(add_up(parts.sums(BY_YEAR)), **shown)
            counted = add_up(parts.sums(UNMET))
            summaries[UNMET] = unmet_conditions(counted, self.conditions, **shown)
        if self.standing:
            summaries[SETTLED] = add_up([*parts.sums(SETTLED), *counts])
            summaries[MISSING] = add_up(parts.sums(MISSING))
        rows = (
            (f"{name}.{suffix}", to_the_cent(table))
            for name, table in (tables | summaries).items()
        )
        results.add(rows, metadata)
        for rank, names in enumerate(self.by):
            name = f"summary_by_{self._grouping_names[rank]}.{suffix}"
            found = figures_of(
                parts, rank, names, quantiles=self.quantiles, min_cell=self.min_cell
            )
            results.add(((name, rows) for rows in found), metadata)
        return summaries

    def shown(self) -> set[str]:
        """Name the outputs too: ``Calculation.shown``."""
        outputs = {one.name for table in self._tables() for one in table.variables}
        if self.no_summary:
            return outputs.union(*self.by)
        return outputs | super().shown()

    def warnings(self, results: Mapping[str, pa.Table]) -> list[str]:
        """Return what the results leave unknown."""
        told = self._idle()
        if self.no_summary:
            return told
        measures, said = NONE_LAWFUL
        started, lawful = (pc.sum(results[BY_YEAR][one]).as_py() for one in measures)
        if started and lawful == 0:
            counts = {
                row.pop("condition"): sum(filter(None, row.values()))
                for row in results[UNMET].to_pylist()
            }
            told.append(said.format(condition=max(counts, key=counts.get)))
        measure, said = UNDETERMINED
        if count := pc.sum(results[BY_YEAR][measure]).as_py():
            how = " (weighted)" if self.weight else ""
            told.append(said.format(count=f"{count:,.0f}", how=how))
        return told

    def _idle(self) -> list[str]:
        """Return a warning if the law in force would show the same."""
        if self.reform is None:
            return []
        before = variables_before(self.reform)
        laws = tax_benefit_system(), before, self.laws()[0]
        if first_change(*laws) is None or may_change(*laws, self.shown()):
            # Of a reform that changes nothing at all it is told before.
            return []
        told = f'"{self.reform.title}" changes nothing of what is shown: ask for what'
        return [f"{told} it does with --outputs, and --periods if it changes in time."]

    @property
    def _grouping_names(self) -> list[str]:
        return ["_and_".join(names) for names in self.by]

    def _tables(self) -> list[ResultTable]:
        return result_tables(self.laws()[0], self.outputs, self._periods)
