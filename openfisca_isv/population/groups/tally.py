"""Tallies: what a part of a population adds to figures by group.

A tally counts, for each group, how often each value occurs. Tallies of parts that cut
no volunteer in two add up to the tally of the whole, in whole numbers, so that what is
made of it is the same to the last bit whatever the parts and the order of the rows.
"""

from collections.abc import Iterable

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.grouping import SummaryError, codes_of

#: What a tally counts, in 64-bit integers.
COUNTS = ("count", "weight", "people", "only")
#: Names that tallies and figures give to columns of their own.
TAKEN = {*COUNTS, "value", "variable", "code", "sum", "mean", "masked"}
#: How many rows of tallies are held, at least, before they are added up.
_AT_ONCE = 2**21
#: A list of all integers below a size is made up to so many times those that occur.
_SPARSE = 8


def tally(
    keys: pa.Table,
    values: pa.Array | pa.ChunkedArray,
    volunteer: numpy.ndarray,
    weight: numpy.ndarray,
) -> pa.Table:
    """Count the values of one output, group by group.

    Args:
        keys: The columns that make the groups, ``n`` rows; without columns, all rows
            are one group. What is null is in the group ``unknown``.
        values: Numbers, truths or codes, shape ``(n,)``. Numbers and truths that are
            null, infinite or not a number are not known; codes that are null are
            ``unknown``.
        volunteer: Position of the volunteer of each row, from 0, shape ``(n,)``.
        weight: Weight of each row in steps of ``fixed_point``, shape ``(n,)``.

    Returns:
        A row a group and value that occurs in it, and a row a group, with a null
        value, for all its known rows together; in no order. The columns of ``keys`` as
        texts; ``value``, 64-bit number, truth or text as the output is; then in 64-bit
        integers ``count``, rows; ``weight``, in steps; ``people``, volunteers who have
        the value in the group; ``only``, those who have no other one there.

    Raises:
        SummaryError: The values are of no use, or a key has a name that is taken.
    """
    for name in keys.column_names:
        if name in TAKEN:
            message = f'the groups cannot be made by a column called "{name}"'
            raise SummaryError(message)
    group, labels = _groups(keys, len(values))
    groups = int(group.max(initial=-1)) + 1
    ranks, distinct, is_known = _ranked(values)
    group, ranks = group[is_known], ranks[is_known]
    volunteer, weight = volunteer[is_known], weight[is_known]

    cell, places = _numbered(group * len(distinct) + ranks, groups * len(distinct))
    cell_group, cell_value = numpy.divmod(places, max(len(distinct), 1))
    cells = len(places)
    persons = int(volunteer.max(initial=0)) + 1
    member, places = _numbered(group * persons + volunteer, groups * persons)
    members = _count(places // persons, groups)
    # Most have one row in their group: only the others' rows must be told apart.
    has_one_row = numpy.bincount(member)[member] == 1
    singles = _count(cell[has_one_row], cells)
    pair = (cell * len(places) + member)[~has_one_row]
    _, pairs = _numbered(pair, cells * len(places))
    holder_cell, holder = numpy.divmod(pairs, max(len(places), 1))
    has_no_other = numpy.bincount(holder)[holder] == 1

    counted = {
        "count": (_count(cell, cells), _count(group, groups)),
        "weight": (_total(cell, weight, cells), _total(group, weight, groups)),
        "people": (singles + _count(holder_cell, cells), members),
        "only": (singles + _count(holder_cell[has_no_other], cells), members),
    }
    rows = numpy.concatenate([cell_group, numpy.arange(groups)])
    columns = {name: label.take(rows) for name, label in labels.items()}
    nothing = pa.nulls(groups, distinct.type)
    columns["value"] = pa.concat_arrays([distinct.take(cell_value), nothing])
    return pa.table(
        columns
        | {
            name: numpy.concatenate(both).astype(numpy.int64)
            for name, both in counted.items()
        }
    )


def add_up(tallies: Iterable[pa.Table]) -> pa.Table:
    """Add up the tallies of parts that hold different volunteers.

    Memory follows the number of different groups and values, not that of the tallies.

    Args:
        tallies: Tables as ``tally`` or this function gives them, of the same columns.

    Returns:
        One such table, sorted by its keys, then by value, null at the end.

    Raises:
        SummaryError: There is no tally.
    """
    held: list[pa.Table] = []
    rows, most = 0, _AT_ONCE
    for one in tallies:
        held.append(one)
        rows += len(one)
        if rows > most:
            held = [_added(held)]
            rows = len(held[0])
            # As many again: adding up takes as long as all the rows, not more.
            most = max(_AT_ONCE, 2 * rows)
    if not held:
        message = "nothing to add up: there is no tally"
        raise SummaryError(message)
    added = _added(held)
    names = [name for name in added.column_names if name not in COUNTS]
    # Keys and value name a row: the order is the only one, whatever came first.
    return added.sort_by([(name, "ascending") for name in names]).combine_chunks()


def _added(tallies: list[pa.Table]) -> pa.Table:
    """Add up the rows of the same keys and value, in any order."""
    table = pa.concat_tables(tallies)
    names = [name for name in table.column_names if name not in COUNTS]
    sums = table.group_by(names).aggregate([(name, "sum") for name in COUNTS])
    return pa.table(
        {name: sums[name] for name in names}
        | {name: sums[f"{name}_sum"] for name in COUNTS}
    )


def _groups(keys: pa.Table, rows: int) -> tuple[numpy.ndarray, dict[str, pa.Array]]:
    """Number the groups of the rows, and give the texts of each group, by key."""
    group = numpy.zeros(rows, dtype=numpy.int64)
    coded = {name: codes_of(keys, name) for name in keys.column_names}
    for ranks, names in coded.values():
        # Numbered anew key by key: the product of all keys may exceed 64 bits.
        size = (group.max(initial=-1) + 1) * len(names)
        group, _ = _numbered(group * len(names) + ranks, size)
    some_row = numpy.zeros(group.max(initial=-1) + 1, dtype=numpy.int64)
    some_row[group] = numpy.arange(rows)
    return group, {
        name: pa.array(names, pa.string()).take(pa.array(ranks[some_row]))
        for name, (ranks, names) in coded.items()
    }


def _ranked(
    values: pa.Array | pa.ChunkedArray,
) -> tuple[numpy.ndarray, pa.Array, numpy.ndarray]:
    """Give the place of each value among the different ones, these, which known."""
    if isinstance(values, pa.ChunkedArray):
        values = values.combine_chunks()
    kind = values.type
    is_known = values.is_valid().to_numpy(zero_copy_only=False)
    if pa.types.is_boolean(kind):
        truths = values.fill_null(False).to_numpy(zero_copy_only=False)
        return truths.astype(numpy.int64), pa.array([False, True]), is_known
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        numbers = values.cast(pa.float64()).fill_null(0.0).to_numpy()
        # Infinity says that no maximum is known: no number to add up.
        is_known = is_known & numpy.isfinite(numbers)
        # Adding 0 turns -0 into 0, which are the same value.
        numbers = numpy.where(is_known, numbers, 0.0) + 0.0
        encoded = pa.array(numbers).dictionary_encode()
        return encoded.indices.to_numpy(), encoded.dictionary, is_known
    if pa.types.is_string(kind) or pa.types.is_dictionary(kind):
        ranks, names = codes_of(pa.table({"value": values}), "value")
        return ranks, pa.array(names, pa.string()), numpy.ones(len(values), dtype=bool)
    message = f"values of the type {kind} cannot be added up: group by them"
    raise SummaryError(message)


def _numbered(values: numpy.ndarray, size: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Number the different ones of integers below ``size`` from 0, and give these."""
    if size > _SPARSE * len(values):
        # It hashes, several times faster than ``numpy.unique``, which sorts.
        encoded = pa.array(values).dictionary_encode()
        # 32 bits do not hold the products that number pairs.
        numbers = encoded.indices.to_numpy().astype(numpy.int64)
        return numbers, encoded.dictionary.to_numpy()
    occurs = numpy.zeros(size, dtype=bool)
    occurs[values] = True
    number = numpy.cumsum(occurs) - 1
    return number[values], numpy.flatnonzero(occurs)


def _count(places: numpy.ndarray, cells: int) -> numpy.ndarray:
    """Count how often each place occurs, shape ``(cells,)``."""
    return numpy.bincount(places, minlength=cells)


def _total(places: numpy.ndarray, steps: numpy.ndarray, cells: int) -> numpy.ndarray:
    """Add up whole numbers by place, shape ``(cells,)``."""
    totals = numpy.zeros(cells, dtype=numpy.int64)
    # ``bincount`` would add up in floats, exact to 53 bits only.
    numpy.add.at(totals, places, steps)
    return totals
