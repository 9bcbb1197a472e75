"""Drawn organisations: the accredited bodies, and which of them signs."""

import numpy

from openfisca_isv.population.synthetic.draws import Draws

GROUP = "public-interest-group"
LAPSED = "association-lapsed"


def draw_organisations(
    draws: Draws, statistics: dict, start: numpy.ndarray, *, in_france: bool
) -> numpy.ndarray:
    """Draw who signs each contract: for one volunteer the same, while accredited.

    Args:
        draws: The stream of draws.
        statistics: The numbers by which to draw.
        start: First day of each contract, shape ``(lives, contracts)``.
        in_france: Hosted in France, or abroad.

    Returns:
        Identifiers, shape ``(lives, contracts)``.
    """
    sizes = statistics["associations"]["sizes"]
    shares = dict(zip(association_names(statistics), sizes, strict=True))
    shares[LAPSED] = statistics["lapsed_association"]["size"]
    drawn = draws.choose(shares, len(start))[:, None]
    share = statistics["public_interest_group"][
        "share_in_france" if in_france else "share_abroad"
    ]
    is_of_group = draws.happens(share, len(start))[:, None]
    lapse = numpy.datetime64(statistics["lapsed_association"]["accreditation"]["last"])
    group = numpy.datetime64(
        statistics["public_interest_group"]["accreditation"]["first"]
    )
    largest = association_names(statistics)[0]
    signing = numpy.where((drawn == LAPSED) & (start > lapse), largest, drawn)
    return numpy.where(is_of_group & (start >= group), GROUP, signing)


def not_entitled(statistics: dict, start: numpy.ndarray) -> numpy.ndarray:
    """Give a body that is not accredited on each day, shape of ``start``."""
    group = statistics["public_interest_group"]["accreditation"]
    return numpy.where(start < numpy.datetime64(group["first"]), GROUP, LAPSED)


def association_names(statistics: dict) -> list[str]:
    """Name the accredited associations, the largest first."""
    count = len(statistics["associations"]["sizes"])
    return [f"association-{rank:02}" for rank in range(1, count + 1)]


def organisation_columns(draws: Draws, statistics: dict) -> dict[str, numpy.ndarray]:
    """Draw the table of the organisations, by column."""
    associations = association_names(statistics)
    names = [*associations, LAPSED, GROUP]
    spans = [
        *[statistics["associations"]["accreditation"]] * len(associations),
        statistics["lapsed_association"]["accreditation"],
        statistics["public_interest_group"]["accreditation"],
    ]
    criteria = statistics["organisations"]
    years = draws.along(criteria["years_of_activity_abroad"], len(names))
    share = draws.along(criteria["private_resources_share"], len(names))
    is_group = numpy.array(names) == GROUP
    return {
        "organisation": numpy.array(names),
        "legal_form": numpy.where(
            is_group, "public_interest_group", "french_law_association"
        ),
        "accreditation_start_date": _days([span["first"] for span in spans]),
        "accreditation_end_date": _days([span["last"] for span in spans]),
        "years_of_activity_abroad": numpy.floor(years),
        "budget_is_balanced": numpy.ones(len(names), dtype=bool),
        "private_resources_share": numpy.round(share, 2),
    }


def _days(days: list) -> numpy.ndarray:
    """Give days as an array."""
    return numpy.array(days, dtype="datetime64[D]")
