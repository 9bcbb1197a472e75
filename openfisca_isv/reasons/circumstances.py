"""What stands around a value: whether it is given, used, and by which day's law."""

import numpy
from openfisca_core.periods import DateUnit

from openfisca_isv.counterfactuals.life import ETERNITY, Key, Place
from openfisca_isv.counterfactuals.trace import Case
from openfisca_isv.dates import NEVER, UNKNOWN_DAY, first_day, last_day
from openfisca_isv.legal_dates import Version
from openfisca_isv.reasons.outputs import declared, legal_dates

_NO_DAYS = {numpy.datetime64(day) for day in (UNKNOWN_DAY, NEVER)}


def is_given(case: Case, place: Place) -> bool:
    """Tell whether the situation gives the value of an input."""
    by_period = case.situation.given.get(place.variable, {})
    return place.row in by_period.get(place.period, {})


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
    """Give the day that decides which text applies; nothing where it is unknown."""
    day = day_read(case, place)
    return None if day in _NO_DAYS else day


def day_read(case: Case, place: Place) -> numpy.datetime64 | None:
    """Return the day by which a formula reads the law, unknown as it may be.

    As the trace has it. Where the formula reads none of it, that of the month or year
    asked, or the first day of the contract, unless another is declared; nothing for an
    entity that has no such day.
    """
    read = _day_of_reading(case, place)
    if read is not None:
        return read
    variable = case.variable(place.variable)
    name = legal_dates().get(variable.name)
    if name is None and variable.definition_period != DateUnit.ETERNITY:
        is_year = variable.definition_period == DateUnit.YEAR
        return (last_day if is_year else first_day)(place.period)
    if name is None and variable.entity.is_person:
        name = "start_date"
    day = case.system.variables.get(name)
    if day is None or day.entity.key != variable.entity.key:
        return None
    return case.values(Key(name, ETERNITY))[place.row]


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
