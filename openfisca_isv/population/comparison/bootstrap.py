"""Standard errors by a Poisson bootstrap over volunteers.

In each replicate each volunteer counts a number of times drawn from the Poisson law of
mean 1, whatever the others. The draws rest on the seed, the identifier and the number
of the replicate alone: parts of a population add up, whatever their number.
"""

from collections.abc import Mapping, Sequence

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.groups.fixed_point import MICROS

#: Figures of ``gainers_and_losers`` that are drawn again, of a volunteer, in SQL.
FIGURES = {
    "state_cost_change": "cost::BIGINT",
    "gainers": "(gain > 0)::BIGINT * weight",
    "losers": "(gain < 0)::BIGINT * weight",
    "gains": "steps(greatest(gain, 0), weight)",
    "losses": "steps(greatest(-gain, 0), weight)",
}
#: Volunteers drawn at once.
_AT_ONCE = 2_000
#: Chances that a Poisson number of mean 1 is 0, at most 1, and so on.
_CHANCES = numpy.cumsum(numpy.exp(-1) / numpy.cumprod([1, *range(1, 19)]))
_GOLDEN = numpy.uint64(0x9E3779B97F4A7C15)


def replicate_sums(
    people: pa.Table, laws: Sequence[int], count: int, seed: int
) -> pa.Table:
    """Add up figures over the volunteers of each replicate.

    Args:
        people: One row per law and volunteer: ``law``; ``key``, 64 bits of the
            identifier; and of each figure the steps.
        laws: The numbers of all laws; a part may have nobody.
        count: How many replicates to draw.
        seed: Of the draws.

    Returns:
        One row per law and replicate: ``law``, ``rank``, and the sum of each figure.
    """
    # The seed is mixed first: else near seeds have the same streams in another order.
    salt = _mixed(numpy.array([seed], dtype=numpy.uint64), numpy.uint64(0))
    streams = _mixed(numpy.arange(count, dtype=numpy.uint64), salt)
    tables = []
    for law in laws:
        sums = {name: numpy.zeros(count, numpy.int64) for name in FIGURES}
        rows = people.filter(pc.field("law") == law)
        for first in range(0, len(rows), _AT_ONCE):
            some = rows.slice(first, _AT_ONCE)
            bits = _mixed(some["key"].to_numpy()[:, None], streams[None, :])
            shares = (bits >> numpy.uint64(11)) * 2.0**-53
            times = numpy.searchsorted(_CHANCES, shares, side="right")
            for name in FIGURES:
                sums[name] += some[name].to_numpy() @ times
        numbers = {"law": numpy.full(count, law), "rank": numpy.arange(count)}
        tables.append(pa.table(numbers | sums))
    return pa.concat_tables(tables)


def standard_errors(added: pa.Table, shown: Sequence[Mapping]) -> pa.Table:
    """Return the standard error and the 95 % interval of each figure.

    ``shown`` has the row of everyone of each reform; what it masks is masked here.
    """
    rows = []
    for law, row in enumerate(shown, start=1):
        replicates = added.filter(pc.field("law") == law)
        for name in FIGURES:
            found = dict.fromkeys(("standard_error", "low", "high"))
            if row[name] is not None:
                drawn = replicates[name].to_numpy() / MICROS
                ends = drawn.std(ddof=1), *numpy.percentile(drawn, (2.5, 97.5))
                found = {
                    key: round(float(one), 2)
                    for key, one in zip(found, ends, strict=True)
                }
            about = {"reform": row["reform"], "figure": name, "value": row[name]}
            rows.append(about | found | {"masked": row[name] is None})
    return pa.Table.from_pylist(rows)


def _mixed(keys: numpy.ndarray, salt: numpy.ndarray | numpy.uint64) -> numpy.ndarray:
    """Mix 64 bits with others, as SplitMix64 does."""
    with numpy.errstate(over="ignore"):
        bits = (keys ^ salt) + _GOLDEN
        bits = (bits ^ (bits >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return bits ^ (bits >> numpy.uint64(31))
