"""`airside down`."""

from __future__ import annotations

import click

from .context import Settings, pass_settings, shared_options
from .output import document, line


@click.command("down")
@shared_options
@pass_settings
def command(settings: Settings) -> None:
    """Stop the embedded server. Its data stay."""
    from ..server import stop

    stopped = stop(settings.data_dir)
    if settings.json:
        document({"stopped": stopped})
    else:
        line("the embedded server is stopped" if stopped else "the embedded server was not running")
