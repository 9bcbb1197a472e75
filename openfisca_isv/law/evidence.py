"""The evidence for the register: the tests that cite it, the inputs that are read.

The tests are read from the checkout, and what reads what from traced calculations.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy
import yaml
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.tracers import TraceNode

from openfisca_isv.countries import COUNTRIES
from openfisca_isv.graphs import reached

_TESTS = Path(__file__).parents[2] / "tests" / "yaml"

#: The contracts that are traced: first days, months asked, days from the first one.
_STARTS = (date(2006, 2, 1), date(2021, 9, 1), date(2024, 3, 1))
_MONTHS = ("2006-03", "2008-03", "2022-03", "2024-04", "2026-05")
_JOBSEEKING = "2026-05"
_LENGTH, _NOTICE, _REQUEST = 730, 400, 740
#: What is stated of the contracts, and traced as it is computed all the same.
_STATED = "is_volunteering_contract"


class YamlTest(NamedTuple):
    """What one YAML test says of the law.

    Attributes:
        file: Its file, below the folder of the tests.
        line: Its first line there.
        name: Its name.
        keywords: What it cites.
        outputs: The variables that it asks, among what its output names.
        content: The test, as YAML was read.
    """

    file: str
    line: int
    name: str
    keywords: frozenset[str]
    outputs: frozenset[str]
    content: dict

    def cites(self, provision: dict) -> bool:
        """Return whether the test cites a provision, with what computes it.

        By the provision itself; or by its article, and then only if the test asks
        for a variable that computes this provision and not another of the article.
        """
        computed = provision.get("computed_by", {}).get("variables", [])
        return provision["id"] in self.keywords or (
            provision["article"] in self.keywords
            and not self.outputs.isdisjoint(computed)
        )


def yaml_tests(folder: Path = _TESTS) -> list[YamlTest]:
    """Read the YAML tests below a folder, in the order of their files."""
    return [
        YamlTest(
            file.relative_to(folder).as_posix(),
            line,
            test.get("name", ""),
            frozenset(test.get("keywords", [])),
            frozenset(_keys(test.get("output", {}))),
            test,
        )
        for file in sorted(folder.rglob("*.yaml"))
        for line, test in _tests_in(file.read_text("utf-8"))
    ]


def inputs_read(system: TaxBenefitSystem) -> dict[str, set[str]]:
    """Return the inputs that each output of the model reads, however indirectly."""
    read = variables_read(system)
    computed = [name for name, one in system.variables.items() if one.formulas]
    return {name: reached(read, [name]).difference(computed) for name in computed}


def variables_read(system: TaxBenefitSystem) -> dict[str, set[str]]:
    """Return the variables that each formula reads, from traced calculations."""
    return _names_read(system)[0]


def parameters_read(system: TaxBenefitSystem) -> dict[str, set[str]]:
    """Return the names of the parameters that each formula reads, traced likewise."""
    return _names_read(system)[1]


@lru_cache(maxsize=8)
def _names_read(system: TaxBenefitSystem) -> tuple[dict[str, set[str]], ...]:
    """Return the names of variables and of parameters that each formula reads."""
    variables, parameters = defaultdict(set), defaultdict(set)
    for node in traced_nodes(system):
        variables[node.name].update(child.name for child in node.children)
        parameters[node.name].update(parameter.name for parameter in node.parameters)
    return dict(variables), dict(parameters)


def traced_nodes(system: TaxBenefitSystem) -> Iterator[TraceNode]:
    """Go through the calculations of all variables for contracts of any kind.

    A contract in each country of the world, at several times, runs every formula to
    its end: what a formula names through a helper, or only for some country, is found.
    """
    simulation = _contracts_in_every_country(system)
    for name, variable in system.variables.items():
        for month in _MONTHS:
            is_yearly = variable.definition_period == DateUnit.YEAR
            period = month.partition("-")[0] if is_yearly else month
            simulation.calculate(name, period)
    simulation.delete_arrays(_STATED)
    simulation.calculate(_STATED, _MONTHS[0])
    return simulation.tracer.browse_trace()


def _contracts_in_every_country(system: TaxBenefitSystem) -> Simulation:
    """Build a traced simulation of contracts that reach every rule."""
    hosts = [country for country in sorted(COUNTRIES) for _ in _STARTS]
    starts = numpy.array(_STARTS * len(COUNTRIES), "datetime64[D]")
    simulation = SimulationBuilder().build_default_simulation(system, len(hosts))
    simulation.trace = True
    for name, period, values in (
        (_STATED, "ETERNITY", numpy.ones(len(hosts), dtype=bool)),
        ("start_date", "ETERNITY", starts),
        ("end_date", "ETERNITY", starts + _LENGTH),
        ("notice_date", "ETERNITY", starts + _NOTICE),
        ("host_country", "ETERNITY", numpy.array(hosts)),
        ("integration_premium_request_date", "ETERNITY", starts + _REQUEST),
        ("is_registered_jobseeker", _JOBSEEKING, numpy.ones(len(hosts), dtype=bool)),
    ):
        simulation.set_input(name, period, values)
    return simulation


def _keys(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, child in node.items():
            yield str(key)
            yield from _keys(child)


def _tests_in(text: str) -> list[tuple[int, dict]]:
    """Return the tests of a file, one or a list of them, with their first lines."""
    loader = yaml.CSafeLoader(text)
    try:
        node = loader.get_single_node()
        tests = loader.construct_document(node)
    finally:
        loader.dispose()
    if not isinstance(node, yaml.SequenceNode):
        return [(node.start_mark.line + 1, tests)]
    lines = [one.start_mark.line + 1 for one in node.value]
    return list(zip(lines, tests, strict=True))
