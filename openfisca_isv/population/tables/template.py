"""Empty tables to fill, with the dictionary of what goes in them.

Everything is read from the variables of the model: nothing here lists them.
"""

from datetime import date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from textwrap import wrap

import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.countries import Country
from openfisca_isv.dates import NEVER
from openfisca_isv.population.language import say, words
from openfisca_isv.population.tables.columns import TableKind, table_kinds
from openfisca_isv.population.tables.writing import write_files

_MOST_CODES = 12
#: What the dictionary tells of a column, beside its name; its page, all but the last.
_ABOUT = ("type", "unit", "meaning", "codes", "left_empty", "by_month")
_UNITS = {"currency-EUR": "euros", "/1": "share, 0.15 for 15 %", "year": "years"}
_TYPES = {bool: "true or false", int: "whole number", float: "number", Enum: "code"}


def empty_tables(system: TaxBenefitSystem) -> dict[str, list[str]]:
    """Return the columns of the tables that a population may have, in order."""
    return {name: _columns_of(kind) for name, kind in table_kinds(system).items()}


def data_dictionary(system: TaxBenefitSystem) -> pa.Table:
    """Describe every column of every table.

    Returns:
        ``table``, ``column``, ``required``, ``type``, ``unit``, ``meaning``,
        ``codes`` (few ones here, all in ``code_list``), ``left_empty`` (what an empty
        cell says) and ``by_month`` (whether the value may differ by month).
    """
    rows = []
    for name, kind in table_kinds(system).items():
        for column in _columns_of(kind):
            variable = system.variables.get(column)
            needed = say("yes" if column in kind.required else "no")
            about = _about(variable) if variable else _identifier(kind, column)
            row = {"table": name, "column": column, "required": needed}
            rows.append(row | dict(zip(_ABOUT, about, strict=True)))
    return pa.Table.from_pylist(rows)


def code_list(system: TaxBenefitSystem) -> pa.Table:
    """List every code of every column: ``column``, ``code``, ``meaning``."""
    rows = [
        {"column": name, "code": member.name, "meaning": words().member(member)}
        for name, variable in system.variables.items()
        if variable.is_input_variable()
        for member in _members(variable)
    ]
    return pa.Table.from_pylist(rows)


def dictionary_page(system: TaxBenefitSystem) -> str:
    """Write the dictionary as a Markdown page."""
    about = say(
        "CSV in UTF-8, commas, a header, points in numbers; days are `2024-09-01`,"
        " months `2024-09`. Missions are needed, the other tables may be left out. What"
        " is left empty or out is unknown, and reads as the default of the input."
    )
    lines = [f"# {say('Data dictionary')}", "", *wrap(about, 80)]
    kinds, rows = table_kinds(system), data_dictionary(system).to_pylist()
    for name, described in groupby(rows, itemgetter("table")):
        key = say(" and ").join(map(say, kinds[name].key))
        lines += ["", f"## {name}.csv", "", say("A row for each {key}.", key=key), ""]
        lines.append(say("| column | type | unit | meaning | codes | left empty |"))
        lines.append("| --- | --- | --- | --- | --- | --- |")
        for row in described:
            needed = say(" (needed)") if row["column"] in kinds[name].required else ""
            cells = f"`{row['column']}`{needed}", *map(row.get, _ABOUT[:-1])
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write_template(
    system: TaxBenefitSystem, folder: Path, *, french: bool = False
) -> list[str]:
    """Write the empty tables, the dictionary and the codes in a folder that exists.

    Returns:
        The names of the files.
    """
    tables = {"dictionary": data_dictionary(system), "codes": code_list(system)}
    for name, columns in empty_tables(system).items():
        tables[name] = pa.table({one: pa.array([], pa.string()) for one in columns})
    files = {f"{name}.csv": table for name, table in tables.items()}
    write_files(folder, files.items(), french=french)
    page = dictionary_page(system)
    (folder / "dictionary.md").write_text(page, "utf-8", newline="\n")
    return sorted(path.name for path in folder.iterdir())


def _columns_of(kind: TableKind) -> list[str]:
    """Return the columns of a table: the key, what is needed, the others."""
    # The variables come in the order in which the system lists its files.
    return [*kind.required, *sorted({*kind.cells}.difference(kind.required))]


def _identifier(kind: TableKind, column: str) -> tuple[str, ...]:
    holds, told = "text", "Identifier of the {party}, as in its table"
    if column == "month":
        holds, told = "month, 2024-09", "Month for which the values of the row hold"
    elif column not in kind.references:
        told = "Identifier of the {party}, each once"
    meaning = say(told, party=say(column))
    return say(holds), "", meaning, "", say("not allowed"), say("no")


def _about(variable: Variable) -> tuple[str, ...]:
    return (
        say(_TYPES.get(variable.value_type, "day, 2024-09-01")),
        say(_UNITS.get(variable.unit, variable.unit or "")),
        words().label(variable),
        _codes(variable),
        say(_left_empty(variable)),
        say("yes" if variable.definition_period == DateUnit.MONTH else "no"),
    )


def _codes(variable: Variable) -> str:
    """List the codes, or say where they are listed."""
    names = [one.name for one in _members(variable)]
    if names and variable.possible_values is Country:
        return say("ISO 3166-1 alpha-2, in codes.csv")
    # More codes stand in a table of their own.
    return ", ".join(names) if len(names) <= _MOST_CODES else say("in codes.csv")


def _members(variable: Variable) -> list[Enum]:
    codes = getattr(variable, "possible_values", ())
    return [one for one in codes if one.name != "none"]


def _left_empty(variable: Variable) -> str:
    """Return what an empty cell is read as, in the words of the model if it has any."""
    documented = " ".join((variable.documentation or "").split())
    _, is_said, meaning = documented.partition("says that ")
    if is_said:
        return "unknown" if "unknown" in documented else meaning.strip(".")
    if variable.value_type is bool:
        return "unknown, read as false"
    if variable.value_type in (int, float):
        return say("unknown, read as {value}", value=f"{variable.default_value:g}")
    is_never = variable.value_type is date and variable.default_value == NEVER
    return "unknown, read as never" if is_never else "unknown"
