"""The calendar, against dateutil, which states the same rule day by day."""

from datetime import date, timedelta

import numpy
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st
from openfisca_core.periods import period

from openfisca_isv.dates import (
    add_months,
    complete_months,
    day_count,
    days_within,
    falls_in,
)

days = st.dates(min_value=date(1940, 1, 1), max_value=date(2060, 12, 31))


def array(*values: date) -> numpy.ndarray:
    """Make an array of days."""
    return numpy.array(values, dtype="datetime64[D]")


@given(st.lists(days, min_size=1, max_size=20), st.integers(0, 900))
def test_adding_months_keeps_the_day_or_takes_the_last_one(starts, months):
    expected = [start + relativedelta(months=months) for start in starts]
    assert add_months(array(*starts), months).tolist() == expected


@given(days, days)
def test_complete_months_are_the_most_that_fit(start, after):
    found = complete_months(array(start), array(after))[0]
    if after < start:
        assert found == 0
    else:
        assert start + relativedelta(months=int(found)) <= after
        assert start + relativedelta(months=int(found) + 1) > after


def test_ends_of_months_and_leap_years_by_hand():
    first = array(*[date(2023, 1, 31)] * 3, *[date(2024, 1, 31)] * 3)
    after = array(
        date(2023, 2, 27),
        date(2023, 2, 28),
        date(2023, 3, 30),
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2025, 1, 31),
    )
    assert complete_months(first, after).tolist() == [0, 1, 1, 0, 1, 12]


@given(days, st.integers(-50, 800), st.integers(1990, 2030), st.integers(1, 12))
def test_days_within_a_month_are_counted_one_by_one(start, length, year, month):
    end = start + timedelta(days=length)
    one_by_one = sum(
        start <= date(year, month, 1) + timedelta(days=day) <= end
        for day in range(31)
        if (date(year, month, 1) + timedelta(days=day)).month == month
    )
    found = days_within(period(f"{year}-{month:02}"), array(start), array(end))
    assert found.tolist() == [one_by_one]


def test_a_day_counts_itself_and_a_reversed_span_counts_nothing():
    start = array(date(2024, 2, 28), date(2024, 2, 28), date(2024, 3, 1))
    end = array(date(2024, 2, 28), date(2024, 3, 1), date(2024, 2, 28))
    assert day_count(start, end).tolist() == [1, 3, 0]


def test_a_day_falls_in_its_own_month_only():
    month = period("2024-02")
    around = array(
        date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 29), date(2024, 3, 1)
    )
    assert falls_in(month, around).tolist() == [False, True, True, False]
