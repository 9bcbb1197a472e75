"""A reform: a short YAML file of dated parameter values, or a class by its name.

The file says what is to change, and nothing else::

    title: Minimum allowance abroad of 200 euros
    parameters:
      allowance.minimum_abroad:
        2025-01-01: 200
      resettlement_allowance.amount[0].amount:
        2025-01-01: 1000

A value holds from its day on, until the next day that the file gives for the same
parameter; what the law in force says from the first of them on is replaced. Every
problem of a file is reported at once, with its line.
"""

import re
import sys
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from math import isfinite
from pathlib import Path
from types import ModuleType

import numpy
import yaml
from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import ReformError, TableError
from openfisca_isv.population.reforms.reform_reader import YamlReader
from openfisca_isv.population.reforms.source import ReformSource
from openfisca_isv.population.reforms.user_code import (
    IMPORT_FAILS,
    REMEDY,
    run_file,
    users_code,
)
from openfisca_isv.population.reforms.workbook_reform import read_workbook, split_sheet

#: More would be no short file; nothing larger is read.
_MOST_BYTES = 1_000_000
_PYTHON = re.compile(r".+\.py(:\w*)?")
#: What says that a dotted name is none of a class.
_NOT_FOUND = (ImportError, AttributeError, ValueError, SyntaxError)


def read_reform(
    system: TaxBenefitSystem, source: str | Path | type[Reform]
) -> ReformSource:
    """Read a reform.

    Args:
        system: The law that it changes.
        source: A YAML file; a workbook of openfisca-excel-reform, ``book.xlsx`` or
            ``book.xlsx:sheet``; or a Reform class: itself, its dotted name, such as
            ``openfisca_isv.reforms.lifetime_of_eight_years.lifetime_of_eight_years``,
            or the Python file that defines it, ``my.py`` or ``my.py:MyReform``.

    Raises:
        ReformError: It cannot be used; the error lists every problem.
    """
    if isinstance(source, type):
        return _source_of_class(source)
    text = str(source)
    if book := split_sheet(text):
        return read_workbook(system, *book)
    if _PYTHON.fullmatch(text):
        return _find_in_file(text)
    if Path(text).suffix in (".yaml", ".yml") or Path(text).is_file():
        return _read_file(system, Path(text))
    return _find_class(text)


def reform_from_values(
    system: TaxBenefitSystem, title: str, values: Mapping[str, Mapping[str, object]]
) -> ReformSource:
    """Make a reform of values given in Python, checked as those of a file are.

    Args:
        system: The law that it changes.
        title: How a reader names it.
        values: For each parameter its values by day, as
            ``{"allowance.minimum_abroad": {"2025-01-01": 200}}``.

    Raises:
        ReformError: It cannot be used; the error lists every problem.
    """
    content, origin = {"title": title, "parameters": values}, f'reform "{title}"'
    try:
        text = yaml.dump(content, Dumper=_Writer, allow_unicode=True)
    except yaml.YAMLError as error:
        reason, remedy = f'cannot be written: "{error.args[-1]}"', "Write a number"
        raise ReformError.of(origin, reason, remedy) from error
    name = "".join(one if one.isalnum() else "_" for one in f"{title}".lower())
    return YamlReader(system, origin).read(text, name.strip("_"))


class _Writer(yaml.SafeDumper):
    """Writes values of Python as a file has them: numbers of any library, in digits."""

    def write_number(self, value: float | Decimal | Fraction) -> yaml.Node:
        number = float(value)
        if not isfinite(number):
            return self.represent_float(number)
        digits = numpy.format_float_positional(number, trim="0")
        return self.represent_scalar("tag:yaml.org,2002:float", digits)

    def write_mapping(self, value: dict) -> yaml.Node:
        # Two days may be written the same: the reader tells.
        pairs = [(str(key), one) for key, one in value.items()]
        return self.represent_mapping("tag:yaml.org,2002:map", pairs)

    def write_converted(self, value: numpy.generic | numpy.ndarray) -> yaml.Node:
        return self.represent_data(value.tolist())


_Writer.add_representer(dict, _Writer.write_mapping)
for _kind in (float, Decimal, Fraction):
    _Writer.add_representer(_kind, _Writer.write_number)
for _kind in (numpy.generic, numpy.ndarray):
    _Writer.add_multi_representer(_kind, _Writer.write_converted)
# As an instant of the engine is written.
_Writer.add_multi_representer(str, _Writer.represent_str)


def _read_file(system: TaxBenefitSystem, path: Path) -> ReformSource:
    try:
        if path.stat().st_size > _MOST_BYTES:
            reason = "is too large for a reform"
            raise ReformError.of(path, reason, REMEDY)
        text = path.read_text("utf-8-sig")
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise ReformError.of(path, reason, REMEDY) from error
    except UnicodeDecodeError as error:
        reason, remedy = "is not in UTF-8", "Save it as UTF-8"
        raise ReformError.of(path, reason, remedy) from error
    return YamlReader(system, str(path)).read(text, path.stem)


def _source_of_class(
    reform: type, origin: str | None = None, file: str | None = None
) -> ReformSource:
    """Describe a Reform class, which problems call ``origin``."""
    origin = origin or f"class {reform.__module__}.{reform.__qualname__}"
    if not _is_reform(reform) or reform is Reform:
        text, reason = origin.removeprefix("class "), "is not a Reform class"
        raise ReformError.of(text, reason, REMEDY)
    name, title = reform.__name__, reform.name or reform.__name__
    description = (reform.__doc__ or "").strip()
    return ReformSource(name, title, description, origin, reform=reform, file=file)


def _find_class(text: str) -> ReformSource:
    """Find a Reform class by its dotted name, in a module of the current folder too."""
    module, _, name = text.rpartition(".")
    try:
        with users_code(text, IMPORT_FAILS, (TableError, *_NOT_FOUND)):
            found = getattr(_import(module), name)
    except _NOT_FOUND as error:
        reason = f"is neither a file nor a class: {error}"
        raise ReformError.of(text, reason, REMEDY) from error
    return _source_of_class(found, f"class {text}")


def _find_in_file(text: str) -> ReformSource:
    """Find a Reform class in a Python file: ``my.py``, or ``my.py:MyReform``."""
    file, _, name = text.partition(".py")
    path, name = Path(f"{file}.py"), name.removeprefix(":")
    module = run_file(path)
    defined = {
        one.__name__: one
        for one in vars(module).values()
        if _is_reform(one) and one.__module__ == module.__name__
    }
    if not name and len(defined) == 1:
        (name,) = defined
    if name not in defined:
        reason = f'has no Reform class "{name}"' if name else "has no Reform class"
        remedy = "Define one that derives from Reform"
        if defined:
            reason = reason if name else f"has {len(defined)} Reform classes"
            remedy = f"Write {path}:{next(iter(defined))}, or another of its classes"
        raise ReformError.of(path, reason, remedy)
    return _source_of_class(defined[name], f"{path}:{name}", str(path.resolve()))


def _is_reform(found: object) -> bool:
    return isinstance(found, type) and issubclass(found, Reform)


def _import(module: str) -> ModuleType:
    """Import a module; where Python does not find it, from the current folder."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        here = Path.cwd()
        is_here = (here / f"{top}.py").exists() or (here / top).is_dir()
        if error.name != top or not is_here or str(here) in sys.path:
            raise
        # At the end: a file here takes the name of no library.
        sys.path.append(str(here))
        return import_module(module)
