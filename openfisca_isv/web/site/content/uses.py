"""Which parameters each variable reads, found by tracing calculations.

A contract in each country of the world, at several times, runs every formula to its
end: what a formula names through a helper, or only for some country, is found too.
"""

from collections import defaultdict
from datetime import date

import numpy
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.countries import COUNTRIES

_STARTS = (date(2006, 2, 1), date(2021, 9, 1), date(2024, 3, 1))
_MONTHS = ("2006-03", "2008-03", "2022-03", "2024-04", "2026-05")
_JOBSEEKING = "2026-05"
_LENGTH, _NOTICE, _REQUEST = 730, 400, 740


def parameters_read(system: TaxBenefitSystem) -> dict[str, set[str]]:
    """Give each variable the names of the parameters that its formula reads."""
    simulation = _contracts_in_every_country(system)
    for name, variable in system.variables.items():
        for month in _MONTHS:
            is_yearly = variable.definition_period == DateUnit.YEAR
            period = month.partition("-")[0] if is_yearly else month
            simulation.calculate(name, period)
    read = defaultdict(set)
    for node in simulation.tracer.browse_trace():
        read[node.name].update(parameter.name for parameter in node.parameters)
    return read


def _contracts_in_every_country(system: TaxBenefitSystem) -> Simulation:
    """Build a traced simulation of contracts that reach every rule."""
    hosts = [country for country in sorted(COUNTRIES) for _ in _STARTS]
    starts = numpy.array(_STARTS * len(COUNTRIES), "datetime64[D]")
    simulation = SimulationBuilder().build_default_simulation(system, len(hosts))
    simulation.trace = True
    for name, period, values in (
        ("is_volunteering_contract", "ETERNITY", numpy.ones(len(hosts), dtype=bool)),
        ("start_date", "ETERNITY", starts),
        ("end_date", "ETERNITY", starts + _LENGTH),
        ("notice_date", "ETERNITY", starts + _NOTICE),
        ("host_country", "ETERNITY", numpy.array(hosts)),
        ("integration_premium_request_date", "ETERNITY", starts + _REQUEST),
        ("is_registered_jobseeker", _JOBSEEKING, numpy.ones(len(hosts), dtype=bool)),
    ):
        simulation.set_input(name, period, values)
    return simulation
