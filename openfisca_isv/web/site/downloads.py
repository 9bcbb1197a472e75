"""The parameters as files: CSV for tables, JSON with every source."""

import csv
import io
import json
from collections.abc import Iterable

from openfisca_isv.web.site.content.figures import Figure, Value, Version

COLUMNS = (
    "parameter",
    "label",
    "label_fr",
    "from",
    "to",
    "value",
    "unit",
    "period",
    "certainty",
    "official_journal_date",
    "last_value_still_valid_on",
    "sources",
)


def as_csv(figures: Iterable[Figure]) -> str:
    """Write parameters as a table, one row for each value."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for figure in figures:
        for version in figure.versions:
            writer.writerow(_row(figure, version))
    return file.getvalue()


def as_json(figures: Iterable[Figure]) -> str:
    """Write parameters as a list of objects."""
    found = [_object(figure) for figure in figures]
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _row(figure: Figure, version: Version) -> list[object]:
    """Write one value as a row; a list of names apart by spaces, steps by colons."""
    return [
        figure.name,
        figure.metadata["short_label"],
        figure.metadata["short_label_fr"],
        version.start,
        version.end,
        _cell(version.value),
        figure.unit,
        figure.period,
        version.certainty,
        version.published,
        figure.last_check,
        " ; ".join(f"{one['title']} <{one['href']}>" for one in version.sources),
    ]


def _cell(value: Value) -> object:
    """Write a value as a cell."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return " ".join(f"{threshold}:{amount}" for threshold, amount in value)
    return " ".join(value) if isinstance(value, list) else value


def _object(figure: Figure) -> dict[str, object]:
    """Write a parameter as an object."""
    return {
        "parameter": figure.name,
        "label": figure.metadata["short_label"],
        "label_fr": figure.metadata["short_label_fr"],
        "description": figure.description,
        "documentation": figure.documentation or None,
        "unit": figure.unit,
        "threshold_unit": figure.threshold_unit,
        "period": figure.period,
        "last_value_still_valid_on": str(figure.last_check),
        "values": [
            {
                "from": str(version.start),
                "to": _text(version.end),
                "value": _plain(version.value),
                "certainty": version.certainty,
                "official_journal_date": _text(version.published),
                "sources": version.sources,
            }
            for version in figure.versions
        ],
    }


def _plain(value: Value) -> object:
    """Give a value in the types of JSON: steps as objects."""
    if isinstance(value, tuple):
        return [{"threshold": one, "amount": amount} for one, amount in value]
    return value


def _text(day: object) -> str | None:
    """Write a day, where there is one."""
    return None if day is None else str(day)
