"""The value of a parameter on each row's own legal date.

OpenFisca reads a parameter at one instant for the whole population. The law reads
it on a day that differs from contract to contract: a minimum that changes on
9 December binds the contract that starts on the 9th and not the one of the 8th.
Every function here takes the name of a parameter and one legal date a row, and
gives each row the value in force on its day. There is no loop over rows: a small
table of the versions of the parameter is indexed with integers.

What a row reads on a day when the parameter has no value is always said by the
caller: the absence of a rule is never a number by accident.

Each value that some row reads is recorded in the trace of the simulation, under
the day from which it applies.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple, Self
from weakref import WeakKeyDictionary

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale
from openfisca_core.populations import Population
from openfisca_core.taxscales import SingleAmountTaxScale

#: What the trace says in place of a first day where a parameter has no value yet.
BEFORE = "before"


def value_on(
    population: Population,
    name: str,
    dates: numpy.ndarray | numpy.datetime64,
    otherwise: float | bool,
) -> numpy.ndarray:
    """Return the value of a parameter on each row's legal date.

    The functions below name the usual choices of ``otherwise``.

    Args:
        population: The population of the formula.
        name: Dotted name of the parameter, e.g. ``duration.contract_maximum_months``.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``; or one day for all
            rows, e.g. the first day of the month of a flow.
        otherwise: What rows read where the parameter has no value.

    Returns:
        Values in the unit of the parameter, shape ``(n,)``, or one for all rows.

    Raises:
        KeyError: The law has no parameter of this name.
    """
    versions = versions_of(population, name, otherwise, each_value)
    version = versions.on(dates)
    _record(population, name, versions.values, version, dates)
    read = versions.table[version]
    # A plain number takes the precision of what it is compared with.
    return read if read.ndim else read.item()


def amount_on(
    population: Population, name: str, dates: numpy.ndarray | numpy.datetime64
) -> numpy.ndarray:
    """Return the amount in force on each legal date, or 0 where there is none.

    Args:
        population: The population of the formula.
        name: Dotted name of the parameter.
        dates: Legal dates, shape ``(n,)``; or one day for all rows, e.g. the first
            day of the month of a flow.

    Returns:
        Amounts in the unit of the parameter, shape ``(n,)``, or one for all rows.
    """
    return value_on(population, name, dates, otherwise=0)


def ceiling_on(
    population: Population, name: str, dates: numpy.ndarray | numpy.datetime64
) -> numpy.ndarray:
    """Return the maximum in force on each legal date, infinity where there is none."""
    return value_on(population, name, dates, otherwise=numpy.inf)


def threshold_on(
    population: Population, name: str, dates: numpy.ndarray | numpy.datetime64
) -> numpy.ndarray:
    """Return what must be reached on each legal date for a right to open.

    Infinity, which nothing reaches, where no rule is in force that opens it.
    """
    return value_on(population, name, dates, otherwise=numpy.inf)


def is_set_on(
    population: Population, name: str, dates: numpy.ndarray | numpy.datetime64
) -> numpy.ndarray:
    """Return whether a rule that is on or off is in force and on, on each date."""
    return value_on(population, name, dates, otherwise=False)


def first_effective_day(population: Population, name: str) -> numpy.datetime64:
    """Return the first day on which a parameter has a value."""
    return numpy.datetime64(_starts([_find(population, name)])[0])


def is_listed_on(
    population: Population, name: str, items: EnumArray, dates: numpy.ndarray
) -> numpy.ndarray:
    """Return whether each row's item is in a dated list, on its legal date.

    Args:
        population: The population of the formula.
        name: Dotted name of a parameter whose values are lists of names.
        items: One member of an enumeration a row, shape ``(n,)``.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.

    Returns:
        Booleans, shape ``(n,)``; false where there is no list in force.
    """
    versions = versions_of(population, name, items.possible_values, each_list)
    version = versions.on(dates)
    _record(population, name, versions.values, version, dates)
    return versions.table[version, items.view(numpy.ndarray)]


def lists_on(
    population: Population, name: str, item: str, dates: numpy.ndarray
) -> numpy.ndarray:
    """Return whether a dated list names one item, on each row's legal date.

    Args:
        population: The population of the formula.
        name: Dotted name of a parameter whose values are lists of names.
        item: The name that is looked for.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.

    Returns:
        Booleans, shape ``(n,)``; false where there is no list in force.
    """
    versions = versions_of(population, name, item, whether_listed)
    version = versions.on(dates)
    _record(population, name, versions.values, version, dates)
    return versions.table[version]


def country_value_on(
    population: Population,
    name: str,
    countries: EnumArray,
    dates: numpy.ndarray,
    otherwise: float | bool,
) -> numpy.ndarray:
    """Return the value that a node of parameters has for each row's country.

    Args:
        population: The population of the formula.
        name: Dotted name of a node whose children are named by country code.
        countries: One country a row, shape ``(n,)``.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.
        otherwise: What rows read where there is no such child, or no value.

    Returns:
        Values in the unit of the parameters, shape ``(n,)``.
    """
    members = countries.possible_values
    versions = versions_of(population, name, (members, otherwise), each_country)
    indices = countries.view(numpy.ndarray)
    if population.simulation.trace:
        children = _find(population, name).children
        for index in numpy.unique(indices):
            code = list(members)[index].name
            if code in children:
                own = versions_of(population, f"{name}.{code}", otherwise, each_value)
                read = numpy.where(indices == index, own.on(dates).astype(int), -1)
                _record(population, f"{name}.{code}", own.values, read, dates)
    return versions.table[versions.on(dates), indices]


def scales_on(
    population: Population, name: str, dates: numpy.ndarray
) -> Iterator[tuple[numpy.ndarray, SingleAmountTaxScale]]:
    """Go through the versions of a scale that are in force on some row's legal date.

    Args:
        population: The population of the formula.
        name: Dotted name of a scale of amounts.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.

    Yields:
        Which rows read the version, a mask of shape ``(n,)``, and the scale. Rows
        on whose date no version is in force are in no mask.
    """
    scale = _find(population, name)
    starts = _starts(
        part
        for bracket in scale.brackets
        for part in (bracket.children["threshold"], bracket.children["amount"])
    )
    starting = numpy.array(starts, "datetime64[D]")
    version = Versions(starting, {}, starting).on(dates)
    for number, start in enumerate(starts, 1):
        rows = version == number
        if rows.any():
            at_start = scale.get_at_instant(start)
            steps = dict(zip(at_start.thresholds, at_start.amounts, strict=True))
            population.simulation.tracer.record_parameter_access(
                name, Version(start, rows, dates), steps
            )
            yield rows, at_start


def _find(
    population: Population, name: str
) -> Parameter | ParameterNode | ParameterScale:
    """Find a parameter of the law that the simulation applies, reforms included."""
    node = population.simulation.tax_benefit_system.parameters
    for key in name.split("."):
        children = getattr(node, "children", {})
        if key not in children:
            message = (
                f'the law has no parameter "{name}": "{key}" is not in {node.name}'
            )
            raise KeyError(message)
        node = children[key]
    return node


class Versions(NamedTuple):
    """The versions of a parameter, of which the first stands before any.

    Attributes:
        starts: The days from which the others apply, the oldest first.
        values: The value of each by its first day; of a node of parameters, nothing.
        table: What rows read of each, shape ``(versions,)``, or by the member of an
            enumeration that they have, ``(versions, members)``.
    """

    starts: numpy.ndarray
    values: dict[str, object]
    table: numpy.ndarray

    def on(self, dates: numpy.ndarray) -> numpy.ndarray:
        """Return the number of the version in force on each date, 0 before any."""
        # Whole numbers compare four times as fast as dates.
        days = numpy.asarray(dates, dtype="datetime64[D]").view(numpy.int64)
        version = numpy.zeros(days.shape, numpy.min_scalar_type(len(self.starts)))
        for start in self.starts.view(numpy.int64):
            version += days >= start
        return version


#: The versions read so far, by the parameters of a model.
_KNOWN: WeakKeyDictionary[ParameterNode, dict[tuple, Versions]] = WeakKeyDictionary()


def versions_of(
    population: Population, name: str, key: object, read: Callable[..., tuple]
) -> Versions:
    """Return the versions of a parameter, read once for a model.

    Args:
        population: The population of the formula.
        name: Dotted name of the parameter.
        key: What ``read`` needs beside the parameter.
        read: One of the functions below, which gives the values and the table.
    """
    known = _KNOWN.setdefault(population.simulation.tax_benefit_system.parameters, {})
    # The type tells false from 0.
    kind = (name, key, type(key), read)
    if kind not in known:
        parameter = _find(population, name)
        starts = numpy.array(_starts([parameter]), "datetime64[D]")
        known[kind] = Versions(starts, *read(parameter, key))
    return known[kind]


def each_value(parameter: Parameter, otherwise: float | bool) -> tuple:
    """Read the value of each version, and what rows read where there is none."""
    values = {BEFORE: None, **_values(parameter)}
    table = [otherwise if value is None else value for value in values.values()]
    return values, numpy.array(table)


def each_list(parameter: Parameter, members: type[Enum]) -> tuple:
    """Read of each version which members its list names."""
    values = {BEFORE: None, **_values(parameter)}
    table = [
        [member.name in (names or ()) for member in members]
        for names in values.values()
    ]
    return values, numpy.array(table)


def whether_listed(parameter: Parameter, item: str) -> tuple:
    """Read of each version whether its list names an item."""
    values = {BEFORE: None, **_values(parameter)}
    return values, numpy.array([item in (names or ()) for names in values.values()])


def each_country(node: ParameterNode, key: tuple) -> tuple:
    """Read the value of each country in each version of a node of countries."""
    members, otherwise = key
    starts = _starts([node])
    codes = [member.name for member in members]
    table = numpy.full((len(starts) + 1, len(codes)), otherwise)
    for code, parameter in node.children.items():
        for start, value in _values(parameter).items():
            row = starts.index(start) + 1
            table[row:, codes.index(code)] = otherwise if value is None else value
    return {}, table


def _values(parameter: Parameter) -> dict[str, object]:
    """Return the values of a parameter by the day they apply from, the oldest first.

    They are read off its list: to ask for the value at an instant parses the instant.
    """
    return {value.instant_str: value.value for value in reversed(parameter.values_list)}


def _starts(parameters: Iterable[Parameter | ParameterNode]) -> list[str]:
    """List the days on which one of the parameters takes a value, the oldest first."""
    return sorted(
        {
            value.instant_str
            for one in parameters
            for part in getattr(one, "children", {"": one}).values()
            for value in part.values_list
        }
    )


class Version(str):
    """The first day of a version of a parameter, and which rows read it on which day.

    It is what the trace holds as the period of a parameter.

    Attributes:
        rows: A mask, shape ``(n,)``; or None where all rows read it.
        dates: The legal date of each row, shape ``(n,)``; or one day for all.
    """

    __slots__ = ("dates", "rows")

    def __new__(
        cls, start: str, rows: numpy.ndarray | None, dates: numpy.ndarray
    ) -> Self:
        """Return the first day as a text, with the rows and their legal dates."""
        version = super().__new__(cls, start)
        version.rows = rows
        version.dates = dates
        return version


def _record(
    population: Population,
    name: str,
    values: dict[str, object],
    version: numpy.ndarray,
    dates: numpy.ndarray | numpy.datetime64,
) -> None:
    """Record in the trace the values that rows read, from the day they apply.

    Args:
        population: The population of the formula.
        name: Dotted name of the parameter.
        values: What is read before the first version, and the value of each by the
            first day.
        version: The number of the version that each row reads, shape ``(n,)``, -1
            where it reads none; or one for all rows.
        dates: The legal date of each row, shape ``(n,)``; or one day for all rows.
    """
    if population.simulation.trace:
        for number in set(version.ravel().tolist()) - {-1}:
            rows = version == number if version.ndim else None
            start, value = list(values.items())[number]
            population.simulation.tracer.record_parameter_access(
                name, Version(start, rows, dates), value
            )
