"""Figures by group: counts, sums, means and quantiles, small cells masked.

What a part of a population adds is counted in cells: how often each value occurs in
each group. Cells of parts that cut no volunteer in two add up, in whole numbers, to
those of the whole, so that what is made of them is the same to the last bit whatever
the parts and the order of the rows. A quantile is a value that occurs: the lowest one
that at least that share of the cases, or of their weight, does not exceed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain, groupby
from pathlib import Path

import duckdb
import numpy
import pyarrow as pa

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.grouping import UNKNOWN, numbered
from openfisca_isv.population.groups.small_cells import cells_to_mask, small
from openfisca_isv.population.tables.database import Connection, cursor
from openfisca_isv.population.tables.database import database as tables_database

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
NUMBER, BOOLEAN, CODE = "number", "boolean", "code"
#: Columns of the figures, which no group can be made by.
RESERVED_COLUMNS = {"variable", "code", "count", "weight", "sum", "mean", "masked"}
#: Columns that tell the rows of a sum apart; the others are whole steps, or counts.
KEYS = {"table", "output", "fact", "law", "by", "group", "condition", "rank", "year"}
#: Shares are taken as fractions of at most this denominator: 0.1 is a tenth.
_FINEST_SHARE = 10**6
#: Rows of results that are counted at once, and outputs that are summed up at once.
_ROWS_AT_ONCE, _BLOCKS_AT_ONCE = 2_000_000, 16
_PAST_64_BITS = 2.0**63
_TOO_LARGE = "an amount or a sum does not fit into 64 bits: correct the reform"
#: Numbers are counted in hundredths: amounts are rounded to the cent.
_HUNDREDTHS = 100
#: Cells of a part; several may be of the same group and value.
_COUNTED = """
WITH pair AS (
    SELECT block, place, volunteer, number, code, count(*) AS count,
        sum(weight)::BIGINT AS weight
    FROM rows GROUP BY ALL
), person AS (
    SELECT block, place, volunteer, count(*) AS held, any_value(number) AS number,
        any_value(code) AS code
    FROM pair GROUP BY block, place, volunteer
), cell AS (
    SELECT block, place, number, code, sum(count)::BIGINT AS count,
        sum(weight)::BIGINT AS weight, count(*) AS people, 0 AS alone
    FROM pair GROUP BY block, place, number, code
    UNION ALL SELECT block, place, number, code, 0, 0, 0, count(*)
    FROM person WHERE held = 1 GROUP BY block, place, number, code
    UNION ALL SELECT block, place, NULL, NULL, 0, 0, count(*), 0
    FROM person GROUP BY block, place
    UNION ALL SELECT block, place, NULL, NULL, 0, 0, 0, 0 FROM present
)
SELECT * EXCLUDE place FROM cell JOIN groups USING (place)
"""
_LOADED = """
CREATE OR REPLACE TEMP TABLE named AS
SELECT *, row_number() OVER (ORDER BY {order}) AS place
FROM (SELECT DISTINCT {keys} FROM part);
CREATE OR REPLACE TEMP TABLE cells AS
SELECT block, place, number, code, sum(count)::BIGINT AS count,
    sum(weight)::BIGINT AS weight, sum(people)::BIGINT AS people,
    sum(alone)::BIGINT AS alone
FROM part JOIN named USING ({keys}) GROUP BY ALL
"""
_GROUPS = """
WITH cell AS (FROM cells WHERE block BETWEEN $first AND $last),
known AS (FROM cell WHERE number IS NOT NULL OR code IS NOT NULL),
g AS (
    SELECT block, place, sum(count)::BIGINT AS count, sum(weight)::BIGINT AS weight,
        (sum(people) FILTER (number IS NULL AND code IS NULL))::BIGINT AS people,
        coalesce(sum(number::HUGEINT * weight), 0)::DOUBLE AS total,
        coalesce(sum(people) FILTER (number = 1), 0)::BIGINT AS held,
        coalesce(sum(alone) FILTER (number = 1), 0)::BIGINT AS alone
    FROM cell GROUP BY block, place
)"""
#: How many volunteers outputs are about, group by group.
_PEOPLE = """
SELECT block, named.*, sum(people)::BIGINT AS people
FROM (VALUES {numbers}) asked(block) JOIN cells USING (block) JOIN named USING (place)
WHERE number IS NULL AND code IS NULL
GROUP BY ALL ORDER BY block, place"""
_OF_NUMBERS = f"""{_GROUPS}, r AS (
    SELECT block, place, number,
        sum(weight) OVER (PARTITION BY block, place ORDER BY number) AS reached
    FROM known
), quantiles AS (
    SELECT block, place, {{quantiles}}
    FROM r JOIN g USING (block, place) GROUP BY block, place
)
SELECT g.*, total AS sum, NULL::VARCHAR AS code, quantiles.* EXCLUDE (block, place),
    named.* EXCLUDE place
FROM g JOIN named USING (place) LEFT JOIN quantiles USING (block, place)
ORDER BY g.block, g.place"""
_OF_CODES = f"""{_GROUPS}, codes AS (SELECT DISTINCT block, code FROM known)
SELECT g.* EXCLUDE (held, alone), code, {{quantiles}}, named.* EXCLUDE place,
    coalesce(r.weight, 0)::DOUBLE AS sum, coalesce(r.people, 0)::BIGINT AS held,
    coalesce(r.alone, 0)::BIGINT AS alone
FROM g JOIN named USING (place) JOIN codes USING (block)
LEFT JOIN known r USING (block, place, code)
ORDER BY g.block, {{order}}, g.place"""


@contextmanager
def database(file: Path | None = None) -> Iterator[Connection]:
    """Open a database for sums."""
    try:
        with cursor() if file is None else tables_database(file) as connection:
            yield connection
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as error:
        raise RequestError(_TOO_LARGE) from error
    finally:
        if file is not None:
            file.unlink(missing_ok=True)


def add_up(parts: Iterable[pa.Table]) -> pa.Table:
    """Add up the rows of parts that have the same ``KEYS``, in order of appearance."""
    table = pa.concat_tables(parts)
    columns = ", ".join(
        f'"{name}"' if name in KEYS else f'sum("{name}")::BIGINT AS "{name}"'
        for name in table.column_names
    )
    table = table.append_column("place", pa.array(range(len(table))))
    with database() as connection:
        connection.register("parts", table)
        query = f"SELECT {columns} FROM parts GROUP BY ALL ORDER BY min(place)"
        return connection.sql(query).to_arrow_table()


def kind_of(values: pa.DataType) -> str | None:
    """Return whether values are numbers, booleans or codes; days are not summed."""
    if pa.types.is_boolean(values):
        return BOOLEAN
    if pa.types.is_integer(values) or pa.types.is_floating(values):
        return NUMBER
    is_text = pa.types.is_dictionary(values) or pa.types.is_string(values)
    return CODE if is_text else None


class Counting:
    """Counts the values of outputs of a part, group by group, in a ``database``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._groups: list[pa.Table] = []
        self._rows: list[pa.Table] = []
        self._present: list[pa.Table] = []
        self._cells: list[pa.Table] = []

    def group(self, keys: pa.Table) -> numpy.ndarray:
        """Number the groups that some columns make.

        Args:
            keys: One column per key; without columns, all rows are one group. What is
                null is in the group ``unknown``.

        Returns:
            The number of the group of each row.
        """
        columns = keys.columns or [pa.nulls(len(keys), pa.string())]
        ranks, named = numbered(
            pa.table(dict(zip(_names(len(columns)), columns, strict=True)))
        )
        places = sum(map(len, self._groups)) + numpy.arange(len(named))
        self._groups.append(named.append_column("place", pa.array(places)))
        return places[ranks]

    def add(
        self,
        block: int,
        values: pa.Array | pa.ChunkedArray,
        place: numpy.ndarray,
        volunteer: numpy.ndarray,
        weight: numpy.ndarray,
    ) -> None:
        """Take an output.

        Args:
            block: The number of the output.
            values: Numbers, booleans or codes, shape ``(n,)``. Numbers and booleans
                that are null, infinite or not a number are not known; codes that are
                null are ``unknown``.
            place: The group of each row, as ``group`` numbers it, shape ``(n,)``.
            volunteer: Position of the volunteer of each row, shape ``(n,)``.
            weight: Weight of each row in steps of ``fixed_point``, shape ``(n,)``.
        """
        kind = kind_of(values.type)
        if kind is None:
            message = f"values of the type {values.type} cannot be added up:"
            message += " group by them"
            raise RequestError(message)
        if isinstance(values, pa.ChunkedArray):
            values = values.combine_chunks()
        numbers, codes = pa.nulls(len(values), pa.int64()), values
        if kind == CODE:
            codes = values.cast(pa.string()).fill_null(UNKNOWN)
            known = numpy.ones(len(values), bool)
        else:
            unit = _HUNDREDTHS if kind == NUMBER else 1
            values = values.cast(pa.int8()) if kind == BOOLEAN else values
            floats = values.cast(pa.float64()).fill_null(numpy.nan).to_numpy()
            known = numpy.isfinite(floats)
            whole = numpy.rint(floats * unit)
            if (numpy.abs(whole[known]) >= _PAST_64_BITS).any():
                raise RequestError(_TOO_LARGE)
            numbers = pa.array(numpy.where(known, whole, 0).astype(numpy.int64))
            codes = pa.nulls(len(values), pa.string())
        rows = {"number": numbers, "code": codes, "place": place}
        rows |= {"volunteer": volunteer, "weight": weight}
        rows["block"] = numpy.full(len(values), block, numpy.int32)
        self._rows.append(pa.table(rows).filter(pa.array(known)))
        present = numpy.unique(place)
        blocks = numpy.full(len(present), block, numpy.int32)
        self._present.append(pa.table({"block": blocks, "place": present}))
        if sum(map(len, self._rows)) > _ROWS_AT_ONCE:
            self._count()

    def cells(self) -> pa.Table:
        """Return what was counted.

        Returns:
            Rows that add up to one per output, group and value that occurs in it, and
            to one without a value, for all of the group together. ``block``; ``k0`` and
            so on, the keys as texts; ``number``, in hundredths unless a boolean, or
            ``code``; ``count``, rows; ``weight``, in steps; ``people``, volunteers who
            have the value in the group, or any; ``alone``, those who have no other.
        """
        self._count()
        return pa.concat_tables(self._cells)

    def _count(self) -> None:
        if self._rows:
            for name in ("rows", "present", "groups"):
                some = pa.concat_tables(getattr(self, f"_{name}"))
                self._connection.register(name, some)
            self._cells.append(self._connection.sql(_COUNTED).to_arrow_table())
            self._rows, self._present = [], []


def load_cells(connection: Connection, keys: int) -> None:
    """Add up the cells of the parts, the view ``part``, that some keys make."""
    names = _names(keys)
    query = _LOADED.format(keys=", ".join(names), order=", ".join(map(_order, names)))
    connection.execute(query)


def figures(  # noqa: PLR0913 - what is summed up, and how it is shown
    connection: Connection,
    blocks: Sequence[Mapping[str, object]],
    names: Sequence[str],
    *,
    quantiles: Sequence[float] = QUANTILES,
    min_cell: int = 0,
    sums: Sequence[tuple[str, Sequence[str]]] = (),
) -> Iterator[pa.Table]:
    """Sum up outputs, group by group, of the cells that ``load_cells`` added up.

    Args:
        connection: ``database``.
        blocks: The outputs, numbered from 0: of each its ``kind``, ``variable`` and
            ``period``.
        names: The names of the keys.
        quantiles: Shares from 0 to 1.
        min_cell: Mask what describes fewer volunteers than this.
        sums: Variables, and those that add up to each.

    Yields:
        Of each output, one row per group; of codes, one per code and group. The keys,
        numbers by size and ``unknown`` last; ``period``; ``variable``; ``code``, null
        except for codes; ``count``, the rows whose value is known; ``weight``, theirs;
        ``sum``, ``mean`` and ``q10`` and so on, in 64 bits; ``masked`` where figures
        are withheld, which are null. The mean of booleans is their share, that of codes
        the share of the code.
    """
    of_sums = _masked_in_sums(connection, blocks, sums, len(names), min_cell)
    for is_code, some in groupby(enumerate(blocks), lambda one: one[1]["kind"] == CODE):
        alike = list(some)
        query = (_OF_CODES if is_code else _OF_NUMBERS).format(
            quantiles=", ".join(
                f"{_quantile(share, is_code=is_code)}::DOUBLE AS q{rank}"
                for rank, share in enumerate(quantiles)
            )
            or "NULL AS none",
            order=_order("code"),
        )
        for place in range(0, len(alike), _BLOCKS_AT_ONCE):
            part = alike[place : place + _BLOCKS_AT_ONCE]
            span = {"first": part[0][0], "last": part[-1][0]}
            found = connection.sql(query, params=span).to_arrow_table()
            numbers = found["block"].to_numpy()
            for number, block in part:
                low, high = numpy.searchsorted(numbers, (number, number + 1))
                rows = found.slice(low, high - low)
                masked = of_sums.get(number)
                if masked is None:
                    masked = _masked(rows, _names(len(names)), block["kind"], min_cell)
                yield _shown(rows, block, names, quantiles, masked)


def _shown(
    found: pa.Table,
    block: Mapping[str, object],
    names: Sequence[str],
    quantiles: Sequence[float],
    masked: numpy.ndarray,
) -> pa.Table:
    """Return the figures of one output, less what is masked."""
    unit, keys = _HUNDREDTHS if block["kind"] == NUMBER else 1, _names(len(names))
    weights = found["weight"].to_numpy() / MICROS
    sums = found["sum"].to_numpy() / unit / MICROS
    is_unknown = masked | (weights <= 0)
    means = sums / numpy.where(is_unknown, 1, weights)
    columns = {name: found[key] for name, key in zip(names, keys, strict=False)}
    for name in ("period", "variable"):
        columns[name] = pa.array([block[name]] * len(found), pa.string())
    columns["code"] = found["code"]
    columns["count"] = pa.array(found["count"].to_numpy(), mask=masked)
    columns["weight"] = pa.array(weights, mask=masked)
    columns["sum"] = pa.array(sums, mask=masked)
    columns["mean"] = pa.array(means, mask=is_unknown)
    for rank, share in enumerate(quantiles):
        values = found[f"q{rank}"].to_numpy() / unit
        columns[f"q{share * 100:g}"] = pa.array(values, mask=is_unknown)
    return pa.table(columns | {"masked": pa.array(masked)})


def _names(keys: int) -> list[str]:
    """Name the keys in queries, whatever the user calls them; one at least."""
    return [f"k{rank}" for rank in range(max(keys, 1))]


def _quantile(share: float, *, is_code: bool) -> str:
    """Write what reaches a share of the weight of a group.

    In whole numbers: 0.7 of 10 is 7, where floats have a hair more.
    """
    exact = Fraction(share).limit_denominator(_FINEST_SHARE)
    most = f"g.weight::HUGEINT * {exact.numerator} + {exact.denominator - 1}"
    least = f"greatest(1, ({most}) // {exact.denominator})"
    if is_code:
        return f"(g.weight - coalesce(r.weight, 0) < {least})"
    return f"min(number) FILTER (r.reached >= {least})"


def _order(key: str) -> str:
    """Sort texts: numbers by size, what is unknown last."""
    return f"{key} = '{UNKNOWN}', try_cast({key} AS DECIMAL(38, 0)) NULLS LAST, {key}"


def _masked(
    found: pa.Table, keys: Sequence[str], kind: str, min_cell: int
) -> numpy.ndarray:
    """Return which rows to mask.

    The volunteers who hold a boolean or a code, and those who do not throughout,
    must be none or enough. The codes of a group add up to it, and are a key.
    """
    people, held, alone = (
        found[name].to_numpy() for name in ("people", "held", "alone")
    )
    is_small = small(people, min_cell)
    if kind != NUMBER:
        is_small = small(held, min_cell) | small(people - alone, min_cell)
    if kind == CODE:
        keys, people = [*keys, "code"], held
    return cells_to_mask(is_small, people, min_cell, _ranks(found, keys))


def _masked_in_sums(
    connection: Connection,
    blocks: Sequence[Mapping[str, object]],
    sums: Sequence[tuple[str, Sequence[str]]],
    keys: int,
    min_cell: int,
) -> dict[int, numpy.ndarray]:
    """Return which rows to mask of the outputs that add up, by the number of each.

    One that is masked in a group must not be what the others leave of the sum.
    """
    by_period, masks = defaultdict(dict), {}
    for number, block in enumerate(blocks if min_cell else ()):
        if block["kind"] == NUMBER:
            by_period[block["period"]][block["variable"]] = number
    for numbers in by_period.values():
        known = [(one, *parts) for one, parts in sums if {one, *parts} <= {*numbers}]
        names = sorted({*chain(*known)}, key=numbers.get)
        if not names:
            continue
        values = ", ".join(f"({numbers[name]})" for name in names)
        found = connection.sql(_PEOPLE.format(numbers=values)).to_arrow_table()
        people, groups = found["people"].to_numpy(), len(found) // len(names)
        places = [
            [names.index(name) * groups + group for name in one]
            for one in known
            for group in range(groups)
        ]
        masked = cells_to_mask(
            small(people, min_cell),
            people,
            min_cell,
            _ranks(found, _names(keys)),
            sums=places,
            block=found["block"].to_numpy(),
        )
        of_outputs = masked.reshape(len(names), -1)
        masks |= {
            numbers[name]: rows for name, rows in zip(names, of_outputs, strict=True)
        }
    return masks


def _ranks(found: pa.Table, keys: Sequence[str]) -> list[numpy.ndarray]:
    """Rank the values of each key of the groups."""
    return [
        found[key].combine_chunks().dictionary_encode().indices.to_numpy()
        for key in keys
    ]
