"""A reform that can be applied to a law: dated values, or a class by its name."""

import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from openfisca_core.parameters import Parameter, ParameterNode
from openfisca_core.periods import instant
from openfisca_core.reforms import Reform
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.population.reforms.parameter_values import find_parameter
from openfisca_isv.population.tables.problems import MOST_LISTED, Problem, TableError


class ReformError(TableError):
    """The reform cannot be used; every problem found in it is listed."""

    def __str__(self) -> str:
        """Give the problems, one a line: file, line, what it is about."""
        count = len(self.problems)
        lines = [f"{count} problem{'s' if count > 1 else ''} in the reform"]
        for one in self.problems[:MOST_LISTED]:
            place = one.file if one.row is None else f"{one.file}, line {one.row}"
            about = "" if one.column is None else f"{one.column}: "
            value = "" if one.value is None else f'"{one.value}" '
            lines.append(f"  {place}: {about}{value}{one.reason}. {one.mend}")
        if count > MOST_LISTED:
            lines.append(f"  and {count - MOST_LISTED:,} more.")
        return "\n".join(lines)


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
    """

    name: str
    title: str
    description: str
    origin: str
    values: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    reform: type[Reform] | None = None

    @property
    def key(self) -> str:
        """Tell one reform from another: its name, and what it changes."""
        return json.dumps([self.name, self.origin, self.values], default=str)

    def account(self) -> dict[str, object]:
        """Say what the reform is, for those who read the results."""
        known = {"name": self.name, "title": self.title, "from": self.origin}
        if self.reform is not None:
            # A program that is changed is another reform.
            module = Path(inspect.getfile(self.reform)).read_bytes()
            known["sha256"] = hashlib.sha256(module).hexdigest()
        return known | ({"values": self.values} if self.values else {})

    def apply(self, system: TaxBenefitSystem) -> TaxBenefitSystem:
        """Give the law as the reform changes it; the law itself stays as it is."""
        if self.reform is not None:
            return self.reform(system)
        values = self.values

        def modify(parameters: ParameterNode) -> ParameterNode:
            for name, dated in values.items():
                _set(find_parameter(parameters, name), dated)
            return parameters

        class FromFile(Reform):
            name = self.title

            def apply(self) -> None:
                self.modify_parameters(modify)

        return FromFile(system)


def _set(parameter: Parameter, dated: Mapping[str, object]) -> None:
    """Give a parameter its values from the first of their days on."""
    for day in sorted(dated):
        parameter.update(start=instant(day), value=dated[day])


def find_class(text: str) -> ReformSource:
    """Find a Reform class by its dotted name."""
    module, _, name = text.rpartition(".")
    mend = "Give a YAML file of dated values, or the dotted name of a Reform class"
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError, SyntaxError) as error:
        reason = f"is neither a file nor a class: {error}"
        raise ReformError([Problem(text, reason, mend)]) from error
    except (Exception, SystemExit) as error:
        # What runs here is the user's: it may fail in any way.
        reason = f"fails as it is imported: {type(error).__name__}: {error}"
        raise ReformError([Problem(text, reason, mend)]) from error
    if not (isinstance(found, type) and issubclass(found, Reform)) or found is Reform:
        raise ReformError([Problem(text, "is no Reform class", mend)])
    description = (found.__doc__ or "").strip()
    return ReformSource(
        name, found.name or name, description, f"class {text}", reform=found
    )
