"""The pages outside the other sections: home, readings, tests, search."""

from collections import defaultdict

import yaml

from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.web.site.content import urls
from openfisca_isv.web.site.content.located_tests import FOLDER, LocatedTest, by_file
from openfisca_isv.web.site.content.tables_of_tests import tables
from openfisca_isv.web.site.pages import Pages
from openfisca_isv.web.site.search_index import search_index

#: The parameters that the first page shows.
_ON_THE_FIRST_PAGE = (
    "duration.contract_maximum_months",
    "lifetime.maximum_months",
    "allowance.minimum_abroad",
    "allowance.minimum_in_france",
    "allowance.maximum_in_france",
    "leave.days_per_month",
    "termination.minimum_notice_months",
    "resettlement_allowance.amount",
    "integration_premium.maximum_amount",
)


def write(pages: Pages) -> None:
    """Write the pages."""
    law, t = pages.law, pages.language.text
    general = [one for one in law.parameters.values() if not one.is_of_a_country]
    computed = [one for one in law.variables.values() if one.formula is not None]
    provisions = {"number": len(law.provisions), "unseen": law.unseen}
    pages.write(
        "index.html",
        "home.html",
        "home",
        t("site"),
        parameters=[
            (law.parameters[name], law.parameters[name].latest)
            for name in _ON_THE_FIRST_PAGE
        ],
        doors={
            "law": provisions | {"texts": len(law.texts)},
            "parameters": {"number": len(general)},
            "variables": {"number": len(computed)},
            "days": {"number": law.changes_of_texts},
            "readings": {"number": len(law.readings)},
        },
    )
    _write_readings(pages)
    pages.write("tests.html", "tests/index.html", "tests", t("tests_title"))
    pages.write("about.html", "about.html", "about", t("nav_about"))
    pages.write("search.html", "search.html", "search", t("nav_search"))
    pages.save("search-index.js", search_index(law, pages.language))
    _write_tests(pages)


def _write_readings(pages: Pages) -> None:
    """Write the page of the readings, by the subject of the first rule of each."""
    law = pages.law
    subjects = defaultdict(list)
    for one in law.readings:
        subjects[law.variables[one["variables"][0]].subject].append(one)
    pages.write(
        "readings.html",
        "readings.html",
        "readings",
        pages.language.text("readings_title"),
        subjects=subjects,
        computed=alternatives(),
    )


def _write_tests(pages: Pages) -> None:
    t = pages.language.text
    for file, located_tests in by_file(pages.law.tests).items():
        name = f"tests/yaml/{file}"
        tests = yaml.load((FOLDER / file).read_text("utf-8"), yaml.CSafeLoader)
        tests = tests if isinstance(tests, list) else [tests]
        pages.write(
            urls.file_of_tests(file),
            "tests/file.html",
            "tests",
            _title(pages, located_tests),
            trail=[(t("nav_tests"), "tests.html")],
            file=name,
            tests=[
                (located, test, tables(test, pages.law.system, pages.language))
                for located, test in zip(located_tests, tests, strict=True)
            ],
        )


def _title(pages: Pages, tests: list[LocatedTest]) -> str:
    """Name a file of tests: by its subject, or by the one test that it holds."""
    if len(tests) > 1:
        return pages.language.subject(tests[0].test.file)
    return pages.language.test(tests[0].test.name)[0]
