"""Reforms alone and together: what each is worth, and what they do to each other."""

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.population.arguments import Law, as_reform
from openfisca_isv.population.bad_input import RequestError, TableProblem
from openfisca_isv.population.reforms.changes import changed_names
from openfisca_isv.population.reforms.source import (
    ReformError,
    ReformSource,
    package_of,
    under_readings,
)
from openfisca_isv.population.reforms.tax_benefit_systems import (
    tax_benefit_system,
    variables_before,
)
from openfisca_isv.population.subject import AMOUNTS, LAW

#: What the reforms come to together, less what each comes to alone.
INTERACTION = "interaction"


def compared_laws(
    reforms: Iterable[Law],
    readings: Sequence[str],
    *,
    together: bool,
    each_reading: bool,
) -> tuple[ReformSource, ...]:
    """Return the laws set beside that in force, with all reforms at once if asked.

    Raises:
        ReformError: It lists what is wrong with any of them.
        RequestError: Together are one reform or none, or other readings; or these, and
            each reading alone.
    """
    read, problems = [], []
    for one in reforms:
        try:
            read.append(as_reform(one))
        except ReformError as error:
            problems += error.problems
    if problems:
        raise ReformError(problems)
    if readings and each_reading:
        message = "--readings sets each reading beside the law in force, one at a time:"
        message += f" leave out --reading {readings[0]}, or --readings"
        raise RequestError(message)
    if not together:
        # The law under other readings, then each reform of the law so read.
        laws = (under_readings(readings, one) for one in (None, *read))
        return tuple(one for one in laws if one is not None)
    if readings:
        message = "--together is about reforms of the law in force: leave out"
        message += " --reading, or --together"
        raise RequestError(message)
    if len(read) <= 1:
        message = "--together puts several reforms together: give at least two"
        raise RequestError(message)
    return *read, package_of(read)


def check_parts(reforms: Sequence[ReformSource]) -> None:
    """Refuse reforms that change the same parameter or rule.

    Raises:
        ReformError: Two of them do: which would prevail is not known.
    """
    law = tax_benefit_system()
    changed = {
        one.name: changed_names(law, variables_before(one), tax_benefit_system(one))
        for one in reforms
    }
    problems = []
    for first, second in combinations(reforms, 2):
        if both := sorted(changed[first.name] & changed[second.name]):
            reason = f"is changed by {first.origin} too"
            remedy = "Change it in one of them, or leave out --together"
            place = second.origin, reason, remedy
            problems += [TableProblem(*place, column=name) for name in both]
    if problems:
        raise ReformError(problems)


def package_table(cost_by_year: pa.Table) -> pa.Table:
    """Set the reforms beside what they come to together, over all the years.

    A change that is masked in a year masks that of the reform, and the interaction.

    Returns:
        One row per reform; ``together``; and ``interaction``, which the reforms lack to
        add up to it: ``part``, the change of each amount, ``masked``.
    """
    changes = cost_by_year.filter(pc.field("scenario") != LAW)
    reforms = changes["scenario"].unique().to_pylist()
    columns = {}
    for name in (f"{one}_change" for one in AMOUNTS):
        # What is masked is not a number.
        by_year = changes[name].to_numpy().reshape(len(reforms), -1)
        *alone, together = by_year.sum(axis=1)
        sums = numpy.array([*alone, together, together - sum(alone)])
        # Adding 0 turns -0 into 0.
        columns[name] = pa.array(sums.round(2) + 0.0, from_pandas=True)
    masked = numpy.any([one.is_null() for one in columns.values()], axis=0)
    parts = {"part": [*reforms, INTERACTION]}
    return pa.table(parts | columns | {"masked": masked})
