"""What is wrong between values that are right one by one.

What the model has a rule for is no mistake: a contract that is ended early before its
first day, or after its last, a notice after the end, a birth after the start.
"""

from openfisca_core.periods import Period

from openfisca_isv.dates import NEVER, UNKNOWN_DAY
from openfisca_isv.web.problems import Problems
from openfisca_isv.web.situation import Situation
from openfisca_isv.web.vocabulary import Vocabulary

#: First and last days of one thing.
_SPANS = (
    ("start_date", "end_date"),
    ("accreditation_start_date", "accreditation_end_date"),
)


def check_consistency(
    vocabulary: Vocabulary, situation: Situation, found: Problems
) -> None:
    """Note days that are out of order, and computed values that are given in part."""
    for first, last in _SPANS:
        _check_span(vocabulary, situation, first, last, found)
    _check_given_in_part(vocabulary, situation, found)


def _check_span(
    vocabulary: Vocabulary,
    situation: Situation,
    first: str,
    last: str,
    found: Problems,
) -> None:
    """Note the entities whose last day precedes the first; unknown days do not."""
    owner = vocabulary.variable(last)
    if owner is None:
        return
    plural, _ = owner
    ends = situation.given.get(last, {}).get(Period.eternity(), {})
    starts = situation.given.get(first, {}).get(Period.eternity(), {})
    for index, end in ends.items():
        start = starts.get(index)
        is_known = end != UNKNOWN_DAY and start not in (None, NEVER)
        if is_known and end < start:
            path = (plural, situation.names[plural][index], last)
            reason = f"is before the {first}, {start}"
            found.add(path, str(end), reason, "Correct one of the two days")


def _check_given_in_part(
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
