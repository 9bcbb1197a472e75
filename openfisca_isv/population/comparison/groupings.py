"""The groups of gainers and losers: by one column, or by several that are crossed."""

import json
from collections.abc import Container, Sequence
from itertools import permutations

import pyarrow as pa

from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.groups.grouping import numbered
from openfisca_isv.population.language import say
from openfisca_isv.population.subject import (
    DERIVED,
    GROUPING_NAMES,
    USUAL_GROUPINGS,
    group_name,
)

#: What the grouping and the group of all missions are called.
ALL, EVERYONE = "all", "everyone"
EVERYONE_VALUES = "[]"
#: Columns whose groups have an order of their own.
_IN_ORDER = ("age", "age_band", "year")
_AND, _COMMA = " and ", ", "


def groups_of(columns: pa.Table, by: Sequence[str]) -> pa.Array:
    """Return the group of each mission by its columns; null is ``unknown``.

    A group is the values of its columns as a list in JSON, for the text that a reader
    sees could be that of two groups. Without columns everyone is in one group.
    """
    if not by:
        return pa.repeat(EVERYONE_VALUES, len(columns))
    ranks, named = numbered(columns.select(list(by)))
    rows = zip(*(one.to_pylist() for one in named.columns), strict=True)
    return pa.array([json.dumps(row) for row in rows], pa.string()).take(ranks)


def usual_groupings(columns: Container[str]) -> tuple[tuple[str, ...], ...]:
    """Return the usual groupings that some columns allow."""
    return tuple(
        (name,)
        for name in USUAL_GROUPINGS
        if all(one in columns for one in DERIVED.get(name, (name,)))
    )


def check_names(by: Sequence[tuple[str, ...]]) -> None:
    """Check that the names of groupings tell them apart."""
    names = [ALL, *(grouping_name(one) for one in by)]
    for name in names:
        if names.count(name) > 1:
            message = f'two groupings would be called "{name}": name another column'
            raise RequestError(message)


def check_apart(by: Sequence[tuple[str, ...]]) -> None:
    """Check that no grouping divides the groups of another one.

    Each is masked for itself: what is withheld in one could be added up in the other.
    """
    for one, other in permutations(by, 2):
        if set(one) < set(other):
            message = (
                f"small cells of {grouping_name(one)} could be read off"
                f" {grouping_name(other)}: ask for one of the two with --min-cell"
            )
            raise RequestError(message)


def is_in_order(by: tuple[str, ...]) -> bool:
    """Return whether groups have an order of their own; else the largest is first."""
    return all(name in _IN_ORDER for name in by)


def grouping_name(by: Sequence[str]) -> str:
    """Write a grouping as the tables have it: ``host_country and age_band``."""
    return _AND.join(by) if by else ALL


def grouping_title(by: Sequence[str]) -> str:
    """Write a grouping for a reader: ``Host country and age at departure``."""
    first, *others = (say(GROUPING_NAMES.get(name, name)) for name in by)
    names = [first, *(one[:1].lower() + one[1:] for one in others)]
    return say(_AND).join(filter(None, [_COMMA.join(names[:-1]), names[-1]]))


def group_text(values: str) -> str:
    """Write a group as the tables have it, from the values of ``Groups``."""
    return _COMMA.join(json.loads(values)) or EVERYONE


def group_title(by: Sequence[str], group: str) -> str:
    """Write a group of the tables for a reader: ``Madagascar, 25-29``."""
    values = group.split(_COMMA) if len(by) > 1 else [group]
    if len(values) != len(by):
        # One of the values has a comma of its own.
        return group
    return _COMMA.join(map(group_name, by, values))
