"""What people call countries: names in two languages, alpha-3 codes, short forms."""

from functools import cache, lru_cache
from unicodedata import combining, normalize

from openfisca_isv.countries import COUNTRIES

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


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """Return a name without accents, case, or what stands between its words."""
    bare = "".join(one for one in normalize("NFKD", name) if not combining(one))
    words = "".join(one if one.isalnum() else " " for one in bare.casefold())
    return " ".join(words.split())
