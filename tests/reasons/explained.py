"""Situations to explain: one lawful contract and what a test changes in it.

And where to find things in an explanation.
"""

import copy

from openfisca_isv.reasons import explain

ETERNITY = "ETERNITY"
LAWFUL = {
    "missions": {
        "mali": {
            "start_date": {ETERNITY: "2024-01-15"},
            "end_date": {ETERNITY: "2026-01-14"},
            "host_country": {ETERNITY: "ML"},
            "residence_country": {ETERNITY: "FR"},
            "domain": {ETERNITY: "development_cooperation"},
            "contract_is_written": {ETERNITY: True},
            "contract_monthly_allowance": {ETERNITY: 700},
            "has_other_professional_activity": {ETERNITY: False},
            "status_before_departure": {ETERNITY: "student"},
        }
    },
    "volunteers": {
        "camille": {
            "missions": ["mali"],
            "birth_date": {ETERNITY: "1996-05-02"},
            "nationality": {ETERNITY: "FR"},
            "second_nationality": {ETERNITY: "none"},
            "is_civil_servant": {ETERNITY: False},
        }
    },
    "organisations": {
        "association": {
            "missions": ["mali"],
            "legal_form": {ETERNITY: "french_law_association"},
            "accreditation_start_date": {ETERNITY: "2005-01-01"},
            "accreditation_end_date": {ETERNITY: "2030-12-31"},
        }
    },
}


def situation(*, volunteer=None, organisation=None, asked=None, **mission):
    """Change the lawful contract, and ask something of it.

    A value that is no mapping is eternal; None takes an input away. ``asked`` maps
    variables of the mission to a period; those of the volunteer and of the
    organisation are asked by a mapping from a period to None.
    """
    changed = copy.deepcopy(LAWFUL)
    for plural, of, values in (
        ("missions", "mali", mission),
        ("volunteers", "camille", volunteer or {}),
        ("organisations", "association", organisation or {}),
    ):
        one = changed[plural][of]
        for name, value in values.items():
            if value is None:
                one.pop(name, None)
            else:
                one[name] = value if isinstance(value, dict) else {ETERNITY: value}
    for name, period in (asked or {}).items():
        changed["missions"]["mali"][name] = {period: None}
    return changed


def add_mission(changed, name, **values):
    """Add a mission to the life of the volunteer, with the same organisation."""
    changed["missions"][name] = copy.deepcopy(LAWFUL["missions"]["mali"]) | {
        key: {ETERNITY: value} for key, value in values.items()
    }
    changed["volunteers"]["camille"]["missions"].append(name)
    changed["organisations"]["association"]["missions"].append(name)
    return changed


def ask_everything(system, changed, months, years):
    """Ask every computed variable of every entity of a situation."""
    changed = copy.deepcopy(changed)
    periods = {"eternity": [ETERNITY], "month": months, "year": years}
    for variable in system.variables.values():
        if not variable.is_input_variable():
            asked = dict.fromkeys(periods[str(variable.definition_period)])
            for one in changed[variable.entity.plural].values():
                one[variable.name] = dict(asked)
    return changed


def answer(system, changed, language="en", detail="full"):
    """Explain a situation that asks one thing, and give the answer."""
    (one,) = explain(system, changed, language, detail)["answers"]
    return one


def steps(step):
    """Go through a step and all that it rests on."""
    yield step
    for one in step.get("rests_on", ()):
        yield from steps(one)


def step(explained, variable, of=None):
    """Find the first step of a variable in an answer."""
    return next(
        one
        for one in steps(explained["reasons"])
        if one.get("variable") == variable and of in (None, one["of"])
    )


def figure(explained, variable, parameter):
    """Find a value of the law that a step is compared with."""
    (found,) = (
        one
        for one in step(explained, variable)["compared_with"]
        if one["parameter"] == parameter
    )
    return found


def changes(explained):
    """List the changes that would be enough, each alone, in words."""
    return [one["text"] for one in explained["changes"]["any_of"]]
