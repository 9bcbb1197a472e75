"""The command that explains a situation on the terminal."""

import json
from typing import BinaryIO

import click

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.command_options import body_of, with_language, with_readings
from openfisca_isv.reasons import DETAILS, as_text, explain
from openfisca_isv.situations.chosen_readings import system_under


@click.command("explain")
@click.argument("file", type=click.File("rb"))
@with_language("the explanation")
@click.option(
    "--detail",
    type=click.Choice(DETAILS),
    default=DETAILS[0],
    show_default=True,
    help="The branch that decides, or every step.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
@with_readings
def explain_command(
    file: BinaryIO,
    language: str,
    detail: str,
    readings: tuple[str, ...],
    *,
    as_json: bool,
) -> None:
    """Explain the answers to a situation: why, by which articles, what would change.

    FILE is a situation in JSON, as the Web API's /calculate takes it: what is asked
    is null. Give - to read it from the standard input.
    """
    with body_of(file, language) as body:
        system = system_under(CountryTaxBenefitSystem(), readings)
        explanation = explain(system, body, language, detail)
    if as_json:
        click.echo(json.dumps(explanation, ensure_ascii=False, indent=2).encode())
    else:
        click.echo(as_text(explanation), nl=False)
