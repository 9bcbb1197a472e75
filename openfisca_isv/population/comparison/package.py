"""Reforms alone and together: what each is worth, and what they do to each other."""

from collections.abc import Sequence
from itertools import combinations

import pyarrow as pa

from openfisca_isv.population.bad_input import RequestError, TableProblem
from openfisca_isv.population.comparison.comparison import LAW
from openfisca_isv.population.model.tax_benefit_systems import (
    tax_benefit_system,
    variables_before,
)
from openfisca_isv.population.reforms.changes import changed_names
from openfisca_isv.population.reforms.source import (
    TOGETHER,
    ReformError,
    ReformSource,
    package_of,
)
from openfisca_isv.population.subject import AMOUNTS

#: What the reforms come to together, less what each comes to alone.
INTERACTION = "interaction"
_FEWEST = 2


def with_package(reforms: Sequence[ReformSource]) -> tuple[ReformSource, ...]:
    """Return the reforms, then all of them at once.

    Raises:
        RequestError: There is only one, or none.
    """
    if len(reforms) < _FEWEST:
        message = "--together puts several reforms together: give at least two"
        raise RequestError(message)
    return *reforms, package_of(reforms)


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

    Args:
        cost_by_year: The changes of each law, year by year; one that is masked masks
            the change of the reform, and the interaction.

    Returns:
        One row per reform; ``together``; and ``interaction``, which the reforms lack to
        add up to it: ``part``, the change of each amount, ``masked``.
    """
    rows: dict[str, dict[str, float | None]] = {}
    for row in cost_by_year.to_pylist():
        if row["scenario"] != LAW:
            sums = rows.setdefault(row["scenario"], dict.fromkeys(AMOUNTS, 0.0))
            for name in AMOUNTS:
                sums[name] = _plus(sums[name], row[f"{name}_change"])
    together = rows[TOGETHER]
    alone = [sums for name, sums in rows.items() if name != TOGETHER]
    left = {}
    for name in AMOUNTS:
        total = together[name]
        for sums in alone:
            total = _plus(total, sums[name], -1)
        left[name] = total
    rows[INTERACTION] = left
    return pa.Table.from_pylist(
        [
            {"part": part}
            | {f"{name}_change": sums[name] for name in AMOUNTS}
            | {"masked": None in sums.values()}
            for part, sums in rows.items()
        ],
        pa.schema(
            [
                ("part", pa.string()),
                *((f"{name}_change", pa.float64()) for name in AMOUNTS),
                ("masked", pa.bool_()),
            ]
        ),
    )


def _plus(one: float | None, other: float | None, times: int = 1) -> float | None:
    """Add amounts to the cent, if both are known."""
    return None if None in {one, other} else round(one + times * other, 2)
