"""Cells of parts, and the figures of a population that they add up to."""

from contextlib import contextmanager
from functools import cache

import pyarrow as pa

from openfisca_isv.population.groups.figures import (
    Counting,
    database,
    figures,
    load_cells,
)


@cache
def opened():
    """Keep one database open: that takes longer than most queries."""
    context = database()
    return context, context.__enter__()


@contextmanager
def shared():
    """Give that database; after an error there is another one."""
    context, connection = opened()
    try:
        yield connection
    except Exception as error:
        opened.cache_clear()
        context.__exit__(type(error), error, error.__traceback__)
        raise


def cells_of(keys, values, volunteer, weight):
    """Count the cells of a part."""
    with shared() as connection:
        counting = Counting(connection)
        counting.add(0, values, counting.group(keys), volunteer, weight)
        return counting.cells()


def figures_of(parts, kind, names, **options):
    """Add up the cells of parts, and make figures of them."""
    with shared() as connection:
        connection.register("part", pa.concat_tables(parts))
        load_cells(connection, len(names))
        block = {"kind": kind, "variable": "output", "period": None}
        (found,) = figures(connection, [block], names, **options)
        return found
