"""What an answer hangs on: is it settled by the facts told, or what is missing?

A value is settled where it is the same whatever the facts left out turn out to be. That
is proved by the model itself, never from a list:

*   **Bounds** (``bounded``). Each formula of the model is run, as it is written, on
    arrays of which a row is known only to lie between two values (``bounds``). A fact
    left out lies between the lowest and the highest value that its variable takes;
    members of an enumeration, between the first and the last. Each operation gives
    bounds that hold its result for all values inside the bounds it is given:
    comparisons give true, false, or either; what keeps order is taken at both ends, in
    the engine's own types, whose rounding keeps order too; a dated parameter gives the
    lowest and the highest of its values between two days (``calendar``). Where an
    operation cannot say, it fails: then the formula itself is run on the copies of the
    situation in which all that it reads is known, and of the others nothing is known.
    So bounds are never too narrow, by induction over the model's graph; and where both
    are one value, the answer is settled.
*   **Cases.** Bounds forget that two values rest on one fact. So the facts that the
    answer may rest on are divided into cells that cover all their values (``splits``),
    for one fact after another, and for several together while there is room: where
    each cell leaves the same value, the answer is settled. The borders of the cells
    come from the parameters that were read and from the days stated (``fact_cells``);
    a border that is missed makes a cell too wide to conclude, never a wrong conclusion.
*   **Examples.** That an answer is not settled is shown by situations filled in at
    random (``examples``), of which two give two values. A fact is missing where two
    such situations that differ in it alone do (``findings``).

What is neither proved nor disproved is not settled, and all the facts that it may rest
on are said to be missing. A fact may turn out to be as it reads when it is left out: a
settled answer is also the one that the bare calculation gives.

The law knows nothing of this package, and what it is written in decides nothing: a
formula that cannot be run on bounds is only slower to settle.
"""

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.situations.limits import Limits
from openfisca_isv.situations.reading import read_situation
from openfisca_isv.standing.answers import answer, standings
from openfisca_isv.standing.bounded.evaluation import Pinned

__all__ = ["Pinned", "answer", "questions", "standings"]


def questions(system: TaxBenefitSystem, body: object) -> dict[str, list[dict]]:
    """Return whether each value that a situation asks is settled, and what to ask.

    Args:
        system: The model.
        body: A situation, as ``/calculate`` takes it; what is asked is null.

    Raises:
        RefusalError: The situation is not one that ``/calculate`` takes, or it has
            axes or facts that contradict each other.
    """
    return answer(system, read_situation(system, body, Limits()))
