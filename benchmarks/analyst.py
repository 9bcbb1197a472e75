"""Six outputs as an analyst would write them for one study, with numpy alone.

Arrays in, arrays out; the law's figures stand in the code. It holds for contracts that
start from 2015 on and for the months of 2024; nothing in it can be traced, reformed or
asked for apart. The benchmarks compare the model with it, results included.
"""

import numpy

from benchmarks.outputs import MONTHS, Results
from benchmarks.population import (
    COUNTRY_CODES,
    NEVER,
    SOVEREIGN_STATES,
    UNKNOWN_DAY,
    Population,
)

_DAY = numpy.timedelta64(1, "D")
_FRANCE = COUNTRY_CODES.index("FR")
#: Ranks of the legal forms: an association, a public interest group.
_ASSOCIATION, _GROUP = 1, 2
_LAW_OF_2021 = numpy.datetime64("2021-08-06")
_ORDER_OF_2022 = numpy.datetime64("2022-12-09")
_MONTHS_OF_A_YEAR = 12
_MONTHS_OF_LEAVE = 6


def compute(population: Population) -> Results:
    """Return the six outputs, from the arrays of a population."""
    missions = population.missions
    start, end = missions["start_date"], missions["end_date"]
    served = numpy.minimum(end, missions["early_termination_date"])
    is_known = (start != UNKNOWN_DAY) & (start <= end)
    agreed_months = is_known * _complete_months(start, end + _DAY)
    served_months = is_known * _complete_months(start, served + _DAY)
    is_adult = _is_adult(population, start)
    is_entitled = _is_entitled(population, start)
    opens_leave = is_adult & is_entitled & (agreed_months >= _MONTHS_OF_LEAVE)
    results = {
        ("volunteer_is_adult", "ETERNITY"): is_adult,
        ("organisation_is_entitled", "ETERNITY"): is_entitled,
        ("contract_duration_is_lawful", "ETERNITY"): is_known
        & (end + _DAY <= _add_months(start, 24)),
        ("allowance_minimum", "ETERNITY"): _minimum(
            start, missions["host_country"], agreed_months
        ),
        ("leave_days_total", "ETERNITY"): 2 * served_months * opens_leave,
    }
    for month in MONTHS:
        first = numpy.datetime64(month).astype("datetime64[D]")
        last = (numpy.datetime64(month) + 1).astype("datetime64[D]") - _DAY
        days = (numpy.minimum(served, last) - numpy.maximum(start, first)) / _DAY + 1
        share = is_known * numpy.maximum(days, 0) / ((last - first) / _DAY + 1)
        results["allowance_due", month] = missions["contract_monthly_allowance"] * share
    return results


def _is_adult(population: Population, start: numpy.ndarray) -> numpy.ndarray:
    born = population.volunteers["birth_date"][population.mission_volunteer]
    return _add_months(born, 18 * _MONTHS_OF_A_YEAR) <= start


def _is_entitled(population: Population, start: numpy.ndarray) -> numpy.ndarray:
    of_mission = {
        name: values[population.mission_organisation]
        for name, values in population.organisations.items()
    }
    form = of_mission["legal_form"]
    is_allowed = (form == _ASSOCIATION) | ((form == _GROUP) & (start >= _LAW_OF_2021))
    first, last = (of_mission[f"accreditation_{end}_date"] for end in ("start", "end"))
    last = numpy.where(last == NEVER, _add_months(first, 48) - _DAY, last)
    return is_allowed & (first <= start) & (start <= last)


def _minimum(
    start: numpy.ndarray, host: numpy.ndarray, months: numpy.ndarray
) -> numpy.ndarray:
    is_new = start >= _ORDER_OF_2022
    in_france = SOVEREIGN_STATES[host] == _FRANCE
    minimum = numpy.where(
        in_france, numpy.where(is_new, 800, 0), numpy.where(is_new, 150, 100)
    )
    return minimum * (months >= _MONTHS_OF_A_YEAR)


def _add_months(days: numpy.ndarray, months: int) -> numpy.ndarray:
    """Add months, keeping the day of the month, or the month's last day."""
    month = days.astype("datetime64[M]")
    day = days - month.astype("datetime64[D]")
    target = month + months
    length = (target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")
    return target.astype("datetime64[D]") + numpy.minimum(day, length - _DAY)


def _complete_months(first: numpy.ndarray, after: numpy.ndarray) -> numpy.ndarray:
    """Count the complete months from a first day to the day after the last one."""
    months = after.astype("datetime64[M]") - first.astype("datetime64[M]")
    months = months.astype(int)
    return numpy.maximum(months - (_add_months(first, months) > after), 0)
