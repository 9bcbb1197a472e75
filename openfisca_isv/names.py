"""Names as people write them, and the known ones that they mean."""

from collections.abc import Collection
from difflib import get_close_matches
from functools import lru_cache
from itertools import pairwise
from unicodedata import combining, normalize

#: Of more names none is meant: to compare them would keep the user waiting.
MOST_NAMES = 20_000
#: Names that are compared letter by letter, and letters that are compared.
_MOST_LIKELY, _LONGEST = 8, 80


def fold(text: str) -> str:
    """Return a text without accents or capitals, to sort it or to find it."""
    bare = "".join(one for one in normalize("NFKD", text) if not combining(one))
    return bare.casefold()


@lru_cache(maxsize=1 << 16)
def plain(name: str) -> str:
    """Return a name without accents, capitals, or what stands between its words."""
    words = "".join(one if one.isalnum() else " " for one in fold(name))
    return " ".join(words.split())


def bare_name(name: str) -> str:
    """Return a name of letters and digits alone, without accents or capitals."""
    return plain(name).replace(" ", "")


def is_same_but_written(name: str, other: str) -> bool:
    """Return whether names differ by no letter or digit, whatever their writing."""
    return bare_name(name) == bare_name(other) != ""


def nearest(text: str, names: Collection[str], most: int = MOST_NAMES) -> str | None:
    """Return the name most like a text, or ``None`` where none comes near.

    First the one that is the same but for its writing. Letters are compared where there
    are so many names at most.
    """
    if len(names) > MOST_NAMES:
        return None
    known = {plain(each[:_LONGEST]): each for each in reversed([*names])}
    name = plain(text[:_LONGEST])
    same = (known[each] for each in known if is_same_but_written(each, name))
    if (found := next(same, None)) or len(names) > most:
        return found
    # To compare names letter by letter takes long: first by pairs of letters.
    pairs = _pairs(name)
    likely = sorted(known, key=lambda each: -len(pairs & _pairs(each)))
    close = get_close_matches(name, likely[:_MOST_LIKELY], n=1)
    return known[close[0]] if close else None


@lru_cache(maxsize=1024)
def _pairs(name: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(f" {name} ")))


def meant(
    text: str, names: Collection[str], start: str = "", most: int = MOST_NAMES
) -> str:
    """Ask whether the name most like a text was meant; nothing where none is like it.

    >>> meant("strat_date", ["start_date", "end_date"])
    'Did you mean "start_date"?'
    """
    close = nearest(text, names, most)
    return f'{start}Did you mean "{close}"?' if close else ""
