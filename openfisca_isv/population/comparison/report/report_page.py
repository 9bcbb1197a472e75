"""A comparison as one HTML file that can be read, printed and put into a note."""

import base64
import os
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2
import pyarrow as pa

from openfisca_isv.population.comparison.comparison import LAW, Comparison
from openfisca_isv.population.comparison.effects import BANDS
from openfisca_isv.population.comparison.groupings import (
    ALL,
    group_title,
    grouping_name,
    grouping_title,
    is_in_order,
)
from openfisca_isv.population.comparison.package import INTERACTION
from openfisca_isv.population.comparison.sentences import (
    change,
    euros,
    filled,
    has_effect,
    key_sentences,
    number,
    readings_sentences,
    value_text,
)
from openfisca_isv.population.language import language, say, translated, words
from openfisca_isv.population.model.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.reforms.source import TOGETHER
from openfisca_isv.population.wording import counted, span_text
from openfisca_isv.typeset import typeset_html
from openfisca_isv.variables.contract import Condition

_TEMPLATES = Path(__file__).parent / "templates"
_UNITS = {"currency-EUR": "€", "/1": "share", "": ""}
#: Groups that a table of the report lists; the CSV has them all.
_MOST_GROUPS = 10
#: Euros below which a change is not listed rule by rule.
_LEAST = 0.5
_FIGURES = {
    "state_cost_change": "Change in cost to the State, €",
    "gainers": "Volunteers who gain",
    "losers": "Volunteers who lose",
    "gains": "Gains, €",
    "losses": "Losses, €",
}


def html_report(comparison: Comparison, drawn: Mapping[str, bytes]) -> str:
    """Write a comparison as one HTML file that needs no other.

    Args:
        comparison: What was found.
        drawn: Its pictures.
    """
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
        "value": value_text,
        "unit": lambda unit: say(_UNITS.get(unit, unit)),
        "translated": translated,
        "day": day,
    }
    written = _today()
    environment.globals["say"] = say
    template = environment.get_template("comparison.html")
    page = template.render(
        language=language(),
        comparison=comparison,
        span=span_text(comparison.years),
        scope=_scope(comparison),
        written=words().day(written),
        reforms=[_about(comparison, one.name, drawn) for one in comparison.reforms],
        costs=_costs(comparison),
        cost_picture=_image(drawn.get("cost_by_year", b"")),
        cost_alt=_cost_alt(comparison),
        package=_package(comparison),
        readings=_readings(comparison, drawn),
        provenance=_provenance(comparison.account),
        # Once it has run, the account has the warnings of the comparison too.
        warnings=dict.fromkeys([*comparison.account["warnings"], *comparison.warnings]),
        most_groups=_MOST_GROUPS,
        has_masked=any(
            True in table["masked"].to_pylist()
            for table in comparison.tables().values()
            if "masked" in table.column_names
        ),
    )
    return page if language() == "en" else typeset_html(page, language())


def day(text: str) -> str:
    """Write a day; in English as the law's tables have it."""
    return words().iso_day(text) if text and language() != "en" else text


def _today() -> date:
    """Return the day, or the one that a reproducible build is told."""
    if told := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(told), UTC).date()
    return datetime.now().astimezone().date()


def _scope(comparison: Comparison) -> str:
    """Return how many people are counted, and of how many."""
    rows = {name: counted(count, name[:-1]) for name, count in comparison.rows.items()}
    if comparison.gainers_and_losers is None:
        return say(
            "Tables: {missions} of {volunteers} with {organisations}.",
            **rows,
        )
    people = comparison.gainers_and_losers["volunteers"][0].as_py()
    return say(
        "{counted} of these years counted{how}, of tables of {missions} of {volunteers}"
        " with {organisations} of all years.",
        counted=say("masked") if people is None else counted(people, "volunteer"),
        how=say(", weighted") if comparison.is_weighted else "",
        **rows,
    )


def _provenance(account: Mapping[str, object]) -> dict[str, object]:
    """Gather what the report says of what made it."""
    inputs = [
        {"file": file, "digest": digest}
        for files in account["inputs"].values()
        for file, digest in files.items()
    ]
    return {
        "options": _options(account["command"]),
        "versions": account["versions"],
        "parameters_sha256": account["law"]["parameters_sha256"],
        "inputs": inputs,
        "set_aside": _set_aside(account),
    }


def _set_aside(account: Mapping[str, object]) -> str:
    """Return how many rows were set aside, if some were."""
    count = sum(rows["rejected"] for rows in account["rows"].values())
    told = "{rows} was set aside" if count == 1 else "{rows} were set aside"
    return say(told, rows=counted(count, "row")) if count else ""


def _options(command: Mapping[str, object]) -> str:
    """Write what was asked as options of the command."""
    words = []
    if years := command.get("years"):
        words += ["--years", ":".join(map(str, years))]
    for names in command.get("by", ()):
        words += ["--by", ",".join(names)]
    if outputs := command.get("outputs"):
        words += ["--outputs", ",".join(outputs)]
    if parts := command.get("format_of_cells"):
        declared = (f"{part}={word}" for part, word in parts.items())
        words += ["--format-of-cells", ",".join(declared)]
    flags = ("readings", "together", "raise_allowances_to_minimum")
    words += [f"--{one.replace('_', '-')}" for one in flags if command.get(one)]
    if draws := command.get("bootstrap"):
        words += ["--bootstrap", str(draws), "--seed", str(command.get("seed", 0))]
    bands = tuple(command.get("bands", BANDS))
    words += [] if bands == BANDS else ["--bands", ",".join(map("{:g}".format, bands))]
    for name in ("weight", "min_cell"):
        if value := command.get(name):
            words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)


def _about(comparison: Comparison, name: str, drawn: Mapping[str, bytes]) -> dict:
    """Gather what the report says of one reform."""
    rows = _of(comparison.gainers_and_losers.to_pylist(), name)
    groups = [
        {
            "title": grouping_title(by),
            "which": "first" if is_in_order(by) else "largest",
            "rows": [
                row | {"name": group_title(by, row["group"])}
                for row in rows
                if row["by"] == grouping_name(by) and (row["masked"] or has_effect(row))
            ],
        }
        for by in comparison.by
    ]
    everyone = next(row for row in rows if row["by"] == ALL)
    source = next(one for one in comparison.reforms if one.name == name)
    conditions = _of(comparison.unmet_conditions.to_pylist(), name)
    return {
        "source": source,
        "sentences": key_sentences(everyone, span_text(comparison.years)),
        "everyone": everyone,
        "groups": groups,
        "bands": filled(_of(comparison.gain_distribution.to_pylist(), name)),
        "by_rule": _rules(_of(comparison.cost_by_rule.to_pylist(), name)),
        "conditions": [
            row | {"condition": _condition(row["condition"])}
            for row in conditions
            if row["masked"] or row["contracts_law"] or row["contracts_reform"]
        ],
        "outputs": [
            row | {"label": _rule_label(row["output"])}
            for row in _of(_rows_of(comparison.outputs), name)
        ],
        "errors": [
            row | {"label": say(_FIGURES[row["figure"]])}
            for row in _of(_rows_of(comparison.standard_errors), name)
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
    """Return the rows of the table of costs: one row per year, and the sum."""
    if not comparison.reforms:
        return []
    by_year: dict[int, dict] = {}
    for row in comparison.cost_by_year.to_pylist():
        entry = by_year.setdefault(row["year"], {"year": row["year"], "changes": []})
        if row["scenario"] == LAW:
            entry |= row
        else:
            entry["changes"].append(row["state_cost_change"])
    rows = list(by_year.values())
    everyone = [
        row for row in comparison.gainers_and_losers.to_pylist() if row["by"] == ALL
    ]
    names = (
        "state_cost",
        "state_aid",
        "resettlement_allowance",
        "occupational_integration_premium",
        "allowance_due",
    )
    total = {}
    for name in names:
        amounts = [row[name] for row in rows]
        total[name] = None if None in amounts else sum(amounts)
    changes = [row["state_cost_change"] for row in everyone]
    return [*rows, {"year": say("All years"), "changes": changes} | total]


def _package(comparison: Comparison) -> list[dict]:
    """Name the reforms, what they come to together, and what is left."""
    named = {one.name: one.title for one in comparison.reforms}
    named |= {
        TOGETHER: say("All together"),
        INTERACTION: say("of which what they do to each other"),
    }
    return [row | {"title": named[row["part"]]} for row in _rows_of(comparison.package)]


def _rules(rows: Sequence[dict]) -> list[dict]:
    """Name the rules whose cost changes; the last row is the total."""
    *rules, total = rows
    shown = [row for row in rules if row["masked"] or abs(row["cost_change"]) >= _LEAST]
    return [
        row | {"label": _rule_label(row["rule"])} for row in (*shown, total) if shown
    ]


def _rows_of(table: pa.Table | None) -> list[dict]:
    return [] if table is None else table.to_pylist()


def _rule_label(name: str) -> str:
    """Name a rule."""
    variable = tax_benefit_system().get_variable(name)
    return words().label(variable) if variable else say("Other rules, and rounding")


def _readings(comparison: Comparison, drawn: Mapping[str, bytes]) -> dict | None:
    """Gather what the report says of the other readings, if it was asked."""
    if comparison.readings is None:
        return None
    rows = comparison.readings.to_pylist()
    alone = [row for row in rows if row["rank"]]
    return {
        "sentences": readings_sentences(rows),
        "picture": _image(drawn["readings"]) if "readings" in drawn else None,
        "rows": [row for row in alone if has_effect(row)],
        "together": [
            row | {"count": len(row["readings"].split("+"))}
            for row in rows
            if not row["rank"]
        ],
        "idle": [row for row in alone if not has_effect(row)],
    }


def _cost_alt(comparison: Comparison) -> str:
    """Describe the picture of the costs."""
    span = span_text(comparison.years)
    told = "Bars by year, {span}. The table below has the figures."
    parts = [say(told, span=span)]
    for source in comparison.reforms:
        rows = comparison.cost_by_year.to_pylist()
        changes = [
            f"{row['year']} {change(row['state_cost_change'])}"
            for row in rows
            if row["scenario"] == source.name and row["state_cost_change"]
        ]
        said = ", ".join(changes) if changes else say("no change")
        parts.append(say("{title}: {said}.", title=source.title, said=said))
    return " ".join(parts)


def _caption(kind: str, groups: Sequence[dict]) -> dict[str, str]:
    """Return the caption of a picture, and what it shows in words."""
    if kind == "amounts":
        caption = say("How many volunteers gain or lose how much")
        table = say("The table has the figures.")
        return {"caption": caption, "alt": f"{caption}. {table}"}
    columns = ("losers", "gainers")
    caption = say("Volunteers who lose and who gain, by group")
    told = "{title}: most in {group}, {losers} losers and {gainers} gainers."
    if kind == "lawfulness":
        columns = ("contracts_become_unlawful", "contracts_become_lawful")
        caption = say("Contracts that become lawful or unlawful, by group")
        told = "{title}: most in {group}, {contracts_become_unlawful} contracts become"
        told += " unlawful and {contracts_become_lawful} lawful."
    said = []
    for group in groups:
        shown = [row for row in group["rows"] if any(row[one] for one in columns)]
        if shown:
            most = max(shown, key=lambda row: sum(row[one] or 0 for one in columns))
            counts = {one: number(most[one]) for one in columns}
            where = {"title": group["title"], "group": most["name"]}
            said.append(say(told, **where, **counts))
    return {"caption": caption, "alt": f"{caption}. {' '.join(said)}"}


def _condition(name: str) -> str:
    """Write a condition in words."""
    if language() != "en":
        return words().member(Condition[name])
    return (
        "lawful: every condition is met" if name == "none" else name.replace("_", " ")
    )


def _of(rows: Sequence[dict], reform: str) -> list[dict]:
    """Keep the rows of one reform."""
    return [row for row in rows if row["reform"] == reform]


def _image(png: bytes) -> str:
    """Return a picture as an address that holds it."""
    return "data:image/png;base64," + base64.b64encode(png).decode()
