"""What is wrong in the tables: columns, cells, identifiers and references.

Each check looks at a whole column at once, and reports each wrong value once, with
the first of its rows.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.cells import nearest
from openfisca_isv.population.columns import TableKind
from openfisca_isv.population.problems import Problem
from openfisca_isv.population.reading import FIRST_ROW

#: Different wrong values that are reported of one column; the others are counted.
_MOST_VALUES = 5


def check_columns(
    kinds: Mapping[str, TableKind], table: str, file: str, columns: list[str]
) -> Iterator[Problem]:
    """Find the columns that a table lacks, and those that the model does not know.

    Args:
        kinds: What each table may hold.
        table: The name of the table.
        file: What problems call the file.
        columns: The columns of the file.
    """
    kind = kinds[table]
    if len(columns) == 1 and ";" in columns[0]:
        yield Problem(file, "is separated by semicolons", "Save it with commas")
        return
    unknown = [column for column in columns if column not in kind.cells]
    for column in kind.required:
        if column not in columns:
            mend = "Add it"
            if close := nearest(column, unknown):
                unknown.remove(close)
                mend = f'Rename "{close}", if that is it'
            yield Problem(file, "is missing", mend, column=column)
    for column in unknown:
        others = [other.name for other in kinds.values() if column in other.cells]
        if others:
            mend = f"It belongs in the table of {others[0]}"
        elif close := nearest(column, set(kind.cells) - set(columns)):
            mend = f'Did you mean "{close}"?'
        else:
            mend = "Remove it; the columns are the inputs of the model"
        yield Problem(file, f"is no column of the {table}", mend, column=column)


def check_cells(
    kind: TableKind, file: str, texts: pa.Table, values: pa.Table
) -> Iterator[Problem]:
    """Find the cells that cannot be read, and the days that are out of order.

    Args:
        kind: What the table may hold.
        file: What problems call the file.
        texts: The cells as they stand in the file.
        values: What was read of the known columns; null where nothing could be.
    """
    for column in values.column_names:
        text = texts[column].combine_chunks()
        is_wrong = pc.and_(values[column].is_null().combine_chunks(), text.is_valid())
        yield from _wrong(file, column, text, is_wrong, kind.cells[column].explain)
    if {"start_date", "end_date"} <= set(values.column_names):
        is_wrong = pc.less(values["end_date"], values["start_date"]).combine_chunks()
        yield from _wrong(
            file,
            "end_date",
            texts["end_date"].combine_chunks(),
            is_wrong.fill_null(False),
            lambda _: ("is before the start_date", "Correct one of the two days"),
        )


def check_identifiers(
    kind: TableKind, file: str, values: pa.Table
) -> Iterator[Problem]:
    """Find the identifiers that are left out, and those of more than one row."""
    known = set(values.column_names)
    for column in sorted({*kind.key, *kind.references} & known):
        rows = numpy.flatnonzero(values[column].is_null())
        # A month that cannot be read was reported with the cells.
        if len(rows) and column != "month":
            yield Problem(
                file, "is empty", "Every row needs one", column, **_in_rows(rows)
            )
    if not set(kind.key) <= known:
        return
    # A row whose key is not whole cannot be compared.
    whole = numpy.ones(len(values), dtype=bool)
    for column in kind.key:
        whole &= values[column].is_valid().to_numpy()
    rows = numpy.flatnonzero(whole)
    key, first = _ranks(values.take(rows), kind.key)
    again = numpy.flatnonzero(first[key] < numpy.arange(len(key)))
    for rank in _first_of(key[again]):
        repeated = rows[again[key[again] == rank]]
        reason = f"is already in row {rows[first[rank]] + FIRST_ROW}"
        if len(kind.key) > 1:
            reason += f" for the same {kind.key[1]}"
        value = values[kind.key[0]][repeated[0]].as_py()
        mend = "Keep one row of the two"
        where = _in_rows(repeated)
        yield Problem(file, reason, mend, kind.key[0], value=value, **where)


def check_references(
    kind: TableKind,
    file: str,
    values: pa.Table,
    names: Mapping[str, tuple[str, pa.Array]],
) -> Iterator[Problem]:
    """Find the references to a row that another table does not have.

    Args:
        kind: What the table may hold.
        file: What problems call the file.
        values: The table.
        names: The file of each table that is referred to, and the names it has.
    """
    for column, table in kind.references.items():
        if column in values.column_names and table in names:
            target, known = names[table]

            def explain(text: str, target=target, known=known) -> tuple[str, str]:
                close = nearest(text, known.drop_null().to_pylist())
                mend = f'Did you mean "{close}"?' if close else "Add a row for it there"
                return f"is not in {target}", mend

            text = values[column].combine_chunks()
            is_wrong = pc.and_not(text.is_valid(), pc.is_in(text, value_set=known))
            yield from _wrong(file, column, text, is_wrong, explain)


def _wrong(
    file: str,
    column: str,
    texts: pa.Array,
    is_wrong: pa.Array,
    explain: Callable[[str], tuple[str, str]],
) -> Iterator[Problem]:
    """Report each wrong value of a column once."""
    rows = numpy.flatnonzero(is_wrong)
    if not len(rows):
        return
    encoded = texts.take(pa.array(rows)).dictionary_encode()
    ranks = encoded.indices.to_numpy()
    for rank in _first_of(ranks):
        value = encoded.dictionary[rank].as_py()
        reason, mend = explain(value)
        where = _in_rows(rows[ranks == rank])
        yield Problem(file, reason, mend, column, value=value, **where)
    if (others := len(encoded.dictionary) - _MOST_VALUES) > 0:
        rest = rows[ranks >= _MOST_VALUES]
        reason = f"{others:,} other values are wrong too"
        mend = "Correct them likewise"
        yield Problem(file, reason, mend, column, **_in_rows(rest))


def _first_of(ranks: numpy.ndarray) -> list[int]:
    """Give the first different ranks, as many as are reported."""
    return numpy.unique(ranks)[:_MOST_VALUES].tolist()


def _ranks(
    values: pa.Table, columns: tuple[str, ...]
) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Give each row the rank of its key, and each rank the first of its rows."""
    ranks = numpy.zeros(len(values), dtype=numpy.int64)
    for column in columns:
        encoded = values[column].combine_chunks().dictionary_encode()
        ranks = ranks * len(encoded.dictionary) + encoded.indices.to_numpy()
    _, first_rows, ranks = numpy.unique(ranks, return_index=True, return_inverse=True)
    return ranks.reshape(-1), first_rows


def _in_rows(rows: numpy.ndarray) -> dict[str, int]:
    """Say in which rows a problem is, counted from 0: the first, and how many more."""
    return {"row": int(rows[0]) + FIRST_ROW, "more_rows": len(rows) - 1}
