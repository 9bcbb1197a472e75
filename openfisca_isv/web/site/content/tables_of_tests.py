"""The YAML tests as tables: the situation, and the answer that the model must give."""

from dataclasses import dataclass
from datetime import date

from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.web.site.languages import Language

#: A variable, and a period where it has one.
Column = tuple[Variable, object | None]


@dataclass(frozen=True)
class Table:
    """A test, or what it says of the entities of one kind, as a table.

    Attributes:
        facts: The headings of what is stated.
        answers: The headings of what must be answered.
        rows: Of each situation or entity, its name and its values, in words.
        entity: The key of the entities; empty where the rows are situations.
    """

    facts: list[str]
    answers: list[str]
    rows: list[tuple[str, list[str]]]
    entity: str = ""


def tables(test: dict, system: TaxBenefitSystem, language: Language) -> list[Table]:
    """Return a test as tables, in the words of a language."""
    given, wanted = test.get("input", {}), test.get("output", {})
    plurals = {entity.plural: entity for entity in system.entities}
    if not plurals.keys() & {*given, *wanted}:
        rows = max(
            (len(one) for one in given.values() if isinstance(one, list)), default=1
        )
        named = [
            (str(row + 1), _at(given, row), _at(wanted, row)) for row in range(rows)
        ]
        return [_table(named, system, language)]
    found = []
    for plural, entity in plurals.items():
        names = dict.fromkeys([*given.get(plural, {}), *wanted.get(plural, {})])
        named = [
            (
                name if str(name).isidentifier() else str(number),
                given.get(plural, {}).get(name, {}),
                wanted.get(plural, {}).get(name, {}),
            )
            for number, name in enumerate(names, 1)
        ]
        if named:
            found.append(_table(named, system, language, entity.key))
    return [one for one in found if one.facts or one.answers]


def _table(
    named: list[tuple[str, dict, dict]],
    system: TaxBenefitSystem,
    language: Language,
    entity: str = "",
) -> Table:
    facts = _columns([facts for _, facts, _ in named], system)
    answers = _columns([answers for _, _, answers in named], system)
    rows = []
    for name, stated, expected in named:
        cells = [_cell(stated, column, language) for column in facts]
        cells += [_cell(expected, column, language) for column in answers]
        rows.append((name, cells))
    return Table(
        [_heading(column, language) for column in facts],
        [_heading(column, language) for column in answers],
        rows,
        entity,
    )


def _columns(entities: list[dict], system: TaxBenefitSystem) -> list[Column]:
    """List the variables of some entities, each with its period where it has one."""
    found: dict[Column, None] = {}
    for values in entities:
        for name, value in values.items():
            if variable := system.variables.get(name):
                periods = value if isinstance(value, dict) else [None]
                found |= dict.fromkeys((variable, period) for period in periods)
    return list(found)


def _heading(column: Column, language: Language) -> str:
    variable, period = column
    label = language.label(variable)
    if period in (None, "ETERNITY", "eternity"):
        return label
    return f"{label} ({language.words.period(str(period)) or period})"


def _cell(values: dict, column: Column, language: Language) -> str:
    """Return the value of a column for one entity in words, or nothing."""
    variable, period = column
    value = values.get(variable.name)
    if isinstance(value, dict):
        value = value.get(period)
    return _said(variable, value, language)


def _said(variable: Variable, value: object, language: Language) -> str:
    """Return a value as it stands in a test; nothing where it is left out."""
    if value is None:
        return ""
    if isinstance(value, list):
        return language.words.phrase("semicolon").join(
            _said(variable, one, language) for one in value
        )
    if isinstance(value, date):
        value = value.isoformat()
    elif variable.value_type is bool:
        value = bool(value)
    return language.words.json_value(variable, value)


def _at(values: dict, row: int) -> dict:
    """Return the values of one row of a test in arrays, or for all rows."""
    found = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found[name] = _at(value, row)
        elif not isinstance(value, list):
            found[name] = value
        elif row < len(value):
            found[name] = value[row]
    return found
