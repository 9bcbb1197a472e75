"""What a population comes to, year by year.

Every measure is a count or a sum in whole steps, so that the summaries of the parts of
a population add up to that of the whole, to the last digit, provided that no part cuts
a volunteer in two.
"""

from collections.abc import Sequence

import numpy
import pyarrow as pa

from openfisca_isv.population.groups.figures import database
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.small_cells import cells_to_mask, small
from openfisca_isv.population.subject import (
    MEASURES,
    OF_VOLUNTEERS,
    SUM_OF_SUBJECTS,
    Measure,
)

SHOWN = {name: one for name, one in MEASURES.items() if one.is_shown}
_SUMMARY = """
WITH person AS (
    SELECT year, volunteer, {sums}
    FROM (SELECT *, start_year = year AS starts FROM mission_years)
    GROUP BY year, volunteer
), credited AS (
    SELECT year, sum(round(value * person_weight)::BIGINT)::BIGINT AS steps,
        count(*) FILTER (value <> 0) AS people
    FROM volunteer_years GROUP BY year
)
SELECT year, {totals}, coalesce(any_value(steps), 0) AS {credited},
    coalesce(any_value(people), 0) AS people_{credited}
FROM range({first}, {stop}) y(year) LEFT JOIN credited USING (year)
LEFT JOIN person USING (year) GROUP BY year ORDER BY year"""
_UNMET = """
SELECT y.year, condition, coalesce(sum(weight), 0)::BIGINT AS steps,
    count(DISTINCT volunteer) AS people
FROM range({first}, {stop}) y(year) CROSS JOIN range(1, {stop_rank}) c(condition)
LEFT JOIN (FROM mission_years WHERE start_year = year) m
    ON m.year = y.year AND unmet = condition
GROUP BY ALL ORDER BY ALL"""


def summarise(
    years: range, mission_years: pa.Table, volunteer_years: pa.Table
) -> pa.Table:
    """Add up each year of a part of a population.

    Args:
        years: The years.
        mission_years: What each mission comes to in each of them.
        volunteer_years: What each volunteer is credited with in each.

    Returns:
        One row per year: of each measure the sum in steps of a millionth, under its
        name, and how many volunteers it is about, under ``people_`` and its name.
    """
    names = [name for name, one in MEASURES.items() if one.value]
    query = _SUMMARY.format(
        sums=", ".join(
            f"{_sum(MEASURES[name])} AS s_{name},"
            f" bool_or(({MEASURES[name].value})::DOUBLE <> 0) AS h_{name}"
            for name in names
        ),
        totals=", ".join(
            f"coalesce(sum(s_{name}), 0)::BIGINT AS {name},"
            f" count(*) FILTER (h_{name}) AS people_{name}"
            for name in names
        ),
        credited=OF_VOLUNTEERS,
        first=years.start,
        stop=years.stop,
    )
    with database() as connection:
        connection.register("mission_years", mission_years)
        connection.register("volunteer_years", volunteer_years)
        return connection.sql(query).to_arrow_table()


def count_unmet_conditions(
    years: range, mission_years: pa.Table, conditions: Sequence[str]
) -> pa.Table:
    """Count the contracts of a part, by the first of some conditions that fails.

    Returns:
        One row per year in which contracts may start and number of a condition:
        ``steps`` and ``people``.
    """
    span = {"first": years.start, "stop": years.stop, "stop_rank": len(conditions)}
    with database() as connection:
        connection.register("mission_years", mission_years)
        return connection.sql(_UNMET.format(**span)).to_arrow_table()


def by_year(added: pa.Table, *, is_weighted: bool, min_cell: int = 0) -> pa.Table:
    """Return one row per year: the year, then the measures.

    Args:
        added: What ``summarise`` gave of all parts, added up.
        is_weighted: Counts are sums of weights, and may have decimals.
        min_cell: Withhold what is about fewer volunteers than this, with the other
            measures of its subject; a column ``masked`` then tells of it.
    """
    masked = {name: numpy.zeros(len(added), bool) for name in SHOWN}
    if min_cell:
        masked = _masked_measures(added, min_cell)
    columns = {"year": added["year"]}
    for name, measure in SHOWN.items():
        is_count = measure.unit == "none" and not is_weighted
        kind = numpy.int64 if is_count else numpy.float64
        values = (added[name].to_numpy() / MICROS).astype(kind)
        columns[name] = pa.array(values, mask=masked[name])
    if min_cell:
        columns["masked"] = pa.array(numpy.any(list(masked.values()), axis=0))
    return pa.table(columns)


def unmet_conditions(
    added: pa.Table, conditions: Sequence[str], *, is_weighted: bool, min_cell: int = 0
) -> pa.Table:
    """Return a row per condition, in the order of the law, and a column per year."""
    years = added["year"].unique().to_pylist()
    # The first one says that none fails.
    unmet = conditions[1:]
    steps, counts = (
        added[one].to_numpy().reshape(len(years), len(unmet)).T
        for one in ("steps", "people")
    )
    masked = numpy.zeros(counts.shape, bool)
    if min_cell:
        ranks = [one.reshape(-1) for one in numpy.indices(counts.shape)]
        flat = counts.reshape(-1)
        is_small = small(flat, min_cell)
        masked = cells_to_mask(is_small, flat, min_cell, ranks).reshape(counts.shape)
    numbers = (steps / MICROS).astype(numpy.float64 if is_weighted else numpy.int64)
    return pa.table(
        {"condition": unmet}
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


def _masked_measures(added: pa.Table, min_cell: int) -> dict[str, numpy.ndarray]:
    """Return the years in which a measure is masked, with all of its subject."""
    of_subject: dict[str, numpy.ndarray] = {}
    for name, one in MEASURES.items():
        is_small = small(added[f"people_{name}"].to_numpy(), min_cell)
        of_subject[one.subject] = of_subject.get(one.subject, False) | is_small
    masked = {name: of_subject[one.subject] for name, one in SHOWN.items()}
    # What is masked of one subject would be the sum less the others.
    name, subjects = SUM_OF_SUBJECTS
    masked[name] = numpy.any([of_subject[one] for one in subjects], axis=0)
    return masked
