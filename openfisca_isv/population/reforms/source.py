"""A reform that can be applied to a law: dated values, a class, other readings."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self

from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.bad_input import ReformError
from openfisca_isv.population.language import say, words
from openfisca_isv.population.reforms.changes import changed_parameters
from openfisca_isv.population.reforms.user_code import program, run_file
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.situations.chosen_readings import check_readings, system_under
from openfisca_isv.situations.problems import RefusalError

#: The name of several reforms at once.
TOGETHER = "together"


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
            known["sha256"] = hashlib.sha256(program(self.reform)).hexdigest()
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
