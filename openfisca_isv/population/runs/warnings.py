"""What a reader of the results should know of them."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from openfisca_core.periods import DateUnit

from openfisca_isv.law.evidence import inputs_read
from openfisca_isv.population.checks.table_headers import shown, some_of
from openfisca_isv.population.language import say
from openfisca_isv.population.reforms.changes import first_change, last_valid_days
from openfisca_isv.population.reforms.tax_benefit_systems import (
    tax_benefit_system,
    variables_before,
)
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.runs.staging import Staged
from openfisca_isv.population.subject import AMBIGUOUS, NEEDED_DAYS, WITHOUT
from openfisca_isv.population.wording import counted, span_text

#: Inputs of which it is told that a default is read; the others are named.
_MOST_DEFAULTS = 3
#: What is read where nothing is known, by the type of the input.
_DEFAULTS = {bool: "false", int: "0", float: "0", date: "no day"}


def warnings_before(asked: RunRequest, years: range, staged: Staged) -> list[str]:
    """Return what the tables leave unknown, and what is not known of the law."""
    told = [*_years_of_none(years, staged), *_reforms_of_nothing(asked, years)]
    told += of_tables(asked, staged)
    days = last_valid_days(asked.calculation.laws()[0])
    latest = max(days.values())
    last = f"{years.stop - 1}-12-31"
    if last > latest:
        told.append(
            f"No figure of the law is known to be in force after {latest}: what comes"
            " later is computed as if nothing changed."
        )
    return [*told, *_defaults(asked, staged)]


def _defaults(asked: RunRequest, staged: Staged) -> Iterator[str]:
    """Return a warning for each input read of how many missions have its default.

    Of the tables that are not given it is told elsewhere; an event whose day is empty
    did not happen.
    """
    total, system = staged.rows["missions"], tax_benefit_system()
    shown_too, read = asked.calculation.shown(), inputs_read_by_law()
    found = []
    for variable in system.variables.values():
        name, is_monthly = variable.name, variable.definition_period == DateUnit.MONTH
        readers = sum(name in read[one] for one in shown_too if one in read)
        table = "monthly" if is_monthly else f"{variable.entity.key}s"
        if not readers or table not in staged.columns:
            continue
        tables = {table, f"{variable.entity.key}s"} & staged.columns.keys()
        is_column = any(name in staged.columns[one] for one in tables)
        is_event = name in NEEDED_DAYS or name in system.event_variables
        if is_event or (is_monthly and is_column):
            continue
        # A row given twice, which is set aside, counts its missions twice.
        count = min(staged.empty.get(name, 0), total) if is_column else total
        if count:
            found.append((-count, -readers, name, is_column))
    for count, _, name, is_column in sorted(found)[:_MOST_DEFAULTS]:
        variable = system.get_variable(name)
        default = _DEFAULTS.get(variable.value_type, "none")
        if is_column and -count == total:
            yield f"{name} is empty: all missions are computed with {default}."
        elif is_column:
            share = f"{-100 * count / total:.1f}"
            yield (
                f"{name} is empty for {-count:,} of {total:,} missions ({share} %):"
                f" they are computed with {default}."
            )
        else:
            yield f"{name} is in no table: all missions are computed with {default}."
    if others := [name for _, _, name, _ in sorted(found)[_MOST_DEFAULTS:]]:
        yield f"Also empty or in no table, for some missions: {some_of(others)}."


@cache
def inputs_read_by_law() -> dict[str, set[str]]:
    """Return the inputs that each output of the law in force reads."""
    return inputs_read(tax_benefit_system())


def of_tables(asked: RunRequest, staged: Staged) -> list[str]:
    """Return what the tables leave out or unknown, whatever is asked of them."""
    told = []
    for table, columns in staged.ignored.items():
        # Those that are named one by one are known.
        unnamed = [one for one in columns if one not in asked.calculation.ignore]
        if unnamed:
            source = asked.sources[table]
            told.append(f"{source}: not read are {some_of([*map(shown, unnamed)])}.")
    _, _, said = AMBIGUOUS
    for column, count in staged.ambiguous.items():
        told.append(said.format(column=column, rows=counted(count, "row")))
    told += _codes_of_some_laws(asked, staged)
    for column in NEEDED_DAYS:
        if count := staged.empty.get(column):
            have = "mission has" if count == 1 else "missions have"
            told.append(f"{count:,} {have} no {column}: nothing is due without it.")
    for names, said in WITHOUT.items():
        if missing := [f"--{name}" for name in names if name not in asked.sources]:
            told.append(said.format(tables=say(" and ").join(missing)))
    return told


def _codes_of_some_laws(asked: RunRequest, staged: Staged) -> Iterator[str]:
    """Yield which codes of the tables a law lacks that is computed for them."""
    calculation = asked.calculation
    for column, code, count in staged.partial:
        for source, law in zip(calculation.reforms, calculation.laws(), strict=True):
            variable = law.get_variable(column)
            codes = getattr(variable, "possible_values", None)
            if codes is not None and code not in codes.__members__:
                rows = counted(count, "row")
                name = f'"{source.title}"' if source else "the law in force"
                yield (
                    f'{column} is "{code}" in {rows}: {name} does not have this code,'
                    f" and reads it as {variable.default_value.name}."
                )


def _years_of_none(years: range, staged: Staged) -> Iterator[str]:
    """Yield which years come before the first mission, or after all that is known."""
    first, last = staged.first_year, staged.last_year
    if first is None or last is None:
        return
    before = range(years.start, min(first, years.stop))
    after = range(max(last + 1, years.start), years.stop)
    if outside := [span_text(one) for one in (before, after) if one]:
        yield (
            f"No mission is under way in {say(' and ').join(outside)}: the tables reach"
            f" from {first} to {last}."
        )


def _reforms_of_nothing(asked: RunRequest, years: range) -> Iterator[str]:
    """Yield which reforms are the law in force, or so until the years are over."""
    last = f"{years.stop - 1}-12-31"
    for source in filter(None, asked.calculation.reforms):
        laws = tax_benefit_system(), variables_before(source)
        day = first_change(*laws, tax_benefit_system(source))
        if day is None:
            yield f'"{source.title}" is the law in force: it changes no value or rule.'
        elif day > last:
            yield (
                f'"{source.title}" changes nothing before {day}: the years that are'
                f" summed up, {span_text(years)}, come before."
            )
