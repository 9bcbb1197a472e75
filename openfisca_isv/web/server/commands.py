"""The command ``serve``."""

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import click

from openfisca_isv.situations.limits import PREFIX, Limits


def _with_limits(command: Callable) -> Callable:
    """Add an option for each limit to a command; the environment may set it too."""
    for limit in reversed(fields(Limits)):
        option = click.option(
            f"--{limit.name.replace('_', '-')}",
            limit.name,
            type=limit.type,
            default=limit.default,
            envvar=PREFIX + limit.name.upper(),
            show_default=True,
            show_envvar=True,
            help=f"{limit.metadata['description']}.",
        )
        command = option(command)
    return command


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=5000,
    show_default=True,
    help="Port.",
)
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="Processes that answer.  [default: two per processor]",
)
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of static pages to serve with the API.",
)
@click.option(
    "--nginx-conf",
    "prints_nginx_conf",
    is_flag=True,
    help="Print the configuration of nginx for these options, and serve nothing.",
)
@_with_limits
def serve(
    host: str,
    port: int,
    workers: int | None,
    site: Path | None,
    prints_nginx_conf: bool,
    **limits: float,
) -> None:
    """Serve the Web API: OpenFisca's, which refuses what is wrong and says why.

    By itself it is for this machine alone: a client that sends or reads slowly holds
    up a process, and nothing limits how often one client asks. Before the public, put
    nginx in front of it (--nginx-conf). `openfisca serve` serves OpenFisca's Web API as
    it is.
    """
    try:
        from openfisca_isv.web.server import nginx, server  # noqa: PLC0415
    except ImportError as error:
        message = f"{error}. Install the server: pip install 'openfisca-isv[web]'"
        raise click.ClickException(message) from error
    try:
        bounds = Limits(**limits)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    place = f"[{host}]" if ":" in host else host
    address = f"{place}:{port}"
    if prints_nginx_conf:
        seconds = int(bounds.seconds) + server.PATIENCE_SECONDS
        click.echo(nginx.nginx_configuration(address, bounds, seconds), nl=False)
    else:
        server.Server(address, workers, bounds, site).run()
