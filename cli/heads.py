"""`airside heads`."""

from __future__ import annotations

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, table


@click.command("heads")
@target_argument
@shared_options
@pass_settings
def command(settings: Settings, target: str) -> None:
    """Show the newest revision of each history.

    A history has one; two are shown when a merge brought them together, and `airside check` fails then.
    Reads the files only.
    """
    from ..migrations.runner import heads

    with collected(settings) as records:
        for entry in entries(target):
            records.append({"target": entry.target, "heads": list(heads(entry))})
    if not settings.json:
        rows = [
            {"target": record["target"], "revision": revision}
            for record in records
            for revision in record["heads"] or [None]
        ]
        table({"target": "database", "revision": "head"}, rows)
