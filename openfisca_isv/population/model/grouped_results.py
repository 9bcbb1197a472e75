"""Results summed up by group: cells of each part, figures of the population.

What is summed up are the columns of the results by mission and by volunteer, numbers,
truths and codes; those of a period are summed up period by period, the numbers among
those who have any in it.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.simulations import Simulation

from openfisca_isv.population.groups.figures import (
    NUMBER,
    Counting,
    database,
    figures,
    kind_of,
    load_cells,
)
from openfisca_isv.population.model.grouped import (
    columns_for_missions,
    columns_for_volunteers,
)
from openfisca_isv.population.model.outputs import ResultTable, column_of, value_in
from openfisca_isv.population.model.weights import Weights
from openfisca_isv.population.tables.typed_tables import Tables

_BLOCKS = pa.schema(dict.fromkeys(("variable", "kind", "period"), pa.string()))


def count_cells(
    simulation: Simulation,
    tables: Tables,
    results: Sequence[ResultTable],
    names: Sequence[str],
    weights: Weights,
) -> tuple[pa.Table, pa.Table]:
    """Count the cells of a part.

    Args:
        simulation: The part, computed.
        tables: The part.
        results: The tables of results.
        names: The columns that make the groups.
        weights: How many each mission and each volunteer stand for.

    Returns:
        What ``Counting.cells`` gives, and the outputs by their number in it.
    """
    owner = simulation.populations["volunteer"].members_entity_id
    blocks = []
    with database() as connection:
        counting = Counting(connection)
        of_missions = columns_for_missions(simulation, tables, names)
        rows = {"mission": (counting.group(of_missions), owner, weights.missions)}
        of_volunteers = columns_for_volunteers(simulation, tables, names)
        if of_volunteers is not None:
            volunteers = numpy.arange(len(tables.volunteers))
            places = counting.group(of_volunteers)
            rows["volunteer"] = places, volunteers, weights.volunteers
        for table in results:
            if table.entity not in rows:
                continue
            for variable, when in product(table.variables, table.periods or (None,)):
                values = column_of(value_in(simulation, variable, when), variable)
                kind = kind_of(values.type)
                if kind is None:
                    continue
                if kind == NUMBER and when is not None:
                    # Zero is no amount of the period: most missions are of others.
                    nothing = pa.scalar(None, values.type)
                    values = pc.if_else(pc.equal(values, 0), nothing, values)
                counting.add(len(blocks), values, *rows[table.entity])
                period = None if when is None else str(when)
                block = {"variable": variable.name, "kind": kind, "period": period}
                blocks.append(block)
        return counting.cells(), pa.Table.from_pylist(blocks, _BLOCKS)


def figures_of(
    parts: Sequence[Path],
    outputs: pa.Table,
    names: Sequence[str],
    *,
    quantiles: Sequence[float],
    min_cell: int,
) -> Iterator[pa.Table]:
    """Add up the cells of the parts, and give the figures of each group: ``figures``.

    Args:
        parts: Parquet files of the cells that ``count_cells`` gave.
        outputs: The outputs that it gave.
        names: The columns that make the groups.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer volunteers than this.
    """
    shown = {"quantiles": quantiles, "min_cell": min_cell}
    with database(parts[0].with_suffix(".duckdb")) as connection:
        load_cells(connection, parts, len(names))
        yield from figures(connection, outputs.to_pylist(), names, **shown)
