"""Names of the volunteers and missions of a block, numbered on from block to block."""

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.typed_tables import Tables

_FEWEST_DIGITS = 5
#: No population has so many times the volunteers that are foreseen.
_MARGIN = 1.1


def digits_for(volunteers: float) -> int:
    """Give the digits of the numbers of about so many volunteers."""
    return max(len(str(int(volunteers * _MARGIN))), _FEWEST_DIGITS)


def named(tables: Tables, before: int, digits: int) -> Tables:
    """Name the volunteers, as ``v00001``, and their missions, as ``v00001-1``.

    Args:
        tables: A block as it is drawn, with numbers for names.
        before: Volunteers of the blocks before.
        digits: Digits of a volunteer's number.
    """
    number = pc.add(tables.volunteers["volunteer"], before + 1).cast(pa.string())
    padded = pc.utf8_lpad(number, digits, "0")
    names = pc.binary_join_element_wise("v", padded, "").combine_chunks()
    owners = names.take(tables.missions["volunteer"].combine_chunks())
    ranks = tables.missions["mission"].cast(pa.string()).combine_chunks()
    registered = names.take(tables.monthly["volunteer"].combine_chunks())
    return Tables(
        missions=_with(
            tables.missions,
            mission=pc.binary_join_element_wise(owners, ranks, "-"),
            volunteer=owners,
        ),
        volunteers=_with(tables.volunteers, volunteer=names),
        organisations=tables.organisations,
        monthly=_with(tables.monthly, volunteer=registered),
    )


def _with(table: pa.Table, **columns: pa.Array) -> pa.Table:
    """Put other values in some columns."""
    for name, values in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table
