"""From drawn or listed values to a table in the types of a population."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.synthetic.codes import NONE
from openfisca_isv.population.synthetic.lives import NEVER_DAY
from openfisca_isv.population.tables.cells import Member
from openfisca_isv.population.tables.columns import table_kinds


@dataclass(frozen=True)
class Column:
    """What a column holds; unlike the model, it can be sent to another process.

    Attributes:
        type: The type of its values.
        codes: Where they are codes, the list of them.
    """

    type: pa.DataType
    codes: pa.Array | None

    def hold(self, values: Sequence) -> pa.Array:
        """Give values in the type of the column."""
        if self.codes is not None:
            if isinstance(values, numpy.ndarray):
                ranks = pa.array(values)
            else:
                texts = pa.array(values, pa.string())
                ranks = pc.index_in(texts, value_set=self.codes).cast(pa.int16())
            nothing = pa.scalar(None, pa.int16())
            ranks = pc.if_else(pc.equal(ranks, NONE), nothing, ranks)
            return pa.DictionaryArray.from_arrays(ranks, self.codes)
        if not isinstance(values, numpy.ndarray):
            return pa.array(values, self.type)
        if values.dtype.kind == "M":
            days = values.astype("datetime64[D]")
            return pa.array(days, mask=days == NEVER_DAY)
        return pa.array(values, None if self.type == pa.string() else self.type)


def table_columns(system: TaxBenefitSystem) -> dict[str, dict[str, Column]]:
    """Give the columns that each table may have under a law."""
    empty = pa.array([], pa.string())
    return {
        table: {
            name: Column(
                cell.type,
                cell.parse(empty).dictionary if isinstance(cell, Member) else None,
            )
            for name, cell in kind.cells.items()
        }
        for table, kind in table_kinds(system).items()
    }


def to_table(columns: Mapping[str, Column], values: Mapping[str, Sequence]) -> pa.Table:
    """Make a table of values that the model knows.

    Args:
        columns: The columns that it may have.
        values: Values by column, in the order of the table: lists, in which codes are
            texts; or arrays, in which codes are ranks, and identifiers may be numbers
            as yet. ``none`` and 9999-12-31 say the same as an empty cell, and become
            one.
    """
    return pa.table({name: columns[name].hold(those) for name, those in values.items()})
