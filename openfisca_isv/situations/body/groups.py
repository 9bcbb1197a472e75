"""Who belongs to whom: each mission has one volunteer and one organisation."""

from collections.abc import Iterator, Mapping

from openfisca_isv.situations.body.vocabulary import Vocabulary
from openfisca_isv.situations.problems import Problems, suggestion
from openfisca_isv.situations.situation import Situation


def read_groups(
    vocabulary: Vocabulary,
    described: Mapping[str, Mapping[str, object]],
    situation: Situation,
    found: Problems,
) -> None:
    """Read which missions each volunteer and each organisation has."""
    missions = described.get(vocabulary.single)
    if missions is None:
        return
    for plural in vocabulary.roles:
        groups = described.get(plural)
        if groups:
            situation.groups[plural], situation.roles[plural] = _read_kind(
                vocabulary, plural, groups, list(missions), found
            )
        else:
            # Each mission has a group of its own.
            situation.groups[plural] = list(range(len(missions)))
            situation.roles[plural] = [0] * len(missions)


def _read_kind(
    vocabulary: Vocabulary,
    plural: str,
    groups: Mapping[str, object],
    missions: list[str],
    found: Problems,
) -> tuple[list[int], list[int]]:
    """Return the group of each mission, -1 where it has none, and its role there."""
    places = {name: place for place, name in enumerate(missions)}
    group_of = [-1] * len(missions)
    role_of = [0] * len(missions)
    single = vocabulary.entities[vocabulary.single].key
    kind = vocabulary.entities[plural].key
    for rank, (name, group) in enumerate(groups.items()):
        if not isinstance(group, dict):
            continue
        for path, mission, role in _members(vocabulary, plural, name, group, found):
            if mission not in places:
                reason = f"is no {single} of the request"
                remedy = "" if found.is_full else suggestion(mission, places)
                found.add(path, mission, reason, remedy)
            elif group_of[places[mission]] >= 0:
                reason = f"has its {kind} already: a {single} has one"
                found.add(path, mission, reason, "Name it once")
            else:
                group_of[places[mission]] = rank
                role_of[places[mission]] = role
    role = vocabulary.roles[plural][0]
    for mission, rank in zip(missions, group_of, strict=True):
        if rank < 0:
            reason = f"the {single} has no {kind}"
            remedy = f'Name it in the "{role}" of one, or leave "{plural}" out'
            found.add((plural,), mission, reason, remedy)
    return group_of, role_of


def _members(
    vocabulary: Vocabulary,
    plural: str,
    name: str,
    group: Mapping[str, object],
    found: Problems,
) -> Iterator[tuple[tuple, str, int]]:
    """Go through the members that a group names: path, name, number of the role.

    Where a group has a single role, it names its members.
    """
    entity = vocabulary.entities[plural]
    for role, key in zip(entity.roles, vocabulary.roles[plural], strict=True):
        if key not in group and len(entity.roles) > 1:
            continue
        path = (plural, name, key)
        named = list(_named(path, entity.key, group, found))
        if role.max is not None and len(named) > role.max:
            reason = f"names {len(named)}, and a {entity.key} has {role.max} at most"
            found.add(path, None, reason, "Name the others in another role")
            continue
        numbers = [entity.flattened_roles.index(one) for one in role.subroles or ()]
        numbers = numbers or [entity.flattened_roles.index(role)] * len(named)
        for (place, mission), number in zip(named, numbers, strict=False):
            yield place, mission, number


def _named(
    path: tuple[str, str, str], kind: str, group: Mapping[str, object], found: Problems
) -> Iterator[tuple[tuple, str]]:
    """Go through the members that a group names in a role, each with its path."""
    role = path[-1]
    if role not in group:
        remedy = f'Add "{role}": [], with the names of those it has'
        found.add(path, None, f"the {kind} does not name its {role}", remedy)
        return
    named = group[role]
    if isinstance(named, str):
        # OpenFisca takes a single name for a list of one.
        yield path, named
    elif isinstance(named, list):
        for place, mission in enumerate(named):
            # It takes a number for the name that is written with it, too.
            if isinstance(mission, int) and not isinstance(mission, bool):
                yield (*path, place), str(mission)
            elif isinstance(mission, str):
                yield (*path, place), mission
            else:
                remedy = "Write the name, in quotes"
                found.add((*path, place), mission, "is not a name", remedy)
    else:
        remedy = 'Write a list of names, as ["a"]'
        found.add(path, named, "is not a list of names", remedy)
