"""Names that SAS and Stata take: 32 letters, digits and underscores at most."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from openfisca_isv.population.labels.labelled_columns import SETTLED, names

LONGEST = 32
_LEGAL = re.compile(r"[a-z_][a-z0-9_]*", re.ASCII | re.IGNORECASE)
#: Words of Stata, names that SAS keeps for itself, and those that Stata gives to
#: columns without a name.
_RESERVED = re.compile(
    r"_.*_?|byte|double|float|if|in|int|long|str\d+|strl|using|with|v\d+", re.IGNORECASE
)
_YEAR = re.compile(r"\d{4}", re.ASCII)


def short_names(columns: Sequence[str]) -> dict[str, str]:
    """Return the names in SAS and Stata of the columns of a table, or of tables.

    The name itself where it is legal, that of ``names.yaml`` for those of the model
    that are too long. Columns of the user's own get a name that depends on theirs
    alone. No two are the same, whatever the case.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in columns:
        short = _short_name(name)
        if short.lower() in taken:
            short = _made_up(name)
        taken.add(short.lower())
        found[name] = short
    return found


def is_legal(name: str) -> bool:
    """Return whether SAS and Stata take a name."""
    is_word = _LEGAL.fullmatch(name) and not _RESERVED.fullmatch(name)
    return bool(is_word) and len(name) <= LONGEST


def _short_name(name: str) -> str:
    listed = names()["short_names"].get(name)
    if listed:
        return listed
    if is_legal(name):
        return name
    if name.endswith(SETTLED):
        short = f"{_short_name(name.removesuffix(SETTLED))[: LONGEST - 2]}_s"
        return short if is_legal(short) else _made_up(name)
    return f"y{name}" if _YEAR.fullmatch(name) else _made_up(name)


def _made_up(name: str) -> str:
    """Return what is legal of a name, and four digits of its SHA-256."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = re.sub(r"\W+", "_", plain, flags=re.ASCII).strip("_")
    if not words or words[0].isdigit():
        words = f"x{words}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:4]
    return f"{words[: LONGEST - 5]}_{digest}"
