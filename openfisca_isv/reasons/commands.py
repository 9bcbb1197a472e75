"""The command that explains a situation on the terminal."""

import json
from typing import NoReturn, TextIO

import click

from openfisca_isv import CountryTaxBenefitSystem
from openfisca_isv.reasons import LANGUAGES, SituationError, as_text, explain


@click.command("explain")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option(
    "--language",
    type=click.Choice(list(LANGUAGES)),
    default="en",
    show_default=True,
    help="The language of the explanation.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
def explain_command(file: TextIO, language: str, *, as_json: bool) -> None:
    """Explain the answers to a situation: why, by which articles, what would change.

    FILE is a situation in JSON, as the Web API's /calculate takes it: what is asked
    is null. Give - to read it from the standard input.
    """
    try:
        situation = json.load(file)
        explanation = explain(CountryTaxBenefitSystem(), situation, language)
    except SituationError as error:
        _refuse(file.name, str(error))
    except (ValueError, RecursionError) as error:
        _refuse(file.name, f"is not JSON: {error}")
    if as_json:
        click.echo(json.dumps(explanation, ensure_ascii=False, indent=2))
    else:
        click.echo(as_text(explanation), nl=False)


def _refuse(name: str, reason: str) -> NoReturn:
    """Say in one line what is wrong with a file, and leave with status 2."""
    click.echo(f"{name}: {reason}", err=True)
    raise click.exceptions.Exit(2)
