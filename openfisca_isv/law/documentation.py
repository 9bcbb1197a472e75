"""The pages of documentation that are generated, and their check.

Each page is the text that one function returns, from the register, the YAML tests
and the model; nothing on them is written by hand. ``python -m
openfisca_isv.law.documentation`` writes them, and ``--check`` names those that are
out of date.
"""

import argparse
import sys
import textwrap
from collections import Counter
from pathlib import Path

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.law import TEXTS, computed_provisions, provisions
from openfisca_isv.law import readings as register_of_readings
from openfisca_isv.law.evidence import YamlTest, inputs_read, yaml_tests

_PAGES = Path(__file__).parents[2] / "docs"
_WIDTH = 100

#: Why a provision is not computed, and what stands for it on the page.
REASONS = {
    "discretion": "left to an authority's judgement",
    "procedure": "a procedure",
    "unknown_text": "its text was not seen",
    "statement": "a statement, without a condition or an amount",
    "other_law": "other law decides",
    "restated": "an official page or a code that says what a text says",
    "no_text": "an official page says so, and no text that was seen",
}


def coverage() -> str:
    """Write the page that says of each provision what computes and tests it."""
    system = CountryTaxBenefitSystem()
    register = computed_provisions(system).values()
    tests = yaml_tests()
    computed = [one for one in register if "computed_by" in one]
    reasons = Counter(
        one["not_computed"]["reason"] for one in register if "not_computed" in one
    )
    lines = [
        "# What of the law is computed",
        "",
        f"Of {len(register)} provisions in {len(TEXTS)} texts, {len(computed)} are",
        "computed. The others are not:",
        "",
        *(f"- {reasons[one]}: {why}" for one, why in REASONS.items() if reasons[one]),
        "",
        "What a provision says is our summary; the text that its address opens is the",
        "law. `primary` was read in the text itself, `official-secondary` in an",
        "official page, `secondary` elsewhere; `inferred` was read nowhere. A test",
        "counts for a provision if it cites it, or cites its article and asks for a",
        "variable that computes it.",
    ]
    for text, about in TEXTS.items():
        lines += ["", f"## {about['short_title']}", "", about["title"]]
        for one in register:
            if one["text"] == text:
                lines += _block(one, tests)
    return _page(lines)


def readings() -> str:
    """Write the page of the readings chosen where the texts leave one open."""
    register = provisions()
    lines = [
        "# Readings",
        "",
        "Where the texts leave a question open, the model chooses a reading. Another",
        "reading that has a name in `code` can be computed under that name.",
    ]
    for one in register_of_readings():
        titles = [register[provision]["title"] for provision in one["provisions"]]
        lines += [
            "",
            f"## {one['title']}",
            "",
            f"*{one['title_fr']}* (`{one['id']}`)",
            "",
            f"- **Provisions**: {'; '.join(titles)}",
            f"- **What the text leaves open**: {one['text']}",
            f"- **Chosen**: {one['chosen']}",
            *(f"- **Other reading**: {_other(other)}" for other in one["alternatives"]),
            f"- **Reason**: {one['reason']}",
            f"- **Variables**: {_code(one['variables'])}",
        ]
        if one["parameters"]:
            lines.append(f"- **Parameters**: {_code(one['parameters'])}")
    return _page(lines)


def inputs() -> str:
    """Write the page that says of each output the inputs that it reads."""
    system = CountryTaxBenefitSystem()
    read = inputs_read(system)
    rows = [
        (
            f"`{name}`<br>{system.variables[name].label}",
            system.variables[name].entity.key,
            str(system.variables[name].definition_period),
            _code(sorted(read[name])),
        )
        for name in sorted(read)
    ]
    lines = [
        "# Inputs that each output reads",
        "",
        "Found by tracing contracts in every country, at several dates, all",
        "calculations together. What is left out reads as its default. No default",
        "meets a condition that the claimant must show, with one exception: the",
        "volunteer reads as not meeting the conditions of the minimum income (RSA).",
        "An exclusion (civil servant, other activity, other aid) counts only where it",
        "is stated. No answer is established while it depends on a fact left out.",
        "",
        *_table(("Output", "Of", "For each", "Inputs"), rows),
    ]
    return _page(lines)


PAGES = {"coverage.md": coverage, "readings.md": readings, "inputs.md": inputs}


def out_of_date(folder: Path = _PAGES) -> list[str]:
    """Name the pages of a folder that are missing or differ from what is generated."""
    return [
        name
        for name, write in PAGES.items()
        if not (folder / name).exists() or (folder / name).read_text("utf-8") != write()
    ]


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or check them, and return the exit status of the command."""
    parser = argparse.ArgumentParser(
        prog="python -m openfisca_isv.law.documentation",
        description="Write the generated pages of documentation.",
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; name what is out of date"
    )
    parser.add_argument("--folder", type=Path, default=_PAGES, help="where they are")
    options = parser.parse_args(arguments)
    if options.check:
        stale = out_of_date(options.folder)
        for name in stale:
            sys.stderr.write(
                f"{options.folder / name} is out of date: "
                "run python -m openfisca_isv.law.documentation\n"
            )
        return 1 if stale else 0
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, write in PAGES.items():
        (options.folder / name).write_text(write(), "utf-8")
    return 0


def _block(provision: dict, tests: list[YamlTest]) -> list[str]:
    lines = ["", f"### {provision['title']}", "", f"`{provision['id']}`", ""]
    lines += [
        f"- {_days(version)} ({_sources(version)}): {version['summary']}"
        for version in provision["versions"]
    ]
    if "replaced_by" in provision:
        lines.append(f"- **Replaced by**: {_code(provision['replaced_by'])}")
    if "not_computed" in provision:
        why = provision["not_computed"]
        reason = REASONS[why["reason"]]
        lines.append(f"- **Not computed** ({reason}): {why['explanation']}")
    for kind, names in provision.get("computed_by", {}).items():
        if names:
            lines.append(f"- **{kind.title()}**: {_code(names)}")
    files = dict.fromkeys(test.file for test in tests if test.cites(provision))
    if files:
        links = (f"[{one}](../tests/yaml/{one})" for one in files)
        lines.append(f"- **Tests**: {', '.join(links)}")
    return lines


def _other(alternative: dict) -> str:
    """Write another reading, with its name where it can be computed."""
    is_computed = "parameters" in alternative or "variables" in alternative
    name = f" (`{alternative['id']}`)" if is_computed else ""
    return f"{alternative['title']}{name}"


def _sources(version: dict) -> str:
    """Link the text of a version, and where it was read, if it was seen."""
    text = f"[text]({version['address']})"
    if "read_at" not in version:
        return f"not seen; {text}"
    as_of = f" as of {version['as_of']}" if "as_of" in version else ""
    return f"{text}; [read]({version['read_at']}){as_of}"


def _days(version: dict) -> str:
    """Return the days on which a version is in force, and how sure it is."""
    days = f"from {version['from']}"
    if "to" in version:
        days += f" to {version['to']}"
    return f"{days}, {version['certainty']}"


def _table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    return [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
        for row in (heading, ("---",) * len(heading), *rows)
    ]


def _code(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _page(lines: list[str]) -> str:
    """Join the lines of a page, with a note on how it comes to be."""
    note = "*Generated by `python -m openfisca_isv.law.documentation`.*"
    return "\n".join([*map(_wrapped, lines), "", note, ""])


def _wrapped(line: str) -> str:
    """Wrap a line of prose or of a list; tables and headings stay as they are."""
    if line.startswith(("#", "|")):
        return line
    indent = "  " if line.startswith("- ") else ""
    return textwrap.fill(
        line,
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


if __name__ == "__main__":
    sys.exit(main())
