"""The facts left out that the value of a question may rest on.

From the value asked down to the inputs, through what is not known: a value that is
known already, whatever is left out, rests on nothing.
"""

import numpy

from openfisca_isv.counterfactuals.life import Key, Life, Place
from openfisca_isv.standing.evaluation import BoundsSimulation


def relevant(bounds: BoundsSimulation, place: Place) -> dict[Place, list[str]]:
    """List the facts left out, and the variables that read each.

    Args:
        bounds: One copy of a life, in which the value is calculated.
        place: The value.
    """
    life = bounds.life
    facts: dict[Place, list[str]] = {}
    waiting = [(place.key, life.position(place), place.variable)]
    seen = set()
    while waiting:
        key, row, reader = waiting.pop()
        if bounds.known[key].exact_rows[row]:
            continue
        if key not in bounds.reads:
            readers = facts.setdefault(_place(life, key, row), [])
            if reader not in readers:
                readers.append(reader)
        elif (key, row) not in seen:
            seen.add((key, row))
            kind = life.entity_key(key[0])
            waiting += [
                (child, other, key[0])
                for child in reversed(bounds.reads[key])
                for other in _rows(life, kind, row, life.entity_key(child[0]))
            ]
    return facts


def every_fact(bounds: BoundsSimulation) -> dict[Place, list[str]]:
    """List all facts left out that some formula read."""
    life = bounds.life
    return {
        _place(life, key, row): []
        for key, known in bounds.known.items()
        if key not in bounds.reads
        for row in numpy.flatnonzero(life.is_left_out(key)).tolist()
        if not known.exact_rows[row]
    }


def _place(life: Life, key: Key, position: int) -> Place:
    return Place(*key, int(life.rows[life.entity_key(key.variable)][position]))


def _rows(life: Life, kind: str, row: int, other: str) -> list[int]:
    """List the entities of a kind that an entity is linked to, itself the first.

    A rule may look from a mission to all those of the volunteer.
    """
    if kind == other and kind in life.members:
        return [row]
    if kind == other:
        groups = next(iter(life.members.values()), None)
        if groups is None:
            return [row]
        same = numpy.flatnonzero(groups == groups[row]).tolist()
        return [row, *(one for one in same if one != row)]
    if kind not in life.members:
        return [int(life.members[other][row])]
    persons = numpy.flatnonzero(life.members[kind] == row)
    if other not in life.members:
        return persons.tolist()
    return numpy.unique(life.members[other][persons]).tolist()
