"""A reform that can be applied to a law: dated values, a class, other readings."""

import hashlib
import importlib.util
import inspect
import json
import re
import sys
import sysconfig
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from modulefinder import ModuleFinder
from pathlib import Path
from types import CodeType, ModuleType
from typing import Self

from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

import openfisca_isv
from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.language import say, words
from openfisca_isv.population.reforms.changes import changed_parameters
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.situations.chosen_readings import check_readings, system_under
from openfisca_isv.situations.problems import RefusalError

#: What problems of the whole reform are about.
WHOLE = "the reform"
#: The name of several reforms at once.
TOGETHER = "together"
#: What to do about a reform that is none, and what is said of one that fails early.
REMEDY = "Give a YAML file of dated values, or the dotted name of a Reform class"
IMPORT_FAILS = "fails as it is imported"
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\n")
#: Signs that are shown of what an error says.
_LONGEST = 500
#: The modules that every law is made of: tools beside them keep what they computed.
_OF_MODEL = re.compile(r"openfisca_isv(\.\w+|\.variables\..+)?")
_HOLDERS = (dict, list, set)


class ReformError(TableError):
    """The reform cannot be used; every problem found in it is listed."""

    _about = "{count} in the reform"

    @classmethod
    def of(cls, place: str | Path, reason: str, remedy: str) -> Self:
        """Return the error of a reform of which one thing is wrong."""
        return cls([TableProblem(str(place), reason, remedy)])

    def line(self, problem: TableProblem) -> str:
        """Write one problem: file, line, what it is about."""
        place = problem.file
        if problem.row is not None:
            place = say("{file}, line {row}", file=place, row=problem.row)
        said = problem.said()
        if problem.column is not None:
            # All else are keys of the file.
            column = say(WHOLE) if problem.column == WHOLE else problem.column
            said["value"] = say("{column}: ", column=column) + said["value"]
        return say("{place}: {value}{reason}. {remedy}", place=place, **said)


@dataclass(frozen=True)
class ReformSource:
    """A reform that can be applied to a law, or several of them in turn.

    Attributes:
        name: How files and columns name it: the stem of the file or the class.
        title: How a reader names it.
        description: What it does, in words; may be empty.
        origin: The file, or the dotted name of the class.
        values: Dated values by parameter, where it comes from a file.
        reform: The class, where it is one.
        file: The Python file that the class was read from by its path.
        readings: Other readings of the register, under which the law is read first.
        parts: The reforms, each applied to the law as the one before left it.
    """

    name: str
    title: str
    description: str
    origin: str
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    reform: type[Reform] | None = None
    file: str | None = None
    readings: tuple[str, ...] = ()
    parts: tuple[Self, ...] = ()

    def __getstate__(self) -> dict[str, object]:
        """Leave out a class of a file: another process reads the file for it."""
        return vars(self) | ({} if self.file is None else {"reform": None})

    def __setstate__(self, known: dict[str, object]) -> None:
        """Find the class again."""
        if known["file"] is not None:
            known["reform"] = getattr(run_file(Path(known["file"])), known["name"])
        vars(self).update(known)

    @property
    def key(self) -> tuple:
        """Return what tells one reform from another: its name, and what it changes."""
        values = json.dumps(self.values, default=str)
        own = self.name, self.origin, values, self.reform, self.readings
        return own + tuple(one.key for one in self.parts)

    @property
    def has_class(self) -> bool:
        """Return whether one is a class, which may fail and needs its own law."""
        return self.reform is not None or any(one.has_class for one in self.parts)

    @property
    def travels(self) -> bool:
        """Return whether another process can have it, too."""
        if self.reform is None or self.file is not None:
            return all(one.travels for one in self.parts)
        is_local = "<locals>" in self.reform.__qualname__
        return not is_local and self.reform.__module__ != "__main__"

    def account(self) -> dict[str, object]:
        """Return what the reform is, for those who read the results."""
        parts = [one.account() for one in self.parts]
        known = {"name": self.name, "title": self.title}
        if self.readings:
            known["readings"] = [*self.readings]
            return known | ({"reform": parts[0]} if parts else {})
        if parts:
            return {"name": self.name, "reforms": parts}
        known["from"] = self.origin
        if self.reform is not None:
            # A program that is changed is another reform.
            known["sha256"] = hashlib.sha256(_program(self.reform)).hexdigest()
        return known | ({"values": self.values} if self.values else {})

    def apply(self, system: TaxBenefitSystem) -> TaxBenefitSystem:
        """Return the law as the reform changes it; the law itself stays as it is."""
        if self.parts or self.readings:
            system = system_under(system, self.readings)
            for one in self.parts:
                system = one.apply(system)
            return system
        if self.reform is not None:
            system = self.reform(system)
            # It may have computed with the law before it changed it in place: what was
            # read then is kept by the tree of parameters, and by the engine.
            system.parameters = deepcopy(system.parameters)
            TaxBenefitSystem.get_parameters_at_instant.cache_clear()
            return system
        change = partial(changed_parameters, values=self.values)

        class FromFile(Reform):
            name = self.title

            def apply(self) -> None:
                self.modify_parameters(change)

        return FromFile(system)


@contextmanager
def users_code(
    place: str | Path,
    fails: str = "fails",
    others: tuple[type[Exception], ...] = (TableError,),
) -> Iterator[None]:
    """Run code of the user: what is wrong with it is told as a problem of the reform.

    Args:
        place: The reform, as the user named it.
        fails: What is said of an error.
        others: Errors that are not of the reform, unless a formula raises them.

    Raises:
        ReformError: It fails, or changes the modules of the model.
    """
    with _model_untouched(str(place)):
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
        (owner, name, value, value.copy() if type(value) in _HOLDERS else None)
        for owner in _modules_and_classes()
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


def _modules_and_classes() -> Iterator[ModuleType | type]:
    """Yield the modules of the model that are loaded, and their classes."""
    for name, module in [*sys.modules.items()]:
        if _OF_MODEL.fullmatch(name) and isinstance(module, ModuleType):
            yield module
            for one in [*vars(module).values()]:
                if isinstance(one, type) and one.__module__ == name:
                    yield one


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


def package_of(reforms: Sequence[ReformSource]) -> ReformSource:
    """Put several reforms together."""
    return ReformSource(
        name=TOGETHER,
        title=say("Together: {taken}", taken="; ".join(one.title for one in reforms)),
        description="",
        origin=", ".join(one.origin for one in reforms),
        parts=(*reforms,),
    )


def under_readings(
    identifiers: Iterable[str], reform: ReformSource | None = None
) -> ReformSource | None:
    """Return the law under other readings, or a reform of the law so read.

    Where no reading is named, the reform is returned as it is.
    """
    try:
        chosen = check_readings(identifiers)
    except RefusalError as error:
        place, problem = "readings", error.problems[0]
        raise ReformError.of(place, problem.reason, problem.remedy) from error
    if not chosen:
        return reform
    titles = [
        words().said(alternatives()[one].entry, "title").removesuffix(".")
        for one in chosen
    ]
    parts = () if reform is None else (reform,)
    return ReformSource(
        name="+".join([*(one.name for one in parts), *chosen]),
        title=say("; ").join([*(one.title for one in parts), *titles]),
        description="",
        origin=", ".join([*(one.origin for one in parts), *chosen]),
        readings=chosen,
        parts=parts,
    )


def _program(reform: type[Reform]) -> bytes:
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
