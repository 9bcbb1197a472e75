"""The other readings of the law, each a reform built from its entry in the register.

``law/readings.yaml`` says of each alternative which parameters it sets, and which
variables it gives another formula; those formulas stand in the modules beside this
one. The reform of an alternative is ``reading(identifier)``; tests name it as
``openfisca_isv.reforms.readings.leave_along_the_engagement``.
"""

from datetime import date
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.law import readings
from openfisca_isv.reforms.readings.alternative_formulas import FORMULAS


class Alternative(NamedTuple):
    """Another reading that can be computed.

    Attributes:
        reading: The entry of the register that it is another reading of.
        entry: Its own entry: ``id``, ``title``, ``title_fr``, ``parameters``...
    """

    reading: dict
    entry: dict


@cache
def alternatives() -> dict[str, Alternative]:
    """Return the other readings that can be computed, by identifier."""
    return {
        entry["id"]: Alternative(reading, entry)
        for reading in readings()
        for entry in reading["alternatives"]
        if "parameters" in entry or "variables" in entry
    }


def described() -> list[dict]:
    """Return the readings of the register, each with the others that there are.

    Returns:
        The fields of the register; an alternative has ``id``, ``title``, ``title_fr``
        and ``is_computed``.
    """
    return [
        {
            **{key: entry[key] for key in entry if key != "alternatives"},
            "alternatives": [
                {
                    **{key: other[key] for key in ("id", "title", "title_fr")},
                    "is_computed": other["id"] in alternatives(),
                }
                for other in entry["alternatives"]
            ],
        }
        for entry in readings()
    ]


@cache
def reading(identifier: str) -> type[Reform]:
    """Return the reform that reads the law in another way.

    Args:
        identifier: That of an alternative of the register, e.g.
            ``leave-along-the-engagement``.

    Raises:
        KeyError: No alternative that can be computed has this identifier.
    """
    entry = alternatives()[identifier].entry

    def apply(self: Reform) -> None:
        if parameters := entry.get("parameters"):
            self.modify_parameters(lambda tree: _set(tree, parameters))
        for name in entry.get("variables", ()):
            self.update_variable(_with_formula(self, name, identifier))

    attributes = {"name": entry["title"], "apply": apply, "__doc__": entry["title"]}
    return type(identifier.replace("-", "_"), (Reform,), attributes)


def with_readings(system: TaxBenefitSystem, *identifiers: str) -> TaxBenefitSystem:
    """Return a system that reads the law in other ways, all of them together."""
    for identifier in identifiers:
        system = reading(identifier)(system)
    return system


def readings_followed(system: TaxBenefitSystem) -> list[str]:
    """Return the identifiers of the alternatives that a system follows."""
    followed = []
    while isinstance(system, Reform):
        identifier = type(system).__name__.replace("_", "-")
        if identifier in alternatives() and type(system) is reading(identifier):
            followed.append(identifier)
        system = system.baseline
    return followed


def __getattr__(name: str) -> type[Reform]:
    """Return the reform of an alternative, its hyphens as underscores."""
    try:
        return reading(name.replace("_", "-"))
    except KeyError:
        message = f"no other reading of the register is called {name!r}"
        raise AttributeError(message) from None


def replaced(history: dict[date, object], given: object) -> dict[date, object]:
    """Return the values of a parameter under a reading, by first day, in order.

    Args:
        history: The values under the law.
        given: What the reading sets: values by day, which replace the history from the
            first of these on; or one value, on every day that has one.
    """
    if not isinstance(given, dict):
        return dict.fromkeys(sorted(history), given)
    earlier = {day: history[day] for day in history if day < min(given)}
    return dict(sorted((earlier | given).items()))


def _set(tree: ParameterNode, values: dict[str, object]) -> ParameterNode:
    for name, given in values.items():
        *path, last = name.split(".")
        node = tree
        for key in path:
            node = node.children[key]
        old = node.children[last]
        history = {
            date.fromisoformat(value.instant_str): value.value
            for value in old.values_list
        }
        dated = replaced(history, given)
        new = Parameter(name, {str(day): {"value": dated[day]} for day in dated})
        new.description, new.metadata = old.description, old.metadata
        new.documentation = old.documentation
        node.children[last] = new
        setattr(node, last, new)
    return tree


def _with_formula(system: TaxBenefitSystem, name: str, identifier: str) -> type:
    """Return a variable like that of the law, with the formula of an alternative."""
    base = type(system.get_variable(name)).__mro__[1]
    return type(name, (base,), {"formula": FORMULAS[identifier, name]})


for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
