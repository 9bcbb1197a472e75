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

from collections.abc import Iterable, Iterator

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale
from openfisca_core.populations import Population
from openfisca_core.taxscales import SingleAmountTaxScale


def value_on(
    population: Population,
    name: str,
    dates: numpy.ndarray,
    otherwise: float | bool,
) -> numpy.ndarray:
    """Give each row the value of a parameter on the row's legal date.

    Args:
        population: The population of the formula.
        name: Dotted name of the parameter, as ``duration.contract_maximum_months``.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.
        otherwise: What rows read where the parameter has no value.

    Returns:
        Values in the unit of the parameter, shape ``(n,)``.
    """
    parameter = _find(population, name)
    starts = _starts([parameter])
    version = _version(starts, dates)
    values = [None, *_values(parameter).values()]
    _record(population, name, starts, values, version)
    return numpy.array([otherwise if v is None else v for v in values])[version]


def value_at(
    population: Population, name: str, day: numpy.datetime64, otherwise: float | bool
) -> float | bool:
    """Give the one value that a parameter has on a day, for flows of a month or year.

    Unlike ``parameters(period)``, it does not fail before the first value.

    Args:
        population: The population of the formula.
        name: Dotted name of the parameter.
        day: The first day of the month, or the last day of the year.
        otherwise: What is read where the parameter has no value.

    Returns:
        The value, in the unit of the parameter.
    """
    return value_on(population, name, numpy.array([day]), otherwise)[0].item()


def first_day_of(population: Population, name: str) -> numpy.datetime64:
    """Give the first day on which a parameter has a value."""
    return numpy.datetime64(_starts([_find(population, name)])[0])


def is_listed_on(
    population: Population, name: str, items: EnumArray, dates: numpy.ndarray
) -> numpy.ndarray:
    """Tell of each row whether its item is in a dated list, on its legal date.

    Args:
        population: The population of the formula.
        name: Dotted name of a parameter whose values are lists of names.
        items: One member of an enumeration a row, shape ``(n,)``.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.

    Returns:
        Booleans, shape ``(n,)``; false where there is no list in force.
    """
    parameter = _find(population, name)
    starts = _starts([parameter])
    version = _version(starts, dates)
    lists = [None, *_values(parameter).values()]
    _record(population, name, starts, lists, version)
    listed = numpy.array([_among(items.possible_values, names) for names in lists])
    return listed[version, items.view(numpy.ndarray)]


def country_value_on(
    population: Population,
    name: str,
    countries: EnumArray,
    dates: numpy.ndarray,
    otherwise: float | bool,
) -> numpy.ndarray:
    """Give each row the value that a node of parameters has for the row's country.

    Args:
        population: The population of the formula.
        name: Dotted name of a node whose children are named by country code.
        countries: One country a row, shape ``(n,)``.
        dates: Legal dates, ``datetime64[D]``, shape ``(n,)``.
        otherwise: What rows read where there is no such child, or no value.

    Returns:
        Values in the unit of the parameters, shape ``(n,)``.
    """
    node = _find(population, name)
    starts = _starts(node.children.values())
    version = _version(starts, dates)
    codes = [country.name for country in countries.possible_values]
    table = numpy.full((len(starts) + 1, len(codes)), otherwise)
    for code, parameter in node.children.items():
        column = codes.index(code)
        for start, value in _values(parameter).items():
            row = starts.index(start) + 1
            table[row:, column] = otherwise if value is None else value
    indices = countries.view(numpy.ndarray)
    if population.simulation.trace:
        for index in numpy.unique(indices):
            if codes[index] in node.children:
                child = f"{name}.{codes[index]}"
                value_on(population, child, dates[indices == index], otherwise)
    return table[version, indices]


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
    version = _version(starts, dates)
    for number, start in enumerate(starts, 1):
        rows = version == number
        if rows.any():
            at_start = scale.get_at_instant(start)
            steps = dict(zip(at_start.thresholds, at_start.amounts, strict=True))
            population.simulation.tracer.record_parameter_access(name, start, steps)
            yield rows, at_start


def _find(
    population: Population, name: str
) -> Parameter | ParameterNode | ParameterScale:
    """Find a parameter of the law that the simulation applies, reforms included."""
    node = population.simulation.tax_benefit_system.parameters
    for key in name.split("."):
        node = node.children[key]
    return node


def _values(parameter: Parameter) -> dict[str, object]:
    """Give the values of a parameter by the day they apply from, the oldest first.

    They are read off its list: to ask for the value at an instant parses the instant.
    """
    return {value.instant_str: value.value for value in reversed(parameter.values_list)}


def _starts(parameters: Iterable[Parameter]) -> list[str]:
    """List the days on which one of the parameters takes a value, the oldest first."""
    return sorted(
        {value.instant_str for one in parameters for value in one.values_list}
    )


def _version(starts: list[str], dates: numpy.ndarray) -> numpy.ndarray:
    """Count the starts on or before each date; 0 says that nothing is in force yet."""
    # Whole numbers compare four times as fast as dates.
    days = dates.astype("datetime64[D]", copy=False).view(numpy.int64)
    version = numpy.zeros(len(days), dtype=numpy.int8)
    for start in starts:
        version += days >= numpy.datetime64(start, "D").astype(numpy.int64)
    return version


def _among(enumeration: type[Enum], names: list[str] | None) -> list[bool]:
    """Tell of each member of an enumeration whether its name is in the list."""
    return [member.name in (names or ()) for member in enumeration]


def _record(
    population: Population,
    name: str,
    starts: list[str],
    values: list,
    version: numpy.ndarray,
) -> None:
    """Record in the trace the values that some row reads, from the day they apply."""
    if population.simulation.trace:
        for number in numpy.unique(version):
            start = starts[number - 1] if number else "before"
            population.simulation.tracer.record_parameter_access(
                name, start, values[number]
            )
