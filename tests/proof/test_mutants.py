"""The faults that `make mutation` makes: small, each under a name, and listed once."""

import ast
from pathlib import Path

import mutants
import yaml
from mutants import PACKAGE, in_code, in_figures

from openfisca_isv import CountryTaxBenefitSystem

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.yaml")


def test_each_fault_of_a_file_is_another_program_under_a_name_of_its_own():
    path = PACKAGE / "variables" / "termination.py"
    faults = list(in_code(path))
    assert len(faults) > 5
    assert len({fault.key for fault in faults}) == len(faults)
    whole = ast.unparse(ast.parse(path.read_text("utf-8")))
    programs = [fault.make(None) for fault in faults]
    assert whole not in programs
    assert len(set(programs)) == len(programs)


def test_each_dated_value_has_its_faults():
    """A day sooner, a day later, and for a number one more and one less."""
    parameters = CountryTaxBenefitSystem().parameters
    faults = [
        fault.change
        for fault in in_figures(parameters)
        if fault.place == "allowance.minimum_abroad"
    ]
    assert sorted(faults) == [
        *("2005-12-25 -> 2005-12-24", "2005-12-25 -> 2005-12-26"),
        *("2005-12-25: 100 -> 101", "2005-12-25: 100 -> 99"),
        *("2022-12-09 -> 2022-12-08", "2022-12-09 -> 2022-12-10"),
        *("2022-12-09: 150 -> 149", "2022-12-09: 150 -> 151"),
    ]


def test_a_fault_of_a_figure_is_put_into_the_law_given():
    law, other = CountryTaxBenefitSystem(), CountryTaxBenefitSystem()
    name = "parameters/: allowance.minimum_abroad: 2022-12-09: 150 -> 151"
    (fault,) = [one for one in in_figures(law.parameters) if one.key == name]
    fault.make(law.parameters)
    assert law.parameters("2023-01-01").allowance.minimum_abroad == 151
    assert other.parameters("2023-01-01").allowance.minimum_abroad == 150


def test_what_is_listed_as_equivalent_is_a_fault_that_is_made_and_says_why():
    listed = yaml.safe_load(EQUIVALENT.read_text("utf-8"))
    changes = [change for one in listed for change in one["changes"]]
    assert len(set(changes)) == len(changes) > 0
    assert all(one["reason"].strip() for one in listed)
    files = {change.partition(":")[0] for change in changes}
    made = {one.key for one in in_figures(CountryTaxBenefitSystem().parameters)}
    for path in mutants.SOURCES:
        if path.relative_to(PACKAGE).as_posix() in files:
            made |= {one.key for one in in_code(path)}
    unknown = [
        change
        for change in changes
        if not any(mutants.is_named(fault, change) for fault in made)
    ]
    assert unknown == []
