"""The command that says what a situation leaves open, and what to ask next."""

import json
from typing import BinaryIO

import click

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.command_options import body_of, with_readings
from openfisca_isv.situations.chosen_readings import system_under
from openfisca_isv.situations.problems import Problem
from openfisca_isv.standing import questions


@click.command("questions")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="The form of the answer.",
)
@with_readings
def questions_command(file: BinaryIO, form: str, readings: tuple[str, ...]) -> None:
    """Say which answers a situation settles, and which facts are missing for others.

    FILE is a situation in JSON, as the Web API's /calculate takes it: what is asked
    is null. Give - to read it from the standard input.
    """
    with body_of(file) as body:
        system = system_under(CountryTaxBenefitSystem(), readings)
        found = questions(system, body)
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2).encode())
        return
    for answer in found["answers"]:
        click.echo(_as_text(answer))
    for warning in found["warnings"]:
        click.echo(f"Warning: {Problem(**warning)}", err=True)


def _as_text(answer: dict) -> str:
    asked = answer["question"]
    period = "" if asked["period"] == "ETERNITY" else f" for {asked['period']}"
    name = f"{asked['of']}: {asked['variable']}{period}"
    if answer["settled"]:
        return f"{name} is {_written(answer['value'])}, whatever is left out."
    lines = [f"{name} is not settled. Missing:"]
    for number, fact in enumerate(answer["missing"], 1):
        period = "" if fact["period"] == "ETERNITY" else f", {fact['period']}"
        why = f" ({', '.join(fact['why'])})" if fact["why"] else ""
        lines.append(f"  {number}. {fact['of']}: {fact['label']}{period}{why}")
    return "\n".join(lines)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
