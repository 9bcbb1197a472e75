"""Drawn organisations: the accredited bodies, and which of them signs."""

from collections.abc import Sequence

import numpy

from openfisca_isv.population.synthetic.draws import Draws

#: Rank of the largest association; those that stay accredited come by size.
LARGEST = numpy.int16(0)


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
        Ranks in ``organisation_names``, shape ``(lives, contracts)``.
    """
    lapsed, of_group = _last_two(statistics)
    sizes = statistics["associations"]["sizes"]
    shares = {numpy.int16(rank): size for rank, size in enumerate(sizes)}
    shares[lapsed] = statistics["lapsed_association"]["size"]
    drawn = draws.choose(shares, len(start))[:, None]
    share = statistics["public_interest_group"][
        "share_in_france" if in_france else "share_abroad"
    ]
    is_of_group = draws.happens(share, len(start))[:, None]
    lapse = numpy.datetime64(statistics["lapsed_association"]["accreditation"]["last"])
    group = numpy.datetime64(
        statistics["public_interest_group"]["accreditation"]["first"]
    )
    signing = numpy.where((drawn == lapsed) & (start > lapse), LARGEST, drawn)
    return numpy.where(is_of_group & (start >= group), of_group, signing)


def not_entitled(statistics: dict, start: numpy.ndarray) -> numpy.ndarray:
    """Give the rank of a body not accredited on each day, in the shape of ``start``."""
    lapsed, of_group = _last_two(statistics)
    group = statistics["public_interest_group"]["accreditation"]
    return numpy.where(start < numpy.datetime64(group["first"]), of_group, lapsed)


def organisation_names(statistics: dict) -> list[str]:
    """Name the bodies: the accredited associations, the lapsed one, the group."""
    count = len(statistics["associations"]["sizes"])
    associations = [f"association-{number:02}" for number in range(1, count + 1)]
    return [*associations, "association-lapsed", "public-interest-group"]


def _last_two(statistics: dict) -> tuple[numpy.int16, numpy.int16]:
    """Give the ranks of the lapsed association and of the public interest group."""
    count = len(statistics["associations"]["sizes"])
    return numpy.int16(count), numpy.int16(count + 1)


def organisation_columns(draws: Draws, statistics: dict) -> dict[str, Sequence]:
    """Draw the table of the organisations, by column."""
    names = organisation_names(statistics)
    spans = [
        *[statistics["associations"]["accreditation"]] * (len(names) - 2),
        statistics["lapsed_association"]["accreditation"],
        statistics["public_interest_group"]["accreditation"],
    ]
    criteria = statistics["organisations"]
    years = draws.along(criteria["years_of_activity_abroad"], len(names))
    share = draws.along(criteria["private_resources_share"], len(names))
    forms = ["french_law_association"] * (len(names) - 1) + ["public_interest_group"]
    return {
        "organisation": names,
        "legal_form": forms,
        "accreditation_start_date": _days([span["first"] for span in spans]),
        "accreditation_end_date": _days([span["last"] for span in spans]),
        "years_of_activity_abroad": numpy.floor(years),
        "budget_is_balanced": numpy.ones(len(names), dtype=bool),
        "private_resources_share": numpy.round(share, 2),
    }


def _days(days: list) -> numpy.ndarray:
    """Give days as an array."""
    return numpy.array(days, dtype="datetime64[D]")
