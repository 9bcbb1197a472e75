"""Facts that cannot be true together, or are odd, as the model finds them in tables.

The model says what contradicts itself in variables of its own, named by its attributes
``contradiction_variables`` and ``oddity_variables``; here they are computed for rows
that may still be at fault, and told with the place of the row.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.contradictions import details
from openfisca_isv.population.checks.cell_faults import (
    CHECKS,
    FAULTS,
    NO_FAULTS,
    with_remedy,
)
from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.tables.sources import FILE, PLACE, ROW
from openfisca_isv.population.tables.typed_tables import Tables

_PARTIES = {"volunteer": "volunteers", "organisation": "organisations"}
#: Nothing of one month is needed: a span of years is given to the engine all the same.
_ANY_YEAR = range(2020, 2021)
#: No key of a table begins so: blanks are trimmed.
_UNNAMED = " row "


def contradictions(
    system: TaxBenefitSystem, tables: Mapping[str, pa.Table]
) -> pa.Table:
    """Find the facts that cannot be true together, and those that are odd.

    Args:
        system: The law, whose variables say what contradicts itself.
        tables: Rows with their places, by name: whole volunteers. A cell at fault is
            unknown, and contradicts nothing.

    Returns:
        Faults: contradictions, and oddities as such.
    """
    checks = {
        "contradiction": getattr(system, "contradiction_variables", ()),
        "oddity": getattr(system, "oddity_variables", ()),
    }
    missions = tables.get("missions")
    if missions is None or not len(missions) or not any(checks.values()):
        return NO_FAULTS
    rows = _complete(missions, tables)
    simulation = build_simulation(system, _facts(system, rows), _ANY_YEAR)
    finder = _Finder(simulation, rows)
    told = [
        one
        for check, names in checks.items()
        for name in names
        for one in finder.found(check, name)
    ]
    return pa.concat_tables([NO_FAULTS, *told])


def _complete(
    missions: pa.Table, tables: Mapping[str, pa.Table]
) -> dict[str, pa.Table]:
    """Return each mission its parties, whatever is wrong with their names.

    A mission whose party is not known gets one of its own, of whom nothing is known.
    """
    rows = {}
    for column, name in _PARTIES.items():
        names = pa.nulls(len(missions), pa.string())
        if column in missions.column_names:
            names = missions[column].combine_chunks()
            missions = missions.drop_columns([column])
        if names.null_count:
            ranks = pa.array(numpy.arange(len(names))).cast(pa.string())
            alone = pc.binary_join_element_wise(_UNNAMED, ranks, "")
            names = pc.coalesce(names, alone)
        missions = missions.append_column(column, names)
        party = tables.get(name)
        if party is None or column not in party.column_names:
            rows[name] = pa.table({column: names.unique()})
            continue
        known = party[column].combine_chunks()
        everyone = pa.chunked_array([known.drop_null(), names]).unique()
        # Of a party that is given twice, the first row; of an unknown one, nothing.
        party = party.take(pc.index_in(everyone, value_set=known))
        place = party.column_names.index(column)
        rows[name] = party.set_column(place, column, everyone)
    if "mission" not in missions.column_names:
        missions = missions.append_column(
            "mission", pa.nulls(len(missions), pa.string())
        )
    return rows | {"missions": missions}


def _facts(system: TaxBenefitSystem, rows: Mapping[str, pa.Table]) -> Tables:
    """Return the rows as the engine takes them; no monthly fact contradicts another."""
    no_months = pa.table(
        {"volunteer": pa.array([], pa.string()), "month": pa.array([], pa.date32())}
    )
    left_out = {
        name
        for name, variable in system.variables.items()
        if variable.definition_period != DateUnit.ETERNITY
    } | {*PLACE}
    facts = {
        name: table.drop_columns([*left_out & {*table.column_names}])
        for name, table in rows.items()
    }
    return Tables(**facts, monthly=no_months)


@dataclass(frozen=True)
class _Finder:
    """What is computed of some rows, and the rows.

    Attributes:
        simulation: The population that they make.
        rows: Missions, volunteers and organisations, in its order.
    """

    simulation: Simulation
    rows: Mapping[str, pa.Table]

    def found(self, check: str, name: str) -> Iterator[pa.Table]:
        """Yield what one variable finds, value by value, but for the first: none."""
        system = self.simulation.tax_benefit_system
        variable = system.get_variable(name)
        key = variable.entity.key
        if FILE not in self.rows[f"{key}s"].column_names:
            # Of a party without a table nothing is stated.
            return
        ranks = numpy.asarray(self.simulation.calculate(name, DateUnit.ETERNITY))
        for member in list(variable.possible_values)[1:]:
            where = numpy.flatnonzero(ranks == member.index)
            if len(where):
                yield self._told(check, member, key, where)

    def _told(
        self, check: str, member: Enum, key: str, where: numpy.ndarray
    ) -> pa.Table:
        """Return one contradiction of some rows, in the column to correct first."""
        told = details(member)
        table = self.rows[f"{key}s"]
        at_fault = table.take(pa.array(where))
        own = [one for one in told.facts if one in table.column_names]
        column = own[0] if own else None
        others = [
            self._stated(fact, key, where) for fact in told.facts if fact != column
        ]
        reason = f"{member.value[0].lower()}{member.value[1:]}"
        said = []
        for one in zip(*others, strict=True):
            stated = ", ".join(filter(None, one))
            said.append(f"{reason} ({stated})" if stated else reason)
        said = said or [reason] * len(where)
        nothing = pa.nulls(len(where), pa.string())
        sides = {
            "table": pa.repeat(f"{key}s", len(where)),
            "file": at_fault[FILE],
            "row": at_fault[ROW],
            "column": nothing if column is None else pa.repeat(column, len(where)),
            "value": nothing if column is None else at_fault[column].cast(pa.string()),
            "key": at_fault[key],
            "detail": pa.array([with_remedy(one, told.remedy) for one in said]),
            "check": pa.repeat(CHECKS.index(check), len(where)),
        }
        return pa.table(sides).cast(FAULTS)

    def _stated(self, fact: str, key: str, where: numpy.ndarray) -> list[str | None]:
        """Name a fact with its value in some rows, where it is stated."""
        variable = self.simulation.tax_benefit_system.get_variable(fact)
        owner, places = variable.entity.key, where
        if owner != key and key == "mission":
            places = self.simulation.populations[owner].members_entity_id[where]
        table = self.rows[f"{owner}s"]
        if fact not in table.column_names or owner not in {key, *_PARTIES}:
            return [None] * len(where)
        usual = getattr(variable.default_value, "name", variable.default_value)
        values = table[fact].cast(pa.string()).take(pa.array(places)).to_pylist()
        return [
            None if one is None or one == str(usual) else f"{fact} {one}"
            for one in values
        ]
