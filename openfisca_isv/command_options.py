"""The options that commands of several packages have."""

import click

from openfisca_isv.situations.chosen_readings import check_readings
from openfisca_isv.situations.problems import RefusalError


def _checked(
    _context: click.Context, _option: click.Parameter, identifiers: tuple[str, ...]
) -> tuple[str, ...]:
    """Refuse a reading that cannot be computed, before anything is read."""
    try:
        return check_readings(identifiers)
    except RefusalError as refusal:
        raise click.BadParameter(" ".join(map(str, refusal.problems))) from None


with_readings = click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="ID",
    callback=_checked,
    help="Read the law as this alternative of the register does; repeated for several.",
)
