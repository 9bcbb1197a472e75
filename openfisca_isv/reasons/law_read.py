"""The values of the law that a row read, and the day by which it read them.

The trace records each version of a parameter with the rows that read it.
"""

from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.tracers import TraceNode

from openfisca_isv import law
from openfisca_isv.counterfactuals.anchors import find, first_days
from openfisca_isv.counterfactuals.life import ETERNITY, TracedValue
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.counterfactuals.trial_values import NO_DAYS
from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.dates import first_day, last_day
from openfisca_isv.legal_dates import BEFORE, Version
from openfisca_isv.reasons.declared import declared
from openfisca_isv.reasons.register import describe_source
from openfisca_isv.reasons.words import Words

#: What is declared of a variable whose legal day is that of the month or year asked.
_OF_PERIOD = "period"


class Value(NamedTuple):
    """The value of a parameter that applies, and since which day; or none yet."""

    name: str
    since: str | None
    value: object


def values_read(case: TracedSituation, place: TracedValue) -> list[Value]:
    """List the values of parameters that a place read, in the order of the formula."""
    node = case.nodes.get(place.key)
    found = {}
    for read in node.parameters if node else ():
        # A version without rows was read by all.
        rows = getattr(read.period, "rows", None)
        if is_used(case, place, read.name) and (rows is None or rows[place.row]):
            value = read.value
            if isinstance(value, numpy.ndarray):
                value = value[place.row].item()
            found[read.name] = Value(read.name, _since(case, read), value)
    return list(found.values())


def _since(case: TracedSituation, read: TraceNode) -> str | None:
    """Return the first day of the version that was read; None where there is none.

    Of what a formula reads by itself, the trace of the engine has the day asked.
    """
    if isinstance(read.period, Version):
        return None if read.period == BEFORE else str(read.period)
    starts = first_days(find(case.system, read.name))
    return max((one for one in starts if one <= str(read.period)), default=None)


def compared_with(
    words: Words, case: TracedSituation, place: TracedValue
) -> list[dict]:
    """Describe the values of the law that a place is compared with.

    One description a parameter; and one for each country that a list or table of
    countries does not hold, as the absence decides too.
    """
    read = values_read(case, place)
    found = [_describe(words, case, place, value) for value in read]
    countries = {
        case.value(child): None
        for child in case.children(place)
        if getattr(case.variable(child.variable), "possible_values", None) is Country
    }
    names = {value.name for value in read}
    # A country that is not in a table leaves no trace of it.
    for table in _tables(case, place) if countries else ():
        for country in countries:
            about = COUNTRIES.get(country.name)
            codes = (country.name, about["sovereign"]) if about else ()
            if codes and not any(f"{table}.{code}" in names for code in codes):
                found.append(_describe_absence(words, case, table, country))
    return found


def _tables(case: TracedSituation, place: TracedValue) -> list[str]:
    """List the tables of countries that a formula read or its provisions need."""
    names = {one.name.rpartition(".")[0] for one in case.nodes[place.key].parameters}
    register = law.computed_provisions(case.system)
    for reference in case.variable(place.variable).reference or ():
        provision = register.get(law.cited(reference), {})
        computed_by = provision.get("computed_by", {})
        if place.variable in computed_by.get("variables", ()):
            names |= set(computed_by["parameters"])
    return sorted(
        name
        for name in names
        if any(
            child.rpartition(".")[2] in COUNTRIES
            for child in getattr(find(case.system, name), "children", ())
        )
    )


def _describe(
    words: Words, case: TracedSituation, place: TracedValue, read: Value
) -> dict:
    parameter = find(case.system, read.name)
    metadata, value = parameter.metadata, read.value
    if read.since is None:
        day = words.iso_day(min(first_days(parameter)))
        text = words.phrase("not_yet", day=day)
    elif isinstance(value, list):
        text = ", ".join(_member(words, case, place, name) for name in value)
    else:
        text = words.law_value(value, metadata)
    if isinstance(value, dict):
        value = {
            str(threshold).removesuffix(".0"): float(amount)
            for threshold, amount in value.items()
        }
    return {
        "parameter": read.name,
        "label": words.parameter(metadata, read.name),
        "value": value,
        "text": text,
        "unit": metadata.get("unit"),
        "per": metadata.get("period"),
        "since": read.since,
        **describe_source(words, metadata, read.since),
    }


def _describe_absence(
    words: Words, case: TracedSituation, table: str, country: Enum
) -> dict:
    one = next(iter(find(case.system, table).children.values()))
    is_list = one.metadata.get("unit") == "none"
    return {
        "parameter": table,
        "label": f"{words.node(table)}, {words.member(country)}",
        "value": None,
        "text": words.phrase("not_listed" if is_list else "none_known"),
        "unit": one.metadata.get("unit"),
        "per": one.metadata.get("period"),
        "since": None,
        "certainty": None,
        "last_known_valid": None,
        "references": [],
    }


def _member(words: Words, case: TracedSituation, place: TracedValue, name: str) -> str:
    """Name a member of the enumeration that a list of names is about."""
    for child in case.children(place):
        members = getattr(case.variable(child.variable), "possible_values", None)
        if members is not None and name in members.__members__:
            return words.member(members[name])
    return name


def is_used(case: TracedSituation, place: TracedValue, name: str) -> bool:
    """Return whether a place uses a variable or parameter that was read for all."""
    wanted = declared("used_where").get(name)
    return wanted is None or all(
        case.value(child) == value
        for variable, value in wanted.items()
        for child in case.children(place)
        if child.variable == variable
    )


def legal_day(case: TracedSituation, place: TracedValue) -> numpy.datetime64 | None:
    """Return the day that decides which text applies; None where it is unknown.

    It is the one by which the formula reads the law, or what it rests on does, as the
    trace has it. Where none reads any, that of the month or year asked, or the first
    day of the contract, unless another is declared; None for an entity that has no
    such day.
    """
    variable = case.variable(place.variable)
    name = declared("legal_dates").get(variable.name)
    day = _day_of_reading(case, place) if name is None else None
    if day is None and name in (None, _OF_PERIOD) and place.period != ETERNITY:
        is_year = variable.definition_period == DateUnit.YEAR
        day = (last_day if is_year else first_day)(place.period)
    if name is None and variable.entity.is_person:
        name = "start_date"
    read = case.system.variables.get(name)
    if day is None and read and read.entity.key == variable.entity.key:
        day = case.raw(TracedValue(name, ETERNITY, place.row))
    return None if day in NO_DAYS else day


def _day_of_reading(
    case: TracedSituation, place: TracedValue
) -> numpy.datetime64 | None:
    """Return the day by which the row read the first of its values of the law.

    One that each row has for itself comes before one that is the same for all. Where
    the formula reads none, the first of what it rests on that does, of the same row.
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
    if dates:
        own = (one[place.row] for one in dates if one.ndim)
        return next(own, dates[0][()])
    entity = case.variable(place.variable).entity.key
    for child in case.children(place):
        if (child.row, case.variable(child.variable).entity.key) == (place.row, entity):
            day = _day_of_reading(case, child)
            if day is not None:
                return day
    return None
