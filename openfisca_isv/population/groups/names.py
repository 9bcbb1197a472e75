"""Groups and groupings as a reader names them."""

from functools import cache

from openfisca_isv.countries import COUNTRIES
from openfisca_isv.variables.resignation import Status

BY_NAMES = {
    "all": "Everyone",
    "age": "Age at departure",
    "age_band": "Age at departure",
    "host_country": "Host country",
    "organisation": "Organisation",
    "status_before_departure": "Status before departure",
    "year": "Year of departure",
    "nationality": "Nationality",
    "residence_country": "Country of residence",
    "domain": "Field",
}
_COUNTRIES = ("host_country", "nationality", "residence_country", "second_nationality")


def group_name(by: str, group: str) -> str:
    """Name a group: a country by its name, a status in words, others as they are."""
    if by in _COUNTRIES and group in COUNTRIES:
        return COUNTRIES[group]["name"]
    if by == "status_before_departure":
        return _statuses().get(group, group)
    return group


@cache
def _statuses() -> dict[str, str]:
    """Give the statuses in words."""
    short = {member.name: member.name.replace("_", " ") for member in Status}
    return {
        name: text.replace("private employee", "employee")
        for name, text in short.items()
    }
