"""A reform that can be applied to a law: dated values, or a class."""

import hashlib
import inspect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import CodeType

from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import TableError, TableProblem
from openfisca_isv.population.language import say
from openfisca_isv.population.reforms.parameter_values import changed_parameters

#: What problems of the whole reform are about.
WHOLE = "the reform"
#: The name of several reforms at once.
TOGETHER = "together"


class ReformError(TableError):
    """The reform cannot be used; every problem found in it is listed."""

    _about = "{count} in the reform"

    def line(self, problem: TableProblem) -> str:
        """Write one problem: file, line, what it is about."""
        place = problem.file
        if problem.row is not None:
            place = say("{file}, line {row}", file=place, row=problem.row)
        said = problem.said()
        if problem.column is not None:
            # All else are keys of the file.
            is_whole = problem.column == WHOLE
            column = say(WHOLE) if is_whole else problem.column
            said["value"] = say("{column}: ", column=column) + said["value"]
        return say("{place}: {value}{reason}. {remedy}", place=place, **said)


@dataclass(frozen=True)
class ReformSource:
    """A reform that can be applied to a law.

    Attributes:
        name: How files and columns name it: the stem of the file or the class.
        title: How a reader names it.
        description: What it does, in words; may be empty.
        origin: The file, or the dotted name of the class.
        values: Dated values by parameter, where it comes from a file.
        reform: The class, where it is one.
        file: The Python file that the class was read from by its path.
    """

    name: str
    title: str
    description: str
    origin: str
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    reform: type[Reform] | None = None
    file: str | None = None

    @property
    def key(self) -> tuple:
        """Return what tells one reform from another: its name, and what it changes."""
        values = json.dumps(self.values, default=str)
        return self.name, self.origin, values, self.reform

    @property
    def travels(self) -> bool:
        """Return whether another process can have it, too."""
        if self.reform is None or self.file is not None:
            return True
        is_local = "<locals>" in self.reform.__qualname__
        return not is_local and self.reform.__module__ != "__main__"

    def account(self) -> dict[str, object]:
        """Return what the reform is, for those who read the results."""
        known = {"name": self.name, "title": self.title, "from": self.origin}
        if self.reform is not None:
            # A program that is changed is another reform.
            known["sha256"] = hashlib.sha256(_program(self.reform)).hexdigest()
        return known | ({"values": self.values} if self.values else {})

    def apply(self, system: TaxBenefitSystem) -> TaxBenefitSystem:
        """Return the law as the reform changes it; the law itself stays as it is."""
        if self.reform is not None:
            return self.reform(system)
        change = partial(changed_parameters, values=self.values)

        class FromFile(Reform):
            name = self.title

            def apply(self) -> None:
                self.modify_parameters(change)

        return FromFile(system)


@dataclass(frozen=True)
class Package(ReformSource):
    """Several reforms at once, each applied to the law as the one before left it.

    Attributes:
        parts: The reforms.
    """

    parts: tuple[ReformSource, ...] = ()

    @property
    def key(self) -> tuple:
        """Return what tells one package from another: its reforms, in order."""
        return self.name, *(one.key for one in self.parts)

    @property
    def travels(self) -> bool:
        """Return whether another process can have it, too."""
        return all(one.travels for one in self.parts)

    def account(self) -> dict[str, object]:
        """Return which reforms these are, for those who read the results."""
        return {"name": self.name, "reforms": [one.account() for one in self.parts]}

    def apply(self, system: TaxBenefitSystem) -> TaxBenefitSystem:
        """Return the law as all reforms change it; the law itself stays as it is."""
        for one in self.parts:
            system = one.apply(system)
        return system


def package_of(reforms: Sequence[ReformSource]) -> Package:
    """Put several reforms together."""
    classes = [one.reform for one in reforms if one.reform is not None]
    return Package(
        name=TOGETHER,
        title=say("Together: {taken}", taken="; ".join(one.title for one in reforms)),
        description="",
        origin=", ".join(one.origin for one in reforms),
        # What fails, and needs a law of its own, as a class does.
        reform=classes[0] if classes else None,
        parts=(*reforms,),
    )


def _program(reform: type[Reform]) -> bytes:
    """Return the file of a class; its source or its code where it has no file."""
    try:
        return Path(inspect.getfile(reform)).read_bytes()
    except (OSError, TypeError):
        pass
    try:
        return inspect.getsource(reform).encode()
    except (OSError, TypeError):
        codes = [
            _code(method.__code__)
            for _, method in sorted(vars(reform).items())
            if hasattr(method, "__code__")
        ]
        return repr([reform.__qualname__, reform.name, codes]).encode()


def _code(code: CodeType) -> list:
    """Return what a function does, that of the functions in it too."""
    constants = [
        _code(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts
    ]
    return [code.co_code.hex(), code.co_names, constants]
