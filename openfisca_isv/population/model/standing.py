"""Which results of a population are settled, whatever its empty cells turn out to be.

An empty cell, or a column that a table does not have, is a fact left out. Bounds of
each value are taken for all rows at once; only what they leave open is looked into, one
volunteer after another: ``openfisca_isv.standing``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy
import pyarrow as pa
from openfisca_core.periods import DateUnit, Period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.counterfactuals.life import Key, Life, Stated, TracedValue, key_of
from openfisca_isv.population.labels.labelled_columns import SETTLED
from openfisca_isv.population.model.outputs import ResultTable, periods_added
from openfisca_isv.population.model.part_simulation import values_given
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.standing.bounded.evaluation import BoundsSimulation
from openfisca_isv.standing.findings import search

_PARTY = "volunteer"


@dataclass(frozen=True)
class Standing:
    """The standing of a table of results.

    Attributes:
        table: The table.
        settled: Which values are settled, by output, shape ``(rows, periods)``.
        missing: How many values of an output hang on an input left out.
        first: Of how many it is the most useful to ask.
    """

    table: ResultTable
    settled: Mapping[str, numpy.ndarray]
    missing: Counter[tuple[str, str]]
    first: Counter[tuple[str, str]]

    def beside(
        self,
        columns: Mapping[str, object],
        rows: slice = slice(None),
        *,
        by_period: bool = False,
    ) -> dict[str, object]:
        """Put beside each output the column that says whether it is settled.

        Args:
            columns: Of a table of results, by name.
            rows: The rows of the entity that they are about.
            by_period: All rows of a period follow each other, and not all periods of
                a row.
        """
        extended = {}
        for name, values in columns.items():
            extended[name] = values
            if name in self.settled:
                settled = self.settled[name][rows]
                flat = (settled.T if by_period else settled).reshape(-1)
                extended[name + SETTLED] = pa.array(flat)
        return extended

    def missing_facts(self) -> pa.Table:
        """Count the values that hang on a fact left out: one row per output and fact.

        Returns:
            ``table``, ``output``, ``fact``, how many ``values``, and of how many of
            them it is the most useful fact to know, ``asked_first``.
        """
        rows = [
            (self.table.name, *pair, self.missing[pair], self.first[pair])
            for pair in sorted(self.missing)
        ]
        return _rows(rows, ("table", "output", "fact"), ("values", "asked_first"))


def is_standing(column: str) -> bool:
    """Return whether a column of results says if another one is settled."""
    return column.endswith(SETTLED)


def settled_in(results: pa.Table) -> dict[str, numpy.ndarray]:
    """Return the values of a table of results that are settled, by output."""
    return {
        name.removesuffix(SETTLED): results[name].to_numpy()
        for name in results.column_names
        if is_standing(name)
    }


def count_settled(table: str, settled: Mapping[str, numpy.ndarray]) -> pa.Table:
    """Count the values that are settled: one row per output.

    Returns:
        ``table``, ``output``, ``settled`` and ``not_settled``.
    """
    rows = [(table, output, one.sum(), (~one).sum()) for output, one in settled.items()]
    return _rows(rows, ("table", "output"), ("settled", "not_settled"))


def _rows(rows: list[tuple], texts: Sequence[str], counts: Sequence[str]) -> pa.Table:
    schema = pa.schema(
        dict.fromkeys(texts, pa.string()) | dict.fromkeys(counts, pa.int64())
    )
    named = [dict(zip(schema.names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(named, schema)


class StandingOfPart:
    """Tells the standing of the results of a part of a population."""

    def __init__(self, simulation: Simulation, tables: Tables, years: range) -> None:
        system = simulation.tax_benefit_system
        populations = simulation.populations
        rows = {key: numpy.arange(one.count) for key, one in populations.items()}
        members = {
            one.key: populations[one.key].members_entity_id
            for one in system.group_entities
        }
        missions = populations[system.person_entity.key].count
        only_role = dict.fromkeys(members, numpy.zeros(missions, dtype=int))
        stated = _stated(system, tables, years)
        self._part = Life(system, rows, members, only_role, stated)
        self._bounds = BoundsSimulation(self._part)

    def of(self, table: ResultTable) -> Standing:
        """Return the standing of a table of results.

        A value that adds up months is settled where each of them is.
        """
        periods = table.periods or (Period.eternity(),)
        values = {
            variable.name: [
                [Key(variable.name, one) for one in periods_added(variable, when)]
                for when in periods
            ]
            for variable in table.variables
        }
        is_open = {
            one: ~self._bounds.calculate(*one).exact_rows
            for by_period in values.values()
            for added in by_period
            for one in added
        }
        # The other missions of an organisation are in other parts: what the bounds
        # leave open stays so.
        is_whole = table.entity != "organisation"
        missing = self._look_into(table.entity, is_open) if is_whole else {}
        hanging, first = Counter(), Counter()
        for name, by_period in values.items():
            for added in by_period:
                facts_of_rows: dict[int, dict[str, None]] = {}
                for one in added:
                    for row, facts in missing.get(one, {}).items():
                        facts_of_rows.setdefault(row, {}).update(facts)
                for facts in facts_of_rows.values():
                    hanging.update((name, fact) for fact in facts)
                    first[name, next(iter(facts))] += 1
        settled = {
            name: numpy.stack(
                [
                    ~numpy.logical_or.reduce([is_open[one] for one in added])
                    for added in by_period
                ],
                axis=1,
            )
            for name, by_period in values.items()
        }
        return Standing(table, settled, hanging, first)

    def _look_into(
        self, entity: str, is_open: dict[Key, numpy.ndarray]
    ) -> dict[Key, dict[int, dict[str, None]]]:
        """Look into what the bounds leave open, and close what is settled after all.

        Returns:
            Of each value, by row that is not settled, the inputs that are missing, the
            most useful first.
        """
        missing: dict[Key, dict[int, dict[str, None]]] = {one: {} for one in is_open}
        if not is_open:
            return missing
        of_missions = self._part.members[_PARTY]
        any_open = numpy.logical_or.reduce(list(is_open.values()))
        if entity == _PARTY:
            # Of whom has no mission nothing is due: no more is looked into.
            any_open = any_open[of_missions]
        order = numpy.argsort(of_missions, kind="stable")
        missions_of = numpy.split(order, numpy.bincount(of_missions).cumsum()[:-1])
        for volunteer in numpy.unique(of_missions[any_open]).tolist():
            life = self._part.part(missions_of[volunteer])
            asked = [
                TracedValue(*one, row)
                for one, rows_open in is_open.items()
                for row in life.rows[entity].tolist()
                if rows_open[row]
            ]
            findings = search(BoundsSimulation(life), asked)
            for place in asked:
                finding = findings[place]
                is_open[place.key][place.row] = not finding.is_settled
                if not finding.is_settled:
                    facts = dict.fromkeys(fact.variable for fact in finding.missing)
                    missing[place.key][place.row] = facts
        return missing


def _stated(system: TaxBenefitSystem, tables: Tables, years: range) -> Stated:
    """Return what the cells of the tables state, month by month."""
    stated: Stated = {}
    for given in values_given(system, tables, years):
        variable = system.get_variable(given.name)
        values = numpy.asarray(given.values).view(numpy.ndarray)
        is_dated = variable.definition_period == DateUnit.MONTH
        months = given.when.get_subperiods(DateUnit.MONTH) if is_dated else [given.when]
        for one in months:
            stated.setdefault(key_of(variable, one), (values, given.is_stated))
    return stated
