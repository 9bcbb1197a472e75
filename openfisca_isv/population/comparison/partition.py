"""A population in parts of whole volunteers; the years it touches; its weights."""

from collections.abc import Iterator

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.groups.grouping import SummaryError
from openfisca_isv.population.tables.population import Tables

#: Missions that are simulated at once.
_PART = 50_000
#: Years that can be added up at once.
_MOST_YEARS = 100


def years_of(tables: Tables) -> range:
    """Give the years from the first mission to the last end or monthly fact.

    Raises:
        SummaryError: The tables do not say.
    """
    first = pc.min(tables.missions["start_date"]).as_py()
    ends = (pc.max(tables.missions["end_date"]), pc.max(tables.monthly["month"]))
    last = max((one.as_py() for one in ends if one.is_valid), default=None)
    if first is None or last is None or not 0 <= last.year - first.year < _MOST_YEARS:
        message = "the missions do not say which years to compare: give the years"
        raise SummaryError(message)
    return range(first.year, last.year + 1)


def parts_of(tables: Tables, size: int = _PART) -> Iterator[Tables]:
    """Cut a population in parts of about so many missions, no volunteer in two."""
    names = tables.volunteers["volunteer"].combine_chunks()
    owner = pc.index_in(tables.missions["volunteer"], value_set=names).to_numpy()
    counts = numpy.bincount(owner, minlength=len(names))
    part = (numpy.cumsum(counts) - counts) // size
    month_owner = pc.index_in(tables.monthly["volunteer"], value_set=names)
    month_owner = month_owner.to_numpy().astype(numpy.int64)
    cuts = [
        (table, numpy.argsort(key, kind="stable"), numpy.sort(key))
        for table, key in (
            (tables.missions, part[owner]),
            (tables.volunteers, part),
            (tables.monthly, part[month_owner]),
        )
    ]
    for one in range(int(part.max(initial=0)) + 1):
        missions, volunteers, monthly = (
            table.take(order[slice(*numpy.searchsorted(key, [one, one + 1]))])
            for table, order, key in cuts
        )
        yield Tables(missions, volunteers, tables.organisations, monthly)


def check_weights(tables: Tables, weights: pa.Table) -> None:
    """Check that each volunteer has one weight, a number from 0 up.

    Raises:
        SummaryError: One has none, or two, or it is no weight.
    """
    for name in ("volunteer", "weight"):
        if name not in weights.column_names:
            message = f'the weights have no column "{name}"'
            raise SummaryError(message)
    listed = weights["volunteer"].combine_chunks()
    if len(listed.unique()) != len(listed):
        message = "the weights have a volunteer twice"
        raise SummaryError(message)
    missing = pc.invert(pc.is_in(tables.volunteers["volunteer"], value_set=listed))
    if (count := pc.sum(missing).as_py() or 0) > 0:
        one = tables.volunteers["volunteer"].filter(missing)[0]
        message = f'the weights lack {count:,} volunteers, "{one}" for one'
        raise SummaryError(message)
    kind = weights.schema.field("weight").type
    is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    values = weights["weight"].to_numpy() if is_number else numpy.array([-1.0])
    if not (numpy.isfinite(values) & (values >= 0)).all():
        message = "the weights are not all numbers from 0 up"
        raise SummaryError(message)
