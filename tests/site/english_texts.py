"""The texts that the model has in English only, and that the French pages need."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from openfisca_isv.web.site.content.parameter_pages import Group, ParameterPage
from openfisca_isv.web.site.content.site_content import SiteContent


class EnglishText(NamedTuple):
    """A text of the model: what it is of, the name of that, and the text."""

    kind: str
    name: str
    text: str


def english_texts(law: SiteContent) -> Iterator[EnglishText]:
    """Go through the texts: those of the French catalogues, and no other."""
    for rule in law.variables.values():
        if rule.documentation:
            yield EnglishText("variables", rule.name, rule.documentation)
        if rule.further:
            yield EnglishText("formulas", rule.name, rule.further)
    yield from _parameters(law.all_groups.values())
    # What a country's own line measures is said by its label.
    yield from _parameters(law.parameters.values())


def _parameters(things: Iterable[ParameterPage | Group]) -> Iterator[EnglishText]:
    """Go through what is said of parameters, or of groups of them."""
    for thing in things:
        if not getattr(thing, "is_of_a_country", False):
            yield EnglishText("descriptions", thing.name, thing.description)
        if thing.documentation:
            yield EnglishText("notes", thing.name, thing.documentation)
