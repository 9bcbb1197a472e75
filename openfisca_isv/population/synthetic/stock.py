"""How many volunteers leave each year, so that the stocks come out as published."""

from collections.abc import Callable, Sequence
from functools import partial

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.lives import Lives, join
from openfisca_isv.population.synthetic.shares import Share
from openfisca_isv.population.synthetic.volunteers import draw_lives

#: Years over which the first cohort leaves, so that it does not return all at once.
_FIRST_COHORT_YEARS = 3
#: More candidates than the stock lacks, for those who are back before the year ends.
_SPARE = 1.4


def draw_stocks(
    draws: Draws, statistics: dict, printed: pa.Table, share: Share
) -> Lives:
    """Draw the volunteers abroad and in France, year after year.

    Args:
        draws: The stream of draws.
        statistics: The numbers by which to draw.
        printed: The missions of the printed cases, which count in the stocks.
        share: The part of the population that they are.
    """

    def draw(years: range, count: int, *, in_france: bool) -> Lives:
        return draw_lives(draws, statistics, years, count, in_france=in_france)

    in_france = _draw_in_france(
        partial(draw, in_france=True), statistics, printed, share
    )
    first, last = statistics["years"]["drawn_from"], statistics["years"]["last"]
    start = first + _FIRST_COHORT_YEARS
    cohorts = [range(first, start), *(range(y, y + 1) for y in range(start, last + 1))]
    stocks = []
    for cohort in cohorts:
        day = _last_day(cohort)
        total = interpolate(statistics["stock_on_31_december"]["value"], day)
        others = in_france.careers.is_in_mission(day).sum() + len(
            _in_mission(printed, day)
        )
        stocks.append(share.of(total) - int(others))
    return join(
        [in_france, *fill_stock(partial(draw, in_france=False), cohorts, stocks)]
    )


def _draw_in_france(
    draw: Callable[[range, int], Lives],
    statistics: dict,
    printed: pa.Table,
    share: Share,
) -> Lives:
    """Draw those hosted in France: first missions as counted, then stocks."""
    host = pc.equal(printed["host_country"].cast(pa.string()), "FR")
    printed = printed.filter(host)
    counted = statistics["first_missions_in_france"]["value"]
    parts = []
    for year, missions in counted.items():
        starts = pc.equal(pc.year(printed["start_date"]), year)
        lacking = share.of(missions) - pc.sum(starts, min_count=0).as_py()
        parts.append(draw(range(year, year + 1), max(lacking, 0)))
    lives = join(parts)
    last = statistics["years"]["last"]
    cohorts = [range(year, year + 1) for year in range(max(counted) + 1, last + 1)]
    stocks = []
    for cohort in cohorts:
        day = _last_day(cohort)
        total = interpolate(statistics["stock_in_france_on_31_december"]["value"], day)
        others = lives.careers.is_in_mission(day).sum() + len(_in_mission(printed, day))
        stocks.append(share.of(total) - int(others))
    return join([lives, *fill_stock(draw, cohorts, stocks)])


def interpolate(known: dict[int, float], day: numpy.datetime64) -> float:
    """Give the value at the end of a year, on the line between the known ones."""
    years = sorted(known)
    year = day.astype(object).year
    return float(numpy.interp(year, years, [known[one] for one in years]))


def _in_mission(printed: pa.Table, day: numpy.datetime64) -> pa.Table:
    """Keep the missions of the printed cases that are in course on a day."""
    started = pc.less_equal(printed["start_date"], day.astype(object))
    ends = pc.greater_equal(printed["end_date"], day.astype(object))
    return printed.filter(pc.and_(started, ends))


def _last_day(years: range) -> numpy.datetime64:
    """Give the last day of some years."""
    return numpy.datetime64(f"{years.stop - 1}-12-31")


def fill_stock(
    draw: Callable[[range, int], Lives],
    cohorts: Sequence[range],
    stocks: Sequence[int],
) -> list[Lives]:
    """Draw cohort after cohort, each as large as the stock at its end requires.

    Args:
        draw: Draws so many lives that start in some years.
        cohorts: The years in which each cohort starts, in order of time.
        stocks: Volunteers in mission on the last day of each cohort.

    Returns:
        The cohorts. Where those before leave more than the stock, one is empty.
    """
    days = [_last_day(cohort) for cohort in cohorts]
    present = numpy.zeros(len(cohorts), dtype=numpy.int64)
    filled = []
    for rank, (cohort, stock) in enumerate(zip(cohorts, stocks, strict=True)):
        lacking = max(stock - int(present[rank]), 0)
        lives = draw(cohort, int(lacking * _SPARE) + 10)
        while lives.careers.is_in_mission(days[rank]).sum() < lacking:
            lives = join([lives, draw(cohort, lacking)])
        reached = numpy.cumsum(lives.careers.is_in_mission(days[rank]))
        lives = lives.take(slice(numpy.searchsorted(reached, lacking) + bool(lacking)))
        present += [lives.careers.is_in_mission(day).sum() for day in days]
        filled.append(lives)
    return filled
