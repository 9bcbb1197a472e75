"""The simulator: a form made of the inputs of the model, and its words.

The script of the page reads the form, asks the server of the page, and writes the
answers; what it says beside them is in the catalogue of strings.
"""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from urllib.parse import urlencode

from openfisca_core.indexed_enums import Enum

from openfisca_isv import situation_examples
from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.law import CERTAINTIES
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.web.site.content.parameter_pages import ParameterPage
from openfisca_isv.web.site.languages import strings
from openfisca_isv.web.site.pages import Pages

#: Who fills in the form.
ROLES = ("candidate", "returned", "organisation")
EVERYONE = " ".join(ROLES)
#: The inputs of a volunteer, by part of the form: its title, who is asked, the inputs.
_VOLUNTEER = (
    (
        "",
        EVERYONE,
        ("birth_date", "nationality", "second_nationality", "is_civil_servant"),
    ),
    (
        "after_the_return",
        "returned",
        (
            "is_registered_jobseeker",
            "meets_rsa_conditions",
            "receives_other_job_search_aid",
            "meets_other_unemployment_conditions",
        ),
    ),
    ("dependants", "organisation", ("dependants_count",)),
)
#: The inputs of a mission and of its organisation.
_MISSION = (
    (
        "",
        EVERYONE,
        (
            "start_date",
            "end_date",
            "host_country",
            "residence_country",
            "domain",
            "contract_monthly_allowance",
            "contract_is_written",
            "has_other_professional_activity",
            "status_before_departure",
        ),
    ),
    (
        "the_organisation",
        EVERYONE,
        ("legal_form", "accreditation_start_date", "accreditation_end_date"),
    ),
    (
        "ended_early",
        "returned organisation",
        ("early_termination_date", "early_termination_reason", "notice_date"),
    ),
    ("asked_premium", "returned", ("integration_premium_request_date",)),
)
#: The inputs that may be said to be none of those listed.
_NONE = {
    "second_nationality": "no_second_nationality",
    "status_before_departure": "no_such_status",
}
#: The countries that have nationals: not the territories of others, nor Antarctica.
_STATES = {code for code, one in COUNTRIES.items() if one["sovereign"] == code} - {"AQ"}
_TYPES = {bool: "bool", int: "number", float: "number", date: "date", Enum: "enum"}

#: Situations to begin with, by their names in the catalogue of strings.
_EXAMPLES = {
    "abroad": situation_examples.contract_abroad,
    "return": situation_examples.return_after_two_years,
    "france": situation_examples.mission_in_france,
}


def write(pages: Pages) -> None:
    """Write the section."""
    t = pages.language.text
    said = {
        key.removeprefix("js_"): pages.language.raw(key)
        for key in strings()
        if key.startswith("js_")
    }
    law = pages.law.parameters
    words = pages.language.words
    first_unmet = pages.law.variables["contract_first_unmet_condition"].variable
    conditions = first_unmet.possible_values
    premium = law["integration_premium.maximum_amount"]
    pages.write(
        "simulator.html",
        t("nav_simulator"),
        "simulator/form.html",
        volunteer=_VOLUNTEER,
        mission=_MISSION,
        everyone=EVERYONE,
        types={name: _type(pages, name) for name in inputs()},
        hints={name for name in inputs() if f"hint_{name}" in strings()},
        none_of_these=_NONE,
        examples=[(key, address_of(one)) for key, one in _EXAMPLES.items()],
        roles=ROLES,
        states=_STATES,
        readings=list(_readings(pages.law.readings)),
        strings=json.dumps(
            {f"unmet_{one.name}": words.member(one) for one in conditions}
            | said
            | {
                "cap": law["lifetime.maximum_months"].latest.value,
                "first_month": _first_month(law["lifetime.maximum_months"]),
                "premium_maximum": premium.latest.value,
                "certainties": CERTAINTIES,
                "cited": {name: _cited(pages, name) for name in inputs()},
            }
            | {f"certainty_{one}": t(f"certainty_{one}") for one in CERTAINTIES},
            ensure_ascii=False,
        ).replace("<", "\\u003c"),
        wide_sheet="static/simulator.css",
    )


def inputs() -> list[str]:
    """List the inputs that the form asks for."""
    return [name for _, _, names in (*_VOLUNTEER, *_MISSION) for name in names]


def _cited(pages: Pages, name: str) -> dict[str, str]:
    """Return the provision that an input cites, as sure as its least sure version."""
    provision = pages.law.provisions[pages.law.variables[name].provisions[0]]
    certainties = (version["certainty"] for version in provision["versions"])
    return {
        "id": provision["id"],
        "title": pages.language.title(provision["title"]),
        "certainty": max(certainties, key=CERTAINTIES.index),
    }


def _readings(readings: list[dict]) -> Iterator[tuple[dict, list[dict]]]:
    for one in readings:
        if others := [
            other for other in one["alternatives"] if other["id"] in alternatives()
        ]:
            yield one, others


def _first_month(parameter: ParameterPage) -> str:
    """Return the first month on whose first day a parameter has a value."""
    start = parameter.versions[0].start
    later = start.replace(day=1) + timedelta(days=31 * (start.day > 1))
    return f"{later:%Y-%m}"


def address_of(situation: dict) -> str:
    """Write a situation of one volunteer as the address of the page has it."""
    (volunteer,) = situation["volunteers"].values()
    found = _given(volunteer)
    for number, (name, mission) in enumerate(situation["missions"].items(), 1):
        signs = (
            organisation
            for organisation in situation["organisations"].values()
            if name in organisation["missions"]
        )
        values = _given(mission) | _given(next(signs))
        found |= {f"{number}.{key}": value for key, value in values.items()}
    return "#" + urlencode(found)


def _given(values: dict) -> dict[str, object]:
    """Return the values that the form has a field for; a boolean as 1 or 0."""
    dated = {
        name: next(iter(values[name].values())) for name in inputs() if name in values
    }
    return {
        name: int(value) if isinstance(value, bool) else value
        for name, value in dated.items()
        if value is not None
    }


def _type(pages: Pages, name: str) -> str:
    variable = pages.law.variables[name].variable
    is_enum = variable.value_type is Enum
    is_country = is_enum and variable.possible_values is Country
    return "country" if is_country else _TYPES[variable.value_type]
