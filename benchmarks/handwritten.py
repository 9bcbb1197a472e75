"""The same outputs without OpenFisca: one program, with its figures as plain numbers.

It is what an analyst would write for one study with numpy alone: arrays in, arrays
out, each step computed once and handed on. It holds for contracts that start from
2005 on and for the months of 2024; nothing in it can be traced, dated anew, asked for
apart or reformed.
"""

import numpy

from benchmarks.handwritten_flows import pay_aids, pay_premiums
from benchmarks.handwritten_law import check_contracts
from benchmarks.handwritten_rights import open_rights
from benchmarks.handwritten_terms import count_months, read_terms
from benchmarks.outputs import Results
from benchmarks.population import Population


def compute(population: Population) -> Results:
    """Give every output of the benchmarks, from the arrays of a population."""
    terms = read_terms(population)
    months = count_months(terms)
    rights = open_rights(population, terms, months)
    premiums = pay_premiums(population, rights.pop("first_month_of_premium"))
    eternal = check_contracts(population, terms, months) | rights
    results = {(name, "ETERNITY"): values for name, values in eternal.items()}
    results |= pay_aids(population, terms, rights["resettlement_amount"], premiums)
    results["retirement_quarters", "2024"] = terms.lives.quarters(
        numpy.datetime64("2024-01-01"), numpy.datetime64("2024-12-31")
    )
    return results
