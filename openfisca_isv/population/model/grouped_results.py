"""Results summed up by group: cells of each part, figures of the population.

What is summed up are the columns of the results by mission and by volunteer, numbers,
truths and codes; those of a period are summed up period by period, the numbers among
those who have any in it.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
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
from openfisca_isv.population.tables.writing import TableWriter

_BLOCKS = b"blocks"


def write_cells(  # noqa: PLR0913, PLR0917 - where, and what is summed up by what
    path: Path,
    simulation: Simulation,
    tables: Tables,
    results: Sequence[ResultTable],
    names: Sequence[str],
    weights: Weights,
) -> None:
    """Write the cells of a part.

    Args:
        path: The file.
        simulation: The part, computed.
        tables: The part.
        results: The tables of results.
        names: The columns that make the groups.
        weights: How many each mission and each volunteer stand for.
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
        cells = counting.cells()
    pq.write_table(cells.replace_schema_metadata({_BLOCKS: json.dumps(blocks)}), path)


def write_figures(  # noqa: PLR0913 - where, from what, and how it is shown
    path: Path,
    parts: Sequence[Path],
    names: Sequence[str],
    *,
    quantiles: Sequence[float],
    min_cell: int,
    metadata: Mapping[str, str],
) -> None:
    """Add up the cells of the parts, and write the figures of each group.

    Args:
        path: The table, of the columns of ``figures``.
        parts: The files that ``write_cells`` wrote.
        names: The columns that make the groups.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer volunteers than this.
        metadata: What made the table.
    """
    writer = None
    blocks = json.loads(pq.read_schema(parts[0]).metadata[_BLOCKS])
    shown = {"quantiles": quantiles, "min_cell": min_cell}
    with database(parts[0].with_suffix(".duckdb")) as connection:
        load_cells(connection, parts, len(names))
        for table in figures(connection, blocks, names, **shown):
            writer = writer or TableWriter(path, table.schema, dict(metadata))
            writer.write(table)
    writer.close()
