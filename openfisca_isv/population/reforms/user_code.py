"""Programs of users: run, blamed for what fails, and told from others by a digest."""

import importlib.util
import inspect
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from modulefinder import ModuleFinder
from pathlib import Path
from types import CodeType, ModuleType

from openfisca_core.reforms import Reform

import openfisca_isv
from openfisca_isv.population.bad_input import ReformError, TableError

#: What to do about a reform that is none, and what is said of one that fails early.
REMEDY = "Give a YAML file of dated values, or the dotted name of a Reform class"
IMPORT_FAILS = "fails as it is imported"
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\n")
#: Signs that are shown of what an error says.
_LONGEST = 500
#: The modules that every law is made of.
_OF_LAW = re.compile(r"openfisca_isv(\.\w+|\.variables\..+)?")
_HOLDERS = (dict, list, set)


@contextmanager
def users_code(
    place: str | Path,
    fails: str = "fails",
    others: tuple[type[Exception], ...] = (TableError,),
) -> Iterator[None]:
    """Run code of the user, which may neither fail nor change the model: ``blamed``.

    Raises:
        ReformError: It fails, or changes the modules of the model.
    """
    with _model_untouched(str(place)), blamed(place, fails, others):
        yield


@contextmanager
def blamed(
    place: str | Path,
    fails: str = "fails",
    others: tuple[type[Exception], ...] = (TableError,),
) -> Iterator[None]:
    """Tell what goes wrong as a problem of a reform.

    Args:
        place: The reform, as the user named it.
        fails: What is said of an error.
        others: Errors that are not of the reform, unless a formula raises them.

    Raises:
        ReformError: Something does.
    """
    try:
        yield
    except (Exception, SystemExit) as error:
        variable = _variable_of(error)
        if variable is None and isinstance(error, others):
            raise
        about = f"in {variable}: " if variable else ""
        reason = f"{fails}: {about}{_first_sentence(error)}"
        raise ReformError.of(place, reason, "Correct it") from error


def _first_sentence(error: BaseException) -> str:
    """Return the kind of an error, and what it says first, on one line."""
    # It may go over lines, and show many values.
    first, *_ = _END_OF_SENTENCE.split(str(error).strip())
    said = " ".join(first.split()).rstrip(".")
    if len(said) > _LONGEST:
        said = f"{said[: _LONGEST // 2]} ... {said[-_LONGEST // 2 :]}"
    return ": ".join(filter(None, [type(error).__name__, said]))


def _variable_of(error: BaseException) -> str | None:
    """Name the variable whose formula failed, if the error comes from one."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_name == "_run_formula":
            variable = frame.f_locals.get("variable")
            found = getattr(variable, "name", found)
    return found


@contextmanager
def _model_untouched(origin: str) -> Iterator[None]:
    """Undo and refuse what changes the modules of the model: every law is made of them.

    Of dictionaries, lists and sets what they hold is looked at, and no further.
    """
    before = [
        (
            owner,
            name,
            value,
            value.copy() if is_of_law and type(value) in _HOLDERS else None,
        )
        for owner, is_of_law in _modules_and_classes()
        for name, value in vars(owner).items()
    ]
    changed = []
    try:
        yield
    finally:
        for owner, name, value, content in before:
            if vars(owner).get(name) is not value:
                setattr(owner, name, value)
                changed.append((owner, name))
            if content is not None and _held(value) != _held(content):
                value.clear()
                (value.extend if isinstance(value, list) else value.update)(content)
                changed.append((owner, name))
    if changed:
        owner, name = changed[0]
        inside = f"{owner.__module__}." if isinstance(owner, type) else ""
        reason = f"changes {inside}{owner.__name__}.{name}, of which every law is made"
        remedy = "Change variables and parameters of the law that it is given"
        raise ReformError.of(origin, reason, remedy)


def _held(value: dict | list | set) -> list[int]:
    """Return which objects are in a collection."""
    inside = chain(value, value.values()) if isinstance(value, dict) else value
    return [*map(id, inside)]


def _modules_and_classes() -> Iterator[tuple[ModuleType | type, bool]]:
    """Yield the modules of the model and their classes, and whether they are the law.

    Tools keep in their modules what they computed; every law is made of the others.
    """
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == openfisca_isv.__name__:
            is_of_law = bool(_OF_LAW.fullmatch(name))
            yield module, is_of_law
            for one in [*vars(module).values()]:
                if isinstance(one, type) and one.__module__ == name:
                    yield one, is_of_law


def run_file(path: Path) -> ModuleType:
    """Run a Python file as a module of its own, once.

    Raises:
        ReformError: It cannot be read, or fails.
    """
    try:
        program = path.read_bytes()
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        raise ReformError.of(path, reason, REMEDY) from error
    name = f"reform {path.resolve()}"
    known = sys.modules.get(name)
    if known is not None and known.program == program:
        return known
    spec = importlib.util.spec_from_file_location(name, path.resolve())
    module = importlib.util.module_from_spec(spec)
    module.program = program
    # Without its name among the modules, its classes would have none.
    sys.modules[name] = module
    try:
        with users_code(path, IMPORT_FAILS):
            spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def program(reform: type[Reform]) -> bytes:
    """Return the files of a class; its source or its code where it has no file."""
    with suppress(OSError, TypeError):
        file = Path(inspect.getfile(reform)).resolve()
        return file.read_bytes() + b"".join(_modules_beside(file))
    with suppress(OSError, TypeError):
        return inspect.getsource(reform).encode()
    codes = [
        _code(method.__code__)
        for _, method in sorted(vars(reform).items())
        if hasattr(method, "__code__")
    ]
    return repr([reform.__qualname__, reform.name, codes]).encode()


def _modules_beside(file: Path) -> Iterator[bytes]:
    """Yield the modules in the folder of a program that it may use.

    Those that are loaded, and those that it imports later, in a formula.
    """
    libraries = map(sysconfig.get_path, ("stdlib", "purelib", "platlib"))
    libraries = [Path(openfisca_isv.__file__).parent, *map(Path, libraries)]
    finder = ModuleFinder(path=[str(file.parent)])
    with suppress(SyntaxError):
        finder.run_script(str(file))
    modules = [*sys.modules.values(), *finder.modules.values()]
    files = {Path(name) for one in modules if (name := vars(one).get("__file__"))}
    for path in sorted(files - {file}):
        of_library = any(path.is_relative_to(one) for one in libraries)
        if path.is_relative_to(file.parent) and path.is_file() and not of_library:
            yield f"\n{path.relative_to(file.parent)}\n".encode()
            yield path.read_bytes()


def _code(code: CodeType) -> list:
    """Return what a function does, that of the functions in it too."""
    constants = [
        _code(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts
    ]
    return [code.co_code.hex(), code.co_names, constants]
