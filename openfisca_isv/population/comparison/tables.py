"""The tables of a comparison: the parts added up, changes beside, small cells out."""

from collections.abc import Sequence
from itertools import pairwise

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.comparison.effects import AMOUNTS, BANDS, SHORTFALL
from openfisca_isv.population.groups.grouping import codes_of
from openfisca_isv.population.groups.small_cells import cells_to_mask, slices_of, small

_CENTS = 2
#: Groupings whose groups have an order of their own.
IN_ORDER = ("age", "age_band", "year")
_CONTRACTS = ("contracts_started", "contracts_lawful")


def add_up(parts: Sequence[pa.Table]) -> pa.Table:
    """Add up the rows of the parts that have the same texts, years and ranks."""
    table = pa.concat_tables(parts)
    keys = [
        field.name
        for field in table.schema
        if pa.types.is_string(field.type) or field.name in ("year", "rank")
    ]
    sums = [name for name in table.column_names if name not in keys]
    added = table.group_by(keys, use_threads=False).aggregate(
        [(name, "sum") for name in sums]
    )
    columns = {name: added[name].combine_chunks() for name in keys}
    return pa.table(
        columns | {name: added[f"{name}_sum"].combine_chunks() for name in sums}
    )


def cost_by_year(added: pa.Table, scenarios: Sequence[str], min_cell: int) -> pa.Table:
    """Set the change from the law in force beside each amount.

    The figures of a reform are masked in the years in which it changes something for
    fewer people than the minimum.
    """
    names = [*AMOUNTS, *_CONTRACTS]
    added = _in_order(added, {"scenario": scenarios}, "year")
    years = added["year"].to_numpy()
    scenario = numpy.array(added["scenario"].to_pylist(), dtype=object)
    amounts = {name: added[name].to_numpy() for name in names}
    is_law = scenario == scenarios[0]
    by_year = {
        name: dict(zip(years[is_law], values[is_law], strict=True))
        for name, values in amounts.items()
    }
    affected = added["affected"].to_numpy()
    slices = codes_of(added, "scenario")[0]
    masked = _masked_in(slices, small(affected, min_cell), affected, min_cell)
    columns = {"scenario": added["scenario"], "year": added["year"]}
    for name, values in amounts.items():
        change = values - numpy.array([by_year[name][year] for year in years])
        columns[name] = _rounded(values, masked)
        columns[f"{name}_change"] = _rounded(change, masked | is_law)
    return pa.table(columns | {"masked": pa.array(masked)})


def gainers_and_losers(
    added: pa.Table, reforms: Sequence[str], by: Sequence[str], min_cell: int
) -> pa.Table:
    """Give the groups of each reform, the largest first, or in order of age or time.

    Where a group is of fewer people than the minimum, the whole row is masked; where
    the gainers, the losers or the contracts that change are, all that changes is.
    """
    has_order = pc.is_in(added["by"], value_set=pa.array(IN_ORDER)).to_numpy()
    size = pa.array(numpy.where(has_order, 0, -added["observed"].to_numpy()))
    order = {"reform": reforms, "by": ["all", *by]}
    added = _in_order(added.append_column("rank", size), order, "rank")
    added = added.drop_columns("rank")
    people = {
        name: added[f"observed{name}"].to_numpy()
        for name in ("", "_gainers", "_losers", "_changed", "_short")
    }
    slices = slices_of([codes_of(added, one)[0] for one in order], len(added))
    hidden = _masked_in(slices, small(people[""], min_cell), people[""], min_cell)
    is_small = hidden.copy()
    for name in ("_gainers", "_losers", "_changed"):
        is_small |= small(people[name], min_cell)
    moved = people["_gainers"] + people["_losers"] + people["_changed"]
    unsaid = _masked_in(slices, is_small, moved, min_cell) | hidden
    short = people["_short"]
    few = _masked_in(slices, small(short, min_cell), short, min_cell) | hidden
    values = {
        name: added[name].to_numpy()
        for name in added.column_names
        if name not in ("reform", "by", "group") and not name.startswith("observed")
    }
    changes = {
        "gainers": values["gainers"],
        "losers": values["losers"],
        "unchanged": values["volunteers"] - values["gainers"] - values["losers"],
        "gains": values["gains"],
        "losses": values["losses"],
        "net": values["gains"] - values["losses"],
        "state_cost_reform": values["state_cost_reform"],
        "state_cost_change": values["state_cost_reform"] - values["state_cost_law"],
        "contracts_become_lawful": values["contracts_become_lawful"],
        "contracts_become_unlawful": values["contracts_become_unlawful"],
    }
    stays = {
        "volunteers": values["volunteers"],
        "state_cost_law": values["state_cost_law"],
    }
    return pa.table(
        {name: added[name] for name in ("reform", "by", "group")}
        | {name: _rounded(one, hidden) for name, one in stays.items()}
        | {name: _rounded(one, unsaid) for name, one in changes.items()}
        | {
            f"{SHORTFALL}_law": _rounded(values[f"{SHORTFALL}_law"], few),
            f"{SHORTFALL}_reform": _rounded(
                values[f"{SHORTFALL}_reform"], few | unsaid
            ),
            "masked": pa.array(hidden | unsaid | few),
        }
    )


def gain_distribution(
    added: pa.Table, reforms: Sequence[str], min_cell: int
) -> pa.Table:
    """Name the bands of change of what a volunteer receives."""
    added = _in_order(added, {"reform": reforms}, "rank")
    band = added["rank"].to_numpy()
    people = added["observed"].to_numpy()
    reform = codes_of(added, "reform")[0]
    masked = _masked_in(reform, small(people, min_cell), people, min_cell)
    names = numpy.array(_band_names(), dtype=object)
    return pa.table(
        {
            "reform": added["reform"],
            "change": pa.array(names[band]),
            "volunteers": _rounded(added["volunteers"].to_numpy(), masked),
            "masked": pa.array(masked),
        }
    )


def unmet_conditions(
    added: pa.Table, reforms: Sequence[str], min_cell: int
) -> pa.Table:
    """Count the contracts by the first condition they fail; the first row is lawful."""
    added = _in_order(added, {"reform": reforms}, "rank")
    people = added["observed"].to_numpy()
    moved = added["observed_changed"].to_numpy()
    reform = codes_of(added, "reform")[0]
    is_small = small(people, min_cell) | small(moved, min_cell)
    masked = _masked_in(reform, is_small, people + moved, min_cell)
    before, after = (
        added[f"contracts_{name}"].to_numpy() for name in ("law", "reform")
    )
    return pa.table(
        {
            "reform": added["reform"],
            "condition": added["condition"],
            "contracts_law": _rounded(before, masked),
            "contracts_reform": _rounded(after, masked),
            "contracts_change": _rounded(after - before, masked),
            "masked": pa.array(masked),
        }
    )


def _masked_in(
    slices: numpy.ndarray, is_small: numpy.ndarray, people: numpy.ndarray, least: int
) -> numpy.ndarray:
    """Mask within slices whose cells add up to a known total."""
    ranks = numpy.arange(len(slices))
    return cells_to_mask(is_small, people, [ranks, slices], least)


def _in_order(table: pa.Table, order: dict[str, Sequence[str]], last: str) -> pa.Table:
    """Sort by texts in the order given, then by a number, then by the other texts."""
    keys = [table["group"].to_numpy()] if "group" in table.column_names else []
    keys.append(table[last].to_numpy())
    for name in reversed(order):
        ranks = pc.index_in(table[name], value_set=pa.array(list(order[name])))
        keys.append(ranks.to_numpy())
    return table.take(numpy.lexsort(keys))


def _rounded(values: numpy.ndarray, masked: numpy.ndarray) -> pa.Array:
    """Round to the cent, and withhold what is masked."""
    # Adding 0 turns -0 into 0.
    return pa.array(numpy.round(values, _CENTS) + 0.0, mask=masked)


def _band_names() -> list[str]:
    """Write the bands of ``BANDS`` in words."""
    lost = [
        f"loses {-high:,.0f} to {-low:,} €" if high < -1 else f"loses under {-low:,} €"
        for low, high in pairwise(BANDS[:4])
    ]
    gained = [f"gains {low:,} to {high:,} €" for low, high in pairwise(BANDS[5:8])]
    return [
        f"loses more than {-BANDS[0]:,} €",
        *lost,
        "unchanged",
        f"gains up to {BANDS[5]:,} €",
        *gained,
        f"gains more than {BANDS[7]:,} €",
    ]
