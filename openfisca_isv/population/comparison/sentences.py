"""What a reform comes to, in words and numbers for a reader."""

from collections.abc import Mapping, Sequence

from openfisca_isv.population.language import say, words
from openfisca_isv.population.subject import AMOUNTS, SHORTFALL
from openfisca_isv.population.wording import amount, counted, number

MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"
#: Columns of the tables that are 0 where a law changes nothing.
_CHANGES = tuple(f"{one}_change" for one in (*AMOUNTS, "contracts_lawful", "contracts"))
_CHANGES += ("gainers", "losers", "changed")
_CHANGES += ("contracts_become_lawful", "contracts_become_unlawful")


def euros(value: float | None) -> str:
    """Write an amount, or that it is masked."""
    return say("masked") if value is None else f"{amount(value + 0.0, 0)}{_SPACE}€"


def value_text(value: str) -> str:
    """Write a value of the table of parameters, numbers with separators."""
    for kind in (int, float):
        try:
            return words().figures(f"{kind(value):,}")
        except ValueError:
            continue
    return value


def change(value: float | None, unit: str = "€") -> str:
    """Write a change, with its sign."""
    if value is None:
        return say("masked")
    written = "0"
    if abs(value) >= 0.5:  # noqa: PLR2004 - it is written without decimals
        written = ("+" if value > 0 else MINUS) + amount(abs(value), 0)
    return written + (_SPACE + unit if unit else "")


def key_sentences(row: Mapping[str, float | None], span: str) -> list[str]:
    """Return in a few sentences what a reform comes to, from the row of everyone."""
    if row["gainers"] is None:
        return [say("What changes concerns too few people to be shown.")]
    said, moved = [_cost_sentence(row, span)], []
    for people, verb, amounts, mean in (
        ("gainers", "gain", "gains", "mean_gain"),
        ("losers", "lose", "losses", "mean_loss"),
    ):
        if row[people]:
            told = "{volunteers} " + _verb(verb, row[people])
            moved.append(
                say(
                    told + " {amount} in all, {mean} each on average",
                    volunteers=counted(row[people], "volunteer"),
                    amount=euros(row[amounts]),
                    mean=euros(row[mean]),
                )
            )
    everyone = counted(row["volunteers"], "volunteer")
    if moved:
        told = "{number} of the {volunteers} of these years receive the same"
        same = say(told, number=number(row["unchanged"]), volunteers=everyone)
        said.append(say("; ").join([*moved, same]) + ".")
    else:
        told = "None of the {volunteers} of these years receives more or less."
        said.append(say(told, volunteers=everyone))
    for name, told in (
        ("unlawful", "{contracts} would no longer be lawful."),
        ("lawful", "{contracts} would now be lawful."),
    ):
        if count := row[f"contracts_become_{name}"]:
            said.append(say(told, contracts=counted(count, "contract")))
    before, after = (row[f"{SHORTFALL}_{one}"] for one in ("law", "reform"))
    if None not in (before, after) and abs(after - before) >= 1:
        told = say(
            "To reach the minimum, the allowances agreed lack {after} over {span};"
            " {before} under the law in force.",
            after=euros(after),
            span=span,
            before=euros(before),
        )
        said.append(told)
    return said


def filled(bands: Sequence[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """Leave out the outer bands that nobody is in."""
    ranks = [
        rank
        for rank, row in enumerate(bands)
        if row["volunteers"] != 0 or row["change_from"] == row["change_to"]
    ]
    return [*bands[ranks[0] : ranks[-1] + 1]]


def readings_sentences(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """Return in a few sentences what the readings come to, from their table."""
    alone = [row for row in rows if row["rank"]]
    # A figure that is masked is None: it counts for no change that is shown.
    changed = [any(row[name] for name in _CHANGES if name in row) for row in alone]
    count, others = sum(changed), counted(len(alone), "other reading")
    told = "{count} of {others} " + _verb("change", count) + " a figure shown here."
    said = [say(told, count=count, others=others)]
    if hidden := sum(map(has_effect, alone)) - count:
        masked = counted(hidden, "other reading")
        said.append(say("What changes under {masked} is masked.", masked=masked))
    first = alone[0]
    if first["state_cost_change_per_year"]:
        told = 'Worth most: "{title}" instead of "{chosen}" ({articles}): {worth}.'
        said.append(say(told, worth=_per_year(first), **first))
    told = "Taken together, {taken}: {worth}."
    said += [
        say(told, taken=say(row["taken"]), worth=_per_year(row))
        for row in rows
        if not row["rank"]
    ]
    return said


def has_effect(row: Mapping[str, object]) -> bool:
    """Return whether a law changes a figure of a row, or one that is masked."""
    return any(row[name] != 0 for name in _CHANGES if name in row)


def _per_year(row: Mapping[str, object]) -> str:
    """Write what the State pays more or less in a year."""
    value = row["state_cost_change_per_year"]
    if value is None:
        return say("masked")
    more = "{amount} more a year for the State"
    less = "{amount} less a year for the State"
    return say(more if value > 0 else less, amount=euros(abs(value)))


def _cost_sentence(row: Mapping[str, float], span: str) -> str:
    difference = row["state_cost_change"]
    if difference is None:
        return say("What the State pays concerns too few people to be shown.")
    if abs(difference) < 1:
        return say("The cost to the State over {span} stays the same.", span=span)
    told, sign = "Over {span} the State pays {amount} more{percent}.", "+"
    if difference < 0:
        told, sign = "Over {span} the State pays {amount} less{percent}.", MINUS
    percent = ""
    if row["state_cost_law"]:
        share = 100 * abs(difference) / row["state_cost_law"]
        percent = f" ({sign}{amount(share, 1)}{_SPACE}%)"
    return say(told, span=span, amount=euros(abs(difference)), percent=percent)


def _verb(verb: str, value: float) -> str:
    return f"{verb}s" if value == 1 else verb
