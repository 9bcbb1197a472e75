"""Values are tried on both sides of where the rules may tell them apart."""

import numpy

from openfisca_isv.counterfactuals.anchors import Anchors
from openfisca_isv.counterfactuals.trial_values import trial_values


def day(text):
    return numpy.datetime64(text, "D")


def test_both_sides_of_two_years_after_a_day_that_is_stated(system):
    near = Anchors(system, ["duration.contract_maximum_months"], [day("2022-01-15")])
    tried = trial_values(system.variables["end_date"], day("2023-03-01"), near)
    # 24 months after 15 January 2022, and the days before and after.
    assert {day("2024-01-14"), day("2024-01-15"), day("2024-01-16")} <= set(tried)
    assert day("2023-03-01") not in tried


def test_both_sides_of_a_day_on_which_the_law_changes(system):
    near = Anchors(system, ["allowance.minimum_abroad"], [])
    tried = trial_values(system.variables["start_date"], day("2022-06-01"), near)
    assert {day("2022-12-08"), day("2022-12-09")} <= set(tried)


def test_a_cent_on_both_sides_of_an_amount_of_the_law(system):
    near = Anchors(system, ["allowance.minimum_abroad"], [])
    variable = system.variables["contract_monthly_allowance"]
    tried = trial_values(variable, numpy.float32(500), near)
    amounts = set(numpy.round(tried.astype(float), 2))
    assert {149.99, 150, 150.01} <= amounts
    assert min(amounts) == 0
    assert 500 not in amounts
