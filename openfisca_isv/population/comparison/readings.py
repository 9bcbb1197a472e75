"""What each other reading of the register is worth, in euros and in people."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from openfisca_isv.population.api import compare
from openfisca_isv.population.comparison.groupings import ALL
from openfisca_isv.population.reforms.readings import under_readings
from openfisca_isv.population.reforms.source import ReformError
from openfisca_isv.reforms.readings import alternatives

_FIGURES = (
    "state_cost_change",
    "gainers",
    "losers",
    "gains",
    "losses",
    "contracts_become_lawful",
    "contracts_become_unlawful",
)


def compare_readings(
    *tables: object, readings: Iterable[str] | None = None, **options: object
) -> pa.Table:
    """Compute what each reading is worth, alone, and the two extremes together.

    Args:
        tables: As ``compare`` takes them: missions, volunteers, organisations, monthly.
        readings: Identifiers of alternatives; by default all that can be computed.
        options: ``years``, ``weight``, ``min_cell``, ``workers``, as ``compare``.

    Returns:
        One row per reading, the largest change of the State's cost first, then the
        most people. The last rows are computed with several readings at once: all
        that lower the cost, then all that raise it. Of two that change the same rule,
        the one that is worth more is taken. Readings act on each other, so that the
        two need not be the lowest and highest of all combinations.
    """
    listed = [*alternatives()] if readings is None else [*readings]
    rows = _rows(tables, [(one,) for one in listed], options)
    rows.sort(key=_worth, reverse=True)
    together = []
    for sign in (-1, 1):
        chosen: tuple[str, ...] = ()
        for row in rows:
            if sign * (row["state_cost_change"] or 0) > 0:
                chosen = _joined(chosen, row["readings"])
        if len(chosen) > 1:
            together.append(chosen)
    return pa.Table.from_pylist(rows + _rows(tables, together, options))


def _rows(
    tables: Sequence[object], laws: Sequence[tuple[str, ...]], options: dict
) -> list[dict]:
    """Return a row of figures for each law, given by its readings."""
    if not laws:
        return []
    sources = {one.name: one for one in map(under_readings, laws)}
    found = compare(*tables, reforms=sources.values(), by="year", **options)
    return [
        {
            "readings": row["reform"],
            "title": sources[row["reform"]].title,
            **{name: row[name] for name in _FIGURES},
            "masked": row["masked"],
        }
        for row in found.gainers_and_losers.to_pylist()
        if row["by"] == ALL
    ]


def _worth(row: dict) -> tuple[float, float]:
    """Return by how much a reading changes the cost, and for how many people."""
    people = (row["gainers"] or 0) + (row["losers"] or 0)
    return abs(row["state_cost_change"] or 0), people


def _joined(chosen: tuple[str, ...], one: str) -> tuple[str, ...]:
    """Add a reading to others, unless it changes the rule of one of them."""
    try:
        under_readings((*chosen, one))
    except ReformError:
        return chosen
    return *chosen, one
