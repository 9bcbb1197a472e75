"""What a population is compared by: counts, which add up over its parts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Self

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.groups.grouping import age_on
from openfisca_isv.population.tables.typed_tables import Tables

#: Contracts that start in these years describe the scheme as the figures do.
DESCRIBED = range(2019, 2026)
#: Volunteers who left in these years are back, nearly all.
_BACK = range(2019, 2022)
_ACCREDITED_ON = numpy.datetime64("2024-12-31")


@dataclass(frozen=True)
class Figures:
    """Counts of a population, or of a part that holds whole lives.

    Attributes:
        volunteers: Volunteers in mission on 31 December, by year.
        missions: Missions in course on 31 December, by year.
        missions_in_france: Those of them that take place in France.
        first_in_france: Volunteers, by the year of their first mission in France.
        departures: Volunteers, by the year of their first mission.
        statuses: Volunteers, by status before their first mission, or none.
        hosts: Missions, by host country, or none.
        ages: Missions started in the years described, by age in complete years.
        back: Volunteers who left in years of which nearly all are back.
        days_served: Days that those served in all.
        accredited: Organisations accredited at the end of 2024.
    """

    volunteers: Counter[int]
    missions: Counter[int]
    missions_in_france: Counter[int]
    first_in_france: Counter[int]
    departures: Counter[int]
    statuses: Counter[str | None]
    hosts: Counter[str | None]
    ages: Counter[int]
    back: int
    days_served: int
    accredited: int

    def __add__(self, other: Self) -> Self:
        """Add those of another part of the population."""
        names = [field.name for field in fields(self)]
        return type(self)(
            **{name: getattr(self, name) + getattr(other, name) for name in names}
        )


def count_figures(tables: Tables, statistics: dict) -> Figures:
    """Count what the published figures are compared with.

    Args:
        tables: Whole lives: every mission of each volunteer, in any order.
        statistics: The numbers by which they were drawn, for the years known.
    """
    missions = tables.missions
    names = tables.volunteers["volunteer"].combine_chunks()
    owner = pc.index_in(missions["volunteer"], value_set=names).to_numpy()
    start, agreed_end = _days(missions["start_date"]), _days(missions["end_date"])
    early = missions["early_termination_date"]
    end = numpy.where(early.is_valid(), _days(early), agreed_end)
    end = numpy.minimum(end, agreed_end)
    year = start.astype("datetime64[Y]").astype(numpy.int64) + 1970
    age = age_on(_days(tables.volunteers["birth_date"])[owner], start)
    is_in_france = pc.equal(missions["host_country"].cast(pa.string()), "FR")
    is_in_france = is_in_france.fill_null(False).to_numpy()
    first = _first(owner, start)
    first_in_france = _first(owner[is_in_france], start[is_in_france])

    volunteers, in_course, in_course_in_france = Counter(), Counter(), Counter()
    for one in _years(statistics):
        day = numpy.datetime64(f"{one}-12-31")
        is_in_course = (start <= day) & (end >= day)
        is_in_mission = numpy.zeros(len(names), dtype=bool)
        is_in_mission[owner[is_in_course]] = True
        volunteers[one] = int(is_in_mission.sum())
        in_course[one] = int(is_in_course.sum())
        in_course_in_france[one] = int((is_in_course & is_in_france).sum())

    back = first[numpy.isin(year[first], _BACK)]
    is_back = numpy.zeros(len(names), dtype=bool)
    is_back[owner[back]] = True
    days = (end - start).astype(numpy.int64) + 1
    bodies = tables.organisations
    starts, lasts = (
        _days(bodies[f"accreditation_{one}_date"]) for one in ("start", "end")
    )
    is_accredited = (starts <= _ACCREDITED_ON) & (lasts >= _ACCREDITED_ON)
    return Figures(
        volunteers=volunteers,
        missions=in_course,
        missions_in_france=in_course_in_france,
        first_in_france=_count(year[is_in_france][first_in_france]),
        departures=_count(year[first]),
        statuses=_count(missions["status_before_departure"].take(first)),
        hosts=_count(missions["host_country"]),
        ages=_count(age[numpy.isin(year, DESCRIBED)]),
        back=len(back),
        days_served=int(days[is_back[owner]].sum()),
        accredited=int(is_accredited.sum()),
    )


def _years(statistics: dict) -> Iterable[int]:
    """List the years described whose stock is known."""
    known = (
        statistics["stock_on_31_december"]["value"]
        | statistics["stock_in_france_on_31_december"]["value"]
    )
    return sorted(known.keys() & set(DESCRIBED))


def _first(owner: numpy.ndarray, start: numpy.ndarray) -> numpy.ndarray:
    """Give the row of the first mission of each volunteer who has one."""
    order = numpy.lexsort((start, owner))
    _, places = numpy.unique(owner[order], return_index=True)
    return order[places]


def _count(values: pa.ChunkedArray | numpy.ndarray) -> Counter:
    """Count the rows that have each value."""
    if isinstance(values, numpy.ndarray):
        values = pa.array(values)
    counted = pc.value_counts(values)
    pairs = zip(*(counted.field(place).to_pylist() for place in (0, 1)), strict=True)
    return Counter(dict(pairs))


def _days(column: pa.ChunkedArray) -> numpy.ndarray:
    """Give days as an array; unknown ones are in 1970."""
    zero = pa.scalar(0, pa.int32()).cast(pa.date32())
    return column.fill_null(zero).to_numpy().astype("datetime64[D]")
