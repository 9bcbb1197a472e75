"""The readings chosen where the texts leave one open: complete, and of what exists."""

import re
from collections import Counter

from openfisca_isv.law import provisions
from openfisca_isv.law import readings as readings_of_the_law

PROSE = ("title", "text", "chosen", "reason")
FIELDS = {
    *PROSE,
    *(f"{field}_fr" for field in PROSE),
    *("id", "provisions", "alternatives", "parameters", "variables"),
}


def test_readings_are_complete():
    """A reading says what is open, what is chosen, what else might be, and why."""
    readings = readings_of_the_law()
    assert readings, "no reading"
    twice = [name for name, n in Counter(o["id"] for o in readings).items() if n > 1]
    assert not twice, f"readings that stand twice: {twice}"
    for one in readings:
        assert re.fullmatch(r"reading-\d\d(-[a-z0-9]+)+", one["id"]), one["id"]
        assert set(one) == FIELDS, (
            f"{one['id']} has fields missing or unknown: {sorted(one)}"
        )
        for field in PROSE:
            assert one[field].strip(), f"{one['id']} has no {field}"
            assert one[f"{field}_fr"].strip(), f"{one['id']} has no French {field}"
        assert one["alternatives"], f"{one['id']} has no other reading"
        assert one["variables"], f"{one['id']} names no variable"
        assert one["provisions"], f"{one['id']} names no provision"


def test_readings_refer_to_what_exists(system):
    """Provisions, variables and parameters that a reading names exist."""
    register = provisions()
    unknown = []
    for one in readings_of_the_law():
        unknown += [
            f"{one['id']}: provision {name}"
            for name in one["provisions"]
            if name not in register
        ]
        unknown += [
            f"{one['id']}: variable {name}"
            for name in one["variables"]
            if name not in system.variables
        ]
        unknown += [
            f"{one['id']}: parameter {name}"
            for name in one["parameters"]
            if not parameter_exists(system, name)
        ]
    assert not unknown, "; ".join(unknown)


def parameter_exists(system, name):
    """Tell whether a dotted name leads to a parameter or a node."""
    node = system.parameters
    for key in name.split("."):
        node = getattr(node, "children", {}).get(key)
    return node is not None
