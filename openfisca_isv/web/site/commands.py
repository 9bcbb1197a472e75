"""The command ``site``."""

from pathlib import Path

import click


@click.command("site")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder to write into: new, empty, or with an earlier site to replace.",
)
def site(out: Path) -> None:
    """Write the pages of the law, its figures and its rules, as a static site.

    They open from disk; `openfisca-isv serve --site` serves them with the simulator.
    """
    try:
        from openfisca_isv import CountryTaxBenefitSystem  # noqa: PLC0415
        from openfisca_isv.web.site.build import (  # noqa: PLC0415
            NotASiteError,
            build_site,
        )
    except ImportError as error:
        message = f"{error}. Install the pages: pip install 'openfisca-isv[web]'"
        raise click.ClickException(message) from error
    try:
        written = build_site(CountryTaxBenefitSystem(), out)
    except (NotASiteError, OSError) as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{written} files in {out}: open {out / 'index.html'}")
