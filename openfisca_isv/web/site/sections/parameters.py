"""The section of the parameters: each with its history, and groups of them."""

from markupsafe import Markup

from openfisca_isv.web.site.content.alternatives import other_values
from openfisca_isv.web.site.content.parameter_pages import Group, ParameterPage
from openfisca_isv.web.site.drawings import draw_history
from openfisca_isv.web.site.pages import Pages

_INDEX = "parameters/index.html"


def write(pages: Pages) -> None:
    """Write the section."""
    law, language = pages.law, pages.language
    parameters = law.parameters.values()
    memberships = sum(one.is_membership for one in parameters)
    of_countries = sum(one.is_of_a_country for one in parameters)
    pages.write(
        _INDEX,
        language.text("parameters_title"),
        counts={
            "number": len(parameters) - of_countries,
            "memberships": memberships,
            "supplements": of_countries - memberships,
        },
    )
    for group in law.all_groups.values():
        pages.write(
            group.url,
            pages.group_name(group),
            "parameters/group.html",
            trail=_trail(pages, group.name.rpartition(".")[0]),
            group=group,
            drawing=_drawing(pages, group),
        )
    for parameter in law.parameters.values():
        pages.write(
            parameter.url,
            language.parameter(parameter),
            "parameters/parameter.html",
            trail=_trail(pages, parameter.group),
            parameter=parameter,
            group=_documented_group(pages, parameter),
            drawing=draw_history(language, [parameter], parameter.name),
            others=[
                other
                for version in parameter.versions
                for other in other_values(parameter, version)
            ],
        )


def _trail(pages: Pages, group: str) -> list[tuple[str, str]]:
    """List the groups that a page is inside, from the index on."""
    parts = group.split(".") if group else []
    names = [".".join(parts[:depth]) for depth in range(1, len(parts) + 1)]
    groups = [pages.law.all_groups[name] for name in names]
    index = (pages.language.text("nav_parameters"), _INDEX)
    return [index] + [(pages.group_name(group), group.url) for group in groups]


def _documented_group(pages: Pages, parameter: ParameterPage) -> Group | None:
    """Return the group of a parameter where it says what counts for all it holds."""
    group = pages.law.all_groups[parameter.group]
    return group if group.documentation else None


def _drawing(pages: Pages, group: Group) -> Markup | None:
    """Draw a group whose parameters are all true or false."""
    is_drawn = group.parameters and all(
        isinstance(parameter.latest.value, bool) for parameter in group.parameters
    )
    if not is_drawn:
        return None
    return draw_history(pages.language, group.parameters, group.name)
