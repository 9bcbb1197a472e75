"""How close a synthetic population comes to the published figures of the scheme."""

from collections.abc import Iterator
from math import nan

import pyarrow as pa

from openfisca_isv.population.synthetic.figures import (
    DESCRIBED,
    Figures,
    count_figures,
)
from openfisca_isv.population.tables.typed_tables import Tables

_DAYS_PER_MONTH = 365.2425 / 12
#: 17 400 missions in twenty years.
_DEPARTURES = 870
_YEARS_OF_DEPARTURE = range(2022, 2026)
_FIRST_HOSTS = ("MG", "KH", "PH", "CM", "HT")
_NOT_WORKING = ("jobseeker", "student")
_YEARS_20 = "France Volontaires, page on twenty years of the law"
_STANDING = "France Volontaires, standing page"
_SURVEY = "Ipsos for CLONG, former volunteers"


def closeness(tables: Tables, statistics: dict, scale: float = 1) -> pa.Table:
    """Set a population that is held beside each published figure.

    Args:
        tables: A population as ``synthetic_population`` draws it.
        statistics: The numbers by which it was drawn.
        scale: How many times the size of the scheme it is.

    Returns:
        As ``closeness_of`` gives it.
    """
    return closeness_of(count_figures(tables, statistics), statistics, scale)


def closeness_of(figures: Figures, statistics: dict, scale: float = 1) -> pa.Table:
    """Set what was counted in a population beside each published figure.

    Args:
        figures: The counts of all its blocks, added up.
        statistics: The numbers by which it was drawn.
        scale: How many times the size of the scheme it is.

    Returns:
        A row a figure: ``statistic``, ``source``, ``target``, ``got``, ``tolerance``
        and whether it is ``met``; the last three are empty for what the tables do not
        hold. Shares and means have a wider tolerance in a population smaller than the
        scheme, for it is a smaller sample.
    """
    wider = 1 / min(scale, 1) ** 0.5
    rows = [
        *_stocks(figures, statistics, scale),
        *_people(figures, wider),
        *_hosts(figures, statistics, wider),
        *_flows(figures, scale, wider),
        _row(
            "accredited bodies",
            "France Volontaires, 23 October 2023, and the ministry",
            23,
            figures.accredited,
            0,
        ),
        {"statistic": "women, share", "source": _YEARS_20, "target": 0.63},
    ]
    return pa.Table.from_pylist(
        [{"got": None, "tolerance": None, "met": None} | row for row in rows],
        pa.schema(
            [
                ("statistic", pa.string()),
                ("source", pa.string()),
                ("target", pa.float64()),
                ("got", pa.float64()),
                ("tolerance", pa.float64()),
                ("met", pa.bool_()),
            ]
        ),
    )


def _row(
    statistic: str, source: str, target: float, got: float, tolerance: float
) -> dict:
    """Set one figure beside the population."""
    return {
        "statistic": statistic,
        "source": source,
        "target": target,
        "got": float(got),
        "tolerance": tolerance,
        # A hair more, for shares are rounded.
        "met": bool(abs(got - target) <= tolerance + 1e-9),
    }


def _stocks(figures: Figures, statistics: dict, scale: float) -> Iterator[dict]:
    """Compare volunteers in mission at the end of a year, and first missions."""
    for year, stock in statistics["stock_on_31_december"]["value"].items():
        if year in DESCRIBED:
            target = round(stock * scale)
            name = f"volunteers in mission, 31 December {year}"
            got = figures.volunteers[year]
            yield _row(name, "France Volontaires", target, got, _few(target))
    for year, stock in statistics["stock_in_france_on_31_december"]["value"].items():
        got = figures.missions_in_france[year]
        target = round(stock * scale)
        name = f"of which in France, 31 December {year}"
        yield _row(name, _YEARS_20, target, got, _few(target))
        target = stock / statistics["stock_on_31_december"]["value"][year]
        share = _ratio(got, figures.missions[year])
        name = f"share in France, 31 December {year}"
        yield _row(name, _YEARS_20, target, share, 0.005)
    source = "France Volontaires, 29 November 2024"
    for year, missions in statistics["first_missions_in_france"]["value"].items():
        target = round(missions * scale)
        name = f"first missions in France, {year}"
        yield _row(name, source, target, figures.first_in_france[year], _few(target))


def _people(figures: Figures, wider: float) -> Iterator[dict]:
    """Compare the ages and the statuses before departure."""
    ages, count = figures.ages, figures.ages.total()
    # Who has lived so many complete years is half a year older, on average.
    mean = _ratio(sum(age * number for age, number in ages.items()), count) + 0.5
    yield _row("mean age at the start, years", _YEARS_20, 30, mean, 1 * wider)
    under = _ratio(
        sum(number for age, number in ages.items() if age < 30),  # noqa: PLR2004 -- as published
        count,
    )
    yield _row("under 30, share", _STANDING, 0.6, under, 0.02 * wider)
    statuses = figures.statuses
    working = [one for one in statuses if one and one not in _NOT_WORKING]
    for name, target, counted in (
        ("working before departure, share", 0.58, working),
        ("jobseekers before departure, share", 0.13, ["jobseeker"]),
        ("students before departure, share", 0.12, ["student"]),
    ):
        share = _ratio(sum(statuses[one] for one in counted), statuses.total())
        yield _row(name, _SURVEY, target, share, 0.02 * wider)


def _hosts(figures: Figures, statistics: dict, wider: float) -> Iterator[dict]:
    """Compare where the missions abroad take place."""
    abroad = {
        code: count
        for code, count in figures.hosts.items()
        if code is not None and code != "FR"
    }
    regions = statistics["host_countries"]["value"]
    for names, label, target in (
        (("sub_saharan_africa",), "sub-Saharan Africa", 1 / 2),
        (("asia",), "Asia", 1 / 3),
        (("latin_america_and_caribbean", "north_africa"), "rest of the world", 1 / 6),
    ):
        count = sum(abroad.get(code, 0) for name in names for code in regions[name])
        share = _ratio(count, sum(abroad.values()))
        yield _row(f"{label}, share abroad", _STANDING, target, share, 0.02 * wider)
    most = sorted(abroad, key=lambda code: (-abroad[code], code))[: len(_FIRST_HOSTS)]
    together = len(set(most) & set(_FIRST_HOSTS))
    name = f"of the first five hosts ({', '.join(_FIRST_HOSTS)}), among the first five"
    yield _row(name, _YEARS_20, 5, together, 0 if wider == 1 else 1)


def _flows(figures: Figures, scale: float, wider: float) -> Iterator[dict]:
    """Compare departures and the time that volunteers stay."""
    left = sum(figures.departures[year] for year in _YEARS_OF_DEPARTURE)
    departures = left / len(_YEARS_OF_DEPARTURE)
    target = _DEPARTURES * scale
    name = "first departures a year, 2022 to 2025"
    yield _row(name, _YEARS_20, target, departures, 0.05 * target * wider)
    months = _ratio(figures.days_served, figures.back) / _DAYS_PER_MONTH
    name = "months served in all, mean (stock over departures)"
    yield _row(name, _YEARS_20, 12 * 1763 / 870, months, 3 * wider)


def _ratio(part: float, whole: float) -> float:
    """Divide; there is no share of nothing."""
    return part / whole if whole else nan


def _few(target: float) -> float:
    """Allow one in two hundred, and one at least."""
    return max(1, target // 200)
