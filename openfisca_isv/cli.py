"""The command ``openfisca-isv``."""

import sys

from openfisca_isv.command_statuses import BAD_USAGE, INTERRUPTED


def main() -> None:
    """Run the command; say which extra is missing where it cannot run.

    The model itself needs none of what the command needs, so that only the command
    imports it. Ctrl-C ends it in one line, also while it imports.
    """
    try:
        _run()
    except KeyboardInterrupt:
        sys.stderr.write("Error: stopped\n")
        sys.exit(INTERRUPTED)


def _run() -> None:
    """Import the commands, and run the one that is asked for."""
    try:
        from openfisca_isv.subcommands import commands  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "click":
            raise
        sys.stderr.write(
            'openfisca-isv: this command needs the extra "population":'
            ' pip install "openfisca-isv[population]"\n'
        )
        sys.exit(BAD_USAGE)
    commands(prog_name="openfisca-isv")
