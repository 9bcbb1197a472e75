"""The accredited bodies, and which of them signs."""

from collections.abc import Sequence

import numpy

from openfisca_isv.population.synthetic.draws import Draws

#: Those that stay accredited come by size.
LARGEST = "association-01"
LAPSED = "association-lapsed"
PUBLIC_GROUP = "public-interest-group"
_GROUP = "public_interest_group"


def draw_organisations(
    draws: Draws, statistics: dict, start: numpy.ndarray, where: str
) -> numpy.ndarray:
    """Draw who signs each contract: for one volunteer the same, while accredited."""
    count, sizes = len(start), statistics["associations"]["sizes"]
    lapsed, group = (statistics[one] for one in ("lapsed_association", _GROUP))
    shares = dict(zip(_associations(statistics), sizes, strict=True))
    drawn = draws.choose(shares | {LAPSED: lapsed["size"]}, count)[:, None]
    is_of_group = draws.happens(group[f"share_{where}"], count)[:, None]
    has_lapsed = start > numpy.datetime64(lapsed["accreditation"]["last"])
    signing = numpy.where((drawn == LAPSED) & has_lapsed, LARGEST, drawn)
    is_there = start >= numpy.datetime64(group["accreditation"]["first"])
    return numpy.where(is_of_group & is_there, PUBLIC_GROUP, signing)


def not_entitled(statistics: dict, start: numpy.ndarray) -> numpy.ndarray:
    """Return a body that was not accredited on each day."""
    group = statistics[_GROUP]["accreditation"]
    is_before = start < numpy.datetime64(group["first"])
    return numpy.array([LAPSED, PUBLIC_GROUP], dtype=object)[is_before.astype(int)]


def organisation_columns(draws: Draws, statistics: dict) -> dict[str, Sequence]:
    """Draw the table of the organisations, by column."""
    names = [*_associations(statistics), LAPSED, PUBLIC_GROUP]
    kinds = ["associations"] * (len(names) - 2) + ["lapsed_association", _GROUP]
    spans = [statistics[kind]["accreditation"] for kind in kinds]
    criteria = statistics["organisations"]
    years = draws.along(criteria["years_of_activity_abroad"], len(names))
    share = draws.along(criteria["private_resources_share"], len(names))
    return {
        "organisation": names,
        "legal_form": ["french_law_association"] * (len(names) - 1) + [_GROUP],
        "accreditation_start_date": [span["first"] for span in spans],
        "accreditation_end_date": [span["last"] for span in spans],
        "years_of_activity_abroad": numpy.floor(years),
        "budget_is_balanced": [True] * len(names),
        "private_resources_share": numpy.round(share, 2),
    }


def _associations(statistics: dict) -> list[str]:
    """Return the names of the associations that stay accredited."""
    count = len(statistics["associations"]["sizes"])
    return [f"association-{number:02}" for number in range(1, count + 1)]
