"""What the columns of the results hold: the kind of values, a label, the codes."""

import re
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
DAY, MONTH, CODE = "day", "month", "code"
_CASES = ("missions", "volunteers", "organisations")
_YEARLY, _SUMMARY = "_by_year", "summary_by_"
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
    groups = header.index("period") if table.startswith(_SUMMARY) else 0
    return [
        _group_column(systems, name)
        if place < groups
        else _column(systems, table, name)
        for place, name in enumerate(header)
    ]


def _column(systems: Sequence[TaxBenefitSystem], table: str, name: str) -> Column:
    is_of_cases = table.partition("_by_")[0] in _CASES
    variable = _variable(systems, name) if is_of_cases else None
    if is_of_cases and name.endswith(SETTLED):
        about = _variable(systems, name.removesuffix(SETTLED))
        said = names()["of_outputs"]["settled"][language()]
        return Column(name, BOOLEAN, said.format(words().label(about)))
    if variable is not None:
        kind, label = _KINDS.get(variable.value_type, NUMBER), words().label(variable)
        is_monthly = variable.definition_period == "month"
        if kind == BOOLEAN and table.endswith(_YEARLY) and is_monthly:
            said = names()["of_outputs"]["months"][language()]
            return Column(name, NUMBER, said.format(label))
        return Column(name, kind, label, *_codes(variable))
    if name == "condition":
        variable = _variable(systems, "contract_first_unmet_condition")
        return Column(name, CODE, label_of(systems, name), *_codes(variable))
    kind = MONTH if name == "month" else NUMBER
    for one, listed in ((TEXT, "texts"), (DAY, "dates"), (BOOLEAN, "booleans")):
        if name in names()[listed]:
            kind = one
    return Column(name, kind, label_of(systems, name))


def _group_column(systems: Sequence[TaxBenefitSystem], name: str) -> Column:
    """Describe a column of groups, whose values are texts."""
    variable = _variable(systems, name)
    label = say(GROUPING_NAMES.get(name, name))
    if variable:
        label = words().label(variable)
    if variable is None or variable.value_type not in (Enum, bool):
        return Column(name, NUMBER if name in ("year", "age") else TEXT, label)
    code_list, codes = "boolean", {"false": "false", "true": "true"}
    if variable.value_type is Enum:
        code_list, codes = _codes(variable)
    codes = {**codes, UNKNOWN: codes.get(UNKNOWN, say(UNKNOWN))}
    return Column(name, CODE, label, f"{code_list}_or_{UNKNOWN}", codes)


def label_of(systems: Sequence[TaxBenefitSystem], name: str) -> str:
    """Return the label of a column that is no variable, its name where none fits."""
    if name in MEASURES:
        measure = MEASURES[name]
        return f"{say(measure.subject)}{say(': ')}{say(measure.label)}"
    if label := names()["labels"].get(name):
        return label[language()]
    if variable := _variable(systems, name):
        return words().label(variable)
    for form, label in names()["forms"].items():
        if found := re.fullmatch(form, name, re.ASCII):
            part = found[1]
            return label[language()].format(
                part if part == name else label_of(systems, part)
            )
    return name


def _variable(systems: Sequence[TaxBenefitSystem], name: str) -> Variable | None:
    found = (one.variables.get(name) for one in systems)
    return next((one for one in found if one is not None), None)


def _codes(variable: Variable) -> tuple[str, dict[str, str]]:
    """Return the name of the list of codes of a variable, and the codes in words."""
    if variable.value_type is not Enum:
        return "", {}
    codes = {one.name: words().member(one) for one in variable.possible_values}
    name = re.sub(r"\B[A-Z]", r"_\g<0>", variable.possible_values.__name__)
    return name.lower(), codes
