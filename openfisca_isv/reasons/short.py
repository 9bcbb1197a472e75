"""An answer in short: the branch of its reasons that decides it."""

_STEP = (
    *(
        "condition",
        "variable",
        "entity",
        "of",
        "period",
        "period_text",
        "label",
        "value",
        "text",
    ),
    *("unit", "met", "given", "settled", "undetermined", "legal_date"),
)
_FIGURE = ("parameter", "label", "text", "since", "certainty")
_PROVISION = ("id", "title", "certainty", "address")
#: Steps below one another, branches, grounds beside one another, sources of a step.
_DEEPEST, _MOST_BRANCHES, _MOST_STEPS, _MOST_SOURCES = 3, 4, 12, 3


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
    return answer | {"reasons": _branch(answer["reasons"]), "changes": changes}


def _branch(step: dict, depth: int = 0) -> dict:
    """Return a step with what decides it; its sources stand where the branch ends."""
    short = _only(step, _STEP)
    below = step.get("rests_on", ())
    deciding = _deciding(step) if depth < _DEEPEST else []
    if not any("rule" in one for one in deciding) and "rule" in step:
        short["rule"] = step["rule"]
        short["compared_with"] = [
            _only(one, _FIGURE) for one in step["compared_with"][:_MOST_SOURCES]
        ]
        short["provisions"] = [
            _only(one, _PROVISION) for one in step["provisions"][:_MOST_SOURCES]
        ]
    if deciding:
        some = deciding[:_MOST_BRANCHES]
        short["rests_on"] = [_branch(one, depth + 1) for one in some]
    elif below:
        short["rests_on"] = [_only(one, _STEP) for one in below[:_MOST_STEPS]]
    return short


def _deciding(step: dict) -> list[dict]:
    """Return what makes a step fail, or what leaves it open, or its only ground."""
    below = step.get("rests_on", ())
    failing = [one for one in below if one["met"] is False or one.get("decisive")]
    if failing:
        return failing
    is_open = [one for one in below if one.get("settled") is False]
    if is_open:
        return is_open
    return list(below) if len(below) == 1 else []


def _only(found: dict, keys: tuple[str, ...]) -> dict:
    """Return some keys of an object, where they say something."""
    return {key: found[key] for key in keys if found.get(key) is not None}
