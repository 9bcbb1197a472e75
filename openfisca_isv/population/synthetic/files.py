"""The files of a synthetic population, written block after block."""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.synthetic.blocks import Block
from openfisca_isv.population.synthetic.figures import Figures
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.tables.writing import TableWriter


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        rows: Rows, by table.
        figures: The figures of the population.
    """

    rows: Counter[str]
    figures: Figures


def write_blocks(
    blocks: Iterable[Block],
    folder: Path,
    suffix: str,
    tell: Callable[[int], None] = lambda _volunteers: None,
) -> Written:
    """Write a table a file, and hold one block at a time.

    Args:
        blocks: A population, at least one block.
        folder: Where the files go.
        suffix: ``csv`` or ``parquet``.
        tell: Called with the number of volunteers of each block that is written.

    Raises:
        OSError: A file cannot be written.
    """
    writers: dict[str, TableWriter] = {}
    rows: Counter[str] = Counter()
    figures = None
    with ExitStack() as opened:
        for block in blocks:
            for name, table in _as_written(block.tables).items():
                if name not in writers:
                    path = folder / f"{name}.{suffix}"
                    writers[name] = TableWriter(path, table.schema)
                    opened.callback(writers[name].close)
                if len(table):
                    writers[name].write(table)
                rows[name] += len(table)
            figures = figures + block.figures if figures else block.figures
            tell(len(block.tables.volunteers))
    return Written(rows, figures)


def _as_written(tables: Tables) -> dict[str, pa.Table]:
    """Give the tables as files have them: months without a day.

    Texts that repeat are told once, and the rows point to them.
    """
    bodies = tables.missions["organisation"].combine_chunks().dictionary_encode()
    months = tables.monthly["month"].combine_chunks().dictionary_encode()
    texts = pc.strftime(months.dictionary, "%Y-%m")
    months = pa.DictionaryArray.from_arrays(months.indices, texts)
    return vars(tables) | {
        "missions": _with(tables.missions, "organisation", bodies),
        "monthly": _with(tables.monthly, "month", months),
    }


def _with(table: pa.Table, name: str, values: pa.Array) -> pa.Table:
    """Put other values in a column."""
    return table.set_column(table.schema.get_field_index(name), name, values)
