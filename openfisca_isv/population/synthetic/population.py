"""The synthetic population, whole or block after block."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import yaml
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.runs.workers import Workers
from openfisca_isv.population.synthetic.blocks import Block, Plan, draw_block
from openfisca_isv.population.synthetic.figures import count_figures
from openfisca_isv.population.synthetic.naming import digits_for, named
from openfisca_isv.population.synthetic.printed_cases import printed_tables
from openfisca_isv.population.synthetic.shares import equal_shares
from openfisca_isv.population.synthetic.typed import table_columns
from openfisca_isv.population.tables.typed_tables import Tables

_STATISTICS = Path(__file__).parent / "statistics.yaml"
#: The seed of the population that comes with the project.
BUNDLED_SEED = 2005
#: Volunteers in a population of the size of the scheme, 2018 to 2025, about.
VOLUNTEERS_AT_SCALE_1 = 8_130


def load_statistics(system: TaxBenefitSystem) -> dict:
    """Read the numbers by which a population is drawn, with the cap of the law."""
    statistics = yaml.safe_load(_STATISTICS.read_text("utf-8"))
    last_year = str(statistics["years"]["last"])
    cap = system.parameters.lifetime.maximum_months(f"{last_year}-12-31")
    return statistics | {"lifetime_cap": int(cap)}


def synthetic_population(
    system: TaxBenefitSystem, seed: int = BUNDLED_SEED, scale: float = 1
) -> Tables:
    """Draw a population that resembles the published figures of the scheme.

    All of it is held: ``population_blocks`` gives the same rows, some at a time.

    Args:
        system: The law, for the names of the inputs and the lifetime cap.
        seed: The same seed and scale give the same tables.
        scale: How many times the size of the scheme; 1 is about 8 000 volunteers.

    Returns:
        The printed cases, then the volunteers drawn, each block in order of departure.
    """
    return _join([block.tables for block in population_blocks(system, seed, scale)])


def population_blocks(
    system: TaxBenefitSystem,
    seed: int = BUNDLED_SEED,
    scale: float = 1,
    workers: int = 1,
) -> Iterator[Block]:
    """Draw a population block after block, each of them whole lives.

    Up to four times the size of the scheme there is one block. A larger population
    has blocks of one size, each with a seed of its own; what they aim at adds up to
    what the population does.

    Args:
        system: The law, for the names of the inputs and the lifetime cap.
        seed: The same seed and scale give the same blocks.
        scale: How many times the size of the scheme; 1 is about 8 000 volunteers.
        workers: Processes that draw; what they draw does not depend on their number.

    Yields:
        Blocks, whose volunteers are numbered on. The printed cases and the
        organisations are in the first one.

    Raises:
        WorkerLostError: A process was killed.
    """
    statistics = load_statistics(system)
    columns = table_columns(system)
    printed = printed_tables(columns)
    plan = Plan(statistics, columns, seed, printed["missions"])
    digits = digits_for(scale * VOLUNTEERS_AT_SCALE_1)
    count = 0
    shares = equal_shares(scale)
    with Workers(workers) as drawing:
        blocks = drawing.run(draw_block, plan, shares, in_order=True)
        for number, (_, block) in enumerate(blocks):
            tables, figures = named(block.tables, count, digits), block.figures
            count += len(tables.volunteers)
            if number == 0:
                cases = _in_columns_of(tables, printed)
                figures += count_figures(cases, statistics)
                tables = _join([cases, tables])
            yield Block(tables, figures)


def _join(parts: Sequence[Tables]) -> Tables:
    """Put the rows of populations together, one after the other."""
    joined = {
        name: pa.concat_tables([vars(part)[name] for part in parts])
        for name in vars(parts[0])
    }
    return Tables(**{name: table.combine_chunks() for name, table in joined.items()})


def _in_columns_of(tables: Tables, given: Mapping[str, pa.Table]) -> Tables:
    """Give tables the columns of others; where they have none, nothing is known."""
    aligned = {}
    for name, table in vars(tables).items():
        rows = given.get(name, table.slice(length=0))
        aligned[name] = pa.table(
            {
                field.name: rows[field.name]
                if field.name in rows.column_names
                else pa.nulls(len(rows), field.type)
                for field in table.schema
            }
        )
    return Tables(**aligned)
