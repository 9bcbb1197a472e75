"""The parameters of the law, read from their files."""

from pathlib import Path

import yaml
from openfisca_core.parameters import ParameterNode, config


def read_parameters(folder: Path, name: str = "") -> ParameterNode:
    """Read a folder of parameters in UTF-8.

    The engine reads the files in the encoding of the locale, in which accents may be
    other letters or no letters at all.

    Args:
        folder: Where the files and folders of the parameters are.
        name: The name of the node, empty for the root.
    """
    index = folder / "index.yaml"
    data = _content(index) if index.exists() else {}
    node = ParameterNode(name, data=data, file_path=str(folder))
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            full_name = f"{name}.{path.name}" if name else path.name
            node.add_child(path.name, read_parameters(path, full_name))
        elif path.suffix == ".yaml" and path != index:
            content = {path.stem: _content(path)}
            parent = ParameterNode(name, data=content, file_path=str(path))
            node.add_child(path.stem, parent.children[path.stem])
    return node


def _content(path: Path) -> dict:
    """Read a file as the engine does, which takes days for texts."""
    return yaml.load(path.read_text("utf-8"), Loader=config.Loader) or {}  # noqa: S506
