"""JSON as the standard has it: no key twice, no ``NaN``, nothing without end.

Python's own reader keeps the last of two values of one key, without a word, and reads
``NaN`` and ``Infinity``, which are not JSON. Here both are read into objects that no
value of a situation is like, so that a walk over the body finds them where they are.
"""

import json

from openfisca_isv.situations.problems import (
    Problem,
    RefusalError,
    Repeated,
    pointer,
    shown,
)


class NotANumber:
    """``NaN``, ``Infinity`` or ``-Infinity``, where a value should be."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        """Return what was written."""
        return self._text


def parse(body: bytes) -> object:
    """Read the body of a request.

    Raises:
        RefusalError: It is not JSON, or too deep to be read at all.
    """
    if not body:
        raise _not_json(None, "the body is empty", "Send a situation, as JSON")
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 text, from byte {error.start} on"
        raise _not_json(None, f"the body {reason}", "Encode it in UTF-8") from None
    try:
        return json.loads(text, object_pairs_hook=_object_of, parse_constant=NotANumber)
    except json.JSONDecodeError as error:
        found = text[error.pos : error.pos + 20] or None
        reason = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise _not_json(
            found, f"the body is not JSON: {reason}", "Correct the JSON there"
        ) from None
    except RecursionError:
        raise too_deep(None) from None
    except ValueError:
        reason = "the body holds a number with thousands of digits"
        raise _not_json(None, reason, "Write numbers that measure something") from None


def too_deep(limit: int | None, path: tuple[object, ...] = ()) -> RefusalError:
    """Refuse a body whose objects and lists go too deep."""
    most = "" if limit is None else f", and may nest {limit}"
    problem = Problem(
        pointer(path),
        None,
        f"the body nests too many objects and lists in one another{most}",
        "Write an entity, a name, a variable and a period inside one another",
    )
    return RefusalError(400, "too_deep", problem)


def depth(found: object, most: int) -> int:
    """Count the objects and lists inside one another, and stop after ``most``."""
    level = [found]
    for count in range(most + 1):
        level = [each for each in level if isinstance(each, dict | list)]
        if not level:
            return count
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each)
        ]
    return most + 1


def _object_of(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    twice = {key: None for key, _ in pairs if key in seen or seen.add(key)}
    found = Repeated(found)
    found.keys_twice = list(twice)
    return found


def _not_json(value: str | None, reason: str, remedy: str) -> RefusalError:
    return RefusalError(400, "not_json", Problem("", shown(value), reason, remedy))
