"""From drawn or listed values to a table in the types of a population."""

from collections.abc import Mapping, Sequence

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.synthetic.lives import NEVER_DAY
from openfisca_isv.population.tables.cells import Cell, Identifier, Member
from openfisca_isv.population.tables.columns import TableKind


def to_table(kind: TableKind, columns: Mapping[str, Sequence]) -> pa.Table:
    """Make a table of columns whose values the model knows.

    Args:
        kind: What the table may hold.
        columns: Arrays or lists by column, in the order of the table. ``none`` and
            9999-12-31 say the same as an empty cell, and become one.
    """
    return pa.table(
        {name: _to_array(kind.cells[name], values) for name, values in columns.items()}
    )


def _to_array(cell: Cell, values: Sequence) -> pa.Array:
    """Give the values in the type of the cell."""
    if isinstance(cell, Identifier | Member):
        texts = pa.array(values, pa.string())
        is_none = pc.equal(texts, "none")
        return cell.parse(pc.if_else(is_none, pa.scalar(None, pa.string()), texts))
    if isinstance(values, numpy.ndarray) and values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
        return pa.array(days, mask=days == NEVER_DAY)
    return pa.array(values, cell.type)
