"""What two laws give a population differently: their tables joined, and added up.

Everything is a count or a sum of whole steps over whole volunteers, so that the parts
of a population add up to the whole, to the last digit. Columns that begin with
``observed`` count volunteers, unweighted; the others are in steps of ``fixed_point``,
weighted: what is of missions, contracts and what the State pays, by their own weights,
what is of people, those who gain and what they gain, by the weights of volunteers.

Missions and volunteers are those concerned by the years under one of the laws: served
on some day of the years or started in them, or with an amount in them, such as
a premium after the return.
"""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from openfisca_isv.population.comparison.bootstrap import FIGURES, replicate_sums
from openfisca_isv.population.comparison.groupings import EVERYONE_VALUES
from openfisca_isv.population.model.yearly import Outcome
from openfisca_isv.population.subject import AMOUNTS, COMPARED, RECEIVED, TOTAL
from openfisca_isv.population.tables.database import Connection

#: Bounds of the bands of change of what a volunteer receives, in euros more or less.
BANDS = (50, 100, 200, 500, 1000, 2000)
#: Tables of all laws, of which everything is added up.
_TABLES = """
CREATE OR REPLACE TEMP MACRO total(number) AS coalesce(sum(number), 0)::BIGINT,
    (number, holds) AS coalesce(sum(number) FILTER (holds), 0)::BIGINT;
CREATE OR REPLACE TEMP MACRO steps(cents, weight) AS
    round(cents / 100 * weight)::BIGINT;
CREATE OR REPLACE TEMP MACRO counted(who, holds) AS
    count(DISTINCT who) FILTER (holds);
CREATE TEMP TABLE contracts AS
WITH served AS (
    SELECT DISTINCT law, mission FROM all_years
    WHERE months > 0 OR start_year = year OR {any_amount}
), concerned AS (
    SELECT DISTINCT laws.law, mission FROM served JOIN laws ON {under}
)
SELECT law, mission, volunteer, weight, person_weight, l.start_year,
    l.unmet AS unmet_law, o.unmet, l.unmet = 0 AS lawful_law, o.unmet = 0 AS lawful,
    l.is_undetermined AND l.end_year BETWEEN {first} AND {last} AS unsure_law,
    o.is_undetermined AND o.end_year BETWEEN {first} AND {last} AS unsure
FROM concerned JOIN all_missions o USING (law, mission)
JOIN (SELECT * EXCLUDE law FROM all_missions WHERE law = 0) l
USING (mission, volunteer, weight, person_weight);
CREATE TEMP TABLE years AS
SELECT c.*, y.year, c.start_year = y.year AS starts, {by_year}
FROM contracts c JOIN (
    SELECT laws.law, a.* EXCLUDE law, true AS is_law
    FROM all_years a CROSS JOIN laws WHERE a.law = 0
    UNION ALL SELECT law, * EXCLUDE law, false FROM all_years
) y USING (law, mission) GROUP BY ALL;
CREATE TEMP TABLE gains AS
SELECT c.*, total({gain}) AS gain, {in_all}
FROM contracts c LEFT JOIN years USING (law, mission) GROUP BY ALL;
CREATE TEMP VIEW people AS
SELECT law, volunteer, any_value(person_weight) AS weight, sum(gain) AS gain,
    sum(steps({total} - {total}_law, weight)) AS cost,
    [{before}] AS before, [{after}] AS after
FROM gains GROUP BY law, volunteer"""


class Effects:
    """The law in force beside others, in a part of a population.

    Args:
        connection: A database.
        years: The years.
        laws: What each law gives, that in force first.
        groupings: The group of each mission: everyone's, then those of each grouping.
        apart: Those concerned are told for each law beside that in force, and not
            for all laws together.
        rules: Amounts that the outcomes have beside those of ``AMOUNTS``.
    """

    def __init__(  # noqa: PLR0913 - what is compared, and how
        self,
        connection: Connection,
        years: range,
        laws: Sequence[Outcome],
        groupings: Sequence[pa.Array],
        *,
        apart: bool = False,
        rules: Sequence[str] = (),
    ) -> None:
        self._connection, self._years, self._rules = connection, years, rules
        self._reforms = range(1, len(laws))
        missions = laws[0].missions["mission"]
        groups = [pa.table({"mission": missions, "group": one}) for one in groupings]
        for name, tables in {
            "all_missions": _numbered("law", [one.missions for one in laws]),
            "all_years": _numbered("law", [one.years for one in laws]),
            "groups": _numbered("grouping", groups),
            "laws": pa.table({"law": range(len(laws))}),
        }.items():
            connection.register(name, tables)
        by_year = "total(y.{0}, is_law) AS {0}_law, total(y.{0}, NOT is_law) AS {0}"
        in_all = "total({0}_law) AS {0}_law, total({0}) AS {0}"
        in_steps = "sum(steps({0}, weight))"
        query = _TABLES.format(
            any_amount=_each("{0} <> 0", AMOUNTS, " OR "),
            under="served.law IN (0, laws.law)" if apart else "true",
            first=years.start,
            last=years.stop - 1,
            by_year=_each(by_year, dict.fromkeys((*AMOUNTS, *rules))),
            gain=_each("{0} - {0}_law", RECEIVED, " + "),
            in_all=_each(in_all, dict.fromkeys((*COMPARED, *rules))),
            total=TOTAL,
            before=_each(in_steps, self._costs("_law")),
            after=_each(in_steps, self._costs("")),
        )
        connection.execute(query)

    def costs(self) -> pa.Table:
        """Add up each law by year, beside the law in force.

        Returns:
            One row per law and year: the amounts, the contracts started in the year and
            of which lawful; ``observed``, how many volunteers have an amount or
            a contract started; ``observed_affected``, for how many the two laws differ;
            and the same for each amount and the contracts, e.g. ``observed_state_aid``.
        """
        sums = (
            "sum(steps({0}, weight)) AS {0},"
            " bool_or({0} <> 0) AS h_{0}, bool_or({0} <> {0}_law) AS d_{0}"
        )
        totals = (
            "total({0}) AS {0},"
            " count(*) FILTER (h_{0}) AS observed_{0},"
            " count(*) FILTER (d_{0}) AS observed_{0}_affected"
        )
        return self._table(f"""
WITH person AS (
    SELECT law, year, volunteer, {_each(sums, AMOUNTS)},
        count(*) FILTER (starts) AS started,
        count(*) FILTER (starts AND lawful) AS lawful,
        sum(weight) FILTER (starts) AS contracts_started,
        sum(weight) FILTER (starts AND lawful) AS contracts_lawful,
        bool_or(starts AND lawful <> lawful_law) AS d_contracts
    FROM years GROUP BY law, year, volunteer
)
SELECT law, year, {_each(totals, AMOUNTS)},
    total(contracts_started) AS contracts_started,
    total(contracts_lawful) AS contracts_lawful,
    count(*) FILTER (started > 0 OR {_each("h_{0}", AMOUNTS, " OR ")}) AS observed,
    count(*) FILTER (d_contracts OR {_each("d_{0}", AMOUNTS, " OR ")})
        AS observed_affected,
    count(*) FILTER (lawful > 0) AS observed_contracts_lawful,
    count(*) FILTER (started > lawful) AS observed_contracts_unlawful,
    count(*) FILTER (started > 0) AS observed_contracts,
    count(*) FILTER (d_contracts) AS observed_contracts_affected
FROM laws CROSS JOIN range({self._years.start}, {self._years.stop}) t(year)
LEFT JOIN person USING (law, year) GROUP BY law, year ORDER BY law, year""")

    def by_group(self) -> pa.Table:
        """Return who gains and who loses, group by group.

        A volunteer whose missions fall in several groups counts in each of them, with
        what changes there.

        Returns:
            One row per reform, grouping and group: ``by``, the number of the grouping
            among those given; ``group``, the values of its columns; sums and counts.
        """
        sums = (
            "sum(steps({0}_law, weight)) AS {0}_law,"
            " sum(steps({0}, weight)) AS {0}_reform,"
            " bool_or({0}_law <> 0) AS {1}_law, bool_or({0} <> 0) AS {1}_reform,"
            " bool_or({0} <> {0}_law) AS {1}_change"
        )
        totals = (
            "total({0}_law) AS {0}_law, total({0}_reform) AS {0}_reform,"
            " count(*) FILTER ({1}_law) AS observed_{1}_law,"
            " count(*) FILTER ({1}_reform) AS observed_{1}_reform,"
            " count(*) FILTER ({1}_change) AS observed_{1}_change"
        )
        sums, totals = (
            ", ".join(form.format(*one) for one in COMPARED.items())
            for form in (sums, totals)
        )
        return self._table(f"""
WITH person AS (
    SELECT law, grouping, "group", volunteer, any_value(person_weight) AS own_weight,
        sum(gain) AS gain, bool_or(lawful <> lawful_law) AS changes,
        sum(weight) FILTER (NOT lawful_law AND lawful) AS become_lawful,
        sum(weight) FILTER (lawful_law AND NOT lawful) AS become_unlawful, {sums}
    FROM gains JOIN groups USING (mission) GROUP BY ALL
)
SELECT law, grouping AS "by", "group",
    total(own_weight) AS volunteers, count(volunteer) AS observed,
    total(own_weight, gain > 0) AS gainers, total(own_weight, gain < 0) AS losers,
    total(steps(greatest(gain, 0), own_weight)) AS gains,
    total(steps(greatest(-gain, 0), own_weight)) AS losses,
    count(*) FILTER (gain > 0) AS observed_gainers,
    count(*) FILTER (gain < 0) AS observed_losers,
    total(become_lawful) AS contracts_become_lawful,
    total(become_unlawful) AS contracts_become_unlawful,
    count(*) FILTER (changes) AS observed_changed, {totals}
FROM laws CROSS JOIN (
    SELECT 0 AS grouping, '{EVERYONE_VALUES}' AS "group"
    UNION SELECT grouping, "group" FROM groups
) LEFT JOIN person USING (law, grouping, "group")
WHERE law > 0 GROUP BY law, grouping, "group"
HAVING grouping = 0 OR count(volunteer) > 0 ORDER BY ALL""")

    def distribution(self, bands: Sequence[float]) -> pa.Table:
        """Count the volunteers by the change of what they receive over the years."""
        cents = [round(one * 100) for one in (0, *bands)]
        ranks = [f"(gain > {one})::BIGINT + (gain >= {-one})::BIGINT" for one in cents]
        return self._by_rank(
            2 * len(cents) + 1,
            "total(weight) AS volunteers, count(weight) AS observed",
            f"(SELECT law, weight, {' + '.join(ranks)} AS rank FROM people)",
            "law, rank",
        )

    def by_rule(self) -> pa.Table:
        """Add up the cost over the years: each rule, what they leave out, the total."""
        columns = """
total(before[rank + 1]) AS law_amount, total(after[rank + 1]) AS reform_amount,
count(*) FILTER (before[rank + 1] <> 0) AS observed_law,
count(*) FILTER (after[rank + 1] <> 0) AS observed_reform,
count(*) FILTER (before[rank + 1] <> after[rank + 1]) AS observed_change"""
        return self._by_rank(len(self._costs("")), columns, "people", "law")

    def outputs(self, values: Sequence[pa.Table], count: int) -> pa.Table:
        """Add up some outputs over the missions, or volunteers, concerned.

        Args:
            values: Of each law: ``rank``, of the output, ``entity``, ``place``, of its
                row, and ``value``.
            count: How many outputs there are.
        """
        self._connection.register("outputs", _numbered("law", values))
        columns = """
total(weight) AS count, count(DISTINCT volunteer) AS observed,
total(round(before * weight)::BIGINT) AS sum_law,
total(round(after * weight)::BIGINT) AS sum_reform,
total(weight, before IS NOT NULL) AS known_law,
total(weight, after IS NOT NULL) AS known_reform,
total(weight, after IS DISTINCT FROM before) AS changed,
total(weight, after > before) AS increased, total(weight, after < before) AS decreased,
counted(volunteer, before <> 0) AS observed_law,
counted(volunteer, after <> 0) AS observed_reform,
counted(volunteer, before = 0) AS observed_none_law,
counted(volunteer, after = 0) AS observed_none_reform,
counted(volunteer, after IS DISTINCT FROM before) AS observed_change,
counted(volunteer, after > before) AS observed_increased,
counted(volunteer, after < before) AS observed_decreased"""
        valued = """(
    SELECT people.*, rank, l.value AS before, o.value AS after
    FROM outputs l JOIN outputs o USING (rank, entity, place) JOIN (
        SELECT law, 'mission' AS entity, mission AS place, volunteer, weight
        FROM contracts
        UNION
        SELECT law, 'volunteer', volunteer, volunteer, person_weight FROM contracts
    ) people ON people.law = o.law AND people.entity = o.entity
        AND people.place = o.place
    WHERE l.law = 0
)"""
        return self._by_rank(count, columns, valued, "law, rank")

    def replicates(self, names: pa.ChunkedArray, count: int, seed: int) -> pa.Table:
        """Draw the volunteers again and again, and add up what changes for everyone."""
        places = pa.table({"volunteer": range(len(names)), "name": names})
        self._connection.register("names", places)
        figures = ", ".join(f"{one} AS {name}" for name, one in FIGURES.items())
        drawn = self._table(f"""
SELECT law, md5_number_lower(names.name) AS key, {figures}
FROM people JOIN names USING (volunteer) WHERE law > 0 ORDER BY law, volunteer""")
        return replicate_sums(drawn, self._reforms, count, seed)

    def conditions(self, count: int) -> pa.Table:
        """Count the contracts started in the years by the first condition they fail."""
        columns = """
total(weight, unmet_law = rank) AS contracts_law,
total(weight, unmet = rank) AS contracts_reform,
counted(volunteer, unmet_law = rank) AS observed,
counted(volunteer, unmet = rank) AS observed_reform,
counted(volunteer, unmet_law = rank AND unmet <> rank) AS observed_left,
counted(volunteer, unmet_law <> rank AND unmet = rank) AS observed_joined"""
        span = f"{self._years.start} AND {self._years.stop - 1}"
        started = f"(FROM contracts WHERE start_year BETWEEN {span})"
        return self._by_rank(count, columns, started, "law")

    def undetermined(self) -> pa.Table:
        """Count in one row the rights whose amount no text seen gives."""
        return self._table("""
SELECT law, total(weight, unsure) AS rights,
    counted(volunteer, unsure) AS observed,
    counted(volunteer, unsure <> unsure_law) AS observed_changed
FROM laws LEFT JOIN contracts USING (law) GROUP BY law ORDER BY law""")

    def _costs(self, side: str) -> list[str]:
        """Return the costs of a law: each rule, what they leave out, the total."""
        total, *rules = (f"{name}{side}" for name in (TOTAL, *self._rules))
        return [*rules, f"({' - '.join([total, *rules])})", total]

    def _by_rank(self, count: int, columns: str, rows: str, on: str) -> pa.Table:
        """Sum up some rows of each reform for so many ranks, also where none is."""
        return self._table(f"""
SELECT law, rank, {columns}
FROM laws CROSS JOIN range({count}) t(rank) LEFT JOIN {rows} USING ({on})
WHERE law > 0 GROUP BY law, rank ORDER BY law, rank""")

    def _table(self, query: str) -> pa.Table:
        """Return the answer to a query; ``law`` is the number of a law."""
        return self._connection.sql(query).to_arrow_table()


def _numbered(column: str, tables: Sequence[pa.Table]) -> pa.Table:
    """Put tables together, with the number of each in a column."""
    return pa.concat_tables(
        one.append_column(column, pa.repeat(number, len(one)))
        for number, one in enumerate(tables)
    )


def _each(form: str, names: Iterable[str], between: str = ", ") -> str:
    """Write an expression of SQL for each name."""
    return between.join(form.format(one) for one in names)
