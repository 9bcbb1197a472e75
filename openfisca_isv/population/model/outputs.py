"""What is asked beside the summary: outputs, and months or years."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import chain

from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.names import meant
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.language import words
from openfisca_isv.population.subject import CONCLUSIONS, USUAL_BY_YEAR
from openfisca_isv.population.tables.cells import FIRST_YEAR, LAST_YEAR

_MOST_PERIODS = 1200
#: Years that can be summed up at once.
_MOST_YEARS = 100
ENTITIES = {
    "mission": ("mission", "volunteer", "organisation"),
    "volunteer": ("volunteer",),
    "organisation": ("organisation",),
}
_WHEN = {DateUnit.MONTH: "month", DateUnit.YEAR: "year"}


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
    periods: tuple[Period, ...] = ()

    @property
    def when(self) -> str | None:
        """The name of the column of the periods."""
        return _WHEN[self.periods[0].unit] if self.periods else None


def read_periods(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Read spans of months or years: ``2019:2025``, ``2024-01:2024-12``, ``2024``."""
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
    """Read a span of years: ``2019:2025``, or one."""
    first, colon, last = text.strip().partition(":")
    try:
        years = range(int(first), int(last if colon else first) + 1)
    except ValueError:
        years = range(0)
    calendar = range(FIRST_YEAR, LAST_YEAR + 1)
    if not 0 < len(years) <= _MOST_YEARS or years.start not in calendar:
        message = f'"{text}" is not a range of years, e.g. 2019:2025'
        raise RequestError(message)
    return years


def check_outputs(system: TaxBenefitSystem, outputs: tuple[str, ...]) -> None:
    """Refuse the outputs that the model does not have, with the nearest names."""
    for name in outputs:
        if system.get_variable(name) is None:
            message = f'the model has no output "{name}"'
            raise RequestError(message + meant(name, system.variables, start=". "))


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
    """Return whether an output changes over time."""
    return system.get_variable(name).definition_period != DateUnit.ETERNITY


def result_tables(
    system: TaxBenefitSystem, outputs: Sequence[str] = (), periods: Sequence[str] = ()
) -> list[ResultTable]:
    """List the tables of results; that of the missions first.

    Args:
        system: The law.
        outputs: Names of outputs; the usual ones where there is none.
        periods: Months and years, ``2024-01`` or ``2024``, for the outputs that change
            over time.

    Raises:
        RequestError: None of the periods is one of an output.
    """
    periods = [period(one) for one in periods]
    if outputs:
        variables = [system.get_variable(name) for name in outputs]
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
    if lost := [one for one in outputs if one not in told]:
        message = f"{lost[0]} is given by year: ask for years, as --periods 2024"
        raise RequestError(message)
    return tables


def conclusions_of(
    system: TaxBenefitSystem, entity: str, unit: DateUnit | None = None
) -> list[Variable]:
    """List the conclusions about an entity, in the order of the law."""
    # A reform may remove some.
    variables = map(system.variables.get, chain(*CONCLUSIONS.values()))
    return [
        variable
        for variable in filter(None, variables)
        if variable.entity.key == entity and unit in (None, variable.definition_period)
    ]


def periods_added(variable: Variable, when: Period) -> list[Period]:
    """List the periods of an output that are added up to its value in a period."""
    unit = variable.definition_period
    if unit in {DateUnit.ETERNITY, when.unit}:
        return [when]
    parts = when.get_subperiods(unit)
    is_last = variable.value_type is Enum or variable.unit == "month"
    return parts[-1:] if is_last else parts


def _no_span(text: str) -> str:
    return (
        f'--periods: "{text}" is not a range of months or years; write e.g. 2019:2025'
        " or 2024-01:2024-12"
    )
