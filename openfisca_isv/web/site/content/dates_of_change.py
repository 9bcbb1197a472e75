"""The days on which the law changes, and what changes on each."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from openfisca_isv.law import TEXTS, provisions, version_on
from openfisca_isv.web.site.content import urls
from openfisca_isv.web.site.content.articles import Text
from openfisca_isv.web.site.content.parameter_pages import ParameterPage, Version

_ONE_DAY = timedelta(days=1)

#: The kinds of change: the texts of this law; the membership of States; what became
#: known, or changed in neighbouring law.
KINDS = ("texts", "memberships", "known")


@dataclass(frozen=True)
class ParameterChange:
    """A parameter that takes another value."""

    parameter: ParameterPage
    before: Version | None
    after: Version

    @property
    def kind(self) -> str:
        """The kind of change: with a text, if what sets the value begins that day."""
        return kind_of_version(self.parameter, self.after)

    @property
    def is_same(self) -> bool:
        """Return whether the value stays: another text sets it again."""
        return self.before is not None and self.before.value == self.after.value


@dataclass(frozen=True)
class ProvisionChange:
    """A provision that begins, ends or is reworded; one side may be none."""

    provision: dict
    before: dict | None
    after: dict | None

    @property
    def kind(self) -> str:
        """The kind of change."""
        return kind_of_provision(self.provision)


@dataclass(frozen=True)
class DateOfChange:
    """A day on which something changes.

    Attributes:
        day: The day.
        end: The last day before the next change, where there is one.
        parameters: The parameters that change.
        provisions: The provisions that change.
    """

    day: date
    end: date | None
    parameters: list[ParameterChange]
    provisions: list[ProvisionChange]

    @property
    def url(self) -> str:
        """The page of the day."""
        return urls.day(self.day)

    @property
    def kinds(self) -> dict[str, "DateOfChange"]:
        """The day as each kind of change has it: with the changes of that kind."""
        found = {
            kind: replace(
                self,
                parameters=[one for one in self.parameters if one.kind == kind],
                provisions=[one for one in self.provisions if one.kind == kind],
            )
            for kind in KINDS
        }
        return {kind: day for kind, day in found.items() if day.number}

    @property
    def number(self) -> int:
        """The number of changes."""
        return len(self.parameters) + len(self.provisions)


def kind_of_provision(provision: dict) -> str:
    """Return the kind of what changes in a provision, by the text that holds it."""
    return "texts" if "in_force" in TEXTS[provision["text"]] else "known"


def kind_of_version(parameter: ParameterPage, version: Version) -> str:
    """Return the kind of change that a value of a parameter is."""
    if parameter.is_membership:
        return "memberships"
    cited = (source.get("provision") for source in version.sources)
    begins = any(
        one["from"] == version.start
        for name in cited
        if name and kind_of_provision(provisions()[name]) == "texts"
        for one in provisions()[name]["versions"]
    )
    return "texts" if begins else "known"


def read_days(parameters: list[ParameterPage], texts: list[Text]) -> list[DateOfChange]:
    """List the days on which a parameter or a provision changes, the first first."""
    register = [one for text in texts for one in text.provisions]
    days = {version.start for parameter in parameters for version in parameter.versions}
    for one in register:
        for version in one["versions"]:
            days.add(version["from"])
            if "to" in version:
                days.add(version["to"] + _ONE_DAY)
    ordered = sorted(days)
    ends = [following - _ONE_DAY for following in ordered[1:]]
    return [
        DateOfChange(
            day,
            end,
            _parameter_changes(parameters, day),
            _provision_changes(register, day),
        )
        for day, end in zip(ordered, [*ends, None], strict=True)
    ]


def _parameter_changes(
    parameters: list[ParameterPage], day: date
) -> list[ParameterChange]:
    return [
        ParameterChange(parameter, parameter.on(day - _ONE_DAY), after)
        for parameter in parameters
        if (after := parameter.on(day)) and after.start == day
    ]


def _provision_changes(register: list[dict], day: date) -> list[ProvisionChange]:
    """List the provisions that differ from those of the eve."""
    return [
        ProvisionChange(one, before, after)
        for one in register
        if (before := version_on(one, day - _ONE_DAY))
        is not (after := version_on(one, day))
    ]
