"""What is wrong between rows: duplicates and references.

The tables are those of whole volunteers: all the missions, the row and the months of
each. What concerns mission identifiers of other volunteers is found elsewhere, and
given.
"""

from collections.abc import Iterator, Mapping

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.faults import NO_FAULTS, faults
from openfisca_isv.population.tables.loading import BAD, FILE, ROW


def check_rows(
    kinds: Mapping[str, TableKind],
    tables: Mapping[str, pa.Table],
    repeated: pa.Table | None = None,
) -> pa.Table:
    """Find what is wrong between the rows of tables.

    Args:
        kinds: What each table may hold.
        tables: Rows as ``loading.load`` gives them, by the name of the table; those
            that were given.
        repeated: Mission identifiers of more than one row of the whole table:
            ``mission``, and the ``first`` of these rows in words.

    Returns:
        Faults, the rows that are right for themselves included.
    """
    found = []
    for name, table in tables.items():
        kind = kinds[name]
        if name == "missions" and repeated is not None:
            found += _repeated(table, repeated)
        else:
            found += _duplicates(kind, table)
        found += _references(kind, table, tables)
    return pa.concat_tables([NO_FAULTS, *found])


def set_aside(
    tables: Mapping[str, pa.Table], found: pa.Table
) -> tuple[dict[str, pa.Table], pa.Table]:
    """Set aside the rows at fault, and all the rows of the same volunteers.

    A life with a mission left out would be another life: what the law concludes about
    the missions that remain would be wrong. The missions of an organisation whose row
    is at fault go too.

    Args:
        tables: Rows, by the name of the table.
        found: The faults between the rows; those of single rows are marked in them.

    Returns:
        The rows that stay, without their places, and the faults of the rows that
        only go with others.
    """
    bad = {name: _at_fault(name, table, found) for name, table in tables.items()}
    more = []
    if "organisations" in tables and "organisation" in tables["missions"].column_names:
        signers, missions = tables["organisations"], tables["missions"]
        wrong = signers["organisation"].filter(pa.array(bad["organisations"]))
        named = _in(missions["organisation"], wrong) & ~bad["missions"]
        more += [_told("party", "missions", missions, named, "organisation")]
        bad["missions"] |= named
    lives = [one for one in ("missions", "volunteers", "monthly") if one in tables]
    wrong = pa.chunked_array(
        [
            chunk
            for one in lives
            for chunk in tables[one]["volunteer"].filter(pa.array(bad[one])).chunks
        ],
        pa.string(),
    ).drop_null()
    for one in lives:
        same = _in(tables[one]["volunteer"], wrong) & ~bad[one]
        more += [_told("life", one, tables[one], same, "volunteer")]
        bad[one] |= same
    kept = {
        name: table.filter(pa.array(~bad[name])).drop_columns([FILE, ROW, BAD])
        for name, table in tables.items()
    }
    return kept, pa.concat_tables([NO_FAULTS, *more])


def _at_fault(name: str, table: pa.Table, found: pa.Table) -> numpy.ndarray:
    """Tell which rows of a table are at fault."""
    bad = table[BAD].to_numpy()
    of_table = found.filter(pc.equal(found["table"], name))
    if len(of_table):
        bad = bad | _in(_place(table, FILE, ROW), _place(of_table, "file", "row"))
    return bad


def _place(table: pa.Table, file: str, row: str) -> pa.ChunkedArray:
    """Give the place of each row as one text."""
    return pc.binary_join_element_wise(table[row].cast(pa.string()), table[file], ":")


def _told(  # noqa: PLR0913, PLR0917 - a fault has as many sides
    check: str,
    name: str,
    table: pa.Table,
    is_wrong: numpy.ndarray,
    column: str,
    details: pa.Array | str | None = None,
) -> pa.Table:
    """Make the faults of some rows of a table."""
    where = pa.array(numpy.flatnonzero(is_wrong))
    if not len(where):
        return NO_FAULTS
    key = "volunteer" if name == "monthly" else name.removesuffix("s")
    names = dict.fromkeys([FILE, ROW, column, key])
    rows = table.select([one for one in names if one in table.column_names])
    rows = rows.take(where).combine_chunks()
    return faults(
        check,
        name,
        rows[FILE],
        rows[ROW].to_numpy(),
        column=column,
        values=rows[column].cast(pa.string()),
        keys=rows[key] if key in rows.column_names else None,
        details=details,
    )


def _duplicates(kind: TableKind, table: pa.Table) -> Iterator[pa.Table]:
    """Find the keys of more than one row; the first row too."""
    if not set(kind.key) <= set(table.column_names) or not len(table):
        return
    ranks = numpy.zeros(len(table), numpy.int64)
    whole = numpy.ones(len(table), bool)
    for column in kind.key:
        encoded = table[column].combine_chunks().dictionary_encode()
        indices = encoded.indices.fill_null(0).to_numpy()
        ranks = ranks * max(len(encoded.dictionary), 1) + indices
        whole &= _mask(table[column].is_valid())
    # A row whose key is not whole cannot be compared.
    ranks[~whole] = -1 - numpy.flatnonzero(~whole)
    different, first, ranks = numpy.unique(
        ranks, return_index=True, return_inverse=True
    )
    if len(different) == len(table):
        return
    first = first[ranks.reshape(-1)]
    is_first = first == numpy.arange(len(table))
    again = ~is_first
    has_others = numpy.zeros(len(table), bool)
    has_others[first[again]] = True
    places = _words(table).take(pa.array(first[again]))
    yield _told("duplicate", kind.name, table, again, kind.key[0], places)
    yield _told("duplicated", kind.name, table, has_others, kind.key[0])


def _repeated(table: pa.Table, repeated: pa.Table) -> Iterator[pa.Table]:
    """Find the missions that the whole table has more than once."""
    place = pc.index_in(table["mission"], value_set=repeated["mission"])
    again = _mask(place.is_valid())
    if again.any():
        first = repeated["first"].take(place.drop_null())
        is_first = numpy.zeros(len(table), bool)
        where = numpy.flatnonzero(again)
        is_first[where] = _mask(pc.equal(_words(table).take(pa.array(where)), first))
        places = first.filter(pa.array(~is_first[where])).combine_chunks()
        yield _told(
            "duplicate", "missions", table, again & ~is_first, "mission", places
        )
        yield _told("duplicated", "missions", table, is_first, "mission")


def _words(table: pa.Table) -> pa.ChunkedArray:
    """Name the rows: ``row 2``, and the file where there are several."""
    words = pc.binary_join_element_wise("row", table[ROW].cast(pa.string()), " ")
    if pc.count_distinct(table[FILE]).as_py() > 1:
        return pc.binary_join_element_wise(words, table[FILE], " of ")
    return words


def _references(
    kind: TableKind, table: pa.Table, tables: Mapping[str, pa.Table]
) -> Iterator[pa.Table]:
    """Find the references to a row that another table does not have.

    A table that was not given has the names that the missions use.
    """
    for column, target in kind.references.items():
        source = target if target in tables else "missions"
        if (
            source != kind.name
            and column in table.column_names
            and source in tables
            and column in tables[source].column_names
        ):
            wrong = _mask(table[column].is_valid())
            wrong &= ~_in(table[column], tables[source][column])
            yield _told("reference", kind.name, table, wrong, column)


def _in(values: pa.ChunkedArray, among: pa.ChunkedArray) -> numpy.ndarray:
    """Tell which values are among others; a null is not."""
    if not len(among):
        return numpy.zeros(len(values), bool)
    found = pc.is_in(values, value_set=among.drop_null().combine_chunks())
    return _mask(found)


def _mask(values: pa.ChunkedArray | pa.Array) -> numpy.ndarray:
    """Give a mask as numpy holds it; what is unknown is not wrong."""
    values = values.fill_null(False)
    if isinstance(values, pa.ChunkedArray):
        return values.to_numpy()
    return values.to_numpy(zero_copy_only=False)
