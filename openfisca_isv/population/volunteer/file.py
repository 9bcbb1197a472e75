"""The file of one volunteer: what was given, what follows, under which provision.

Mission by mission, and in the order of the law. What is undetermined is said to be.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.dates import UNKNOWN_DAY
from openfisca_isv.population.model.conclusions import CONCLUSIONS
from openfisca_isv.population.model.simulation import build_simulation
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.volunteer.citations import Span, provisions_in_force
from openfisca_isv.population.volunteer.wording import (
    UNDETERMINED,
    over_months,
    over_years,
    value_by_month,
    value_text,
)

#: The premium is asked for within a year of the return, and is due over months.
_YEARS_AFTER_RETURN = 2
_MOST_YEARS = 60
#: It adds up the missions of others, who are not in the file.
_OF_OTHERS = "organisation_state_aid"


@dataclass(frozen=True)
class Line:
    """One conclusion.

    Attributes:
        name: The variable.
        label: What it says.
        value: Its value in words; of what goes by month, what it comes to.
        provisions: The provisions that it applies, by identifier.
    """

    name: str
    label: str
    value: str
    provisions: list[str]


@dataclass(frozen=True)
class Chapter:
    """What the file says of one mission, or of the volunteer.

    Attributes:
        title: Of which mission, or of whom.
        facts: What was given: the inputs, and their values in words.
        not_given: The other inputs, which read as unknown, or as what never happened.
        sections: What follows, by subject, in the order of the law.
    """

    title: str
    facts: dict[str, str]
    not_given: list[str]
    sections: dict[str, list[Line]]


def volunteer_file(system: TaxBenefitSystem, tables: Tables) -> list[Chapter]:
    """Write the file of one volunteer.

    Args:
        system: The law, or a reform of it.
        tables: The volunteer alone: ``Tables.of_volunteer``.

    Returns:
        The volunteer, then the missions in order of time.
    """
    volunteer = tables.volunteers["volunteer"][0].as_py()
    facts = _facts(system, tables.volunteers, 0)
    if not len(tables.missions):
        title = f"Volunteer {volunteer}, without a mission"
        return [Chapter(title, facts, _not_given(system, facts, "volunteer"), {})]
    years = _years(tables)
    simulation = build_simulation(system, tables, years)
    months = period(f"year:{years.start}:{len(years)}").get_subperiods(DateUnit.MONTH)
    start = simulation.calculate("start_date", DateUnit.ETERNITY)
    chapters = [
        _mission(simulation, tables, months, row)
        for row in numpy.argsort(start, kind="stable").tolist()
    ]
    lines = _sections(
        system,
        ("volunteer",),
        lambda variable: _of_volunteer(simulation, months, variable),
        (start.min(), numpy.datetime64(str(months[-1].stop))),
    )
    facts |= _monthly_facts(simulation, tables.monthly, months)
    others = _not_given(system, facts, "volunteer")
    return [Chapter(f"Volunteer {volunteer}", facts, others, lines), *chapters]


def _years(tables: Tables) -> range:
    """Give the years from the first mission to some time after the last return.

    A contract without an end would never let them stop.
    """
    first = pc.min(tables.missions["start_date"]).as_py() or UNKNOWN_DAY
    ends = (
        pc.max(tables.missions["end_date"]).as_py() or first,
        pc.max(tables.monthly["month"]).as_py() or first,
    )
    last_year = max(first, *ends).year + _YEARS_AFTER_RETURN
    return range(first.year, min(last_year, first.year + _MOST_YEARS) + 1)


def _mission(
    simulation: Simulation, tables: Tables, months: list[Period], row: int
) -> Chapter:
    """Write the chapter of one mission."""
    system = simulation.tax_benefit_system
    name, organisation = (
        tables.missions[key][row].as_py() for key in ("mission", "organisation")
    )
    signing = tables.organisations["organisation"].to_pylist().index(organisation)
    span = tuple(
        _eternal(simulation, day)[row] for day in ("start_date", "effective_end_date")
    )

    def conclude(variable: Variable) -> str:
        if variable.entity.key == "organisation":
            in_month = str(span[0].astype("datetime64[M]"))
            values = simulation.calculate(variable.name, in_month)
            return value_text(variable, values[signing])
        return _of_mission(simulation, months, row, variable)

    facts = _facts(system, tables.missions, row)
    facts |= _facts(system, tables.organisations, signing)
    return Chapter(
        f"Mission {name}, with {organisation}",
        facts,
        _not_given(system, facts, "mission", "organisation"),
        _sections(system, ("mission", "organisation"), conclude, span),
    )


def _of_mission(
    simulation: Simulation, months: list[Period], row: int, variable: Variable
) -> str:
    """Write a conclusion about one mission."""
    if variable.definition_period == DateUnit.ETERNITY:
        value = _eternal(simulation, variable.name)[row]
        text = value_text(variable, value)
        return f"{text}\n{value.value}" if variable.value_type is Enum else text
    values = [simulation.calculate(variable.name, month)[row] for month in months]
    text = over_months(variable, months, numpy.array(values))
    if _eternal(simulation, "resettlement_allowance_is_undetermined")[row]:
        if variable.name == "resettlement_allowance":
            return UNDETERMINED
        if variable.name == "state_cost":
            return f"{text}\nand resettlement, {UNDETERMINED}"
    return text


def _of_volunteer(
    simulation: Simulation, months: list[Period], variable: Variable
) -> str:
    """Write a conclusion about the volunteer."""
    if variable.definition_period == DateUnit.MONTH:
        values = [simulation.calculate(variable.name, month)[0] for month in months]
        return over_months(variable, months, numpy.array(values))
    years = sorted({month.start.year for month in months})
    values = [simulation.calculate(variable.name, str(year))[0] for year in years]
    return over_years(years, numpy.array(values))


def _eternal(simulation: Simulation, name: str) -> numpy.ndarray:
    """Give the values of what does not change, codes as members of their list."""
    values = simulation.calculate(name, DateUnit.ETERNITY)
    return values.decode() if hasattr(values, "decode") else values


def _facts(system: TaxBenefitSystem, table: pa.Table, row: int) -> dict[str, str]:
    """List the inputs that a row gives."""
    facts = {}
    for name in table.column_names:
        variable = system.get_variable(name)
        value = table[name][row].as_py()
        if variable is not None and value is not None:
            facts[name] = value_text(variable, value)
    return facts


def _not_given(
    system: TaxBenefitSystem, facts: dict[str, str], *entities: str
) -> list[str]:
    """List the inputs of some entities that are not among the facts."""
    return [
        variable.name
        for variable in system.variables.values()
        if variable.entity.key in entities
        and variable.is_input_variable()
        and variable.name not in facts
    ]


def _monthly_facts(
    simulation: Simulation, monthly: pa.Table, months: list[Period]
) -> dict[str, str]:
    """List the inputs that the monthly table gives, with their months."""
    facts = {}
    for name in monthly.column_names:
        if name not in ("volunteer", "month") and monthly[name].null_count < len(
            monthly
        ):
            values = [simulation.calculate(name, month)[0] for month in months]
            facts[name] = value_by_month(months, numpy.array(values))
    return facts


def _sections(
    system: TaxBenefitSystem,
    entities: tuple[str, ...],
    conclude: Callable[[Variable], str],
    span: Span,
) -> dict[str, list[Line]]:
    """List the conclusions about some entities, with the provisions of a time."""
    sections = {}
    for subject, names in CONCLUSIONS.items():
        variables = [system.get_variable(name) for name in names if name != _OF_OTHERS]
        lines = [
            Line(
                one.name,
                one.label,
                conclude(one),
                provisions_in_force(one.reference, span),
            )
            for one in variables
            if one.entity.key in entities
        ]
        if lines:
            sections[subject] = lines
    return sections
