"""A block of the synthetic population: volunteers with their whole lives, as tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy
import pyarrow as pa

from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.faults import with_earlier_contracts
from openfisca_isv.population.synthetic.figures import Figures, count_figures
from openfisca_isv.population.synthetic.lives import Lives
from openfisca_isv.population.synthetic.organisations import (
    organisation_columns,
    organisation_names,
)
from openfisca_isv.population.synthetic.returns import draw_returns
from openfisca_isv.population.synthetic.shares import Share
from openfisca_isv.population.synthetic.stock import draw_stocks
from openfisca_isv.population.synthetic.typed import Column, to_table
from openfisca_isv.population.tables.typed_tables import Tables


@dataclass(frozen=True)
class Plan:
    """What a population is drawn by.

    Attributes:
        statistics: The numbers by which to draw.
        columns: The columns that each table may have.
        seed: The seed of the population.
        printed: The missions of the printed cases, which count in the first block.
    """

    statistics: dict
    columns: Mapping[str, Mapping[str, Column]]
    seed: int
    printed: pa.Table

    def draws(self, share: Share) -> Draws:
        """Start the stream of draws of a block."""
        if share.count == 1:
            return Draws(self.seed)
        # What SeedSequence(seed).spawn() gives, without those before it.
        key = (share.number,)
        return Draws(numpy.random.SeedSequence(self.seed, spawn_key=key))


@dataclass(frozen=True)
class Block:
    """Volunteers with their whole lives.

    Attributes:
        tables: The rows of the block; the organisations in the first one alone.
        figures: What they add to the figures of the population.
    """

    tables: Tables
    figures: Figures


def draw_block(plan: Plan, share: Share) -> Block:
    """Draw the volunteers of a block, in order of departure.

    Args:
        plan: What the population is drawn by.
        share: The part of the population that the block is.

    Returns:
        Tables whose volunteers have numbers for names, from 0 in each block, and
        missions their rank in the life: names depend on the blocks before.
    """
    statistics, is_first = plan.statistics, share.number == 0
    draws = plan.draws(share)
    last_day = numpy.datetime64(f"{statistics['years']['last']}-12-31")
    printed = plan.printed if is_first else plan.printed.slice(length=0)
    lives = draw_stocks(draws, statistics, printed, share)
    lives.careers = lives.careers.as_known_on(last_day)
    lives = _since(lives, statistics["years"]["kept_from"])
    monthly = draw_returns(draws, statistics, lives, last_day)
    lives = with_earlier_contracts(statistics, lives)
    drawn = {
        "missions": _missions(statistics, lives),
        "volunteers": {"volunteer": numpy.arange(len(lives.fault))} | lives.volunteers,
        "organisations": organisation_columns(draws, statistics),
        "monthly": monthly,
    }
    tables = {name: to_table(plan.columns[name], rows) for name, rows in drawn.items()}
    if not is_first:
        tables["organisations"] = tables["organisations"].slice(length=0)
    block = Tables(**tables)
    return Block(block, count_figures(block, statistics))


def _since(lives: Lives, year: int) -> Lives:
    """Keep the volunteers in mission in a year or since, in order of departure."""
    careers = lives.careers
    is_recent = careers.last_served >= numpy.datetime64(f"{year}-01-01")
    kept = numpy.nonzero((careers.is_held & is_recent).any(axis=1))[0]
    order = numpy.argsort(careers.start[kept, 0], kind="stable")
    return lives.take(kept[order])


def _missions(statistics: dict, lives: Lives) -> dict[str, Sequence]:
    """Put the contracts in rows, each volunteer's in order of time."""
    careers = lives.careers
    # Row by row, hence volunteer by volunteer.
    life, contract = numpy.nonzero(careers.is_held)
    columns = {
        "organisation": lives.terms["organisation"],
        "start_date": careers.start,
        "end_date": careers.end,
        "early_termination_date": careers.termination,
        "early_termination_reason": careers.reason,
        "notice_date": careers.notice,
    } | lives.terms
    rows = {
        "mission": careers.is_held.cumsum(axis=1)[life, contract],
        "volunteer": life,
    } | {name: values[life, contract] for name, values in columns.items()}
    bodies = pa.array(organisation_names(statistics))
    rows["organisation"] = bodies.take(pa.array(rows["organisation"]))
    return rows
