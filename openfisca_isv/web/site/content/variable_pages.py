"""The variables of the model: what each means, its formula, and what it rests on."""

import ast
import inspect
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

import openfisca_isv
from openfisca_isv.law import cited
from openfisca_isv.law.evidence import inputs_read, parameters_read, variables_read
from openfisca_isv.reasons.words import Words
from openfisca_isv.web.site.content import urls

_CHECKOUT = Path(openfisca_isv.__file__).parents[1]


@dataclass(frozen=True)
class Code:
    """A piece of source.

    Attributes:
        file: The path of the file, from the root of the project.
        line: The number of its first line.
        text: The lines, without their common indent.
    """

    file: str
    line: int
    text: str


@dataclass
class VariablePage:
    """A variable of the model.

    Attributes:
        variable: The variable.
        declared: Where it is declared, and how.
        formula: Its formula; an input has none.
        helpers: The functions of the module that the formula calls.
        reads: The variables that its formula reads, in the order of the formula.
        read_by: The variables whose formula reads it.
        inputs: The inputs that it needs, however indirectly.
        parameters: The parameters that its formula reads.
    """

    variable: Variable
    declared: Code
    formula: Code | None = None
    helpers: list[Code] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    read_by: list[str] = field(default_factory=list)
    inputs: list[str] = field(default_factory=list)
    parameters: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the variable."""
        return self.variable.name

    @property
    def subject(self) -> str:
        """The subject of the law that it belongs to: the name of its file."""
        return Path(self.declared.file).stem

    @property
    def url(self) -> str:
        """The page of the variable."""
        return urls.variable(self.name)

    @property
    def provisions(self) -> list[str]:
        """The provisions that it cites."""
        return [cited(reference) for reference in self.variable.reference]

    @property
    def documentation(self) -> str:
        """What is said of it in addition to its label."""
        return inspect.cleandoc(self.variable.documentation or "")

    @property
    def further(self) -> str:
        """What its formula says that it does, after the sentence that is its rule.

        Nothing where the reasons say the rule in words of their own.
        """
        if self.variable.is_input_variable():
            return ""
        formula = next(reversed(self.variable.formulas.values()))
        first, _, further = inspect.cleandoc(formula.__doc__ or "").partition("\n")
        return further.strip() if Words("en").rule(self.variable) == first else ""


def read_variables(system: TaxBenefitSystem) -> dict[str, VariablePage]:
    """Read the variables of a model, by name, in the order of their files."""
    reads, inputs = variables_read(system), inputs_read(system)
    parameters = parameters_read(system)
    read_by = defaultdict(set)
    for name, others in reads.items():
        for other in others:
            read_by[other].add(name)
    rules = [
        _rule(
            variable,
            reads=list(reads.get(name, ())),
            read_by=sorted(read_by[name]),
            inputs=sorted(inputs.get(name, ())),
            parameters=sorted(parameters.get(name, ())),
        )
        for name, variable in system.variables.items()
    ]
    rules.sort(key=lambda rule: (rule.declared.file, rule.declared.line))
    return {rule.name: rule for rule in rules}


def _rule(variable: Variable, **links: list[str]) -> VariablePage:
    """Find the source of a variable, in the file that declares it."""
    file = Path(inspect.getsourcefile(type(variable)))
    lines, functions, classes = _declarations(file)
    declared = classes[variable.name]
    formulas = [
        node
        for node in declared.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("formula")
    ]
    code = _code(file, lines, formulas[0]) if formulas else None
    helpers = [
        _code(file, lines, functions[name])
        for name in (_called(formulas[0], functions) if formulas else ())
    ]
    rule = VariablePage(variable, _code(file, lines, declared), code, helpers, **links)
    source = "\n".join(one.text for one in [code, *helpers] if one)
    rule.reads.sort(key=lambda name: (_first_place(source, name), name))
    return rule


def _first_place(source: str, name: str) -> int:
    """Return how far into a source a name is first written; the end, if it is not."""
    return (source.find(f'"{name}"') + 1 or len(source) + 1) - 1


@cache
def _declarations(
    file: Path,
) -> tuple[list[str], dict[str, ast.FunctionDef], dict[str, ast.ClassDef]]:
    """Read a file: its lines, its functions and its classes, by name."""
    text = file.read_text("utf-8")
    body = ast.parse(text).body
    functions = {one.name: one for one in body if isinstance(one, ast.FunctionDef)}
    classes = {one.name: one for one in body if isinstance(one, ast.ClassDef)}
    return text.splitlines(), functions, classes


def _called(
    node: ast.FunctionDef, functions: dict[str, ast.FunctionDef]
) -> dict[str, None]:
    """List the functions of the file that a function calls, however indirectly."""
    found: dict[str, None] = {}
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and part.id in functions and part.id != node.name:
            found[part.id] = None
            found |= _called(functions[part.id], functions)
    return found


def _code(file: Path, lines: list[str], node: ast.FunctionDef | ast.ClassDef) -> Code:
    text = lines[node.lineno - 1 : node.end_lineno]
    cut = len(text[0]) - len(text[0].lstrip())
    return Code(
        file=file.relative_to(_CHECKOUT).as_posix(),
        line=node.lineno,
        text="\n".join(line[cut:] for line in text),
    )
