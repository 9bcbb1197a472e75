"""All that populations show has French, and shows it."""

import ast
import re
from collections import defaultdict
from functools import cache
from itertools import chain
from pathlib import Path

import jinja2
import pytest
import yaml
from click.testing import CliRunner

import openfisca_isv.population
from openfisca_isv.population.language import french
from openfisca_isv.subcommands import commands

PACKAGE = Path(openfisca_isv.population.__file__).parent
EXAMPLES = Path(__file__).parents[2] / "examples"
#: Names that hold what a message says, before it is raised or told.
SAYING = {"message", "reason", "remedy", "told", "said", "wrong", "where", "line"}
#: Calls of which the texts are messages.
TELLING = {"TableProblem", "UnfitError", "RequestError", "BadInput", "problem"}
TELLING |= {"refused", "say", "translated", "TableError"}
#: Functions that return or yield messages.
EXPLAINING = {"explain", "explain_cell", "day_problem", "_doubt", "_no_span"}
EXPLAINING |= {"warnings_before", "_years_of_none", "_reforms_of_nothing"}
#: Errors of the program itself, and texts that are no message.
NOT_SHOWN = ("rows of {} were lost", "{} of {} is {} for a mission", "NOT EXISTS")
NOT_SHOWN += (" o WHERE o.", "Empty CSV file", "pip install")
HOLE = re.compile(r"\{[^}]*\}")
#: English that no French text has.
ENGLISH = re.compile(
    r"\b(is|are|not|the|of|Write|row|column|and|has|Give|Correct|for|which)\b"
)
MISSION = {
    "mission": "m",
    "volunteer": "v",
    "organisation": "o",
    "start_date": "2023-01-01",
    "end_date": "2023-12-31",
}


def keys(kind):
    texts = (PACKAGE / "french" / f"{kind}.yaml").read_text("utf-8")
    return [one["en"] for one in yaml.safe_load(texts)]


def run(*words):
    return CliRunner().invoke(commands, [str(one) for one in words])


def texts_of(node):
    """Give the texts of an expression, with {} for what is filled in."""
    if isinstance(node, ast.JoinedStr):
        parts = [
            one.value if isinstance(one, ast.Constant) else "{}" for one in node.values
        ]
        yield "".join(parts)
        inner = [one.value for one in node.values if not isinstance(one, ast.Constant)]
        # A text may be chosen inside another one.
        for one in inner:
            if isinstance(one, ast.IfExp):
                yield from texts_of(one)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from chain(texts_of(node.body), texts_of(node.orelse))
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        yield from chain.from_iterable(map(texts_of, node.elts))
    elif isinstance(node, ast.BinOp):
        yield from chain(texts_of(node.left), texts_of(node.right))


@cache
def parsed():
    return {path: ast.parse(path.read_text("utf-8")) for path in PACKAGE.rglob("*.py")}


def messages():
    """Give the texts of the package that are messages, or pieces of them."""
    for path, tree in parsed().items():
        for node in ast.walk(tree) if path.parent.name != "synthetic" else ():
            found = []
            if isinstance(node, ast.Assign | ast.AugAssign):
                targets = getattr(node, "targets", None) or [node.target]
                named = {
                    one.id
                    for target in targets
                    for one in ast.walk(target)
                    if isinstance(one, ast.Name)
                }
                found = [node.value] if named & SAYING else []
            elif isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found = node.args if name in TELLING else []
            elif isinstance(node, ast.FunctionDef) and node.name in EXPLAINING:
                found = [
                    one.value
                    for one in ast.walk(node)
                    if isinstance(one, ast.Return | ast.Yield) and one.value
                ]
            for text in chain.from_iterable(map(texts_of, found)):
                yield path.name, text


def jinja_texts(node):
    if isinstance(node, jinja2.nodes.Const):
        yield node.value
    if isinstance(node, jinja2.nodes.CondExpr):
        yield from chain(jinja_texts(node.expr1), jinja_texts(node.expr2))
    if isinstance(node, jinja2.nodes.Concat):
        yield from chain.from_iterable(map(jinja_texts, node.nodes))


def of_the_report():
    """Give the texts of the template of the report."""
    file = PACKAGE / "comparison/templates/comparison.html"
    for call in (
        jinja2.Environment().parse(file.read_text("utf-8")).find_all(jinja2.nodes.Call)
    ):
        if getattr(call.node, "name", "") == "say":
            yield from jinja_texts(call.args[0])


def pieces(text):
    return [one for one in HOLE.split(text) if re.search("[A-Za-z]{2}", one)]


def test_every_message_has_french():
    whole = "\n".join(french())
    examined, wrong = 0, []
    for file, text in messages():
        if any(one in text for one in NOT_SHOWN):
            continue
        for piece in pieces(text):
            examined += 1
            if piece not in whole:
                wrong.append((file, piece))
    assert examined > 500
    assert not wrong


def test_every_text_of_the_report_has_french():
    texts = [*of_the_report()]
    assert len(texts) > 100
    whole = "\n".join(french())
    assert not [one for one in texts if one not in whole]


def test_no_french_is_of_what_is_no_longer_written():
    # Readings and the documentation of variables are told too.
    others = [*(PACKAGE.parent / "situations").glob("*.py")]
    others += (PACKAGE.parent / "variables").glob("*.py")
    trees = [*parsed().values(), *(ast.parse(one.read_text("utf-8")) for one in others)]
    constants = [
        node.value.replace("\n", " ").casefold()
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    constants += [one.casefold() for one in of_the_report()]
    written = re.sub(" +", " ", "\n".join(constants))
    starts = defaultdict(set)
    for one in chain.from_iterable(map(HOLE.split, constants)):
        starts[one[:2]].add(one)

    def is_written(text):
        if text in written:
            return True
        # What is put together of several texts.
        return any(
            text[:cut] in written and is_written(text[cut:])
            for cut in range(1, len(text) - 1)
            if any(text.startswith(one, cut) for one in starts[text[cut : cut + 2]])
        )

    english = [*keys("messages"), *keys("shown")]
    assert len(english) > 500
    pieces_of = {one: pieces(one.replace("\n", " ").casefold()) for one in english}
    unused = [
        one for one, parts in pieces_of.items() if not all(map(is_written, parts))
    ]
    assert unused == []


@pytest.mark.parametrize("kind", ["messages", "shown"])
def test_the_parts_of_both_texts_are_the_same(kind):
    for english in keys(kind):
        holes = sorted(
            one.partition(":")[0].strip("{}") for one in HOLE.findall(english)
        )
        text = french()[english]
        assert holes == sorted(
            one.strip("{}").partition(":")[0] for one in HOLE.findall(text)
        ), english
