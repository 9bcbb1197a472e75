"""A YAML test of more than six rows names each of them, so that nobody counts columns.

Facts and answers then stand under the name of a mission, a volunteer or an
organisation. The engine compares no enumeration there: such an answer is a list, one
value per line, with the name as its comment.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

TESTS = Path(__file__).parent / "yaml"
MOST_ROWS_WITHOUT_NAMES = 6


def unnamed(text: str, system) -> Iterator[str]:
    """Go through the arrays of a file that pair too many rows without their names."""
    lines = text.splitlines()
    for test in yaml.compose(text, yaml.CSafeLoader).value:
        parts = dict(_pairs(test))
        names = {
            plural: [name for name, _ in _pairs(entities)]
            for plural, entities in _pairs(parts["input"])
            if plural in {entity.plural for entity in system.entities}
        }
        for variable, array in _arrays(parts["input"], parts["output"]):
            if len(array.value) > MOST_ROWS_WITHOUT_NAMES:
                places = [value.start_mark.line for value in array.value]
                comments = [lines[place].partition("  # ")[2] for place in places]
                entity = system.get_variable(variable).entity.plural
                if comments != names.get(entity):
                    place = array.start_mark.line + 1
                    yield f"line {place}: {variable}, {len(places)} rows without names"


def _pairs(node: yaml.MappingNode) -> Iterator[tuple[str, yaml.Node]]:
    return ((key.value, value) for key, value in node.value)


def _arrays(*nodes, of="") -> Iterator[tuple[str, yaml.SequenceNode]]:
    """Go through the arrays of values, of all periods, with their variables."""
    for node in nodes:
        for key, value in _pairs(node):
            variable = of if key[:1].isdigit() else key
            if isinstance(value, yaml.SequenceNode) and variable != "missions":
                yield variable, value
            elif isinstance(value, yaml.MappingNode):
                yield from _arrays(value, of=variable)


FILES = sorted(TESTS.rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_array_pairs_many_rows_without_their_names(file, system):
    assert list(unnamed(file.read_text("utf-8"), system)) == []


NAMED = """
- name: seven contracts
  input:
    missions: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}, g: {}}
  output:
    contract_months: {2024-01: [0, 0, 0, 0, 0, 0, 0]}
    input_contradiction:
    - none  # a
    - none  # b
    - none  # c
    - none  # d
    - none  # e
    - none  # f
    - none  # g
"""


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("", "", ["contract_months"]),
        (", 0]", "]", []),
        ("# g", "# h", ["contract_months", "input_contradiction"]),
        ("- none  # g", "- none", ["contract_months", "input_contradiction"]),
    ],
)
def test_an_array_without_names_is_found(before, after, found, system):
    messages = list(unnamed(NAMED.replace(before, after, 1), system))
    assert [message.split()[2].strip(",") for message in messages] == found
