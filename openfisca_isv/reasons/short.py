"""An answer in short: the branch of its reasons that decides it."""

import json
from typing import NamedTuple

_STEP = (
    *("condition", "variable", "entity", "of", "period", "period_text", "label"),
    *("value", "text", "unit", "met", "given", "settled", "undetermined"),
    "legal_date",
)
_FIGURE = ("parameter", "label", "text", "since", "certainty")
_PROVISION = ("id", "title", "certainty", "address")
#: How many bytes an answer may have in short, so that one question has under 8,000.
_MOST_BYTES = 7_000
_MOST_SOURCES = 3


class _Room(NamedTuple):
    """How much of the reasons is kept.

    Attributes:
        depth: Steps below one another.
        branches: Branches of a step that are followed.
        steps: Steps on the same level.
    """

    depth: int
    branches: int
    steps: int


#: From the most that is kept to the least.
_ROOMS = (
    _Room(3, 4, 12),
    _Room(3, 2, 8),
    _Room(2, 1, 6),
    _Room(1, 1, 4),
    _Room(0, 0, 2),
)


def shortened(answer: dict) -> dict:
    """Return an answer with the branch that decides it in place of all its reasons.

    A step that fails, or that cannot be said yet, keeps what makes it so; one that
    holds keeps what it rests on, without the reasons to that. ``changes`` keeps the
    words.
    """
    changes = answer["changes"]
    if changes:
        changes = {
            "text": changes["text"],
            **{
                key: [{"text": one["text"]} for one in changes[key]]
                for key in ("any_of", "all_of")
            },
        }
    for room in _ROOMS:
        reasons = _branch(answer["reasons"], room)
        short = answer | {"reasons": reasons, "changes": changes}
        # As the Web API writes it: in ASCII.
        if len(json.dumps(short)) <= _MOST_BYTES:
            break
    return short


def _branch(step: dict, room: _Room, depth: int = 0) -> dict:
    """Return a step with what decides it; its sources stand where the branch ends.

    Or where figures of its own make the amount.
    """
    short = _only(step, _STEP)
    below = step.get("rests_on", ())
    deciding = _deciding(step) if depth < room.depth else []
    is_end = not any("rule" in one for one in deciding)
    if "rule" in step and (is_end or step["compared_with"]):
        short["rule"] = step["rule"]
        short["compared_with"] = [
            _only(one, _FIGURE) for one in step["compared_with"][:_MOST_SOURCES]
        ]
        short["provisions"] = [
            _only(one, _PROVISION) for one in step["provisions"][:_MOST_SOURCES]
        ]
    if deciding:
        some = deciding[: room.branches]
        short["rests_on"] = [_branch(one, room, depth + 1) for one in some]
    elif below:
        short["rests_on"] = [
            _branch(one, room, depth + 1)
            if depth < room.depth and _gives(one, step)
            else _only(one, _STEP)
            for one in below[: room.steps]
        ]
    return short


def _gives(one: dict, step: dict) -> bool:
    """Return whether the amount of a step is calculated in one that it rests on."""
    is_same = all(one.get(key) == step.get(key) for key in ("value", "unit"))
    return is_same and _is_amount(step) and "rule" in one


def _is_amount(step: dict) -> bool:
    """Return whether a step has an amount, and not a condition that fails."""
    return type(step["value"]) in (int, float) and step["value"] != 0


def _deciding(step: dict) -> list[dict]:
    """Return what makes a step fail, or what leaves it open, or its only ground."""
    below = step.get("rests_on", ())
    if step["met"] or _is_amount(step):
        return list(below) if len(below) == 1 else []
    failing = [one for one in below if one["met"] is False or one.get("decisive")]
    if failing:
        return failing
    is_open = [one for one in below if one.get("settled") is False]
    if is_open:
        return is_open
    return list(below) if len(below) == 1 else []


def _only(found: dict, keys: tuple[str, ...]) -> dict:
    return {key: found[key] for key in keys if found.get(key) is not None}
