"""The French of what the model says in English only, and whether it is up to date.

Each text of a catalogue in ``french/`` has the fingerprint of the English text that it
renders: where the English has changed since, the page shows the English, marked as
such, until the French follows.
"""

import hashlib
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent / "french"
_LENGTH = 8


class French:
    """The French texts, by kind and name."""

    def find(self, kind: str, name: str, english: str) -> str | None:
        """Give the French of a text; nothing if there is none, or an outdated one."""
        entry = catalogue(kind).get(name)
        if entry is None or entry["of"] != fingerprint(english):
            return None
        return entry["fr"].strip()


@cache
def catalogue(kind: str) -> dict[str, dict[str, str]]:
    """Read the texts of one kind: by name, ``of`` and ``fr``."""
    file = _FOLDER / f"{kind}.yaml"
    if not file.exists():
        return {}
    return yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)


@cache
def names_of_tests() -> dict[str, str]:
    """Read the names of tests: the French by what stands after the place in the law."""
    file = _FOLDER / "tests.yaml"
    return yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)


def fingerprint(english: str) -> str:
    """Tell one English text from another, whatever the breaks of its lines."""
    plain = " ".join(english.split())
    return hashlib.sha256(plain.encode()).hexdigest()[:_LENGTH]
