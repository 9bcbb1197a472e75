"""What the columns of the results hold: the kind of values, a label, the codes."""

import re
from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

import yaml
from openfisca_core.indexed_enums import Enum
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from openfisca_isv.population.groups.grouping import UNKNOWN
from openfisca_isv.population.language import language, say, words
from openfisca_isv.population.subject import GROUPING_NAMES, MEASURES

TEXT, NUMBER, BOOLEAN = "text", "number", "boolean"
DAY, CODE = "day", "code"
_CASES = ("missions", "volunteers", "organisations")
#: The end of the name of the column that says of an output whether it is settled.
SETTLED = "_is_settled"
_KINDS = {bool: BOOLEAN, date: DAY, Enum: CODE}


@dataclass(frozen=True)
class Column:
    """A column of a table of results.

    Attributes:
        name: Its name in the file.
        kind: ``text``, ``number``, ``boolean``, ``day``, ``month`` or ``code``.
        label: What it holds, in words.
        code_list: The name of the list of its codes, where it holds codes.
        codes: What each code means.
    """

    name: str
    kind: str
    label: str
    code_list: str = ""
    codes: Mapping[str, str] = field(default_factory=dict, compare=False)


@cache
def names() -> dict[str, dict]:
    """Read the short names, and the labels of what is no variable, by language."""
    return yaml.safe_load(Path(__file__).with_name("names.yaml").read_text("utf-8"))


def columns_of(
    systems: Sequence[TaxBenefitSystem], table: str, header: Sequence[str]
) -> list[Column]:
    """Describe the columns of a table, from the first law that has each variable."""
    variables = ChainMap(*(one.variables for one in systems))
    groups = header.index("period") if table.startswith("summary_by_") else 0
    return [
        *(_group_column(variables, name) for name in header[:groups]),
        *(_column(variables, table, name) for name in header[groups:]),
    ]


def holds_cases(table: str) -> bool:
    """Return whether a table of results has a row per case, of a period or of all."""
    return table.partition("_by_")[0] in _CASES


def _column(variables: Mapping[str, Variable], table: str, name: str) -> Column:
    variable = variables.get(name) if holds_cases(table) else None
    if holds_cases(table) and name.endswith(SETTLED):
        about = variables.get(name.removesuffix(SETTLED))
        said = names()["of_outputs"]["settled"][language()]
        return Column(name, BOOLEAN, said.format(words().label(about)))
    if variable is not None:
        kind, label = _KINDS.get(variable.value_type, NUMBER), words().label(variable)
        is_monthly = variable.definition_period == "month"
        if kind == BOOLEAN and table.endswith("_by_year") and is_monthly:
            said = names()["of_outputs"]["months"][language()]
            return Column(name, NUMBER, said.format(label))
        return Column(name, kind, label, *_codes(variable))
    label = label_of(variables, name)
    if name == "condition":
        codes = _codes(variables.get("contract_first_unmet_condition"))
        return Column(name, CODE, label, *codes)
    kinds = (kind for kind, listed in names()["kinds"].items() if name in listed)
    return Column(name, next(kinds, NUMBER), label)


def _group_column(variables: Mapping[str, Variable], name: str) -> Column:
    """Describe a column of groups, whose values are texts."""
    variable = variables.get(name)
    label = words().label(variable) if variable else say(GROUPING_NAMES.get(name, name))
    if variable is None or variable.value_type not in (Enum, bool):
        return Column(name, NUMBER if name in ("year", "age") else TEXT, label)
    code_list, codes = "boolean", {"false": "false", "true": "true"}
    if variable.value_type is Enum:
        code_list, codes = _codes(variable)
    codes = {**codes, UNKNOWN: codes.get(UNKNOWN, say(UNKNOWN))}
    return Column(name, CODE, label, f"{code_list}_or_{UNKNOWN}", codes)


def label_of(variables: Mapping[str, Variable], name: str) -> str:
    """Return the label of a column that is no variable, its name where none fits."""
    if measure := MEASURES.get(name):
        return f"{say(measure.subject)}{say(': ')}{say(measure.label)}"
    if label := names()["labels"].get(name):
        return label[language()]
    if variable := variables.get(name):
        return words().label(variable)
    for form, label in names()["forms"].items():
        if found := re.fullmatch(form, name, re.ASCII):
            part = found[1]
            shown = part if part == name else label_of(variables, part)
            return label[language()].format(shown)
    return name


def _codes(variable: Variable) -> tuple[str, dict[str, str]]:
    """Return the name of the list of codes of a variable, and the codes in words."""
    if variable.value_type is not Enum:
        return "", {}
    codes = {one.name: words().member(one) for one in variable.possible_values}
    name = re.sub(r"\B[A-Z]", r"_\g<0>", variable.possible_values.__name__)
    return name.lower(), codes
