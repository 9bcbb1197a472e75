"""Results summed up by group: tallies of each part, figures of the population.

What is summed up are the columns of the results by mission and by volunteer, numbers,
truths and codes; those of a period are summed up period by period, the numbers among
those who have any in it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.simulations import Simulation

from openfisca_isv.population.groups.figures import figures
from openfisca_isv.population.groups.tally import COUNTS, add_up, tally
from openfisca_isv.population.model.grouped import (
    columns_for_missions,
    columns_for_volunteers,
)
from openfisca_isv.population.model.outputs import ResultTable, column_of, value_in
from openfisca_isv.population.model.weights import Weights
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.tables.writing import TableWriter

_CELLS = b"cells"


def write_tallies(  # noqa: PLR0913, PLR0917 - where, and what is summed up by what
    path: Path,
    simulation: Simulation,
    tables: Tables,
    results: Sequence[ResultTable],
    names: Sequence[str],
    weights: Weights,
) -> None:
    """Write the tallies of a part, one batch a variable and period.

    Args:
        path: The file.
        simulation: The part, computed.
        tables: The part.
        results: The tables of results.
        names: The columns that make the groups.
        weights: How many each mission and each volunteer stand for.
    """
    cells, batches = [], []
    for cell, found in _tallies(simulation, tables, results, names, weights):
        cells.append(cell)
        batches.append(_packed(found, names))
    schema = _schema(names).with_metadata({_CELLS: json.dumps(cells)})
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for one in batches:
            writer.write_batch(one)


def write_figures(  # noqa: PLR0913 - where, from what, and how it is shown
    path: Path,
    parts: Sequence[Path],
    names: Sequence[str],
    *,
    quantiles: Sequence[float],
    min_cell: int,
    metadata: Mapping[str, str],
) -> None:
    """Add up the tallies of the parts, and write the figures of each group.

    Args:
        path: The table: the columns of ``names``, ``period``, then those of
            ``figures``.
        parts: The files that ``write_tallies`` wrote.
        names: The columns that make the groups.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer volunteers than this.
        metadata: What made the table.
    """
    writer = None
    with pa.memory_map(str(parts[0])) as file, pa.ipc.open_file(file) as reader:
        cells = json.loads(reader.schema.metadata[_CELLS])
    for rank, cell in enumerate(cells):
        added = add_up(_unpacked(part, rank, cell["kind"], names) for part in parts)
        table = figures(added, cell["variable"], quantiles=quantiles, min_cell=min_cell)
        period = pa.array([cell["period"]] * len(table), pa.string())
        table = table.add_column(len(names), "period", period)
        if writer is None:
            writer = TableWriter(path, table.schema, dict(metadata))
        writer.write(table)
    writer.close()


def _tallies(
    simulation: Simulation,
    tables: Tables,
    results: Sequence[ResultTable],
    names: Sequence[str],
    weights: Weights,
) -> Iterator[tuple[dict, pa.Table]]:
    """Give what each variable and period is, and its tally."""
    owner = simulation.populations["volunteer"].members_entity_id
    rows = {
        "mission": (
            columns_for_missions(simulation, tables, names),
            owner,
            weights.missions,
        ),
        "volunteer": (
            columns_for_volunteers(simulation, tables, names),
            numpy.arange(len(tables.volunteers)),
            weights.volunteers,
        ),
    }
    for table in results:
        keys, volunteer, weight = rows.get(table.entity, (None, None, None))
        if keys is None:
            continue
        for variable in table.variables:
            for when in table.periods or (None,):
                values = column_of(value_in(simulation, variable, when), variable)
                kind = _kind(values.type)
                if kind == "number" and when is not None:
                    # Nought is no amount of the period: most missions are of others.
                    nothing = pa.scalar(None, values.type)
                    values = pc.if_else(pc.equal(values, 0), nothing, values)
                if kind is not None:
                    cell = {"variable": variable.name, "kind": kind}
                    cell["period"] = None if when is None else str(when)
                    yield cell, tally(keys, values, volunteer, weight)


def _kind(kind: pa.DataType) -> str | None:
    """Tell numbers, truths and codes apart; days are not summed up."""
    if pa.types.is_boolean(kind):
        return "truth"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return "number"
    return "code" if pa.types.is_dictionary(kind) else None


def _schema(names: Sequence[str]) -> pa.Schema:
    """Give the columns of a packed tally."""
    columns = [(name, pa.string()) for name in names]
    columns += [("number", pa.float64()), ("code", pa.string())]
    return pa.schema(columns + [(name, pa.int64()) for name in COUNTS])


def _packed(found: pa.Table, names: Sequence[str]) -> pa.RecordBatch:
    """Give a tally the columns that those of all variables have."""
    values = found["value"]
    is_code = pa.types.is_string(values.type)
    columns = {name: found[name] for name in names}
    if is_code:
        columns |= {"number": pa.nulls(len(found), pa.float64()), "code": values}
    else:
        if pa.types.is_boolean(values.type):
            values = values.cast(pa.int8())
        columns |= {"number": values.cast(pa.float64())}
        columns |= {"code": pa.nulls(len(found), pa.string())}
    columns |= {name: found[name] for name in COUNTS}
    table = pa.table(columns, schema=_schema(names))
    return pa.RecordBatch.from_arrays(
        [_whole(column) for column in table.columns], schema=table.schema
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Give a column as one array, even if it is empty."""
    return pa.concat_arrays([pa.array([], column.type), *column.chunks])


def _unpacked(path: Path, rank: int, kind: str, names: Sequence[str]) -> pa.Table:
    """Read one tally of a part."""
    with pa.memory_map(str(path)) as file, pa.ipc.open_file(file) as reader:
        table = pa.Table.from_batches([reader.get_batch(rank)])
    values = table["code" if kind == "code" else "number"]
    if kind == "truth":
        values = values.cast(pa.bool_())
    counts = {name: table[name] for name in COUNTS}
    return pa.table({name: table[name] for name in names} | {"value": values} | counts)
