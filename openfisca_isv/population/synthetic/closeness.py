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
_OF_A_YEAR = ("statistic", "query")
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
    figures = [*_published(statistics)]
    with duckdb.connect() as database:
        for name, table in (vars(tables) | {"regions": regions}).items():
            database.register(name, table)
        database.execute(_VIEWS)
        for one in figures:
            if "query" in one:
                one["target"], one["tolerance"] = _expected(one, scale)
                (got,) = database.execute(f"SELECT {one['query']}").fetchone()
                times = copies if "count" in one else 1
                one["got"] = nan if got is None else float(got) * times
                # A hair more, for shares are rounded.
                off_by = abs(one["got"] - one["target"]) - 1e-9
                one["met"] = off_by <= one["tolerance"]
    return pa.Table.from_pylist(figures, _SCHEMA)


def _published(statistics: dict) -> Iterator[dict]:
    """List the figures, with those of each year that the statistics have by year."""
    for figure in yaml.safe_load(_FILE.read_text("utf-8")):
        if "of" not in figure:
            yield figure
            continue
        by_year = statistics[figure["of"]]["value"]
        whole = statistics[figure["over"]]["value"] if "over" in figure else None
        for year, number in by_year.items():
            if year >= _FIRST_DESCRIBED:
                texts = {one: figure[one].format(year=year) for one in _OF_A_YEAR}
                target = number if whole is None else number / whole[year]
                yield figure | texts | {"target": target}


def _expected(figure: dict, scale: float) -> tuple[float, float]:
    """Return the target in a population of a size, of which a part is a sample."""
    size = scale if "count" in figure else 1
    target = figure["target"] * size
    if "tolerance" not in figure:
        return round(target), max(1, round(target) // 200)
    tolerance = figure["tolerance"] * size
    if scale < 1:
        tolerance = figure.get("tolerance_of_a_sample", tolerance / scale**0.5)
    return target, tolerance
