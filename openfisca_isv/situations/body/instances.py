"""What a body says of one entity: the values it gives, and those it asks."""

from collections.abc import Mapping

from openfisca_core.periods import Period
from openfisca_core.variables import Variable

from openfisca_isv.situations.body.periods import (
    check_asked,
    example_of,
    given_parts,
)
from openfisca_isv.situations.body.strict_json import depth, too_deep
from openfisca_isv.situations.body.values import read_value
from openfisca_isv.situations.body.vocabulary import PartReader
from openfisca_isv.situations.problems import (
    Problem,
    RefusalError,
    UnfitError,
    suggestion,
)
from openfisca_isv.situations.situation import Question

#: The objects around a value: the body, the kind, the entity, the variable.
_OBJECTS_AROUND = 4


class InstanceReader(PartReader):
    """Reads the entities of a body, one by one, into its situation."""

    #: How many values were read so far.
    _cells = 0

    def read(self, plural: str, instances: Mapping[str, object]) -> None:
        """Read the entities of one kind."""
        variables = self.vocabulary.variables[plural]
        roles = self.vocabulary.roles.get(plural, ())
        for index, (name, instance) in enumerate(instances.items()):
            self._check_name(plural, name)
            if not isinstance(instance, dict):
                remedy = "Write an object, with the variables of the entity"
                self.found.add((plural, name), instance, "is not an object", remedy)
                continue
            self.found.add_repeated((plural, name), instance)
            for key, values in instance.items():
                if key in variables:
                    self._read_variable(plural, name, index, variables[key], values)
                elif key not in roles:
                    self._note_unknown(plural, name, key, values)

    def _read_variable(
        self,
        plural: str,
        name: str,
        index: int,
        variable: Variable,
        values: object,
    ) -> None:
        path = (plural, name, variable.name)
        if not isinstance(values, dict):
            self._check_depth(values, path)
            remedy = f'Write {{"{example_of(variable)}": the value}}'
            self.found.add(path, values, "has no period", remedy)
            return
        self.found.add_repeated(path, values)
        given: list[tuple[int, str, tuple[Period, ...], object]] = []
        for key, value in values.items():
            wrong = key
            try:
                if value is None:
                    period = check_asked(variable, key)
                    question = Question(plural, name, index, variable.name, key, period)
                    self.situation.asked.append(question)
                else:
                    parts = given_parts(variable, key)
                    wrong = value
                    read = read_value(variable, value)
                    given.append((len(parts), key, parts, read))
            except UnfitError as problem:
                self._check_depth(wrong, (*path, key))
                self.found.add((*path, key), wrong, problem.reason, problem.remedy)
        if given:
            self._give(path, index, given)

    def _give(
        self,
        path: tuple[str, str, str],
        index: int,
        given: list[tuple[int, str, tuple[Period, ...], object]],
    ) -> None:
        """Give each period its value: that of the shortest period that covers it."""
        by_period = self.situation.given.setdefault(path[2], {})
        taken: dict[Period, tuple[int, str]] = {}
        for size, key, parts, value in sorted(given, key=lambda each: each[0]):
            self._cells += size
            if self._cells > self.limits.cells:
                most = self.limits.cells
                reason = f"a request may give {most} values, spread over the months"
                problem = Problem("", None, reason, "Name shorter periods")
                raise RefusalError(422, "too_many_cells", problem)
            for part in parts:
                of_part = by_period.setdefault(part, {})
                if part not in taken:
                    taken[part] = (size, key)
                    of_part[index] = value
                elif taken[part][0] == size and of_part[index] != value:
                    reason = f"gives another value than {taken[part][1]} does"
                    self.found.add((*path, key), key, reason, "Keep one of the two")
                    break

    def _note_unknown(self, plural: str, name: str, key: str, value: object) -> None:
        path = (plural, name, key)
        kind = self.vocabulary.entities[plural].key
        owner = self.vocabulary.variable(key)
        if owner is None:
            known = [*self.vocabulary.variables[plural]]
            known += self.vocabulary.roles.get(plural, [])
            reason = f"is not a variable of the {kind}"
            remedy = "" if self.found.is_full else suggestion(key, known)
            self.found.add(path, value, reason, remedy, is_unknown_variable=True)
        else:
            owner_kind = self.vocabulary.entities[owner[0]].key
            reason = f"is a variable of the {owner_kind}, and not of the {kind}"
            remedy = f"Write it inside one of the {owner[0]}"
            self.found.add(path, value, reason, remedy)

    def _check_name(self, plural: str, name: str) -> None:
        """Note an identifier that no answer could name."""
        if not name:
            remedy = 'Name each entity, e.g. "a"'
            self.found.add((plural, name), name, "has an empty name", remedy)
        elif "/" in name:
            remedy = "Name it without a slash"
            self.found.add((plural, name), name, "has a name with a slash", remedy)
        elif not _is_text(name):
            remedy = "Name it with whole characters"
            self.found.add((plural, name), name, "has a broken name", remedy)

    def _check_depth(self, value: object, path: tuple[str, ...]) -> None:
        """Refuse a body that nests too deep.

        Raises:
            RefusalError: It does.
        """
        if isinstance(value, dict | list):
            most = self.limits.nesting
            if depth(value, most) + _OBJECTS_AROUND > most:
                raise too_deep(most, path)


def _is_text(name: str) -> bool:
    """Return whether a text has no half of a character in it."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
