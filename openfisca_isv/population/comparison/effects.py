"""What two laws give a population differently: their tables joined, and added up.

Everything is a count or a sum of whole steps over whole volunteers, so that the parts
of a population add up to the whole, to the last digit. Columns that begin with
``observed`` count volunteers, unweighted; the others are in steps of ``fixed_point``,
weighted by the weights of volunteers.

Missions and volunteers are those concerned by the years under one of the laws: served
on some day of the years or started in them, or with an amount in them, such as
a premium after the return.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.comparison.bootstrap import FIGURES, replicate_sums
from openfisca_isv.population.comparison.groupings import Groups
from openfisca_isv.population.language import say, words
from openfisca_isv.population.model.yearly import Outcome
from openfisca_isv.population.subject import AMOUNTS, COMPARED, RECEIVED, TOTAL
from openfisca_isv.population.tables.database import Connection

#: Bounds of the bands of change of what a volunteer receives, in euros more or less.
BANDS = (50, 100, 200, 500, 1000, 2000)
_CONCERNED = """
CREATE TEMP TABLE concerned AS
WITH served AS (
    SELECT DISTINCT law, mission FROM all_years
    WHERE months > 0 OR start_year = year OR {amounts}
)
SELECT DISTINCT laws.law, mission FROM served JOIN laws ON {under}"""
_CONTRACTS = """
CREATE TEMP TABLE contracts AS
SELECT law, mission, volunteer, person_weight AS weight, l.start_year,
    l.unmet AS unmet_law, o.unmet, l.unmet = 0 AS lawful_law, o.unmet = 0 AS lawful,
    l.is_undetermined AND l.end_year BETWEEN {first} AND {last} AS unsure_law,
    o.is_undetermined AND o.end_year BETWEEN {first} AND {last} AS unsure
FROM concerned JOIN all_missions o USING (law, mission)
JOIN (SELECT * EXCLUDE law FROM all_missions WHERE law = 0) l
USING (mission, volunteer, person_weight)"""
_YEARS = """
CREATE TEMP TABLE years AS
SELECT c.*, year, c.start_year = year AS starts, {amounts}
FROM contracts c JOIN (
    SELECT law, mission, year, {sums} FROM (
        SELECT laws.law, mission, year, {law_first}
        FROM all_years CROSS JOIN laws WHERE all_years.law = 0
        UNION ALL SELECT law, mission, year, {other_first} FROM all_years
    ) GROUP BY law, mission, year
) USING (law, mission)"""
_COSTS = """
WITH person AS (
    SELECT law, year, volunteer, any_value(weight) AS weight, {sums},
        count(*) FILTER (starts) AS started,
        count(*) FILTER (starts AND lawful) AS lawful,
        bool_or(starts AND lawful <> lawful_law) AS d_contracts
    FROM years GROUP BY law, year, volunteer
)
SELECT law, year, {totals},
    coalesce(sum(started * weight), 0)::BIGINT AS contracts_started,
    coalesce(sum(lawful * weight), 0)::BIGINT AS contracts_lawful,
    count(*) FILTER (started > 0 OR {any_has}) AS observed,
    count(*) FILTER (d_contracts OR {any_differs}) AS observed_affected,
    count(*) FILTER (lawful > 0) AS observed_contracts_lawful,
    count(*) FILTER (started > lawful) AS observed_contracts_unlawful,
    count(*) FILTER (started > 0) AS observed_contracts,
    count(*) FILTER (d_contracts) AS observed_contracts_affected, {observed}
FROM laws CROSS JOIN range({first}, {last} + 1) t(year)
LEFT JOIN person USING (law, year) GROUP BY law, year ORDER BY law, year"""
_GAINS = """
CREATE TEMP TABLE gains AS
SELECT law, mission, c.volunteer, c.weight, c.lawful_law, c.lawful,
    coalesce(sum({gain}), 0)::BIGINT AS gain, {sums}
FROM contracts c LEFT JOIN years USING (law, mission)
GROUP BY law, mission, c.volunteer, c.weight, c.lawful_law, c.lawful"""
_EFFECTS = """
WITH person AS (
    SELECT law, grouping, rank, volunteer, any_value(weight) AS weight,
        sum(gain) AS gain, count(*) FILTER (NOT lawful_law AND lawful) AS become_lawful,
        count(*) FILTER (lawful_law AND NOT lawful) AS become_unlawful, {sums}
    FROM gains JOIN ranks USING (mission) GROUP BY law, grouping, rank, volunteer
)
SELECT law, grouping AS "by", any_value("group") AS "group",
    coalesce(sum(weight), 0)::BIGINT AS volunteers,
    coalesce(sum(weight) FILTER (gain > 0), 0)::BIGINT AS gainers,
    coalesce(sum(weight) FILTER (gain < 0), 0)::BIGINT AS losers,
    coalesce(sum(round(greatest(gain, 0) / 100 * weight)::BIGINT), 0)::BIGINT AS gains,
    coalesce(sum(round(greatest(-gain, 0) / 100 * weight)::BIGINT), 0)::BIGINT
        AS losses,
    count(volunteer) AS observed,
    count(*) FILTER (gain > 0) AS observed_gainers,
    count(*) FILTER (gain < 0) AS observed_losers,
    coalesce(sum(become_lawful * weight), 0)::BIGINT AS contracts_become_lawful,
    coalesce(sum(become_unlawful * weight), 0)::BIGINT AS contracts_become_unlawful,
    count(*) FILTER (become_lawful + become_unlawful > 0) AS observed_changed, {totals}
FROM laws CROSS JOIN groups LEFT JOIN person USING (law, grouping, rank)
WHERE law > 0 GROUP BY law, grouping, rank
HAVING grouping = 0 OR count(volunteer) > 0 ORDER BY law, grouping, rank"""
_BANDS = """
WITH person AS (
    SELECT law, any_value(weight) AS weight, sum(gain) AS gain
    FROM gains GROUP BY law, volunteer
), banded AS (SELECT law, weight, {band} AS rank FROM person)
SELECT law, rank::BIGINT AS rank, coalesce(sum(weight), 0)::BIGINT AS volunteers,
    count(weight) AS observed
FROM laws CROSS JOIN range({bands}) t(rank) LEFT JOIN banded USING (law, rank)
WHERE law > 0 GROUP BY law, rank ORDER BY law, rank"""
_BY_VOLUNTEER = """
SELECT law, md5_number_lower(names.name) AS key, {figures}
FROM (
    SELECT law, volunteer, any_value(weight) AS weight, sum(gain) AS gain,
        sum({total} - {total}_law) AS cost
    FROM gains GROUP BY law, volunteer
) JOIN names USING (volunteer) WHERE law > 0 ORDER BY law, volunteer"""
_RULES = """
WITH person AS (
    SELECT law, volunteer, {sums} FROM gains GROUP BY law, volunteer
)
SELECT law, rank::BIGINT AS rank,
    coalesce(sum(before[rank + 1]), 0)::BIGINT AS law_amount,
    coalesce(sum(after[rank + 1]), 0)::BIGINT AS reform_amount,
    count(*) FILTER (before[rank + 1] <> 0 OR after[rank + 1] <> 0) AS observed,
    count(*) FILTER (before[rank + 1] <> after[rank + 1]) AS observed_changed
FROM laws CROSS JOIN range({rules}) t(rank) LEFT JOIN person USING (law)
WHERE law > 0 GROUP BY law, rank ORDER BY law, rank"""
_OUTPUTS = """
WITH people AS (
    SELECT law, 'mission' AS entity, mission AS place, volunteer, weight FROM contracts
    UNION SELECT law, 'volunteer', volunteer, volunteer, weight FROM contracts
), valued AS (
    SELECT people.*, rank, l.value AS before, o.value AS after
    FROM outputs l JOIN outputs o USING (rank, entity, place)
    JOIN people ON people.law = o.law AND people.entity = o.entity
        AND people.place = o.place
    WHERE l.law = 0
)
SELECT law, rank::BIGINT AS rank, coalesce(sum(weight), 0)::BIGINT AS count,
    coalesce(sum(round(before * weight)::BIGINT), 0)::BIGINT AS sum_law,
    coalesce(sum(round(after * weight)::BIGINT), 0)::BIGINT AS sum_reform,
    coalesce(sum(weight) FILTER (before IS NOT NULL), 0)::BIGINT AS known_law,
    coalesce(sum(weight) FILTER (after IS NOT NULL), 0)::BIGINT AS known_reform,
    coalesce(sum(weight) FILTER (after IS DISTINCT FROM before), 0)::BIGINT AS changed,
    coalesce(sum(weight) FILTER (after > before), 0)::BIGINT AS increased,
    coalesce(sum(weight) FILTER (after < before), 0)::BIGINT AS decreased,
    count(DISTINCT volunteer) AS observed,
    count(DISTINCT volunteer) FILTER (before <> 0) AS observed_law,
    count(DISTINCT volunteer) FILTER (after <> 0) AS observed_reform,
    count(DISTINCT volunteer) FILTER (before = 0) AS observed_none_law,
    count(DISTINCT volunteer) FILTER (after = 0) AS observed_none_reform,
    count(DISTINCT volunteer) FILTER (after IS DISTINCT FROM before)
        AS observed_changed,
    count(DISTINCT volunteer) FILTER (after > before) AS observed_increased,
    count(DISTINCT volunteer) FILTER (after < before) AS observed_decreased
FROM laws CROSS JOIN range({outputs}) t(rank) LEFT JOIN valued USING (law, rank)
WHERE law > 0 GROUP BY law, rank ORDER BY law, rank"""
_UNMET = """
SELECT law, rank::BIGINT AS rank, {sums}
FROM laws CROSS JOIN range({conditions}) t(rank) LEFT JOIN (
    FROM contracts WHERE start_year BETWEEN {first} AND {last}
) USING (law) WHERE law > 0 GROUP BY law, rank ORDER BY law, rank"""
_UNSURE = """
SELECT law, coalesce(sum(weight) FILTER (unsure), 0)::BIGINT AS rights,
    count(DISTINCT volunteer) FILTER (unsure) AS observed,
    count(DISTINCT volunteer) FILTER (unsure <> unsure_law) AS observed_changed
FROM laws LEFT JOIN contracts USING (law) GROUP BY law ORDER BY law"""


class Effects:
    """The law in force beside others, in a part of a population.

    Args:
        connection: A database.
        years: The years.
        laws: What each law gives, that in force first, by name.
        groupings: Everyone, then the groups of each grouping, of all missions.
        apart: Those concerned are told for each law beside that in force, and not
            for all laws together.
        rules: Amounts that the outcomes have beside those of ``AMOUNTS``.
    """

    def __init__(  # noqa: PLR0913 - what is compared, and how
        self,
        connection: Connection,
        years: range,
        laws: Mapping[str, Outcome],
        groupings: Sequence[Groups],
        *,
        apart: bool = False,
        rules: Sequence[str] = (),
    ) -> None:
        self._connection, self._names = connection, [*laws]
        self._rules = rules
        amounts = dict.fromkeys((*AMOUNTS, *rules))
        self._span = {"first": years.start, "last": years.stop - 1}
        law, *_ = outcomes = [*laws.values()]
        groups = [
            pa.table({"rank": range(len(one.values)), "group": one.values})
            for one in groupings
        ]
        ranks = [
            pa.table({"mission": law.missions["mission"], "rank": one.ranks})
            for one in groupings
        ]
        for name, tables in {
            "all_missions": _numbered("law", [one.missions for one in outcomes]),
            "all_years": _numbered("law", [one.years for one in outcomes]),
            "ranks": _numbered("grouping", ranks),
            "groups": _numbered("grouping", groups),
            "laws": pa.table({"law": range(len(outcomes))}),
        }.items():
            connection.register(name, tables)
        both = [f"{one}{side}" for one in amounts for side in ("_law", "")]
        self._run(
            _CONCERNED,
            amounts=" OR ".join(f"{one} <> 0" for one in AMOUNTS),
            under="served.law IN (0, laws.law)" if apart else "true",
        )
        self._run(_CONTRACTS)
        self._run(
            _YEARS,
            amounts=", ".join(both),
            sums=", ".join(f"sum({one})::BIGINT AS {one}" for one in both),
            law_first=", ".join(f"{one} AS {one}_law, 0 AS {one}" for one in amounts),
            other_first=", ".join(f"0 AS {one}_law, {one}" for one in amounts),
        )
        self._run(
            _GAINS,
            gain=" + ".join(f"{one} - {one}_law" for one in RECEIVED),
            sums=", ".join(
                f"coalesce(sum({one}{side}), 0)::BIGINT AS {one}{side}"
                for one in dict.fromkeys((*COMPARED, *rules))
                for side in ("_law", "")
            ),
        )

    def costs(self) -> pa.Table:
        """Add up each law by year, beside the law in force.

        Returns:
            One row per law and year: the amounts, the contracts started in the year and
            of which lawful; ``observed``, how many volunteers have an amount or
            a contract started; ``observed_affected``, for how many the two laws differ;
            and the same for each amount and the contracts, e.g. ``observed_state_aid``.
        """
        return self._table(
            "scenario",
            _COSTS,
            sums=", ".join(
                f"sum(round({one} / 100 * weight)::BIGINT) AS {one},"
                f" bool_or({one} <> 0) AS h_{one},"
                f" bool_or({one} <> {one}_law) AS d_{one}"
                for one in AMOUNTS
            ),
            totals=", ".join(
                f"coalesce(sum({one}), 0)::BIGINT AS {one}" for one in AMOUNTS
            ),
            any_has=" OR ".join(f"h_{one}" for one in AMOUNTS),
            any_differs=" OR ".join(f"d_{one}" for one in AMOUNTS),
            observed=", ".join(
                f"count(*) FILTER (h_{one}) AS observed_{one},"
                f" count(*) FILTER (d_{one}) AS observed_{one}_affected"
                for one in AMOUNTS
            ),
        )

    def by_group(self) -> pa.Table:
        """Return who gains and who loses, group by group.

        A volunteer whose missions fall in several groups counts in each of them, with
        what changes there.

        Returns:
            One row per reform, grouping and group: ``by``, the number of the grouping
            among those given; ``group``, the values of its columns; sums and counts.
        """
        sides = (("law", "_law"), ("reform", ""))
        return self._table(
            "reform",
            _EFFECTS,
            sums=", ".join(
                f"sum(round({one}{side} / 100 * weight)::BIGINT) AS {one}{side},"
                f" bool_or({one}{side} <> 0) AS {word}_{name}"
                for one, word in COMPARED.items()
                for name, side in sides
            )
            + "".join(
                f", bool_or({one} <> {one}_law) AS {word}_change"
                for one, word in COMPARED.items()
            ),
            totals=", ".join(
                f"coalesce(sum({one}{side}), 0)::BIGINT AS {one}_{name},"
                f" count(*) FILTER ({word}_{name}) AS observed_{word}_{name}"
                for one, word in COMPARED.items()
                for name, side in sides
            )
            + "".join(
                f", count(*) FILTER ({word}_change) AS observed_{word}_change"
                for word in COMPARED.values()
            ),
        )

    def distribution(self, bands: Sequence[float] = BANDS) -> pa.Table:
        """Count the volunteers by the change of what they receive over the years."""
        cents = [round(one * 100) for one in (0, *bands)]
        ranks = [f"(gain > {one})::BIGINT + (gain >= {-one})::BIGINT" for one in cents]
        return self._table(
            "reform", _BANDS, band=" + ".join(ranks), bands=2 * len(cents) + 1
        )

    def by_rule(self) -> pa.Table:
        """Add up the cost over the years: each rule, what they leave out, the total."""

        def listed(side: str) -> str:
            rules = [f"{one}{side}" for one in self._rules]
            total = f"{TOTAL}{side}"
            cells = [*rules, f"({total} - {' - '.join(rules)})", total]
            return ", ".join(
                f"sum(round({one} / 100 * weight)::BIGINT)" for one in cells
            )

        return self._table(
            "reform",
            _RULES,
            sums=f"[{listed('_law')}] AS before, [{listed('')}] AS after",
            rules=len(self._rules) + 2,
        )

    def outputs(self, values: Sequence[pa.Table], count: int) -> pa.Table:
        """Add up some outputs over the missions, or volunteers, concerned.

        Args:
            values: Of each law: ``rank``, of the output, ``entity``, ``place``, of its
                row, and ``value``.
            count: How many outputs there are.
        """
        self._connection.register("outputs", _numbered("law", values))
        return self._table("reform", _OUTPUTS, outputs=count)

    def replicates(self, names: pa.ChunkedArray, count: int, seed: int) -> pa.Table:
        """Draw the volunteers again and again, and add up what changes for everyone."""
        places = pa.table({"volunteer": range(len(names)), "name": names})
        self._connection.register("names", places)
        figures = (
            "round(cost / 100 * weight)",
            "(gain > 0)::BIGINT * weight",
            "(gain < 0)::BIGINT * weight",
            "round(greatest(gain, 0) / 100 * weight)",
            "round(greatest(-gain, 0) / 100 * weight)",
        )
        listed = ", ".join(
            f"({one})::BIGINT AS {name}"
            for name, one in zip(FIGURES, figures, strict=True)
        )
        found = self._table("reform", _BY_VOLUNTEER, figures=listed, total=TOTAL)
        tables = []
        for reform in self._names[1:]:
            of_reform = found.filter(pc.field("reform") == reform)
            sums = replicate_sums(
                of_reform["key"].to_numpy(),
                {name: of_reform[name].to_numpy() for name in FIGURES},
                count,
                seed,
            )
            tables.append(sums.add_column(0, "reform", pa.repeat(reform, count)))
        return pa.concat_tables(tables)

    def conditions(self, names: Sequence[str]) -> pa.Table:
        """Count the contracts started in the years by the first condition they fail."""
        before, after = "unmet_law = rank", "unmet = rank"
        sums = [
            f"coalesce(sum(weight) FILTER ({where}), 0)::BIGINT AS contracts_{name}"
            for name, where in (("law", before), ("reform", after))
        ]
        sums += [
            f"count(DISTINCT volunteer) FILTER ({where}) AS observed{name}"
            for name, where in (
                ("", before),
                ("_reform", after),
                ("_left", f"{before} AND unmet <> unmet_law"),
                ("_joined", f"{after} AND unmet <> unmet_law"),
            )
        ]
        table = self._table(
            "reform", _UNMET, sums=", ".join(sums), conditions=len(names)
        )
        return table.append_column(
            "condition", pa.array(names).take(table["rank"].combine_chunks())
        )

    def undetermined(self) -> pa.Table:
        """Count in one row the rights whose amount no text seen gives."""
        return self._table("scenario", _UNSURE)

    def _run(self, query: str, **parts: object) -> None:
        self._connection.execute(query.format(**self._span, **parts))

    def _table(self, label: str, query: str, **parts: object) -> pa.Table:
        """Return the answer to a query, with the name of the law in a column."""
        query = query.format(**self._span, **parts)
        found = self._connection.sql(query).to_arrow_table()
        names = pa.array(self._names).take(found["law"].combine_chunks())
        return found.drop_columns("law").add_column(0, label, names)


def _numbered(column: str, tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables together, with the number of each in a column."""
    return pa.concat_tables(
        one.append_column(column, pa.repeat(number, len(one)))
        for number, one in enumerate(tables)
    )


def band_bounds(bands: Sequence[float]) -> list[tuple[float | None, float | None]]:
    """Return the bounds of each band, the losses first; none where it is open."""
    gains = [*pairwise((0.0, *map(float, bands), None))]
    losses = [(high and -high, -low) for low, high in reversed(gains)]
    return [*losses, (0.0, 0.0), *gains]


def band_name(low: float | None, high: float | None) -> str:
    """Write a band in words."""
    if low == high:
        return say("unchanged")
    verb = "gains" if high is None or high > 0 else "loses"
    ends = [
        None if one is None else words().figures(f"{abs(one):,.12g}")
        for one in (low, high)
    ]
    first, last = ends if verb == "gains" else reversed(ends)
    if last is None:
        return say(verb + " more than {first} €", first=first)
    told = " up to {last} €" if first == "0" else " {first} to {last} €"
    return say(verb + told, first=first, last=last)
