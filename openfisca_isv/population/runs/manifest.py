"""What made the results of a run: versions, law, command, inputs."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

import openfisca_isv
from openfisca_isv.population.language import language
from openfisca_isv.population.reforms.changes import last_valid_days, values_in_force
from openfisca_isv.population.runs.run_stages import RunRequest
from openfisca_isv.population.subject import LAW
from openfisca_isv.population.tables.sources import InMemoryTable, Source, files_of

_PACKAGES = ("openfisca-isv", "openfisca-core", "numpy", "duckdb", "pyarrow")
_PARAMETERS = Path(openfisca_isv.__file__).parent / "parameters"


def manifest(asked: RunRequest) -> dict:
    """Return what a run is made of; the same run says the same.

    How it is shared out, between how many processes, is not part of it.
    """
    options = asked.calculation.options() | {
        "rejects": asked.rejects is not None,
        # What is read of the results, a report or warnings, is in it.
        "language": language() if language() != "en" else None,
    }
    if asked.max_rejects < 1:
        options["max_rejects"] = asked.max_rejects
    reforms = [one.account() for one in asked.calculation.reforms if one is not None]
    return {
        "versions": {name: version(name) for name in _PACKAGES},
        "law": {"parameters_sha256": parameters_digest(), "reforms": reforms},
        "command": {name: value for name, value in options.items() if value},
        "inputs": {
            name: {str(file): digest(file) for file in files_of(source)}
            for name, source in asked.sources.items()
        },
    }


def in_force(asked: RunRequest, first_year: int, last_year: int) -> dict[str, dict]:
    """Return what the law is over some years.

    Returns:
        The parameters of each law, by name, then by day; and the day on which those
        that may have changed since were last known to be in force.
    """
    reforms = asked.calculation.reforms
    names = (LAW if one is None else one.name for one in reforms)
    systems = asked.calculation.laws()
    days = last_valid_days(systems[0])
    last = f"{last_year}-12-31"
    return {
        "parameters_in_force": {
            name: values_in_force(system, first_year, last_year)
            for name, system in zip(names, systems, strict=True)
        },
        "last_known_in_force": {name: day for name, day in days.items() if day < last},
    }


def stamps(asked: RunRequest) -> list:
    """Return the state of the files of a run: one that is written again differs."""
    return [
        (str(file), path.stat().st_size, path.stat().st_mtime_ns)
        for source in asked.sources.values()
        for file in files_of(source)
        if (path := file.path if isinstance(file, InMemoryTable) else file)
    ]


def digest(file: Source) -> str:
    """Return the SHA-256 of a file; of a table that is held, that it is."""
    path = file.path if isinstance(file, InMemoryTable) else file
    if path is None:
        return f"held in memory, {len(file.table)} rows"
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@cache
def parameters_digest() -> str:
    """Return the SHA-256 of the parameter tree: the name and content of each file."""
    total = hashlib.sha256()
    for path in sorted(_PARAMETERS.rglob("*.yaml")):
        name = path.relative_to(_PARAMETERS).as_posix()
        total.update(f"{name} {digest(path)}\n".encode())
    return total.hexdigest()
