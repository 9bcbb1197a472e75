"""The page of the architecture names what there is, in the order of imports."""

import ast
import re
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")
PACKAGE = ROOT / "openfisca_isv"
#: The folders that hold Python, in the order of the table.
FOLDERS = [
    name
    for name in re.findall(r"^\| `openfisca_isv/(\w+)/`", PAGE, re.MULTILINE)
    if (PACKAGE / name / "__init__.py").exists()
]


def test_every_path_that_is_named_exists():
    paths = set(re.findall(r"`(openfisca_isv/[\w/.]+)`", PAGE))
    assert len(paths) > 40
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_folder_is_named():
    there = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert len(there) > 5
    assert there == set(FOLDERS)


def imported(path):
    """List the folders of the package that a module imports from."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{one.name}" for one in node.names]
        elif isinstance(node, ast.Import):
            names = [one.name for one in node.names]
        for name in names:
            if name.startswith("openfisca_isv."):
                yield name.split(".")[1]


def test_each_folder_imports_only_from_those_before_it():
    examined, wrong = 0, []
    for number, folder in enumerate(FOLDERS):
        after = set(FOLDERS[number + 1 :])
        for path in (PACKAGE / folder).rglob("*.py"):
            found = set(imported(path))
            examined += len(found)
            wrong += [(path.name, other) for other in sorted(found & after)]
    assert examined > 300
    assert not wrong


def test_data_goes_one_way_through_the_folders_of_populations():
    """No two of them import from each other, nor by way of others."""
    folder = PACKAGE / "population"
    reads = defaultdict(set)
    for path in folder.rglob("*.py"):
        own = path.relative_to(folder).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and "population." in node.module:
                reads[own].add(node.module.split(".")[2])
        reads[own] -= {own}
    assert sum(map(len, reads.values())) > 80
    assert len([*TopologicalSorter(reads).static_order()]) == len(reads)


def test_one_module_of_populations_names_inputs_of_the_law(system):
    """Beside the generator, whose subject is this scheme."""
    inputs = {one.name for one in system.variables.values() if one.is_input_variable()}
    assert len(inputs) > 20
    naming = {
        path.name
        for path in (PACKAGE / "population").rglob("*.py")
        if "synthetic" not in path.parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in inputs
    }
    assert naming == {"subject.py"}
