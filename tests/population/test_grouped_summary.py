"""The grouped summary adds up as by hand, and gives no small cell away."""

import numpy
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openfisca_isv.population.groups.grouped_summary import summarise_by
from openfisca_isv.population.groups.grouping import (
    SummaryError,
    age_bands,
    age_on,
    join_tables,
)
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


def rows(*arguments, **options):
    return summarise_by(TABLE, *arguments, **options).to_pylist()


def test_counts_sums_means_and_quantiles_by_group():
    kh, mg, unknown = rows(["host_country"], ["amount"], quantiles=[0.5])
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
    (row,) = rows([], ["amount"], weight="weight", quantiles=[0.5, 0.51])
    assert (row["count"], row["weight"], row["sum"], row["mean"]) == (3, 4, 1500, 375)
    assert (row["q50"], row["q51"]) == (200, 600)


def test_truths_and_codes():
    (row,) = rows([], ["lawful"])
    assert (row["count"], row["sum"], row["mean"]) == (4, 3, 0.75)
    by_code = {row["code"]: row["sum"] for row in rows([], ["host_country"])}
    assert by_code == {"MG": 3, "KH": 1, "unknown": 1}


def test_years_and_several_keys():
    found = {
        (row["year"], row["host_country"]): row["count"]
        for row in rows(["year", "host_country"], ["lawful"])
    }
    assert found == {
        ("2024", "MG"): 2,
        ("2025", "MG"): 1,
        ("2025", "KH"): 1,
        ("unknown", "unknown"): 0,
    }


def test_sums_are_in_64_bits():
    values = numpy.full(20_000, 16_777_217.0)
    table = pa.table({"value": pa.array(values)})
    (row,) = summarise_by(table, [], ["value"]).to_pylist()
    assert row["sum"] == 20_000 * 16_777_217.0


@pytest.mark.parametrize(
    ("by", "values", "weight", "message"),
    [
        (["host_contry"], ["amount"], None, 'Did you mean "host_country"?'),
        ([], ["amout"], None, 'Did you mean "amount"?'),
        ([], [], None, "nothing to sum up"),
        ([], ["start_date"], None, "holds days"),
        ([], ["amount"], "host_country", "holds no numbers"),
        ([], ["weight"], "amount", "empty, infinite or negative weight"),
        (["age"], ["amount"], None, 'no column "birth_date" (needed for "age")'),
    ],
)
def test_what_cannot_be_summed_up_is_told(by, values, weight, message):
    with pytest.raises(SummaryError) as error:
        summarise_by(TABLE, by, values, weight=weight)
    assert message in str(error.value)


def test_a_cell_of_few_people_is_masked_and_so_is_the_one_that_gives_it_away():
    groups = ["a"] * 2 + ["b"] * 5 + ["c"] * 9
    table = pa.table({"group": groups, "value": [1.0] * 16})
    found = summarise_by(table, ["group"], ["value"], min_cell=4).to_pylist()
    assert [row["masked"] for row in found] == [True, True, False]
    assert found[0]["count"] is found[0]["sum"] is found[1]["mean"] is None
    assert found[2]["count"] == 9


def test_people_are_counted_and_not_their_missions():
    table = pa.table({"volunteer": ["v"] * 9, "value": [1.0] * 9})
    (row,) = summarise_by(table, [], ["value"], min_cell=2).to_pylist()
    assert row["masked"]


def test_the_few_for_whom_a_truth_differs_are_masked():
    table = pa.table({"value": [True] * 19 + [False]})
    (row,) = summarise_by(table, [], ["value"], min_cell=3).to_pylist()
    assert row["masked"]


@given(
    st.lists(st.integers(0, 30), min_size=12, max_size=12),
    st.integers(2, 10),
)
def test_no_masked_cell_can_be_found_by_subtraction(counts, min_cell):
    counts = numpy.array(counts)
    keys = [numpy.repeat(range(3), 4), numpy.tile(range(4), 3)]
    is_small = small(counts, min_cell)
    masked = cells_to_mask(is_small, counts, keys, min_cell)
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
    bands = age_bands(numpy.array([17, 18, 24, 25, 59, 60]))
    assert bands.tolist() == [
        "17 or under",
        "18-24",
        "18-24",
        "25-29",
        "45-59",
        "60 or over",
    ]


def test_tables_are_joined_by_their_identifiers():
    volunteers = pa.table({"volunteer": ["v2", "v1"], "age": [2, 1]})
    joined = join_tables([TABLE, volunteers])
    assert joined["age"].to_pylist() == [1, 1, 2, None, None]
    twice = pa.table({"volunteer": ["v1", "v1"], "age": [2, 1]})
    with pytest.raises(SummaryError, match="twice"):
        join_tables([TABLE, twice])
    with pytest.raises(SummaryError, match="none of the columns"):
        join_tables([TABLE, pa.table({"other": [1]})])
