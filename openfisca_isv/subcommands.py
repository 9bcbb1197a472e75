"""The subcommands of ``openfisca-isv``, each imported when it is called.

So that one works without what another needs, and starts without waiting for it.
"""

import logging
from importlib import import_module

import click

from openfisca_isv import json_log
from openfisca_isv.command_statuses import (
    BAD_USAGE,
    INTERRUPTED,
    NEEDS_EXTRA,
    STATUSES,
)

_POPULATION = "openfisca_isv.population.commands"
#: Where each subcommand is, and the extra of the package that it needs.
_SUBCOMMANDS = {
    "simulate": (f"{_POPULATION}.simulate", "simulate", "population"),
    "check": (f"{_POPULATION}.simulate", "check", "population"),
    "volunteer": (f"{_POPULATION}.volunteer", "volunteer", "population"),
    "demo": (f"{_POPULATION}.volunteer", "demo", "population"),
    "compare": (f"{_POPULATION}.compare", "compare", "population"),
    "template": (f"{_POPULATION}.generate", "template", "population"),
    "generate": (f"{_POPULATION}.generate", "generate", "population"),
    "explain": ("openfisca_isv.reasons.commands", "explain_command", "web"),
    "questions": ("openfisca_isv.standing.commands", "questions_command", "web"),
    "serve": ("openfisca_isv.web.server.commands", "serve", "web"),
    "site": ("openfisca_isv.web.site.commands", "site", "web"),
}


class _Subcommands(click.Group):
    """A group that imports a subcommand when it is called."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a subcommand; of Ctrl-C give the status of this command, not click's.

        What stops a command that logs in JSON is told in JSON.
        """
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            if not json_log.is_kept():
                raise
            json_log.log("error", logging.ERROR, message=error.format_message())
            raise click.exceptions.Exit(error.exit_code) from error
        except KeyboardInterrupt:
            click.echo("Error: stopped", err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None

    def list_commands(self, _context: click.Context) -> list[str]:
        """List the names, in the order in which help shows them."""
        return list(_SUBCOMMANDS)

    def get_command(
        self, _context: click.Context, cmd_name: str
    ) -> click.Command | None:
        """Import a subcommand, or say which extra it needs."""
        if cmd_name not in _SUBCOMMANDS:
            return None
        module, name, extra = _SUBCOMMANDS[cmd_name]
        try:
            return getattr(import_module(module), name)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] == "openfisca_isv":
                raise
            click.echo(NEEDS_EXTRA.format(extra=extra), err=True)
            raise click.exceptions.Exit(BAD_USAGE) from error


@click.group(
    cls=_Subcommands,
    epilog=STATUSES,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(package_name="openfisca-isv")
def commands() -> None:
    """The French law on international solidarity volunteering.

    On populations, tables are CSV (UTF-8, commas, a header) or Parquet: a file, or a
    folder of parts. Their columns are the inputs of the model; an empty cell says
    unknown, which reads as the default of the input.
    """
