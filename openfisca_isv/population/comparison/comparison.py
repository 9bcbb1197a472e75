"""What a comparison found: tables, and what is made of them for a reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.comparison.sentences import has_effect
from openfisca_isv.population.language import language, speaking
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.wording import counted, span_text


@dataclass(frozen=True)
class Comparison:
    """The law in force beside reforms of it.

    Attributes:
        years: The years that were added up.
        reforms: The reforms, in the order given.
        by: The groupings, each of one column or of several that are crossed.
        rules: The variables that each computes otherwise, by its name.
        cost_by_year: One row per law and year: amounts, contracts, and the change from
            the law in force.
        cost_by_rule: One row per reform and rule: the cost of each State contribution,
            resettlement allowance and premium over the years, which add up to the last
            row of the reform.
        package: One row per reform, all together, and what they do to each other: the
            changes of the amounts over the years; where that was asked.
        gainers_and_losers: One row per reform, grouping and group.
        gain_distribution: One row per reform and band of change in what is received.
        unmet_conditions: One row per reform and condition: contracts failing it first.
        outputs: One row per reform, output asked for and year: sums, means, and for how
            many it changes; where some were asked for.
        standard_errors: One row per reform and figure of everyone: its standard error
            and 95 % interval; where a bootstrap was asked for.
        parameters: The parameters that each changes: one row per parameter and span.
        readings: One row per other reading of the register: what it is worth; where
            that was asked.
        rows: How many missions, volunteers and organisations the tables have. Counted
            in the figures are those concerned by the years: with a mission served on
            some day of the years or started in them, or any amount in the years under
            one of the laws.
        min_cell: The fewest people that a figure describes; 0 for no masking.
        is_weighted: The counts and sums are weighted.
        account: What made it, as ``run.json`` says it.
        warnings: What the amounts leave out; ``run.json`` has them among others.
        language: Of the report and the pictures; that of the call or command.
    """

    years: range
    reforms: tuple[ReformSource, ...]
    rows: Mapping[str, int]
    min_cell: int
    is_weighted: bool
    account: Mapping[str, object]
    by: tuple[tuple[str, ...], ...] = ()
    rules: Mapping[str, list[str]] = field(default_factory=dict)
    cost_by_year: pa.Table | None = None
    cost_by_rule: pa.Table | None = None
    package: pa.Table | None = None
    gainers_and_losers: pa.Table | None = None
    gain_distribution: pa.Table | None = None
    unmet_conditions: pa.Table | None = None
    outputs: pa.Table | None = None
    standard_errors: pa.Table | None = None
    parameters: pa.Table | None = None
    readings: pa.Table | None = None
    warnings: tuple[str, ...] = ()
    language: str = field(default_factory=language)

    def __repr__(self) -> str:
        """Return in one line what was compared."""
        names = ", ".join(one.name for one in self.reforms) or "other readings"
        rows = ", ".join(counted(count, name[:-1]) for name, count in self.rows.items())
        return f"<Comparison of {span_text(self.years)} with {names}: {rows}>"

    def tables(self) -> dict[str, pa.Table]:
        """Return the tables by the names of their files."""
        return {
            name: one for name, one in vars(self).items() if isinstance(one, pa.Table)
        }

    def rows_of(self, law: str) -> dict[str, list[dict]]:
        """Return the rows about a law, by the names of the tables that have laws."""
        return {
            name: table.filter(pc.equal(table[column], law)).to_pylist()
            for name, table in self.tables().items()
            for column in ("reform", "scenario")
            if column in table.column_names
        }

    def without_effect(self) -> list[ReformSource]:
        """Name the reforms under which every figure is that of the law in force."""
        tables = ("cost_by_year", "gainers_and_losers", "unmet_conditions", "outputs")
        seen = {
            one.name
            for one in self.reforms
            for table, rows in self.rows_of(one.name).items()
            for row in rows
            if table in tables and (row["masked"] or has_effect(row))
        }
        return [one for one in self.reforms if one.name not in seen]

    def pictures(self) -> dict[str, bytes]:
        """Draw what was found; a picture that would be empty is left out.

        Returns:
            PNG files by name, without the suffix: ``cost_by_year``; for each reform
            ``<reform>_gainers_and_losers``, ``<reform>_amounts`` and
            ``<reform>_lawfulness``; ``readings``.
        """
        return dict(self._drawn)

    def report(self) -> str:
        """Write what was found as one HTML file that needs no other."""
        from openfisca_isv.population.comparison.report.report_page import html_report  # noqa: PLC0415 - heavy, and for readers alone

        with speaking(self.language):
            return html_report(self, self._drawn)

    @cached_property
    def _drawn(self) -> dict[str, bytes]:
        from openfisca_isv.population.comparison.report.pictures import pictures  # noqa: PLC0415 - as above

        with speaking(self.language):
            return pictures(self)
