"""Computed values that are given to some entities and not to others."""

from typing import TYPE_CHECKING

from openfisca_isv.situations.problems import Problems
from openfisca_isv.situations.situation import Situation
from openfisca_isv.situations.vocabulary import Vocabulary

if TYPE_CHECKING:
    from openfisca_core.periods import Period


def check_given_in_part(
    vocabulary: Vocabulary, situation: Situation, found: Problems
) -> None:
    """Note the computed values that some entities are given, and others not.

    The engine gives the others the default, without computing it.
    """
    along_axes: dict[tuple[str, Period], set[int]] = {}
    for parallel in situation.axes:
        for axis in parallel:
            for period in axis.periods:
                key = (axis.variable, period)
                along_axes.setdefault(key, set()).add(axis.index)
    given = {
        (name, period): set(values)
        for name, by_period in situation.given.items()
        for period, values in by_period.items()
    }
    for key, indices in along_axes.items():
        given[key] = given.get(key, set()) | indices
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
