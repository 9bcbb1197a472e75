"""The site as a folder of static files."""

import shutil
from pathlib import Path

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from openfisca_isv.web.site.content.site_content import SiteContent
from openfisca_isv.web.site.downloads import as_csv, as_json
from openfisca_isv.web.site.languages import LANGUAGES, Language
from openfisca_isv.web.site.pages import Pages, save
from openfisca_isv.web.site.sections import (
    days,
    others,
    parameters,
    simulator,
    texts,
    variables,
)

_STATIC = Path(__file__).parent / "static"
_SECTIONS = (others, texts, parameters, variables, days, simulator)
#: What the site has at its root: an earlier one is known, and replaced, by it.
_FIRST_PAGE = "index.html"
_FOLDERS = (*LANGUAGES, "data", "static")


def build_site(system: TaxBenefitSystem, folder: Path, contact: str = "") -> int:
    """Write the site into a folder, in place of an earlier one.

    Args:
        system: The model that the site is about.
        folder: The folder, which is made if it is missing.
        contact: The address to which errors are reported, a page or ``mailto:``.

    Returns:
        How many files were written.

    Raises:
        FileExistsError: The folder holds something else than an earlier site.
    """
    _clear(folder)
    law = SiteContent(system)
    written = [
        Pages(law, Language(code, law.members), folder, contact) for code in LANGUAGES
    ]
    for pages in written:
        for section in _SECTIONS:
            section.write(pages)
    shutil.copytree(_STATIC, folder / "static")
    for end, write in (("csv", as_csv), ("json", as_json)):
        save(folder / f"data/parameters.{end}", write(law.parameters.values()))
    languages = {f"{pages.language.code}_": pages.language for pages in written}
    save(folder / _FIRST_PAGE, written[0].render("root.html", **languages))
    return sum(file.is_file() for file in folder.rglob("*"))


def _clear(folder: Path) -> None:
    found = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if found - {_FIRST_PAGE, *_FOLDERS}:
        message = f"{folder} holds something else than an earlier site"
        raise FileExistsError(message)
    for name in found & set(_FOLDERS):
        shutil.rmtree(folder / name)
