"""How many volunteers leave each year, so that the stocks come out as published."""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy

from openfisca_isv.population.synthetic.careers import Lives, is_in_mission
from openfisca_isv.population.synthetic.draws import Draws
from openfisca_isv.population.synthetic.lives import draw_lives

#: Years over which the first cohort leaves, so that it does not return all at once.
_FIRST_COHORT_YEARS = 3
#: More candidates than the stock lacks, for those who are back before the year ends.
_SPARE = 1.4


def draw_stocks(
    draws: Draws, statistics: dict, printed: Sequence[dict], scale: float
) -> Lives:
    """Draw the volunteers in France, then those abroad, year after year."""

    def fill(stocks: str, others: Sequence[dict], cohorts: Iterable[range]) -> None:
        """Add cohorts, each as large as the stock at its end requires, or empty.

        The stock of a year lies on the line between the known ones.
        """
        known = sorted(statistics[stocks]["value"].items())
        in_france = others is printed_in_france
        draw = partial(draw_lives, draws, statistics, in_france=in_france)
        for cohort in cohorts:
            day = numpy.datetime64(f"{cohort[-1]}-12-31")
            stock = numpy.interp(cohort[-1], *zip(*known, strict=True))
            lacking = round(float(stock) * scale)
            lacking -= sum(int(is_in_mission(one, day).sum()) for one in lives)
            lacking -= sum(
                one["start_date"] <= day.item() <= one["end_date"] for one in others
            )
            lacking = max(lacking, 0)
            drawn = draw(cohort, int(lacking * _SPARE) + 10)
            while is_in_mission(drawn, day).sum() < lacking:
                drawn = _join([drawn, draw(cohort, lacking)])
            reached = numpy.cumsum(is_in_mission(drawn, day))
            kept = numpy.searchsorted(reached, lacking) + bool(lacking)
            lives.append({name: values[:kept] for name, values in drawn.items()})

    first, last = statistics["years"]["drawn_from"], statistics["years"]["last"]
    counted = statistics["first_missions_in_france"]["value"]
    printed_in_france = [one for one in printed if one["host_country"] == "FR"]
    lives: list[Lives] = []
    for year, missions in counted.items():
        known = sum(one["start_date"].year == year for one in printed_in_france)
        lacking = max(round(missions * scale) - known, 0)
        cohort = range(year, year + 1)
        lives.append(draw_lives(draws, statistics, cohort, lacking, in_france=True))
    years = range(max(counted) + 1, last + 1)
    cohorts = [range(year, year + 1) for year in years]
    fill("stock_in_france_on_31_december", printed_in_france, cohorts)
    start = first + _FIRST_COHORT_YEARS
    cohorts = [range(first, start), *(range(y, y + 1) for y in range(start, last + 1))]
    fill("stock_on_31_december", printed, cohorts)
    return _join(lives)


def _join(parts: Sequence[Lives]) -> Lives:
    """Put lives together, one part after the other."""
    return {
        name: numpy.concatenate([part[name] for part in parts]) for name in parts[0]
    }
