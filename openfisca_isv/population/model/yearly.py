"""What each mission comes to in each year: one table, of which all sums are made.

The engine holds amounts in 32 bits, about seven digits. They are added up in 64 bits,
and rounded to the cent over a year, and where they are handed over.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy
import pyarrow as pa
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit, Instant, Period, period
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.dates import MONTHS_PER_YEAR, UNKNOWN_DAY
from openfisca_isv.population.groups.fixed_point import fixed
from openfisca_isv.population.subject import (
    AGREED,
    AMOUNTS,
    DAYS,
    FACTS,
    FLOWS,
    LAST_DAY,
    MINIMUM,
    NONE,
    PAID_MONTHS,
    SHORTFALL,
    START,
)
from openfisca_isv.population.tables.typed_tables import Tables

#: How many years back most formulas read, and the months that makes.
_YEARS_READ = 2
MONTHS_READ = (_YEARS_READ + 1) * MONTHS_PER_YEAR
#: Euros that no mission comes to in a year, whatever the tables or a reform may say.
_HIGHEST = 100_000_000


@dataclass(frozen=True)
class Weights:
    """How many people missions and volunteers stand for, in fixed point.

    Attributes:
        missions: Weight of each mission, shape ``(missions,)``.
        volunteers: Weight of each volunteer, shape ``(volunteers,)``; where the
            weights are those of missions, the mean of the volunteer's.
    """

    missions: numpy.ndarray
    volunteers: numpy.ndarray

    @classmethod
    def of(cls, tables: Tables, column: str | None, owner: numpy.ndarray) -> Self:
        """Read the weights of a population.

        Args:
            tables: The population.
            column: The column of weights, of the missions or of the volunteers.
            owner: Position of the volunteer of each mission, shape ``(missions,)``.
        """
        count = len(tables.volunteers)
        if column is None:
            ones = numpy.ones(count)
            return cls(fixed(ones[owner]), fixed(ones))
        if column in tables.volunteers.column_names:
            values = _numbers(tables.volunteers[column])
            return cls(fixed(values[owner]), fixed(values))
        values = _numbers(tables.missions[column])
        steps = fixed(values)
        number = numpy.bincount(owner, minlength=count)
        # Whole numbers, whose sums do not depend on the order of the rows.
        total = numpy.bincount(owner, steps, count)
        means = numpy.rint(total / numpy.maximum(number, 1)).astype(numpy.int64)
        return cls(steps, means)


def _numbers(column: pa.ChunkedArray) -> numpy.ndarray:
    return column.to_numpy().astype(numpy.float64)


@dataclass(frozen=True)
class Outcome:
    """What one law gives a part of a population.

    Attributes:
        missions: One row per mission: what does not change over time.
        years: One row per mission and year in which it starts, ends or comes to
            something, year by year. ``mission`` and ``volunteer``, their positions;
            ``weight``, ``person_weight``, in steps; ``year``, ``start_year``,
            ``end_year``; ``on_last_day``, of the year, the contract was in course;
            the names of ``FACTS``; those of ``AMOUNTS``, in cents; ``months``,
            served, a part of a month counting by its days; ``paid_months``, for which
            ``PAID_MONTHS`` is due.
    """

    missions: pa.Table
    years: pa.Table


def codes_of(name: str, *laws: TaxBenefitSystem) -> list[str]:
    """Return the codes that a variable may have under some laws, those of none first.

    A reform may have a list of its own, of which the ranks say something else.
    """
    variables = [law.get_variable(name) for law in laws]
    lists = [getattr(one, "possible_values", ()) for one in variables]
    codes = dict.fromkeys(one.name for some in lists for one in some)
    return sorted(codes, key=lambda one: one != NONE)


def ranked(values: EnumArray, codes: Sequence[str]) -> numpy.ndarray:
    """Return the rank of each value among the codes."""
    ranks = [codes.index(one.name) for one in values.possible_values]
    return numpy.array(ranks)[values.view(numpy.ndarray)]


def outcome_of(  # noqa: PLR0913, PLR0917 - what is added up, and how
    simulation: Simulation,
    years: range,
    weights: Weights,
    rules: Sequence[str] = (),
    kept: Sequence[Period] | None = None,
    conditions: Sequence[str] = (),
) -> Outcome:
    """Ask the engine for every month of some years, and add up by year.

    Args:
        simulation: A population under a law.
        years: The years.
        weights: The weights of its missions and volunteers.
        rules: Monthly amounts to add up by year beside those of ``AMOUNTS``.
        kept: What is asked for later: other months are forgotten once the years after
            them are added up; by default none is.
        conditions: What contracts may fail first under all laws compared, by whose
            ranks ``unmet`` tells it; by default under this one.
    """
    flows, amounts = (dict.fromkeys((*own, *rules)) for own in (FLOWS, AMOUNTS))

    def ask(name: str, when: object = DateUnit.ETERNITY) -> numpy.ndarray:
        return simulation.calculate(name, when).view(numpy.ndarray)

    owner = simulation.populations["volunteer"].members_entity_id
    start, last = ask(START), ask(LAST_DAY)
    same = {
        "mission": numpy.arange(len(owner)),
        "volunteer": owner,
        "weight": weights.missions,
        "person_weight": weights.volunteers[owner],
        "start_year": _year_of(start),
        "end_year": _year_of(last),
    } | {name: ask(fact) for name, fact in FACTS.items()}
    unmet = FACTS["unmet"]
    conditions = conditions or codes_of(unmet, simulation.tax_benefit_system)
    same["unmet"] = ranked(simulation.calculate(unmet, DateUnit.ETERNITY), conditions)
    check_amounts(ask(MINIMUM), MINIMUM)
    lacking = ask(MINIMUM).astype(numpy.float64) - ask(AGREED)
    tables = []
    for year in years:
        eve = numpy.datetime64(f"{year}-12-31")
        totals = {name: numpy.zeros(len(owner)) for name in (*flows, "months")}
        paid = numpy.zeros(len(owner), numpy.int64)
        for month in period(str(year)).get_subperiods(DateUnit.MONTH):
            for name in flows:
                totals[name] += ask(name, month)
            totals["months"] += ask(DAYS, month) / month.days
            paid += ask(PAID_MONTHS, month) > 0
        totals[SHORTFALL] = numpy.maximum(lacking, 0) * totals["months"]
        # The sums come first: what is at fault is told of the part.
        for name in reversed(amounts):
            check_amounts(totals[name], name, year)
            totals[name] = numpy.rint(totals[name] * 100).astype(numpy.int64)
        columns = same | totals | {"paid_months": paid}
        columns["year"] = numpy.full(len(owner), year)
        columns["on_last_day"] = (start <= eve) & (last >= eve)
        begins_or_ends = (same["start_year"] == year) | (same["end_year"] == year)
        has_some = begins_or_ends | numpy.any([one != 0 for one in totals.values()], 0)
        tables.append(pa.table(columns).filter(pa.array(has_some)))
        if kept is not None:
            _forget_months(simulation, year - _YEARS_READ, kept)
    return Outcome(pa.table(same), pa.concat_tables(tables))


def _forget_months(simulation: Simulation, year: int, kept: Sequence[Period]) -> None:
    """Forget what was computed of the months of a year, but for those in some periods.

    A formula that reads them all the same computes them again.
    """
    whole = period(str(year))
    months = whole.get_subperiods(DateUnit.MONTH)
    forgotten = _Months(whole)
    forgotten.starts = {
        one.start for one in months if not any(other.contains(one) for other in kept)
    }
    for name, variable in simulation.tax_benefit_system.variables.items():
        if variable.definition_period == DateUnit.MONTH and variable.formulas:
            simulation.get_holder(name).delete_arrays(forgotten)


class _Months(Period):
    """Some months of a year. The engine compares periods day by day, which is slow."""

    starts: Collection[Instant]

    def contains(self, other: Period) -> bool:
        """Return whether a month is one of them."""
        return other.start in self.starts


def volunteer_years(
    simulation: Simulation, years: range, weights: Weights, name: str
) -> pa.Table:
    """Return an output of volunteers: ``year``, ``person_weight``, ``value``."""
    return pa.concat_tables(
        pa.table(
            {
                "year": numpy.full(len(weights.volunteers), year),
                "person_weight": weights.volunteers,
                "value": simulation.calculate(name, str(year)),
            }
        )
        for year in years
    )


def check_amounts(
    values: numpy.ndarray, name: str, period: object | None = None
) -> None:
    """Check amounts before they are added up."""
    is_usual = numpy.abs(values) <= _HIGHEST
    if not is_usual.all():
        amount = values[~is_usual][0].item()
        about = name if period is None else f"{name} of {period}"
        message = f"{about} is {amount:g} for a mission"
        raise ArithmeticError(message)


def to_column(values: numpy.ndarray, variable: Variable) -> pa.Array:
    """Return the values of a variable as a column.

    Amounts are rounded to the cent; a day that is unknown is null.
    """
    if variable.value_type is Enum:
        names = [member.name for member in variable.possible_values]
        return pa.DictionaryArray.from_arrays(values.view(numpy.ndarray), names)
    if variable.value_type is float:
        return pa.array(values.astype(numpy.float64).round(2))
    if variable.value_type is date:
        days = values.astype("datetime64[D]")
        return pa.array(days, mask=days == numpy.datetime64(UNKNOWN_DAY))
    return pa.array(values)


def _year_of(days: numpy.ndarray) -> numpy.ndarray:
    return days.astype("datetime64[Y]").astype(numpy.int64) + 1970
