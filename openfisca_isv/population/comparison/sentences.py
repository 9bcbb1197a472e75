"""What a reform comes to, in words and numbers for a reader."""

from collections.abc import Mapping, Sequence

from openfisca_isv.population.subject import SHORTFALL
from openfisca_isv.population.wording import amount, counted

MASKED = "masked"
MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"


def euros(value: float | None, decimals: int = 0) -> str:
    """Write an amount, or that it is masked."""
    return MASKED if value is None else f"{amount(value + 0.0, decimals)}{_SPACE}€"


def number(value: float | None) -> str:
    """Write a count, with a decimal where it is weighted."""
    if value is None:
        return MASKED
    return amount(value, 0 if value == round(value) else 1)


def value_text(value: str) -> str:
    """Write a value of the table of parameters, numbers with separators."""
    for kind in (int, float):
        try:
            return f"{kind(value):,}"
        except ValueError:
            continue
    return value


def change(value: float | None, unit: str = "€") -> str:
    """Write a change, with its sign."""
    if value is None:
        return MASKED
    if abs(value) < 0.5:  # noqa: PLR2004 - it is written without decimals
        return "0" + (_SPACE + unit if unit else "")
    sign = "+" if value > 0 else MINUS
    return f"{sign}{amount(abs(value), 0)}" + (_SPACE + unit if unit else "")


def key_sentences(row: Mapping[str, float | None], span: str) -> list[str]:
    """Say in a few sentences what a reform comes to, from the row of everyone."""
    if row["gainers"] is None:
        return ["What changes concerns too few people to be shown."]
    said = [_cost_sentence(row, span)]
    if row["gainers"] or row["losers"]:
        moved = [
            f"{counted(row[people], 'volunteer')} {_verb(verb, row[people])}"
            f" {euros(row[amounts])} in all, {euros(row[mean])} each on average"
            for people, verb, amounts, mean in (
                ("gainers", "gain", "gains", "mean_gain"),
                ("losers", "lose", "losses", "mean_loss"),
            )
            if row[people]
        ]
        same = f"{number(row['unchanged'])} of {_everyone(row)} receive the same"
        said.append("; ".join([*moved, same]) + ".")
    else:
        said.append(f"None of {_everyone(row)} receives more or less.")
    for name, word in (("unlawful", "no longer"), ("lawful", "now")):
        if count := row[f"contracts_become_{name}"]:
            said.append(f"{counted(count, 'contract')} would {word} be lawful.")
    before, after = (row[f"{SHORTFALL}_{one}"] for one in ("law", "reform"))
    if None not in (before, after) and abs(after - before) >= 1:
        said.append(
            "To reach the minimum, the allowances agreed lack"
            f" {euros(after)} over {span}; {euros(before)} under the law in force."
        )
    return said


def filled(bands: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Leave out the outer bands that nobody is in."""
    ranks = [
        rank
        for rank, row in enumerate(bands)
        if row["volunteers"] != 0 or row["change"] == "unchanged"
    ]
    return [*bands[ranks[0] : ranks[-1] + 1]]


def readings_sentences(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Say in a few sentences what the readings come to, from their table."""
    alone = [row for row in rows if row["rank"]]
    with_effect = [row for row in alone if has_effect(row)]
    count = len(with_effect)
    others = counted(len(alone), "other reading")
    said = [f"{count} of {others} {_verb('change', count)} a figure shown here."]
    first = alone[0]
    if first["state_cost_change_per_year"]:
        said.append(
            f'Worth most: "{first["title"]}" instead of "{first["chosen"]}"'
            f" ({first['articles']}): {_per_year(first)}."
        )
    said += [
        f"Taken together, {row['taken']}: {_per_year(row)}."
        for row in rows
        if not row["rank"]
    ]
    return said


def has_effect(row: Mapping[str, object]) -> bool:
    """Tell whether a reading changes a figure, or one that is masked."""
    names = (
        "state_cost_change",
        "gainers",
        "losers",
        "contracts_become_lawful",
        "contracts_become_unlawful",
    )
    return any(row[name] is None or row[name] for name in names)


def _per_year(row: Mapping[str, object]) -> str:
    """Write what the State pays more or less in a year."""
    value = row["state_cost_change_per_year"]
    if value is None:
        return "masked"
    return f"{euros(abs(value))} {'more' if value > 0 else 'less'} a year for the State"


def _cost_sentence(row: Mapping[str, float], span: str) -> str:
    """Say what a reform costs the State."""
    difference = row["state_cost_change"]
    if difference is None:
        return "What the State pays concerns too few people to be shown."
    if abs(difference) < 1:
        return f"The cost to the State over {span} stays the same."
    percent = ""
    if row["state_cost_law"]:
        share = 100 * abs(difference) / row["state_cost_law"]
        sign = "+" if difference > 0 else MINUS
        percent = f" ({sign}{share:.1f}{_SPACE}%)"
    more = "more" if difference > 0 else "less"
    return f"Over {span} the State pays {euros(abs(difference))} {more}{percent}."


def _everyone(row: Mapping[str, float]) -> str:
    """Name those who are counted, from the row of everyone."""
    return f"the {counted(row['volunteers'], 'volunteer')} of these years"


def _verb(verb: str, value: float) -> str:
    """Write a verb for one or for several."""
    return f"{verb}s" if value == 1 else verb
