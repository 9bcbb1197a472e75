"""The options that commands of several packages have."""

import click

with_readings = click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="ID",
    help="Read the law as this alternative of the register does; repeated for several.",
)
