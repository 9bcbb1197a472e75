"""What people call countries: names in two languages, alpha-3 codes, short forms."""

from functools import cache

from openfisca_isv.countries import COUNTRIES
from openfisca_isv.names import plain

#: Usual in statistics, or in France, and not in ISO 3166-1.
_OTHERS = {"UK": "GB", "EL": "GR", "RDC": "CD", "DRC": "CD", "RCA": "CF"}


@cache
def codes_by_name() -> dict[str, str]:
    """Return the alpha-2 code of each country by what it may be called: ``plain``."""
    names = [
        (row[key], code)
        for code, row in COUNTRIES.items()
        for key in ("code", "name", "name_fr", "alpha_3")
    ]
    return {plain(name): code for name, code in [*names, *_OTHERS.items()]}
