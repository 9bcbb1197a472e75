"""The States and territories of the world, and the State each belongs to.

Codes are ISO 3166-1 alpha-2. The law speaks of States: a dependent territory counts
as its sovereign State. The list is ``countries.csv``, beside this file.
"""

import csv
from pathlib import Path

import numpy
from openfisca_core.indexed_enums import Enum, EnumArray

with (Path(__file__).parent / "countries.csv").open(encoding="utf-8") as _file:
    COUNTRIES = {row["code"]: row for row in csv.DictReader(_file)}

Country = Enum(
    "Country",
    {"none": "Unknown, or none"}
    | {code: row["name"] for code, row in COUNTRIES.items()},
    module=__name__,
)
Country.__doc__ = "A country by its ISO 3166-1 alpha-2 code, or ``none``."

_SOVEREIGNS = numpy.array(
    [0] + [Country[row["sovereign"]].index for row in COUNTRIES.values()],
    dtype=numpy.int16,
)


def sovereign(countries: EnumArray) -> EnumArray:
    """Give the sovereign State of each country: ``GP`` and ``NC`` are in ``FR``.

    Args:
        countries: Members of ``Country``, shape ``(n,)``.

    Returns:
        Members of ``Country``, shape ``(n,)``; ``none`` stays ``none``.
    """
    return EnumArray(_SOVEREIGNS[countries.view(numpy.ndarray)], Country)
