"""What a call in Python is given, in the forms that a calculation has."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from functools import partial, wraps
from inspect import Parameter, signature
from math import inf
from numbers import Integral, Real
from pathlib import Path

import pyarrow as pa
from openfisca_core.reforms import Reform

from openfisca_isv.population.bad_input import RequestError, TableError
from openfisca_isv.population.language import LANGUAGES, speaking, translated
from openfisca_isv.population.model.calculation import Calculation
from openfisca_isv.population.model.outputs import read_periods, read_years
from openfisca_isv.population.reforms.reform_file import read_reform
from openfisca_isv.population.reforms.source import ReformSource, under_readings
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.tables.columns import TABLES
from openfisca_isv.population.tables.formats import format_of
from openfisca_isv.population.tables.sources import InMemoryTable, Source

#: A reform, or what it is read from: a file, a class, its dotted name.
Law = ReformSource | str | Path | type[Reform]
#: How pyarrow names the column of a data frame that it cannot convert.
_MIXED = re.compile(r"Conversion failed for column (.*) with type object")


def in_language(call: Callable) -> Callable:
    """Return a call the argument ``language``: of what it returns, warns and raises."""

    @wraps(call)
    def spoken(*given: object, language: str = "en", **named: object) -> object:
        if language not in LANGUAGES:
            known = " or ".join(LANGUAGES)
            message = f'the language "{language}" is not known: give {known}'
            raise RequestError(message)
        with speaking(language):
            try:
                return call(*given, **named)
            except TableError as error:
                error.language = language
                error.problems = [one.shown() for one in error.problems]
                raise
            except RequestError as error:
                error.args = (translated(str(error)),)
                raise

    own = signature(call)
    added = Parameter("language", Parameter.KEYWORD_ONLY, default="en", annotation=str)
    parameters = [*own.parameters.values(), added]
    spoken.__signature__ = own.replace(parameters=parameters)
    return spoken


def calculation_of(
    kind: type[Calculation], given: Mapping[str, object], **own: object
) -> Calculation:
    """Make a calculation of the options that are given.

    Args:
        kind: What is computed.
        given: The arguments of a call, or the options of a command, by name.
        own: Attributes that are not given as they are.
    """
    known = {one.name for one in fields(kind)}
    asked = {name: value for name, value in given.items() if name in known} | own
    for name, form in _FORMS.items():
        if name in asked:
            asked[name] = form(asked[name])
    asked["format_of_cells"] = format_of(given["format_of_cells"], given["missions"])
    return kind(**asked)


def reform_in(given: Mapping[str, object]) -> ReformSource | None:
    """Return the reform that is given, or the law under the readings given."""
    return under_readings(names_of(given["readings"]), as_reform(given["reform"]))


def sources_of(given: Mapping[str, object]) -> dict[str, Source]:
    """Return where each table that is given comes from: a file, or the memory."""
    if given["missions"] is None:
        message = "the missions are not given: give a table, or the path of a file"
        raise RequestError(message)
    tables = {name: given[name] for name in TABLES if given[name] is not None}
    return {
        name: Path(one)
        if isinstance(one, str | Path)
        else InMemoryTable(name, _table(name, one))
        for name, one in tables.items()
    }


def names_of(given: Iterable[object] | object) -> tuple[str, ...]:
    """Return names, of which several may stand in one text: ``"a,b"``."""
    if given is None:
        return ()
    is_one = isinstance(given, str) or not isinstance(given, Iterable)
    listed = [given] if is_one else given
    texts = [text.strip() for one in listed for text in str(one).split(",")]
    return tuple(dict.fromkeys(text for text in texts if text))


def groupings(
    by: Iterable[Iterable[str] | str] | str | None,
) -> tuple[tuple[str, ...], ...]:
    """Return each grouping, once, as the names of its columns."""
    listed = [by] if isinstance(by, str) else by or ()
    if not isinstance(listed, Iterable):
        message = f"by is {by!r}: give names of columns"
        raise RequestError(message)
    return tuple(filter(None, dict.fromkeys(names_of(one) for one in listed)))


def years_of(given: Iterable[int] | int | str | None) -> range | None:
    """Return years that follow one another; refuse others."""
    if given is None:
        return None
    if isinstance(given, str | int):
        return read_years(str(given))
    try:
        years = sorted({int(year) for year in given})
    except (TypeError, ValueError) as error:
        message = f"the years {given!r} are not years: give e.g. range(2019, 2026)"
        raise RequestError(message) from error
    if not years or len(years) != years[-1] - years[0] + 1:
        message = f"the years {years} do not follow one another"
        raise RequestError(message)
    return read_years(f"{years[0]}:{years[-1]}")


def count_of(
    given: int, name: str = "min_cell", least: int = 0, most: float = inf
) -> int:
    """Return a whole number; refuse what is none, too small or too large."""
    if not isinstance(given, Integral) or given < least:
        message = f"{name} is {given!r}: give a whole number, {least} or more"
        raise RequestError(message)
    if given > most:
        message = f"{name} is {given!r}: give a whole number, {most} or less"
        raise RequestError(message)
    return int(given)


def shares_of(given: Iterable[float] | float) -> tuple[float, ...]:
    """Return shares from 0 to 1; refuse others."""
    shares = (given,) if isinstance(given, int | float) else tuple(given)
    if wrong := [
        one for one in shares if not isinstance(one, Real) or not 0 <= one <= 1
    ]:
        message = f"the quantile {wrong[0]} is not a share from 0 to 1"
        raise RequestError(message)
    return shares


def bands_of(given: Iterable[float | str] | str) -> tuple[float, ...]:
    """Return the bounds of bands: rising amounts in euros and cents, 0 left out."""
    listed = given.split(",") if isinstance(given, str) else given
    listed = [*listed] if isinstance(listed, Iterable) else [listed]
    try:
        bounds = [float(one) for one in listed]
    except (TypeError, ValueError, OverflowError):
        bounds = []
    is_fit = all(one == round(one, 2) and 0 <= one < inf for one in bounds)
    if not is_fit or bounds != sorted(set(bounds)) or not any(bounds):
        shown = ",".join(map(str, listed))
        message = f'the bands "{shown}" are not rising amounts in euros: write e.g.'
        message += " 0,50,200"
        raise RequestError(message)
    return tuple(one for one in bounds if one)


#: The forms that calculations have of what may be given in several.
_FORMS = {
    "years": years_of,
    "by": groupings,
    "min_cell": count_of,
    "bootstrap": partial(count_of, name="bootstrap"),
    "seed": partial(count_of, name="seed", most=2**63 - 1),
    "ignore": names_of,
    "outputs": names_of,
    "periods": lambda given: read_periods(names_of(given)),
    "quantiles": shares_of,
    "bands": bands_of,
}


def as_reform(reform: Law | None) -> ReformSource | None:
    """Read a reform, unless it is read already."""
    if reform is None or isinstance(reform, ReformSource):
        return reform
    return read_reform(tax_benefit_system(), reform)


def _table(name: str, given: object) -> pa.Table:
    if isinstance(given, pa.Table):
        return given
    if hasattr(given, "collect"):
        # What polars has not read yet.
        given = given.collect()
    if hasattr(given, "to_arrow"):
        return given.to_arrow()
    try:
        if hasattr(given, "iloc"):
            return pa.Table.from_pandas(given, preserve_index=False)
        return pa.table(given)
    except (pa.ArrowException, AttributeError, TypeError, ValueError) as error:
        if column := _MIXED.search(str(error)):
            message = f"the {name} have values of several types in the column"
            message += f' {column[1]}: make them one, e.g. .astype("string")'
            raise RequestError(message) from error
        message = f"the {name} are not a table: {error}"
        raise RequestError(message) from error
