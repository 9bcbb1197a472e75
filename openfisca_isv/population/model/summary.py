"""What a population comes to, year by year.

Every measure is a count or a sum in whole steps, so that the summaries of the parts of
a population add up to that of the whole, to the last digit, provided that no part cuts
a volunteer in two.
"""

from collections.abc import Mapping
from itertools import product

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.figures import database
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.small_cells import cells_to_mask, small
from openfisca_isv.population.subject import (
    CONDITIONS,
    MEASURES,
    OF_VOLUNTEERS,
    SUM_OF_SUBJECTS,
    Measure,
)

SHOWN = {name: one for name, one in MEASURES.items() if one.is_shown}
_OF_MISSIONS = """
WITH person AS (
    SELECT year, volunteer, {sums}
    FROM (SELECT *, start_year = year AS starts FROM mission_years)
    GROUP BY year, volunteer
)
SELECT year, {totals} FROM person GROUP BY year"""
_OF_VOLUNTEERS = """
SELECT year, sum(round(value * person_weight)::BIGINT)::BIGINT AS steps,
    count(*) FILTER (value <> 0) AS people
FROM volunteer_years GROUP BY year"""
_UNMET = """
SELECT year, unmet, sum(weight)::BIGINT AS steps, count(DISTINCT volunteer) AS people
FROM mission_years WHERE start_year = year GROUP BY year, unmet"""


def summarise(
    years: range, mission_years: pa.Table, volunteer_years: pa.Table
) -> pa.Table:
    """Add up each year of a part of a population.

    Returns:
        A row a year and measure: ``year``, ``name``, its sum in ``steps`` of
        a millionth, and ``people``, how many volunteers it is about.
    """
    names = [name for name, one in MEASURES.items() if one.value]
    of_missions = _OF_MISSIONS.format(
        sums=", ".join(
            f"{_sum(MEASURES[name])} AS s_{name},"
            f" bool_or(({MEASURES[name].value})::DOUBLE <> 0) AS h_{name}"
            for name in names
        ),
        totals=", ".join(
            f"sum(s_{name})::BIGINT AS s_{name}, count(*) FILTER (h_{name}) AS h_{name}"
            for name in names
        ),
    )
    rows = dict.fromkeys(product(years, MEASURES), (0, 0))
    with database() as connection:
        connection.register("mission_years", mission_years)
        connection.register("volunteer_years", volunteer_years)
        for row in connection.sql(of_missions).to_arrow_table().to_pylist():
            for name in names:
                rows[row["year"], name] = row[f"s_{name}"], row[f"h_{name}"]
        for year, *found in connection.sql(_OF_VOLUNTEERS).fetchall():
            rows[year, OF_VOLUNTEERS] = found
    return _listed(rows)


def count_unmet_conditions(years: range, mission_years: pa.Table) -> pa.Table:
    """Count the contracts of a part, by the first condition that fails.

    Returns:
        A row a year in which contracts started and condition, as ``summarise`` has.
    """
    rows = dict.fromkeys(product(years, CONDITIONS), (0, 0))
    with database() as connection:
        connection.register("mission_years", mission_years)
        for year, unmet, *found in connection.sql(_UNMET).fetchall():
            if unmet:
                rows[year, CONDITIONS[unmet - 1]] = found
    return _listed(rows)


def by_year(added: pa.Table, *, is_weighted: bool, min_cell: int = 0) -> pa.Table:
    """Give a row a year: the year, then the measures.

    Args:
        added: What ``summarise`` gave of all parts, added up.
        is_weighted: Counts are sums of weights, and may have decimals.
        min_cell: Withhold what is about fewer volunteers than this, with the other
            measures of its subject; a column ``masked`` then tells of it.
    """
    years, values, people = _pivot(added)
    masked = {name: numpy.zeros(len(years), bool) for name in SHOWN}
    if min_cell:
        masked = _masked_measures(people, min_cell)
    columns = {"year": pa.array(years)}
    for name, measure in SHOWN.items():
        is_count = measure.unit == "none" and not is_weighted
        kind = numpy.int64 if is_count else numpy.float64
        columns[name] = pa.array(values[name].astype(kind), mask=masked[name])
    if min_cell:
        columns["masked"] = pa.array(numpy.any(list(masked.values()), axis=0))
    return pa.table(columns)


def unmet_conditions(
    added: pa.Table, *, is_weighted: bool, min_cell: int = 0
) -> pa.Table:
    """Give a row a condition, in the order of the law, and a column a year."""
    years, values, people = _pivot(added)
    counts = numpy.stack([people[name] for name in CONDITIONS])
    masked = numpy.zeros(counts.shape, bool)
    if min_cell:
        ranks = [one.reshape(-1) for one in numpy.indices(counts.shape)]
        flat = counts.reshape(-1)
        is_small = small(flat, min_cell)
        masked = cells_to_mask(is_small, flat, ranks, min_cell).reshape(counts.shape)
    kind = numpy.float64 if is_weighted else numpy.int64
    numbers = numpy.stack([values[name] for name in CONDITIONS]).astype(kind)
    return pa.table(
        {"condition": CONDITIONS}
        | {
            str(year): pa.array(numbers[:, place], mask=masked[:, place])
            for place, year in enumerate(years)
        }
    )


def _sum(measure: Measure) -> str:
    """Write the sum of a measure over the missions of a volunteer, in steps."""
    if measure.is_of_people:
        return f"any_value(person_weight) * bool_or({measure.value})::INT"
    unit = " / 100" if measure.unit == "currency-EUR" else ""
    return f"sum(round(({measure.value})::DOUBLE{unit} * weight)::BIGINT)"


def _listed(rows: Mapping[tuple[int, str], tuple[int, int]]) -> pa.Table:
    """List sums and people by year and name."""
    return pa.Table.from_pylist(
        [
            {"year": year, "name": name, "steps": steps, "people": people}
            for (year, name), (steps, people) in rows.items()
        ]
    )


def _pivot(
    added: pa.Table,
) -> tuple[list[int], dict[str, numpy.ndarray], dict[str, numpy.ndarray]]:
    """Give the years, and by name the values and the people, shape ``(years,)``."""
    years, names = (
        list(dict.fromkeys(added[one].to_pylist())) for one in ("year", "name")
    )
    steps, people = (
        added[one].to_numpy().reshape(len(years), len(names)).T
        for one in ("steps", "people")
    )
    by_name = (dict(zip(names, one, strict=True)) for one in (steps / MICROS, people))
    return years, *by_name


def _masked_measures(
    people: Mapping[str, numpy.ndarray], min_cell: int
) -> dict[str, numpy.ndarray]:
    """Tell the years in which a measure is masked, with all those of its subject."""
    of_subject: dict[str, numpy.ndarray] = {}
    for name, one in MEASURES.items():
        is_small = small(people[name], min_cell)
        of_subject[one.subject] = of_subject.get(one.subject, False) | is_small
    masked = {name: of_subject[one.subject] for name, one in SHOWN.items()}
    # What is masked of one subject would be the sum less the others.
    name, subjects = SUM_OF_SUBJECTS
    masked[name] = numpy.any([of_subject[one] for one in subjects], axis=0)
    return masked
