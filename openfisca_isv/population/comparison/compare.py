"""Several laws side by side: what reforms change, for whom, and what they cost."""

import gc
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DateUnit, Period, period
from openfisca_core.simulations import Simulation
from openfisca_core.variables import Variable

from openfisca_isv.population.bad_input import RequestError, TableProblem
from openfisca_isv.population.comparison.bootstrap import standard_errors
from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.effects import BANDS, Effects
from openfisca_isv.population.comparison.groupings import (
    ALL,
    check_apart,
    check_names,
    groups_of,
    usual_groupings,
)
from openfisca_isv.population.comparison.masks import masked_amounts
from openfisca_isv.population.comparison.package import check_parts, package_table
from openfisca_isv.population.comparison.tables import Finish
from openfisca_isv.population.groups.figures import add_up, database
from openfisca_isv.population.groups.fixed_point import MICROS
from openfisca_isv.population.groups.small_cells import small
from openfisca_isv.population.language import translated
from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.model.grouped import columns_for_missions
from openfisca_isv.population.model.outputs import check_outputs, is_dated
from openfisca_isv.population.model.part_simulation import build_simulation
from openfisca_isv.population.model.results import value_in
from openfisca_isv.population.model.yearly import (
    Weights,
    codes_of,
    outcome_of,
    ranked,
)
from openfisca_isv.population.reforms.changes import parameter_changes, rule_changes
from openfisca_isv.population.reforms.source import ReformError, ReformSource
from openfisca_isv.population.reforms.tax_benefit_systems import (
    blamed_on,
    tax_benefit_system,
    variables_before,
)
from openfisca_isv.population.store import Results, Store
from openfisca_isv.population.subject import (
    AGREED,
    LAW,
    MINIMUM,
    RAISED,
    RULES,
    UNDETERMINED_UNDER,
)
from openfisca_isv.population.tables.typed_tables import Tables
from openfisca_isv.population.tables.writing import is_french, write_table
from openfisca_isv.population.wording import counted

#: What several laws come to by year takes the room of so many months of the engine.
_MONTHS = 132
#: The name of the row that has the groupings, and how many organisations there are.
_KNOWN = "known"


@dataclass(frozen=True, kw_only=True)
class Compare(Calculation):
    """What reforms give a population that the law in force does not.

    Without groupings the usual ones are made that the tables allow.

    Attributes:
        compared: The reforms, each beside the law in force.
        outputs: Names of outputs of missions or volunteers to compare as well.
        bands: Bounds of the bands of gains and losses, in euros, rising.
        bootstrap: How many times the volunteers are drawn again for standard errors.
        seed: Of these draws.
        together: The last reform compared is all the others at once.
        raise_allowances_to_minimum: Suppose that under a reform the organisations
            raise allowances agreed that are below the minimum to the minimum.
        report: Tables, pictures and the report are written; else they are only given.
    """

    name: ClassVar[str] = "compare"
    compared: tuple[ReformSource, ...]
    outputs: tuple[str, ...] = ()
    bands: tuple[float, ...] = BANDS
    bootstrap: int = 0
    seed: int = 1
    together: bool = False
    raise_allowances_to_minimum: bool = False
    report: bool = True

    @property
    def reforms(self) -> tuple[ReformSource | None, ...]:
        """The law in force, then the reforms."""
        return (None, *self.compared)

    @property
    def months(self) -> int | None:
        """How many months the engine keeps of a part, if that is known."""
        return super().months if self._is_dated else _MONTHS

    @property
    def _is_dated(self) -> bool:
        """Whether outputs are compared that change over time."""
        return any(is_dated(tax_benefit_system(), one) for one in self.outputs)

    def options(self) -> dict[str, object]:
        """Leave out the seed where nothing is drawn: ``Calculation.options``."""
        return super().options() | ({} if self.bootstrap else {"seed": None})

    def check(self, columns: Mapping[str, Sequence[str]]) -> None:
        """Check the names of reforms and groupings too: ``Calculation.check``."""
        if not self.compared:
            message = "there is no reform to compare with the law in force"
            raise RequestError(message)
        origins = {LAW: LAW}
        for one in self.compared:
            if one.name in origins:
                reason = f'has the same name, "{one.name}", as {origins[one.name]}'
                remedy = "Give one of them another name"
                raise ReformError([TableProblem(one.origin, reason, remedy)])
            origins[one.name] = one.origin
        super().check(columns)
        self._check_inputs({one for names in columns.values() for one in names})
        check_names(self.by)
        if self.together:
            check_parts(self.compared[:-1])
        if self.bootstrap < 0 or self.bootstrap == 1 or self.seed < 0:
            message = f"bootstrap is {self.bootstrap} and seed {self.seed}: draw at"
            message += " least 2 times, 0 for no standard errors, from a seed of 0 or"
            message += " more"
            raise RequestError(message)
        system = tax_benefit_system()
        check_outputs(system, self.outputs)
        for name in self.outputs:
            if system.get_variable(name).entity.key == "organisation":
                message = f"{name} is of organisations: compare, of missions or"
                message += " volunteers, what it is made of"
                raise RequestError(message)
        if self.min_cell:
            check_apart(self.by)

    def _check_inputs(self, columns: Collection[str]) -> None:
        """Refuse laws that read a column as inputs of two kinds."""
        kinds: dict[str, tuple] = {}
        for source, law in zip(self.reforms, self.laws(), strict=True):
            for name in {*columns} & law.variables.keys():
                one = law.variables[name]
                kind = one.value_type, one.entity.key
                if one.is_input_variable() and kinds.setdefault(name, kind) != kind:
                    reason = f'gives the input "{name}" another type or entity than a'
                    reason += " law beside it, which reads the same column"
                    remedy = "Keep both, or give the input another name"
                    raise ReformError.of(source.origin, reason, remedy)

    def compute(self, tables: Tables) -> Iterator[tuple[str, pa.Table]]:
        """Yield what each law costs, and what each reform changes, for whom."""
        by = ()
        if self.compared:
            given = (tables.missions, tables.volunteers, tables.organisations)
            names = {name for table in given for name in table.column_names}
            by = self.by or usual_groupings(names)
            yield from self._effects(tables, by)
        known = {"by": [json.dumps(by)], "organisations": [len(tables.organisations)]}
        yield _KNOWN, pa.table(known)

    def _effects(
        self, tables: Tables, by: Sequence[tuple[str, ...]]
    ) -> Iterator[tuple[str, pa.Table]]:
        kept = None if self._is_dated else ()
        conditions, outcomes, values = self.conditions, [], []
        codes = {name: codes_of(name, *self.laws()) for name in self.outputs}
        names = list(dict.fromkeys(name for names in by for name in names))
        for source, system in zip(self.reforms, self.laws(), strict=True):
            # Simulations refer to themselves in circles: one is held at a time.
            simulation = None
            gc.collect()
            with blamed_on(source):
                simulation = build_simulation(system, tables, self.years)
                if source is None:
                    weights = weights_of(simulation, tables, self.weight)
                    columns = columns_for_missions(simulation, tables, names)
                if source and self.raise_allowances_to_minimum:
                    raise_allowances(simulation)
                outcomes.append(
                    outcome_of(simulation, self.years, weights, RULES, kept, conditions)
                )
                values.append(self._values(simulation, codes))
        groupings = [groups_of(columns, names) for names in ((), *by)]
        with database() as connection:
            effects = Effects(connection, self.years, outcomes, groupings, rules=RULES)
            yield "costs", effects.costs()
            yield "rules", effects.by_rule()
            yield "unsure", effects.undetermined()
            yield "effects", effects.by_group()
            yield "bands", effects.distribution(self.bands)
            yield "unmet", effects.conditions(len(conditions))
            if self.bootstrap:
                draws = tables.volunteers["volunteer"], self.bootstrap, self.seed
                yield "replicates", effects.replicates(*draws)
            if self.outputs:
                count = len(self.output_periods())
                yield "outputs", effects.outputs(values, count)

    def shown(self) -> set[str]:
        """Name the rules and outputs compared too: ``Calculation.shown``."""
        return {*super().shown(), MINIMUM, *RULES, *self.outputs}

    def output_periods(self) -> list[tuple[Variable, Period | None]]:
        """List the outputs compared, with each year where they change over time."""
        system = tax_benefit_system()
        years = [period(str(year)) for year in self.years]
        return [
            (system.get_variable(name), when)
            for name in self.outputs
            for when in (years if is_dated(system, name) else [None])
        ]

    def _values(
        self, simulation: Simulation, codes: Mapping[str, Sequence[str]]
    ) -> pa.Table | None:
        """Return the outputs compared, as numbers; null where infinite."""
        tables = []
        for rank, (variable, when) in enumerate(self.output_periods()):
            # A reform may write the variable again.
            own = simulation.tax_benefit_system.get_variable(variable.name)
            values = value_in(simulation, own, when)
            if own.value_type is Enum:
                values = ranked(values, codes[own.name])
            values = values.view(numpy.ndarray)
            if values.dtype.kind == "M":
                values = values.astype("datetime64[D]").astype(numpy.int64)
            # To the cent, as amounts are added up elsewhere.
            values = values.astype(numpy.float64).round(2)
            columns = {
                "rank": numpy.full(len(values), rank),
                "entity": pa.repeat(variable.entity.key, len(values)),
                "place": numpy.arange(len(values)),
                "value": pa.array(values, mask=~numpy.isfinite(values)),
            }
            tables.append(pa.table(columns))
        return pa.concat_tables(tables) if tables else None

    def gather(
        self, parts: Store, results: Results, account: Mapping[str, object]
    ) -> Comparison:
        """Add up the parts, and make tables, pictures and the report of them."""
        comparison = self.found(parts, account)
        if self.report:
            french = is_french(self.file_format)
            for name, table in comparison.tables().items():
                write_table(table, results.folder / f"{name}.csv", french=french)
            for name, png in comparison.pictures().items():
                (results.folder / f"{name}.png").write_bytes(png)
            page = results.folder / "report.html"
            page.write_text(comparison.report(), "utf-8", newline="\n")
        return comparison

    def found(self, parts: Store, account: Mapping[str, object]) -> Comparison:
        """Add up the parts."""
        (known,) = parts.sums(_KNOWN)[0].to_pylist()
        by = tuple(map(tuple, json.loads(known["by"])))
        found = Comparison(
            years=self.years,
            reforms=self.compared,
            rows={
                "missions": account["rows"]["missions"]["out"],
                "volunteers": account["volunteers"],
                "organisations": known["organisations"],
            },
            min_cell=self.min_cell,
            is_weighted=self.weight is not None,
            account=account,
            by=by,
            rules={
                source.name: rule_changes(
                    variables_before(source), tax_benefit_system(source)
                )
                for source in self.compared
            },
        )
        if not self.compared:
            return found
        found = replace(found, **self._tables(parts, by))
        return replace(found, warnings=self._warnings(parts, found))

    def finish(self, laws: Iterable[str], by: Sequence[tuple[str, ...]]) -> Finish:
        """Return what makes tables of sums by law, the law in force first."""
        return Finish([LAW, *laws], by, self.weight is not None, self.min_cell)

    def _tables(
        self, parts: Store, by: Sequence[tuple[str, ...]]
    ) -> dict[str, pa.Table]:
        finish = self.finish((one.name for one in self.compared), by)
        names = ["costs", "rules", "effects", "bands", "unmet"]
        names += ["outputs"] if self.outputs else []
        added = {name: add_up(parts.sums(name)) for name in names}
        asked = self.output_periods()
        cells = [(one.name, when and when.start.year) for one, when in asked]
        masks = masked_amounts(added, cells, self.min_cell)
        groups = finish.gainers_and_losers(added["effects"], masks)
        tables = {
            "cost_by_year": finish.cost_by_year(added["costs"], masks),
            "cost_by_rule": finish.cost_by_rule(added["rules"], masks),
            "gainers_and_losers": groups,
            "gain_distribution": finish.gain_distribution(added["bands"], self.bands),
            "unmet_conditions": finish.unmet_conditions(
                added["unmet"], self.conditions
            ),
            "parameters": pa.concat_tables(map(_parameters, self.compared)),
        }
        if self.together:
            tables["package"] = package_table(tables["cost_by_year"])
        if self.bootstrap:
            drawn = add_up(parts.sums("replicates"))
            everyone = groups.filter(pc.field("by") == ALL).to_pylist()
            tables["standard_errors"] = standard_errors(drawn, everyone)
        if self.outputs:
            tables["outputs"] = finish.outputs(added["outputs"], asked, masks)
        return tables

    def _warnings(self, parts: Store, found: Comparison) -> tuple[str, ...]:
        """Say what the figures suppose and leave out, and which reforms have none."""
        unsure = add_up(parts.sums("unsure")).to_pylist()
        changed = {row["law"] for row in unsure if row["observed_changed"]}
        idle = found.without_effect()
        told = [RAISED] if self.raise_allowances_to_minimum else []
        told += self._undetermined(unsure)
        told += [
            f'Under "{one.title}" every figure shown is that of the law in force: what'
            " it changes is not shown, or concerns nobody in these tables and years."
            for law, one in enumerate(self.compared, start=1)
            if one in idle and law not in changed
        ]
        return tuple(map(translated, told))

    def _undetermined(self, rows: Sequence[Mapping]) -> Iterator[str]:
        """Say how many rights to resettlement count for nothing, under each law.

        Of a reform it is said where the number is not that of the law in force.
        """
        titles = ["", *(f'Under "{one.title}" ' for one in self.compared)]
        for row in rows:
            if not row["observed_changed" if row["law"] else "rights"]:
                continue
            count = row["rights"] / MICROS
            number, verb = counted(count, "right"), "has" if count == 1 else "have"
            how = "" if self.weight is None else " (weighted)"
            people = numpy.array([row["observed"], row["observed_changed"]])
            if small(people, self.min_cell).any():
                number, verb, how = "a number of rights that is masked", "have", ""
            parts = {"number": number, "how": how, "verb": verb}
            text = UNDETERMINED_UNDER.format(title=titles[row["law"]], **parts)
            yield text[0].upper() + text[1:]

    def warnings(self, results: Comparison) -> list[str]:
        """Return which rights have no known amount."""
        return list(results.warnings)


def raise_allowances(simulation: Simulation) -> None:
    """Raise each allowance agreed that is below the minimum to the minimum."""
    agreed = simulation.calculate(AGREED, DateUnit.ETERNITY)
    raised = numpy.maximum(agreed, simulation.calculate(MINIMUM, DateUnit.ETERNITY))
    simulation.delete_arrays(AGREED)
    simulation.set_input(AGREED, DateUnit.ETERNITY, raised)


def weights_of(simulation: Simulation, tables: Tables, weight: str | None) -> Weights:
    """Return how many each mission and each volunteer stand for."""
    owner = simulation.populations["volunteer"].members_entity_id
    return Weights.of(tables, weight, owner)


def _parameters(source: ReformSource) -> pa.Table:
    """Return the parameters that a reform changes, and its name."""
    table = parameter_changes(tax_benefit_system(), tax_benefit_system(source))
    label = pa.array([source.name] * len(table), pa.string())
    return table.add_column(0, "reform", label)
