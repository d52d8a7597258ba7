"""`airside revision`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from .context import Settings, entries, pass_settings, shared_options, target_argument
from .output import Record, collected, line, progress

if TYPE_CHECKING:
    from ..migrations.authoring import Draft
    from ..schema.core.registry import Entry


@click.command("revision")
@target_argument
@click.option("--message", "-m", required=True, help="What the revision does; it names the files.")
@click.option("--empty", is_flag=True, help="Write files without statements, to be filled by hand.")
@click.option("--dry-run", is_flag=True, help="Print the SQL; write nothing.")
@shared_options
@pass_settings
def command(settings: Settings, target: str, message: str, empty: bool, dry_run: bool) -> None:
    """Draft a revision from the models, proven both ways.

    The drafted SQL turns what the migrations make into exactly what the models declare, and back: both ways are run
    on a scratch database before a file is written. Without a difference nothing is written.
    """
    with collected(settings) as records:
        for entry in entries(target):
            drafts = _drafts(settings, entry, message, empty)
            records.append(_write(entry, drafts, dry_run))
            if not settings.json:
                _print(entry, drafts, records[-1])


def _drafts(settings: Settings, entry: Entry, message: str, empty: bool) -> tuple[Draft, ...]:
    from ..migrations.authoring import draft, empty_draft

    if empty:
        return (empty_draft(entry, message),)
    server = settings.server()
    with progress(settings, f"{entry.target}: drafting and proving"):
        return draft(server, entry, entry.load(), message)


def _write(entry: Entry, drafts: tuple[Draft, ...], dry_run: bool) -> Record:
    from ..migrations.authoring import write

    written = () if dry_run or not drafts else write(entry, drafts)
    return {
        "target": entry.target,
        "revisions": [
            {
                "revision": item.revision,
                "follows": item.down_revision,
                "message": item.message,
                "transaction": item.transactional,
                "up": item.up,
                "down": item.down,
            }
            for item in drafts
        ],
        "files": [str(path) for path in written],
        "dry_run": dry_run,
    }


def _print(entry: Entry, drafts: tuple[Draft, ...], record: Record) -> None:
    if not drafts:
        line(f"{entry.target}  no difference between models and migrations; nothing to write")
    elif record["dry_run"]:
        for item in drafts:
            line(f"-- {entry.target} {item.revision} up\n{item.up}")
            line(f"-- {entry.target} {item.revision} down\n{item.down}")
    else:
        for path in record["files"]:
            line(path)
