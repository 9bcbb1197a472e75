"""All that the site is about, gathered once, and how its parts point to each other."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from openfisca_core.indexed_enums import Enum
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.countries import Country
from openfisca_isv.law import TEXTS, computed_provisions, readings
from openfisca_isv.law.evidence import YamlTest, yaml_tests
from openfisca_isv.web.site.content.articles import Article, Text, read_texts
from openfisca_isv.web.site.content.dates_of_change import DateOfChange, read_days
from openfisca_isv.web.site.content.parameter_pages import (
    Group,
    ParameterPage,
    Version,
    read_groups,
)
from openfisca_isv.web.site.content.variable_pages import VariablePage, read_variables

#: The identifier of the law itself, among the texts.
LAW = "loi-2005-159"
#: That of the page of service-public, which is no text of law.
OFFICIAL_PAGE = "fiche-f11444"


class SiteContent:
    """The law as the model has it: texts, parameters, variables, tests, readings."""

    def __init__(self, system: TaxBenefitSystem) -> None:
        self.system = system
        self.provisions: dict[str, dict] = computed_provisions(system)
        self.texts: list[Text] = read_texts(self.provisions.values())
        self.groups: list[Group] = read_groups(system)
        self.variables: dict[str, VariablePage] = read_variables(system)
        self.tests: list[YamlTest] = yaml_tests()
        self.readings: list[dict] = readings()

    @cached_property
    def parameters(self) -> dict[str, ParameterPage]:
        """The parameters, by name."""
        return {
            parameter.name: parameter
            for group in self.groups
            for parameter in group.all_parameters
        }

    @cached_property
    def all_groups(self) -> dict[str, Group]:
        """The groups of parameters, those inside others included, by name."""

        def below(groups: Iterable[Group]) -> Iterable[Group]:
            for group in groups:
                yield group
                yield from below(group.groups)

        return {group.name: group for group in below(self.groups)}

    @cached_property
    def unseen(self) -> int:
        """The number of provisions that were never read in their own text.

        They are known from pages that report them, or not at all. What the official
        page says is read on that page.
        """
        return sum(
            one["text"] != OFFICIAL_PAGE
            and (
                one.get("not_computed", {}).get("reason") == "unknown_text"
                or all(version["certainty"] != "primary" for version in one["versions"])
            )
            for one in self.provisions.values()
        )

    @cached_property
    def articles(self) -> list[Article]:
        """The articles of all texts, in order."""
        return [article for text in self.texts for article in text.articles]

    @cached_property
    def days(self) -> list[DateOfChange]:
        """The days on which something changes, the first first."""
        return read_days(list(self.parameters.values()), self.texts)

    @property
    def changes_of_texts(self) -> int:
        """The number of days, since the law, on which its texts change."""
        since = self.entry_into_force.day
        return sum("texts" in day.kinds for day in self.days if day.day >= since)

    @property
    def entry_into_force(self) -> DateOfChange:
        """The day on which the law comes into force."""
        first = TEXTS[LAW]["in_force"]
        return next(day for day in self.days if day.day == first)

    @cached_property
    def members(self) -> dict[str, Enum]:
        """The members of all enumerations but countries, by name."""
        return {
            member.name: member
            for rule in self.variables.values()
            if rule.variable.value_type is Enum
            and rule.variable.possible_values is not Country
            for member in rule.variable.possible_values
        }

    @cached_property
    def used_by(self) -> dict[str, list[str]]:
        """The variables that read each parameter."""
        found = defaultdict(list)
        for rule in self.variables.values():
            for name in rule.parameters:
                found[name].append(rule.name)
        return found

    @cached_property
    def last_check(self) -> date:
        """The last day on which any value of the law was seen to be in force."""
        return max(parameter.last_check for parameter in self.parameters.values())

    @cached_property
    def text_as_of(self) -> date:
        """The day of the copy in which the law in force was read."""
        return max(
            version["as_of"]
            for one in self.provisions.values()
            for version in one["versions"]
            if one["text"] == LAW and "as_of" in version
        )

    @cached_property
    def replaces(self) -> dict[str, list[str]]:
        """The provisions that each provision replaces."""
        found = defaultdict(list)
        for name, one in self.provisions.items():
            for later in one.get("replaced_by", ()):
                found[later].append(name)
        return found

    def values_set_by(self, provision: dict) -> list[tuple[ParameterPage, Version]]:
        """List the parameters that a provision sets, each with the values it gave."""
        return [
            (parameter, version)
            for parameter in self.parameters.values()
            if not parameter.is_of_a_country
            for version in reversed(parameter.versions)
            if any(one.get("provision") == provision["id"] for one in version.sources)
        ]

    def tests_of_variable(self, rule: VariablePage) -> list[YamlTest]:
        """List the tests that ask for a variable, or that give it, for an input."""
        return [test for test in self.tests if rule.name in test.outputs]

    def tests_of_parameter(self, parameter: ParameterPage) -> list[YamlTest]:
        """List the tests that cite what sets a parameter and ask what reads it."""
        cited = [self.provisions[name] for name in parameter.provisions]
        readers = set(self.used_by[parameter.name])
        return [
            test
            for test in self.tests
            if any(test.cites(one) for one in cited)
            and not readers.isdisjoint(test.outputs)
        ]

    def tests_of_provision(self, provision: dict) -> list[YamlTest]:
        """List the tests that cite a provision."""
        return [test for test in self.tests if test.cites(provision)]

    def readings_of(self, kind: str, name: str) -> list[dict]:
        """List the readings about a provision, a parameter or a variable.

        Args:
            kind: ``provisions``, ``parameters`` or ``variables``.
            name: What the readings name, or something inside it.
        """
        return [
            one
            for one in self.readings
            if any(name == other or name.startswith(f"{other}.") for other in one[kind])
        ]
