"""The pages outside the other sections: home, readings, tests, checks, search."""

from collections import defaultdict
from itertools import groupby
from operator import attrgetter

from openfisca_isv.law.checked import checked, digest
from openfisca_isv.reforms.readings import alternatives
from openfisca_isv.web.site.content import urls
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
        t("site"),
        "home.html",
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
    pages.write("tests.html", t("tests_title"), "tests/index.html")
    pages.write("about.html", t("nav_about"))
    pages.write("search.html", t("nav_search"))
    pages.save("search-index.js", search_index(law, pages.language))
    _write_tests(pages)
    write_checks(pages)


def _write_readings(pages: Pages) -> None:
    """Write the page of the readings, by the subject of the first rule of each."""
    law = pages.law
    subjects = defaultdict(list)
    for one in law.readings:
        subjects[law.variables[one["variables"][0]].subject].append(one)
    pages.write(
        "readings.html",
        pages.language.text("readings_title"),
        subjects=subjects,
        computed=alternatives(),
    )


def _write_tests(pages: Pages) -> None:
    law, language = pages.law, pages.language
    for file, of_file in groupby(law.tests, attrgetter("file")):
        tests = list(of_file)
        # A file of a single test is named after it.
        several = len(tests) > 1
        title = language.subject(file) if several else language.test(tests[0].name)[0]
        pages.write(
            urls.file_of_tests(file),
            title,
            "tests/file.html",
            trail=[(language.text("nav_tests"), "tests.html")],
            file=f"tests/yaml/{file}",
            tests=[(one, tables(one.content, law.system, language)) for one in tests],
        )


def write_checks(pages: Pages) -> None:
    """Write the page of what was checked, by counts that the runs wrote."""
    number = pages.language.words.number
    runs = checked()
    subjects = {
        subject: [
            sum(family[what] for family in families.values())
            for what in ("cases", "answers")
        ]
        for subject, families in runs.get("proof", {}).get("subjects", {}).items()
    }
    pages.write(
        "checked.html",
        pages.language.text("checked_title"),
        subjects={name: map(number, counts) for name, counts in subjects.items()},
        answers=number(sum(answers for _, answers in subjects.values())),
        faults={
            name: number(count)
            for name, count in runs.get("mutation", {}).items()
            if name != "model"
        },
        changed={run for run, one in runs.items() if one["model"] != digest()},
    )
