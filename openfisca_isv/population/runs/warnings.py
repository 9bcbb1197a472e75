"""What a reader of the results should know of them."""

from openfisca_isv.population.reforms.changes import last_valid_days
from openfisca_isv.population.runs.staging import Staged
from openfisca_isv.population.runs.steps import RunRequest

_UNLAWFUL = "no contract is known to be lawful"


def warnings_before(asked: RunRequest, years: range, staged: Staged) -> list[str]:
    """Say what the tables leave unknown, and what is not known of the law.

    Args:
        asked: The tables, and what is asked of them.
        years: The years that are added up.
        staged: What was read of the tables.
    """
    told = []
    for column, count in staged.namibia.items():
        rows = "1 row" if count == 1 else f"{count:,} rows"
        told.append(
            f'{column} is "NA" in {rows}: it is read as Namibia. R writes it where a'
            " text is missing: write an empty cell for that."
        )
    for column, count in staged.unknown.items():
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
