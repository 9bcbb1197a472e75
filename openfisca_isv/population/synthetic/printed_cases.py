"""Volunteers made for the cases whose amount an official page prints."""

from collections.abc import Mapping
from pathlib import Path

import numpy
import pyarrow as pa
import yaml

from openfisca_isv.dates import MONTH
from openfisca_isv.population.synthetic.typed import Column, to_table

_FILE = Path(__file__).parent / "printed_cases.yaml"
_NOT_INPUTS = {"printed", "source", "missions", "registered_as_jobseeker"}


def load_printed_cases() -> dict:
    """Read the printed cases, and the facts that they share."""
    return yaml.safe_load(_FILE.read_text("utf-8"))


def printed_tables(
    columns: Mapping[str, Mapping[str, Column]],
) -> dict[str, pa.Table]:
    """Give the printed cases as tables of missions, volunteers and months.

    Missions are named after their volunteer, and their rank in the case.

    Args:
        columns: The columns that each table may have.
    """
    document = load_printed_cases()
    volunteers, missions, months = [], [], []
    for case in document["cases"]:
        volunteer = case["volunteer"]
        facts = {name: case[name] for name in case.keys() - _NOT_INPUTS}
        volunteers.append(document["usual_volunteer"] | facts)
        for rank, mission in enumerate(case["missions"], 1):
            names = {"mission": f"{volunteer}-{rank}", "volunteer": volunteer}
            missions.append(document["usual_mission"] | names | mission)
        if span := case.get("registered_as_jobseeker"):
            first, last = (
                numpy.datetime64(span["first"]),
                numpy.datetime64(span["last"]),
            )
            fact = {"volunteer": volunteer, "is_registered_jobseeker": True}
            months += [
                fact | {"month": month}
                for month in numpy.arange(first, last + MONTH).tolist()
            ]
    rows = {"missions": missions, "volunteers": volunteers, "monthly": months}
    return {name: _to_table(columns[name], given) for name, given in rows.items()}


def _to_table(columns: Mapping[str, Column], rows: list[dict]) -> pa.Table:
    """Make a table of rows that may lack some of the columns."""
    names = [name for name in columns if any(name in row for row in rows)]
    return to_table(columns, {name: [row.get(name) for row in rows] for name in names})
