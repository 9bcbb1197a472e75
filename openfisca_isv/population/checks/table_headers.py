"""The headers of the files of a table: which columns are read, and what is wrong."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from openfisca_isv.names import bare_name, is_same_but_written, meant, nearest
from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.subject import DERIVED
from openfisca_isv.population.tables.columns import TableKind
from openfisca_isv.population.tables.sources import (
    InMemoryTable,
    Source,
    columns_of,
    files_of,
)

#: Unknown columns that are named; the others are counted.
_MOST_NAMED = 5
#: Unknown columns that are compared with the names of inputs.
_MOST_COMPARED = 200
#: Separators that are read where they are declared, and all else in a header.
_SEPARATORS, _SIGN = {"\t": "tab", "|": "bar"}, re.compile(r"[^\t|]")


@dataclass(frozen=True)
class Header:
    """The columns of a table.

    Attributes:
        columns: Those that are read.
        ignored: Those that are left out, as the user asks.
        problems: What is wrong.
    """

    columns: list[str]
    ignored: list[str]
    problems: list[TableProblem]


def inspect(kinds: Mapping[str, TableKind], name: str, path: Source) -> Header:
    """Look at the headers of the files of a table."""
    kind = kinds[name]
    problems = [*path.problems] if isinstance(path, InMemoryTable) else []
    if problems and not path.letters:
        return Header([], [], problems)
    ignored: dict[str, None] = {}
    listed: list[list[str]] = []
    of_folders: set[str] = set()
    kept = {*kind.cells}
    try:
        for file, keys in files_of(path).items():
            given = columns_of(file, kind.others.written)
            _check_names(file, given, keys)
            given += keys
            found = [one for one in given if one not in kind.others.ignored]
            if not listed:
                wrong = [*_column_problems(kinds, name, str(file), found)]
                problems += wrong
                kept |= {one.column for one in wrong}
            if kind.others.ignores_unknown:
                found = [one for one in found if one in kept]
            if listed and (other := sorted({*found} ^ {*listed[0]})):
                reason = f"has not the columns of the other parts: {', '.join(other)}"
                remedy = "Give all parts the same"
                problems.append(TableProblem(str(file), reason, remedy))
            listed.append(found)
            of_folders |= {*keys}
            ignored |= dict.fromkeys(one for one in given if one not in found)
    except TableError as error:
        return Header([], [], problems + error.problems)
    # What a part lacks is told above, and read in none.
    shared = {*kind.cells}.intersection(*listed)
    known = [one for one in listed[0] if one in shared]
    return Header([] if of_folders.issuperset(known) else known, [*ignored], problems)


def _check_names(path: Source, names: Sequence[str], keys: Mapping[str, str]) -> None:
    """Refuse a first row that is not a header, and names that are there twice."""
    first = names[0] if names else ""
    nameless = [str(place) for place, name in enumerate(names, 1) if not name]
    column = None
    if first.startswith(("[", "{", "<")):
        kind = "HTML or XML" if first[0] == "<" else "JSON"
        reason, remedy = f"is {kind}, not CSV", "Save the table as CSV UTF-8"
    elif first.startswith("sep="):
        reason, remedy = f'starts with "{first}"', "Delete that line"
    elif len(names) == 1 and (sign := _SEPARATORS.get(_SIGN.sub("", first)[:1])):
        reason = f"has {sign}s between its cells"
        remedy = f"Declare --format-of-cells separator={sign}"
    elif len(names) - len(nameless) == 1 and " " in first:
        reason = f'has one cell, "{first}", in row 1, and no header'
        remedy = "Delete what stands above the header"
    elif nameless:
        reason = f"has no name for column {', '.join(nameless)}"
        remedy = "Name it in row 1, or delete it"
    elif twice := sorted(name for name, times in Counter(names).items() if times > 1):
        reason = f"has more than one column {', '.join(twice)}"
        remedy = "Keep one of each"
    elif clash := sorted({*names} & {*keys}):
        column = clash[0]
        reason = f"is in the folder {column}={keys[column]}, and has the column too"
        remedy = "Remove the column, or name the folder otherwise"
    else:
        return
    raise TableError([TableProblem(str(path), reason, remedy, column=column)])


def _column_problems(
    kinds: Mapping[str, TableKind], table: str, file: str, columns: Sequence[str]
) -> Iterator[TableProblem]:
    """Find the columns that a table lacks, and those that the model does not know."""
    kind = kinds[table]
    if other := _table_like(kinds, kind, columns):
        reason = f"has the columns of the {other.name}, not of the {table}"
        place = "MISSIONS" if other.name == "missions" else f"--{other.name}"
        yield TableProblem(file, reason, f"Give it as {place}")
        return
    unknown = [column for column in columns if column not in kind.cells]
    elsewhere = {
        bare_name(column): (other.name, column)
        for other in kinds.values()
        for column in other.cells
        if column not in kind.cells
    }
    for column in kind.required:
        if column in columns:
            continue
        remedy = "Add it"
        own = [one for one in unknown if bare_name(one) not in elsewhere]
        if close := nearest(column, own):
            unknown.remove(close)
            is_same = is_same_but_written(close, column)
            remedy = f'Rename "{shown(close)}"' + ("" if is_same else ", if that is it")
        yield TableProblem(file, "is missing", remedy, column=column)
    reason, strange = f"is not a column of the {table}", []
    away = {*columns, *kind.others.ignored}
    lacking = [one for one in kind.cells if one not in away]
    for column in unknown:
        remedy = _place_of(column, kind, lacking, elsewhere, len(unknown))
        if remedy:
            yield TableProblem(file, reason, remedy, column=shown(column))
        elif not kind.others.ignores_unknown:
            strange.append(shown(column))
    if len(strange) == 1:
        remedy = "Remove it, name it with --by or --weight, or leave it out with"
        remedy += " --ignore"
        yield TableProblem(file, reason, remedy, column=strange[0])
    elif strange:
        reason = f"has {len(strange):,} columns that are none of the {table}:"
        remedy = "Remove them, name them with --by or --weight, or leave them out with"
        remedy += " --ignore or --ignore-unknown"
        yield TableProblem(file, f"{reason} {some_of(strange)}", remedy)


def _place_of(
    column: str,
    kind: TableKind,
    lacking: Sequence[str],
    elsewhere: Mapping[str, tuple[str, str]],
    unknown: int,
) -> str | None:
    """Return the remedy for a column that a table does not know, if it is like one.

    The columns that the table does not have are lacking; those of other tables are
    elsewhere, by ``bare_name``; so many columns are unknown.
    """
    name, remedy = bare_name(column), None
    by_name = {bare_name(one): one for one in lacking}
    is_told = not kind.others.ignores_unknown
    if name in elsewhere:
        other, known = elsewhere[name]
        remedy = f"It belongs in the table of {other}"
        remedy += "" if known == column else f', as "{known}"'
    elif name in by_name:
        remedy = f'Rename it "{by_name[name]}"'
    elif is_told and column in DERIVED:
        remedy = f"Rename it, or leave it out with --ignore {column}:"
        remedy += f" --by {column} is that of the departure"
    elif is_told and unknown <= _MOST_COMPARED:
        remedy = meant(column, lacking) or None
    return remedy


def _table_like(
    kinds: Mapping[str, TableKind], kind: TableKind, columns: Sequence[str]
) -> TableKind | None:
    """Return the table whose columns stand in the place of another's, if it is so."""

    def fitting(other: TableKind) -> int:
        return sum(one in other.cells for one in columns)

    like = max(kinds.values(), key=fitting)
    is_whole = {*like.required} <= {*columns}
    asks_more = len(like.required) > len(kind.required)
    is_other = asks_more or not {*kind.required} <= {*columns}
    return like if is_whole and is_other and fitting(like) > fitting(kind) else None


def shown(name: str) -> str:
    """Return a name with the characters that nobody sees written out."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in name)


def some_of(names: Sequence[str]) -> str:
    """List the first names, and count the others."""
    more = len(names) - _MOST_NAMED
    listed = ", ".join(names[:_MOST_NAMED])
    return f"{listed} and {more:,} more" if more > 0 else listed


def no_mission(path: Source) -> TableProblem:
    """Return the problem that the table of missions has no row."""
    return TableProblem(str(path), "has no mission", "Add a row")
