"""A comparison as one HTML file that can be read, printed and put into a note."""

import base64
import os
import shlex
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import jinja2

from openfisca_isv.population.comparison.comparison import Comparison
from openfisca_isv.population.comparison.effects import BANDS
from openfisca_isv.population.comparison.groupings import (
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
    readings_sentences,
    value_text,
)
from openfisca_isv.population.language import language, say, translated, words
from openfisca_isv.population.reforms.source import TOGETHER, ReformSource
from openfisca_isv.population.reforms.tax_benefit_systems import tax_benefit_system
from openfisca_isv.population.subject import COST, FACTS, LAW, NONE, TOTAL, group_name
from openfisca_isv.population.wording import counted, number, span_text
from openfisca_isv.typeset import typeset_html

_TEMPLATES = Path(__file__).parent / "templates"
_UNITS = {"currency-EUR": "€", "/1": "share", "": ""}
#: Groups that a table of the report lists; the CSV has them all.
_MOST_GROUPS = 10
#: Euros below which a change is not listed rule by rule.
_LEAST = 0.5


def html_report(comparison: Comparison, drawn: Mapping[str, bytes]) -> str:
    """Write a comparison, with its pictures, as one HTML file that needs no other."""
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
        "day": _day,
        "rule": _rule_label,
        "condition": _condition,
    }
    environment.tests["effective"] = has_effect
    environment.globals["say"] = say
    account, span = comparison.account, span_text(comparison.years)
    tables = {name: one.to_pylist() for name, one in comparison.tables().items()}
    readings = tables.get("readings", [])
    reforms = [_about(comparison, source, drawn) for source in comparison.reforms]
    page = environment.get_template("comparison.html").render(
        language=language(),
        comparison=comparison,
        account=account,
        span=span,
        scope=_scope(comparison),
        written=words().day(_today()),
        reforms=reforms,
        costs=_costs(comparison, reforms) if reforms else [],
        cost_alt=_cost_alt(reforms, span),
        package=tables.get("package"),
        parts={one.name: one.title for one in comparison.reforms}
        | {
            TOGETHER: say("All together"),
            INTERACTION: say("of which what they do to each other"),
        },
        readings=readings,
        readings_sentences=readings_sentences(readings) if readings else [],
        pictures={
            name: "data:image/png;base64," + base64.b64encode(png).decode()
            for name, png in drawn.items()
        },
        options=_options(account["command"]),
        set_aside=_set_aside(account),
        # Once it has run, the account has the warnings of the comparison too.
        warnings=dict.fromkeys([*account["warnings"], *comparison.warnings]),
        most_groups=_MOST_GROUPS,
        has_masked=any(row.get("masked") for rows in tables.values() for row in rows),
    )
    return page if language() == "en" else typeset_html(page, language())


def _day(text: str) -> str:
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
        return say("Tables: {missions} of {volunteers} with {organisations}.", **rows)
    people = comparison.gainers_and_losers["volunteers"][0].as_py()
    return say(
        "{counted} of these years counted{how}, of tables of {missions} of {volunteers}"
        " with {organisations} of all years.",
        counted=say("masked") if people is None else counted(people, "volunteer"),
        how=say(", weighted") if comparison.is_weighted else "",
        **rows,
    )


def _set_aside(account: Mapping[str, object]) -> str:
    count = sum(rows["rejected"] for rows in account["rows"].values())
    told = "{rows} was set aside" if count == 1 else "{rows} were set aside"
    return say(told, rows=counted(count, "row")) if count else ""


def _options(command: Mapping[str, object]) -> str:
    """Write what was asked as options of the command."""
    declared = command.get("format_of_cells") or {}
    bands = tuple(command.get("bands", BANDS))
    draws = command.get("bootstrap")
    options = [
        ("years", ":".join(map(str, command.get("years") or ()))),
        *(("by", ",".join(names)) for names in command.get("by", ())),
        ("outputs", ",".join(command.get("outputs") or ())),
        ("format_of_cells", ",".join(f"{a}={b}" for a, b in declared.items())),
        ("readings", bool(command.get("readings"))),
        ("together", command.get("together")),
        ("raise_allowances_to_minimum", command.get("raise_allowances_to_minimum")),
        ("bootstrap", draws),
        ("seed", draws and str(command.get("seed", 0))),
        ("bands", "" if bands == BANDS else ",".join(map("{:g}".format, bands))),
        ("weight", command.get("weight")),
        ("min_cell", command.get("min_cell")),
    ]
    said = []
    for name, value in options:
        if value:
            said.append(f"--{name.replace('_', '-')}")
            said += [] if value is True else [str(value)]
    return shlex.join(said)


def _about(
    comparison: Comparison, source: ReformSource, drawn: Mapping[str, bytes]
) -> dict:
    """Gather what the report says of one reform: its rows of the tables, and more."""
    own = comparison.rows_of(source.name)
    everyone, *rows = own["gainers_and_losers"]
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
    return own | {
        "source": source,
        "sentences": key_sentences(everyone, span_text(comparison.years)),
        "everyone": everyone,
        "groups": groups,
        "bands": filled(own["gain_distribution"]),
        "by_rule": _rules(own["cost_by_rule"]),
        "rules": comparison.rules[source.name],
        "pictures": [
            {"name": f"{source.name}_{one}"} | _caption(one, groups)
            for one in ("gainers_and_losers", "amounts", "lawfulness")
            if f"{source.name}_{one}" in drawn
        ],
    }


def _costs(comparison: Comparison, reforms: Sequence[dict]) -> list[dict]:
    """Return the rows of the table of costs: one row per year, and the sum."""
    rows = comparison.rows_of(LAW)["cost_by_year"]
    for row, *changed in zip(
        rows, *(one["cost_by_year"] for one in reforms), strict=True
    ):
        row["changes"] = [one["state_cost_change"] for one in changed]
    changes = [one["everyone"]["state_cost_change"] for one in reforms]
    total = {"year": say("All years"), "changes": changes}
    # Where a year is masked, the amount of all years is still the one told by rule.
    known = {row["rule"]: row["cost_law"] for row in reforms[0]["cost_by_rule"]}
    for name in (TOTAL, *COST):
        amounts = [row[name] for row in rows]
        total[name] = known.get(name) if None in amounts else sum(amounts)
    return [*rows, total]


def _rules(rows: Sequence[dict]) -> list[dict]:
    """Return the rules whose cost changes; the last row is the total."""
    *rules, total = rows
    shown = [row for row in rules if row["masked"] or abs(row["cost_change"]) >= _LEAST]
    return [*shown, total] if shown else []


def _rule_label(name: str) -> str:
    variable = tax_benefit_system().get_variable(name)
    return words().label(variable) if variable else say("Other rules, and rounding")


def _cost_alt(reforms: Sequence[dict], span: str) -> str:
    told = "Bars by year, {span}. The table below has the figures."
    parts = [say(told, span=span)]
    for one in reforms:
        changes = [
            f"{row['year']} {change(row['state_cost_change'])}"
            for row in one["cost_by_year"]
            if row["state_cost_change"]
        ]
        said = ", ".join(changes) or say("no change")
        parts.append(say("{title}: {said}.", title=one["source"].title, said=said))
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
    if name == NONE and language() == "en":
        return "lawful: every condition is met"
    return group_name(FACTS["unmet"], name).replace("_", " ")
