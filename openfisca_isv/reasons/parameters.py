"""The values of the law that a row read, of those that a formula read for all rows.

The trace records each version of a parameter with the rows that read it.
"""

from typing import NamedTuple

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale
from openfisca_core.tracers import TraceNode

from openfisca_isv import law
from openfisca_isv.counterfactuals.anchors import find
from openfisca_isv.counterfactuals.life import Place
from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.legal_dates import BEFORE, Version
from openfisca_isv.reasons.circumstances import is_used
from openfisca_isv.reasons.trace import Case


class Value(NamedTuple):
    """The value of a parameter that applies, and since which day; or none yet."""

    name: str
    since: str | None
    value: object


def values_read(case: Case, place: Place) -> list[Value]:
    """List the values of parameters that a place read, in the order of the formula."""
    node = case.nodes.get(place.key)
    values = (
        Value(one.name, _since(case, one), _read(one.value, place.row))
        for one in (node.parameters if node else ())
        if is_used(case, place, one.name) and _is_read_by(one.period, place.row)
    )
    return list({value.name: value for value in values}.values())


def _since(case: Case, read: TraceNode) -> str | None:
    """Return the first day of the version that was read; None where there is none.

    Of what a formula reads by itself, the trace of the engine has the day asked.
    """
    if isinstance(read.period, Version):
        return None if read.period == BEFORE else str(read.period)
    starts = first_days(find(case.system, read.name))
    return max((one for one in starts if one <= str(read.period)), default=None)


def first_days(parameter: Parameter | ParameterNode | ParameterScale) -> set[str]:
    """Return the first days of the versions of a parameter, or of the parts of one."""
    if isinstance(parameter, Parameter):
        return {one.instant_str for one in parameter.values_list}
    if isinstance(parameter, ParameterScale):
        parts = parameter.brackets
    else:
        parts = parameter.children.values()
    return {day for part in parts for day in first_days(part)}


def _read(value: object, row: int) -> object:
    """Return what a row read of a value that may be one for each row."""
    return value[row].item() if isinstance(value, numpy.ndarray) else value


def _is_read_by(version: object, row: int) -> bool:
    """Return whether a row read a version; one without rows was read by all."""
    rows = getattr(version, "rows", None)
    return rows is None or bool(rows[row])


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


def _tables(case: Case, place: Place) -> list[str]:
    """List the tables of countries that the provisions of a variable need."""
    names = {_parent(one.name) for one in case.nodes[place.key].parameters}
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
            _is_code(child)
            for child in getattr(find(case.system, name), "children", ())
        )
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
