"""The section of the variables: what each means, how it is computed, what pins it."""

from collections import defaultdict
from datetime import date

from openfisca_core.indexed_enums import Enum

from openfisca_isv.countries import Country
from openfisca_isv.web.site.content.alternatives import alternatives_of
from openfisca_isv.web.site.content.variable_pages import VariablePage
from openfisca_isv.web.site.pages import Pages

_INDEX = "variables/index.html"
_TYPES = {bool: "bool", int: "int", float: "float", date: "date", Enum: "enum"}


def write(pages: Pages) -> None:
    """Write the section."""
    law, language = pages.law, pages.language
    subjects = defaultdict(list)
    for rule in law.variables.values():
        subjects[rule.subject].append(rule)
    computed = sum(rule.formula is not None for rule in law.variables.values())
    pages.write(
        _INDEX,
        language.text("variables_title"),
        subjects=subjects,
        computed=computed,
        inputs=len(law.variables) - computed,
    )
    for rule in law.variables.values():
        _write_rule(pages, rule)


def _write_rule(pages: Pages, rule: VariablePage) -> None:
    law, language = pages.law, pages.language
    variable = rule.variable
    members = variable.possible_values if variable.value_type is Enum else None
    subject = language.text(f"subject_{rule.subject}")
    read = [law.parameters[name] for name in rule.parameters]
    pages.write(
        rule.url,
        language.label(variable),
        "variables/variable.html",
        trail=[
            (language.text("nav_variables"), _INDEX),
            (subject, f"{_INDEX}#{rule.subject}"),
        ],
        rule=rule,
        type="country" if members is Country else _TYPES[variable.value_type],
        members=() if members is Country else members,
        left_out=language.words.value(variable, variable.default_value),
        alternatives=alternatives_of(rule.name, rule.parameters),
        parameters=[(one, one.latest) for one in read if not one.is_of_a_country],
        groups=dict.fromkeys(one.group for one in read if one.is_of_a_country),
    )
