"""The parameters as files: JSON with every source, CSV with one row for each value."""

import csv
import io
import json
from collections.abc import Iterable

from openfisca_isv.web.site.content.parameter_pages import ParameterPage, Value


def as_json(parameters: Iterable[ParameterPage]) -> str:
    """Write parameters as a list of objects."""
    found = [_object(parameter) for parameter in parameters]
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"


def as_csv(parameters: Iterable[ParameterPage]) -> str:
    """Write the same as a table; sources one after another, with their addresses."""
    rows = []
    for one in map(_object, parameters):
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


def _object(parameter: ParameterPage) -> dict[str, object]:
    return {
        "parameter": parameter.name,
        "label": parameter.metadata["short_label"],
        "label_fr": parameter.metadata["short_label_fr"],
        "description": parameter.description,
        "documentation": parameter.documentation or None,
        "unit": parameter.unit,
        "threshold_unit": parameter.threshold_unit,
        "period": parameter.period,
        "last_value_still_valid_on": parameter.last_check,
        "values": [
            {
                "from": version.start,
                "to": version.end,
                "value": _steps(version.value),
                "certainty": version.certainty,
                "official_journal_date": version.published,
                "sources": version.sources,
            }
            for version in parameter.versions
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
