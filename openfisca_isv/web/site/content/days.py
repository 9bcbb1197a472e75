"""The days on which the law changes, and what changes on each."""

from dataclasses import dataclass
from datetime import date, timedelta

from openfisca_isv.web.site.content import places
from openfisca_isv.web.site.content.articles import Text, version_on
from openfisca_isv.web.site.content.figures import Figure, Version

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class FigureChange:
    """A parameter that takes another value."""

    figure: Figure
    before: Version | None
    after: Version

    @property
    def is_same(self) -> bool:
        """Tell whether the value stays: another text sets it anew."""
        return self.before is not None and self.before.value == self.after.value

    @property
    def kind(self) -> str:
        """What changes: ``text``, ``membership`` of a State, or what is ``known``."""
        if isinstance(self.after.value, bool) and self.figure.is_of_a_country:
            return "membership"
        return "text" if self.is_of_a_text else "known"

    @property
    def is_of_a_text(self) -> bool:
        """Return whether a text that was published sets the value on its own day."""
        return self.after.published is not None


@dataclass(frozen=True)
class ProvisionChange:
    """A provision that begins, ends or is worded anew; one side may be none."""

    provision: dict
    before: dict | None
    after: dict | None


@dataclass(frozen=True)
class Day:
    """A day on which something changes.

    Attributes:
        day: The day.
        end: The last day before the next change, where there is one.
        figures: The parameters that change.
        provisions: The provisions that change.
    """

    day: date
    end: date | None
    figures: list[FigureChange]
    provisions: list[ProvisionChange]

    @property
    def kind(self) -> str:
        """The most of what changes: a text, else a membership, else what is known."""
        kinds = {change.kind for change in self.figures}
        if self.provisions or "text" in kinds:
            return "text"
        return "membership" if "membership" in kinds else "known"

    @property
    def place(self) -> str:
        """The page of the day."""
        return places.day(self.day)


def read_days(figures: list[Figure], texts: list[Text]) -> list[Day]:
    """List the days on which a parameter or a provision changes, the first first."""
    register = [one for text in texts for one in text.provisions]
    days = {version.start for figure in figures for version in figure.versions}
    for one in register:
        for version in one["versions"]:
            days.add(version["from"])
            if "to" in version:
                days.add(version["to"] + _ONE_DAY)
    ordered = sorted(days)
    ends = [following - _ONE_DAY for following in ordered[1:]]
    return [
        Day(day, end, _figure_changes(figures, day), _provision_changes(register, day))
        for day, end in zip(ordered, [*ends, None], strict=True)
    ]


def _figure_changes(figures: list[Figure], day: date) -> list[FigureChange]:
    """List the parameters that take a value on a day."""
    return [
        FigureChange(figure, figure.on(day - _ONE_DAY), after)
        for figure in figures
        if (after := figure.on(day)) and after.start == day
    ]


def _provision_changes(register: list[dict], day: date) -> list[ProvisionChange]:
    """List the provisions that differ from those of the eve."""
    return [
        ProvisionChange(one, before, after)
        for one in register
        if (before := version_on(one, day - _ONE_DAY))
        is not (after := version_on(one, day))
    ]
