"""The provisions that a conclusion cites, as they stood in the time of a mission."""

from collections.abc import Iterable

import numpy

from openfisca_isv.law import TEXTS, cited, text_of

#: A first and a last day.
Span = tuple[numpy.datetime64, numpy.datetime64]


def provisions_in_force(references: Iterable[str], span: Span) -> list[str]:
    """Keep the provisions of the texts that were in force on some day of a span.

    Args:
        references: The references of a variable, as ``openfisca_isv.law.cite`` makes
            them.
        span: The first and the last day.

    Returns:
        Identifiers of provisions; all of them where no text was in force.
    """
    provisions = [one for one in map(cited, references) if one]
    kept = [one for one in provisions if _is_in_force(TEXTS[text_of(one)], span)]
    return kept or provisions


def texts_of(provisions: Iterable[str]) -> list[str]:
    """List the texts of some provisions, in the order of the register."""
    texts = {text_of(provision) for provision in provisions}
    return [text for text in TEXTS if text in texts]


def _is_in_force(text: dict, span: Span) -> bool:
    """Tell whether a text is in force on some day of a span."""
    first, last = span
    begins = numpy.datetime64(text.get("in_force", first), "D")
    repealed = text.get("repealed")
    is_left = repealed is None or numpy.datetime64(repealed, "D") > first
    return bool(begins <= last) and bool(is_left)
