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


def french_of(kind: str, name: str, english: str) -> str | None:
    """Return the French of a text; nothing if there is none, or an outdated one."""
    entry = catalogue(kind).get(name)
    if entry is None or entry["of"] != fingerprint(english):
        return None
    return entry["fr"].strip()


@cache
def catalogue(kind: str) -> dict[str, dict[str, str] | str]:
    """Read the texts of one kind: by name, ``of`` and ``fr``; the French of a test."""
    file = _FOLDER / f"{kind}.yaml"
    return yaml.load(file.read_text("utf-8"), yaml.CSafeLoader)


def fingerprint(english: str) -> str:
    """Return the key of an English text, whatever the breaks of its lines."""
    plain = " ".join(english.split())
    return hashlib.sha256(plain.encode()).hexdigest()[:_LENGTH]
