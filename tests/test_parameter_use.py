"""Every parameter is read by some variable, and no number of the law is in Python."""

import ast
from datetime import date
from pathlib import Path

import numpy
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulations import SimulationBuilder

import openfisca_isv
from openfisca_isv.countries import COUNTRIES

VARIABLES = Path(openfisca_isv.__file__).parent / "variables"
# 0 and 1 count things; 12 months make a year.
NOT_OF_THE_LAW = {0, 1, 12}


def contracts_in_every_country(system):
    """Simulate a contract in each country at each of several times, traced."""
    starts = [date(2006, 2, 1), date(2021, 9, 1), date(2024, 3, 1)]
    hosts = [country for country in sorted(COUNTRIES) for _ in starts]
    days = numpy.array(starts * len(COUNTRIES), "datetime64[D]")
    simulation = SimulationBuilder().build_default_simulation(system, len(hosts))
    simulation.trace = True
    simulation.set_input("start_date", "ETERNITY", days)
    simulation.set_input("end_date", "ETERNITY", days + 730)
    simulation.set_input("host_country", "ETERNITY", numpy.array(hosts))
    notices = days + 400
    simulation.set_input("notice_date", "ETERNITY", notices)
    premium = days + 740
    simulation.set_input("integration_premium_request_date", "ETERNITY", premium)
    known = numpy.ones(len(hosts), dtype=bool)
    simulation.set_input("is_volunteering_contract", "ETERNITY", known)
    jobseekers = numpy.ones(len(hosts), dtype=bool)
    simulation.set_input("is_registered_jobseeker", "2026-05", jobseekers)
    return simulation


def test_every_parameter_is_read_by_a_variable(system):
    simulation = contracts_in_every_country(system)
    for variable in system.variables.values():
        for month in ("2006-03", "2008-03", "2022-03", "2024-04", "2026-05"):
            asked = period(month)
            if variable.definition_period == DateUnit.YEAR:
                asked = asked.this_year
            simulation.calculate(variable.name, asked)
    read = {
        parameter.name
        for node in simulation.tracer.browse_trace()
        for parameter in node.parameters
    }
    declared = {
        node.name
        for node in system.parameters.get_descendants()
        if not isinstance(node, ParameterNode)
    }
    assert len(declared) > 100
    assert declared - read == set()
    assert read - declared == set()


def test_no_number_of_the_law_stands_in_python():
    numbers = []
    for path in sorted(VARIABLES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_number = isinstance(node, ast.Constant) and type(node.value) in (
                int,
                float,
            )
            if is_number:
                numbers.append((path.name, node.value))
    assert len(numbers) > 20
    stray = {(name, value) for name, value in numbers if value not in NOT_OF_THE_LAW}
    assert not stray
