"""Every small fault that could stand in the code and the figures of the law, in turn.

A fault in the code is one node of a file's syntax tree, changed; a fault in a figure is
one dated value of a parameter, another or from another day.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from openfisca_core.parameters import Parameter, ParameterNode, ParameterScale

PACKAGE = Path(__file__).parents[2] / "openfisca_isv"
SOURCES = (
    *sorted(PACKAGE.glob("variables/[a-z]*.py")),
    *(PACKAGE / f"{name}.py" for name in ("timeline", "dates", "legal_dates")),
)

OPERATORS = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
NAMES = {
    "minimum": "maximum",
    "min": "max",
    "first_day": "last_day",
    "any": "all",
    "amount_on": "threshold_on",
}
NAMES |= {other: name for name, other in NAMES.items()}
# What a string says to a formula, as far as one word may stand for another.
STRINGS = {
    "start_date": "end_date",
    "end_date": "effective_end_date",
    "effective_end_date": "end_date",
    "contract_months": "served_months",
    "served_months": "contract_months",
    "contract_legal_date": "start_date",
}


@dataclass(frozen=True)
class Mutant:
    """One fault: where it stands, what was and is written there, how to make it."""

    file: str
    place: str
    change: str
    make: Callable[[object], object]

    @property
    def key(self) -> str:
        """Name the fault; the same as long as what it changes stays as it is."""
        return f"{self.file}: {self.place}: {self.change}"


def is_named(fault: str, change: str) -> bool:
    """Return whether a change names a fault; one that ends in ``: *`` names many."""
    return fault.startswith(change[:-1]) if change.endswith(": *") else fault == change


def in_code(path: Path) -> Iterator[Mutant]:
    """List the faults of a file; `make` gives its source with the fault."""
    source = path.read_text("utf-8")
    seen: dict[str, int] = {}
    count = sum(1 for _ in _changes(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        place, node, apply = next(
            change for rank, change in enumerate(_changes(tree)) if rank == number
        )
        before = ast.unparse(node).splitlines()
        apply()
        after = ast.unparse(node).splitlines()
        change = next(
            f"{old.strip()} -> {new.strip()}"
            for old, new in zip(before, after, strict=True)
            if old != new
        )
        text = ast.unparse(tree)
        rank = seen[f"{place}{change}"] = seen.get(f"{place}{change}", 0) + 1
        change += f" (no. {rank})" if rank > 1 else ""
        name = str(path.relative_to(PACKAGE))
        yield Mutant(name, place, change, lambda _, text=text: text)


def _changes(tree: ast.Module) -> Iterator[tuple[str, ast.AST, Callable]]:
    """Go through the changes of a tree: where, the node to show, what changes it."""
    for place, shown, node in _nodes(tree, "", tree):
        if type(getattr(node, "op", None)) in OPERATORS:
            other = OPERATORS[type(node.op)]()
            own = shown if isinstance(node, ast.AugAssign) else node
            yield place, own, lambda n=node, o=other: setattr(n, "op", o)
        elif isinstance(node, ast.Compare):
            for rank, op in enumerate(node.ops):
                other = OPERATORS[type(op)]()
                yield (
                    place,
                    node,
                    lambda n=node, r=rank, o=other: n.ops.__setitem__(r, o),
                )
        elif isinstance(node, ast.UnaryOp) and isinstance(
            node.op, ast.Invert | ast.Not
        ):
            # +x says the same of a number as x, and of a boolean after + 0.
            yield place, shown, lambda n=node: _drop(n)
        elif isinstance(node, ast.Constant):
            for value in _other_constants(node.value):
                yield place, shown, lambda n=node, v=value: setattr(n, "value", v)
        elif isinstance(node, ast.Call):
            name = "attr" if isinstance(node.func, ast.Attribute) else "id"
            if (called := getattr(node.func, name, None)) in NAMES:
                other = NAMES[called]
                yield (
                    place,
                    shown,
                    lambda n=node.func, a=name, o=other: setattr(n, a, o),
                )


def _drop(node: ast.UnaryOp) -> None:
    """Take a negation away: twice negated is not at all."""
    node.operand = ast.UnaryOp(node.op, node.operand)


def _other_constants(value: object) -> list:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    return [STRINGS[value]] if isinstance(value, str) and value in STRINGS else []


def _nodes(
    node: ast.AST, place: str, shown: ast.AST
) -> Iterator[tuple[str, ast.AST, ast.AST]]:
    """Go through a tree: the class and function of a node, what it is part of, itself.

    Annotations, docstrings and what a variable only says of itself are left out.
    """
    for name, child in _fields(node):
        if name in {"annotation", "returns", "decorator_list", "bases"}:
            continue
        inside = place
        if isinstance(child, ast.ClassDef | ast.FunctionDef):
            inside = f"{place}.{child.name}".lstrip(".")
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            continue
        yield inside, shown, child
        is_whole = isinstance(child, ast.stmt | ast.expr | ast.keyword)
        yield from _nodes(child, inside, child if is_whole else shown)


def _fields(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield name, child


def in_figures(node: ParameterNode) -> Iterator[Mutant]:
    """List the faults of the dated values; `make` puts one into a law's parameters."""
    for parameter in _parameters(node):
        for rank, version in enumerate(parameter.values_list):
            day = date.fromisoformat(version.instant_str)
            for shift in (-1, 1):
                other = str(day + timedelta(days=shift))
                change = f"{day} -> {other}"
                yield _figure(parameter, rank, change, "instant_str", other)
            for value in _other_values(version.value):
                change = f"{day}: {version.value} -> {value}"
                yield _figure(parameter, rank, change, "value", value)


def _figure(
    parameter: Parameter, rank: int, change: str, attribute: str, other: object
) -> Mutant:
    def make(law: object) -> None:
        (own,) = (one for one in _parameters(law) if one.name == parameter.name)
        setattr(own.values_list[rank], attribute, other)

    return Mutant("parameters/", parameter.name, change, make)


def _other_values(value: object) -> list:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    if isinstance(value, list):
        return [[one for one in value if one != left] for left in value]
    return []


def _parameters(node: object) -> Iterator[Parameter]:
    if isinstance(node, Parameter):
        yield node
    elif isinstance(node, ParameterScale):
        for bracket in node.brackets:
            yield from _parameters(bracket)
    else:
        for child in node.children.values():
            yield from _parameters(child)
