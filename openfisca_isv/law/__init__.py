"""The register of provisions: every paragraph of the texts, and what computes it.

``index.yaml`` lists the texts; each has a file of provisions of the same name. A
provision is named after its place, as ``loi-2005-159-art-4-al-1``: article 4, first
paragraph (*alinéa*). Variables cite the provisions they compute with ``cite``.
"""

from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent


def _load(name: str) -> dict:
    """Read one file of the register."""
    return yaml.load((_FOLDER / name).read_text("utf-8"), Loader=yaml.CSafeLoader)


#: The texts, by identifier: title, official identifiers, address, days.
TEXTS: dict[str, dict] = _load("index.yaml")


@cache
def provisions() -> dict[str, dict]:
    """Read the whole register: the provisions of all texts, by identifier."""
    return {
        provision["id"]: provision | {"text": text}
        for text in TEXTS
        for provision in _load(f"{text}.yaml")["provisions"]
    }


def text_of(provision: str) -> str:
    """Give the identifier of the text that holds a provision or an article.

    Raises:
        KeyError: The register has no such text.
    """
    for text in TEXTS:
        if provision.startswith(f"{text}-"):
            return text
    message = f"no text of the register holds the provision {provision!r}"
    raise KeyError(message)


def cite(*provisions: str) -> list[str]:
    """Give the references of a variable: an address, then ``#`` and the provision."""
    return [f"{TEXTS[text_of(one)]['address']}#{one}" for one in provisions]


def cited(reference: str) -> str:
    """Give the identifier of the provision that a reference made by ``cite`` names."""
    return reference.partition("#")[2]
