"""What is declared of the variables for their explanation, in ``declared.yaml``."""

from functools import cache
from pathlib import Path

import numpy
import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.variables import Variable

from openfisca_isv.counterfactuals.life import TracedValue
from openfisca_isv.counterfactuals.trace import TracedSituation
from openfisca_isv.counterfactuals.trial_values import NO_DAYS

_FILE = Path(__file__).parent / "declared.yaml"


@cache
def declared(section: str) -> dict | list:
    """Read a section of what is declared."""
    return yaml.load(_FILE.read_text("utf-8"), yaml.CSafeLoader)[section]


def is_favourable(variable: Variable, values: numpy.ndarray) -> numpy.ndarray | None:
    """Return whether each value is good for the person who asks; None for a fact."""
    wanted = declared("favourable").get(variable.name)
    if wanted is None:
        return None
    if wanted == "positive":
        return values > 0
    if wanted == "known":
        return ~numpy.isin(values, NO_DAYS)
    if variable.value_type is Enum:
        member = variable.possible_values[wanted].index
        return values.view(numpy.ndarray) == member
    return values == wanted


def is_good(case: TracedSituation, place: TracedValue) -> bool | None:
    """Return whether a value is good for the person who asks; None for a fact."""
    values = case.values(place.key)[[place.row]]
    good = is_favourable(case.variable(place.variable), values)
    return None if good is None else bool(good[0])
