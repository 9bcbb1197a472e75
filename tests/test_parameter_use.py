"""Every parameter is read by some variable, and no number of the law is in Python."""

import ast
from pathlib import Path

from openfisca_core.parameters import ParameterNode

import openfisca_isv
from openfisca_isv.law.evidence import parameters_read

VARIABLES = Path(openfisca_isv.__file__).parent / "variables"
# 0 and 1 count things; 12 months make a year.
NOT_OF_THE_LAW = {0, 1, 12}


def test_every_parameter_is_read_by_a_variable(system):
    read = set().union(*parameters_read(system).values())
    declared = {
        node.name
        for node in system.parameters.get_descendants()
        if not isinstance(node, ParameterNode)
    }
    assert len(declared) > 100
    assert declared - read == set()
    assert read - declared == set()


def test_no_number_of_the_law_stands_in_python():
    numbers = []
    for path in sorted(VARIABLES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            is_number = isinstance(node, ast.Constant) and type(node.value) in (
                int,
                float,
            )
            if is_number:
                numbers.append((path.name, node.value))
    assert len(numbers) > 20
    stray = {(name, value) for name, value in numbers if value not in NOT_OF_THE_LAW}
    assert not stray
