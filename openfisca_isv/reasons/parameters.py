"""The values of the law that a row read, of those that a formula read for all rows.

The trace records the values that any row of the population read. Of several
versions, a row read the one in force on its legal date; of several countries, its own.
"""

from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale

from openfisca_isv import law
from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.reasons.circumstances import day_read, is_used
from openfisca_isv.reasons.trace import Case, Place

#: What the trace says where a parameter has no value yet.
_BEFORE = "before"


class Value(NamedTuple):
    """The value of a parameter that applies, and since which day; or none yet."""

    name: str
    since: str | None
    value: object


def values_read(case: Case, place: Place) -> list[Value]:
    """List the values of parameters that a place read, in the order of the formula."""
    node = case.nodes.get(place.step)
    versions: dict[str, dict[str, object]] = {}
    for one in node.parameters if node else ():
        versions.setdefault(one.name, {})[str(one.period)] = one.value
    codes = {code for _, both in countries_read(case, place) for code in both}
    day = day_read(case, place)
    values = [
        _in_force(case, name, dated, day)
        for name, dated in versions.items()
        if is_used(case, place, name) and (not _is_code(name) or _last(name) in codes)
    ]
    return [value for value in values if value is not None]


def countries_read(case: Case, place: Place) -> list[tuple[Enum, tuple[str, str]]]:
    """List the countries that a place read: each, its code and that of its State."""
    found = {}
    for child in case.children(place):
        if getattr(case.variable(child.variable), "possible_values", None) is Country:
            country = case.value(child)
            if country.name in COUNTRIES:
                sovereign = COUNTRIES[country.name]["sovereign"]
                found[country] = (country.name, sovereign)
    return list(found.items())


def absences(case: Case, place: Place) -> list[tuple[str, Enum]]:
    """List the tables of countries that lack a country that a place read.

    A country that is not in a table leaves no trace of it: the register says which
    tables the provisions of the variable need.
    """
    countries = countries_read(case, place)
    if not countries:
        return []
    read = {value.name for value in values_read(case, place)}
    return [
        (table, country)
        for table in _tables(case, place)
        for country, codes in countries
        if not any(f"{table}.{code}" in read for code in codes)
    ]


def find(case: Case, name: str) -> Parameter | ParameterNode | ParameterScale | None:
    """Find a parameter by its dotted name."""
    node = case.system.parameters
    for key in name.split("."):
        node = getattr(node, "children", {}).get(key)
    return node


def _in_force(
    case: Case, name: str, read: dict[str, object], day: numpy.datetime64 | None
) -> Value | None:
    """Choose the version in force on a day, of those that some row read.

    Nothing where that one was not read: the formula did not come to it for this row.
    On a day before the first version, some rules read that one, and others none.
    """
    parameter = find(case, name)
    if isinstance(parameter, Parameter):
        starts = sorted(one.instant_str for one in parameter.values_list)
    else:
        starts = sorted(since for since in read if since != _BEFORE)
    reached = [one for one in starts if day is None or numpy.datetime64(one) <= day]
    if not reached and _BEFORE in read:
        return Value(name, None, None)
    since = reached[-1] if reached else starts[0]
    return Value(name, since, read[since]) if since in read else None


def _tables(case: Case, place: Place) -> list[str]:
    """List the tables of countries that the provisions of a variable need."""
    names = {_parent(one.name) for one in case.nodes[place.step].parameters}
    register = law.computed_provisions(case.system)
    for reference in case.variable(place.variable).reference or ():
        provision = register.get(law.cited(reference), {})
        computed_by = provision.get("computed_by", {})
        if place.variable in computed_by.get("variables", ()):
            names |= set(computed_by["parameters"])
    return sorted(
        name
        for name in names
        if any(_is_code(child) for child in getattr(find(case, name), "children", ()))
    )


def _is_code(name: str) -> bool:
    """Tell whether the last part of a name is the code of a country."""
    return _last(name) in COUNTRIES


def _last(name: str) -> str:
    """Give the last part of a dotted name."""
    return name.rpartition(".")[2]


def _parent(name: str) -> str:
    """Give a dotted name without its last part."""
    return name.rpartition(".")[0]
