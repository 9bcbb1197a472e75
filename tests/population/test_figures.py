"""The grouped summary adds up as by hand, and gives no small cell away."""

import numpy
import pyarrow as pa
import pytest
from cells import cells_of, figures_of
from hypothesis import given
from hypothesis import strategies as st

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.groups.figures import kind_of
from openfisca_isv.population.groups.fixed_point import MICROS, fixed
from openfisca_isv.population.groups.grouping import age_bands, age_on, with_derived
from openfisca_isv.population.groups.small_cells import cells_to_mask, small

TABLE = pa.table(
    {
        "mission": ["a", "b", "c", "d", "e"],
        "volunteer": ["v1", "v1", "v2", "v3", "v4"],
        "host_country": ["MG", "MG", "MG", "KH", None],
        "start_date": pa.array(
            ["2024-01-01", "2024-03-01", "2025-01-01", "2025-01-01", None]
        ).cast(pa.date32()),
        "amount": [100.0, 200.0, 600.0, float("inf"), None],
        "lawful": [True, False, True, True, None],
        "weight": [1.0, 1.0, 2.0, 4.0, 1.0],
    }
)


def tally_of(table, by, value, weight=None):
    """Make the tally of a column; each row is of someone else if nobody is named."""
    table = with_derived(table, by)
    volunteer = numpy.arange(len(table))
    if "volunteer" in table.column_names:
        names = table["volunteer"].combine_chunks()
        volunteer = names.dictionary_encode().indices.to_numpy()
    weights = numpy.ones(len(table)) if weight is None else table[weight].to_numpy()
    return cells_of(table.select(by), table[value], volunteer, fixed(weights))


def rows(by, value, table=TABLE, *, weight=None, **options):
    cells = tally_of(table, by, value, weight)
    kind = kind_of(table[value].type)
    return figures_of([cells], kind, by, **options).to_pylist()


def test_counts_sums_means_and_quantiles_by_group():
    kh, mg, unknown = rows(["host_country"], "amount", quantiles=[0.5])
    assert (mg["host_country"], mg["count"], mg["sum"], mg["mean"]) == (
        "MG",
        3,
        900,
        300,
    )
    assert mg["q50"] == 200
    # Infinity says that no maximum is known: no number to add up.
    assert (kh["count"], kh["sum"], kh["mean"], kh["q50"]) == (0, 0, None, None)
    assert unknown["host_country"] == "unknown"


def test_weights_count_in_sums_means_and_quantiles():
    (row,) = rows([], "amount", weight="weight", quantiles=[0.5, 0.51])
    assert (row["count"], row["weight"], row["sum"], row["mean"]) == (3, 4, 1500, 375)
    assert (row["q50"], row["q51"]) == (200, 600)


def test_truths_and_codes():
    (row,) = rows([], "lawful")
    assert (row["count"], row["sum"], row["mean"]) == (4, 3, 0.75)
    by_code = [(row["code"], row["sum"]) for row in rows([], "host_country")]
    assert by_code == [("KH", 1), ("MG", 3), ("unknown", 1)]


def test_years_and_several_keys():
    found = {
        (row["year"], row["host_country"]): row["count"]
        for row in rows(["year", "host_country"], "lawful")
    }
    assert found == {
        ("2024", "MG"): 2,
        ("2025", "MG"): 1,
        ("2025", "KH"): 1,
        ("unknown", "unknown"): 0,
    }


def test_groups_are_in_order_of_size_and_the_unknown_last():
    table = pa.table({"age": [100, None, 20, 9], "value": [1.0] * 4})
    found = [row["age"] for row in rows(["age"], "value", table)]
    assert found == ["9", "20", "100", "unknown"]


def test_a_text_that_says_unknown_is_no_group_beside_that_of_empty_cells():
    table = pa.table({"group": ["unknown", None, "a"], "value": [1.0] * 3})
    found = [(row["group"], row["count"]) for row in rows(["group"], "value", table)]
    assert found == [("a", 1), ("unknown", 2)]


def test_dictionaries_may_be_full_and_have_a_value_twice():
    names = pa.array([*(f"{one:03}" for one in range(127)), "000"])
    indices = pa.array([*range(128), None], pa.int8())
    codes = pa.DictionaryArray.from_arrays(indices, names)
    table = pa.table({"group": codes, "value": [1.0] * 129})
    found = [(row["group"], row["count"]) for row in rows(["group"], "value", table)]
    assert len(found) == 128
    assert (found[0], found[-1]) == (("000", 2), ("unknown", 1))


def test_sums_are_in_64_bits():
    values = numpy.full(20_000, 16_777_217.0)
    (row,) = rows([], "value", pa.table({"value": values}))
    assert row["sum"] == 20_000 * 16_777_217.0


def test_a_share_is_taken_in_whole_numbers():
    # In floats 0.7 of 10 is a hair more than 7, and the next value would be given.
    table = pa.table({"value": numpy.arange(1.0, 11.0)})
    (row,) = rows([], "value", table, quantiles=[0, 0.7, 0.71, 1])
    assert [row[name] for name in ("q0", "q70", "q71", "q100")] == [1, 7, 8, 10]


def test_cents_are_whole_steps_and_the_rest_is_held_to_a_millionth():
    assert MICROS == 10**6
    values = numpy.array([1.0, 0.25, numpy.float32(0.1), 1e-7, 1 / 3])
    assert fixed(values).tolist() == [MICROS, MICROS / 4, MICROS / 10, 0, 333333]


def test_what_cannot_be_added_up_is_told():
    with pytest.raises(RequestError, match=r"date32.* cannot be added up"):
        rows([], "start_date")


def test_what_does_not_fit_into_64_bits_is_told():
    with pytest.raises(RequestError, match="does not fit into 64 bits"):
        rows([], "value", pa.table({"value": [1e17]}))
    weights = numpy.full(2, 2**62)
    keys, values = pa.table({"key": ["a", "a"]}), pa.array([1.0, 1.0])
    with pytest.raises(RequestError, match="does not fit into 64 bits"):
        cells_of(keys, values, numpy.arange(2), weights)


@pytest.mark.parametrize("value", ["amount", "lawful", "host_country"])
def test_no_rows_make_no_groups(value):
    assert rows(["year"], value, TABLE.slice(0, 0)) == []
    none = tally_of(TABLE.slice(0, 0), ["year"], value)
    some = tally_of(TABLE, ["year"], value)
    kind = kind_of(TABLE[value].type)
    both, one = (figures_of(p, kind, ["year"]) for p in ([none, some], [some]))
    assert both.equals(one)


def test_a_cell_of_few_people_is_masked_and_so_is_the_one_that_gives_it_away():
    groups = ["a"] * 2 + ["b"] * 5 + ["c"] * 9
    table = pa.table({"group": groups, "value": [1.0] * 16})
    found = rows(["group"], "value", table, min_cell=4)
    assert [row["masked"] for row in found] == [True, True, False]
    assert found[0]["count"] is found[0]["sum"] is found[1]["mean"] is None
    assert found[2]["count"] == 9


def test_people_are_counted_and_not_their_missions():
    table = pa.table({"volunteer": ["v"] * 9, "value": [1.0] * 9})
    (row,) = rows([], "value", table, min_cell=2)
    assert row["masked"]


@pytest.mark.parametrize(("others", "is_masked"), [(0, False), (2, True), (3, False)])
def test_the_few_for_whom_a_truth_differs_are_masked(others, is_masked):
    table = pa.table({"value": [True] * 17 + [False] * others})
    for booleans in (
        table,
        pa.table({"value": [not one for one in table["value"].to_pylist()]}),
    ):
        (row,) = rows([], "value", booleans, min_cell=3)
        assert row["masked"] == is_masked


def test_a_few_missions_that_differ_are_masked_if_others_of_the_same_people_do_not():
    people = [*range(20), 0]
    table = pa.table({"volunteer": people, "value": [True] * 20 + [False]})
    (row,) = rows([], "value", table, min_cell=3)
    assert row["masked"]


def test_the_other_codes_of_a_group_do_not_give_a_masked_one_away():
    table = pa.table({"value": ["a"] * 20 + ["b"] * 15 + ["c"] * 2})
    found = {row["code"]: row["masked"] for row in rows([], "value", table, min_cell=5)}
    assert found == {"a": False, "b": True, "c": True}


@given(
    st.lists(st.integers(0, 30), min_size=12, max_size=12),
    st.integers(2, 10),
)
def test_no_masked_cell_can_be_found_by_subtraction(counts, min_cell):
    counts = numpy.array(counts)
    keys = [numpy.repeat(range(3), 4), numpy.tile(range(4), 3)]
    is_small = small(counts, min_cell)
    masked = cells_to_mask(is_small, counts, min_cell, keys)
    assert (masked | ~is_small).all()
    for key in keys:
        for rank in numpy.unique(key):
            inside = key == rank
            hidden = inside & masked
            rest = inside & ~masked & (counts > 0)
            enough = hidden.sum() >= 2 and counts[hidden].sum() >= min_cell
            assert not hidden.any() or enough or not rest.any()


def test_ages_and_bands():
    born = numpy.array(["2000-02-29", "2000-03-01", "2000-01-01"], "datetime64[D]")
    day = numpy.array(["2018-02-28", "2018-03-01", "2060-01-01"], "datetime64[D]")
    assert age_on(born, day).tolist() == [17, 18, 60]
    bands = age_bands(pa.array([17, 18, 24, 25, 59, 60, None]))
    assert bands.tolist() == [
        "17 or under",
        "18-24",
        "18-24",
        "25-29",
        "45-59",
        "60 or over",
        None,
    ]
