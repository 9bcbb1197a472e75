"""What a reader of the results should know of them."""

from collections.abc import Mapping

from openfisca_isv.population.reforms.changes import last_valid_days
from openfisca_isv.population.runs.steps import Asked

_UNLAWFUL = "no contract is known to be lawful"


def warnings_before(
    asked: Asked, years: range, unknown: Mapping[str, int]
) -> list[str]:
    """Say what the tables leave unknown, and what is not known of the law.

    Args:
        asked: The tables, and what is asked of them.
        years: The years that are added up.
        unknown: How many missions leave each column empty that the table must have.
    """
    told = []
    for column, count in unknown.items():
        have = "mission has" if count == 1 else "missions have"
        told.append(f"{count:,} {have} no {column}: nothing is due without it.")
    parties = ("volunteers", "organisations")
    if missing := [f"--{name}" for name in parties if name not in asked.sources]:
        told.append(f"Without {' and '.join(missing)} {_UNLAWFUL}.")
    if "monthly" not in asked.sources:
        told.append(
            "Without --monthly nobody is known to be registered as a jobseeker, unless"
            " the table of volunteers says so: no integration premium is due."
        )
    days = last_valid_days(asked.study.laws()[0])
    latest = max(days.values())
    last = f"{years.stop - 1}-12-31"
    if last > latest:
        told.append(
            f"No figure of the law is known to be in force after {latest}: what comes"
            " later is computed as if nothing changed."
        )
    return told
