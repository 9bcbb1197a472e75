"""What is asked of the engine beside the summary: outputs, and months or years."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

import numpy
import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.language import words
from openfisca_isv.population.model.yearly import check_amounts, to_column
from openfisca_isv.population.subject import CONCLUSIONS, USUAL_BY_YEAR
from openfisca_isv.population.tables.cells import FIRST_YEAR, LAST_YEAR, nearest

_MOST_PERIODS = 1200
#: Years that can be summed up at once.
_MOST_YEARS = 100
#: Rows of results that are made at once, about.
_ROWS_AT_ONCE = 500_000
ENTITIES = {
    "mission": ("mission", "volunteer", "organisation"),
    "volunteer": ("volunteer",),
    "organisation": ("organisation",),
}
_WHEN = {DateUnit.MONTH: "month", DateUnit.YEAR: "year"}


@dataclass(frozen=True)
class Request:
    """What is asked of the engine.

    Attributes:
        first_year: The first year summed up.
        last_year: The last.
        outputs: Names of outputs; the usual ones where there is none.
        periods: Months and years, ``2024-01`` or ``2024``, for the outputs that
            change over time.
    """

    first_year: int
    last_year: int
    outputs: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()

    @property
    def years(self) -> range:
        """The years summed up."""
        return range(self.first_year, self.last_year + 1)

    @property
    def whole_time(self) -> range:
        """The years that the engine is asked for at all."""
        years = {int(one[:4]) for one in self.periods} | {*self.years}
        return range(min(years), max(years) + 1)


@dataclass(frozen=True)
class ResultTable:
    """One table of results.

    Attributes:
        name: The name of its file.
        entity: The key of the entity whose rows it has.
        variables: Its columns beside the identifiers.
        periods: The periods of its rows; none where nothing changes over time.
    """

    name: str
    entity: str
    variables: tuple[Variable, ...]
    periods: tuple[Period, ...] = field(default=())

    @property
    def when(self) -> str | None:
        """The name of the column of the periods."""
        return _WHEN[self.periods[0].unit] if self.periods else None


def read_periods(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Read spans of months or years: ``2019:2025``, ``2024-01:2024-12``, ``2024``.

    Raises:
        RequestError: A text is no such span.
    """
    periods: list[str] = []
    for text in (part for one in texts for part in one.split(",")):
        first, colon, last = text.strip().partition(":")
        try:
            ends = [period(one) for one in (first, last if colon else first)]
        except Exception as error:
            raise RequestError(_no_span(text)) from error
        units = {one.unit for one in ends}
        years = [one.start.year for one in ends]
        if (
            len(units) > 1
            or not units <= set(_WHEN)
            or any(one.size != 1 for one in ends)
            or not FIRST_YEAR <= years[0] <= years[1] <= LAST_YEAR
        ):
            raise RequestError(_no_span(text))
        one = ends[0]
        while one.start <= ends[1].start and len(periods) <= _MOST_PERIODS:
            periods.append(str(one))
            one = one.offset(1)
    if len(periods) > _MOST_PERIODS:
        message = f"more than {_MOST_PERIODS:,} periods are asked for"
        raise RequestError(message)
    return tuple(dict.fromkeys(periods))


def read_years(text: str) -> range:
    """Read a span of years: ``2019:2025``, or one.

    Raises:
        RequestError: The text is no such span, or one of more than a hundred years.
    """
    first, colon, last = text.strip().partition(":")
    try:
        years = range(int(first), int(last if colon else first) + 1)
    except ValueError:
        years = range(0)
    calendar = range(FIRST_YEAR, LAST_YEAR + 1)
    if not 0 < len(years) <= _MOST_YEARS or years.start not in calendar:
        message = f'"{text}" is no span of years, as 2019:2025'
        raise RequestError(message)
    return years


def check_outputs(system: TaxBenefitSystem, outputs: tuple[str, ...]) -> None:
    """Refuse the outputs that the model does not have, with the nearest names."""
    for name in outputs:
        if system.get_variable(name) is None:
            message = f'the model has no output "{name}"'
            if close := nearest(name, list(system.variables)):
                message += f'. Did you mean "{close}"?'
            raise RequestError(message)


def outputs_listed(system: TaxBenefitSystem, entities: Collection[str]) -> list[str]:
    """List what the model computes of some entities, one line each, below a header.

    A line has the name, entity, period (``eternity`` for what does not change over
    time), unit and label.
    """
    rows = [("output", "entity", "period", "unit", "label")] + [
        (
            one.name,
            one.entity.key,
            f"{one.definition_period}",
            one.unit or "none",
            words().label(one),
        )
        for one in system.variables.values()
        if not one.is_input_variable() and one.entity.key in entities
    ]
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    return [
        "  ".join([*map(str.ljust, row[:-1], widths), row[-1]])
        for row in [rows[0], *sorted(rows[1:])]
    ]


def is_dated(system: TaxBenefitSystem, name: str) -> bool:
    """Tell whether an output changes over time."""
    return system.get_variable(name).definition_period != DateUnit.ETERNITY


def result_tables(system: TaxBenefitSystem, request: Request) -> list[ResultTable]:
    """List the tables that answer a request; that of the missions first.

    Raises:
        RequestError: An output of a year is asked for by month alone.
    """
    periods = [period(one) for one in request.periods]
    if request.outputs:
        variables = [system.get_variable(name) for name in request.outputs]
    else:
        variables = conclusions_of(system, "mission", DateUnit.ETERNITY)
        if periods:
            names = USUAL_BY_YEAR
            variables += [system.get_variable(name) for name in names]
    tables = []
    for entity in ENTITIES:
        of_entity = [one for one in variables if one.entity.key == entity]
        eternal = [one for one in of_entity if one.definition_period == "eternity"]
        if eternal or entity == "mission":
            tables.append(ResultTable(f"{entity}s", entity, tuple(eternal)))
        for unit, when in _WHEN.items():
            some = tuple(one for one in periods if one.unit == unit)
            dated = [
                one
                for one in of_entity
                if one.definition_period == "month"
                or (one.definition_period == "year" and unit == DateUnit.YEAR)
            ]
            if some and dated:
                name = f"{entity}s_by_{when}"
                tables.append(ResultTable(name, entity, tuple(dated), some))
    told = {one.name for table in tables for one in table.variables}
    if lost := [one for one in request.outputs if one not in told]:
        message = f"{lost[0]} is given by year: ask for years, as --periods 2024"
        raise RequestError(message)
    return tables


def conclusions_of(
    system: TaxBenefitSystem, entity: str, unit: DateUnit | None = None
) -> list[Variable]:
    """List the conclusions about an entity, in the order of the law.

    Args:
        system: The law, or a reform of it.
        entity: The key of the entity.
        unit: Keep those that are defined for this period alone.
    """
    variables = (
        system.get_variable(name) for names in CONCLUSIONS.values() for name in names
    )
    return [
        variable
        for variable in variables
        if variable.entity.key == entity and unit in (None, variable.definition_period)
    ]


def calculate_table(
    simulation: Simulation,
    table: ResultTable,
    identifiers: pa.Table,
    beside: Callable[[dict, slice], dict] = lambda columns, _: columns,
) -> Iterator[pa.Table]:
    """Give the rows of a table of results; the periods of each row follow each other.

    In this order the rows of a population are the same however it is divided.

    Args:
        simulation: The population.
        table: What is asked of it.
        identifiers: The rows of the entity, with the columns of ``ENTITIES``.
        beside: Adds columns to those of some rows of the entity.

    Yields:
        Some of the rows.
    """
    periods = table.periods or (None,)
    # The engine keeps what it computed: these are no copies.
    values = {
        one: [value_in(simulation, one, when) for when in periods]
        for one in table.variables
    }
    size = max(_ROWS_AT_ONCE // len(periods), 1)
    for first in range(0, max(len(identifiers), 1), size):
        some = identifiers.slice(first, size)
        rows = slice(first, first + size)
        columns = {
            name: _spread(some[name], len(periods)) for name in ENTITIES[table.entity]
        }
        if table.when is not None:
            columns[table.when] = _cycle([str(one) for one in periods], len(some))
        for variable, by_period in values.items():
            mixed = [numpy.asarray(one[rows]) for one in by_period]
            columns[variable.name] = column_of(
                mixed[0] if len(mixed) == 1 else numpy.stack(mixed, 1).reshape(-1),
                variable,
            )
        yield pa.table(beside(columns, rows))


def column_of(values: numpy.ndarray, variable: Variable) -> pa.Array:
    """Give the values of an output as they are handed over.

    Args:
        values: As ``value_in`` gives them; of a truth, over a year, months.
        variable: The output.
    """
    if variable.value_type is bool and values.dtype != bool:
        return pa.array(values)
    return to_column(values, variable)


def value_in(
    simulation: Simulation, variable: Variable, when: Period | None
) -> numpy.ndarray:
    """Give the values of an output in a period.

    Over a year the amounts, days and counts of the months add up; of a truth the
    months are counted; of a code, or of the months of a life so far, that of the last
    month is given.
    """
    added = periods_added(variable, when or Period.eternity())
    if len(added) == 1:
        return simulation.calculate(variable.name, added[0])
    kind = numpy.float64 if variable.value_type is float else numpy.int64
    total = numpy.zeros(simulation.populations[variable.entity.key].count, kind)
    for one in added:
        total += simulation.calculate(variable.name, one)
    check_amounts(total, variable.name, when)
    return total


def periods_added(variable: Variable, when: Period) -> list[Period]:
    """List the periods of an output that are added up to its value in a period."""
    unit = variable.definition_period
    if unit in {DateUnit.ETERNITY, when.unit}:
        return [when]
    parts = when.get_subperiods(unit)
    is_last = variable.value_type is Enum or variable.unit == "month"
    return parts[-1:] if is_last else parts


def _spread(names: pa.ChunkedArray, times: int) -> pa.ChunkedArray | pa.DictionaryArray:
    """Give each name so many times, at little cost."""
    if times == 1:
        return names
    # Each different name once: else the bytes of Parquet vary from run to run.
    different = names.combine_chunks().dictionary_encode()
    indices = numpy.repeat(different.indices.to_numpy(), times)
    return pa.DictionaryArray.from_arrays(indices, different.dictionary)


def _cycle(texts: list[str], times: int) -> pa.DictionaryArray:
    """Give texts one after the other, so many times over."""
    indices = numpy.tile(numpy.arange(len(texts), dtype=numpy.int16), times)
    return pa.DictionaryArray.from_arrays(indices, texts)


def _no_span(text: str) -> str:
    return (
        f'--periods: "{text}" is not a range of months or years; write e.g. 2019:2025'
        " or 2024-01:2024-12"
    )
