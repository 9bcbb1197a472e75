"""The section of the parameters: each with its history, and groups of them."""

from markupsafe import Markup

from openfisca_isv.web.site.content.alternatives import other_values
from openfisca_isv.web.site.content.figures import Figure, Group
from openfisca_isv.web.site.drawings import draw_history
from openfisca_isv.web.site.pages import Pages

_INDEX = "parameters/index.html"


def write(pages: Pages) -> None:
    """Write the section."""
    law, language = pages.law, pages.language
    figures = law.figures.values()
    memberships = sum(one.is_membership for one in figures)
    of_countries = sum(one.is_of_a_country for one in figures)
    pages.write(
        _INDEX,
        "parameters/index.html",
        "parameters",
        language.text("parameters_title"),
        counts={
            "number": len(figures) - of_countries,
            "memberships": memberships,
            "supplements": of_countries - memberships,
        },
    )
    for group in law.all_groups.values():
        pages.write(
            group.place,
            "parameters/group.html",
            "parameters",
            pages.group_name(group),
            trail=_trail(pages, group.name.rpartition(".")[0]),
            group=group,
            drawing=_drawing(pages, group),
        )
    for figure in law.figures.values():
        pages.write(
            figure.place,
            "parameters/parameter.html",
            "parameters",
            language.figure(figure),
            trail=_trail(pages, figure.group),
            figure=figure,
            group=_documented_group(pages, figure),
            drawing=draw_history(language, [figure], figure.name),
            others=[
                other
                for version in figure.versions
                for other in other_values(figure, version)
            ],
        )


def _trail(pages: Pages, group: str) -> list[tuple[str, str]]:
    """List the groups that a page is inside, from the index on."""
    parts = group.split(".") if group else []
    names = [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    groups = [pages.law.all_groups[name] for name in names]
    index = (pages.language.text("nav_parameters"), _INDEX)
    return [index] + [(pages.group_name(group), group.place) for group in groups]


def _documented_group(pages: Pages, figure: Figure) -> Group | None:
    """Give the group of a parameter where it says what counts for all it holds."""
    group = pages.law.all_groups[figure.group]
    return group if group.documentation else None


def _drawing(pages: Pages, group: Group) -> Markup | None:
    """Draw a group whose parameters are all true or false."""
    is_drawn = group.figures and all(
        isinstance(figure.latest.value, bool) for figure in group.figures
    )
    if not is_drawn:
        return None
    return draw_history(pages.language, group.figures, group.name)
