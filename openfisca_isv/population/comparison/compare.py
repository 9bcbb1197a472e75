"""The law in force beside reforms of it, on the same population.

``compare`` takes tables and reforms, and gives tables: what each law costs by year,
who gains and who loses, and what changes in the law.
"""

import gc
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.population.comparison import tables as finish
from openfisca_isv.population.comparison.effects import (
    People,
    conditions,
    costs,
    distribution,
    effects,
    outcome_of,
)
from openfisca_isv.population.comparison.partition import (
    check_weights,
    parts_of,
    years_of,
)
from openfisca_isv.population.groups.grouping import (
    SummaryError,
    join_tables,
    with_derived,
)
from openfisca_isv.population.reforms.changes import parameter_changes, rule_changes
from openfisca_isv.population.reforms.file import read_reform
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.tables.population import Tables
from openfisca_isv.population.tables.problems import Problem
from openfisca_isv.variables.contract import Condition

LAW = "law_in_force"
#: By what gainers and losers are told apart, unless asked otherwise.
BY = ("age_band", "host_country", "organisation", "status_before_departure")


@dataclass(frozen=True)
class Comparison:
    """The law in force beside reforms of it.

    Attributes:
        years: The years that were added up.
        reforms: The reforms, in the order given.
        parameters: The parameters that each changes: a row a parameter and span.
        rules: The variables that each computes otherwise, by its name.
        cost_by_year: A row a law and year: amounts, contracts, and the change from
            the law in force.
        gainers_and_losers: A row a reform, grouping and group.
        gain_distribution: A row a reform and band of change in what is received.
        unmet_conditions: A row a reform and condition: contracts that fail it first.
        rows: How many missions, volunteers and organisations were compared.
        min_cell: The fewest people that a figure describes; 0 for no masking.
        is_weighted: The counts and sums are weighted.
        by: The groupings.
    """

    years: range
    reforms: tuple[ReformSource, ...]
    parameters: pa.Table
    rules: dict[str, list[str]]
    cost_by_year: pa.Table
    gainers_and_losers: pa.Table
    gain_distribution: pa.Table
    unmet_conditions: pa.Table
    rows: dict[str, int]
    min_cell: int
    is_weighted: bool
    by: tuple[str, ...]

    def tables(self) -> dict[str, pa.Table]:
        """Give the tables by the names of their files."""
        names = (
            "cost_by_year",
            "gainers_and_losers",
            "gain_distribution",
            "unmet_conditions",
            "parameters",
        )
        return {name: getattr(self, name) for name in names}


def compare(  # noqa: PLR0913 -- what one may ask for
    tables: Tables,
    reforms: Sequence[ReformSource | str | Path],
    *,
    years: range | None = None,
    by: Sequence[str] | None = None,
    weights: pa.Table | None = None,
    min_cell: int = 0,
    system: TaxBenefitSystem | None = None,
) -> Comparison:
    """Set reforms beside the law in force, on the same tables.

    Args:
        tables: The population.
        reforms: Reforms, or YAML files or dotted names of Reform classes.
        years: The years to add up; by default those that the missions touch.
        by: Columns that make the groups of gainers and losers: of any of the tables,
            or ``year`` (of departure), ``age`` and ``age_band`` (at departure). By
            default those of ``BY`` that the tables have.
        weights: ``volunteer`` and ``weight``; each volunteer counts as so many.
        min_cell: Mask the figures that describe fewer people than this.
        system: The law in force, if already loaded.

    Raises:
        ReformError: A reform cannot be used.
        SummaryError: A grouping or the weights cannot be used.
    """
    system = system or CountryTaxBenefitSystem()
    years = years_of(tables) if years is None else years
    sources = _named(
        one if isinstance(one, ReformSource) else read_reform(system, one)
        for one in reforms
    )
    laws = {one.name: _apply(one, system) for one in sources}
    by = _available(tables) if by is None else tuple(by)
    _grouped(_no_rows(tables), by)
    if weights is not None:
        check_weights(tables, weights)
    found: dict[str, list[pa.Table]] = {
        "costs": [],
        "effects": [],
        "bands": [],
        "unmet": [],
    }
    conditions_in_order = [member.name for member in Condition]
    for part in parts_of(tables):
        people = People.of(part, weights)
        joined = _grouped(part, by)
        groups = [("", joined), *((name, joined) for name in by)]
        law = outcome_of(system, part, years)
        found["costs"].append(costs(LAW, years, law, law, people))
        for name, reformed in laws.items():
            outcome = outcome_of(reformed, part, years)
            found["costs"].append(costs(name, years, law, outcome, people))
            made = {
                "effects": pa.concat_tables(effects(groups, law, outcome, people)),
                "bands": distribution(law, outcome, people),
                "unmet": conditions(conditions_in_order, years, law, outcome, people),
            }
            for key, table in made.items():
                label = pa.array([name] * len(table))
                found[key].append(table.add_column(0, "reform", label))
            del outcome
        del law
        # The simulations of a part refer to themselves in circles.
        gc.collect()
    added = {key: finish.add_up(parts) for key, parts in found.items()}
    names = list(laws)
    return Comparison(
        years=years,
        reforms=sources,
        parameters=_parameters(system, laws),
        rules={name: rule_changes(system, one) for name, one in laws.items()},
        cost_by_year=finish.cost_by_year(added["costs"], [LAW, *names], min_cell),
        gainers_and_losers=finish.gainers_and_losers(
            added["effects"], names, by, min_cell
        ),
        gain_distribution=finish.gain_distribution(added["bands"], names, min_cell),
        unmet_conditions=finish.unmet_conditions(added["unmet"], names, min_cell),
        rows={
            name: len(getattr(tables, name))
            for name in ("missions", "volunteers", "organisations")
        },
        min_cell=min_cell,
        is_weighted=weights is not None,
        by=by,
    )


def _grouped(tables: Tables, by: Sequence[str]) -> pa.Table:
    """Join the tables, mission by mission, with the columns to group by."""
    joined = join_tables([tables.missions, tables.volunteers, tables.organisations])
    return with_derived(joined, by)


def _no_rows(tables: Tables) -> Tables:
    """Give the columns of the tables alone."""
    return Tables(*(one.slice(0, 0) for one in vars(tables).values()))


def _available(tables: Tables) -> tuple[str, ...]:
    """Give the usual groupings that the tables allow."""
    found = []
    empty = _no_rows(tables)
    for name in BY:
        try:
            _grouped(empty, [name])
        except SummaryError:
            continue
        found.append(name)
    return tuple(found)


def _named(sources: Iterable[ReformSource]) -> tuple[ReformSource, ...]:
    """Check that the names tell the reforms apart."""
    listed = tuple(sources)
    names = [LAW, *(one.name for one in listed)]
    for one in listed:
        if names.count(one.name) > 1:
            reason = f'has the name "{one.name}" of another one'
            problem = Problem(one.origin, reason, "Give the file another name")
            raise ReformError([problem])
    return listed


def _apply(source: ReformSource, system: TaxBenefitSystem) -> TaxBenefitSystem:
    """Apply a reform; a class that fails is the user's, not the program's."""
    try:
        return source.apply(system)
    except Exception as error:
        reason = f"fails: {type(error).__name__}: {error}"
        problem = Problem(source.origin, reason, "Correct it")
        raise ReformError([problem]) from error


def _parameters(
    system: TaxBenefitSystem, laws: dict[str, TaxBenefitSystem]
) -> pa.Table:
    """List the parameters that the reforms change."""
    tables = []
    for name, reformed in laws.items():
        changes = parameter_changes(system, reformed)
        label = pa.array([name] * len(changes), pa.string())
        tables.append(changes.add_column(0, "reform", label))
    return pa.concat_tables(tables)
