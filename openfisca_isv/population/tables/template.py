"""Empty tables to fill, with the dictionary of what goes in them.

Everything is read from the variables of the model: nothing here lists them.
"""

from datetime import date
from pathlib import Path

import pyarrow as pa
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.countries import COUNTRIES, Country
from openfisca_isv.dates import NEVER
from openfisca_isv.population.tables.columns import TableKind, table_kinds
from openfisca_isv.population.tables.writing import write_table

#: More codes stand in a table of their own.
_MOST_CODES = 12
_UNITS = {
    "currency-EUR": "euros",
    "/1": "share, 0.15 for 15 %",
    "year": "years",
}
_TYPES = {
    bool: "true or false",
    int: "whole number",
    float: "number",
    Enum: "code",
}


def empty_tables(system: TaxBenefitSystem) -> dict[str, list[str]]:
    """Give the columns of the tables that a population may have, in order."""
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
            row = {"table": name, "column": column}
            row["required"] = "yes" if column in kind.required else "no"
            row |= _about(variable) if variable else _identifier(kind, column)
            rows.append(row)
    return pa.Table.from_pylist(rows)


def code_list(system: TaxBenefitSystem) -> pa.Table:
    """List every code of every column: ``column``, ``code``, ``meaning``."""
    rows = [
        {"column": variable.name, "code": member.name, "meaning": meaning_of(member)}
        for variable in system.variables.values()
        if variable.is_input_variable() and variable.value_type is Enum
        for member in variable.possible_values
        if member.name != "none"
    ]
    return pa.Table.from_pylist(rows)


def dictionary_page(system: TaxBenefitSystem) -> str:
    """Write the dictionary as a Markdown page."""
    lines = [
        "# Data dictionary",
        "",
        "CSV in UTF-8, commas, a header, points in numbers; days are `2024-09-01`,",
        "months `2024-09`. Missions are needed, the other tables may be left out. What",
        "is left empty or out is unknown, and reads as the default of the input.",
    ]
    table = data_dictionary(system).to_pylist()
    for name, kind in table_kinds(system).items():
        key = " and ".join(kind.key)
        lines += ["", f"## {name}.csv", "", f"A row for each {key}.", ""]
        lines.append("| column | type | unit | meaning | codes | left empty |")
        lines.append("| --- | --- | --- | --- | --- | --- |")
        for row in table:
            if row["table"] == name:
                needed = " (needed)" if row["required"] == "yes" else ""
                cells = [
                    f"`{row['column']}`{needed}",
                    *(row[one] for one in ("type", "unit", "meaning", "codes")),
                    row["left_empty"],
                ]
                lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write_template(system: TaxBenefitSystem, folder: Path) -> list[str]:
    """Write the empty tables, the dictionary and the codes in a folder that exists.

    Returns:
        The names of the files.
    """
    for name, columns in empty_tables(system).items():
        header = ",".join(columns) + "\n"
        (folder / f"{name}.csv").write_text(header, "utf-8", newline="\n")
    write_table(data_dictionary(system), folder / "dictionary.csv")
    write_table(code_list(system), folder / "codes.csv")
    page = dictionary_page(system)
    (folder / "dictionary.md").write_text(page, "utf-8", newline="\n")
    return sorted(path.name for path in folder.iterdir())


def _columns_of(kind: TableKind) -> list[str]:
    """Give the columns of a table: the key, what is needed, the others."""
    first = dict.fromkeys([*kind.key, *kind.required])
    # The variables come in the order in which the system lists its files.
    return [*first, *sorted(one for one in kind.cells if one not in first)]


def _identifier(kind: TableKind, column: str) -> dict[str, str]:
    """Describe a column that is no input of the model."""
    if column == "month":
        return _row("month, 2024-09", "", "Month for which the values of the row hold")
    if column in kind.key and column not in kind.references:
        meaning = f"Identifier of the {column}, each once"
    else:
        meaning = f"Identifier of the {column}, as in its table"
    return _row("text", "", meaning)


def _row(kind: str, unit: str, meaning: str) -> dict[str, str]:
    """Describe an identifier."""
    row = {"type": kind, "unit": unit, "meaning": meaning, "codes": ""}
    return row | {"left_empty": "not allowed", "by_month": "no"}


def _about(variable: Variable) -> dict[str, str]:
    """Describe an input of the model."""
    is_monthly = variable.definition_period == DateUnit.MONTH
    return {
        "type": _TYPES.get(variable.value_type, "day, 2024-09-01"),
        "unit": _UNITS.get(variable.unit, variable.unit or ""),
        "meaning": variable.label,
        "codes": _codes(variable),
        "left_empty": _left_empty(variable),
        "by_month": "yes" if is_monthly else "no",
    }


def _codes(variable: Variable) -> str:
    """List the codes, or say where they are listed."""
    if variable.value_type is not Enum:
        return ""
    if variable.possible_values is Country:
        return "ISO 3166-1 alpha-2, in codes.csv"
    names = [one.name for one in variable.possible_values if one.name != "none"]
    return ", ".join(names) if len(names) <= _MOST_CODES else "in codes.csv"


def meaning_of(member: Enum) -> str:
    """Give a code in words."""
    if isinstance(member, Country) and member.name in COUNTRIES:
        return COUNTRIES[member.name]["name"]
    return str(member.value)


def _left_empty(variable: Variable) -> str:
    """Say what an empty cell is read as, in the words of the model where it has any."""
    said = " ".join((variable.documentation or "").split())
    if "says that" in said:
        return (
            "unknown"
            if "unknown" in said
            else said.partition("says that ")[2].strip(".")
        )
    if variable.value_type is bool:
        return "unknown, read as false"
    if variable.value_type in (int, float):
        return f"unknown, read as {variable.default_value:g}"
    if variable.value_type is date and variable.default_value == NEVER:
        return "unknown, read as never"
    return "unknown"
