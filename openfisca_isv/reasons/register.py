"""What the register says of a step: provisions, parameters and readings."""

import numpy
from openfisca_core.variables import Variable

from openfisca_isv import law
from openfisca_isv.reasons.words import Words


def cited_provisions(
    words: Words, variable: Variable, day: numpy.datetime64 | None
) -> list[dict]:
    """Describe the provisions that a variable cites, as in force on its legal date.

    Args:
        words: The words of a language.
        variable: The variable.
        day: The legal date; nothing where it is unknown: the latest version counts.

    Returns:
        The provisions in force on that day. Where none is, the first that was to
        come, which says that it is not in force.
    """
    found = []
    for reference in variable.reference or ():
        provision = law.provisions().get(law.cited(reference))
        if provision is None:
            found.append({"title": reference, "address": reference})
            continue
        versions = provision["versions"]
        if day is None:
            version, is_in_force = versions[-1], "to" not in versions[-1]
        else:
            version = law.version_on(provision, day.item())
            is_in_force = version is not None
        found.append(_describe(words, provision, version or versions[0], is_in_force))
    in_force = [one for one in found if one.get("in_force", True)]
    return in_force or found[:1]


def _describe(words: Words, provision: dict, version: dict, is_in_force: bool) -> dict:
    return {
        "id": provision["id"],
        "title": words.said(provision, "title"),
        "from": version["from"].isoformat(),
        "to": version["to"].isoformat() if "to" in version else None,
        "in_force": is_in_force,
        "summary": words.said(version, "summary"),
        "certainty": version["certainty"],
        "address": version["address"],
    }


def describe_source(words: Words, metadata: dict, since: str | None) -> dict:
    """Return how sure the value of a parameter since a day is, and where it stands."""
    certainty = metadata.get("certainty")
    if isinstance(certainty, dict):
        certainty = certainty.get(since)
    return {
        "certainty": certainty,
        "last_known_valid": metadata.get("last_value_still_valid_on"),
        "references": [
            {
                "title": words.title(one["title"]),
                "address": one["href"],
                "provision": one.get("provision"),
            }
            for one in _references(metadata.get("reference"), since)
        ],
    }


def _references(given: object, since: str | None) -> list[dict]:
    """Return the references of a value, which OpenFisca lets be written in many ways.

    By day or for all values; one or several; an address, or a title with one.
    """
    if isinstance(given, dict) and not {"title", "href"} & given.keys():
        days = {str(day): references for day, references in given.items()}
        given = days.get(since)
    several = given if isinstance(given, list | tuple) else [given]
    found = [{"href": one} if isinstance(one, str) else one for one in several if one]
    return [
        {"title": one.get("href", ""), "href": one.get("title", "")} | one
        for one in found
    ]


def chosen_readings(words: Words, variable: str, parameters: list[str]) -> list[dict]:
    """Describe the readings that name a variable, or a parameter that it reads."""
    found = []
    for one in law.readings():
        named = tuple(f"{name}." for name in one["parameters"])
        is_read = any(f"{name}.".startswith(named) for name in parameters)
        if is_read or variable in one["variables"]:
            said = {key: words.said(one, key) for key in ("title", "chosen")}
            found.append({"id": one["id"], **said})
    return found
