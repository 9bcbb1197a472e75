"""A table as plain text, for a terminal."""

import pyarrow as pa

from openfisca_isv.population.language import say, translated
from openfisca_isv.population.subject import LAW
from openfisca_isv.population.wording import number

_WIDEST = 64
#: Columns whose texts are words, and words among the names in others.
_OF_WORDS = ("figure", "statistic")
_WORDS = {
    "scenario": {LAW, "together"},
    "reform": {"together"},
    "part": {"together", "interaction"},
}


def text_table(table: pa.Table) -> str:
    """Write a table in columns for a terminal: numbers to the right, masked ones said.

    An empty cell of a row that is masked is withheld; any other is unknown, or the
    change that the law in force does not have.
    """
    masked = [False] * len(table)
    if "masked" in table.column_names:
        masked = table["masked"].to_pylist()
        table = table.drop_columns("masked")
    changing = masked
    if "scenario" in table.column_names:
        laws = table["scenario"].to_pylist()
        changing = [one and law != LAW for one, law in zip(masked, laws, strict=True)]
    columns = []
    for field in table.schema:
        withheld = changing if field.name.endswith("_change") else masked
        is_number = pa.types.is_floating(field.type)
        cells = [
            _cell(value, field.name, is_number=is_number, is_masked=hidden)
            for value, hidden in zip(
                table[field.name].to_pylist(), withheld, strict=True
            )
        ]
        cells.insert(0, say(field.name))
        width = max(map(len, cells))
        is_right = is_number or pa.types.is_integer(field.type)
        justify = str.rjust if is_right else str.ljust
        columns.append([justify(one, width) for one in cells])
    lines = zip(*columns, strict=True)
    return "\n".join("  ".join(line).rstrip() for line in lines)


def _cell(value: object, column: str, *, is_number: bool, is_masked: bool) -> str:
    if value is None and not (is_masked and is_number):
        return ""
    if is_number:
        return number(value, 2)
    text = str(value)
    if column in _OF_WORDS or text in _WORDS.get(column, ()):
        text = translated(text)
    return text if len(text) <= _WIDEST else text[: _WIDEST - 3] + "..."
