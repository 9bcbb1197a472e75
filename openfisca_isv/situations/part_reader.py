"""What the readers of the parts of a body have in common."""

from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.problems import Problems
from openfisca_isv.situations.situation import Situation
from openfisca_isv.situations.vocabulary import Vocabulary


class PartReader:
    """Reads a part of a body.

    Args:
        vocabulary: The names of the model.
        limits: How much may be sent.
        situation: What the body says.
        found: What the problems are added to.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        limits: Limits,
        situation: Situation,
        found: Problems,
    ) -> None:
        self._vocabulary = vocabulary
        self._limits = limits
        self._situation = situation
        self._found = found
