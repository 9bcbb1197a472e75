"""Standard errors by a Poisson bootstrap over volunteers.

In each replicate each volunteer counts a number of times drawn from the Poisson law of
mean 1, whatever the others. The draws rest on the seed, the identifier and the number
of the replicate alone: parts of a population add up, whatever their number.
"""

from collections.abc import Mapping

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.fixed_point import MICROS

#: Figures of everyone that are drawn again, as ``gainers_and_losers`` has them.
FIGURES = ("state_cost_change", "gainers", "losers", "gains", "losses")
#: Volunteers drawn at once.
_AT_ONCE = 2_000
#: Chances that a Poisson number of mean 1 is 0, at most 1, and so on.
_CHANCES = numpy.cumsum(numpy.exp(-1) / numpy.cumprod([1, *range(1, 19)]))
_GOLDEN = numpy.uint64(0x9E3779B97F4A7C15)
_INTERVAL = (2.5, 97.5)


def replicate_sums(
    keys: numpy.ndarray, values: Mapping[str, numpy.ndarray], count: int, seed: int
) -> pa.Table:
    """Add up figures over the volunteers of each replicate.

    Args:
        keys: 64 bits of each identifier, shape ``(volunteers,)``.
        values: Of each figure the steps of each volunteer, shape ``(volunteers,)``.
        count: How many replicates to draw.
        seed: Of the draws.

    Returns:
        One row per replicate: ``rank``, and the sum of each figure.
    """
    sums = {name: numpy.zeros(count, numpy.int64) for name in values}
    # The seed is mixed first: else near seeds have the same streams in another order.
    salt = _mixed(numpy.array([seed], dtype=numpy.uint64), numpy.uint64(0))
    streams = _mixed(numpy.arange(count, dtype=numpy.uint64), salt)
    for first in range(0, len(keys), _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        bits = _mixed(keys[some, None], streams[None, :])
        shares = (bits >> numpy.uint64(11)) * 2.0**-53
        times = numpy.searchsorted(_CHANCES, shares, side="right")
        for name, steps in values.items():
            sums[name] += steps[some] @ times
    return pa.table({"rank": numpy.arange(count)} | sums)


def standard_errors(
    added: pa.Table, shown: Mapping[str, Mapping[str, float | None]]
) -> pa.Table:
    """Return the standard error and the 95 % interval of each figure.

    Args:
        added: The sums of ``replicate_sums`` over all parts, with ``reform``.
        shown: Of each reform the row of everyone; what it masks is masked here.
    """
    reforms, rows = added["reform"].to_numpy(zero_copy_only=False), []
    for reform, row in shown.items():
        of_reform = reforms == reform
        for name in FIGURES:
            drawn = added[name].to_numpy()[of_reform] / MICROS
            low, high = numpy.percentile(drawn, _INTERVAL)
            found = {"standard_error": drawn.std(ddof=1), "low": low, "high": high}
            is_masked = row[name] is None
            rows.append(
                {"reform": reform, "figure": name, "value": row[name]}
                | {
                    key: None if is_masked else round(float(one), 2)
                    for key, one in found.items()
                }
                | {"masked": is_masked}
            )
    return pa.Table.from_pylist(rows)


def _mixed(keys: numpy.ndarray, salt: numpy.ndarray | numpy.uint64) -> numpy.ndarray:
    """Mix 64 bits with others, as SplitMix64 does."""
    with numpy.errstate(over="ignore"):
        bits = (keys ^ salt) + _GOLDEN
        bits = (bits ^ (bits >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        bits = (bits ^ (bits >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        return bits ^ (bits >> numpy.uint64(31))
