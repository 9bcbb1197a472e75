"""The route ``/explain``: the reasons for what a situation asks."""

from flask import request
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.reasons import DETAILS, LANGUAGES, explain
from openfisca_isv.situations.problems import Problem, RefusalError
from openfisca_isv.situations.situation import Situation


def explanation(system: TaxBenefitSystem, situation: Situation, body: dict) -> object:
    """Return the reasons for the values that a situation asks.

    Args:
        system: The model.
        situation: What the body says.
        body: The body; ``detail`` in it counts before ``detail`` in the address.

    Raises:
        RefusalError: The language or the detail is not known, nothing is asked, or the
            situation contradicts itself or has axes.
    """
    language = request.args.get("language", "en")
    detail = body.get("detail", request.args.get("detail", DETAILS[0]))
    _check("language", language, tuple(LANGUAGES))
    _check("detail", detail, DETAILS)
    return explain(system, situation, language, detail)


def _check(name: str, value: object, allowed: tuple[str, ...]) -> None:
    """Refuse a value that is none of those allowed."""
    if value not in allowed:
        remedy = f"Write {name}={f' or {name}='.join(allowed)}"
        problem = Problem("", str(value)[:80], f"the {name} is not known", remedy)
        raise RefusalError(400, f"unknown_{name}", problem)
