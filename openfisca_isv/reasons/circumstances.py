"""What stands around a value: whether it is used, and by which day's law."""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_isv.counterfactuals.life import ETERNITY, Place
from openfisca_isv.counterfactuals.trace import Case
from openfisca_isv.dates import NEVER, UNKNOWN_DAY, first_day, last_day
from openfisca_isv.legal_dates import Version
from openfisca_isv.reasons.outputs import declared, legal_dates

_NO_DAYS = {numpy.datetime64(day) for day in (UNKNOWN_DAY, NEVER)}


def is_used(case: Case, place: Place, name: str) -> bool:
    """Tell whether a place uses what its formula read for all.

    Args:
        case: The situation, traced.
        place: What was calculated, of which entity.
        name: The name of a variable or of a parameter that the formula read.
    """
    wanted = declared("used_where").get(name)
    return wanted is None or all(
        case.value(child) == value
        for variable, value in wanted.items()
        for child in case.children(place)
        if child.variable == variable
    )


def legal_day(case: Case, place: Place) -> numpy.datetime64 | None:
    """Return the day that decides which text applies; None where it is unknown.

    It is the one by which the formula reads the law, as the trace has it. Where it
    reads none, that of the month or year asked, or the first day of the contract,
    unless another is declared; None for an entity that has no such day.
    """
    variable = case.variable(place.variable)
    day = _day_of_reading(case, place)
    name = legal_dates().get(variable.name)
    if day is None and name is None and place.period != ETERNITY:
        is_year = variable.definition_period == DateUnit.YEAR
        day = (last_day if is_year else first_day)(place.period)
    if name is None and variable.entity.is_person:
        name = "start_date"
    read = case.system.variables.get(name)
    if day is None and read and read.entity.key == variable.entity.key:
        day = case.raw(Place(name, ETERNITY, place.row))
    return None if day in _NO_DAYS else day


def _day_of_reading(case: Case, place: Place) -> numpy.datetime64 | None:
    """Return the day by which the row read the first of its values of the law.

    One that each row has for itself comes before one that is the same for all.
    """
    node = case.nodes.get(place.key)
    versions = [
        one.period
        for one in (node.parameters if node else ())
        if isinstance(one.period, Version)
    ]
    dates = [
        numpy.asarray(version.dates)
        for version in versions
        if version.rows is None or version.rows[place.row]
    ]
    for one in dates:
        if one.ndim:
            return one[place.row]
    return dates[0][()] if dates else None
