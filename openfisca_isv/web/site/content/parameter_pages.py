"""The parameters of the law, each with its history, its sources and its group."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import yaml
from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

import openfisca_isv
from openfisca_isv.counterfactuals.anchors import first_days
from openfisca_isv.countries import COUNTRIES
from openfisca_isv.web.site.content import urls

_PACKAGE = Path(openfisca_isv.__file__).parent

#: The value of a parameter: steps are pairs of a threshold and an amount.
Value = float | bool | list[str] | tuple[tuple[float, float], ...] | None


@dataclass(frozen=True)
class Version:
    """A value of a parameter, with the days on which it applies.

    Attributes:
        start: The first day.
        end: The last day, where another value follows.
        value: The value; nothing where no source gives it.
        certainty: How sure the source is.
        published: The day of the official journal, where there is one.
        sources: Title, address and, where it is in the register, provision.
    """

    start: date
    end: date | None
    value: Value
    certainty: str
    published: date | None
    sources: list[dict]


class ParameterPage:
    """A parameter of the law."""

    def __init__(self, node: Parameter | ParameterScale) -> None:
        self.name: str = node.name
        self.group, _, self.key = node.name.rpartition(".")
        self.subject = node.name.partition(".")[0]
        self.description: str = node.description
        self.metadata: dict = node.metadata
        self.unit: str = node.metadata["unit"]
        self.period: str = node.metadata["period"]
        self.threshold_unit: str | None = node.metadata.get("threshold_unit")
        self.last_check = date.fromisoformat(node.metadata["last_value_still_valid_on"])
        self.file = Path(node.file_path).relative_to(_PACKAGE.parent).as_posix()
        self.documentation: str = _documentation(node)
        self.url = urls.parameter(node.name)
        self._node = node

    @property
    def is_of_a_country(self) -> bool:
        """Return whether the parameter is one line of a table of countries."""
        return self.key in COUNTRIES

    @property
    def is_membership(self) -> bool:
        """Return whether the parameter says that a country belongs to something."""
        return self.is_of_a_country and isinstance(self.latest.value, bool)

    @cached_property
    def versions(self) -> list[Version]:
        """The values, the oldest first."""
        starts = sorted(first_days(self._node))
        days = [date.fromisoformat(start) for start in starts]
        ends = [following - timedelta(days=1) for following in days[1:]]
        certainty = self.metadata["certainty"]
        published = self.metadata.get("official_journal_date", {})
        return [
            Version(
                start=day,
                end=end,
                value=_value(self._node, start),
                certainty=certainty if isinstance(certainty, str) else certainty[start],
                published=_day(published.get(start)),
                sources=self.metadata["reference"].get(start, []),
            )
            for start, day, end in zip(starts, days, [*ends, None], strict=True)
        ]

    @property
    def latest(self) -> Version:
        """The last value."""
        return self.versions[-1]

    def on(self, day: date) -> Version | None:
        """Return the version that applies on a day; None before the first one."""
        reached = [version for version in self.versions if version.start <= day]
        return reached[-1] if reached else None

    @property
    def provisions(self) -> list[str]:
        """The provisions of the register that its sources name, each once."""
        found = {
            source["provision"]: None
            for version in self.versions
            for source in version.sources
            if "provision" in source
        }
        return list(found)


@dataclass(frozen=True)
class Group:
    """A node of parameters: what it is about, and what it holds."""

    name: str
    description: str
    documentation: str
    parameters: list[ParameterPage]
    groups: list["Group"]

    @property
    def url(self) -> str:
        """The page of the group."""
        return urls.parameter(self.name)

    @property
    def all_parameters(self) -> Iterable[ParameterPage]:
        """The parameters of the group and of those inside it."""
        yield from self.parameters
        for group in self.groups:
            yield from group.all_parameters


def read_groups(system: TaxBenefitSystem) -> list[Group]:
    """Read the tree of parameters: one group for each subject of the law."""
    return sorted(
        (_group(child) for child in system.parameters.children.values()),
        key=lambda group: group.name,
    )


def _group(node: ParameterNode) -> Group:
    children = [node.children[key] for key in sorted(node.children)]
    return Group(
        name=node.name,
        description=node.description,
        documentation=(node.documentation or "").strip(),
        parameters=[
            ParameterPage(one) for one in children if not isinstance(one, ParameterNode)
        ],
        groups=[_group(one) for one in children if isinstance(one, ParameterNode)],
    )


def _value(node: Parameter | ParameterScale, day: str) -> Value:
    """Read the value of a parameter on a day; the steps of a scale as pairs."""
    value = node.get_at_instant(day)
    if isinstance(node, ParameterScale):
        return tuple(zip(value.thresholds, value.amounts, strict=True))
    return value


def _documentation(node: Parameter | ParameterScale) -> str:
    """Return the documentation of a parameter; the engine drops that of a scale."""
    if isinstance(node, ParameterScale):
        file = yaml.load(Path(node.file_path).read_text("utf-8"), yaml.CSafeLoader)
        return file.get("documentation", "").strip()
    return (node.documentation or "").strip()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
