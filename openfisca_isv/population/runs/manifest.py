"""What made the results of a run: versions, law, command, inputs."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path

import openfisca_isv
from openfisca_isv.population.tables.sources import files_of

_PACKAGES = ("openfisca-isv", "openfisca-core", "numpy", "pyarrow")
_PARAMETERS = Path(openfisca_isv.__file__).parent / "parameters"


def manifest(
    sources: Mapping[str, Path], options: Mapping[str, object], reform: str | None
) -> dict:
    """Say what a run is made of; the same run says the same.

    How it is shared out, between how many processes, is no part of it.

    Args:
        sources: The path of each table that is given.
        options: The options that change the results, by name.
        reform: The reform of the law, as the name of a class.
    """
    return {
        "versions": {name: version(name) for name in _PACKAGES},
        "law": {"parameters_sha256": parameters_digest(), "reform": reform},
        "command": {name: value for name, value in options.items() if value},
        "inputs": {
            name: {str(file): digest(file) for file in files_of(path)}
            for name, path in sources.items()
        },
    }


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def parameters_digest() -> str:
    """Give the SHA-256 of the parameter tree: the name and content of each file."""
    total = hashlib.sha256()
    for path in sorted(_PARAMETERS.rglob("*.yaml")):
        name = path.relative_to(_PARAMETERS).as_posix()
        total.update(f"{name} {digest(path)}\n".encode())
    return total.hexdigest()
