"""Reform classes: by their dotted name, in a Python file, or as they are."""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType

from openfisca_core.reforms import Reform

from openfisca_isv.population.reforms.source import ReformError, ReformSource, run_file

REMEDY = "Give a YAML file of dated values, or the dotted name of a Reform class"


def source_of_class(reform: type, origin: str | None = None) -> ReformSource:
    """Describe a Reform class, which problems call ``origin``."""
    origin = origin or f"class {reform.__module__}.{reform.__qualname__}"
    if not _is_reform(reform) or reform is Reform:
        text, reason = origin.removeprefix("class "), "is not a Reform class"
        raise ReformError.of(text, reason, REMEDY)
    name, title = reform.__name__, reform.name or reform.__name__
    description = (reform.__doc__ or "").strip()
    return ReformSource(name, title, description, origin, reform=reform)


def find_class(text: str) -> ReformSource:
    """Find a Reform class by its dotted name, in a module of the current folder too."""
    module, _, name = text.rpartition(".")
    try:
        found = getattr(_import(module), name)
    except (ImportError, AttributeError, ValueError, SyntaxError) as error:
        reason = f"is neither a file nor a class: {error}"
        raise ReformError.of(text, reason, REMEDY) from error
    except (Exception, SystemExit) as error:
        # What runs here is the user's: it may fail in any way.
        raise _failed(text, error) from error
    return source_of_class(found, f"class {text}")


def find_in_file(text: str) -> ReformSource:
    """Find a Reform class in a Python file: ``my.py``, or ``my.py:MyReform``."""
    file, _, name = text.partition(".py")
    path, name = Path(f"{file}.py"), name.removeprefix(":")
    try:
        module = run_file(path.resolve())
    except (Exception, SystemExit) as error:
        raise _failed(path, error) from error
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
    found = source_of_class(defined[name], f"{path}:{name}")
    return replace(found, file=str(path.resolve()))


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


def _failed(text: str | Path, error: BaseException) -> ReformError:
    reason = f"fails as it is imported: {type(error).__name__}: {error}"
    return ReformError.of(text, reason, "Correct it")
