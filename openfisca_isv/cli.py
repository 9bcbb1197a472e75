"""The command ``openfisca-isv``."""

import sys

_EXTRA = {"click", "pyarrow", "rich"}
_BAD_USAGE = 2


def main() -> None:
    """Run the command; say which extra is missing where it cannot run.

    The model itself needs none of what the command needs, so that only the command
    imports it.
    """
    try:
        from openfisca_isv.population.commands import commands  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        sys.stderr.write(
            'openfisca-isv: this command needs the extra "population":'
            ' pip install "openfisca-isv[population]"\n'
        )
        sys.exit(_BAD_USAGE)
    commands(prog_name="openfisca-isv")
