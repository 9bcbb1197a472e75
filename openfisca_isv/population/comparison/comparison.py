"""What a comparison found: tables, and what is made of them for a reader."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from openfisca_isv.population.comparison.wording import span_text
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.volunteer.wording import counted

LAW = "law_in_force"


@dataclass(frozen=True)
class Comparison:
    """The law in force beside reforms of it.

    Attributes:
        years: The years that were added up.
        reforms: The reforms, in the order given.
        by: The groupings, each of one column or of several that are crossed.
        parameters: The parameters that each changes: a row a parameter and span.
        rules: The variables that each computes otherwise, by its name.
        cost_by_year: A row a law and year: amounts, contracts, and the change from
            the law in force.
        gainers_and_losers: A row a reform, grouping and group.
        gain_distribution: A row a reform and band of change in what is received.
        unmet_conditions: A row a reform and condition: contracts that fail it first.
        rows: How many missions, volunteers and organisations the tables have. Counted
            in the figures are those concerned by the years: with a mission served on
            some day of the years or started in them, or any amount in the years under
            one of the laws.
        min_cell: The fewest people that a figure describes; 0 for no masking.
        is_weighted: The counts and sums are weighted.
        account: What made it, as ``run.json`` says it.
        warnings: What the amounts leave out; ``run.json`` has them among others.
    """

    years: range
    reforms: tuple[ReformSource, ...]
    by: tuple[tuple[str, ...], ...]
    parameters: pa.Table
    rules: Mapping[str, list[str]]
    cost_by_year: pa.Table
    gainers_and_losers: pa.Table
    gain_distribution: pa.Table
    unmet_conditions: pa.Table
    rows: Mapping[str, int]
    min_cell: int
    is_weighted: bool
    account: Mapping[str, object]
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say in one line what was compared."""
        names = ", ".join(one.name for one in self.reforms)
        rows = ", ".join(counted(count, name[:-1]) for name, count in self.rows.items())
        return f"<Comparison of {span_text(self.years)} with {names}: {rows}>"

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

    def pictures(self) -> dict[str, bytes]:
        """Draw what was found; a picture that would be empty is left out.

        Returns:
            PNG files by name, without the suffix: ``cost_by_year``; for each reform
            ``<reform>_gainers_and_losers``, ``<reform>_amounts`` and
            ``<reform>_lawfulness``.
        """
        return dict(self._drawn)

    def report(self) -> str:
        """Write what was found as one HTML file that needs no other."""
        from openfisca_isv.population.comparison.report import html_report  # noqa: PLC0415 - heavy, and for readers alone

        return html_report(self, self._drawn)

    @cached_property
    def _drawn(self) -> dict[str, bytes]:
        """Draw the pictures once."""
        from openfisca_isv.population.comparison.pictures import pictures  # noqa: PLC0415 - as above

        return pictures(self)
