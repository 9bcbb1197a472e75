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
@click.option(
    "--contact",
    default="",
    envvar="OPENFISCA_ISV_CONTACT",
    help="Address to which readers report errors: a page, or mailto: and an address.",
)
def site(out: Path, contact: str) -> None:
    """Write the pages of the law, its figures and its rules, as a static site.

    They open from disk; `openfisca-isv serve --site` serves them with the simulator.
    """
    if contact and not contact.startswith(("https://", "http://", "mailto:")):
        message = f"{contact} is not an address; write https://... or mailto:..."
        raise click.BadParameter(message, param_hint="--contact")
    try:
        from openfisca_isv import CountryTaxBenefitSystem  # noqa: PLC0415
        from openfisca_isv.web.site.build import build_site  # noqa: PLC0415
    except ImportError as error:
        message = f"{error}. Install the pages: pip install 'openfisca-isv[web]'"
        raise click.ClickException(message) from error
    try:
        written = build_site(CountryTaxBenefitSystem(), out, contact)
    except OSError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"{written} files in {out}: open {out / 'index.html'}")
