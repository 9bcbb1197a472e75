"""Pages: a template, the words of a language, and links that work from any folder."""

import posixpath
from collections import defaultdict
from functools import partial
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from openfisca_isv.law import CERTAINTIES
from openfisca_isv.law.evidence import YamlTest
from openfisca_isv.typeset import typeset_html
from openfisca_isv.web.site import prose
from openfisca_isv.web.site.content import urls
from openfisca_isv.web.site.content.alternatives import other_values
from openfisca_isv.web.site.content.articles import compare_words
from openfisca_isv.web.site.content.dates_of_change import KINDS
from openfisca_isv.web.site.content.parameter_pages import Group
from openfisca_isv.web.site.content.site_content import SiteContent
from openfisca_isv.web.site.languages import LANGUAGES, Language

TEMPLATES = Path(__file__).parent / "templates"

#: The sections of the site, in the order of the menu, and their first pages.
MENU = (
    ("simulator", "simulator.html"),
    ("law", "law/index.html"),
    ("parameters", "parameters/index.html"),
    ("variables", "variables/index.html"),
    ("days", "days/index.html"),
    ("readings", "readings.html"),
    ("search", "search.html"),
)
#: The units of the model as they are named in the catalogue of strings.
UNITS = {
    "currency-EUR": "euro",
    "/1": "share",
    "month": "month",
    "year": "year",
    "day": "day",
    "country": "country",
}


class Pages:
    """The pages of one language, written below a folder.

    Args:
        law: What the pages are about.
        language: Their words.
        folder: The folder of the whole site.
        contact: The address to which errors are reported; empty where there is none.
    """

    def __init__(
        self, law: SiteContent, language: Language, folder: Path, contact: str = ""
    ) -> None:
        self.law = law
        self.language = language
        self._folder = folder
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        (self._other,) = (code for code in LANGUAGES if code != language.code)
        self._environment.globals |= {
            "lang": language.code,
            "other_lang": self._other,
            "language": language,
            "t": language.text,
            "n": language.count,
            "law": law,
            "urls": urls,
            "provisions": law.provisions,
            "register": list(law.provisions.values()),
            "units": UNITS,
            "menu": MENU,
            "kinds": KINDS,
            "certainties": CERTAINTIES,
            "version": version("openfisca-isv"),
            "by_subject": self.by_subject,
            "group_name": self.group_name,
            "host": host,
            "other_values": other_values,
            "compare_words": compare_words,
            "state_of_law": language.text(
                "footer_law",
                text=language.day(law.text_as_of),
                figures=language.day(law.last_check),
            ),
            "about": None,
            "contact": contact,
            "trail": None,
            "wide_sheet": None,
        }

    def write(
        self, path: str, title: str, template: str = "", **context: object
    ) -> None:
        """Write a page, in the part of the menu that is called as its template is.

        Args:
            path: Its place below the folder of the language.
            title: Its title.
            template: The name of its template; by default that of the page.
            context: What else the template names.
        """
        template = template or path
        link = partial(relative, path)
        find = partial(self.find, path)
        html = self.render(
            template,
            path=path,
            section=template.partition("/")[0].removesuffix(".html"),
            title=title,
            link=link,
            root=lambda place: relative(f"{self.language.code}/{path}", place),
            other=relative(f"{self.language.code}/{path}", f"{self._other}/{path}"),
            inline=lambda text: prose.inline(text, find),
            paragraphs=lambda text: prose.paragraphs(text, find),
            **context,
        )
        self.save(path, typeset_html(html, self.language.code))

    def render(self, template: str, **context: object) -> str:
        """Fill a template in."""
        return self._environment.get_template(template).render(**context)

    def save(self, path: str, text: str) -> None:
        """Write a file below the folder of the language."""
        save(self._folder / self.language.code / path, text)

    def find(self, path: str, name: str) -> str | None:
        """Return the address, from a page, of what a name of the model stands for."""
        law = self.law
        for found in (law.variables, law.parameters, law.all_groups):
            if name in found and (name not in law.all_groups or "." in name):
                return relative(path, found[name].url)
        return None

    def by_subject(self, tests: list[YamlTest]) -> dict[str, list[YamlTest]]:
        """Put tests by the subject that they are about, in the order of their files."""
        found = defaultdict(list)
        for test in tests:
            found[self.language.subject(test.file)].append(test)
        return found

    def group_name(self, group: Group) -> str:
        """Name a group of parameters: by its subject, or by the reasons."""
        key = f"group_{group.name.replace('.', '_')}"
        return self.language.text(key)


def relative(path: str, place: str) -> str:
    """Return the address of a place from a page, both below the same folder."""
    target, _, fragment = place.partition("#")
    folder = posixpath.dirname(path)
    address = posixpath.relpath(target, folder or ".")
    return f"{address}#{fragment}" if fragment else address


def host(address: str) -> str:
    """Return the host of an address."""
    return urlsplit(address).hostname.removeprefix("www.")


def save(file: Path, text: str) -> None:
    """Write a file, in a folder that is made if it is missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
