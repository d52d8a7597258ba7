"""`airside current`."""

from __future__ import annotations

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, table


@click.command("current")
@target_argument
@shared_options
@pass_settings
def command(settings: Settings, target: str) -> None:
    """Show the revision each database is at."""
    from ..migrations.runner import current

    chosen = entries(target)
    server = settings.server()
    with collected(settings) as records:
        for entry in chosen:
            position = current(server, entry)
            records.append(
                {
                    "target": entry.target,
                    "revision": position.revision,
                    "head": position.head,
                    "at_head": position.at_head,
                }
            )
    if not settings.json:
        table({"target": "database", "revision": "revision", "head": "head", "at_head": "at head"}, records)
