"""Tallies of parts add up to the same figures, whatever the parts and the order."""

from fractions import Fraction
from math import isfinite

import numpy
import pyarrow as pa
import pytest
from cells import cells_of, figures_of
from hypothesis import given, settings
from hypothesis import strategies as st

from openfisca_isv.population.groups.fixed_point import MICROS, fixed
from openfisca_isv.population.groups.small_cells import small

KINDS = {
    "number": (
        pa.float64(),
        [0.0, -0.0, 0.1, -2.5, 7.3, float("inf"), float("nan"), None],
    ),
    "boolean": (pa.bool_(), [True, False, None]),
    "code": (pa.dictionary(pa.int8(), pa.string()), ["a", "b", "c", "unknown", None]),
}
QUANTILES = (0, 0.1, 0.5, 0.7, 1)


def populations(kind):
    """Make up rows of volunteer, two keys, value of a kind, and weight."""
    row = st.tuples(
        st.integers(0, 9),
        st.sampled_from(["9", "10", "MG", "unknown", None]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(KINDS[kind][1]),
        st.sampled_from([0.0, 0.25, 1.0, 1.1, 30.0]),
    )
    return st.lists(row, min_size=1, max_size=9) | st.lists(row, min_size=20)


of_each_kind = pytest.mark.parametrize("kind", KINDS)


def tally_of(kind, rows, keys=("first", "second")):
    """Make the tally of some rows."""
    volunteer, first, second, value, weight = zip(*rows, strict=True)
    table = pa.table({"first": pa.array(first, pa.string()), "second": second})
    values = pa.array(value, KINDS[kind][0])
    weights = fixed(numpy.array(weight))
    return cells_of(table.select(list(keys)), values, numpy.array(volunteer), weights)


def made_of(kind, parts, **options):
    """Make the figures of the tallies of some parts."""
    return figures_of(parts, kind, ["first", "second"], **options)


def reference(kind, rows):
    """Sum up the rows one by one, in exact fractions, groups in their order."""
    rows = [
        (volunteer, (first or "unknown", second), value, round(weight * MICROS))
        for volunteer, first, second, value, weight in rows
    ]
    order = ["9", "10", "MG", "unknown"]
    groups = sorted(
        {row[1] for row in rows}, key=lambda one: (order.index(one[0]), one)
    )
    codes = [None]
    if kind == "code":
        rows = [(*one[:2], one[2] or "unknown", one[3]) for one in rows]
        held = {row[2] for row in rows}
        codes = sorted(held - {"unknown"}) + sorted(held & {"unknown"})
    else:
        rows = [row for row in rows if row[2] is not None and isfinite(row[2])]
    found = []
    for code in codes:
        for group in groups:
            known = [
                (row[2] if code is None else row[2] == code, row[3])
                for row in rows
                if row[1] == group
            ]
            found.append((*group, code, *numbers_of(known)))
    return found


def numbers_of(known):
    """Give count, weight, sum, mean and quantiles of values and weights in steps."""
    whole = sum(steps for _, steps in known)
    total = sum(Fraction(value) * steps / MICROS for value, steps in known)
    mean = total * MICROS / whole if whole else None
    reached = []
    for share in QUANTILES:
        least = Fraction(str(share)) * whole
        fit = [
            value
            for value, steps in known
            if steps and sum(one for other, one in known if other <= value) >= least
        ]
        reached.append(min(fit) if whole else None)
    return len(known), Fraction(whole, MICROS), total, mean, *reached


@of_each_kind
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_figures_are_those_of_a_sum_by_hand(kind, data):
    rows = data.draw(populations(kind))
    found = made_of(kind, [tally_of(kind, rows)], quantiles=QUANTILES)
    names = [f"q{share * 100:g}" for share in QUANTILES]
    columns = ["first", "second", "code", "count", "weight", "sum", "mean", *names]
    got = [tuple(row[name] for name in columns) for row in found.to_pylist()]
    expected = reference(kind, rows)
    assert len(got) == len(expected) > 0
    for one, other in zip(got, expected, strict=True):
        assert one[:4] == other[:4]
        assert one[4] == float(other[4])
        for a, b in zip(one[5:], other[5:], strict=True):
            assert a == (None if b is None else pytest.approx(float(b), abs=1e-12))
        assert one[7:] == other[7:]


@of_each_kind
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_neither_the_parts_nor_the_order_of_the_rows_matter(kind, data):
    rows = data.draw(populations(kind))
    part = data.draw(st.lists(st.integers(0, 4), min_size=10, max_size=10))
    parts = [[row for row in rows if part[row[0]] == one] for one in range(5)]
    made = [
        tally_of(kind, data.draw(st.permutations(rows)))
        for rows in data.draw(st.permutations(parts))
        if rows
    ]
    # As texts, for -0 is equal to 0.
    once, again = (
        repr(made_of(kind, one, quantiles=QUANTILES, min_cell=2).to_pydict())
        for one in ([tally_of(kind, rows)], made)
    )
    assert once == again


@of_each_kind
@settings(max_examples=25, deadline=None)
@given(data=st.data(), min_cell=st.integers(2, 6))
def test_no_masked_figure_can_be_found_by_subtraction(kind, data, min_cell):
    rows = data.draw(populations(kind))
    found = made_of(kind, [tally_of(kind, rows)], min_cell=min_cell)
    cells = []
    for row in found.to_pylist():
        here = [
            one
            for one in rows
            if (one[1] or "unknown", one[2]) == (row["first"], row["second"])
            and (kind == "code" or (one[3] is not None and isfinite(one[3])))
        ]
        people = {one[0] for one in here}
        wanted = True if kind == "boolean" else row["code"]
        codes = [
            (one[0], one[3] or "unknown" if kind == "code" else one[3]) for one in here
        ]
        having = {who for who, value in codes if value == wanted}
        others = {who for who, value in codes if value != wanted}
        few = [people] if kind == "number" else [people, having, others]
        is_small = any(small(numpy.array(len(one)), min_cell) for one in few)
        assert row["masked"] or not is_small
        assert not row["masked"] or row["count"] is row["sum"] is row["mean"] is None
        described = having if kind == "code" else people
        cells.append((row, len(described)))
    keys = ["first", "second", *(["code"] if kind == "code" else [])]
    for free in keys:
        fixed_keys = [name for name in keys if name != free]
        slices = {}
        for row, people in cells:
            place = tuple(row[name] for name in fixed_keys)
            slices.setdefault(place, []).append((row["masked"], people))
        for one in slices.values():
            hidden = [people for masked, people in one if masked]
            shown = [people for masked, people in one if not masked and people]
            enough = len(hidden) >= 2 and sum(hidden) >= min_cell
            assert not hidden or enough or not shown


def test_positions_and_weights_may_be_large():
    rows, weight = 80_000, 2**46 + 1
    keys = pa.table({"key": [str(one // 400) for one in range(rows)]})
    values = pa.array(numpy.arange(rows) % 7_919 * 0.1)
    volunteer = 10_000_000 - numpy.arange(rows) // 2
    counted = cells_of(keys, values, volunteer, numpy.full(rows, weight))
    found = figures_of([counted], "number", ["key"])
    # Floats have no such number.
    assert found["weight"].to_pylist() == [400 * weight / MICROS] * 200


@of_each_kind
def test_the_types_of_figures_do_not_depend_on_what_is_known(kind):
    schemas = [
        made_of(kind, [tally_of(kind, [(1, "MG", "x", value, 1.0)])]).schema
        for value in KINDS[kind][1]
    ]
    assert len(set(schemas)) == 1
