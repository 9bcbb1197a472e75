"""How close a synthetic population comes to the published figures of the scheme."""

from collections.abc import Iterator
from math import nan
from pathlib import Path

import duckdb
import pyarrow as pa
import yaml

from openfisca_isv.population.tables.typed_tables import Tables

_FILE = Path(__file__).parent / "published.yaml"
#: The years from this one on are those that the tables describe.
_FIRST_DESCRIBED = 2019
_SCHEMA = pa.schema(
    {"statistic": pa.string(), "source": pa.string()}
    | dict.fromkeys(("target", "got", "tolerance"), pa.float64())
    | {"met": pa.bool_()}
)
_VIEWS = """
CREATE VIEW contract AS
SELECT
    volunteer,
    host_country::text AS host,
    status_before_departure::text AS status,
    start_date AS start,
    least(end_date, early_termination_date) AS last,
    datesub('year', birth_date, start_date) AS age,
    min(start_date) OVER (PARTITION BY volunteer) AS departure
FROM missions JOIN volunteers USING (volunteer);
CREATE MACRO in_course(day) AS
TABLE FROM contract WHERE day::date BETWEEN start AND last;
CREATE VIEW described AS
FROM contract WHERE year(start) BETWEEN 2019 AND 2025;
CREATE VIEW first_contract AS FROM contract WHERE start = departure;
CREATE VIEW first_in_france AS
SELECT min(start) AS start FROM contract WHERE host = 'FR' GROUP BY volunteer;
CREATE VIEW abroad AS
FROM contract LEFT JOIN regions USING (host) WHERE host <> 'FR';
CREATE VIEW first_host AS
SELECT host FROM abroad GROUP BY host ORDER BY count(*) DESC, host LIMIT 5;
"""


def closeness(
    tables: Tables, statistics: dict, scale: float = 1, copies: int = 1
) -> pa.Table:
    """Set a population beside each published figure.

    Returns:
        A row per figure: ``statistic``, ``source``, ``target``, ``got``, ``tolerance``
        and whether it is ``met``; the last three are empty for what the tables do not
        hold. Shares and means have a wider tolerance in a population smaller than the
        scheme, for it is a smaller sample.
    """
    regions = statistics["host_countries"]["value"].items()
    hosts = [(code, region) for region, codes in regions for code in codes]
    regions = pa.table(list(zip(*hosts, strict=True)), ["host", "region"])
    figures = [*_stocks(statistics, scale), *_others(scale)]
    with duckdb.connect() as database:
        for name, table in (vars(tables) | {"regions": regions}).items():
            database.register(name, table)
        database.execute(_VIEWS)
        for one in figures:
            if query := one.pop("query", None):
                (got,) = database.execute(f"SELECT {query}").fetchone()
                times = copies if one.pop("count", False) else 1
                one["got"] = nan if got is None else float(got) * times
                # A hair more, for shares are rounded.
                off_by = abs(one["got"] - one["target"]) - 1e-9
                one["met"] = off_by <= one["tolerance"]
    return pa.Table.from_pylist(figures, _SCHEMA)


def _stocks(statistics: dict, scale: float) -> Iterator[dict]:
    """List the volunteers in mission at the end of a year, and the first missions."""

    def count(statistic: str, source: str, number: float, query: str) -> dict:
        target = round(number * scale)
        # One in two hundred, and one at least.
        figure = {"target": target, "tolerance": max(1, target // 200), "count": True}
        return figure | {"statistic": statistic, "source": source, "query": query}

    stocks = statistics["stock_on_31_december"]["value"]
    for year, stock in stocks.items():
        if year >= _FIRST_DESCRIBED:
            query = f"count(DISTINCT volunteer) FROM in_course('{year}-12-31')"
            name = f"volunteers in mission, 31 December {year}"
            yield count(name, "France Volontaires", stock, query)
    source = "France Volontaires, page on twenty years of the law"
    for year, stock in statistics["stock_in_france_on_31_december"]["value"].items():
        in_france = "count(*) FILTER (host = 'FR')"
        query = f"FROM in_course('{year}-12-31')"
        name = f"of which in France, 31 December {year}"
        yield count(name, source, stock, f"{in_france} {query}")
        yield {
            "statistic": f"share in France, 31 December {year}",
            "source": source,
            "target": stock / stocks[year],
            "tolerance": 0.005,
            "query": f"{in_france} / count(*) {query}",
        }
    source = "France Volontaires, 29 November 2024"
    for year, missions in statistics["first_missions_in_france"]["value"].items():
        query = f"count(*) FROM first_in_france WHERE year(start) = {year}"
        yield count(f"first missions in France, {year}", source, missions, query)


def _others(scale: float) -> Iterator[dict]:
    """List what else is published; a population of part of the size is a sample."""
    for figure in yaml.safe_load(_FILE.read_text("utf-8")):
        of_a_sample = figure.pop("tolerance_of_a_sample", None)
        if "query" in figure:
            size = scale if figure.get("count") else 1
            figure["target"] *= size
            figure["tolerance"] *= size
            if scale < 1:
                wider = figure["tolerance"] / scale**0.5
                figure["tolerance"] = of_a_sample or wider
        yield figure
