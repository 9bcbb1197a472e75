"""From the body of a request to a situation, or to all that is wrong in it.

One walk over the body gives both. The engine's own reader is kept out: its time grows
with the square of the number of entities, it stops at the first mistake, and periods
of several sizes, or written in several ways, overwrite one another in it.
"""

from collections.abc import Mapping
from itertools import chain

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.situations.body.axes import AxesReader
from openfisca_isv.situations.body.groups import read_groups
from openfisca_isv.situations.body.instances import InstanceReader
from openfisca_isv.situations.body.vocabulary import Vocabulary, vocabulary_of
from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import (
    Problem,
    Problems,
    RefusalError,
    suggestion,
)
from openfisca_isv.situations.situation import Situation


def read_situation(system: TaxBenefitSystem, body: object, limits: Limits) -> Situation:
    """Read the body of a request.

    Raises:
        RefusalError: Something is wrong in it, or it is too large.
    """
    found = Problems()
    vocabulary = vocabulary_of(system)
    if not isinstance(body, dict):
        remedy = f'Send an object, as {{"{vocabulary.single}": {{"a": {{}}}}}}'
        found.add((), body, "the body is not an object", remedy)
        raise RefusalError.of(found)
    _check_keys(vocabulary, body, found)
    described = _read_kinds(vocabulary, body, limits, found)
    situation = Situation(names=_names(vocabulary, described))
    reader = InstanceReader(vocabulary, limits, situation, found)
    # In the order of the body, which is that of the questions.
    for plural in body:
        if plural in described:
            reader.read(plural, described[plural])
    read_groups(vocabulary, described, situation, found)
    if "axes" in body:
        axes = AxesReader(vocabulary, limits, situation, found)
        situation.axes = axes.read(body["axes"])
    check_given_in_part(vocabulary, situation, found)
    if found.count:
        raise RefusalError.of(found)
    cells = situation.cells(system)
    if cells > limits.cells:
        raise too_many_cells(cells, limits)
    return situation


def too_many_cells(cells: int, limits: Limits) -> RefusalError:
    """Refuse a request that gives or asks too many values."""
    reason = f"{cells} values are given or asked, and a request may hold {limits.cells}"
    remedy = "Send fewer entities, months or cells of axes at a time"
    return RefusalError(422, "too_many_cells", Problem("", cells, reason, remedy))


def _check_keys(
    vocabulary: Vocabulary, body: Mapping[str, object], found: Problems
) -> None:
    """Note the keys of the body that name no kind of entity."""
    found.add_repeated((), body)
    singular = {entity.key: plural for plural, entity in vocabulary.entities.items()}
    for key, value in body.items():
        if key in vocabulary.entities or key == "axes":
            continue
        if key in singular:
            remedy = f'Write "{singular[key]}", and the name of each inside'
        elif owner := vocabulary.variable(key):
            remedy = f"Write the variable inside one of the {owner[0]}"
        else:
            remedy = suggestion(key, [*vocabulary.entities, "axes"])
        found.add((key,), value, "is not a kind of entity", remedy)


def _read_kinds(
    vocabulary: Vocabulary,
    body: Mapping[str, object],
    limits: Limits,
    found: Problems,
) -> dict[str, Mapping[str, object]]:
    """Return what is said of the entities of each kind, by plural."""
    described: dict[str, Mapping[str, object]] = {}
    for plural in vocabulary.entities:
        instances = body.get(plural, {})
        if isinstance(instances, dict):
            described[plural] = instances
            found.add_repeated((plural,), instances)
        else:
            remedy = 'Write an object, with the name of each, as {"a": {}}'
            found.add((plural,), instances, "is not an object", remedy)
    count = sum(len(instances) for instances in described.values())
    if count > limits.entities:
        most = limits.entities
        reason = f"{count} entities are described, and a request may hold {most}"
        problem = Problem("", count, reason, "Send them in several requests")
        raise RefusalError(422, "too_many_entities", problem)
    single = vocabulary.single
    if described.get(single) == {}:
        kind = vocabulary.entities[single].key
        remedy = f'Describe one, e.g. "{single}": {{"a": {{}}}}'
        found.add((single,), None, f"there is no {kind}", remedy)
    return described


def _names(
    vocabulary: Vocabulary, described: Mapping[str, Mapping[str, object]]
) -> dict[str, list[str]]:
    """List the identifiers; without groups, each mission gets its own of its name."""
    missions = list(described.get(vocabulary.single, {}))
    return {
        plural: list(described.get(plural, {})) or missions
        for plural in vocabulary.entities
    }


def check_given_in_part(
    vocabulary: Vocabulary, situation: Situation, found: Problems
) -> None:
    """Note the computed values that some entities are given, and others not.

    The engine gives the others the default, without computing it.
    """
    given = {
        (name, period): set(values)
        for name, by_period in situation.given.items()
        for period, values in by_period.items()
    }
    for axis in chain.from_iterable(situation.axes):
        for period in axis.periods:
            given.setdefault((axis.variable, period), set()).add(axis.index)
    for (name, period), indices in given.items():
        plural, variable = vocabulary.variable(name)
        names = situation.names[plural]
        if variable.formulas and indices and len(indices) < len(names):
            others = len(names) - len(indices)
            path = (plural, names[min(indices)], name)
            reason = (
                f"is computed, and given for {period} to some of the {plural}: the "
                f"{others} other{'s' * (others > 1)} would not be computed"
            )
            found.add(path, None, reason, f"Give it to all the {plural}, or to none")
