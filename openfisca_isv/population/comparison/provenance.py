"""What made a comparison: versions, the law and the inputs, by their fingerprints."""

import platform
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from openfisca_isv.population.runs.manifest import digest, parameters_digest

_PACKAGES = ("openfisca-isv", "openfisca-core", "numpy", "pyarrow", "matplotlib")


def provenance(command: str, inputs: Iterable[Path]) -> dict[str, object]:
    """Say what a comparison is made of.

    Args:
        command: How it was asked for.
        inputs: The files, or folders of parts.
    """
    files = [
        file
        for path in inputs
        for file in ([path] if path.is_file() else sorted(path.rglob("*")))
        if file.is_file()
    ]
    return {
        "command": command,
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in _PACKAGES},
        "parameters_sha256": parameters_digest(),
        "inputs": {str(file): digest(file) for file in files},
    }
