"""What each other reading of the register is worth, in euros and in people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from openfisca_isv.law import provisions
from openfisca_isv.population.arguments import calculation_of, names_of
from openfisca_isv.population.bad_input import RequestError
from openfisca_isv.population.comparison.compare import Compare, weights_of
from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.effects import Effects
from openfisca_isv.population.comparison.groupings import groups_of
from openfisca_isv.population.comparison.package import compared_laws
from openfisca_isv.population.groups.figures import add_up, database
from openfisca_isv.population.language import say, words
from openfisca_isv.population.model.beside import Traced
from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.model.yearly import outcome_of
from openfisca_isv.population.reforms.source import ReformError, under_readings
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.store import Store
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.situations.chosen_readings import changed_by

#: How readings are taken: one alone, or all that have an effect of one sign.
ALONE = "alone"
_TOGETHER = {"all that lower the cost": -1, "all that raise the cost": 1}
_AMOUNTS = ("state_cost_change", "gains", "losses")
_PEOPLE = ("gainers", "losers")
_CONTRACTS = ("contracts_become_lawful", "contracts_become_unlawful")


@dataclass(frozen=True, kw_only=True)
class CompareReadings(Compare):
    """What each reading gives a population, beside reforms if there are any.

    Attributes:
        readings: Identifiers of the readings, each computed alone.
        extremes: What is computed of several readings at once, by its name in the
            column ``taken``; known when each is computed alone.
    """

    compared: tuple = ()
    readings: tuple[str, ...]
    extremes: Mapping[str, tuple[str, ...]] | None = None
    #: A part is computed under every reading before the progress says so, and small
    #: ones let several processes share a small population.
    part_size: ClassVar[int | None] = 5_000

    def check(self, columns: Mapping[str, Sequence[str]]) -> None:
        """Check what is asked: ``Calculation.check``."""
        for one in self.readings:
            under_readings([one])
        if self.compared:
            super().check(columns)
            return
        if self.outputs or self.bootstrap:
            message = "--outputs and --bootstrap are about a --reform: give one, or"
            message += " leave them out"
            raise RequestError(message)
        if self.by:
            message = "--by groups those who gain and lose by a --reform; --readings"
            message += " tells of everyone: leave out --by, or give --reform, and leave"
            message += " columns of your own out of the tables"
            raise RequestError(message)
        Calculation.check(self, columns)

    def compute(self, tables: Tables) -> Iterator[tuple[str, pa.Table]]:
        """Yield what each reading changes for everyone."""
        laws = self.extremes or {one: (one,) for one in self.readings}
        if self.extremes is None:
            yield from super().compute(tables)
        traced = Traced(tax_benefit_system(), tables, self.years)
        weights = weights_of(traced.simulation, tables, self.weight)
        in_force = outcome_of(traced.simulation, self.years, weights)
        # Most readings change nothing of most parts: the law in force beside itself.
        outcomes, places = [in_force, in_force], []
        for chosen in laws.values():
            changed = set().union(*map(changed_by, chosen))
            simulation = traced.under(
                tax_benefit_system(under_readings(chosen)), changed
            )
            outcome = outcome_of(simulation, self.years, weights)
            if outcome == in_force:
                places.append(0)
            else:
                places.append(len(outcomes) - 1)
                outcomes.append(outcome)
        with database() as connection:
            everyone = groups_of(tables.missions, ())
            effects = Effects(connection, self.years, outcomes, [everyone], apart=True)
            found = effects.by_group().take(places)
        numbers = pa.array([1 + self._names.index(name) for name in laws])
        yield "worth", found.set_column(0, "law", numbers)

    def further(self, parts: Store) -> "CompareReadings | None":
        """Return the calculation of readings taken together, if some are."""
        rows, extremes = self._ranked(parts), {}
        for taken, sign in _TOGETHER.items():
            chosen: tuple[str, ...] = ()
            for row in rows:
                if sign * (row["state_cost_change"] or 0) > 0:
                    # Left out where it changes the rule of one of the others.
                    with suppress(ReformError):
                        under_readings((*chosen, row["reform"]))
                        chosen = (*chosen, row["reform"])
            if len(chosen) > 1:
                extremes[taken] = chosen
        return replace(self, extremes=extremes) if extremes else None

    def found(self, parts: Store, account: Mapping[str, object]) -> Comparison:
        """Add up the parts; rank the readings."""
        return replace(super().found(parts, account), readings=self._table(parts))

    @property
    def _names(self) -> list[str]:
        return [*self.readings, *(self.extremes or {})]

    def _ranked(self, parts: Store) -> list[dict]:
        """Add up what each law changes; rank the readings, then those together."""
        # A run that goes on may have parts of several readings at once already.
        is_named = pc.field("law") <= len(self._names)
        worth = add_up(parts.sums("worth")).filter(is_named)
        rows = self.finish(self._names, ()).gainers_and_losers(worth).to_pylist()
        alone, together = rows[: len(self.readings)], rows[len(self.readings) :]
        return sorted(alone, key=_worth, reverse=True) + together

    def _table(self, parts: Store) -> pa.Table:
        rows, extremes = [], self.extremes or {}
        for rank, row in enumerate(self._ranked(parts), start=1):
            name, about = row["reform"], {"rank": rank, "taken": ALONE}
            if name in extremes:
                about = {"rank": None, "taken": name}
            chosen = extremes.get(name, (name,))
            rows.append(about | _described(chosen) | self._figures(row))
        return pa.Table.from_pylist(rows)

    def _figures(self, row: Mapping[str, object]) -> dict[str, object]:
        """Keep the figures of a law, amounts over all years and for a year."""
        yearly = {
            f"{name}_per_year": row[name] and round(row[name] / len(self.years), 2)
            for name in _AMOUNTS
        }
        figures = {name: row[name] for name in (*_AMOUNTS, *_PEOPLE, *_CONTRACTS)}
        return yearly | figures | {"masked": None in figures.values()}


def comparison_of(given: Mapping[str, object], **own: object) -> Compare:
    """Make a comparison of the arguments of a call, or the options of a command.

    Args:
        given: All of them, by name; ``each_reading`` is true, or the identifiers of
            those that are compared one at a time.
        own: Attributes that are not given as they are.
    """
    reforms, kind, each = given["reforms"], Compare, given["each_reading"]
    if not isinstance(reforms, Iterable) or isinstance(reforms, str | type):
        reforms = [] if reforms is None else [reforms]
    own["compared"] = compared_laws(
        reforms,
        names_of(given["readings"]),
        together=given["together"],
        each_reading=bool(each),
    )
    if each:
        chosen = alternatives() if each is True else names_of(each)
        kind, own["readings"] = CompareReadings, tuple(chosen)
    return calculation_of(kind, given, **own)


def _described(chosen: Sequence[str]) -> dict[str, str]:
    found = [alternatives()[one] for one in chosen]
    articles = [
        words().said(provisions()[provision], "title")
        for one in found
        for provision in one.reading["provisions"]
    ]
    return {
        "readings": "+".join(chosen),
        "title": _sentence(words().said(one.entry, "title") for one in found),
        "title_fr": _sentence(one.entry["title_fr"] for one in found),
        "chosen": _sentence(
            dict.fromkeys(words().said(one.reading, "title") for one in found)
        ),
        "articles": say("; ").join(dict.fromkeys(articles)),
        "changes": say("; ").join(dict.fromkeys(_changes(found))),
    }


def _sentence(titles: Iterable[str]) -> str:
    """Join titles of one line each."""
    return say("; ").join(one.strip().removesuffix(".") for one in titles)


def _changes(found: Iterable) -> Iterable[str]:
    """Name the rules and parameters that readings change, for a reader."""
    nodes = {one.name: one for one in tax_benefit_system().parameters.get_descendants()}
    for one in found:
        for name in one.entry.get("variables", ()):
            yield words().label(tax_benefit_system().get_variable(name))
        for name in one.entry.get("parameters", ()):
            node = nodes[name]
            yield words().parameter(node.metadata, "") or node.description


def _worth(row: Mapping[str, object]) -> tuple[float, float, float]:
    return (
        abs(row["state_cost_change"] or 0),
        sum(row[one] or 0 for one in _PEOPLE),
        sum(row[one] or 0 for one in _CONTRACTS),
    )
