"""A comparison as one HTML file that can be read, printed and put into a note."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2

from openfisca_isv.population.comparison.compare import LAW, Comparison
from openfisca_isv.population.comparison.effects import SHORTFALL
from openfisca_isv.population.comparison.pictures import pictures
from openfisca_isv.population.groups.names import BY_NAMES, group_name
from openfisca_isv.population.volunteer.wording import amount

_TEMPLATES = Path(__file__).parent / "templates"
_UNITS = {"currency-EUR": "€", "/1": "share", "": ""}
#: Groups that a table of the report lists; the CSV has them all.
_MOST_GROUPS = 15
_UNSAID = {"command": "", "versions": {}, "parameters_sha256": "", "inputs": {}}
MASKED = "masked"
_MINUS = "\N{MINUS SIGN}"
_SPACE = "\N{NO-BREAK SPACE}"


def html_report(
    comparison: Comparison,
    provenance: Mapping[str, object] | None = None,
    drawn: Mapping[str, bytes] | None = None,
) -> str:
    """Write a comparison as one HTML file that needs no other.

    Args:
        comparison: What was found.
        provenance: What made it: ``command``, ``versions``, ``inputs`` (SHA-256 by
            file), ``parameters_sha256``; what is left out is not shown.
        drawn: Its pictures, if already drawn.
    """
    drawn = pictures(comparison) if drawn is None else drawn
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {
        "euros": euros,
        "change": change,
        "number": number,
        "unit": lambda unit: _UNITS.get(unit, unit),
    }
    template = environment.get_template("comparison.html")
    return template.render(
        comparison=comparison,
        span=_span(comparison.years),
        reforms=[_about(comparison, one.name, drawn) for one in comparison.reforms],
        costs=_costs(comparison),
        cost_picture=_image(drawn["cost_by_year"]),
        cost_alt=_cost_alt(comparison),
        provenance=_UNSAID | dict(provenance or {}),
        most_groups=_MOST_GROUPS,
        has_masked=any(
            True in table["masked"].to_pylist()
            for table in comparison.tables().values()
            if "masked" in table.column_names
        ),
    )


def euros(value: float | None, decimals: int = 0) -> str:
    """Write an amount, or that it is masked."""
    return MASKED if value is None else f"{amount(value + 0.0, decimals)}{_SPACE}€"


def number(value: float | None) -> str:
    """Write a count, with a decimal where it is weighted."""
    if value is None:
        return MASKED
    return amount(value, 0 if value == round(value) else 1)


def change(value: float | None, unit: str = "€") -> str:
    """Write a change, with its sign."""
    if value is None:
        return MASKED
    if abs(value) < 0.5:  # noqa: PLR2004 -- it is written without decimals
        return "0" + (_SPACE + unit if unit else "")
    sign = "+" if value > 0 else _MINUS
    return f"{sign}{amount(abs(value), 0)}" + (_SPACE + unit if unit else "")


def key_sentences(row: Mapping[str, float | None], span: str) -> list[str]:
    """Say in a few sentences what a reform comes to, from the row of everyone."""
    if row["gainers"] is None:
        return ["What changes concerns too few people to be shown."]
    said = [_cost_sentence(row, span)]
    if row["gainers"] or row["losers"]:
        said.append(
            f"{_count(row['gainers'], 'volunteer')} {_verb('gain', row['gainers'])}"
            f" {euros(row['gains'])} in all, {_count(row['losers'], 'volunteer')}"
            f" {_verb('lose', row['losers'])} {euros(row['losses'])};"
            f" {number(row['unchanged'])} of {number(row['volunteers'])} receive the"
            " same."
        )
    else:
        said.append("No volunteer receives more or less.")
    for name, word in (("unlawful", "no longer"), ("lawful", "now")):
        if count := row[f"contracts_become_{name}"]:
            said.append(f"{_count(count, 'contract')} would {word} be lawful.")
    before, after = (row[f"{SHORTFALL}_{one}"] for one in ("law", "reform"))
    if None not in (before, after) and abs(after - before) >= 1:
        said.append(
            "To reach the minimum, the allowances agreed lack"
            f" {euros(after)} over {span}; {euros(before)} under the law in force."
        )
    return said


def _cost_sentence(row: Mapping[str, float], span: str) -> str:
    """Say what a reform costs the State."""
    difference = row["state_cost_change"]
    if abs(difference) < 1:
        return f"The cost to the State over {span} stays the same."
    percent = ""
    if row["state_cost_law"]:
        share = 100 * abs(difference) / row["state_cost_law"]
        sign = "+" if difference > 0 else _MINUS
        percent = f" ({sign}{share:.1f}{_SPACE}%)"
    more = "more" if difference > 0 else "less"
    return f"Over {span} the State pays {euros(abs(difference))} {more}{percent}."


def _count(value: float, noun: str) -> str:
    """Write a number of things."""
    return f"{number(value)} {noun}{'' if value == 1 else 's'}"


def _verb(verb: str, value: float) -> str:
    """Write a verb for one or for several."""
    return f"{verb}s" if value == 1 else verb


def _about(comparison: Comparison, name: str, drawn: Mapping[str, bytes]) -> dict:
    """Gather what the report says of one reform."""
    rows = _of(comparison.gainers_and_losers.to_pylist(), name)
    groups = [
        {
            "title": BY_NAMES.get(by, by),
            "rows": [
                row | {"name": group_name(by, row["group"])}
                for row in rows
                if row["by"] == by
            ],
        }
        for by in comparison.by
    ]
    everyone = next(row for row in rows if row["by"] == "all")
    source = next(one for one in comparison.reforms if one.name == name)
    conditions = _of(comparison.unmet_conditions.to_pylist(), name)
    return {
        "source": source,
        "sentences": key_sentences(everyone, _span(comparison.years)),
        "everyone": everyone,
        "groups": groups,
        "bands": _of(comparison.gain_distribution.to_pylist(), name),
        "conditions": [
            row | {"condition": _condition(row["condition"])}
            for row in conditions
            if row["masked"] or row["contracts_law"] or row["contracts_reform"]
        ],
        "has_conditions_changed": any(row["contracts_change"] for row in conditions),
        "parameters": _of(comparison.parameters.to_pylist(), name),
        "rules": comparison.rules[name],
        "pictures": [
            {"image": _image(drawn[f"{name}_{one}"])} | _caption(one, groups)
            for one in ("gainers_and_losers", "amounts", "lawfulness")
            if f"{name}_{one}" in drawn
        ],
    }


def _costs(comparison: Comparison) -> list[dict]:
    """Give the rows of the table of costs: a row a year, and the sum."""
    by_year: dict[int, dict] = {}
    for row in comparison.cost_by_year.to_pylist():
        entry = by_year.setdefault(row["year"], {"year": row["year"], "changes": []})
        if row["scenario"] == LAW:
            entry |= row
        else:
            entry["changes"].append(row["state_cost_change"])
    rows = list(by_year.values())
    everyone = [
        row for row in comparison.gainers_and_losers.to_pylist() if row["by"] == "all"
    ]
    names = (
        "state_cost",
        "state_aid",
        "resettlement_allowance",
        "occupational_integration_premium",
        "allowance_due",
    )
    total = {name: sum(row[name] for row in rows) for name in names}
    changes = [row["state_cost_change"] for row in everyone]
    return [*rows, {"year": "All years", "changes": changes} | total]


def _cost_alt(comparison: Comparison) -> str:
    """Describe the picture of the costs."""
    span = _span(comparison.years)
    parts = [f"Lines and bars by year, {span}. The table below has the figures."]
    for source in comparison.reforms:
        rows = comparison.cost_by_year.to_pylist()
        changes = [
            f"{row['year']} {change(row['state_cost_change'])}"
            for row in rows
            if row["scenario"] == source.name and row["state_cost_change"]
        ]
        said = ", ".join(changes) if changes else "no change"
        parts.append(f"{source.title}: {said}.")
    return " ".join(parts)


def _caption(kind: str, groups: Sequence[dict]) -> dict[str, str]:
    """Give the caption of a picture, and what it shows in words."""
    if kind == "amounts":
        caption = "How many volunteers gain or lose how much"
        return {"caption": caption, "alt": f"{caption}. The table has the figures."}
    columns = ("losers", "gainers")
    caption = "Volunteers who lose and who gain, by group"
    if kind == "lawfulness":
        columns = ("contracts_become_unlawful", "contracts_become_lawful")
        caption = "Contracts that become lawful or unlawful, by group"
    said = []
    for group in groups:
        shown = [row for row in group["rows"] if any(row[one] for one in columns)]
        if shown:
            most = max(shown, key=lambda row: sum(row[one] or 0 for one in columns))
            counts = " and ".join(
                f"{number(most[one])} {one.replace('_', ' ')}" for one in columns
            )
            said.append(f"{group['title']}: most in {most['name']}, {counts}.")
    return {"caption": caption, "alt": f"{caption}. {' '.join(said)}"}


def _condition(name: str) -> str:
    """Write a condition in words."""
    return (
        "lawful: every condition is met" if name == "none" else name.replace("_", " ")
    )


def _of(rows: Sequence[dict], reform: str) -> list[dict]:
    """Keep the rows of one reform."""
    return [row for row in rows if row["reform"] == reform]


def _span(years: range) -> str:
    """Write the years."""
    first, last = years.start, years.stop - 1
    return f"{first}" if first == last else f"{first} to {last}"


def _image(png: bytes) -> str:
    """Give a picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(png).decode()
