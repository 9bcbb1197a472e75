"""The parameters as files: JSON with every source, CSV with one row for each value."""

import csv
import io
import json
from collections.abc import Iterable

from openfisca_isv.web.site.content.figures import Figure, Value


def as_json(figures: Iterable[Figure]) -> str:
    """Write parameters as a list of objects."""
    found = [_object(figure) for figure in figures]
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"


def as_csv(figures: Iterable[Figure]) -> str:
    """Write the same as a table; sources one after another, with their addresses."""
    rows = []
    for one in map(_object, figures):
        values = one.pop("values")
        rows += [one | value for value in values]
    for row in rows:
        row["value"] = _cell(row["value"])
        row["sources"] = " ; ".join(
            f"{source['title']} <{source['href']}>" for source in row["sources"]
        )
    file = io.StringIO()
    writer = csv.DictWriter(file, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def _object(figure: Figure) -> dict[str, object]:
    """Return a parameter as an object."""
    return {
        "parameter": figure.name,
        "label": figure.metadata["short_label"],
        "label_fr": figure.metadata["short_label_fr"],
        "description": figure.description,
        "documentation": figure.documentation or None,
        "unit": figure.unit,
        "threshold_unit": figure.threshold_unit,
        "period": figure.period,
        "last_value_still_valid_on": figure.last_check,
        "values": [
            {
                "from": version.start,
                "to": version.end,
                "value": _steps(version.value),
                "certainty": version.certainty,
                "official_journal_date": version.published,
                "sources": version.sources,
            }
            for version in figure.versions
        ],
    }


def _steps(value: Value) -> object:
    """Return a value, the steps of a scale as objects."""
    if isinstance(value, tuple):
        return [{"threshold": one, "amount": amount} for one, amount in value]
    return value


def _cell(value: object) -> object:
    """Return a value as a cell: names apart by spaces, steps by colons."""
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, list):
        return value
    return " ".join(
        f"{one['threshold']}:{one['amount']}" if isinstance(one, dict) else one
        for one in value
    )
