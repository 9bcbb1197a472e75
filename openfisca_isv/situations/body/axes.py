"""Axes: one situation repeated, with a number that varies from copy to copy.

``"axes": [[{"name", "period", "min", "max", "count", "index"}]]``: the axes of one
inner list vary together, those of several lists are combined, as OpenFisca has them.
"""

from collections.abc import Iterator

import numpy
from openfisca_core.variables import Variable

from openfisca_isv.situations.body.periods import given_parts
from openfisca_isv.situations.body.strict_json import depth, too_deep
from openfisca_isv.situations.body.values import number_problem
from openfisca_isv.situations.body.vocabulary import PartReader, Vocabulary
from openfisca_isv.situations.problems import (
    Problem,
    RefusalError,
    UnfitError,
    suggestion,
)
from openfisca_isv.situations.situation import Axis, Situation

_REQUIRED = ("name", "period", "min", "max", "count")
_KEYS = (*_REQUIRED, "index")
_SHAPE = 'Write a list of lists of axes, as [[{"name": ...}]]'


def refuse_axes(situation: Situation, done: str) -> None:
    """Refuse a situation with axes, where one situation is taken at a time.

    Args:
        situation: What a body says.
        done: What is done with one situation: ``answered`` or ``explained``.

    Raises:
        RefusalError: The situation has axes.
    """
    if situation.axes:
        reason = f"one situation is {done} at a time"
        problem = Problem("/axes", None, reason, "Send one situation, without axes")
        raise RefusalError(400, "wrong_request", problem)


class AxesReader(PartReader):
    """Reads the axes of a body, beside what the rest of it says."""

    def read(self, axes: object) -> list[list[Axis]]:
        """Read the dimensions, each with its axes; those in which nothing is wrong.

        Raises:
            RefusalError: They nest too deep, or make too many situations of one.
        """
        self._seen: set[tuple] = set()
        # One more for the body around them.
        if depth(axes, self.limits.nesting) + 1 > self.limits.nesting:
            raise too_deep(self.limits.nesting, ("axes",))
        if not isinstance(axes, list) or not axes:
            self.found.add(("axes",), axes, "is not a list of lists of axes", _SHAPE)
            return []
        dimensions: list[list[Axis]] = []
        cells = 1
        for rank, parallel in enumerate(axes):
            if not isinstance(parallel, list) or not parallel:
                path = ("axes", rank)
                self.found.add(path, parallel, "is not a list of axes", _SHAPE)
                continue
            if read := self._read_parallel(parallel, rank):
                dimensions.append(read)
                cells *= len(read[0].values)
                self._check_cells(cells)
        return dimensions

    def _read_parallel(self, parallel: list, rank: int) -> list[Axis]:
        read: list[Axis] = []
        for place, described in enumerate(parallel):
            path = ("axes", rank, place)
            before = self.found.count
            variable = self._check_shape(described, path)
            if variable is not None:
                self._check_parts(variable, described, path)
            if self.found.count > before:
                continue
            self._check_cells(described["count"])
            axis = Axis(
                variable.name,
                given_parts(variable, described["period"]),
                described.get("index", 0),
                numpy.linspace(
                    described["min"], described["max"], num=described["count"]
                ),
            )
            self._check_others(axis, read, path)
            read.append(axis)
        return read

    def _check_shape(self, described: object, path: tuple) -> Variable | None:
        """Check the parts that an axis has, and give its variable."""
        if not isinstance(described, dict):
            remedy = f"Write an object of {', '.join(_KEYS)}"
            self.found.add(path, described, "is not an axis", remedy)
            return None
        self.found.add_repeated(path, described)
        for key in described:
            if key not in _KEYS:
                remedy = suggestion(key, _KEYS)
                reason = "is not a part of an axis"
                self.found.add((*path, key), described[key], reason, remedy)
        missing = [key for key in _REQUIRED if key not in described]
        for key in missing:
            self.found.add(path, None, f"the axis has no {key}", f'Add "{key}"')
        return None if missing else self._check_variable(described["name"], path)

    def _check_variable(self, name: object, path: tuple) -> Variable | None:
        owner = self.vocabulary.variable(name)
        if owner is None:
            reason = "is not a variable of the model"
        elif owner[1].value_type not in (int, float):
            reason = "is not a number, and cannot vary along an axis"
        else:
            return owner[1]
        text = name if isinstance(name, str) and owner is None else ""
        remedy = suggestion(text, _varying(self.vocabulary))
        self.found.add((*path, "name"), name, reason, remedy)
        return None

    def _check_parts(self, variable: Variable, described: dict, path: tuple) -> None:
        index = described.get("index", 0)
        plural, _ = self.vocabulary.variable(variable.name)
        names = self.situation.names[plural]
        for key, reason, remedy in (
            *_number_problems(variable, described),
            *_index_problems(index, len(names), plural),
            *_period_problems(variable, described["period"]),
        ):
            self.found.add((*path, key), described.get(key), reason, remedy)

    def _check_others(self, axis: Axis, parallel: list[Axis], path: tuple) -> None:
        if parallel and len(axis.values) != len(parallel[0].values):
            count = len(axis.values)
            reason = "differs from the count of the first axis of the list"
            remedy = f"Write {len(parallel[0].values)}, or give the axis its own list"
            self.found.add((*path, "count"), count, reason, remedy)
        keys = {(axis.variable, axis.index, period) for period in axis.periods}
        if keys & self._seen:
            reason, remedy = "varies along two axes", "Keep one of the two"
            self.found.add((*path, "name"), axis.variable, reason, remedy)
        self._seen |= keys

    def _check_cells(self, cells: int) -> None:
        most = self.limits.axis_cells
        if cells > most:
            reason = f"makes more than {most} situations of one"
            problem = Problem("/axes", None, reason, "Lower the counts of the axes")
            raise RefusalError(422, "too_many_axis_cells", problem)


def _number_problems(
    variable: Variable, described: dict
) -> Iterator[tuple[str, str, str]]:
    count = described["count"]
    is_right = isinstance(count, int) and not isinstance(count, bool) and count > 0
    if not is_right:
        yield "count", "is not a number of situations", "Write 1 or more"
    for key in ("min", "max"):
        if problem := number_problem(variable, described[key]):
            is_right = False
            yield key, *problem
    if not is_right or variable.value_type is float or count == 1:
        return
    if (described["max"] - described["min"]) % (count - 1):
        reason = f"does not give {variable.name} whole numbers in {count} steps"
        yield "max", reason, "Choose a count that does"


def _index_problems(
    index: object, count: int, plural: str
) -> Iterator[tuple[str, str, str]]:
    is_place = isinstance(index, int) and not isinstance(index, bool)
    if not is_place or not 0 <= index < count:
        reason = f"is not the place of one of the {plural}"
        yield "index", reason, f"Write 0 to {count - 1}"


def _period_problems(variable: Variable, key: object) -> Iterator[tuple[str, str, str]]:
    if not isinstance(key, str):
        yield "period", "is not a period", "Write it in quotes"
        return
    try:
        given_parts(variable, key)
    except UnfitError as problem:
        yield "period", problem.reason, problem.remedy


def _varying(vocabulary: Vocabulary) -> list[str]:
    return [
        name
        for variables in vocabulary.variables.values()
        for name, variable in variables.items()
        if variable.value_type in (int, float) and not variable.formulas
    ]
