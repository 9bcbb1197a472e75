"""The page of what was checked, by counts that the runs wrote, and what they prove."""

from openfisca_isv.law.checked import checked, digest
from openfisca_isv.web.site.pages import Pages


def write(pages: Pages) -> None:
    """Write the page."""
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
