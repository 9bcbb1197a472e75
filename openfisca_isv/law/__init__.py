"""The register of provisions: every paragraph of the texts, and what computes it.

``index.yaml`` lists the texts; each has a file of provisions of the same name. A
provision is named after its place, e.g. ``loi-2005-159-art-4-al-1``: article 4, first
paragraph (*alinéa*). Variables cite the provisions they compute with ``cite``.
"""

import re
from collections import defaultdict
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Self

import yaml
from openfisca_core.taxbenefitsystems import TaxBenefitSystem

_FOLDER = Path(__file__).parent
_PARAMETERS = _FOLDER.parent / "parameters"
#: How sure a source is, the surest first.
CERTAINTIES = ("primary", "official-secondary", "secondary", "inferred")
#: The number of an article in the name of a provision.
_ARTICLE = re.compile(r"-art-(\d+)(?:-al-\d+)?$")


def _load(name: str) -> dict:
    return yaml.load((_FOLDER / name).read_text("utf-8"), Loader=yaml.CSafeLoader)


#: The texts, by identifier: title, official identifiers, addresses, days.
TEXTS: dict[str, dict] = _load("index.yaml")


class Citation(str):
    """The address of a provision, which also says what provision it is of.

    Attributes:
        provision: The identifier of the provision.
    """

    __slots__ = ("provision",)

    provision: str

    def __new__(cls, provision: str) -> Self:
        """Cite a provision of the register.

        Raises:
            KeyError: The register has no such provision.
        """
        versions = provisions()[provision]["versions"]
        citation = super().__new__(cls, versions[-1]["address"])
        citation.provision = provision
        return citation

    def __reduce__(self) -> tuple:
        """Let a copy of the address keep its provision."""
        return type(self), (self.provision,)


@cache
def provisions() -> dict[str, dict]:
    """Read the whole register: the provisions of all texts, by identifier.

    A version that gives no address has that of its article.
    """
    return {
        provision["id"]: provision
        | {
            "text": text,
            "versions": [
                {"address": _article_address(text, provision["id"])} | version
                for version in provision["versions"]
            ],
        }
        for text in TEXTS
        for provision in _load(f"{text}.yaml")["provisions"]
    }


def version_on(provision: dict, day: date) -> dict | None:
    """Return the version of a provision that is in force on a day."""
    for version in provision["versions"]:
        if version["from"] <= day <= version.get("to", date.max):
            return version
    return None


@cache
def readings() -> list[dict]:
    """Read the readings chosen where the texts leave one open."""
    return _load("readings.yaml")["readings"]


@lru_cache(maxsize=8)
def computed_provisions(system: TaxBenefitSystem) -> dict[str, dict]:
    """Add to each provision what cites it in a model.

    Returns:
        The provisions by identifier. One that is cited has ``computed_by``: the names
        of ``variables``, and of the files of ``parameters``.
    """
    citing = defaultdict(lambda: {"variables": [], "parameters": []})
    for name, variable in sorted(system.variables.items()):
        for reference in variable.reference or ():
            if isinstance(reference, Citation):
                citing[reference.provision]["variables"].append(name)
    for node in system.parameters.get_descendants():
        for sources in node.metadata.get("reference", {}).values():
            for source in sources:
                names = citing[source.get("provision")]["parameters"]
                if (name := _file_of(node)) not in names:
                    names.append(name)
    return {
        name: provision | ({"computed_by": citing[name]} if name in citing else {})
        for name, provision in provisions().items()
    }


def cite(*provisions: str) -> list[Citation]:
    """Return the references of a variable: the addresses of some provisions."""
    return [Citation(provision) for provision in provisions]


def cited(reference: str) -> str:
    """Return the identifier of the provision that a reference made by ``cite`` names.

    A reference that another package made names none: an empty text.
    """
    return reference.provision if isinstance(reference, Citation) else ""


def _article_address(text: str, provision: str) -> str:
    about = TEXTS[text]
    article = _ARTICLE.search(provision)
    if article and "articles" in about:
        return about["articles"].format(article[1])
    return about["address"]


def _file_of(parameter: object) -> str:
    """Name a parameter by its file, which may hold one for each country."""
    file = getattr(parameter, "file_path", None)
    if file is None or _PARAMETERS not in Path(file).parents:
        return parameter.name
    return ".".join(Path(file).relative_to(_PARAMETERS).with_suffix("").parts)
