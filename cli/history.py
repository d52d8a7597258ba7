"""`airside history`."""

from __future__ import annotations

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import collected, table

_COLUMNS = {"target": "database", "follows": "follows", "revision": "revision", "message": "message"}


@click.command("history")
@target_argument
@click.option("--verbose", "-v", is_flag=True, help="Also show the file of each revision.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, verbose: bool) -> None:
    """List the revisions, newest first. Reads the files only."""
    from ..migrations.runner import history

    with collected(settings) as records:
        for entry in entries(target):
            past = [
                {
                    "revision": script.revision,
                    "follows": script.down_revision,
                    "message": (script.doc or "").rstrip("."),
                    "file": script.path,
                }
                for script in reversed(history(entry))
            ]
            records.append({"target": entry.target, "revisions": past})
    if not settings.json:
        rows = [{"target": record["target"], **revision} for record in records for revision in record["revisions"]]
        table(_COLUMNS | ({"file": "file"} if verbose else {}), rows)
