"""What a rule rests on, as a tree of links: rules, inputs and parameters."""

from collections import deque
from typing import NamedTuple

from markupsafe import Markup

from openfisca_isv.web.site.content.law import Law
from openfisca_isv.web.site.drawings.svg import element
from openfisca_isv.web.site.languages import Language

#: Pixels: of a row, of a level, of a letter.
_ROW, _LEVEL, _LETTER = 26, 20, 7.4
#: The most rows; what lies deeper has its own picture.
_MOST_ROWS = 48


class Branch(NamedTuple):
    """A row of the tree.

    Attributes:
        kind: ``rule``, ``input`` or ``figure``.
        name: Of the variable or the parameter.
        depth: How far below the root.
        is_open: Whether what it rests on is drawn below it.
        has_more: Whether it rests on something that is drawn elsewhere.
    """

    kind: str
    name: str
    depth: int
    is_open: bool
    has_more: bool


def grow(law: Law, root: str) -> list[Branch]:
    """List the rows of the tree of a rule; each rule is opened once, near the root."""
    opened: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    seen = set()
    rows = 1
    waiting = deque([(root,)])
    while waiting:
        path = waiting.popleft()
        below = _below(law, path[-1])
        if path[-1] in seen or not below:
            continue
        if rows + len(below) > _MOST_ROWS and len(path) > 1:
            continue
        seen.add(path[-1])
        opened[path] = below
        rows += len(below)
        waiting.extend((*path, name) for kind, name in below if kind == "rule")
    return list(_walk(law, opened, "rule", (root,)))


def draw_tree(
    language: Language, law: Law, branches: list[Branch], link: object
) -> Markup:
    """Draw the rows of a tree, each a link to its page.

    Args:
        language: The language of the labels.
        law: What the names stand for.
        branches: The rows, from the root down.
        link: Gives the address of a place from the page.
    """
    drawn, parents = [], {}
    width = 0.0
    for row, branch in enumerate(branches):
        x, y = branch.depth * _LEVEL + 10, row * _ROW + _ROW / 2
        if branch.depth:
            above = parents[branch.depth - 1] * _ROW + _ROW / 2
            path = f"M{x - _LEVEL:g} {above + 8:g}V{y:g}H{x - 7:g}"
            drawn.append(element("path", class_="branch", d=path))
        parents[branch.depth] = row
        label, place = _named(language, law, branch)
        if branch.has_more:
            label = language.text("tree_elsewhere", label=label)
        width = max(width, x + 14 + len(label) * _LETTER)
        drawn.append(
            element(
                "a",
                _sign(branch, x, y),
                element("text", label, x=f"{x + 12:g}", y=f"{y + 5:g}"),
                href=link(place),
                class_=f"branch-{branch.kind}",
            )
        )
    root = language.label(law.rules[branches[0].name].variable)
    return element(
        "svg",
        element("title", language.text("tree_title", name=root), id="tree-title"),
        *drawn,
        class_="tree",
        role="group",
        width=f"{width:.0f}",
        height=len(branches) * _ROW,
        aria_labelledby="tree-title",
    )


def _below(law: Law, name: str) -> list[tuple[str, str]]:
    """List what a rule rests on: rules, then inputs, then parameters."""
    rule = law.rules[name]
    variables = [
        ("rule" if law.rules[other].formula else "input", other) for other in rule.reads
    ]
    variables.sort(key=lambda one: one[0] == "input")
    figures = dict.fromkeys(
        law.figures[other].group
        if law.figures[other].is_of_a_country
        else law.figures[other].name
        for other in rule.figures
    )
    return variables + [("figure", other) for other in figures]


def _walk(law: Law, opened: dict, kind: str, path: tuple[str, ...]) -> list[Branch]:
    """Go through the tree from a place down."""
    name, is_open = path[-1], path in opened
    has_more = kind == "rule" and not is_open and bool(_below(law, name))
    rows = [Branch(kind, name, len(path) - 1, is_open, has_more)]
    for below in opened.get(path, ()):
        rows += _walk(law, opened, below[0], (*path, below[1]))
    return rows


def _named(language: Language, law: Law, branch: Branch) -> tuple[str, str]:
    """Give the label and the place of a row."""
    if branch.kind != "figure":
        rule = law.rules[branch.name]
        return language.label(rule.variable), rule.place
    if branch.name in law.figures:
        figure = law.figures[branch.name]
        return language.figure(figure), figure.place
    return language.words.node(branch.name), law.all_groups[branch.name].place


def _sign(branch: Branch, x: float, y: float) -> Markup:
    """Draw the sign of a row: a disc, a ring for an input, a lozenge for a figure."""
    if branch.kind == "figure":
        path = f"M{x:g} {y - 6:g}l6 6l-6 6l-6 -6z"
        return element("path", class_="sign", d=path)
    return element("circle", class_="sign", cx=f"{x:g}", cy=f"{y:g}", r=5)
