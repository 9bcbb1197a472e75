"""How close a synthetic population comes to the published figures of the scheme."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.groups.grouping import age_on
from openfisca_isv.population.tables.population import Tables

_DAYS_PER_MONTH = 365.2425 / 12
#: Contracts that start in these years describe the scheme as the figures do.
_DESCRIBED = numpy.arange(2019, 2026)
#: Volunteers who left in these years are back, nearly all.
_BACK = numpy.arange(2019, 2022)
#: 17 400 missions in twenty years.
_DEPARTURES = 870
_FIRST_HOSTS = ("MG", "KH", "PH", "CM", "HT")
_YEARS_20 = "France Volontaires, page on twenty years of the law"
_STANDING = "France Volontaires, standing page"
_SURVEY = "Ipsos for CLONG, former volunteers"


@dataclass(frozen=True)
class Facts:
    """The missions as arrays, and the first mission of each volunteer."""

    start: numpy.ndarray
    end: numpy.ndarray
    year: numpy.ndarray
    host: numpy.ndarray
    status: numpy.ndarray
    age: numpy.ndarray
    volunteer: numpy.ndarray
    is_first: numpy.ndarray

    @classmethod
    def of(cls, tables: Tables) -> "Facts":
        """Read them from the tables."""
        missions = tables.missions
        names = tables.volunteers["volunteer"].combine_chunks()
        owner = pc.index_in(missions["volunteer"], value_set=names).to_numpy()
        start, end = _days(missions["start_date"]), _days(missions["end_date"])
        early = missions["early_termination_date"].fill_null(
            pc.max(missions["end_date"])
        )
        order = numpy.lexsort((start, owner))
        is_first = numpy.zeros(len(owner), dtype=bool)
        _, places = numpy.unique(owner[order], return_index=True)
        is_first[order[places]] = True
        return cls(
            start=start,
            end=numpy.minimum(end, _days(early)),
            year=start.astype("datetime64[Y]").astype(numpy.int64) + 1970,
            host=_texts(missions["host_country"]),
            status=_texts(missions["status_before_departure"]),
            age=age_on(_days(tables.volunteers["birth_date"])[owner], start),
            volunteer=owner.astype(numpy.int64),
            is_first=is_first,
        )

    def present(self, day: str) -> numpy.ndarray:
        """Tell which missions are in course on a day."""
        on = numpy.datetime64(day)
        return (self.start <= on) & (self.end >= on)


def closeness(tables: Tables, statistics: dict, scale: float = 1) -> pa.Table:
    """Set the population beside each published figure.

    Args:
        tables: A population as ``synthetic_population`` draws it.
        statistics: The numbers by which it was drawn.
        scale: How many times the size of the scheme it is.

    Returns:
        A row a figure: ``statistic``, ``source``, ``target``, ``got``, ``tolerance``
        and whether it is ``met``; the last three are empty for what the tables do not
        hold. Shares and means have a wider tolerance in a population smaller than the
        scheme, for it is a smaller sample.
    """
    facts = Facts.of(tables)
    wider = 1 / min(scale, 1) ** 0.5
    rows = [
        *_stocks(facts, statistics, scale),
        *_people(facts, wider),
        *_hosts(facts, statistics, wider),
        *_flows(facts, scale, wider),
        _row(
            "accredited bodies",
            "France Volontaires, 23 October 2023, and the ministry",
            23,
            _accredited(tables, "2024-12-31"),
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


def _stocks(facts: Facts, statistics: dict, scale: float) -> Iterator[dict]:
    """Count volunteers in mission at the end of a year, and first missions."""
    for year, stock in statistics["stock_on_31_december"]["value"].items():
        if year in _DESCRIBED:
            present = facts.present(f"{year}-12-31")
            count = len(numpy.unique(facts.volunteer[present]))
            target = round(stock * scale)
            name = f"volunteers in mission, 31 December {year}"
            yield _row(name, "France Volontaires", target, count, _few(target))
    in_france = facts.host == "FR"
    for year, stock in statistics["stock_in_france_on_31_december"]["value"].items():
        present = facts.present(f"{year}-12-31")
        count = (present & in_france).sum()
        target = round(stock * scale)
        name = f"of which in France, 31 December {year}"
        yield _row(name, _YEARS_20, target, count, _few(target))
        share = stock / statistics["stock_on_31_december"]["value"][year]
        got = (present & in_france).sum() / present.sum()
        yield _row(f"share in France, 31 December {year}", _YEARS_20, share, got, 0.005)
    source = "France Volontaires, 29 November 2024"
    for year, missions in statistics["first_missions_in_france"]["value"].items():
        count = (in_france & facts.is_first & (facts.year == year)).sum()
        target = round(missions * scale)
        name = f"first missions in France, {year}"
        yield _row(name, source, target, count, _few(target))


def _people(facts: Facts, wider: float) -> Iterator[dict]:
    """Describe the ages and the statuses before departure."""
    ages = facts.age[numpy.isin(facts.year, _DESCRIBED)]
    mean = ages.mean() + 0.5
    yield _row("mean age at the start, years", _YEARS_20, 30, mean, 1 * wider)
    under = (ages < 30).mean()  # noqa: PLR2004 -- as published
    yield _row("under 30, share", _STANDING, 0.6, under, 0.02 * wider)
    status = facts.status[facts.is_first]
    is_working = ~numpy.isin(status, ["", "jobseeker", "student"])
    for name, target, share in (
        ("working before departure, share", 0.58, is_working.mean()),
        ("jobseekers before departure, share", 0.13, (status == "jobseeker").mean()),
        ("students before departure, share", 0.12, (status == "student").mean()),
    ):
        yield _row(name, _SURVEY, target, share, 0.02 * wider)


def _hosts(facts: Facts, statistics: dict, wider: float) -> Iterator[dict]:
    """Describe where the missions abroad take place."""
    hosts = facts.host[(facts.host != "FR") & (facts.host != "")]
    regions = statistics["host_countries"]["value"]
    for names, label, target in (
        (("sub_saharan_africa",), "sub-Saharan Africa", 1 / 2),
        (("asia",), "Asia", 1 / 3),
        (("latin_america_and_caribbean", "north_africa"), "rest of the world", 1 / 6),
    ):
        codes = [code for name in names for code in regions[name]]
        share = numpy.isin(hosts, codes).mean()
        yield _row(f"{label}, share abroad", _STANDING, target, share, 0.02 * wider)
    codes, counts = numpy.unique(hosts, return_counts=True)
    first = codes[numpy.argsort(-counts, kind="stable")][: len(_FIRST_HOSTS)]
    together = len(set(first) & set(_FIRST_HOSTS))
    name = f"of the first five hosts ({', '.join(_FIRST_HOSTS)}), among the first five"
    yield _row(name, _YEARS_20, 5, together, 0 if wider == 1 else 1)


def _flows(facts: Facts, scale: float, wider: float) -> Iterator[dict]:
    """Describe departures and the time that volunteers stay."""
    departures = (facts.is_first & numpy.isin(facts.year, range(2022, 2026))).sum() / 4
    target = _DEPARTURES * scale
    name = "first departures a year, 2022 to 2025"
    yield _row(name, _YEARS_20, target, departures, 0.05 * target * wider)
    left = facts.volunteer[facts.is_first & numpy.isin(facts.year, _BACK)]
    days = (facts.end - facts.start).astype(numpy.int64) + 1
    served = numpy.bincount(facts.volunteer, days)[left] / _DAYS_PER_MONTH
    name = "months served in all, mean (stock over departures)"
    yield _row(name, _YEARS_20, 12 * 1763 / 870, served.mean(), 3 * wider)


def _accredited(tables: Tables, day: str) -> int:
    """Count the bodies accredited on a day."""
    bodies = tables.organisations
    on = pa.scalar(numpy.datetime64(day).astype(object))
    starts = pc.less_equal(bodies["accreditation_start_date"], on)
    lasts = pc.greater_equal(bodies["accreditation_end_date"], on)
    return pc.sum(pc.and_(starts, lasts)).as_py()


def _few(target: float) -> float:
    """Allow one in two hundred, and one at least."""
    return max(1, target // 200)


def _days(column: pa.ChunkedArray) -> numpy.ndarray:
    """Give days as an array; unknown ones are in 1970."""
    zero = pa.scalar(0, pa.int32()).cast(pa.date32())
    return column.fill_null(zero).to_numpy().astype("datetime64[D]")


def _texts(column: pa.ChunkedArray) -> numpy.ndarray:
    """Give codes as texts; unknown ones are empty."""
    return column.cast(pa.string()).fill_null("").to_numpy().astype(str)
