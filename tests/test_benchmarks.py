"""The programs that the benchmarks compare compute the same things."""

import re

import numpy
import pytest

from benchmarks import analyst, modelled
from benchmarks.outputs import ETERNAL, EVERY_OUTPUT, MONTHLY, MONTHS, check_equal
from benchmarks.population import make_population
from benchmarks.report import Measure, show

MISSIONS = 2000


@pytest.fixture(scope="module")
def results(system):
    """Give the results of the model and of the script."""
    population = make_population(MISSIONS)
    return modelled.compute(system, population), analyst.compute(population)


def test_both_compute_every_output(results):
    """Each output is there once, with one value per mission."""
    for side in results:
        assert set(side) == set(EVERY_OUTPUT)
        for (name, _), values in side.items():
            assert len(values) == MISSIONS, name


@pytest.mark.parametrize("seed", [2005, 2021, 2022])
def test_the_analyst_program_equals_the_model(system, seed):
    """On several populations, row by row."""
    population = make_population(MISSIONS, seed)
    model = modelled.compute(system, population)
    check_equal(model, analyst.compute(population))


def test_the_population_is_varied():
    """No output is the same for all."""
    results = analyst.compute(make_population(10 * MISSIONS))
    for name in ETERNAL:
        assert len(numpy.unique(results[name, "ETERNITY"])) > 1, name
    for name in MONTHLY:
        assert any(results[name, month].any() for month in MONTHS), name


@pytest.mark.parametrize("key", [EVERY_OUTPUT[0], ("allowance_due", "2024-07")])
def test_one_row_that_differs_is_named(results, key):
    """The comparison sees a single row, a boolean or a cent."""
    model, other = results
    changed = other[key].copy()
    changed[7] = ~changed[7] if changed.dtype == bool else changed[7] + 0.01
    with pytest.raises(AssertionError, match=f"{key[0]} {key[1]}(.|\n)*: 1 / 2000"):
        check_equal(model, other | {key: changed})


def test_an_output_that_is_missing_is_seen(results):
    """The comparison sees an output that one side does not give."""
    model, other = results
    key = ("allowance_due", "2024-12")
    other = {name: values for name, values in other.items() if name != key}
    with pytest.raises(AssertionError):
        check_equal(model, other)


def test_the_table_says_whether_an_aim_is_met(capsys):
    """An aim is met up to its limit, the limit included, on the right figure."""
    show(
        [
            Measure("at the limit", 3, 2, aim=1.5),
            Measure("above it", 3.02, 2, aim=1.5),
            Measure("of the model", 11, 5, aim=11, aim_is_on_the_model=True),
            Measure("no aim", 1234.5, 2),
        ]
    )
    lines = [one.strip() for one in capsys.readouterr().out.splitlines() if one.strip()]
    assert [re.split("  +", line) for line in lines[-4:]] == [
        ["at the limit", "3", "2", "1.50", "<= 1.5", "met"],
        ["above it", "3.02", "2", "1.51", "<= 1.5", "not met"],
        ["of the model", "11", "5", "2.20", "model <= 11", "met"],
        ["no aim", "1,234", "2", "617.25"],
    ]
